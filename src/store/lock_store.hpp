// SPDX-License-Identifier: Apache-2.0
// Rows of locks on customers, of proposals to release them, and of what the monitor noted and judged.
#pragma once

#include "customers/lock.hpp"
#include "money/account.hpp"
#include "store/connection.hpp"

namespace okpay::store {

void insert_lock(Connection& connection, const customers::Lock& lock);
void update_lock(Connection& connection, const customers::Lock& lock);  // state, ticket, ended
std::optional<customers::Lock> find_lock(Connection& connection, customers::LockNo no);
std::vector<customers::Lock> locks_of(Connection& connection, customers::CustomerNo customer);  // newest first
std::vector<customers::Lock> active_locks(Connection& connection);                             // all, in order
std::vector<customers::LockNo> due_locks(Connection& connection, Moment at, std::int64_t limit);
void each_lock(Connection& connection, const std::function<void(const customers::Lock&)>& visit);
struct LockFilter {
    std::optional<customers::LockState> state;
    std::optional<customers::CustomerNo> customer;
    std::int64_t before = 0;  // numbers below; 0: from the newest
    std::int64_t limit = 50;
};
std::vector<customers::Lock> list_locks(Connection& connection, const LockFilter& filter);  // newest first

// Appended for ever: the places of a lock's beginning and end between the transfers of the ledger.
struct LockEvent {
    std::int64_t no;
    customers::LockNo lock;
    Moment at;
    customers::LockState to;
    std::string actor;   // "staff:3"
    std::string reason;  // of the lock, or of its end
    std::int64_t ledger_seq;
};
void insert_lock_event(Connection& connection, const LockEvent& event);
std::vector<LockEvent> lock_events(Connection& connection, customers::LockNo lock);  // in order
void each_lock_event(Connection& connection, const std::function<void(const LockEvent&)>& visit);
std::int64_t last_lock_event_of(Connection& connection, customers::CustomerNo customer);  // 0: none

void insert_lock_release(Connection& connection, const customers::LockRelease& release);
void update_lock_release(Connection& connection, const customers::LockRelease& release);  // state, decider, decided, note
std::optional<customers::LockRelease> find_lock_release(Connection& connection, const customers::LockReleaseId& id);
std::vector<customers::LockRelease> lock_releases(Connection& connection, customers::LockNo lock);  // in order
void each_lock_release(Connection& connection, const std::function<void(const customers::LockRelease&)>& visit);

// What a customer did or suffered that the monitor asks about later.
enum class RiskEventKind : std::uint8_t {  // stored, append only
    sign_in = 1,
    sign_in_new_device = 2,
    sign_in_try = 3,   // counted before the password is looked at
    change = 4,        // of password, factor, contact or instrument: `detail` says
    lock_ended = 5,    // by people: watched from here on
    right_password = 6,  // one of the tries was none to worry about
};
struct RiskEvent {
    std::int64_t no;
    customers::CustomerNo customer;
    RiskEventKind kind;
    Moment at;
    std::string detail;  // of a sign-in: the device's hash, hex
};
void insert_risk_event(Connection& connection, const RiskEvent& event);
void each_risk_event_since(Connection& connection, Moment since, const std::function<void(const RiskEvent&)>& visit);
// Whether the customer signed in by other devices before, and never by this one.
bool has_other_device(Connection& connection, customers::CustomerNo customer, std::string_view device);
std::int64_t last_risk_change(Connection& connection, customers::CustomerNo customer);  // its number, 0: none

// Never of what was allowed without a word.
struct RiskDecision {
    std::int64_t no;
    Moment at;
    customers::CustomerNo customer;
    std::int64_t operation, verdict;  // risk::Operation, risk::Verdict
    std::string ruleset;              // version
    std::string rules, shadows;       // names, comma-separated: those that decided, those that would have
    std::string inputs;               // JSON
    std::int64_t payment = 0;         // sequence; of a sign-in 0
    std::int64_t payee = 0;           // account, 0: none
    std::int64_t amount_minor = 0, currency = 0;
    std::int64_t lock = 0;  // that it placed
};
void insert_risk_decision(Connection& connection, const RiskDecision& decision);
std::vector<RiskDecision> risk_decisions_of(Connection& connection, customers::LockNo lock);
// Those behind locks that people have ended since: what two persons let through.
void each_cleared_decision(Connection& connection, Moment since, const std::function<void(const RiskDecision&)>& visit);
void each_risk_decision(Connection& connection, const std::function<void(const RiskDecision&)>& visit);

}  // namespace okpay::store
