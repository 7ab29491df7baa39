// SPDX-License-Identifier: Apache-2.0
// A mail as it looks: who is given its address, and what the other origin answers to whom.
#include "api/content_origin.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/schema_check_test.hpp"
#include "api/site.hpp"
#include "base/clock.hpp"
#include "service_fixture.hpp"
#include "store/people_store.hpp"

namespace okpay::api {
namespace {

using okpay::testing::ServiceFixture;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view origin = "http://mail.pay.example";
const Moment noon = moment_of_ms(1'800'000'000'000);

const ContentLink some_link{.message = MessageId::of(noon, "0123456789"), .staff = customers::StaffNo{7}, .until = noon};
Secret link_key() { return Secret{std::string(32, 'k')}; }

TEST(ContentToken, is_read_until_its_end_by_who_made_it) {
    const std::string token = content_token(link_key(), some_link);
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    EXPECT_EQ(read_content_token(link_key(), token, noon - Millis{1}), some_link);
    EXPECT_FALSE(read_content_token(link_key(), token, noon)) << "over";
    EXPECT_FALSE(read_content_token(Secret{std::string(32, 'o')}, token, noon - Millis{1})) << "of another house";
    EXPECT_FALSE(read_content_token(link_key(), "", noon - Millis{1}));
    EXPECT_FALSE(read_content_token(link_key(), token + "A", noon - Millis{1}));
    EXPECT_FALSE(read_content_token(link_key(), token.substr(0, token.size() - 2), noon - Millis{1}));
}

TEST(ContentToken, is_refused_with_any_octet_changed) {
    const Bytes octets = bytes_of_base64url(content_token(link_key(), some_link)).value();
    for (std::size_t at = 0; at < octets.size(); ++at) {
        Bytes changed = octets;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(read_content_token(link_key(), base64url_of(changed), noon - std::chrono::hours{1})) << at;
    }
}

class MessageHtml : public ::testing::Test {
protected:
    MessageHtml() {
        const auto connection = f_.connect(store::Access::writer);
        store::insert_session(*connection, view_of(sha256(Bytes(session_token_octets, 'a'))), customers::StaffNo{ana_.no},
                              okpay::now(), okpay::now() + std::chrono::hours{1});
    }
    struct Received {
        std::string ticket, message;
        [[nodiscard]] std::string path() const {
            return fmt::format("/api/v1/tickets/{}/messages/{}/html", ticket, message);
        }
    };
    Received receive(const std::string& raw) {
        service::FileMail filing = f_.filing(f_.accept(raw));
        const std::string message = filing.message_id;
        return {f_.done(std::move(filing)).text, message};
    }
    Received receive_html(std::string_view html) {
        return receive(
            fmt::format("From: li@example.org\r\nSubject: Look\r\nMessage-ID: <{}@example.org>\r\n"
                        "Content-Type: text/html; charset=utf-8\r\n\r\n{}\r\n",
                        ++mails_, html));
    }
    template <class Handler>
    Response answer(Handler& handler, Method method, const std::string& target, bool signed_in) {
        Request request{.method = method, .message = {}, .path = "", .query = "", .params = {}, .peer = "test"};
        request.message.set("Host", "localhost:8080");
        if (signed_in) request.message.set("Cookie", "okpay_staff=" + base64url_of(Bytes(session_token_octets, 'a')));
        EXPECT_TRUE(set_target(request, target)) << target;
        std::optional<Response> response;
        asio::co_spawn(io_, handler.handle(std::move(request)), [&](std::exception_ptr failure, Response answered) {
            EXPECT_FALSE(failure) << target;
            response = std::move(answered);
        });
        io_.restart();
        io_.run();
        return response.value_or(Response{});
    }
    Response get(const std::string& path) { return answer(api_, Method::get, path, true); }
    Response look(const std::string& target) { return answer(content_, Method::get, target, false); }
    std::string target_of(const Received& received) {
        const Response found = get(received.path());
        EXPECT_EQ(found.status, 200U) << found.body;
        const std::string url{json::parse(found.body).at("url").as_string().c_str()};
        EXPECT_THAT(url, StartsWith(std::string{origin} + "/mail/"));
        return url.substr(origin.size());
    }
    static std::string code_of(const Response& response) {
        return std::string{json::parse(response.body).at("code").as_string().c_str()};
    }

