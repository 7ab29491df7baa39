// SPDX-License-Identifier: Apache-2.0
// Letters to staff. They carry no customer's data and no token: nothing is done by answering them.
#pragma once

#include <span>
#include <string>

#include "desk/acknowledgement.hpp"
#include "desk/lifecycle.hpp"

namespace okpay::desk {

struct ClockLine {
    std::string number;  // request number, "OK-7F3K9Q2"
    RunningClock clock;
    bool late = false;       // it ran out
    bool escalated = false;  // an hour ago or longer, and nobody has seen to it
};
// One letter, however many requests it is about; at least one. In both languages of the workspace, times in UTC.
// `workspace`: its address, or nothing where none is configured.
MailText letter_of_clocks(std::span<const ClockLine> lines, std::string_view workspace);

}  // namespace okpay::desk
