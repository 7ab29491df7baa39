// SPDX-License-Identifier: Apache-2.0
#include "desk/short_texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "desk/phone_letters.hpp"

namespace okpay::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array all_news{ShortNews::code,           ShortNews::new_device,      ShortNews::password_changed,
                              ShortNews::phrase_changed, ShortNews::factors_changed, ShortNews::wrong_codes,
                              ShortNews::address_asked,  ShortNews::address_held,    ShortNews::address_changed,
                              ShortNews::phone_added,    ShortNews::phone_held,      ShortNews::phone_removal_held,
                              ShortNews::phone_changed,  ShortNews::phone_removed,   ShortNews::phone_kept,
                              ShortNews::locked,         ShortNews::phone_asked};
constexpr std::array all_letters{PhoneNews::asked,   PhoneNews::added,   PhoneNews::change_held, PhoneNews::removal_held,
                                 PhoneNews::changed, PhoneNews::removed, PhoneNews::stopped};
constexpr std::array languages{Language::en, Language::zh_hans, Language::zh_hant};

std::size_t characters_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}
std::string with_code(std::string text) {
    const auto at = text.find(code_place);
    if (at != std::string::npos) text.replace(at, code_place.size(), "123456");
    return text;
}

TEST(ShortTexts, each_is_one_short_message_in_every_language_even_with_the_longest_name) {
    const std::string house(house_characters_max, 'H');
    std::set<std::string_view> names;
    for (const ShortNews news : all_news) {
        EXPECT_TRUE(names.insert(name_of(news)).second);
        std::set<std::string> texts;
        for (const Language language : languages) {
            const std::string text = with_code(short_text(news, language, house));
            SCOPED_TRACE(text);
            texts.insert(text);
            EXPECT_LE(characters_of(text), language == Language::en ? 160U : 70U);
            if (language == Language::en) {
                EXPECT_TRUE(std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7F && c != '`'; }))
                    << "not in GSM 03.38";
            }
            EXPECT_THAT(text, Not(HasSubstr("http")));
            EXPECT_THAT(text, Not(HasSubstr("{")));
        }
        EXPECT_EQ(texts.size(), languages.size());
    }
}

TEST(ShortTexts, a_code_stands_in_that_of_a_code_alone_and_a_name_that_is_none_is_left_out) {
    for (const ShortNews news : all_news) {
        for (const Language language : languages) {
            EXPECT_EQ(short_text(news, language, "OKPay").contains(code_place), news == ShortNews::code);
        }
    }
    EXPECT_THAT(short_text(ShortNews::locked, Language::en, "OKPay"), ::testing::StartsWith("OKPay: "));
    EXPECT_THAT(short_text(ShortNews::locked, Language::zh_hans, "OKPay"), ::testing::StartsWith("【OKPay】"));
    for (const std::string_view house : {"", "A house of a name that is long", "two\nlines", "x {code}"}) {
        EXPECT_EQ(short_text(ShortNews::locked, Language::en, house), short_text(ShortNews::locked, Language::en, ""));
    }
}

TEST(PhoneLetters, each_says_what_happened_and_only_what_can_be_stopped_has_the_link) {
    std::set<std::string_view> kinds;
    for (const PhoneNews news : all_letters) {
        EXPECT_TRUE(kinds.insert(kind_of(news)).second);
        const bool open = news == PhoneNews::asked || news == PhoneNews::change_held || news == PhoneNews::removal_held;
        std::set<std::string> subjects;
        for (const Language language : languages) {
            const MailText letter =
                letter_of_phone({.language = language, .name = "Li {x}", .zone = "Asia/Shanghai", .house = "OKPay"},
                                {.news = news,
                                 .number = "+86***00",
                                 .stop_link = "https://pay.example/account/keep-phone#abc",
                                 .request = "",
                                 .due = moment_of_ms(1'794'000'000'000)});
            SCOPED_TRACE(letter.body);
            subjects.insert(letter.subject);
            EXPECT_EQ(letter.body.contains("keep-phone#abc\n"), open);
            EXPECT_EQ(letter.body.contains("2026-11-07"), open);
            EXPECT_EQ(letter.body.contains("+86***00"), news != PhoneNews::stopped);
            EXPECT_THAT(letter.body, HasSubstr("Li {x}"));
        }
        EXPECT_EQ(subjects.size(), languages.size());
    }
    const MailText stopped = letter_of_phone({.language = Language::en, .name = "Li", .zone = "UTC", .house = "OKPay"},
                                             {.news = PhoneNews::stopped, .request = "OK-7F3K9Q2"});
    EXPECT_THAT(stopped.body, HasSubstr("OK-7F3K9Q2"));
    EXPECT_THAT(stopped.body, HasSubstr("signed out"));
}

}  // namespace
}  // namespace okpay::desk
