// SPDX-License-Identifier: Apache-2.0
// The rules of the monitor (risk/rules.hpp) as an operator writes them: a TOML file with a version and a [[rule]] for each.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "risk/rules.hpp"

namespace okpay::server {

// Throws UsageError that names the line. What means nothing is an error.
risk::Ruleset parse_risk_rules(std::string_view text, std::string_view name);
// `path`: a file, empty for those that are built in, "none" for no monitor.
std::shared_ptr<const risk::Ruleset> risk_rules_of(const std::string& path);

}  // namespace okpay::server
