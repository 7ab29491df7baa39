// SPDX-License-Identifier: Apache-2.0
#include "mailroom/outgoing_queue.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace okpay::mailroom {
namespace {

using namespace std::chrono_literals;

constexpr std::array<Millis, 5> waits{1min, 5min, 15min, 1h, 4h};
constexpr Millis tried_for = std::chrono::days{4};

}  // namespace

std::optional<Moment> next_attempt(int attempts_made, Moment queued_at, Moment now) {
    const auto index = static_cast<std::size_t>(std::max(attempts_made - 1, 0));
    const Moment next = now + waits[std::min(index, waits.size() - 1)];
    if (next > queued_at + tried_for) return std::nullopt;
    return next;
}

OutgoingReport decide_after(const QueuedMail& mail, DeliveryReport delivery, Moment now) {
    OutgoingReport report{mail.id, OutgoingState::sent, {}, std::move(delivery.text), std::move(delivery.refused)};
    const auto again = next_attempt(mail.attempts_made + 1, mail.queued_at, now);
    switch (delivery.outcome) {
    case DeliveryOutcome::sent: return report;
    case DeliveryOutcome::permanent: report.state = OutgoingState::failed; return report;
    case DeliveryOutcome::temporary:
        report.state = again ? OutgoingState::queued : OutgoingState::failed;
        report.next_attempt = again;
        return report;
    case DeliveryOutcome::uncertain:
        report.state = OutgoingState::uncertain;
        if (!mail.names_money) report.next_attempt = again;
        return report;
    }
    std::abort();
}

std::optional<OutgoingReport> decide_interrupted(const QueuedMail& mail) {
    if (!mail.interrupted || !mail.names_money) return std::nullopt;
    return OutgoingReport{mail.id, OutgoingState::uncertain, {}, "stopped while it was being sent", {}};
}

}  // namespace okpay::mailroom
