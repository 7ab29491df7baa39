// SPDX-License-Identifier: Apache-2.0
// Refunds that were proposed for the requests of one incident may be approved together, by one code, where they are alike
// and small: otherwise each is looked at by itself. Whether each still holds is decided for each (remedy.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "desk/ticket.hpp"

namespace okpay::desk {

// What the house allows in one approval, in minor units, inclusive. A currency without a row allows nothing.
struct TogetherCaps {
    money::Currency currency;
    std::int64_t per_item_minor = 0;
    std::int64_t total_minor = 0;
};
inline constexpr std::size_t approved_together_max = 50;

enum class TogetherRefusal : std::uint8_t { none_named, too_many, not_alike, off, above_item_cap, above_total_cap };
std::string_view code_of(TogetherRefusal refusal);
std::string_view sentence_en(TogetherRefusal refusal);

// Alike: refunds for one reason in one currency, each of a payment with a twin that stays, or none of them.
std::optional<TogetherRefusal> may_approve_together(std::span<const Remedy> remedies, std::span<const TogetherCaps> caps);

}  // namespace okpay::desk
