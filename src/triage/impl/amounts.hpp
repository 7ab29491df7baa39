// SPDX-License-Identifier: Apache-2.0
// Amounts of money: a number with its currency before or behind it, in digits or Chinese numerals, or a bare number
// behind a word such as 金额. Runs on what identifiers.hpp and datetimes.hpp left.
//   ¥ 元 块   the yuan, unless the text speaks of yen (¥), of Hong Kong or of Taiwan dollars (元).
//   $         the US dollar; in Traditional Chinese text its country is not known.
#pragma once

#include <vector>

#include "triage/impl/sheet.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {

std::vector<StatedAmount> amounts_of(const Sheet& sheet, std::string_view language);

}  // namespace okpay::triage
