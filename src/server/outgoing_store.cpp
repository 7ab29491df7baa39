// SPDX-License-Identifier: Apache-2.0
#include "server/outgoing_store.hpp"

#include <stdexcept>

#include "base/clock.hpp"
#include "store/desk_store.hpp"

namespace okpay::server {
namespace {

std::string_view state_of(mailroom::OutgoingState state) {
    switch (state) {
    case mailroom::OutgoingState::sent: return "sent";
    case mailroom::OutgoingState::queued:
    case mailroom::OutgoingState::kept: return "queued";
    case mailroom::OutgoingState::uncertain: return "uncertain";
    case mailroom::OutgoingState::failed: return "failed";
    }
    std::abort();
}

// Without a relay a mail waits for one; it is looked at again now and then, should the configuration change.
constexpr std::chrono::hours kept_for{1};

}  // namespace

net::awaitable<mailroom::DueBatch> OutgoingStore::take_due(Moment now, std::size_t mails_max) {
    service::Command take{fresh_id<CommandId>(), now, {}, service::TakeOutgoing{static_cast<std::int64_t>(mails_max)}};
    const service::Answer answer = co_await api::submitted(service_, std::move(take));
    if (!answer.done()) throw std::runtime_error{"the outbox cannot be read now: " + answer.code};
    auto read = [database = database_, numbers = answer.numbers] {
        mailroom::DueBatch batch;
        const auto reader = store::open(database, store::Access::reader);
        for (const std::int64_t no : numbers) {
            auto row = store::find_outgoing(*reader, no);
            if (!row) continue;
            batch.mails.push_back({.id = row->id,
                                   .mail = {.envelope_from = row->envelope_from,
                                            .recipients = {row->recipient},
                                            .bytes = std::move(row->bytes)},
                                   .attempts_made = static_cast<int>(row->attempts),
                                   .queued_at = row->created,
                                   .names_money = row->names_money,
                                   .interrupted = row->handed_out == store::HandedOut::interrupted});
        }
        batch.next_due = store::next_outgoing_due(*reader);
        return batch;
    };
    auto batch = co_await workers_.run(std::move(read));
    if (!batch) throw std::runtime_error{"too much waits to be read"};
    co_return *std::move(batch);
}

net::awaitable<void> OutgoingStore::report(mailroom::OutgoingReport report) {
    const Moment at = clock_.now();
    const bool kept = report.state == mailroom::OutgoingState::kept;
    const Moment next = kept ? at + kept_for : report.next_attempt.value_or(Moment{});
    service::ReportDelivery body{.outgoing = report.id.text(),
                                 .state = std::string{state_of(report.state)},
                                 .text = report.text,
                                 .next_at = ms_of(next),
                                 .attempted = !kept};
    service::Command command{fresh_id<CommandId>(), at, {}, std::move(body)};
    const service::Answer answer = co_await api::submitted(service_, std::move(command));
    if (!answer.done()) throw std::runtime_error{"the outbox cannot be written now: " + answer.code};
}

}  // namespace okpay::server
