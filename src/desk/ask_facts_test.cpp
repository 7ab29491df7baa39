// SPDX-License-Identifier: Apache-2.0
#include "desk/ask_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace okpay::desk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::array languages{Language::en, Language::zh_hans, Language::zh_hant};
const std::vector<std::string> all{"transaction_id",      "amount",
                                   "transaction_time",    "error_code_or_message",
                                   "problem_description", "account_identifier",
                                   "new_value",           "card_last4"};
const Moment opened = moment_of_ms(1'793'872'080'000);  // 2026-11-05 09:48 UTC

std::size_t points(const MailText& mail) {
    std::size_t count = 0;
    for (std::size_t at = mail.body.find("  · "); at != std::string::npos; at = mail.body.find("  · ", at + 1)) ++count;
    return count;
}

FactsQuestion question(Language language, std::span<const std::string> facts, std::string_view link = "") {
    return {.number = RequestNumber::of(TicketNo{7}, Secret{Bytes(32, 'k')}),
            .language = language,
            .name = "林梅",
            .zone = "Asia/Shanghai",
            .first_reply_due = opened + std::chrono::hours{24},
            .facts = facts,
            .link = link};
}

TEST(AskForFacts, asks_for_what_is_missing_and_nothing_else) {
    for (const Language language : languages) {
        EXPECT_EQ(points(ask_for_facts(question(language, all))), all.size());
        EXPECT_EQ(points(ask_for_facts(question(language, std::array{all[0], std::string{"no such fact"}}))), 1U);
        const MailText mail = ask_for_facts(question(language, all, "https://pay.example/case#x"));
        EXPECT_THAT(mail.body, HasSubstr("\nhttps://pay.example/case#x\n"));
        EXPECT_THAT(mail.body, HasSubstr("2026-11-06 17:48")) << "when somebody answers all the same, in their own time";
        EXPECT_THAT(mail.body, HasSubstr("林梅"));
        EXPECT_THAT(mail.subject, HasSubstr("[OK-"));
    }
}

TEST(AskForFacts, tells_a_stranger_nothing_of_accounts) {
    for (const Language language : languages) {
        FactsQuestion unknown = question(language, all);
        unknown.name = unknown.zone = "";
        const MailText mail = ask_for_facts(unknown);
        EXPECT_THAT(mail.body, Not(HasSubstr("林梅")));
        EXPECT_THAT(mail.body, Not(HasSubstr("http")));
        EXPECT_THAT(mail.body, language == Language::en ? HasSubstr("09:48 UTC") : HasSubstr("17:48"));
    }
}

TEST(AskForFacts, only_of_requests_that_lack_something_and_go_to_nobody_else) {
    Ticket ticket{};
    ticket.route = "ask_for_info";
    EXPECT_THAT(facts_to_ask(ticket, std::array{std::string{"amount"}, std::string{"shoe size"}}), ElementsAre("amount"));
    EXPECT_THAT(facts_to_ask(ticket, {}), IsEmpty());
    for (const char* route : {"agent", "risk_team", "technical_team", "no_action", "auto_answer"}) {
        ticket.route = route;
        EXPECT_THAT(facts_to_ask(ticket, all), IsEmpty()) << route;
    }
}

TEST(AskForFacts, a_payment_is_known_by_its_number_or_by_amount_and_time) {
    const std::vector<std::string> payment{"transaction_id", "amount", "transaction_time"};
    const auto left = [](std::vector<std::string> asked, std::vector<std::string> given) {
        return still_missing(asked, given);
    };
    EXPECT_THAT(left(payment, {}), ElementsAre("transaction_id", "amount", "transaction_time"));
    EXPECT_THAT(left(payment, {"transaction_id"}), IsEmpty());
    EXPECT_THAT(left(payment, {"amount", "transaction_time"}), IsEmpty());
    EXPECT_THAT(left(payment, {"amount"}), ElementsAre("transaction_id", "transaction_time"));
    EXPECT_THAT(left({"amount", "error_code_or_message"}, {"transaction_id"}), ElementsAre("error_code_or_message"));
    // The amount stood in the mail; with the time all is there.
    EXPECT_THAT(left({"transaction_time"}, {"transaction_time"}), IsEmpty());
    EXPECT_THAT(left({"new_value", "card_last4"}, {"card_last4", "amount"}), ElementsAre("new_value"));
}

}  // namespace
}  // namespace okpay::desk
