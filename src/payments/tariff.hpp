// SPDX-License-Identifier: Apache-2.0
// What an operator charges and allows: fees per product, limits per level of the customer. Pure tables and the functions
// that read them; the writer asks inside the posting, so that two payments at once cannot both fit into one limit.
//
//   Fees     Of a merchant payment the merchant pays, out of the amount; of all else the customer pays, on top. Rates are
//            parts per million, tiers are slices (the second rate is for what exceeds the first tier), rounded half to
//            even once, then held between minimum and maximum. A fee out of the amount is never more than the amount.
//   Windows  are whole days in UTC, today included: day 1, week 7, month 30, year 365.
//   Choice   the most particular rule counts: level and currency, currency, level, neither. Rules that are equally
//            particular and of one window must all hold (limits) or are refused when they are read (fees).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "money/account.hpp"
#include "money/money.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

enum class Operation : std::uint8_t { top_up = 1, pay, send, withdraw, receive };
inline constexpr std::array all_operations{Operation::top_up, Operation::pay, Operation::send, Operation::withdraw,
                                           Operation::receive};
std::string_view name_of(Operation operation);
std::optional<Operation> operation_of_name(std::string_view name);

enum class LimitWindow : std::uint8_t { item = 1, day, week, month, year };
inline constexpr std::array all_windows{LimitWindow::item, LimitWindow::day, LimitWindow::week, LimitWindow::month,
                                        LimitWindow::year};
std::string_view name_of(LimitWindow window);
std::optional<LimitWindow> limit_window_of_name(std::string_view name);
std::int64_t days_of(LimitWindow window);  // 0 for item

inline constexpr std::int64_t parts_per_million = 1'000'000;

struct FeeTier {
    std::optional<std::int64_t> up_to_minor;  // none: all that is left
    std::int64_t rate_ppm;
};
struct FeeRule {
    Operation operation;
    std::optional<int> level;  // of the customer; none: any. Never of a merchant payment.
    std::optional<money::Currency> currency;
    std::int64_t fixed_minor = 0;
    std::vector<FeeTier> tiers;  // rising; at most the last without an end
    std::int64_t minimum_minor = 0;
    std::optional<std::int64_t> maximum_minor;
};
std::int64_t fee_minor_of(const FeeRule& rule, money::Money amount);

struct LimitRule {
    Operation operation;
    LimitWindow window;
    std::optional<int> level;
    money::Currency currency;
    std::optional<std::int64_t> amount_minor;
    std::optional<std::int64_t> count;
};
struct BalanceRule {
    std::optional<int> level;
    money::Currency currency;
    std::int64_t amount_minor;
};

struct Tariff {
    std::vector<FeeRule> fees;
    std::vector<LimitRule> limits;
    std::vector<BalanceRule> balances;

    [[nodiscard]] std::int64_t fee_minor(Operation operation, std::optional<int> level, money::Money amount) const;
    // The rules that a customer of this level meets, in the order of windows.
    [[nodiscard]] std::vector<LimitRule> limits_of(Operation operation, int level, money::Currency currency) const;
    [[nodiscard]] std::optional<std::int64_t> balance_limit(int level, money::Currency currency) const;
    // Days that any limit of this operation looks back, for one account; 0 where none needs to know what was used.
    [[nodiscard]] std::int64_t days_looked_back(Operation operation, int level, money::Currency currency) const;
};
// The house's simplest: one fee on merchant payments, in hundredths of a percent, and no limits.
Tariff flat_tariff(std::int64_t merchant_basis_points);

// What one account did, by day and operation. A hold counts whole, from the day it was made, until it is released.
class Usage {
public:
    struct Sum {
        std::int64_t amount_minor = 0, count = 0;
        friend bool operator==(const Sum&, const Sum&) = default;
    };
    // Counts a transfer of this account; those that count nothing are let pass.
    void note(const money::Transfer& transfer, money::AccountNo account);
    // Today and the days before it, `days` in all.
    [[nodiscard]] Sum of(Operation operation, Moment now, std::int64_t days) const;

private:
    struct Key {
        std::int64_t day;
        Operation operation;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    std::map<Key, Sum> sums_;
};

// The first limit that this amount would pass; none where all hold.
PaymentRefusal limit_refusal(const Tariff& tariff, Operation operation, int level, money::Money amount, const Usage& used,
                             Moment now);

}  // namespace okpay::payments
