// SPDX-License-Identifier: Apache-2.0
// The words of an account statement, in the customer's language.
#pragma once

#include <string>
#include <string_view>

#include "desk/language.hpp"
#include "payments/statement.hpp"

namespace okpay::desk {

struct StatementWords {
    std::string_view title, holder, wallet, period, made;
    std::string_view opening, money_in, money_out, fees, closing;
    std::string_view when, what, with, memo, reference, details, amount, fee, balance, currency, ledger;
    std::string_view no_movements, about_holds;
};
StatementWords statement_words(Language language);

std::string_view words_of(payments::Movement movement, Language language);

// How the paper is checked; `head` is "SEQ:HASH".
std::string about_checking(Language language, std::string_view head);
std::string about_mistakes(Language language, std::string_view support_address);

// "2026-11-05 17:48:03" in the customer's zone.
std::string statement_time(std::string_view zone, Moment at);
// "card ····4242" as payments are stored, in the customer's words, "Card ****4242"; empty for the wallet itself. What comes
// from outside stays as it is: whoever sets it makes it inert.
std::string statement_instrument(Language language, std::string_view instrument);
// "1,280.50", with a true minus sign: for paper, never for programs.
std::string statement_figure(money::Money amount);

}  // namespace okpay::desk
