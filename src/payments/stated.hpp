// SPDX-License-Identifier: Apache-2.0
// Inside payments: what of a payment the customer's words agree with, for duplicates.cpp and candidates.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "payments/duplicates.hpp"

namespace okpay::payments {

// Lower case ASCII words of a text, and its runs of other characters (Chinese) in windows of three characters.
class Words {
public:
    explicit Words(std::string_view text);
    [[nodiscard]] bool has(std::string_view word) const;
    [[nodiscard]] bool shares_name_with(std::string_view merchant_text) const;
    [[nodiscard]] bool any_of(std::span<const std::string_view> words) const;

private:
    std::string lower_;
    std::unordered_set<std::string> ascii_;
};

enum class Agreement : std::uint8_t { not_stated, agrees, contradicts };

// Whether a stated amount is `minor` in the payment's currency.
Agreement amount_agrees(const Hint& hint, const Payment& payment, std::int64_t minor);
// Exact times count a quarter of an hour around: people read a clock, not a ledger.
Agreement time_agrees(const Hint& hint, const Payment& payment);
// Whether one of the stated ids is this payment's, or its order reference.
bool id_stated(const Hint& hint, const Payment& payment);

}  // namespace okpay::payments
