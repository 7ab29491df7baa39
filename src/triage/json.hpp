// SPDX-License-Identifier: Apache-2.0
// A reading as the one line of JSON (RFC 8259) that `okpay triage` prints, without a line end. All keys, in one order.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "triage/read.hpp"

namespace okpay::triage {

std::string json_of(const Reading& reading, std::string_view file);

// With the member `because`: for each decision the words that carried it (read.hpp).
std::string json_of(const Reading& reading, std::string_view file, std::span<const Reason> reasons);

}  // namespace okpay::triage
