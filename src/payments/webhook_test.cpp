// SPDX-License-Identifier: Apache-2.0
#include "payments/webhook.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "payments/names.hpp"

namespace okpay::payments {
namespace {

using ::testing::Contains;

struct UrlCase {
    std::string_view name, text, host;  // host is empty when it must be refused
    std::uint16_t port = 443;
    std::string_view target = "/", authority = "";
};
constexpr std::array url_cases{
    UrlCase{"plain", "https://Shop.Example/Hooks?a=b", "shop.example", 443, "/Hooks?a=b", "shop.example"},
    UrlCase{"port", "https://shop.example:8443", "shop.example", 8443, "/", "shop.example:8443"},
    UrlCase{"own port", "https://shop.example:443/", "shop.example", 443, "/", "shop.example"},
    UrlCase{"query without a path", "https://shop.example?x", "shop.example", 443, "/?x", "shop.example"},
    UrlCase{"plain http is read", "http://127.0.0.1:8080/h", "127.0.0.1", 8080, "/h", "127.0.0.1:8080"},
    UrlCase{"version 6", "https://[2001:DB8::1]:8443/h", "2001:db8::1", 8443, "/h", "[2001:db8::1]:8443"},
    UrlCase{"another scheme", "ftp://shop.example/", ""},
    UrlCase{"no scheme", "shop.example/", ""},
    UrlCase{"user name", "https://shop.example@evil.example/", ""},
    UrlCase{"fragment", "https://shop.example/#x", ""},
    UrlCase{"line end", "https://shop.example/\r\nX: y", ""},
    UrlCase{"space", "https://shop.example/a b", ""},
    UrlCase{"backslash", "https://shop.example\\@evil.example/", ""},
    UrlCase{"no host", "https:///x", ""},
    UrlCase{"port is no number", "https://shop.example:x/", ""},
    UrlCase{"port is empty", "https://shop.example:/", ""},
    UrlCase{"port 0", "https://shop.example:0/", ""},
    UrlCase{"port too large", "https://shop.example:65536/", ""},
    UrlCase{"open bracket", "https://[::1/", ""},
    UrlCase{"percent in the host", "https://sh%6fp.example/", ""},
    UrlCase{"other script", "https://\xe5\xba\x97.example/", ""},
};

TEST(HookUrl, reads_what_can_be_sent_to_and_nothing_else) {
    for (const UrlCase& c : url_cases) {
        SCOPED_TRACE(c.name);
        const auto url = HookUrl::parse(c.text);
        ASSERT_EQ(url ? url->host : "", c.host);
        if (!url) continue;
        EXPECT_EQ(url->port, c.port);
        EXPECT_EQ(url->target, c.target);
        EXPECT_EQ(url->authority(), c.authority);
    }
    EXPECT_TRUE(HookUrl::parse("https://a.example/" + std::string(hook_url_octets_max - 18, 'x')));
    EXPECT_FALSE(HookUrl::parse("https://a.example/" + std::string(hook_url_octets_max - 17, 'x')));
    EXPECT_FALSE(HookUrl::parse("https://shop.example/")->is_loopback());
    EXPECT_TRUE(HookUrl::parse("http://[::1]:80/")->is_loopback());
}

// The vector of the specification's own libraries.
TEST(HookSignature, is_that_of_standard_webhooks) {
    const Bytes secret = bytes_of_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
    EXPECT_EQ(hook_signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", moment_of_ms(1'614'265'330'000),
                             R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    EXPECT_EQ(hook_secret_text(secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
}

TEST(HookPause, spreads_sixteen_tries_over_a_day) {
    Millis together{0}, at_most{0};
    std::int64_t tries = 1;
    for (; const auto pause = hook_pause(tries, 0); ++tries) {
        together += *pause;
        Millis longest{0};
        for (std::uint64_t random : {std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{6'000}}) {
            const Millis one = hook_pause(tries, random).value();
            EXPECT_GE(one, *pause);
            EXPECT_LE(one, *pause + *pause / 10);
            longest = std::max(longest, one);
        }
        at_most += longest;
    }
    EXPECT_EQ(tries, 17) << "the seventeenth failure is the last";
    EXPECT_EQ(together, std::chrono::minutes{1 + 10 + 50 + 300 + 1'080});
    EXPECT_LE(at_most, together + together / 10);
    EXPECT_FALSE(hook_pause(0, 0));
}

TEST(HookEvents, have_a_word_for_all_that_becomes_of_a_payment) {
    for (const PaymentState state : {PaymentState::succeeded, PaymentState::failed, PaymentState::requires_capture,
                                     PaymentState::canceled, PaymentState::processing, PaymentState::unknown}) {
        EXPECT_THAT(hook_event_types(HookOwner::merchant), Contains(hook_event_type(PaymentKind::merchant_payment, state)));
    }
    for (const PaymentState state : {PaymentState::succeeded, PaymentState::failed, PaymentState::processing,
                                     PaymentState::unknown, PaymentState::returned}) {
        EXPECT_THAT(hook_event_types(HookOwner::merchant), Contains(hook_event_type(PaymentKind::refund, state)));
    }
    for (const DisputeStatus status :
         {DisputeStatus::needs_response, DisputeStatus::under_review, DisputeStatus::won, DisputeStatus::lost,
          DisputeStatus::accepted, DisputeStatus::expired, DisputeStatus::withdrawn}) {
        EXPECT_THAT(hook_event_types(HookOwner::merchant), Contains(hook_event_type(status)));
    }
    EXPECT_EQ(hook_event_type(PaymentKind::person_to_person, PaymentState::succeeded), "") << "nobody's business";
    EXPECT_EQ(hook_event_type_of_ticket("state_changed"), "ticket.state_changed");
    EXPECT_EQ(hook_event_type_of_ticket("bulk_read_alarm"), "");
    for (const std::string_view type : hook_event_types(HookOwner::house)) EXPECT_TRUE(type.starts_with("ticket."));
}

}  // namespace
}  // namespace okpay::payments
