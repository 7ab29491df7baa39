// SPDX-License-Identifier: Apache-2.0
// Amounts in what leaves the house (rule: a reply cannot leave with an amount that is neither bound to a ledger row nor
// quoted from the customer). Templates know no amounts: they hold places, filled from bound figures alone. Free text of
// an agent is read for amounts, and each must be bound or quoted.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "desk/language.hpp"
#include "money/money.hpp"

namespace okpay::desk {

// An amount and the row that proves it: made where the row was read, nowhere else.
struct BoundFigure {
    money::Money amount;
    std::int64_t payment_seq = 0;   // or 0
    std::int64_t transfer_seq = 0;  // the ledger row, for a balance after it; or 0
    std::int64_t asked_no = 0;  // row of a request for money or of a schedule: what was asked for, not what moved; or 0
    [[nodiscard]] bool is_bound() const { return payment_seq > 0 || transfer_seq > 0 || asked_no > 0; }
};

enum class DraftError : std::uint8_t { figure_missing, figure_not_bound, stray_brace };

// A text with places "{1}", "{2}" for figures; "{{" and "}}" stand for braces.
class Draft {
public:
    explicit Draft(std::string text) : text_{std::move(text)} {}
    [[nodiscard]] Result<std::string, DraftError> render(std::span<const BoundFigure> figures, Language language) const;

private:
    std::string text_;
};

// An amount found in a text. The currency is known where the text names one that means only one ("￥" may be CNY or JPY,
// "$" any dollar, "元" any of several).
struct FoundAmount {
    std::string text;  // as it stands there
    std::string decimal;  // "1280.5", canonical: no grouping, no zeros that say nothing
    std::vector<money::Currency> currencies;  // those it may mean; empty for any
    bool foreign = false;  // a currency that we keep no books in: never bound
    std::size_t offset = 0;  // octets
};

// English and Chinese notations: ￥128, 128元, 128.50 CNY, RMB 128, US$12.50, 1.2万元, 一百二十八块, 壹佰元, "twelve
// dollars", full-width digits; also numbers without a unit behind words such as "refunded", "退款", "金额", "balance".
// Not amounts: times, dates, percentages, durations, counts, request numbers, ids, phone and card digits.
std::vector<FoundAmount> amounts_in(std::string_view text);

// Those of the text that are neither a bound figure nor quoted. `quoted` are amounts_in() of the customer's own words.
std::vector<FoundAmount> unbound_amounts(std::string_view text, std::span<const BoundFigure> figures,
                                         std::span<const FoundAmount> quoted);

}  // namespace okpay::desk
