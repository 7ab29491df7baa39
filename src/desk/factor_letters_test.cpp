// SPDX-License-Identifier: Apache-2.0
#include "desk/factor_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "customers/assurance.hpp"
#include "desk/remedy.hpp"

namespace okpay::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array all_news{FactorNews::app_added,       FactorNews::app_removed,         FactorNews::passkey_added,
                              FactorNews::passkey_removed, FactorNews::recovery_codes_made, FactorNews::recovery_code_used,
                              FactorNews::codes_blocked,   FactorNews::passkey_copied};
constexpr Moment at = moment_of_ms(1'794'000'000'000);

MailText letter(FactorNews news, Language language, std::string_view passkey = "") {
    return letter_of_factors({.language = language, .name = "Li", .zone = "Asia/Shanghai"},
                             {.news = news, .passkey = passkey, .codes_left = 9, .at = at, .waits_hours = 24});
}

TEST(FactorLetters, each_says_what_when_and_what_to_do_and_brings_no_link) {
    std::set<std::string> kinds;
    for (const FactorNews news : all_news) {
        kinds.emplace(kind_of(news));
        std::set<std::string> subjects;
        for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
            SCOPED_TRACE(kind_of(news));
            const MailText text = letter(news, language);
            subjects.insert(text.subject);
            EXPECT_THAT(text.body, HasSubstr("2026-11-07"));
            EXPECT_THAT(text.body, HasSubstr("Li"));
            EXPECT_THAT(text.body, Not(HasSubstr("http")));
            EXPECT_THAT(text.body, Not(HasSubstr("{")));
            const bool waits = news != FactorNews::codes_blocked && news != FactorNews::passkey_copied;
            EXPECT_EQ(text.body.find("24") != std::string::npos, waits);
        }
        EXPECT_EQ(subjects.size(), 3U);
    }
    EXPECT_EQ(kinds.size(), all_news.size());
}

TEST(FactorLetters, a_name_that_could_be_tapped_is_left_out) {
    EXPECT_THAT(letter(FactorNews::passkey_added, Language::en, "My {phone}").body, HasSubstr("“My {phone}”"));
    EXPECT_THAT(letter(FactorNews::passkey_added, Language::en, "www.evil.example").body, Not(HasSubstr("evil")));
    EXPECT_THAT(letter(FactorNews::passkey_removed, Language::zh_hant, "x\nBcc: y").body, Not(HasSubstr("\nBcc")));
}

TEST(Remedy, asks_the_one_table_of_assurance) {
    using customers::Act;
    using customers::needed_for;
    EXPECT_EQ(assurance_needed(RemedyKind::refund), needed_for(Act::refund_to_source));
    EXPECT_EQ(assurance_needed(RemedyKind::reverse_payment), needed_for(Act::refund_to_source));
    EXPECT_EQ(assurance_needed(RemedyKind::resend_receipt), needed_for(Act::read_own_request));
    EXPECT_EQ(assurance_needed(RemedyKind::send_statement), needed_for(Act::read_unmasked));
    EXPECT_EQ(assurance_needed(RemedyKind::unlock_account), needed_for(Act::unlock_account));
    EXPECT_EQ(assurance_needed(RemedyKind::change_contact), needed_for(Act::change_contact));
    EXPECT_EQ(assurance_needed(RemedyKind::change_instrument), needed_for(Act::change_instrument));
}

}  // namespace
}  // namespace okpay::desk
