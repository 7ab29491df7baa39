// SPDX-License-Identifier: Apache-2.0
// Inside service: putting short messages into their queue, in the unit of work of what causes them. They leave later
// (telephony/short_message_sender.hpp), once.
#pragma once

#include "desk/short_texts.hpp"
#include "service/handlers.hpp"
#include "store/phone_store.hpp"

namespace okpay::service {

inline constexpr std::chrono::hours short_alert_lasts{24};  // older news go by mail alone
inline constexpr std::int64_t short_message_tries_max = 8;
Millis short_message_pause(std::int64_t tries);  // 30 s, doubled up to 15 min
inline constexpr std::size_t short_outcome_octets_max = 300;
// A sender answers within a minute: what was handed out before that was left by a report, or an answer, that was lost.
inline constexpr std::chrono::minutes short_message_unreported_max{5};
// Rows that one take looks at, in rounds, to find live ones behind those that are too late or of no use.
inline constexpr std::int64_t take_round_rows = 100;
inline constexpr int take_rounds_max = 10;

struct ShortWish {
    desk::ShortNews news;
    std::string number;
    std::int64_t change = 0, code = 0;  // whose code is written into it when it leaves
    Moment expires;
};
// Whatever the caps say: for steps of a change of the number, which have limits of their own.
void queue_short_message(Books& books, const Context& context, const Command& command, const customers::Customer& customer,
                         const ShortWish& wish);

// To the confirmed number, where there is one. Above `customers::short_alerts_to_a_customer_a_day_max`, or the house's
// `short_messages_per_hour_max`, none is written: the mail says it anyway.
void text_customer(Books& books, const Context& context, const Command& command, const customers::Customer& customer,
                   desk::ShortNews news);

bool house_has_texted_enough(Books& books, const Context& context, Moment at);

// A short message as it leaves, read after it was taken. Never in a log: it may carry a code.
struct ShortOrder {
    std::int64_t message;
    std::string key;  // the way out does a thing once by it
    std::string number, text;
};
// Nothing where it is of no use any more: a newer code took the place of its code, or the person was erased.
std::optional<ShortOrder> short_order_of(store::Connection& connection, const Context& context,
                                         const store::ShortMessage& message);

// The digits of a change's code, of which no row knows; and what is kept to hold a typed one against.
std::string phone_code_digits_of(const Context& context, const customers::ChangeId& change, std::int64_t code);
Hash256 phone_code_hash(const Context& context, const customers::ChangeId& change, std::string_view digits);

}  // namespace okpay::service
