// SPDX-License-Identifier: Apache-2.0
// A reading as the one line of JSON (RFC 8259) that `okpay triage` prints, without a line end. All keys, in one order.
#pragma once

#include <string>
#include <string_view>

#include "triage/reading.hpp"

namespace okpay::triage {

std::string json_of(const Reading& reading, std::string_view file);

}  // namespace okpay::triage
