// SPDX-License-Identifier: Apache-2.0
#include "desk/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "desk/rail_letters.hpp"

namespace okpay::desk {
namespace {

using customers::Assurance;
using ::testing::HasSubstr;
using ::testing::Not;

const Secret key{"0123456789abcdef0123456789abcdef"};
const RequestNumber number = RequestNumber::of(TicketNo{7}, key);
constexpr std::array languages{Language::en, Language::zh_hans, Language::zh_hant};
constexpr std::array categories{"duplicate_charge", "payment_failed",      "refund",        "topup_withdrawal",
                                "account_locked",   "suspicious_activity", "general_howto", ""};
const Moment opened = *moment_of_rfc3339("2026-11-05T09:48:00Z");

BoundFigure figure(std::int64_t minor, std::int64_t seq) {
    return {.amount = *money::Money::of_minor(minor, money::Currency::cny), .payment_seq = seq};
}

Addressee lin(Language language, Assurance assurance = Assurance::a1_aligned_mail) {
    return {.number = number, .language = language, .name = "林梅", .zone = "Asia/Shanghai", .assurance = assurance};
}

RefundDone refund_done() {
    const PaymentFacts kept{.amount = figure(12'800, 6),
                            .merchant = "Blue Bottle Coffee",
                            .at = opened,
                            .reference = "pay_aaaaaaaaaaaaaaaaaaaa234567"};
    const PaymentFacts returned{.amount = figure(12'800, 7),
                                .merchant = "Blue Bottle Coffee",
                                .at = opened + std::chrono::minutes{1},
                                .reference = "pay_bbbbbbbbbbbbbbbbbbbb765432"};
    return {.returned = returned,
            .kept = kept,
            .refund = figure(12'800, 9),
            .refunded_at = opened + std::chrono::hours{5},
            .refund_reference = "pay_cccc",
            .instrument = "wallet",
            .balance = figure(50'000, 9)};
}

// What holds for everything that leaves: well-formed, no stray mark of a template, every amount bound.
void expect_sound(const MailText& mail, std::span<const BoundFigure> figures) {
    EXPECT_TRUE(mail.subject.starts_with(number.in_brackets() + " ")) << mail.subject;
    EXPECT_TRUE(is_utf8(mail.subject) && is_utf8(mail.body));
    EXPECT_EQ(mail.subject.find('\n'), std::string::npos);
    EXPECT_TRUE(mail.body.ends_with('\n'));
    EXPECT_EQ(mail.body.find_first_of("{}\r"), std::string::npos) << mail.body;
    EXPECT_EQ(mail.body.find("\n\n\n"), std::string::npos) << mail.body;
    for (const FoundAmount& found : unbound_amounts(mail.subject + "\n" + mail.body, figures, {})) {
        ADD_FAILURE() << found.text << " in\n" << mail.body;
    }
}

TEST(AcknowledgeStranger, tells_nothing_but_number_and_time) {
    for (const Language language : languages) {
        const MailText mail = acknowledge_stranger({.number = number, .language = language, .first_reply_due = opened});
        expect_sound(mail, {});
        EXPECT_THAT(mail.body, HasSubstr(number.text()));
        EXPECT_THAT(mail.body, HasSubstr(language == Language::en ? "2026-11-05 09:48 UTC" : "2026-11-05 17:48"));
        EXPECT_THAT(mail.body, Not(HasSubstr("account")));
        EXPECT_THAT(mail.body, Not(HasSubstr("账户")));
        EXPECT_THAT(mail.body, Not(HasSubstr("帳戶")));
    }
}

TEST(AcknowledgeCustomer, says_what_happens_and_when) {
    for (const Language language : languages) {
        for (const std::string_view category : categories) {
            SCOPED_TRACE(category);
            CustomerAcknowledgement facts{.number = number,
                                          .language = language,
                                          .name = "林梅",
                                          .zone = "Asia/Shanghai",
                                          .first_reply_due = opened,
                                          .investigation_due = std::nullopt,
                                          .category = category};
            const MailText plain = acknowledge_customer(facts);
            expect_sound(plain, {});
            EXPECT_THAT(plain.body, HasSubstr("林梅"));
            EXPECT_THAT(plain.body, HasSubstr("2026-11-05 17:48"));
            EXPECT_THAT(plain.body, HasSubstr("Asia/Shanghai"));
            facts.investigation_due = opened + std::chrono::hours{24};
            EXPECT_THAT(acknowledge_customer(facts).body, HasSubstr("2026-11-06 17:48"));
        }
    }
}

TEST(AnswerRefundDone, names_both_payments_and_where_the_money_is) {
    for (const Language language : languages) {
        const RefundDone facts = refund_done();
        const auto mail = answer_refund_done(lin(language), facts);
        ASSERT_TRUE(mail);
        expect_sound(*mail, std::array{facts.refund});  // 500.00, the balance, is not told at A1
        EXPECT_THAT(mail->body, HasSubstr(shown_amount(facts.refund.amount, language)));
        EXPECT_THAT(mail->body, HasSubstr("Blue Bottle Coffee"));
        EXPECT_THAT(mail->body, HasSubstr("2026-11-05 17:48"));
        EXPECT_THAT(mail->body, HasSubstr("2026-11-05 17:49:00"));
        EXPECT_THAT(mail->body, HasSubstr("2026-11-05 22:48"));
        EXPECT_THAT(mail->body, HasSubstr("…765432"));
        EXPECT_THAT(mail->body, Not(HasSubstr("bbbb")));
    }
}

TEST(AnswerRefundDone, tells_more_to_whom_we_know_better) {
    const RefundDone facts = refund_done();
    EXPECT_EQ(answer_refund_done(lin(Language::en, Assurance::a0_unproven), facts), fail(AnswerError::assurance_too_low));
    const auto mail = answer_refund_done(lin(Language::en, Assurance::a2_one_time_link), facts);
    ASSERT_TRUE(mail);
    expect_sound(*mail, std::array{facts.refund, *facts.balance});
    EXPECT_THAT(mail->body, HasSubstr("CNY 500.00"));
    EXPECT_THAT(mail->body, HasSubstr("pay_bbbbbbbbbbbbbbbbbbbb765432"));
}

TEST(AnswerRefundDone, does_not_leave_without_a_ledger_row) {
    RefundDone facts = refund_done();
    facts.refund.payment_seq = 0;
    EXPECT_EQ(answer_refund_done(lin(Language::en), facts), fail(AnswerError::figure_not_bound));
}

TEST(AnswerRefundDone, takes_names_as_they_are) {
    RefundDone facts = refund_done();
    facts.kept.reset();
    facts.returned.merchant = "A{1}\r\nBcc: x@evil.example\t}{";
    facts.instrument = "card ····4242";
    Addressee to = lin(Language::zh_hans);
    to.name = "\n";
    const auto mail = answer_refund_done(to, facts);
    ASSERT_TRUE(mail);
    EXPECT_THAT(mail->body, HasSubstr("A{1} Bcc: x@evil.example }{"));
    EXPECT_THAT(mail->body, HasSubstr("尾号 4242 的银行卡"));
    EXPECT_TRUE(mail->body.starts_with("您好：\n"));
}

TEST(AnswerNoRefund, gives_the_ground_and_the_way_on) {
    for (const Language language : languages) {
        for (int n = 0; n <= static_cast<int>(NoRefundReason::other); ++n) {
            const RefundDone done = refund_done();
            const NoRefund facts{.reason = static_cast<NoRefundReason>(n),
                                 .first = done.kept,
                                 .second = done.returned,
                                 .refund = std::nullopt,
                                 .agent_words = "See {you}."};
            const auto mail = answer_no_refund(lin(language), facts);
            ASSERT_TRUE(mail);
            EXPECT_THAT(mail->body, HasSubstr("See {you}."));
            EXPECT_THAT(mail->body, HasSubstr("17:49"));
            const auto bare = answer_no_refund(lin(language), {.reason = facts.reason});
            ASSERT_TRUE(bare);
            expect_sound(*bare, {});
        }
    }
    EXPECT_FALSE(answer_no_refund(lin(Language::en, Assurance::a0_unproven), {.reason = NoRefundReason::fee}));
}

TEST(RailLetters, say_what_is_open_and_when_the_next_word_comes) {
    constexpr std::array outcomes{RailOutcome::done, RailOutcome::refused, RailOutcome::never_arrived,
                                  RailOutcome::came_back};
    for (const Language language : languages) {
        const RailLetterTo to{.number = number, .language = language, .name = "林梅", .zone = "Asia/Shanghai"};
        for (const RailThing thing :
             {RailThing::top_up, RailThing::withdrawal, RailThing::card_payment, RailThing::card_refund}) {
            const RailLetterFacts facts{.thing = thing,
                                        .amount = figure(5'000, 7),
                                        .instrument = thing == RailThing::withdrawal ? "bank ····6819" : "card",
                                        .asked_for = opened};
            const std::array figures{facts.amount};
            const MailText unknown = letter_outcome_unknown(to, facts, opened + std::chrono::hours{26});
            expect_sound(unknown, figures);
            EXPECT_THAT(unknown.body, HasSubstr("2026-11-05 17:48"));
            EXPECT_THAT(unknown.body, HasSubstr("2026-11-06 19:48")) << "the promise, in the customer's time";
            const MailText begun = letter_refund_on_its_way(to, facts);
            expect_sound(begun, figures);
            EXPECT_THAT(begun.body, Not(HasSubstr(letter_outcome(to, facts, RailOutcome::done).subject)));
            for (const RailOutcome outcome : outcomes) {
                const MailText known = letter_outcome(to, facts, outcome);
                expect_sound(known, figures);
                EXPECT_NE(known.body, unknown.body);
            }
        }
    }
}

}  // namespace
}  // namespace okpay::desk
