// SPDX-License-Identifier: Apache-2.0
#include "telephony/short_message_sender.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include "net/deadline.hpp"

namespace okpay::telephony {

ShortMessageSender::ShortMessageSender(asio::any_io_executor executor, TextQueue queue, WayOut& way_out,
                                       ShortMessageSenderSettings settings)
    : executor_{executor}, queue_{std::move(queue)}, way_out_{way_out}, settings_{settings}, alarm_{std::move(executor)} {}

void ShortMessageSender::notify() {
    woken_ = true;
    alarm_.cancel();
}

void ShortMessageSender::release_again() {
    released_ = false;
    notify();
}

void ShortMessageSender::stop() {
    stopping_ = true;
    for (const auto& [message, breaking_off] : under_way_) breaking_off->emit(asio::cancellation_type::terminal);
    notify();
}

net::awaitable<void> ShortMessageSender::run() {
    while (!stopping_) {
        woken_ = false;
        const bool here = queue_.writes_here();
        co_await tell_again();
        // Before the first is taken, and while none of those handed out is our own.
        if (here && !released_ && under_way_.empty() && untold_.empty()) co_await release();
        if (here && released_ && !stopping_) co_await take();
        if (woken_) continue;
        alarm_.expires_after(settings_.period);
        co_await alarm_.async_wait(net::quietly);
    }
    co_await tell_again();
}

net::awaitable<void> ShortMessageSender::release() {
    released_ = true;  // first: release_again() meanwhile asks for another one
    const bool done = co_await queue_.release(way_out_.once_by_key());
    if (!done) released_ = false;
}

net::awaitable<void> ShortMessageSender::take() {
    const std::size_t free = settings_.at_once - under_way_.size();
    if (free == 0) co_return;  // the end of one wakes
    auto orders = co_await queue_.take(static_cast<std::int64_t>(free));
    if (!orders || stopping_) co_return;  // what was taken is found by the next start, or by a take when it is old
    for (service::ShortOrder& order : *orders) {
        auto breaking_off = std::make_shared<asio::cancellation_signal>();
        const std::int64_t message = order.message;
        under_way_.insert_or_assign(message, breaking_off);
        // The signal outlives the coroutine that listens to it.
        auto ended = [this, message, breaking_off](const std::exception_ptr&) {
            asio::post(executor_, [this, message, breaking_off] {
                under_way_.erase(message);
                notify();
            });
        };
        asio::co_spawn(executor_, send(std::move(order)),
                       asio::bind_cancellation_slot(breaking_off->slot(), std::move(ended)));
    }
}

net::awaitable<void> ShortMessageSender::send(service::ShortOrder order) {
    const std::int64_t message = order.message;
    OutgoingText text{.key = std::move(order.key), .number = std::move(order.number), .text = std::move(order.text)};
    WayOutAnswer answer = co_await answer_to(std::move(text));
    service::ReportShortMessage report{.message = message,
                                       .outcome = std::string{name_of(answer.word)},
                                       .text = std::move(answer.detail)};
    co_await tell(std::move(report));
}

// How far a broken attempt came is not known: where a key does a thing once it is tried again, elsewhere it is uncertain.
net::awaitable<WayOutAnswer> ShortMessageSender::answer_to(OutgoingText text) {
    const WayOutWord broken = way_out_.once_by_key() ? WayOutWord::later : WayOutWord::uncertain;
    std::string why = "no answer in time";
    try {
        auto sending = way_out_.send(std::move(text));
        auto answer = co_await net::within(settings_.answer_within, std::move(sending));
        if (answer) co_return *std::move(answer);
    } catch (const std::exception& error) {
        if (stopping_) throw;
        why = error.what();
    }
    co_return WayOutAnswer{.word = broken, .detail = std::move(why)};
}

net::awaitable<void> ShortMessageSender::tell(service::ReportShortMessage report) {
    const bool kept = co_await queue_.report(report);
    if (kept) co_return;
    spdlog::warn("what became of short message {} could not be stored; told again in a moment", report.message);
    untold_.push_back(std::move(report));
}

net::awaitable<void> ShortMessageSender::tell_again() {
    auto untold = std::exchange(untold_, {});
    for (service::ReportShortMessage& report : untold) co_await tell(std::move(report));
}

}  // namespace okpay::telephony
