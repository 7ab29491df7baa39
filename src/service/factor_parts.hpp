// SPDX-License-Identifier: Apache-2.0
// Inside service: what handlers of sign-in and of second factors share.
#pragma once

#include "customers/passkey_challenge.hpp"
#include "desk/factor_letters.hpp"
#include "service/handlers.hpp"
#include "store/factor_store.hpp"

namespace okpay::service {

// Whether the customer has one: an app that was confirmed, or a passkey. Recovery codes stand in for one, and are none.
bool has_second_factor(store::Connection& connection, customers::CustomerNo customer);

// What was shown, held against what is enrolled: used up in this unit of work (the app's step, the recovery code, the
// challenge), or a refusal. Wrong codes are counted, each kind for itself, and block after some.
std::optional<Answer> check_shown_factor(Books& books, const Context& context, const Command& command,
                                         const customers::Customer& customer, const ShownFactor& shown,
                                         customers::ChallengePurpose purpose);

// The same for a passkey alone. Who it is is left in `whose`; `customer` is empty where nobody has been named before.
std::optional<Answer> check_passkey(Books& books, const Context& context, const Command& command,
                                    const std::optional<customers::Customer>& customer, const PasskeyAnswer& said,
                                    customers::ChallengePurpose purpose, std::optional<customers::Customer>& whose);

// A challenge of ours that was given for this, not ended and never answered; now it is.
std::optional<Answer> answer_challenge(Books& books, const Context& context, const Command& command, ByteView client_data,
                                       const customers::Challenge& asked, Bytes& challenge);

// The session of a sign-in that has been proven. `assurance` is what was shown.
Answer begin_customer_session(Books& books, const Context& context, const Command& command,
                              const customers::Customer& customer, const SignInCustomer& body,
                              customers::Assurance assurance);

// What signs the customer in has changed, a password too: money for new places waits from now on, and the monitor knows.
void sign_in_changed(Books& books, const Command& command, customers::CustomerNo customer, std::string_view what);

// A second factor has changed: noted, and the registered address is told.
void factors_changed(Books& books, const Context& context, const Command& command, const customers::Customer& customer,
                     desk::FactorNews news, std::string_view subject = {});

}  // namespace okpay::service
