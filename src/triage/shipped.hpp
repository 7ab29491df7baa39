// SPDX-License-Identifier: Apache-2.0
// The model of the categories that this program was built with: learnt during the build from src/triage/training.
#pragma once

#include <string_view>

#include "triage/model.hpp"

namespace okpay::triage {

std::string_view shipped_model_bytes();
const Model& shipped_model();  // parsed at the first call, in milliseconds

}  // namespace okpay::triage
