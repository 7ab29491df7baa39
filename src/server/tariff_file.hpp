// SPDX-License-Identifier: Apache-2.0
// Reads an operator's fees and limits from a TOML file (docs/tariff.md). What is wrong is named with its line.
#pragma once

#include <string_view>

#include "payments/tariff.hpp"

namespace okpay::server {

// Throws UsageError: "FILE:LINE: what is wrong". `name` is how the file is called in it.
payments::Tariff parse_tariff(std::string_view toml, std::string_view name);
// The file's tariff; without a file, or where it has no fee for merchant payments, `merchant_basis_points` of them.
payments::Tariff tariff_of(const std::string& path, std::int64_t merchant_basis_points);

}  // namespace okpay::server
