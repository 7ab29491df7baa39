// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <limits>
#include <map>
#include <set>
#include <unordered_map>

#include "store/impl/verify_checks.hpp"
#include "store/ledger_store.hpp"
#include "store/lock_store.hpp"
#include "store/people_store.hpp"

namespace okpay::store {
namespace {

using customers::Lock;
using customers::LockEffect;
using customers::LockRelease;
using customers::LockReleaseState;
using customers::LockState;
using money::Transfer;
using money::TransferCode;
using money::TransferKind;

// What the customer does, or whoever has got hold of the account. What two persons of the house correct is not stopped.
bool is_stopped_by_lock(const Transfer& transfer) {
    if (transfer.kind == TransferKind::void_pending || transfer.kind == TransferKind::expire_pending) return false;
    return transfer.code != TransferCode::correction;
}

struct Checker {
    explicit Checker(Connection& connection) : connection{connection} {}

    void read() {
        each_lock(connection, [this](const Lock& lock) {
            ++report.looked_at;
            if (lock.reason.empty() || lock.message_code.empty()) {
                report.fault(fmt::format("lock {} has no reason", number_of(lock.no)));
            }
            if ((lock.state == LockState::active) == lock.ended.has_value()) {
                report.fault(fmt::format("lock {} is in a state that its row denies", number_of(lock.no)));
            }
            locks.emplace(number_of(lock.no), lock);
        });
        each_lock_event(connection, [this](const LockEvent& event) { events.push_back(event); });
        each_account_owner(connection, [this](const AccountOwner& owner) {
            if (owner.customer) customer_of.emplace(number_of(owner.account), number_of(*owner.customer));
        });
    }

    void happen(std::int64_t before_seq) {  // the events up to a transfer
        for (; next < events.size() && events[next].ledger_seq < before_seq; ++next) {
            const LockEvent& event = events[next];
            if (event.no != static_cast<std::int64_t>(next) + 1) {
                report.fault(fmt::format("lock event {} is missing", next + 1));
            }
            if (next > 0 && event.ledger_seq < events[next - 1].ledger_seq) {
                report.fault(fmt::format("lock event {} stands before the one that it follows", event.no));
            }
            if (event.reason.empty() || event.actor.empty()) {
                report.fault(fmt::format("lock event {} has no actor or no reason", event.no));
            }
            const auto lock = locks.find(number_of(event.lock));
            if (lock == locks.end()) {
                report.fault(fmt::format("lock event {} names a lock that does not exist", event.no));
                continue;
            }
            const auto [state, is_first] = states.emplace(lock->first, event.to);
            const bool follows = is_first ? event.to == LockState::active : may_become(state->second, event.to);
            if (!follows) report.fault(fmt::format("lock event {} does not continue the one before it", event.no));
            state->second = event.to;
            auto& active = standing[number_of(lock->second.customer)];
            if (event.to == LockState::active) active.insert(lock->first);
            else active.erase(lock->first);
        }
    }

    [[nodiscard]] LockEffect effect(std::int64_t customer) const {
        LockEffect stops;
        const auto found = standing.find(customer);
        if (found == standing.end()) return stops;
        for (const std::int64_t no : found->second) stops = stops | effect_of(locks.at(no).scope);
        return stops;
    }

    void follow_ledger() {
        if (events.empty()) return;
        each_transfer(connection, events.front().ledger_seq, [this](const Transfer& transfer) {
            happen(transfer.seq);
            const auto payer = customer_of.find(number_of(transfer.debit));
            if (payer == customer_of.end() || !is_stopped_by_lock(transfer)) return;
            const LockEffect stops = effect(payer->second);
            if (stops.debits || (stops.payouts && transfer.code == TransferCode::withdrawal)) {
                report.fault(fmt::format("transfer {} left an account while a lock stopped it", transfer.seq));
            }
        });
        happen(std::numeric_limits<std::int64_t>::max());
    }

    void compare_rows() {
        for (const auto& [no, lock] : locks) {
            const auto state = states.find(no);
            if (state == states.end() || state->second != lock.state) {
                report.fault(fmt::format("lock {} is {} and its events say otherwise", no, name_of(lock.state)));
            }
        }
        connection.query("SELECT no, standing FROM customer ORDER BY no", {}, [this](const Row& row) {
            const auto said = static_cast<customers::Standing>(row.integer(1));
            if (said != effect(row.integer(0)).standing()) {
                report.fault(fmt::format("the standing of customer {} is not what the locks make it", row.integer(0)));
            }
        });
    }

    // A1: maker and checker are two, and what two persons have to end was ended by two.
    void compare_releases() {
        std::set<std::int64_t> by_two;
        each_lock_release(connection, [&](const LockRelease& release) {
            const bool decided = release.state != LockReleaseState::proposed;
            if (release.decider.has_value() != decided || release.decided.has_value() != decided) {
                report.fault(fmt::format("release {} is in a state that its row denies", release.no));
            }
            if (release.state != LockReleaseState::executed) return;
            if (release.decider == release.proposer) {
                report.fault(fmt::format("release {} was approved by who proposed it", release.no));
            }
            if (!by_two.insert(number_of(release.lock)).second) {
                report.fault(fmt::format("lock {} was released twice", number_of(release.lock)));
            }
        });
        for (const auto& [no, lock] : locks) {
            const bool alone = lock.state == LockState::released && needs_two_persons(lock.source) && !by_two.contains(no);
            if (alone) report.fault(fmt::format("lock {} was released without two persons", no));
            if (lock.state != LockState::released && by_two.contains(no)) {
                report.fault(fmt::format("lock {} was released and is {}", no, name_of(lock.state)));
            }
        }
    }

    Connection& connection;
    CheckReport report{.name = "locks"};
    std::map<std::int64_t, Lock> locks;
    std::vector<LockEvent> events;
    std::unordered_map<std::int64_t, std::int64_t> customer_of;
    std::unordered_map<std::int64_t, LockState> states;
    std::unordered_map<std::int64_t, std::set<std::int64_t>> standing;  // by customer: locks that are active
    std::size_t next = 0;
};

}  // namespace

// K1: nothing left an account at a place of the ledger's order where a lock stopped it. K3: each beginning and each end has
// an actor and a reason. A lock's event stands right after the transfer that was the newest when it happened.
CheckReport check_locks(Connection& connection) {
    Checker checker{connection};
    checker.read();
    checker.follow_ledger();
    checker.compare_rows();
    checker.compare_releases();
    return std::move(checker.report);
}

}  // namespace okpay::store
