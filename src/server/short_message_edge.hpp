// SPDX-License-Identifier: Apache-2.0
// The sender of short messages between the writer's queue and the way out that the operator chose: a file each, or a
// gateway. Throws UsageError where the options are wrong or the directory cannot be made.
#pragma once

#include <memory>

#include "api/workers.hpp"
#include "base/clock.hpp"
#include "server/options.hpp"
#include "service/service.hpp"
#include "telephony/short_message_sender.hpp"

namespace okpay::server {

class ShortMessageEdge {
public:
    ShortMessageEdge(asio::any_io_executor executor, service::Service& service, store::Database database,
                     api::Workers& workers, const Clock& clock, const service::Context& context, const Options& options,
                     std::function<bool()> writes_here);
    net::awaitable<void> run() { return sender_->run(); }
    void notify() { sender_->notify(); }
    void release_again() { sender_->release_again(); }
    void stop() { sender_->stop(); }

private:
    net::awaitable<bool> release(bool once_by_key);
    net::awaitable<std::optional<std::vector<service::ShortOrder>>> take(std::int64_t messages_max);
    net::awaitable<bool> something_waits();
    net::awaitable<bool> report(service::ReportShortMessage report);
    net::awaitable<void> say_unsent();
    net::awaitable<service::Answer> submitted(service::CommandBody body);

    service::Service& service_;
    store::Database database_;
    api::Workers& workers_;
    const Clock& clock_;
    const service::Context& context_;
    std::unique_ptr<telephony::WayOut> way_out_;
    std::vector<service::ReportShortMessage> unsent_;  // taken and not given to the sender; to be said to the writer
    std::unique_ptr<telephony::ShortMessageSender> sender_;
};

}  // namespace okpay::server
