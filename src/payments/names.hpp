// SPDX-License-Identifier: Apache-2.0
// The words outside for what payment.hpp stores as numbers: stable, used in JSON, audit and problem codes.
#pragma once

#include "payments/payment.hpp"

namespace okpay::payments {

std::string_view name_of(PaymentKind kind);    // "merchant_payment"
std::string_view name_of(PaymentState state);  // "succeeded"
std::string_view code_of(PaymentRefusal refusal);  // "insufficient_funds"; "none" for none
std::optional<PaymentKind> kind_of_number(std::int64_t number);  // as stored
std::optional<PaymentState> state_of_number(std::int64_t number);
std::optional<PaymentRefusal> refusal_of_number(std::int64_t number);

// One plain sentence: what happened and what to do. Customers and merchants read it.
std::string_view sentence_en(PaymentRefusal refusal);
std::string_view sentence_zh(PaymentRefusal refusal);

}  // namespace okpay::payments
