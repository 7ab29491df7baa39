// SPDX-License-Identifier: Apache-2.0
#include "mailroom/smtp_client.hpp"

#include <array>
#include <optional>
#include <utility>

namespace okpay::mailroom {
namespace {

constexpr Millis goodbye_deadline{1'000};

net::TlsContext context_for(const Relay& relay) {
    if (relay.tls == TlsUse::required && relay.trust) return relay.trust;
    const bool must_prove = relay.tls == TlsUse::required;
    const auto made = net::client_tls(must_prove ? net::PeerCheck::certificate_and_name : net::PeerCheck::none);
    return made ? *made : nullptr;
}

net::awaitable<void> talk(net::Connection& connection, SmtpDelivery& delivery, const Relay& relay, bool& handshake_failed) {
    std::array<char, 4096> buffer;
    while (true) {
        const DeliveryNext next = delivery.next();
        connection.expire_after(next == DeliveryNext::write_more ? relay.body_deadline : relay.reply_deadline);
        if (delivery.awaits_final_reply()) connection.expire_after(relay.final_reply_deadline);
        const std::string output = delivery.take_output();
        if (!output.empty()) {
            const auto sent = co_await connection.write(output);
            if (!sent) co_return delivery.lost(net::explain(sent.error()));
        }
        switch (next) {
        case DeliveryNext::read_more: {
            const auto count = co_await connection.read_some(buffer);
            if (!count) co_return delivery.lost(net::explain(count.error()));
            delivery.feed({buffer.data(), *count});
            break;
        }
        case DeliveryNext::write_more: delivery.written(); break;
        case DeliveryNext::start_tls: {
            const auto context = context_for(relay);
            if (!context) co_return delivery.lost("the system's trusted certificates cannot be read");
            const auto safe = co_await connection.start_tls(context, relay.at.host());
            handshake_failed = !safe;
            if (!safe) co_return delivery.lost("the TLS handshake failed or the certificate is not trusted");
            delivery.tls_started();
            break;
        }
        case DeliveryNext::done: co_return;
        }
    }
}

// The relay has answered for the mail: what it came to is not kept waiting until the relay hangs up, for whoever is killed
// in between sends the mail once more.
void say_goodbye(const asio::any_io_executor& executor, net::Connection connection) {
    auto goodbye = [](net::Connection kept) -> net::awaitable<void> { co_await kept.close_gently(goodbye_deadline); };
    asio::co_spawn(executor, goodbye(std::move(connection)), asio::detached);
}

struct Attempt {
    DeliveryReport report;
    bool handshake_failed = false;
};

net::awaitable<Attempt> attempt(const Relay& relay, const OutgoingMail& mail, TlsUse tls) {
    SmtpDelivery delivery{relay.our_name, tls, mail};
    Attempt made;
    if (delivery.next() != DeliveryNext::done) {
        auto connection = co_await net::connect(relay.at, relay.connect_deadline);
        if (connection) {
            co_await talk(*connection, delivery, relay, made.handshake_failed);
            say_goodbye(co_await asio::this_coro::executor, *std::move(connection));
        } else {
            delivery.lost("the relay was not reached");
        }
    }
    made.report = delivery.report();
    co_return made;
}

}  // namespace

net::awaitable<DeliveryReport> deliver(Relay relay, OutgoingMail mail) {
    Attempt made = co_await attempt(relay, mail, relay.tls);
    if (made.handshake_failed && relay.tls == TlsUse::opportunistic) made = co_await attempt(relay, mail, TlsUse::none);
    co_return made.report;
}

}  // namespace okpay::mailroom
