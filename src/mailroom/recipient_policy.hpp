// SPDX-License-Identifier: Apache-2.0
// Which addresses are ours. Anything else is refused in the session: nothing is relayed, no bounce is ever sent.
//   Names     without regard to case, at `domain` or, where set, at `reply_domain`.
//   Tickets   NAME+TAG of any of the names; any TAG of letters, digits, "-", "_", "=" and "." is taken, so that the
//             answer tells nobody which tags exist.
#pragma once

#include <string>
#include <vector>

#include "mailroom/smtp_session.hpp"

namespace okpay::mailroom {

struct OurAddresses {
    std::string domain;
    std::string reply_domain;  // empty: none
    // RFC 5321 4.5.1 wants postmaster to be taken, with or without a domain.
    std::vector<std::string> names{"support", "help", "billing", "verify", "phishing", "postmaster"};
};

bool is_ours(const OurAddresses& ours, std::string_view address);
RecipientPolicy recipient_policy(OurAddresses ours);

}  // namespace okpay::mailroom
