// SPDX-License-Identifier: Apache-2.0
// Delivers one message to a smart host over a connection of its own (SmtpDelivery on a socket).
#pragma once

#include "mailroom/smtp_delivery.hpp"
#include "net/connection.hpp"

namespace okpay::mailroom {

struct Relay {
    net::Endpoint at;
    std::string our_name;                    // said in EHLO
    TlsUse tls = TlsUse::opportunistic;
    net::TlsContext trust;                   // for `required`; null: what the system trusts. The name is at.host().
    Millis connect_deadline{30'000};
    Millis reply_deadline{300'000};          // RFC 5321 4.5.3.2
    Millis body_deadline{600'000};           // for the whole body to leave
    Millis final_reply_deadline{600'000};    // RFC 5321 4.5.3.2.6; late is uncertain
};

// Where opportunistic TLS fails in the handshake the message goes once more, in clear: nothing was said of it yet.
net::awaitable<DeliveryReport> deliver(Relay relay, OutgoingMail mail);

}  // namespace okpay::mailroom
