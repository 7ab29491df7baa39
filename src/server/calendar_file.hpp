// SPDX-License-Identifier: Apache-2.0
// The desk's working hours (desk/working_hours.hpp) as an operator writes them: docs/calendar.md.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "desk/working_hours.hpp"

namespace okpay::server {

// Throws UsageError: "FILE:LINE: what is wrong". `name` is how the file is called in it.
desk::WorkingHours parse_calendar(std::string_view text, std::string_view name);
// The file's. Without one Monday to Friday, 09:00 to 18:00, in the zone of the machine, or UTC where that is not known.
std::shared_ptr<const desk::WorkingHours> calendar_of(const std::string& path);

}  // namespace okpay::server
