// SPDX-License-Identifier: Apache-2.0
// The outgoing queue as the sender sees it, and what is decided after an attempt. The service implements the queue over
// the outbox; the decisions are pure.
//   Books    every mail is in one state: sent, queued, uncertain or failed (`kept` is queued, with no relay to try).
//   Once     take_due() marks what it hands out, durably, before it answers. What was handed out and never reported on
//            (the process ended) is handed out again after the restart with `interrupted` set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/moment.hpp"
#include "mailroom/smtp_delivery.hpp"
#include "net/asio.hpp"

namespace okpay::mailroom {

struct QueuedMail {
    OutgoingId id;
    OutgoingMail mail;         // always the same octets, so the same Message-ID on every attempt
    int attempts_made = 0;
    Moment queued_at{};
    bool names_money = false;  // after an uncertain attempt a person decides; otherwise it is tried again
    bool interrupted = false;
};

enum class OutgoingState : std::uint8_t { sent, queued, uncertain, failed, kept };
struct OutgoingReport {
    OutgoingId id;
    OutgoingState state;
    std::optional<Moment> next_attempt;  // of queued or uncertain; an uncertain one without waits for a person
    std::string text;                    // the relay's words, or ours
    std::vector<RefusedRecipient> refused;
};

struct DueBatch {
    std::vector<QueuedMail> mails;
    std::optional<Moment> next_due;  // of what was not handed out; nothing: none is waiting for its time
};

// May throw where the storage is away: the sender tries again later and loses nothing.
class OutgoingQueue {
public:
    virtual ~OutgoingQueue() = default;
    virtual net::awaitable<DueBatch> take_due(Moment now, std::size_t mails_max) = 0;
    virtual net::awaitable<void> report(OutgoingReport report) = 0;  // durable when it returns; twice does no harm
};

// 1 min, 5 min, 15 min, 1 h, then every 4 h until 4 days after it was queued; nothing: give up (RFC 5321 4.5.4.1).
std::optional<Moment> next_attempt(int attempts_made, Moment queued_at, Moment now);

OutgoingReport decide_after(const QueuedMail& mail, DeliveryReport delivery, Moment now);
// What an interrupted mail comes to without another attempt: nothing where it may be tried again.
std::optional<OutgoingReport> decide_interrupted(const QueuedMail& mail);

}  // namespace okpay::mailroom
