// SPDX-License-Identifier: Apache-2.0
#include "mailroom/sender.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "mailroom/outbox_directory.hpp"

namespace okpay::mailroom {
namespace {

constexpr Millis pause_after_failure{60'000};
constexpr Millis shortest_wait{100};  // what is overdue but not handed out must not make us spin

// Runs on the disk's thread. By value: the caller is another thread's coroutine.
net::awaitable<Result<void, OutboxError>> write_on_this_thread(std::filesystem::path directory, std::string name,
                                                               Bytes bytes) {
    co_return write_to_outbox(directory, name, bytes);
}

}  // namespace

Sender::Sender(asio::any_io_executor executor, OutgoingQueue& queue, SenderSettings settings, std::function<Moment()> clock,
               Deliver deliver_one)
    : executor_{executor},
      queue_{queue},
      settings_{std::move(settings)},
      clock_{std::move(clock)},
      deliver_one_{std::move(deliver_one)},
      disk_{settings_.outbox_directory ? std::make_unique<asio::thread_pool>(1) : nullptr},
      alarm_{executor} {}

Sender::~Sender() = default;

void Sender::notify() {
    woken_ = true;
    alarm_.cancel();
}

void Sender::stop() {
    stopping_ = true;
    notify();
}

net::awaitable<void> Sender::run() {
    const bool has_work = settings_.relay || settings_.outbox_directory;
    while (!stopping_) {
        woken_ = false;
        std::optional<Moment> next_due;
        if (has_work) {
            co_await tell_again();
            next_due = co_await take_and_start();
        }
        co_await wait(next_due);
    }
    while (!under_way_.empty()) {
        woken_ = false;
        co_await wait(std::nullopt);
    }
    co_await tell_again();
}

net::awaitable<void> Sender::wait(std::optional<Moment> until) {
    if (woken_) co_return;
    Millis pause = settings_.longest_wait;
    if (until)
        pause =
            std::clamp(std::chrono::duration_cast<Millis>(*until - clock_()), shortest_wait, std::max(pause, shortest_wait));
    alarm_.expires_after(pause);
    co_await alarm_.async_wait(net::quietly);
}

// The moment of the next work that is known of.
net::awaitable<std::optional<Moment>> Sender::take_and_start() {
    const std::size_t free = settings_.deliveries_at_once - under_way_.size();
    if (free == 0) co_return std::nullopt;  // the end of a delivery wakes
    DueBatch batch;
    try {
        batch = co_await queue_.take_due(clock_(), free);
    } catch (const std::exception&) { co_return clock_() + pause_after_failure; }
    for (QueuedMail& mail : batch.mails) {
        if (untold_.contains(mail.id) || !under_way_.insert(mail.id).second) continue;
        asio::co_spawn(executor_, send(std::move(mail)), asio::detached);
    }
    co_return batch.next_due;
}

net::awaitable<void> Sender::send(QueuedMail mail) {
    const OutgoingId id = mail.id;
    OutgoingReport report = co_await outcome_of(std::move(mail));
    co_await tell(std::move(report));
    under_way_.erase(id);
    notify();
}

net::awaitable<OutgoingReport> Sender::outcome_of(QueuedMail mail) {
    auto settled = decide_interrupted(mail);
    if (settled) co_return *std::move(settled);

    std::string outbox_words;
    if (settings_.outbox_directory) {
        auto writing = write_on_this_thread(*settings_.outbox_directory, mail.id.text(), mail.mail.bytes);
        const auto written = co_await asio::co_spawn(*disk_, std::move(writing), asio::use_awaitable);
        if (!written) outbox_words = explain(written.error());
        if (!settings_.relay && !written) {
            co_return OutgoingReport{mail.id, OutgoingState::queued, clock_() + pause_after_failure, outbox_words, {}};
        }
    }
    if (!settings_.relay) co_return OutgoingReport{mail.id, OutgoingState::kept, {}, "no relay is configured", {}};

    DeliveryReport delivery{DeliveryOutcome::uncertain, "the delivery broke off", {}};
    try {
        delivery = co_await deliver_one_(*settings_.relay, mail.mail);
    } catch (const std::exception&) {
        delivery.outcome = DeliveryOutcome::uncertain;  // how far it came is not known
    }
    OutgoingReport report = decide_after(mail, std::move(delivery), clock_());
    if (!outbox_words.empty()) report.text += " (" + outbox_words + ")";
    co_return report;
}

net::awaitable<void> Sender::tell(OutgoingReport report) {
    const OutgoingId id = report.id;
    untold_.insert_or_assign(id, report);
    try {
        co_await queue_.report(std::move(report));
        untold_.erase(id);
    } catch (const std::exception&) {
        co_return;  // stays in untold_
    }
}

net::awaitable<void> Sender::tell_again() {
    const auto untold = untold_;
    for (const auto& [id, report] : untold) {
        if (!under_way_.contains(id)) co_await tell(report);
    }
}

}  // namespace okpay::mailroom
