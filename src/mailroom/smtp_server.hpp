// SPDX-License-Identifier: Apache-2.0
// Drives SmtpSession on a listener: SMTP or LMTP, TCP or unix socket, STARTTLS where a certificate is given.
//   Slow peers  each command and each message has a deadline that its octets do not extend; when half the connections
//               are taken the one for commands shrinks. Too late: 421.
//   Limits      connections in all and per address (loopback and unix peers are free of the latter), octets of messages
//               being received; the answers are 421, 421 and 452.
//   stop()      closes the listener, says 421 to who waits, lets messages under way come to their end (or to the drain
//               deadline; what was not answered 250 then the sender offers again). run() returns after the last one.
//   Threads     none of its own: everything on the listener's executor, one thread or a strand.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>

#include "base/clock.hpp"
#include "mailroom/inbound_mail.hpp"
#include "net/listener.hpp"

namespace okpay::mailroom {

struct SmtpServerSettings {
    std::string hostname;
    MailProtocol protocol = MailProtocol::smtp;
    SmtpLimits limits;
    Millis command_deadline{300'000};         // RFC 5321 4.5.3.2.7
    Millis crowded_command_deadline{10'000};  // while half the connections are taken
    Millis message_deadline{600'000};         // from 354 to the final dot
    Millis handshake_deadline{30'000};
    Millis drain_deadline{30'000};            // after stop()
    Millis goodbye_deadline{2'000};           // for the peer to read our last reply
    std::size_t connections_max = 2'000;
    std::size_t connections_per_address_max = 50;
    std::size_t octets_in_flight_max = 512U << 20U;
    std::function<Moment()> clock = [] { return now(); };  // of the mails' arrival
};

class SmtpServer {
public:
    // `tls` may be null: STARTTLS is not offered then.
    SmtpServer(net::Listener listener, SmtpServerSettings settings, RecipientPolicy may_receive, InboundSink sink,
               std::shared_ptr<net::ServerTls> tls);
    ~SmtpServer();

    net::awaitable<void> run();  // until stop() and the last session; the object must outlive it
    void stop();
    [[nodiscard]] const net::Endpoint& bound() const { return listener_.bound(); }
    [[nodiscard]] std::size_t connections() const { return visits_.size(); }

private:
    struct Visit;
    using Visits = std::list<std::shared_ptr<Visit>>;

    net::awaitable<void> serve(Visits::iterator at);
    net::awaitable<void> converse(Visit& visit);
    net::awaitable<Next> listen(Visit& visit);
    net::awaitable<Next> shake_hands(Visit& visit);
    void arm(Visit& visit);
    void count_octets(Visit& visit);
    [[nodiscard]] bool must_leave(const Visit& visit) const;
    net::awaitable<Next> hand_over(Visit& visit);
    net::awaitable<void> turn_away(net::Connection connection);
    [[nodiscard]] bool admit(const net::Connection& connection) const;
    [[nodiscard]] bool crowded() const { return visits_.size() * 2 >= settings_.connections_max; }
    [[nodiscard]] SmtpSession new_session() const;
    void wake_who_must_leave();

    net::Listener listener_;
    SmtpServerSettings settings_;
    RecipientPolicy may_receive_;
    InboundSink sink_;
    std::shared_ptr<net::ServerTls> tls_;
    Visits visits_;
    std::map<std::string, std::size_t, std::less<>> visits_of_address_;  // of those that are counted
    std::size_t turning_away_ = 0;
    std::size_t octets_in_flight_ = 0;
    bool stopping_ = false;
    bool drained_ = false;  // The drain deadline has passed.
    asio::steady_timer empty_;  // Cancelled when a session has ended after stop(); expires with the drain deadline.
};

}  // namespace okpay::mailroom
