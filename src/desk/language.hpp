// SPDX-License-Identifier: Apache-2.0
// The three languages that customers are answered in, and how an amount looks in each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "money/money.hpp"

namespace okpay::desk {

enum class Language : std::uint8_t { en = 1, zh_hans = 2, zh_hant = 3 };

// "en", "zh-Hans", "zh-Hant" and their relatives (zh, zh-CN, zh-TW, zh-HK, zh-MO); everything else reads English.
Language language_of(std::string_view tag);
std::string_view tag_of(Language language);

// Chosen at the call: all three must be given, so none is forgotten.
struct Wording {
    std::string_view en, zh_hans, zh_hant;
    [[nodiscard]] std::string_view in(Language language) const;
};

// "CNY 1,280.00"; "￥1,280.00", "12.50 美元"; "12.50 美元", "新台幣 100.00 元": unambiguous, all decimals.
std::string shown_amount(money::Money amount, Language language);

}  // namespace okpay::desk
