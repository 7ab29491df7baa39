// SPDX-License-Identifier: Apache-2.0
// Letters to staff. They carry no customer's data and no token: nothing is done by answering them.
#pragma once

#include <span>
#include <string>

#include "desk/acknowledgement.hpp"
#include "desk/lifecycle.hpp"
#include "money/money.hpp"

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

// To the owner of a house in which one person proposes and approves (RemedyRules::approves_alone_after).
struct AloneRemedy {
    std::string number;  // of the request
    money::Money amount;
    std::string person;  // who works alone
    Moment may_from;     // when they may approve it
};
MailText letter_of_alone_proposal(const AloneRemedy& remedy, std::string_view workspace);
// `count`: how many were approved so in the last 30 days, this one included.
MailText letter_of_alone_approval(const AloneRemedy& remedy, std::int64_t count, std::string_view workspace);

}  // namespace okpay::desk
