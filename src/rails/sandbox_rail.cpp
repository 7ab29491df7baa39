// SPDX-License-Identifier: Apache-2.0
#include "rails/sandbox_rail.hpp"

#include <array>
#include <utility>

namespace okpay::rails {
namespace {

using payments::RailWord;

constexpr std::string_view prefix = "sandbox:";
constexpr std::array<std::pair<std::string_view, SandboxWord>, 13> words{{
    {"ok", SandboxWord::accept},
    {"decline", SandboxWord::decline},
    {"timeout_done", SandboxWord::timeout_done},
    {"timeout_lost", SandboxWord::timeout_lost},
    {"late", SandboxWord::late},
    {"never", SandboxWord::never},
    {"hang", SandboxWord::hang},
    {"twice", SandboxWord::twice},
    {"bounce", SandboxWord::bounce},
    {"no_then_done", SandboxWord::no_then_done},
    {"refund_decline", SandboxWord::refund_decline},
    {"refund_timeout_done", SandboxWord::refund_timeout_done},
    {"refund_late", SandboxWord::refund_late},
}};
constexpr std::int64_t late_inquiries = 2;

SandboxWord word_of(const service::RailOrder& order) { return sandbox_word(order.instrument).value_or(SandboxWord::accept); }

bool is_out(const service::RailOrder& order) { return order.direction == "pay_out"; }

RailAnswer answer(const service::RailOrder& order, RailWord word, std::string detail) {
    return {.word = word, .rail_reference = "sandbox-" + order.reference, .detail = std::move(detail)};
}

}  // namespace

std::optional<SandboxWord> sandbox_word(std::string_view instrument) {
    if (!instrument.starts_with(prefix)) return SandboxWord::accept;
    instrument.remove_prefix(prefix.size());
    for (const auto& [name, word] : words) {
        if (name == instrument) return word;
    }
    return std::nullopt;
}

// What is done unasked: a timer of its own, so that the answer goes out first.
void SandboxRail::notify_later(std::int64_t payment, RailAnswer told, Millis after) {
    auto timer = std::make_shared<asio::steady_timer>(executor_, after);
    timer->async_wait([this, timer, payment, told = std::move(told)](net::ErrorCode error) {
        if (!error) on_notice_({payment, told});
    });
}

net::awaitable<RailAnswer> SandboxRail::call(service::RailOrder order) {
    switch (word_of(order)) {
    case SandboxWord::accept: co_return answer(order, RailWord::done, "");
    case SandboxWord::decline: co_return answer(order, RailWord::declined, "declined by the bank");
    case SandboxWord::timeout_done:
    case SandboxWord::timeout_lost:
    case SandboxWord::late:
    case SandboxWord::never: co_return answer(order, RailWord::no_answer, "the bank did not answer in time");
    case SandboxWord::hang: {
        asio::steady_timer silence{executor_, asio::steady_timer::time_point::max()};
        co_await silence.async_wait(asio::use_awaitable);
        co_return answer(order, RailWord::no_answer, "");
    }
    case SandboxWord::twice: notify_later(order.payment, answer(order, RailWord::done, ""), Millis{0}); break;
    case SandboxWord::bounce:
        if (is_out(order)) {
            notify_later(order.payment, answer(order, RailWord::returned, "the account is closed"), notice_after_);
        }
        break;
    case SandboxWord::no_then_done:
        notify_later(order.payment, answer(order, RailWord::done, "booked after all"), notice_after_);
        co_return answer(order, RailWord::declined, "declined by the bank");
    case SandboxWord::refund_decline:
        if (is_out(order)) co_return answer(order, RailWord::declined, "the card is closed");
        break;
    case SandboxWord::refund_timeout_done:
    case SandboxWord::refund_late:
        if (is_out(order)) co_return answer(order, RailWord::no_answer, "the bank did not answer in time");
        break;
    }
    co_return answer(order, RailWord::done, "");
}

net::awaitable<RailAnswer> SandboxRail::inquire(service::RailOrder order) {
    switch (word_of(order)) {
    case SandboxWord::decline:
    case SandboxWord::no_then_done: co_return answer(order, RailWord::declined, "declined by the bank");
    case SandboxWord::timeout_lost: co_return answer(order, RailWord::not_known, "the bank has no such order");
    case SandboxWord::late:
        if (order.inquiries < late_inquiries) break;
        co_return answer(order, RailWord::done, "");
    case SandboxWord::never: break;
    case SandboxWord::refund_decline:
        co_return is_out(order) ? answer(order, RailWord::declined, "the card is closed")
                                : answer(order, RailWord::done, "");
    case SandboxWord::refund_late:
        if (!is_out(order)) co_return answer(order, RailWord::done, "");
        if (order.inquiries < late_inquiries) break;
        co_return answer(order, RailWord::declined, "the card is closed");
    case SandboxWord::refund_timeout_done:
    case SandboxWord::accept:
    case SandboxWord::timeout_done:
    case SandboxWord::hang:
    case SandboxWord::twice:
    case SandboxWord::bounce: co_return answer(order, RailWord::done, "");
    }
    co_return answer(order, RailWord::pending, "the bank has not decided");
}

}  // namespace okpay::rails
