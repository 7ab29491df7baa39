// SPDX-License-Identifier: Apache-2.0
#include "mailroom/smtp_server.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <utility>

#include "base/clock.hpp"
#include "mailroom/smtp_text.hpp"

namespace okpay::mailroom {
namespace {

constexpr std::size_t read_octets = 8U << 10U;
constexpr std::size_t queue_id_octets = 10;
constexpr std::size_t turned_away_at_once_max = 100;  // beyond, a connection is closed without a word

bool is_counted(const net::Endpoint& peer) { return !peer.is_local_only(); }

// RFC 3848 and RFC 6531 4.3.
std::string protocol_name(const InboundMail& mail, bool extended) {
    std::string name = mail.smtputf8 ? "UTF8" : "";
    switch (mail.channel) {
    case MailProtocol::lmtp: name += "LMTP"; break;
    case MailProtocol::smtp: name += extended && !mail.smtputf8 ? "ESMTP" : "SMTP"; break;
    }
    return mail.encryption.empty() ? name : name + "S";
}

// RFC 5321 4.4, without "for": the recipients of a mail need not know of each other.
std::string received_field(const InboundMail& mail, std::string_view hostname, bool extended) {
    const std::string& address = mail.peer_address;
    std::string peer = "local";
    if (!address.empty()) peer = (address.contains(':') ? "[IPv6:" : "[") + address + "]";
    const std::string encryption = mail.encryption.empty() ? "" : " (" + mail.encryption + ")";
    return fmt::format("Received: from {} ({})\r\n\tby {} with {}{} id {};\r\n\t{}\r\n", mail.helo, peer, hostname,
                       protocol_name(mail, extended), encryption, mail.queue_id, rfc5322_date(mail.at));
}

}  // namespace

struct SmtpServer::Visit : std::enable_shared_from_this<SmtpServer::Visit> {
    Visit(net::Connection its_connection, SmtpSession its_session)
        : connection{std::move(its_connection)}, session{std::move(its_session)}, alarm{connection.get_executor()} {}