    ServiceFixture f_{store::Engine::sqlite};
    okpay::testing::StaffMember ana_ = f_.staff("ana@pay.example");
    int mails_ = 0;
    std::optional<sandbox::SandboxError> fails_;
    asio::io_context io_;
    service::Queries queries_{f_.database(), 2};
    ContentOrigin content_{queries_,
                           std::make_shared<service::MailViews>(f_.context().keyring(), f_.blobs(),
                                                                [this](
                                                                    ByteView raw) -> Result<Bytes, sandbox::SandboxError> {
                                                                    if (fails_) return fail(*fails_);
                                                                    return service::view_mail_in_sandbox(raw);
                                                                }),
                           link_key(), std::string{origin}};
    Metrics metrics_;
    EventHub events_{io_.get_executor(), okpay::now()};
    Api api_{f_.writer(), queries_, events_, metrics_,
             ApiOptions{.cookie_secure = false, .web_root = {}, .read_threads = 2, .content = &content_}};
    test::SchemaCheck schemas_;
};

TEST_F(MessageHtml, is_told_with_what_was_held_back_and_shown_to_who_has_the_address) {
    const Received mail = receive_html(
        "<p>Hello</p><script>alert(1)</script><img src=\"http://canary.example/p.png\"><a "
        "href=\"https://evil.example/\">okpay.example</a><p>Card 4111 1111 1111 1111</p><p hidden>unseen</p>");
    const Response found = get(mail.path());
    ASSERT_EQ(found.status, 200U) << found.body;
    const json::value body = json::parse(found.body);
    EXPECT_EQ(schemas_.fault(body, "MessageHtml"), "");
    EXPECT_EQ(body.at("remote"), json::parse(R"(["http://canary.example/p.png"])"));
    EXPECT_EQ(body.at("links"),
              json::parse(R"([{"address":"https://evil.example/","text":"okpay.example","deceives":true}])"));
    EXPECT_EQ(body.at("masked"), json::parse(R"(["card_number"])"));
    EXPECT_EQ(body.at("hidden_found"), true);
    EXPECT_EQ(body.at("simplified"), false);
    EXPECT_EQ(body.at("pictures_left_out"), 0);
    const auto until = moment_of_rfc3339(body.at("expires_at").as_string().c_str()).value();
    EXPECT_LE(until - okpay::now(), content_link_lasts);

    const Response page = look(target_of(mail));
    ASSERT_EQ(page.status, 200U) << page.body;
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_THAT(page.body, StartsWith("<!doctype html><meta charset=utf-8><base target=_blank>"));
    EXPECT_THAT(page.body, HasSubstr("Hello"));
    for (const char* never : {"<script", "canary", "4111 1111", "unseen"}) EXPECT_THAT(page.body, Not(HasSubstr(never)));
    for (const auto& [name, value] : page.headers) EXPECT_NE(name, "Set-Cookie");
}

TEST_F(MessageHtml, has_nothing_for_another_address) {
    const Received mail = receive_html("<p>Hello</p>");
    const std::string target = target_of(mail);
    std::string other_end = target;
    other_end.back() = other_end.back() == 'A' ? 'B' : 'A';
    const auto at = [&](Moment until) {
        return content_.url_of({MessageId::parse(mail.message).value(), customers::StaffNo{ana_.no}, until})
            .substr(origin.size());
    };
    EXPECT_EQ(look(at(okpay::now() + Millis{60'000})).status, 200U);
    for (const std::string& wrong :
         {other_end, target + "/", target + "A", at(okpay::now() - Millis{1}), std::string{"/"}, std::string{"/mail/"},
          std::string{"/mail"}, std::string{"/console"}, std::string{"/api/v1/tickets"}, mail.path(),
          content_.url_of({f_.fresh<MessageId>(), customers::StaffNo{ana_.no}, okpay::now() + Millis{60'000}})
              .substr(origin.size())}) {
        const Response none = look(wrong);
        EXPECT_EQ(none.status, 404U) << wrong;
        EXPECT_EQ(none.content_type, "text/plain; charset=utf-8") << wrong;
    }
    EXPECT_EQ(answer(content_, Method::post, target, false).status, 404U);
    EXPECT_EQ(answer(api_, Method::get, target, true).status, 404U) << "the website shows no mail";
    EXPECT_EQ(code_of(answer(api_, Method::get, mail.path(), false)), "not_signed_in");
}

TEST_F(MessageHtml, says_why_there_is_none) {
    const Received mail = receive_html("<p>Hello</p>");
    const Received other = receive_html("<p>Other</p>");
    ASSERT_NE(mail.ticket, other.ticket);
    EXPECT_EQ(code_of(get(Received{other.ticket, mail.message}.path())), "not_found") << "of another request";
    EXPECT_EQ(code_of(get(Received{mail.ticket, "x"}.path())), "not_found");
    EXPECT_EQ(code_of(get(Received{mail.ticket, f_.fresh<MessageId>().text()}.path())), "not_found");
    const Received plain = receive(ServiceFixture::raw_of({.from = "li@example.org", .subject = "Plain", .text = "text"}));
    const Response none = get(plain.path());
    EXPECT_EQ(code_of(none), "no_html");
    EXPECT_EQ(none.status, 404U);
    fails_ = sandbox::SandboxError::timed_out;
    EXPECT_EQ(get(mail.path()).status, 422U);
    fails_ = sandbox::SandboxError::cannot_start;
    EXPECT_EQ(get(mail.path()).status, 503U);
    fails_ = std::nullopt;
    EXPECT_EQ(get(mail.path()).status, 200U);
    const std::string note = f_.fresh<MessageId>().text();
    f_.done(service::AddNote{.ticket = mail.ticket, .message_id = note, .text = "Looks odd."}, ana_.actor());
    EXPECT_EQ(code_of(get(Received{mail.ticket, note}.path())), "not_a_mail");
}

TEST(SecurityHeaders, let_the_website_frame_the_other_origin_alone) {
    EXPECT_THAT(website_security_headers(), Not(HasSubstr("frame-src")));
    EXPECT_THAT(website_security_headers(origin),
                HasSubstr("frame-ancestors 'none'; frame-src http://mail.pay.example\r\n"));
    const std::string there = content_security_headers("https://pay.example");
    for (const char* part :
         {"default-src 'none'; ", "img-src data:; ", "style-src 'unsafe-inline'; ",
          "sandbox allow-popups allow-popups-to-escape-sandbox; ", "frame-ancestors https://pay.example; ",
          "form-action 'none'; ", "base-uri 'self'\r\n", "X-Content-Type-Options: nosniff\r\n",
          "Referrer-Policy: no-referrer\r\n", "Cross-Origin-Resource-Policy: same-origin\r\n"}) {
        EXPECT_THAT(there, HasSubstr(part));
    }
    EXPECT_THAT(there, Not(HasSubstr("allow-scripts")));
    EXPECT_THAT(there, Not(HasSubstr("allow-same-origin")));
}

}  // namespace
}  // namespace okpay::api
