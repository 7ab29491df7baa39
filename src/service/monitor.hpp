// SPDX-License-Identifier: Apache-2.0
// The monitor on the ordered writer: it gathers the facts of a movement or a sign-in in its place among its neighbours, has
// `risk` judge them, and does what the verdict says in the same unit of work: a review locks what goes to new payees and
// outside, a denial all that leaves; the lock opens the request at the desk and writes the letter.
//
//   Kept     each decision that was not to allow, and each shadow that would have been one, with version and inputs.
//   Unknown  what the counters cannot tell counts against a payout (an unknown payee is a new one) and for a payment.
#pragma once

#include "payments/decide.hpp"
#include "risk/judge.hpp"
#include "service/books.hpp"
#include "service/command.hpp"

namespace okpay::service {

class Context;

struct Movement {
    risk::Operation operation;
    customers::CustomerNo customer;
    money::AccountNo wallet;
    std::optional<money::AccountNo> payee = std::nullopt;  // of a transfer
    std::string_view instrument = {};                      // of a withdrawal: masked, where it goes
    money::Money amount;
};
// What was decided, or `payer_locked` where the monitor stops it. Asks nothing where it is refused already.
payments::Decided judged(Books& books, const Context& context, const Command& command, payments::Decided decided,
                         const Movement& movement);

// A sign-in whose password was right. Why it is refused; nothing where it may go on. `device_hash`: hex, empty for none.
std::optional<Answer> judged_sign_in(Books& books, const Context& context, const Command& command,
                                     customers::CustomerNo customer, std::string_view device_hash);
// A try counts before the password is looked at; one whose password was right is taken out again. What is left has failed.
void note_sign_in_try(Books& books, const Command& command, customers::CustomerNo customer);
void note_right_password(Books& books, const Command& command, customers::CustomerNo customer);
// Of password, factor, contact or instrument: what leaves soon after it is looked at more closely.
void note_security_change(Books& books, const Command& command, customers::CustomerNo customer, std::string_view what);

}  // namespace okpay::service
