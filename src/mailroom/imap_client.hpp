// SPDX-License-Identifier: Apache-2.0
// Follows one hosted mailbox for as long as the program runs (ImapSession on a socket): connects, reads what is new, waits
// for more, and begins again after each end, later and later up to `rest_max`.
//   Kept      a mail counts as read once the keeper says so; until then it is fetched again, on another connection too.
//   Stuck     a mail whose fetching ended the session `attempts_max` times is given up and said to be; the others go on.
//             One that is larger than announced is asked for once more, its beginning alone.
//   TLS       the certificate is proven against what the system trusts, or `trust`, and the host's name.
//   stop()    breaks off what is under way but what is being kept; run() ends then.
//   Threads   one strand.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "mailroom/imap_session.hpp"
#include "net/connection.hpp"

namespace okpay::mailroom {

enum class ImapTls : std::uint8_t { implicit, starttls, none };

struct ImapMailbox {
    ImapAccount account;  // its secret is asked for before each connection
    ImapTls tls = ImapTls::implicit;
    net::TlsContext trust = nullptr;  // null: what the system trusts
    ImapLimits limits{};
    Millis connect_deadline{30'000};
    Millis reply_deadline{60'000};    // between two pieces of what the server says
    Millis idle_period{28 * 60'000};  // RFC 2177: below 29 minutes
    Millis poll_period{30'000};       // where the server has no IDLE
    Millis rest_min{1'000};
    Millis rest_max{300'000};
    int attempts_max = 5;
};

struct ImapOpened {
    std::int64_t uid_validity = 0, uid_next = 0;
};

// What the mailbox is read for. An exception counts as "not kept".
class ImapKeeper {
public:
    virtual ~ImapKeeper() = default;
    // A fresh password or token; none, with the reason already told, where there is none to use.
    virtual std::optional<Secret> secret() = 0;
    virtual net::awaitable<std::optional<ImapPlace>> opened(ImapOpened mailbox) = 0;  // none: try again later
    virtual net::awaitable<bool> keep(ImapMail mail) = 0;                             // durable, or try again later
    virtual void caught_up() = 0;                        // all that is there was kept; told again after each waking
    virtual void ended(const ImapFailure& failure) = 0;  // of one connection; another follows
};

class ImapClient {
public:
    ImapClient(asio::any_io_executor executor, ImapMailbox mailbox, ImapKeeper& keeper);
    ImapClient(const ImapClient&) = delete;
    ImapClient& operator=(const ImapClient&) = delete;

    net::awaitable<void> run();
    void wake();  // a rest between two connections ends now
    void stop();

private:
    net::awaitable<std::unique_ptr<net::Connection>> reach();  // null: not reached
    net::awaitable<ImapFailure> follow(ImapAccount account);
    net::awaitable<void> talk(net::Connection& connection, ImapSession& session);
    net::awaitable<void> hear(net::Connection& connection, ImapSession& session);
    net::awaitable<void> hear_for(net::Connection& connection, ImapSession& session, Millis period);
    void learn(const ImapFailure& failure);

    asio::any_io_executor executor_;
    ImapMailbox mailbox_;
    ImapKeeper& keeper_;
    asio::steady_timer rest_;
    asio::cancellation_signal breaking_off_;  // of connecting
    net::Connection* connection_ = nullptr;   // the one that is open
    std::map<std::int64_t, int> attempts_;    // by UID, of this numbering
    std::set<std::int64_t> beginnings_;
    std::int64_t uid_validity_ = 0;
    bool went_well_ = false;  // the connection that ended was of use
    bool woken_ = false;
    bool stopping_ = false;
};

// One connection: signs in, opens the folder, and goes. What it found, or why not.
struct ImapProbe {
    std::optional<ImapFailure> failure;
    std::int64_t mails = 0;
};
net::awaitable<ImapProbe> probe_imap(ImapMailbox mailbox, Secret secret);

}  // namespace okpay::mailroom
