// SPDX-License-Identifier: Apache-2.0
// A mail as it came over the wire, and who is asked to keep it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/moment.hpp"
#include "mailroom/smtp_session.hpp"
#include "net/asio.hpp"

namespace okpay::mailroom {

struct InboundMail {
    MailProtocol channel = MailProtocol::smtp;
    std::string peer_address;  // IP address of who connected; empty for a unix socket
    std::string helo;          // what it called itself: proves nothing
    std::string mail_from;     // envelope sender, empty for "<>"
    std::vector<std::string> recipients;  // one at least; one mail, however many there are
    Bytes bytes;               // our Received field, then the message; lines end in CRLF
    std::string encryption;    // "TLSv1.3 TLS_AES_256_GCM_SHA384", empty where in clear
    bool smtputf8 = false;
    std::string queue_id;      // stands in the Received field and in the 250
    Moment at{};
};

// Is awaited before the final dot is answered; `durable` is said only once the mail is on stable storage. It is never
// cut short, not even when the peer has gone: a verdict that comes too late leads to a second delivery of the same
// mail, never to a lost one. An exception counts as try_later. Acceptance::queue_id empty: the mail's own is told.
using InboundSink = std::function<net::awaitable<Acceptance>(InboundMail mail)>;

}  // namespace okpay::mailroom
