// SPDX-License-Identifier: Apache-2.0
#include "rails/dispatcher.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include "net/deadline.hpp"

namespace okpay::rails {

using payments::RailWord;

Dispatcher::Dispatcher(asio::any_io_executor executor, Submit submit, Rail& rail, std::function<std::string()> seed,
                       DispatcherSettings settings)
    : executor_{executor},
      submit_{std::move(submit)},
      rail_{rail},
      seed_{std::move(seed)},
      settings_{settings},
      alarm_{executor},
      idle_{std::move(executor), asio::steady_timer::time_point::max()} {
    rail_.on_notice([this](RailNotice notice) { hear(std::move(notice)); });
}

void Dispatcher::notify() {
    woken_ = true;
    alarm_.cancel();
}

void Dispatcher::stop() {
    stopping_ = true;
    for (const auto& [payment, breaking_off] : under_way_) breaking_off->emit(asio::cancellation_type::terminal);
    notify();
}

net::awaitable<void> Dispatcher::run() {
    while (!stopping_) {
        woken_ = false;
        const std::int64_t round = ++rounds_;
        co_await tell_again();
        const bool due = co_await take();
        if (!due && under_way_.empty() && untold_.empty()) {
            idle_round_ = round;
            idle_.cancel();
        }
        if (woken_) continue;
        alarm_.expires_after(settings_.period);
        co_await alarm_.async_wait(net::quietly);
    }
    idle_.cancel();
    co_await tell_again();
}

net::awaitable<void> Dispatcher::settle() {
    const std::int64_t since = rounds_;  // a round that has begun may have asked before the clock was moved
    notify();
    while (!stopping_ && !held_up_ && idle_round_ <= since) co_await idle_.async_wait(net::quietly);
}

net::awaitable<bool> Dispatcher::take() {
    const std::size_t free = settings_.calls_at_once - under_way_.size();
    if (free == 0) co_return true;  // the end of a call wakes
    service::TakeRailCalls take{.calls_max = static_cast<std::int64_t>(free), .seed = seed_()};
    service::Answer answer = co_await submit_(std::move(take));
    const bool held_up = !answer.done();
    if (held_up && !held_up_) spdlog::warn("calls to the rail wait ({}); they are tried again and again", answer.code);
    held_up_ = held_up;  // said once, however long it lasts
    if (held_up) {
        idle_.cancel();
        co_return false;
    }
    if (stopping_) co_return true;  // marked as sent and never made: the next start inquires, and learns so
    for (service::RailOrder& order : answer.rail_orders) {
        auto breaking_off = std::make_shared<asio::cancellation_signal>();
        const std::int64_t payment = order.payment;
        under_way_.insert_or_assign(payment, breaking_off);
        // The signal outlives the coroutine that listens to it.
        auto ended = [this, payment, breaking_off](const std::exception_ptr&) {
            asio::post(executor_, [this, payment, breaking_off] {
                under_way_.erase(payment);
                notify();
            });
        };
        asio::co_spawn(executor_, carry(std::move(order)),
                       asio::bind_cancellation_slot(breaking_off->slot(), std::move(ended)));
    }
    co_return !answer.rail_orders.empty();
}

net::awaitable<void> Dispatcher::carry(service::RailOrder order) {
    const std::int64_t payment = order.payment;
    RailAnswer answer = co_await asked(std::move(order));
    service::ReportRail report{.payment = payment,
                               .word = std::string{name_of(answer.word)},
                               .rail_reference = std::move(answer.rail_reference),
                               .detail = std::move(answer.detail),
                               .seed = seed_()};
    co_await tell(std::move(report));
}

// How far a broken call came is not known: that is `no_answer`, whatever broke it.
net::awaitable<RailAnswer> Dispatcher::asked(service::RailOrder order) {
    std::string why = "the rail did not answer in time";
    try {
        const bool inquiry = order.inquiry;
        auto asking = inquiry ? rail_.inquire(std::move(order)) : rail_.call(std::move(order));
        auto answer = co_await net::within(settings_.answer_within, std::move(asking));
        if (answer) co_return *std::move(answer);
    } catch (const std::exception& error) {  // a rail is other people's code
        if (stopping_) throw;
        why = error.what();
    }
    co_return RailAnswer{.word = RailWord::no_answer, .rail_reference = "", .detail = std::move(why)};
}

net::awaitable<void> Dispatcher::tell(service::ReportRail report) {
    const service::Answer answer = co_await submit_(report);
    if (answer.done() || answer.code == service::codes::not_found) co_return;
    spdlog::warn("what the rail said of payment {} could not be stored ({}); told again in a moment", report.payment,
                 answer.code);
    // What it did not know a while ago it may know by now: told later it would pass for an answer to a later inquiry.
    if (report.word == name_of(RailWord::not_known)) report.word = name_of(RailWord::no_answer);
    untold_.push_back(std::move(report));
}

net::awaitable<void> Dispatcher::tell_again() {
    auto untold = std::exchange(untold_, {});
    for (service::ReportRail& report : untold) co_await tell(std::move(report));
}

// In order of arrival with the reports that wait: what is heard first is told first.
void Dispatcher::hear(RailNotice notice) {
    untold_.push_back({.payment = notice.payment,
                       .word = std::string{name_of(notice.answer.word)},
                       .rail_reference = std::move(notice.answer.rail_reference),
                       .detail = std::move(notice.answer.detail),
                       .seed = seed_()});
    notify();
}

}  // namespace okpay::rails
