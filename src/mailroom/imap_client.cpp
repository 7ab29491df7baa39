// SPDX-License-Identifier: Apache-2.0
#include "mailroom/imap_client.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace okpay::mailroom {
namespace {

constexpr Millis goodbye_deadline{1'000};
constexpr std::size_t read_octets = 16'384;

net::awaitable<bool> encrypt(const ImapMailbox& mailbox, net::Connection& connection) {
    auto trust = mailbox.trust;
    if (!trust) {
        const auto made = net::client_tls(net::PeerCheck::certificate_and_name);
        if (!made) co_return false;
        trust = *made;
    }
    const auto safe = co_await connection.start_tls(std::move(trust), mailbox.account.host);
    co_return safe.has_value();
}

net::awaitable<std::unique_ptr<net::Connection>> connected(const ImapMailbox& mailbox) {
    auto reached =
        co_await net::connect(net::Endpoint::tcp(mailbox.account.host, mailbox.account.port), mailbox.connect_deadline);
    if (!reached) co_return nullptr;
    co_return std::make_unique<net::Connection>(*std::move(reached));
}

constexpr std::string_view no_handshake = "the TLS handshake failed or the certificate is not trusted";

}  // namespace

ImapClient::ImapClient(asio::any_io_executor executor, ImapMailbox mailbox, ImapKeeper& keeper)
    : executor_{executor}, mailbox_{std::move(mailbox)}, keeper_{keeper}, rest_{std::move(executor)} {}

void ImapClient::wake() {
    woken_ = true;
    rest_.cancel();
}

void ImapClient::stop() {
    stopping_ = true;
    rest_.cancel();
    breaking_off_.emit(asio::cancellation_type::terminal);
    if (connection_ != nullptr) connection_->close();
}

net::awaitable<void> ImapClient::run() {
    Millis pause = mailbox_.rest_min;
    while (!stopping_) {
        went_well_ = false;
        if (auto secret = keeper_.secret()) {
            ImapAccount account = mailbox_.account;
            account.secret = *std::move(secret);
            account.starttls = mailbox_.tls == ImapTls::starttls;
            const ImapFailure failure = co_await follow(std::move(account));
            if (stopping_) co_return;
            learn(failure);
            keeper_.ended(failure);
        }
        if (went_well_ || woken_) pause = mailbox_.rest_min;
        woken_ = false;
        rest_.expires_after(pause);
        co_await rest_.async_wait(net::quietly);
        pause = std::min(pause * 2, mailbox_.rest_max);
    }
}

void ImapClient::learn(const ImapFailure& failure) {
    if (failure.uid == 0 || failure.fault == ImapFault::not_kept) return;
    ++attempts_[failure.uid];
    if (failure.fault == ImapFault::literal_too_large) beginnings_.insert(failure.uid);
}

net::awaitable<std::unique_ptr<net::Connection>> ImapClient::reach() {
    try {
        co_return co_await asio::co_spawn(executor_, connected(mailbox_),
                                          asio::bind_cancellation_slot(breaking_off_.slot(), asio::use_awaitable));
    } catch (const boost::system::system_error&) {  // stop()
    }
    co_return nullptr;
}

net::awaitable<ImapFailure> ImapClient::follow(ImapAccount account) {
    auto connection = co_await reach();
    if (!connection) co_return ImapFailure{.fault = ImapFault::closed, .text = "the server was not reached", .uid = 0};
    connection_ = connection.get();
    const auto forget = std::shared_ptr<void>{nullptr, [this](void*) { connection_ = nullptr; }};
    if (stopping_) co_return ImapFailure{};
    connection->expire_after(mailbox_.reply_deadline);
    if (mailbox_.tls == ImapTls::implicit && !co_await encrypt(mailbox_, *connection))
        co_return ImapFailure{.fault = ImapFault::no_tls, .text = std::string{no_handshake}, .uid = 0};
    ImapSession session{std::move(account), mailbox_.limits};
    try {
        co_await talk(*connection, session);
    } catch (const std::exception& error) {  // of the keeper
        session.end(ImapFault::not_kept, error.what());
    }
    if (stopping_) co_return session.failure();
    connection->expire_after(goodbye_deadline);
    co_await connection->write(session.take_output());
    co_await connection->close_gently(goodbye_deadline);
    co_return session.failure();
}

net::awaitable<void> ImapClient::hear(net::Connection& connection, ImapSession& session) {
    std::array<char, read_octets> buffer;
    connection.expire_after(mailbox_.reply_deadline);
    const auto count = co_await connection.read_some(buffer);
    if (!count) co_return session.end(ImapFault::closed, net::explain(count.error()));
    session.feed({buffer.data(), *count});
}

// The read is cancelled, not the connection, when the period is over.
net::awaitable<void> ImapClient::hear_for(net::Connection& connection, ImapSession& session, Millis period) {
    std::array<char, read_octets> buffer;
    connection.expire_never();
    asio::steady_timer alarm{executor_, period};
    const auto over = std::make_shared<bool>(false);
    // Its end may be under way already when the read ends: then there is nothing to cancel any more.
    alarm.async_wait([waits = std::weak_ptr<bool>{over}, &connection](const net::ErrorCode& error) {
        const auto still = waits.lock();
        if (error || !still) return;
        *still = true;
        connection.cancel();
    });
    const auto count = co_await connection.read_some(buffer);
    alarm.cancel();
    if (count) session.feed({buffer.data(), *count});
    else if (*over) session.wake();
    else session.end(ImapFault::closed, net::explain(count.error()));
}

net::awaitable<void> ImapClient::talk(net::Connection& connection, ImapSession& session) {
    while (true) {
        const std::string output = session.take_output();
        if (!output.empty() && session.next() != ImapNext::done) {
            connection.expire_after(mailbox_.reply_deadline);
            const auto sent = co_await connection.write(output);
            if (!sent) co_return session.end(ImapFault::closed, net::explain(sent.error()));
        }
        switch (session.next()) {
        case ImapNext::read_more: co_await hear(connection, session); break;
        case ImapNext::wait:
            went_well_ = true;
            keeper_.caught_up();
            co_await hear_for(connection, session, session.idles() ? mailbox_.idle_period : mailbox_.poll_period);
            break;
        case ImapNext::start_tls:
            connection.expire_after(mailbox_.reply_deadline);
            if (!co_await encrypt(mailbox_, connection)) co_return session.end(ImapFault::closed, no_handshake);
            session.tls_started();
            break;
        case ImapNext::begin: {
            if (uid_validity_ != session.uid_validity()) {
                attempts_.clear();
                beginnings_.clear();
            }
            uid_validity_ = session.uid_validity();
            const ImapOpened mailbox{.uid_validity = session.uid_validity(), .uid_next = session.uid_next()};
            auto place = co_await keeper_.opened(mailbox);
            if (!place || stopping_) co_return session.end(ImapFault::not_kept, "the place in the mailbox is not known");
            place->beginnings = beginnings_;
            for (const auto& [uid, attempts] : attempts_) {
                if (attempts >= mailbox_.attempts_max) place->given_up.insert(uid);
            }
            session.begin(*std::move(place));
            break;
        }
        case ImapNext::keep: {
            ImapMail mail = session.take_mail();
            const std::int64_t uid = mail.uid;
            const bool kept = co_await keeper_.keep(std::move(mail));
            if (!kept || stopping_) co_return session.end(ImapFault::not_kept, "a mail could not be kept");
            went_well_ = true;
            attempts_.erase(uid);
            beginnings_.erase(uid);
            session.kept();
            break;
        }
        case ImapNext::done: co_return;
        }
    }
}

namespace {

net::awaitable<void> probe_on(net::Connection& connection, ImapSession& session, const ImapMailbox& mailbox) {
    std::array<char, read_octets> buffer;
    while (session.next() != ImapNext::begin && session.next() != ImapNext::done) {
        connection.expire_after(mailbox.reply_deadline);
        const auto sent = co_await connection.write(session.take_output());
        if (!sent) co_return session.end(ImapFault::closed, net::explain(sent.error()));
        if (session.next() == ImapNext::start_tls) {
            if (!co_await encrypt(mailbox, connection)) co_return session.end(ImapFault::closed, no_handshake);
            session.tls_started();
            continue;
        }
        const auto count = co_await connection.read_some(buffer);
        if (!count) co_return session.end(ImapFault::closed, net::explain(count.error()));
        session.feed({buffer.data(), *count});
    }
}

}  // namespace

net::awaitable<ImapProbe> probe_imap(ImapMailbox mailbox, Secret secret) {
    ImapAccount account = mailbox.account;
    account.secret = std::move(secret);
    account.starttls = mailbox.tls == ImapTls::starttls;
    const auto failed = [](ImapFault fault, std::string_view why) {
        return ImapProbe{.failure = ImapFailure{.fault = fault, .text = std::string{why}, .uid = 0}};
    };
    auto connection = co_await net::connect(net::Endpoint::tcp(account.host, account.port), mailbox.connect_deadline);
    if (!connection) co_return failed(ImapFault::closed, "the server was not reached");
    connection->expire_after(mailbox.reply_deadline);
    if (mailbox.tls == ImapTls::implicit && !co_await encrypt(mailbox, *connection))
        co_return failed(ImapFault::no_tls, no_handshake);
    ImapSession session{std::move(account), mailbox.limits};
    co_await probe_on(*connection, session, mailbox);
    if (session.next() == ImapNext::done) co_return ImapProbe{.failure = session.failure()};
    const std::int64_t mails = session.exists();
    session.end(ImapFault::not_kept, "done");
    co_await connection->write(session.take_output());
    co_await connection->close_gently(goodbye_deadline);
    co_return ImapProbe{.failure = std::nullopt, .mails = mails};
}

}  // namespace okpay::mailroom
