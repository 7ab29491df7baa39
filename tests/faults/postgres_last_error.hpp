// SPDX-License-Identifier: Apache-2.0
// Faults are planted by the hundred and logged by the hundred: a logger that writes nothing and remembers the last error of
// each thread, so that who complains can say what it was.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <string>

namespace okpay::faults {

std::shared_ptr<spdlog::logger> remembering_logger();
std::string last_error();  // of this thread

}  // namespace okpay::faults
