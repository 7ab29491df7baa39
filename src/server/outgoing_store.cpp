// SPDX-License-Identifier: Apache-2.0
#include "server/outgoing_store.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <stdexcept>

#include "base/clock.hpp"
#include "store/delivery_store.hpp"
#include "store/desk_store.hpp"
#include "store/dkim_store.hpp"

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

// On a worker's thread: signing with RSA takes about a millisecond a mail.
OutgoingStore::Read OutgoingStore::read_due(const store::Database& database, const store::Keyring& keyring,
                                            const std::string& domain, const std::vector<std::int64_t>& numbers,
                                            Moment now) {
    Read read;
    try {
        const auto reader = store::open(database, store::Access::reader);
        const auto keys = store::signing_keys(*reader, keyring, domain);
        for (const std::int64_t no : numbers) {
            auto row = store::find_outgoing(*reader, no);
            if (!row) continue;
            if (!keys.empty() && !mail::is_dkim_signed(row->bytes)) {
                auto fields = mail::dkim_fields(row->bytes, domain, keys, now);
                if (!fields) {
                    read.fault = fmt::format("outgoing mail {} cannot be signed", no);
                    return read;
                }
                row->bytes.insert(0, *fields);
                read.signatures.push_back({no, *std::move(fields)});
            }
            read.batch.mails.push_back({.id = row->id,
                                        .mail = {.envelope_from = row->envelope_from,
                                                 .recipients = {row->recipient},
                                                 .bytes = std::move(row->bytes)},
                                        .attempts_made = static_cast<int>(row->attempts),
                                        .queued_at = row->created,
                                        .names_money = row->names_money,
                                        .interrupted = row->handed_out == store::HandedOut::again});
        }
        const auto brake = store::standing_brake(*reader, store::BrakeKind::relay);
        read.batch.next_due = store::next_outgoing_due(*reader, brake ? brake->next_try : Moment{});
    } catch (const store::StorageFailure& failure) { read.fault = failure.what(); }
    return read;
}

net::awaitable<mailroom::DueBatch> OutgoingStore::take_due(Moment now, std::size_t mails_max) {
    service::Command take{fresh_id<CommandId>(), now, {}, service::TakeOutgoing{static_cast<std::int64_t>(mails_max)}};
    const service::Answer answer = co_await api::submitted(service_, std::move(take));
    if (!answer.done()) throw std::runtime_error{"the outbox cannot be read now: " + answer.code};
    auto work = [database = database_, keyring = keyring_, domain = domain_, numbers = answer.numbers, now] {
        return read_due(database, keyring, domain, numbers, now);
    };
    auto read = co_await workers_.run(std::move(work));
    std::string fault = read ? read->fault : "too much waits to be read";
    if (fault.empty() && !read->signatures.empty()) {
        service::Command sign{fresh_id<CommandId>(), clock_.now(), {}, service::SignOutgoing{std::move(read->signatures)}};
        const service::Answer kept = co_await api::submitted(service_, std::move(sign));
        if (!kept.done()) fault = "the signatures cannot be kept now: " + kept.code;
    }
    if (!fault.empty()) {
        co_await put_back(answer.numbers, fault);
        throw std::runtime_error{fault};
    }
    co_return std::move(read->batch);
}

// Nothing of it left: it is due again in a moment, and no attempt is counted.
net::awaitable<void> OutgoingStore::put_back(const std::vector<std::int64_t>& numbers, std::string why) {
    spdlog::error("{} outgoing mails wait: {}", numbers.size(), why);
    service::Command command{fresh_id<CommandId>(), clock_.now(), {}, service::PutBackOutgoing{numbers}};
    co_await api::submitted(service_, std::move(command));
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
