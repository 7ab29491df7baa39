// SPDX-License-Identifier: Apache-2.0
// Is this mail written by a machine, so that answering it by machine could loop? RFC 3834 and its cousins in the field.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mail/message.hpp"

namespace okpay::mail {

enum class AutomaticReason : std::uint8_t {
    null_return_path,       // MAIL FROM:<>, a bounce
    report,                 // multipart/report, RFC 6522
    auto_submitted,         // any value other than "no"
    precedence,             // bulk, junk, list, auto_reply in any Precedence field
    mailing_list,           // List-Id and the other List- fields, RFC 2919 and 2369
    response_suppressed,    // X-Auto-Response-Suppress: All, AutoReply or OOF
    auto_response_header,   // X-Autoreply, X-Autorespond, X-Loop and the like
    robot_sender,           // mailer-daemon, no-reply ...
    out_of_office_subject,  // "Automatic reply:", "自动回复：" without any header
};

// `envelope_sender`: the MAIL FROM, empty for <>; none where it is not known (IMAP, files), when a Return-Path field
// stands for it. None is returned for a mail that a person wrote.
std::optional<AutomaticReason> is_automatic(const ParsedMail& mail, std::optional<std::string_view> envelope_sender);

// Out of office: it belongs into the timeline of a request but neither reopens it nor restarts its clocks.
bool is_out_of_office(const ParsedMail& mail);

// Written by a mail server about a mail: a postmaster's name, a bounce's subject or field, or a report of RFC 6522.
bool is_of_mail_system(const ParsedMail& mail);

std::string_view name_of(AutomaticReason reason);

}  // namespace okpay::mail
