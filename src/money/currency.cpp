// SPDX-License-Identifier: Apache-2.0
#include "money/currency.hpp"

#include <cstdlib>

#include "base/text.hpp"

namespace okpay::money {

std::string_view code_of(Currency currency) {
    switch (currency) {
    case Currency::aud: return "AUD";
    case Currency::bhd: return "BHD";
    case Currency::cad: return "CAD";
    case Currency::cny: return "CNY";
    case Currency::hkd: return "HKD";
    case Currency::jpy: return "JPY";
    case Currency::krw: return "KRW";
    case Currency::mop: return "MOP";
    case Currency::sgd: return "SGD";
    case Currency::chf: return "CHF";
    case Currency::gbp: return "GBP";
    case Currency::usd: return "USD";
    case Currency::twd: return "TWD";
    case Currency::eur: return "EUR";
    }
    std::abort();  // a number from outside that was never parsed
}

int decimals(Currency currency) {
    switch (currency) {
    case Currency::jpy:
    case Currency::krw: return 0;
    case Currency::aud:
    case Currency::cad:
    case Currency::cny:
    case Currency::hkd:
    case Currency::mop:
    case Currency::sgd:
    case Currency::chf:
    case Currency::gbp:
    case Currency::usd:
    case Currency::twd:
    case Currency::eur: return 2;
    case Currency::bhd: return 3;
    }
    std::abort();
}

std::optional<Currency> currency_of_code(std::string_view code) {
    for (const Currency currency : all_currencies) {
        if (equal_ignoring_ascii_case(code_of(currency), code)) return currency;
    }
    return std::nullopt;
}

std::optional<Currency> currency_of_number(std::int64_t number) {
    for (const Currency currency : all_currencies) {
        if (static_cast<std::int64_t>(currency) == number) return currency;
    }
    return std::nullopt;
}

}  // namespace okpay::money
