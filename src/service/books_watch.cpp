// SPDX-License-Identifier: Apache-2.0
// The part of the books that locks and the monitor look at: in memory, small, and read back from rows at the start.
#include <algorithm>

#include "service/books.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {

using customers::CustomerNo;
using customers::LockEffect;
using money::AccountNo;
using money::Transfer;

customers::LockEffect Books::stopped(CustomerNo customer) const {
    LockEffect effect;
    const auto found = locks_.find(number_of(customer));
    if (found == locks_.end()) return effect;
    for (const Held& held : found->second) effect = effect | effect_of(held.scope);
    return effect;
}

void Books::note_lock(const customers::Lock& lock) {
    const std::int64_t customer = number_of(lock.customer);
    const customers::Standing before = standing_of(lock.customer);
    remember(locks_, customer);
    std::vector<Held>& held = locks_[customer];
    if (lock.state == customers::LockState::active) {
        held.push_back({lock.no, lock.scope});
    } else {
        std::erase_if(held, [&lock](const Held& one) { return one.no == lock.no; });
        if (held.empty()) locks_.erase(customer);
    }
    const customers::Standing after = standing_of(lock.customer);
    if (after == before) return;
    connection().execute("UPDATE customer SET standing = $2 WHERE no = $1", {customer, static_cast<std::int64_t>(after)});
}

void Books::load_watch() {
    const auto newest = connection().integer("SELECT max(at) FROM risk_event");
    if (newest) {
        const Moment since = moment_of_ms(*newest) - risk_events_last;
        store::each_risk_event_since(connection(), since, [this](const store::RiskEvent& event) {
            remember_event(event.customer, event.kind, event.at);
        });
        store::each_cleared_decision(connection(), since,
                                     [this](const store::RiskDecision& decision) { note_cleared(decision); });
    }
    // Movements of the running hour and the one before: the newest transfers, found by steps back.
    constexpr std::int64_t step = 4'096;
    const money::Ledger::Head head = ledger_.head();
    const Moment since = std::chrono::floor<std::chrono::hours>(head.at) - std::chrono::hours{1};
    std::int64_t from = head.seq;
    while (from > 0 && head.seq - from < velocity_transfers_read_max) {
        from = std::max<std::int64_t>(0, from - step);
        const auto earliest = from == 0 ? std::nullopt : store::find_transfer(connection(), from);
        if (!earliest || earliest->at < since) break;
    }
    if (head.seq > 0) {
        store::each_transfer(connection(), from, [this](const Transfer& transfer) { note_velocity(transfer); });
    }
}

void Books::note_velocity(const Transfer& transfer) {
    const bool leaves = transfer.code == money::TransferCode::payment ||
                        transfer.code == money::TransferCode::person_to_person ||
                        transfer.code == money::TransferCode::withdrawal;
    const bool asked_for = transfer.kind == money::TransferKind::single || transfer.kind == money::TransferKind::pending;
    if (!leaves || !asked_for) return;
    if (ledger_.find(transfer.debit)->kind != money::AccountKind::customer_wallet) return;
    const std::int64_t wallet = number_of(transfer.debit);
    remember(velocity_, wallet);
    Velocity& velocity = velocity_[wallet];
    velocity.ten_minutes.add(transfer.at, transfer.amount);
    velocity.hour.add(transfer.at, transfer.amount);
}

void Books::remember_event(CustomerNo customer, store::RiskEventKind kind, Moment at) {
    remember(watched_, number_of(customer));
    Watched& watched = watched_[number_of(customer)];
    switch (kind) {
    case store::RiskEventKind::sign_in: break;
    case store::RiskEventKind::sign_in_new_device: watched.new_device = at; break;
    case store::RiskEventKind::sign_in_try: watched.sign_in_tries.add(at, 0); break;
    case store::RiskEventKind::right_password: watched.right_passwords.add(at, 0); break;
    case store::RiskEventKind::change: watched.changed = at; break;
    case store::RiskEventKind::lock_ended:  // what was looked at then is no reason any more
        watched.changed.reset();
        watched.new_device.reset();
        watched.sign_in_tries = watched.right_passwords = risk::SlotCount{std::chrono::hours{1}};
        watched.released = at;
        break;
    }
}

void Books::note_risk_event(CustomerNo customer, store::RiskEventKind kind, Moment at, std::string_view detail) {
    store::insert_risk_event(
        connection(),
        {.no = next_number("risk_event"), .customer = customer, .kind = kind, .at = at, .detail = std::string{detail}});
    remember_event(customer, kind, at);
}

void Books::note_cleared(const store::RiskDecision& decision) {
    remember(watched_, number_of(decision.customer));
    watched_[number_of(decision.customer)].cleared.push_back(
        {decision.operation, decision.payee, decision.amount_minor, decision.currency});
}

const Watched* Books::watched(CustomerNo customer) const {
    const auto found = watched_.find(number_of(customer));
    return found == watched_.end() ? nullptr : &found->second;
}

const Velocity* Books::velocity_of(AccountNo wallet) const {
    const auto found = velocity_.find(number_of(wallet));
    return found == velocity_.end() ? nullptr : &found->second;
}

bool Books::paid_lately(AccountNo payer, AccountNo payee) {
    std::int64_t seq = ledger_.find(payer)->last_transfer;
    for (int looked_at = 0; seq != 0 && looked_at < payees_looked_at_max; ++looked_at) {
        const auto transfer = find_transfer(seq);
        if (!transfer) return false;
        if (transfer->debit == payer && transfer->credit == payee) return true;
        seq = transfer->debit == payer ? transfer->debit_prev : transfer->credit_prev;
    }
    return false;
}

}  // namespace okpay::service
