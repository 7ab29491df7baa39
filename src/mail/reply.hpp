// SPDX-License-Identifier: Apache-2.0
// What in a body is newly written, what quoted, what forwarded. By lines, for the habits of English and Chinese clients
// (Outlook, Apple Mail, Gmail, QQ, Foxmail, NetEase, phones). Where in doubt a line counts as newly written: losing the
// customer's words is worse than showing a quote.
#pragma once

#include <string>
#include <string_view>

namespace okpay::mail {

struct ReplyParts {
    std::string new_text;  // without quotes, signature, "sent from my phone"; answers between quotes are kept
    std::string quoted_text;
    std::string forwarded_text;
};

// `text` is clean UTF-8 with LF. `forwards`: the subject says so, which decides what an "original message" block is.
ReplyParts split_reply(std::string_view text, bool forwards);

// True for "Fwd:", "FW:", "转发：", "轉寄:" and the like in front, before any "Re:" or "回复：".
bool says_forward(std::string_view subject);

// The subject without its "Re:", "回复：", "Fwd:", "转发:" ... prefixes, also several and numbered ("Re[2]:").
std::string_view without_prefixes(std::string_view subject);

}  // namespace okpay::mail