    net::Connection connection;
    SmtpSession session;
    asio::steady_timer alarm;  // Of its own, for the connection's deadline closes at once and leaves no time for a 421.
    std::chrono::steady_clock::time_point wait_until{};
    std::chrono::steady_clock::time_point message_until{};
    bool waiting = false;  // For the peer's octets; else it must not be cancelled.
    bool late = false;
    std::size_t octets_counted = 0;
    std::array<char, read_octets> buffer{};
};

SmtpServer::SmtpServer(net::Listener listener, SmtpServerSettings settings, RecipientPolicy may_receive, InboundSink sink,
                       std::shared_ptr<net::ServerTls> tls)
    : listener_{std::move(listener)},
      settings_{std::move(settings)},
      may_receive_{std::move(may_receive)},
      sink_{std::move(sink)},
      tls_{std::move(tls)},
      empty_{listener_.executor()} {}

SmtpServer::~SmtpServer() = default;

SmtpSession SmtpServer::new_session() const {
    SmtpSessionSettings settings{.hostname = settings_.hostname,
                                 .protocol = settings_.protocol,
                                 .offers_starttls = tls_ != nullptr,
                                 .limits = settings_.limits};
    return {std::move(settings), may_receive_};
}

net::awaitable<void> SmtpServer::run() {
    const auto executor = co_await asio::this_coro::executor;
    while (!stopping_) {
        auto connection = co_await listener_.accept();
        if (!connection) break;
        if (!admit(*connection)) {
            if (turning_away_ < turned_away_at_once_max) {
                asio::co_spawn(executor, turn_away(*std::move(connection)), asio::detached);
            }
            continue;
        }
        if (is_counted(connection->peer())) ++visits_of_address_[connection->peer().host()];
        visits_.push_front(std::make_shared<Visit>(*std::move(connection), new_session()));
        asio::co_spawn(executor, serve(visits_.begin()), asio::detached);
    }
    empty_.expires_after(settings_.drain_deadline);
    while (!visits_.empty() || turning_away_ > 0) {
        const auto [cancelled] = co_await empty_.async_wait(net::quietly);
        if (cancelled) continue;
        empty_.expires_at(asio::steady_timer::time_point::max());
        drained_ = true;
        wake_who_must_leave();
    }
}

void SmtpServer::stop() {
    if (std::exchange(stopping_, true)) return;
    listener_.close();
    wake_who_must_leave();
}

bool SmtpServer::must_leave(const Visit& visit) const { return stopping_ && (drained_ || !visit.session.in_data()); }

void SmtpServer::wake_who_must_leave() {
    for (const auto& visit : visits_) {
        if (visit->waiting && must_leave(*visit)) visit->connection.cancel();
    }
}

bool SmtpServer::admit(const net::Connection& connection) const {
    if (visits_.size() >= settings_.connections_max) return false;
    if (!is_counted(connection.peer())) return true;
    const auto known = visits_of_address_.find(connection.peer().host());
    return known == visits_of_address_.end() || known->second < settings_.connections_per_address_max;
}

net::awaitable<void> SmtpServer::turn_away(net::Connection connection) {
    ++turning_away_;
    SmtpSession session = new_session();
    session.end(Goodbye::crowded);
    connection.expire_after(settings_.goodbye_deadline);
    const std::string words = session.take_replies();
    co_await connection.write(words);
    co_await connection.close_gently(settings_.goodbye_deadline);
    --turning_away_;
    if (stopping_) empty_.cancel();
}

net::awaitable<void> SmtpServer::serve(Visits::iterator at) {
    Visit& visit = **at;
    try {
        co_await converse(visit);
    } catch (const std::exception&) {
        visit.connection.close();  // memory has run out; the peer was not told 250 and tries again
    }
    octets_in_flight_ -= visit.octets_counted;
    if (is_counted(visit.connection.peer())) {
        const auto known = visits_of_address_.find(visit.connection.peer().host());
        if (--known->second == 0) visits_of_address_.erase(known);
    }
    visits_.erase(at);
    if (stopping_) empty_.cancel();
}

net::awaitable<void> SmtpServer::converse(Visit& visit) {
    visit.connection.expire_after(settings_.command_deadline);
    const std::string greeting = visit.session.greeting();
    const auto greeted = co_await visit.connection.write(greeting);
    if (!greeted) co_return;
    for (Next next = Next::read_more;;) {
        const std::string replies = visit.session.take_replies();
        if (!replies.empty()) {
            visit.connection.expire_after(settings_.command_deadline);
            const auto sent = co_await visit.connection.write(replies);
            if (!sent) co_return;
        }
        switch (next) {
        case Next::read_more: next = co_await listen(visit); break;
        case Next::deliver: next = co_await hand_over(visit); break;
        case Next::start_tls: next = co_await shake_hands(visit); break;
        case Next::close: co_return co_await visit.connection.close_gently(settings_.goodbye_deadline);
        }
    }
}

net::awaitable<Next> SmtpServer::listen(Visit& visit) {
    if (must_leave(visit)) co_return visit.session.end(Goodbye::stopping);
    arm(visit);
    visit.connection.expire_never();
    visit.waiting = true;
    const auto count = co_await visit.connection.read_some(visit.buffer);
    visit.waiting = false;
    if (!count) {
        if (visit.late) co_return visit.session.end(Goodbye::timed_out);
        if (count.error() == net::IoError::cancelled) co_return visit.session.end(Goodbye::stopping);
        visit.connection.close();  // gone; what it had begun to send is no mail
        co_return Next::close;
    }
    const bool was_in_data = visit.session.in_data();
    const Next next = visit.session.feed({visit.buffer.data(), *count});
    if (!was_in_data || next != Next::read_more)
        visit.message_until = std::chrono::steady_clock::now() + settings_.message_deadline;
    count_octets(visit);
    if (octets_in_flight_ > settings_.octets_in_flight_max) visit.session.refuse_data_for_room();
    co_return next;
}

void SmtpServer::arm(Visit& visit) {
    const Millis for_command = crowded() ? settings_.crowded_command_deadline : settings_.command_deadline;
    const auto command_until = std::chrono::steady_clock::now() + for_command;
    visit.wait_until = visit.session.in_data() ? visit.message_until : command_until;
    visit.alarm.expires_at(visit.wait_until);
    visit.alarm.async_wait([weak = visit.weak_from_this()](const net::ErrorCode& error) {
        const auto late = weak.lock();
        // An alarm already on its way when it was set anew must not hit the next wait.
        if (error || !late || !late->waiting || std::chrono::steady_clock::now() < late->wait_until) return;
        late->late = true;
        late->connection.cancel();
    });
}

void SmtpServer::count_octets(Visit& visit) {
    octets_in_flight_ -= visit.octets_counted;
    visit.octets_counted = visit.session.octets_held();
    octets_in_flight_ += visit.octets_counted;
}

net::awaitable<Next> SmtpServer::shake_hands(Visit& visit) {
    visit.connection.expire_after(settings_.handshake_deadline);
    const auto safe = co_await visit.connection.accept_tls(tls_->context());
    if (safe) co_return visit.session.tls_started();
    visit.connection.close();
    co_return Next::close;
}

net::awaitable<Next> SmtpServer::hand_over(Visit& visit) {
    ReceivedMail received = visit.session.take_mail();
    const bool by_unix_socket = visit.connection.peer().is_unix();
    InboundMail mail{
        .channel = settings_.protocol,
        .peer_address = by_unix_socket ? "" : visit.connection.peer().host(),
        .helo = std::move(received.helo),
        .mail_from = std::move(received.mail_from),
        .recipients = std::move(received.recipients),
        .bytes = std::move(received.bytes),
        .encryption = visit.connection.encryption(),
        .smtputf8 = received.smtputf8,
        .queue_id = base32_of(random_octets(queue_id_octets)),
        .at = settings_.clock(),
    };
    mail.bytes.insert(0, received_field(mail, settings_.hostname, received.extended));
    const std::string queue_id = mail.queue_id;
    Acceptance acceptance{.verdict = Verdict::try_later, .queue_id = {}};
    try {
        acceptance = co_await sink_(std::move(mail));
    } catch (const std::exception&) {
        acceptance.verdict = Verdict::try_later;  // not known to be kept
    }
    if (acceptance.queue_id.empty()) acceptance.queue_id = queue_id;
    const Next next = visit.session.delivered(acceptance);
    visit.message_until = std::chrono::steady_clock::now() + settings_.message_deadline;  // another may follow at once
    count_octets(visit);
    co_return next;
}

}  // namespace okpay::mailroom
