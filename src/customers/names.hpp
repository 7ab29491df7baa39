// SPDX-License-Identifier: Apache-2.0
// The words outside for what customer.hpp stores as numbers: stable, lower case, used in JSON, audit and configuration.
#pragma once

#include <array>

#include "customers/customer.hpp"

namespace okpay::customers {

std::string_view name_of(Standing standing);  // "open", "limited", "locked"
std::optional<Standing> standing_of_name(std::string_view name);
std::string_view name_of(Assurance assurance);  // "a0" to "a4"
std::optional<Assurance> assurance_of_name(std::string_view name);

inline constexpr std::array all_roles{Role::agent,      Role::technical, Role::risk,
                                      Role::supervisor, Role::auditor,   Role::admin};

}  // namespace okpay::customers
