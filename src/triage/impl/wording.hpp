// SPDX-License-Identifier: Apache-2.0
// What Taiwan and Hong Kong call otherwise than the mainland, told in its words: "戶口俾人鎖咗" and "账户被人锁了" are then
// the same to the classifier and to the cues. The extractors read what was written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace okpay::triage {

struct Wording {
    std::string_view written, means;  // folded (sheet.hpp)
};

// The whole text so; nothing where no word of another region stands in it.
std::optional<std::string> reworded(std::string_view folded);

// The longest that stands at this place.
std::optional<Wording> wording_at(std::string_view folded, std::size_t at);

}  // namespace okpay::triage
