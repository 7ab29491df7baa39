// SPDX-License-Identifier: Apache-2.0
// The model of the categories that this program was built with: learnt during the build from src/triage/training; and that
// text (training.hpp), from which a house learns on.
#pragma once

#include <optional>
#include <string_view>

#include "triage/model.hpp"

namespace okpay::triage {

std::string_view shipped_model_bytes();
const Model& shipped_model();  // parsed at the first call, in milliseconds
std::string_view shipped_training();
// What `okpay triage train` wrote, where its labels are those of the shipped one; else nothing.
std::optional<Model> model_of_categories(std::string_view bytes);

}  // namespace okpay::triage
