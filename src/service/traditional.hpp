// SPDX-License-Identifier: Apache-2.0
// Simplified Chinese in Traditional, with the words of Taiwan, by OpenCC and its data (Debian: libopencc-data). Made where a
// command is made, never on the writer: the words come with the command.
//   Threads  any.
#pragma once

#include <string>
#include <string_view>

#include "service/command_faq.hpp"

namespace okpay::service {

// Empty where OpenCC's data are not installed (logged once).
std::string traditional_of(std::string_view simplified);

// Of a Simplified side: fills in the same in Traditional. Others are left alone.
void add_traditional(FaqWords& words);

}  // namespace okpay::service
