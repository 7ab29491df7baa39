// SPDX-License-Identifier: Apache-2.0
// Commands and answers as JSON: handed to another node, kept with the command's id, read in tests.
#pragma once

#include <optional>

#include "service/command.hpp"

namespace okpay::service {

std::string encode(const Command& command);
std::optional<Command> decode_command(std::string_view json);
std::string encode(const Answer& answer);
std::optional<Answer> decode_answer(std::string_view json);
std::string_view kind_of(const CommandBody& body);  // "Pay": the name of the struct

}  // namespace okpay::service
