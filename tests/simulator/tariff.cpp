// SPDX-License-Identifier: Apache-2.0
#include "tariff.hpp"

namespace okpay::simulator {
namespace {

using payments::LimitWindow;
using payments::Operation;

__extension__ using Wide = __int128;

// The nearest whole number to amount * millionths / 1,000,000; where two are as near, the even one.
std::int64_t millionths_of(std::int64_t amount, std::int64_t millionths) {
    const Wide exact = Wide{amount} * millionths;
    const Wide down = exact / 1'000'000;
    const Wide to_down = exact - down * 1'000'000;
    const Wide to_up = (down + 1) * 1'000'000 - exact;
    if (to_down < to_up) return static_cast<std::int64_t>(down);
    if (to_up < to_down) return static_cast<std::int64_t>(down + 1);
    return static_cast<std::int64_t>(down % 2 == 0 ? down : down + 1);
}

}  // namespace

payments::Tariff house_tariff() {
    const money::Currency cny = *money::currency_of_code("CNY");
    const money::Currency jpy = *money::currency_of_code("JPY");
    payments::Tariff tariff;
    tariff.fees = {{.operation = Operation::pay,
                    .level = std::nullopt,
                    .currency = std::nullopt,
                    .fixed_minor = 3,
                    .tiers = {{.up_to_minor = 10'000, .rate_ppm = 6'000}, {.up_to_minor = std::nullopt, .rate_ppm = 4'000}},
                    .maximum_minor = 150},
                   {.operation = Operation::pay,
                    .level = std::nullopt,
                    .currency = jpy,
                    .tiers = {{.up_to_minor = std::nullopt, .rate_ppm = 5'000}},
                    .maximum_minor = std::nullopt},
                   {.operation = Operation::send,
                    .level = std::nullopt,
                    .currency = std::nullopt,
                    .tiers = {{.up_to_minor = std::nullopt, .rate_ppm = 2'500}},
                    .minimum_minor = 2,
                    .maximum_minor = std::nullopt},
                   {.operation = Operation::send, .level = 3, .currency = std::nullopt, .maximum_minor = std::nullopt},
                   {.operation = Operation::withdraw,
                    .level = std::nullopt,
                    .currency = cny,
                    .fixed_minor = 25,
                    .tiers = {{.up_to_minor = std::nullopt, .rate_ppm = 1'000}},
                    .maximum_minor = std::nullopt}};
    const auto limit = [&](Operation operation, LimitWindow window, std::optional<int> level,
                           std::optional<std::int64_t> amount, std::optional<std::int64_t> count) {
        tariff.limits.push_back({.operation = operation,
                                 .window = window,
                                 .level = level,
                                 .currency = cny,
                                 .amount_minor = amount,
                                 .count = count});
    };
    limit(Operation::top_up, LimitWindow::item, std::nullopt, 60'000, std::nullopt);
    limit(Operation::top_up, LimitWindow::month, std::nullopt, 150'000, std::nullopt);
    limit(Operation::pay, LimitWindow::day, std::nullopt, 30'000, std::nullopt);
    limit(Operation::pay, LimitWindow::day, std::nullopt, std::nullopt, 10);
    limit(Operation::pay, LimitWindow::day, 2, 100'000, std::nullopt);
    limit(Operation::pay, LimitWindow::year, 3, std::nullopt, 60);
    limit(Operation::send, LimitWindow::week, std::nullopt, 40'000, 9);
    limit(Operation::send, LimitWindow::week, 3, 400'000, std::nullopt);
    limit(Operation::withdraw, LimitWindow::item, 0, 1'000, std::nullopt);
    limit(Operation::withdraw, LimitWindow::day, std::nullopt, std::nullopt, 4);
    limit(Operation::withdraw, LimitWindow::month, std::nullopt, 60'000, std::nullopt);
    limit(Operation::receive, LimitWindow::day, std::nullopt, 35'000, std::nullopt);
    tariff.balances = {{.level = std::nullopt, .currency = cny, .amount_minor = 120'000},
                       {.level = 2, .currency = cny, .amount_minor = 400'000}};
    return tariff;
}

std::int64_t fee_of_payment(std::string_view currency, std::int64_t amount) {
    if (amount <= 0) return 0;
    if (currency == "JPY") return millionths_of(amount, 5'000);
    // Two slices, rounded once: 0.6 % of the first 10,000 is a whole number where the second slice is not empty.
    const std::int64_t rate = amount <= 10'000 ? millionths_of(amount, 6'000) : 60 + millionths_of(amount - 10'000, 4'000);
    return std::min(std::min<std::int64_t>(3 + rate, 150), amount);
}

std::int64_t fee_of_transfer(int level, std::int64_t amount) {
    if (level == 3 || amount <= 0) return 0;
    return std::max<std::int64_t>(2, millionths_of(amount, 2'500));
}

std::int64_t fee_of_withdrawal(std::string_view currency, std::int64_t amount) {
    if (currency != "CNY" || amount <= 0) return 0;
    return 25 + millionths_of(amount, 1'000);
}

std::vector<Limit> limits_of(Doing doing, int level, std::string_view currency) {
    if (currency != "CNY") return {};
    constexpr std::nullopt_t none = std::nullopt;
    switch (doing) {
    case Doing::top_up: return {{"limit_per_item", 0, 60'000, none}, {"limit_per_month", 30, 150'000, none}};
    case Doing::pay:
        if (level == 2) return {{"limit_per_day", 1, 100'000, none}};
        if (level == 3) {
            return {{"limit_per_day", 1, 30'000, none}, {"limit_per_day", 1, none, 10}, {"limit_per_year", 365, none, 60}};
        }
        return {{"limit_per_day", 1, 30'000, none}, {"limit_per_day", 1, none, 10}};
    case Doing::send:
        if (level == 3) return {{"limit_per_week", 7, 400'000, none}};
        return {{"limit_per_week", 7, 40'000, 9}};
    case Doing::withdraw:
        if (level == 0) {
            return {{"limit_per_item", 0, 1'000, none},
                    {"limit_per_day", 1, none, 4},
                    {"limit_per_month", 30, 60'000, none}};
        }
        return {{"limit_per_day", 1, none, 4}, {"limit_per_month", 30, 60'000, none}};
    case Doing::receive: return {{"payee_limit", 1, 35'000, none}};
    }
    std::abort();
}

std::optional<std::int64_t> most_in_wallet(int level, std::string_view currency) {
    if (currency != "CNY") return std::nullopt;
    return level == 2 ? 400'000 : 120'000;
}

}  // namespace okpay::simulator
