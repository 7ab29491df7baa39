// SPDX-License-Identifier: Apache-2.0
// The mail room's outgoing queue over the outbox: every step is a command, so the ordered writer alone changes it.
#pragma once

#include "api/workers.hpp"
#include "base/clock.hpp"
#include "mailroom/outgoing_queue.hpp"
#include "service/service.hpp"
#include "store/connection.hpp"

namespace okpay::server {

class OutgoingStore final : public mailroom::OutgoingQueue {
public:
    OutgoingStore(service::Service& service, store::Database database, api::Workers& workers, const Clock& clock)
        : service_{service}, database_{std::move(database)}, workers_{workers}, clock_{clock} {}
    net::awaitable<mailroom::DueBatch> take_due(Moment now, std::size_t mails_max) override;
    net::awaitable<void> report(mailroom::OutgoingReport report) override;

private:
    service::Service& service_;
    store::Database database_;
    api::Workers& workers_;
    const Clock& clock_;
};

}  // namespace okpay::server
