// SPDX-License-Identifier: Apache-2.0
// Runs the outgoing queue: takes what is due, delivers a few at a time, reports. With an outbox directory each message is
// also written there; without a relay it is only that, and stays queued as `kept`; with neither nothing is taken.
//   Once     a mail whose report could not be stored is never sent again by this process: the report is told again.
//   Wake-up  notify() after something was queued; else at the next due time, at most a minute later (the clock of the
//            wall may jump).
//   stop()   takes nothing more; run() returns when the deliveries under way are reported.
//   Threads  one strand, plus one thread of its own for the outbox directory.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "mailroom/outgoing_queue.hpp"
#include "mailroom/smtp_client.hpp"

namespace okpay::mailroom {

using Deliver = std::function<net::awaitable<DeliveryReport>(Relay relay, OutgoingMail mail)>;

struct SenderSettings {
    std::optional<Relay> relay;
    std::optional<std::filesystem::path> outbox_directory;
    std::size_t deliveries_at_once = 4;
    Millis longest_wait{60'000};
};

class Sender {
public:
    Sender(asio::any_io_executor executor, OutgoingQueue& queue, SenderSettings settings, std::function<Moment()> clock,
           Deliver deliver_one = deliver);
    ~Sender();

    net::awaitable<void> run();
    void notify();
    void stop();

private:
    net::awaitable<std::optional<Moment>> take_and_start();
    net::awaitable<void> send(QueuedMail mail);
    net::awaitable<OutgoingReport> outcome_of(QueuedMail mail);
    net::awaitable<void> tell(OutgoingReport report);
    net::awaitable<void> tell_again();
    net::awaitable<void> wait(std::optional<Moment> until);

    asio::any_io_executor executor_;
    OutgoingQueue& queue_;
    SenderSettings settings_;
    std::function<Moment()> clock_;
    Deliver deliver_one_;
    std::unique_ptr<asio::thread_pool> disk_;    // Null without an outbox directory.
    std::set<OutgoingId> under_way_;
    std::map<OutgoingId, OutgoingReport> untold_;  // Reports the queue could not take yet.
    bool woken_ = false;
    bool stopping_ = false;
    asio::steady_timer alarm_;
};

}  // namespace okpay::mailroom
