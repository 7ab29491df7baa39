// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/moment.hpp"
#include "base/text.hpp"

namespace okpay {
namespace {

struct MomentCase {
    std::string_view name, text, want;  // want is empty when the text must be refused
};
constexpr std::array moment_cases{
    MomentCase{"utc", "2026-11-05T09:48:00Z", "2026-11-05T09:48:00Z"},
    MomentCase{"offset", "2026-11-05T17:48:00+08:00", "2026-11-05T09:48:00Z"},
    MomentCase{"over new year", "2026-12-31T20:00:00-05:00", "2027-01-01T01:00:00Z"},
    MomentCase{"microseconds are cut", "2026-11-05T09:48:00.123456Z", "2026-11-05T09:48:00.123Z"},
    MomentCase{"tenths", "2026-11-05T09:48:00.5Z", "2026-11-05T09:48:00.500Z"},
    MomentCase{"leap day", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z"},
    MomentCase{"no leap day", "2026-02-29T00:00:00Z", ""},
    MomentCase{"hour 24", "2026-02-28T24:00:00Z", ""},
    MomentCase{"no zone", "2026-02-28T23:00:00", ""},
    MomentCase{"trailing words", "2026-02-28T23:00:00Z x", ""},
    MomentCase{"empty fraction", "2026-02-28T23:00:00.Z", ""},
};

TEST(Moment, reads_rfc3339) {
    for (const MomentCase& c : moment_cases) {
        SCOPED_TRACE(c.name);
        const auto got = moment_of_rfc3339(c.text);
        EXPECT_EQ(got ? rfc3339(*got) : "", c.want);
    }
}

TEST(Moment, writes_the_date_of_a_mail) {
    EXPECT_EQ(rfc5322_date(*moment_of_rfc3339("2026-11-05T09:48:00Z")), "Thu, 05 Nov 2026 09:48:00 +0000");
}

TEST(Bytes, every_encoding_gives_back_what_it_took) {
    for (std::size_t length = 0; length < 40; ++length) {
        const Bytes bytes = random_octets(length);
        EXPECT_EQ(bytes_of_hex(hex_of(bytes)), bytes);
        EXPECT_EQ(bytes_of_base32(base32_of(bytes)), bytes);
        EXPECT_EQ(bytes_of_base64(base64_of(bytes)), bytes);
        EXPECT_EQ(bytes_of_base64url(base64url_of(bytes)), bytes);
    }
    EXPECT_EQ(base32_of("foobar"), "MZXW6YTBOI");  // RFC 4648 section 10
    EXPECT_EQ(bytes_of_base32("mzxw 6ytb-oi"), "foobar");
    EXPECT_EQ(bytes_of_base32("MZXW1"), std::nullopt);
    EXPECT_EQ(base64_of("fooba"), "Zm9vYmE=");
}

TEST(Bytes, base64url_has_one_spelling) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n";
    for (std::size_t length = 1; length < 8; ++length) {
        const Bytes bytes = random_octets(length);
        const std::string text = base64url_of(bytes);
        for (const char letter : letters) {
            std::string other = text;
            other.back() = letter;
            if (other != text) EXPECT_NE(bytes_of_base64url(other), bytes) << other;
            EXPECT_NE(bytes_of_base64url(text + letter), bytes) << text << letter;
            EXPECT_NE(bytes_of_base64url(letter + text), bytes) << letter << text;
        }
    }
    EXPECT_EQ(bytes_of_base64url("Zm9vYg"), "foob");
    EXPECT_EQ(bytes_of_base64url("Zm9vYh"), std::nullopt);  // RFC 4648 section 3.5
}

TEST(Hash, agrees_with_the_standards_vectors) {
    EXPECT_EQ(hex_of(view_of(sha256("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256({"a", "b", "c"}), sha256("abc"));
    EXPECT_EQ(hex_of(view_of(hmac_sha256("Jefe", "what do ya want for nothing?"))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");  // RFC 4231 case 2
}

TEST(Id, is_time_ordered_and_reads_its_own_text) {
    const auto early = CustomerId::of(moment_of_ms(1'000), random_octets(10));
    const auto late = CustomerId::of(moment_of_ms(2'000), random_octets(10));
    EXPECT_LT(early, late);
    EXPECT_EQ(CustomerId::parse(late.text()), late);
    EXPECT_EQ(late.text()[14], '7');
    EXPECT_EQ(CustomerId::parse("nonsense"), std::nullopt);
    EXPECT_EQ(CustomerId::of_bytes(late.view()), late);
}

struct Utf8Case {
    std::string_view name, bytes, want;
};
constexpr std::array utf8_cases{
    Utf8Case{"plain", "abc", "abc"},
    Utf8Case{"chinese", "退款", "退款"},
    Utf8Case{"cut in the middle", "退\xE6\xAC", "退\xEF\xBF\xBD\xEF\xBF\xBD"},
    Utf8Case{"overlong", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    Utf8Case{"surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    Utf8Case{"beyond the last", "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
};

TEST(Text, knows_utf8) {
    for (const Utf8Case& c : utf8_cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(to_utf8_lossy(c.bytes), c.want);
        EXPECT_EQ(is_utf8(c.bytes), c.bytes == c.want);
    }
    EXPECT_EQ(utf8_prefix("退款", 4), "退");
    EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
    EXPECT_EQ(split("a,,b", ',').size(), 3U);
}

}  // namespace
}  // namespace okpay
