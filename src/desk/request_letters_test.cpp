// SPDX-License-Identifier: Apache-2.0
#include "desk/request_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okpay::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array languages{Language::en, Language::zh_hans, Language::zh_hant};

LetterTo to(Language language) { return {.language = language, .name = "Zoe", .zone = "Asia/Shanghai", .house = "OKPay"}; }

BoundFigure figure() {
    return {.amount = *money::Money::of_minor(12'850, money::Currency::cny),
            .payment_seq = 0,
            .transfer_seq = 0,
            .asked_no = 7};
}

Moment moment() { return moment_of_ms(1'793'872'080'000); }

TEST(RequestLetters, what_looks_like_a_link_is_told_from_words) {
    for (const char* text : {"see https://pay.evil", "go to okpay-login.com now", "www.x", "me@evil.example", "evil。com",
                             "OKPAY.Support", "登录okpay.网站"}) {
        EXPECT_TRUE(looks_like_link(text)) << text;
    }
    for (const char* text : {"", "Lunch on Friday. Thanks", "12.50 for tea", "晚餐。谢谢", "v1.2", "Dr. Li", "e.g. tea"}) {
        EXPECT_FALSE(looks_like_link(text)) << text;
    }
}

TEST(RequestLetters, the_words_of_another_person_are_shown_as_theirs_and_never_as_a_link) {
    for (const Language language : languages) {
        const MailText plain = letter_money_asked(to(language), {"Li {Wei}", figure(), "Lunch {1} on\nFriday"}, moment());
        EXPECT_THAT(plain.body, HasSubstr("Li {Wei}"));
        EXPECT_THAT(plain.body, HasSubstr("Lunch {1} on Friday")) << "one line, no place of a figure";
        EXPECT_THAT(plain.body, HasSubstr("128.50"));
        EXPECT_THAT(plain.subject, HasSubstr("Li {Wei}"));
        const MailText trap =
            letter_money_asked(to(language), {"https://evil.example", figure(), "pay at evil.example"}, moment());
        EXPECT_THAT(trap.body, Not(HasSubstr("evil")));
        EXPECT_THAT(trap.subject, Not(HasSubstr("evil")));
    }
}

TEST(RequestLetters, every_letter_names_the_amount_and_the_other_person_in_each_language) {
    for (const Language language : languages) {
        const MoneyRequestFacts request{"Li Wei", figure(), ""};
        const ScheduleFacts schedule{.payee = "Li Wei", .amount = figure(), .due = moment(), .next = moment()};
        for (const MailText& letter :
             {letter_money_asked(to(language), request, moment()), letter_request_paid(to(language), request),
              letter_request_declined(to(language), request), letter_transfer_tried_again(to(language), schedule),
              letter_transfer_skipped(to(language), schedule, ScheduleTrouble::locked),
              letter_transfers_missed(to(language), schedule, 1), letter_transfers_missed(to(language), schedule, 4),
              letter_schedule_stopped(to(language), schedule, ScheduleTrouble::closed)}) {
            EXPECT_THAT(letter.body, HasSubstr("128.50"));
            EXPECT_THAT(letter.body, HasSubstr("Li Wei"));
            EXPECT_THAT(letter.body, HasSubstr("Zoe"));
            EXPECT_FALSE(letter.subject.empty());
            EXPECT_THAT(letter.subject, Not(HasSubstr("{")));
        }
    }
}

}  // namespace
}  // namespace okpay::desk
