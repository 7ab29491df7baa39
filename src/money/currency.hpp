// SPDX-License-Identifier: Apache-2.0
// The currencies that OKPay keeps books in. Values are ISO 4217 numeric codes and are stored, so they never change.
// A new currency is one line in each switch of currency.cpp; the compiler names the switches.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace okpay::money {

enum class Currency : std::uint16_t {
    aud = 36,
    bhd = 48,
    cad = 124,
    cny = 156,
    hkd = 344,
    jpy = 392,
    krw = 410,
    mop = 446,
    sgd = 702,
    chf = 756,
    gbp = 826,
    usd = 840,
    twd = 901,
    eur = 978,
};

inline constexpr std::array all_currencies{
    Currency::aud, Currency::bhd, Currency::cad, Currency::cny, Currency::hkd, Currency::jpy, Currency::krw,
    Currency::mop, Currency::sgd, Currency::chf, Currency::gbp, Currency::usd, Currency::twd, Currency::eur,
};

std::string_view code_of(Currency currency);                      // "CNY"
std::optional<Currency> currency_of_code(std::string_view code);  // any case
std::optional<Currency> currency_of_number(std::int64_t number);  // as stored
int decimals(Currency currency);                                  // ISO 4217 exponent: 0, 2 or 3

}  // namespace okpay::money
