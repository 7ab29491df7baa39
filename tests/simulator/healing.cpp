// SPDX-License-Identifier: Apache-2.0
// The second phase: nothing fails any more, and everything must come to its end.
#include <fmt/format.h>

#include "simulation.hpp"

namespace okpay::simulator {

using namespace okpay::service;  // the commands

namespace {

constexpr int rounds_max = 4'000;
constexpr Millis until_the_next_code{31'000};

}  // namespace

void Simulation::heal() {
    note("--- healing");
    safe_ = true;
    rail_.heal();
    for (std::int64_t customer = 1; customer <= std::ssize(model_.house().customers); ++customer) {
        unlocked_at_crash_.push_back(customer);  // what a lock held back goes on
    }
    crash();  // the last, so that what hung ends
    std::set<std::int64_t> may_need_person;
    for (const auto& [payment, call] : model_.calls()) {
        if (call.open() && !call.next) may_need_person.insert(payment);
    }
    for (int round = 0; round < rounds_max; ++round) {
        if (heal_once()) continue;
        std::optional<std::int64_t> waiting;
        for (const auto& [payment, call] : model_.calls()) {
            if (call.open() && !waiting) waiting = payment;
        }
        if (!waiting) return;
        const Model::Call& call = model_.calls().at(*waiting);
        if (!may_need_person.contains(*waiting) && !rail_.is_mute(*waiting)) {
            wrong(fmt::format("payment {} waits for a person, and the bank would have told", *waiting));
        }
        const bool nobody_writes = model_.rows()[static_cast<std::size_t>(*waiting - 1)].kind == "merchant_payout";
        if (call.inquiries != 8 || (call.ticket != "open" && !nobody_writes)) {
            wrong(fmt::format("payment {} waits for a person after {} inquiries, with a request that is '{}'", *waiting,
                              call.inquiries, call.ticket));
        }
        settle_by_person(*waiting);
    }
    wrong("it does not come to rest");
}

// Goes on to the next thing that falls due, and does all that is due then; false: nothing ever will be.
bool Simulation::heal_once() {
    std::optional<Moment> next = rail_.next();
    const auto sooner = [&next](std::optional<Moment> at) {
        if (at && (!next || *at < *next)) next = at;
    };
    for (const auto& [payment, call] : model_.calls()) {
        if (call.open()) sooner(call.next);
    }
    for (const Model::Row& row : model_.rows()) {
        if (row.state == "requires_capture") sooner(row.expires);
    }
    for (const Model::Wish& wish : model_.wishes()) {
        if (wish.state == "pending") sooner(wish.expires);
    }
    for (const Model::Later& later : model_.laters()) sooner(later.next);
    for (const auto& [reference, dispute] : model_.disputes()) {
        if (dispute.status == "needs_response") sooner(dispute.due);
    }
    if (!wishes_.empty() || !untold_.empty()) sooner(now_);
    if (!next) return false;
    now_ = std::max(now_, *next);
    std::vector<Asked> batch;
    for (Command& wish : std::exchange(wishes_, {})) {
        if (is_money(wish.body)) wish = {CommandId::of(now_, dice_.octets(10)), now_, wish.actor, std::move(wish.body)};
        Asked one{.command = std::move(wish)};
        one.by = Asked::By::client;
        batch.push_back(std::move(one));
    }
    for (Delivery& told : rail_.take_due(now_)) untold_.push_back(std::move(told));
    for (Delivery& told : std::exchange(untold_, {})) {
        batch.push_back(asked(report_of(told), Asked::By::bank));
        batch.back().told = std::move(told);
    }
    batch.push_back(asked(TakeRailCalls{.calls_max = 100, .seed = some_seed()}));
    batch.push_back(asked(ExpireHolds{.holds_max = 100}));
    if (with_wishes_) {
        batch.push_back(asked(ExpireMoneyRequests{.requests_max = 100, .seed = some_seed()}));
        batch.push_back(asked(ExpireDisputes{.disputes_max = 100}));
        batch.push_back(asked(RunSchedules{.occurrences_max = 100, .seed = some_seed()}));
    }
    process(std::move(batch));
    return true;
}

void Simulation::settle_by_person(std::int64_t payment) {
    now_ += until_the_next_code;
    constexpr std::int64_t supervisor = 1;
    Asked one = asked(decision(payment, supervisor));
    one.command.actor = {ActorKind::staff, supervisor};
    std::vector<Asked> batch;
    batch.push_back(std::move(one));
    process(std::move(batch));
    count("settled by a person");
    if (model_.calls().at(payment).open()) {
        now_ += std::chrono::minutes{16};  // too many wrong codes before: blocked for a while
    }
}

}  // namespace okpay::simulator
