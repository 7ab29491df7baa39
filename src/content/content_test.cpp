// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <random>

#include "base/text.hpp"
#include "content/html_text.hpp"
#include "content/mask.hpp"

namespace okpay::content {
namespace {

struct HtmlCase {
    std::string_view name, html, want;
    bool hidden = false;
};
const std::array html_cases{
    HtmlCase{"paragraphs", "<p>One</p><p>Two</p>", "One\n\nTwo\n\n"},
    HtmlCase{"lines of div and br", "<div>One<br>Two</div><div>Three</div>", "One\nTwo\nThree\n"},
    HtmlCase{"white space collapses", "a\n  b&nbsp;&nbsp;c <b> d</b>", "a b c d\n"},
    HtmlCase{"a number split by tags stays whole", "4242<span>4242</span><b>4242</b>4242", "4242424242424242\n"},
    HtmlCase{"entities", "&#65509;128 &lt;b&gt; &#x9000;款", "￥128 <b> 退款\n"},
    HtmlCase{"lists", "<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>", "- a\n- b\n1. c\n2. d\n"},
    HtmlCase{"table", "<table><tr><td>Amount</td><td>128.00</td></tr><tr><td>Date</td><td>5 Nov</td></tr></table>",
             "Amount\t128.00\nDate\t5 Nov\n"},
    HtmlCase{"quote", "<div>new</div><blockquote><div>old</div><blockquote>older</blockquote></blockquote>",
             "new\n> old\n> > older\n"},
    HtmlCase{"preformatted", "<pre>a\nb</pre>", "a\nb\n"},
    HtmlCase{"script and style", "<style>p{color:red}</style><script>alert('x')</script>hi<!-- c -->", "hi\n"},
    HtmlCase{"picture words", "<img alt='receipt' src=http://x>", "receipt\n"},
    HtmlCase{"display none", "a<div style='DISPLAY : none'>secret</div>", "a\n", true},
    HtmlCase{"display none in a comment of css", "a<i style='display:/**/none'>secret</i>", "a\n", true},
    HtmlCase{"visibility", "a<i style='visibility:hidden'>secret</i>", "a\n", true},
    HtmlCase{"font size", "a<i style='font-size:0px'>secret</i><i style='font-size:1px'>s</i>", "a\n", true},
    HtmlCase{"a legible size", "a<i style='font-size:10px'>b</i>", "ab\n"},
    HtmlCase{"opacity", "a<i style='opacity:0'>secret</i><i style='opacity:0.9'>b</i>", "ab\n", true},
    HtmlCase{"zero box", "a<div style='height:0;overflow:hidden'>secret</div>", "a\n", true},
    HtmlCase{"white on white", "a<span style='color:#fff'>secret</span>", "a\n", true},
    HtmlCase{"nearly white on white", "a<font color='#fefefe'>secret</font>", "a\n", true},
    HtmlCase{"white on a blue button", "<a style='background:#06c;color:white'>Pay</a>", "Pay\n"},
    HtmlCase{"dark on dark", "<div bgcolor='#000000' style='background-color:#000'><i style='color:#010101'>x</i></div>", "",
             true},
    HtmlCase{"inside a hidden one", "<div hidden><p>secret <b>x</b></p></div>ok", "ok\n", true},
    HtmlCase{"aria-hidden", "<span aria-hidden=true>secret</span>ok", "ok\n", true},
    HtmlCase{"by a class", "<style>.ph, p.x {display:none}</style><div class='a PH'>secret</div><p class=x>s</p>ok", "ok\n",
             true},
    HtmlCase{"a class behind an import", "<style>@import 'a.css';@charset 'x';.g{display:none}</style><i class=g>s</i>ok",
             "ok\n", true},
    HtmlCase{"a class in an old comment", "<style><!-- .g{display:none} --></style><i class=g>s</i>ok", "ok\n", true},
    HtmlCase{"a class between comments", "<style>/* { */ .a /* , */, .g /*}*/{display:none}</style><i class=g>s</i>ok",
             "ok\n", true},
    HtmlCase{"a class behind an import without an end", "<style>@import 'a.css' .g{display:none}</style><i class=g>ok</i>",
             "ok\n", false},
    HtmlCase{"a class of another screen", "<style>@media (max-width:1px){.m{display:none}}</style><i class=m>ok</i>",
             "ok\n"},
    HtmlCase{"an empty preheader is no find", "<div style='display:none'>&nbsp;&zwnj;&#847;</div>ok", "ok\n"},
    HtmlCase{"no html at all", "plain words", "plain words\n"},
    HtmlCase{"unclosed everything", "<div><p>a<b>b<table><tr><td>c", "ab\nc\n\n"},
};

TEST(HtmlText, reads_what_a_reader_sees) {
    for (const HtmlCase& c : html_cases) {
        SCOPED_TRACE(c.name);
        const HtmlText got = text_of_html(c.html);
        EXPECT_EQ(got.text, c.want);
        EXPECT_EQ(got.hidden_found, c.hidden);
        EXPECT_FALSE(got.simplified);
    }
}

std::string times(std::string_view piece, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += piece;
    return result;
}

TEST(HtmlText, stays_within_time_whatever_comes) {
    const std::array bombs{
        times("<div>", 200'000) + "end",
        times("<b class=x>", 100'000) + "end",
        times("<table><tr><td>", 50'000) + "end",
        times("<a href=x>", 240) + times("<p>", 50'000) + "end",
        times("<i>", 249) + times("<p>x</p>", 30'000) + "end",
        times("<", 2'000'000),
        times("<p", 500'000),
        times("&#x4e00;", 200'000) + "end",
        std::string(3'000'000, '\0'),
        times("<!--", 400'000),
        times("<style>.a{", 40'000),
        times("<li><ul>", 200) + "end",
        "<p style='" + times("color:red;", 100'000) + "'>end",
        "<p class='" + times("a ", 400'000) + "'>end",
    };
    for (std::size_t i = 0; i < bombs.size(); ++i) {
        SCOPED_TRACE(i);
        const auto begun = std::chrono::steady_clock::now();
        const HtmlText got = text_of_html(bombs[i]);
        EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{8});  // sanitizers cost five times
        EXPECT_LE(got.text.size(), 3U << 20U);
    }
    EXPECT_TRUE(text_of_html(times("<div>", 1'000)).simplified);
}

struct MaskCase {
    std::string_view name, text, want;
};
const std::array mask_cases{
    MaskCase{"plain card", "card 4242424242424242 ok", "card •••• 4242 ok"},
    MaskCase{"in groups", "4242 4242 4242 4242", "•••• 4242"},
    MaskCase{"hyphens", "4000-0566-5566-5556.", "•••• 5556."},
    MaskCase{"american express", "3782 822463 10005", "•••• 0005"},
    MaskCase{"unionpay of 19", "卡号6212345678900000003", "卡号•••• 0003"},
    MaskCase{"full width", "４２４２４２４２４２４２４２４２", "•••• 4242"},
    MaskCase{"zero width characters between",
             "4242\xE2\x80\x8B"
             "4242\xE2\x80\x8B"
             "4242\xE2\x80\x8B"
             "4242",
             "•••• 4242"},
    MaskCase{"expiry behind", "4242 4242 4242 4242 12/27", "•••• 4242 12/27"},
    MaskCase{"amount in front", "pay 128 4242 4242 4242 4242", "pay 128 •••• 4242"},
    MaskCase{"two", "4242424242424242,5555555555554444", "•••• 4242,•••• 4444"},
    MaskCase{"fails luhn", "4242424242424241", "4242424242424241"},
    MaskCase{"transaction id that passes luhn", "transaction id 4242424242424242", "transaction id 4242424242424242"},
    MaskCase{"交易号", "交易号：4242424242424242", "交易号：4242424242424242"},
    MaskCase{"订单号", "订单号 6212345678900000003", "订单号 6212345678900000003"},
    MaskCase{"written as a card behind 交易号", "交易号：4242 4242 4242 4242", "交易号：•••• 4242"},
    MaskCase{"card behind a reference", "order 12, card: 4242424242424242", "order 12, card: •••• 4242"},
    MaskCase{"phone", "+8613800138000 and 13800138000", "+8613800138000 and 13800138000"},
    MaskCase{"20 digits", "42424242424242424242", "42424242424242424242"},
    MaskCase{"iban", "DE89370400440532013000", "DE89370400440532013000"},
    MaskCase{"inside a word", "txn_4242424242424242", "txn_4242424242424242"},
    MaskCase{"uuid", "0190a1b2-4242-4242-4242-424242424242", "0190a1b2-4242-4242-4242-424242424242"},
    MaskCase{"cvv", "CVV: 123, cvc 4567", "CVV: ••••, cvc ••••"},
    MaskCase{"cvv in chinese", "安全码是123。", "安全码是••••。"},
    MaskCase{"no cvv", "what is a CVV? I paid 123", "what is a CVV? I paid 123"},
    MaskCase{"resident id", "身份证11010519491231002X，谢谢", "身份证••••，谢谢"},
    MaskCase{"resident id of digits", "440524188001010014 440524198001010013", "440524188001010014 ••••"},
    MaskCase{"password", "my password is hunter2!", "my password is ••••!"},
    MaskCase{"password in chinese", "登录密码：abc12345，麻烦", "登录密码：••••，麻烦"},
    MaskCase{"a sentence on passwords", "my password is wrong", "my password is wrong"},
    MaskCase{"another", "我忘记密码了，密码重置失败", "我忘记密码了，密码重置失败"},
    MaskCase{"one-time code", "验证码 482913", "验证码 ••••"},
    MaskCase{"code is", "the code is 482913.", "the code is ••••."},
    MaskCase{"error code stays", "error code E1042 and code 5001", "error code E1042 and code 5001"},
    MaskCase{"amounts and dates", "2026-11-05 17:48 ￥1,234.50", "2026-11-05 17:48 ￥1,234.50"},
};

TEST(Mask, hides_secrets_and_nothing_else) {
    for (const MaskCase& c : mask_cases) {
        SCOPED_TRACE(c.name);
        const MaskedText got = mask_secrets(c.text);
        EXPECT_EQ(got.text, c.want);
        EXPECT_EQ(got.found.empty(), c.text == c.want);
    }
    EXPECT_EQ(mask_secrets("cvv 123, 4242424242424242").found,
              (std::vector{SecretKind::card_number, SecretKind::security_code}));
}

unsigned test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

std::string with_luhn(std::string digits) {  // completes the last digit
    for (char check = '0'; check <= '9'; ++check) {
        int sum = 0;
        const std::string whole = digits + check;
        for (std::size_t i = 0; i < whole.size(); ++i) {
            const int value = (whole[whole.size() - 1 - i] - '0') * (i % 2 == 1 ? 2 : 1);
            sum += value > 9 ? value - 9 : value;
        }
        if (sum % 10 == 0) return whole;
    }
    return digits;
}

TEST(Mask, finds_every_card_and_spares_what_is_none) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    const auto digits = [&](std::size_t count) {
        std::string result;
        for (std::size_t i = 0; i < count; ++i) result += static_cast<char>('0' + random() % 10);
        return result;
    };
    for (int round = 0; round < 2'000; ++round) {
        const std::string card = with_luhn("4" + digits(14));
        const std::string text = "请退款到 " + card + " 谢谢";
        ASSERT_EQ(mask_secrets(text).text, "请退款到 •••• " + card.substr(12) + " 谢谢") << card;
        const std::string other = card.substr(0, 15) + static_cast<char>('0' + (card[15] - '0' + 1) % 10);
        ASSERT_EQ(mask_secrets(other).text, other);
        const std::string reference = "交易号 " + digits(16 + random() % 12);
        ASSERT_EQ(mask_secrets(reference).text, reference);
    }
}

TEST(Mask, keeps_utf8_whole_on_random_bytes) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    constexpr std::array<std::string_view, 12> pieces{"4242",    " ",        "４", "密码", "：", "cvv",
                                                      "code is", "\xC2\xA0", "X",  "-",    "码", "1"};
    for (int round = 0; round < 2'000; ++round) {
        std::string text;
        for (std::size_t i = random() % 30; i > 0; --i) text += pieces[random() % pieces.size()];
        ASSERT_TRUE(is_utf8(mask_secrets(text).text)) << text;
    }
}

}  // namespace
}  // namespace okpay::content
