// SPDX-License-Identifier: Apache-2.0
// The mail room's outgoing queue over the outbox: every step is a command, so the ordered writer alone changes it.
//
//   Signed  What is handed out the first time is signed with the DKIM keys that there are then, and kept so before it
//           leaves: what is tried again are the same octets. Where a key does not open, or the signature cannot be kept, the
//           mail stays in the queue; without a key it leaves unsigned.
#pragma once

#include "api/workers.hpp"
#include "base/clock.hpp"
#include "mailroom/outgoing_queue.hpp"
#include "service/service.hpp"
#include "store/connection.hpp"
#include "store/keyring.hpp"

namespace okpay::server {

class OutgoingStore final : public mailroom::OutgoingQueue {
public:
    OutgoingStore(service::Service& service, store::Database database, api::Workers& workers, const Clock& clock,
                  store::Keyring keyring, std::string domain)
        : service_{service},
          database_{std::move(database)},
          workers_{workers},
          clock_{clock},
          keyring_{std::move(keyring)},
          domain_{std::move(domain)} {}
    net::awaitable<mailroom::DueBatch> take_due(Moment now, std::size_t mails_max) override;
    net::awaitable<void> report(mailroom::OutgoingReport report) override;

private:
    service::Service& service_;
    store::Database database_;
    api::Workers& workers_;
    const Clock& clock_;
    store::Keyring keyring_;
    std::string domain_;  // that signs, lower case

    struct Read {
        mailroom::DueBatch batch;
        std::vector<service::SignedMail> signatures;
        std::string fault;  // why nothing may leave now; empty where it may
    };
    static Read read_due(const store::Database& database, const store::Keyring& keyring, const std::string& domain,
                         const std::vector<std::int64_t>& numbers, Moment now);
    net::awaitable<void> put_back(const std::vector<std::int64_t>& numbers, std::string why);
};

}  // namespace okpay::server
