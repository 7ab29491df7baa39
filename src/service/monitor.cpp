// SPDX-License-Identifier: Apache-2.0
#include "service/monitor.hpp"

#include <fmt/format.h>

#include "service/handlers.hpp"
#include "service/locks.hpp"
#include "store/lock_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using customers::LockNo;
using risk::Facts;
using risk::Judgement;
using risk::Operation;
using risk::Verdict;

bool is_watched(const Watched* watched, Moment at) {
    return watched != nullptr && watched->released && at - *watched->released < customers::watched_after_release;
}

bool is_cleared(const Watched* watched, const Movement& movement, Moment at) {
    if (!is_watched(watched, at)) return false;
    const std::int64_t payee = movement.payee ? number_of(*movement.payee) : 0;
    return std::ranges::any_of(watched->cleared, [&](const Watched::Cleared& one) {
        return one.operation == static_cast<std::int64_t>(movement.operation) && one.payee == payee &&
               one.currency == static_cast<std::int64_t>(movement.amount.currency()) &&
               movement.amount.minor() <= one.amount_minor;
    });
}

void add_history(Facts& facts, const Watched* watched, Moment at) {
    if (watched == nullptr) return;
    facts.watched = is_watched(watched, at);
    if (watched->changed) facts.since_change = std::max(Millis{0}, at - *watched->changed);
    if (watched->new_device) facts.since_new_device = std::max(Millis{0}, at - *watched->new_device);
    facts.failed_sign_ins =
        std::max<std::int64_t>(0, watched->sign_in_tries.seen(at).count - watched->right_passwords.seen(at).count);
}

bool is_new_payee(Books& books, const Movement& movement) {
    switch (movement.operation) {
    case Operation::send: return !movement.payee || !books.paid_lately(movement.wallet, *movement.payee);
    case Operation::withdraw: return !store::was_paid_out_to(books.connection(), movement.customer, movement.instrument);
    case Operation::pay:
    case Operation::exchange:
    case Operation::sign_in: return false;
    }
    std::abort();
}

Facts facts_of(Books& books, const risk::Ruleset& rules, const Movement& movement, Moment at) {
    const money::Account& wallet = *books.ledger().find(movement.wallet);
    const Watched* watched = books.watched(movement.customer);
    Facts facts{.operation = movement.operation,
                .amount = movement.amount,
                .available_minor = wallet.available_minor(),
                .entries = wallet.entries,
                .moved_minor = wallet.debits_posted + wallet.credits_posted};
    add_history(facts, watched, at);
    if (const Velocity* velocity = books.velocity_of(movement.wallet)) {
        facts.out_ten_minutes = velocity->ten_minutes.seen(at).count;
        const auto hour = velocity->hour.seen(at);
        facts.out_hour = hour.count;
        facts.out_hour_minor = hour.minor;
    }
    if (asks_for_payee(rules, movement.operation, movement.amount, facts.watched)) {
        facts.new_payee = is_new_payee(books, movement);
    }
    facts.cleared = is_cleared(watched, movement, at);
    return facts;
}

std::string names(const std::vector<const risk::Rule*>& rules) {
    std::string text;
    for (const risk::Rule* rule : rules) text += (text.empty() ? "" : ",") + rule->name;
    return text;
}

LockNo lock_for(Books& books, const Context& context, const Command& command, CustomerNo customer, const risk::Rule& rule,
                const Facts& facts, const risk::Ruleset& rules) {
    // The rule's word, not of whoever moves: a merchant or a customer who trips it places no lock.
    Command by_rule = command;
    by_rule.actor = Actor{};
    return place_lock(books, context, by_rule,
                      {.customer = customer,
                       .scope = rule.scope,
                       .source = customers::LockSource::rule,
                       .reason = fmt::format("rule {} ({}): {}", rule.name, rules.version, explain(rule, facts)),
                       .message_code = rule.message_code});
}

}  // namespace

payments::Decided judged(Books& books, const Context& context, const Command& command, payments::Decided decided,
                         const Movement& movement) {
    const auto& rules = context.settings().risk_rules;
    if (!decided || rules == nullptr) return decided;
    const Facts facts = facts_of(books, *rules, movement, command.at);
    const Judgement judgement = judge(facts, *rules);
    if (judgement.verdict == Verdict::allow && judgement.shadows.empty()) return decided;
    const bool stops = judgement.verdict != Verdict::allow;
    const LockNo lock =
        stops ? lock_for(books, context, command, movement.customer, *judgement.decided_by, facts, *rules) : LockNo{0};
    store::insert_risk_decision(books.connection(), {.no = books.next_number("risk_decision"),
                                                     .at = command.at,
                                                     .customer = movement.customer,
                                                     .operation = static_cast<std::int64_t>(movement.operation),
                                                     .verdict = static_cast<std::int64_t>(judgement.verdict),
                                                     .ruleset = rules->version,
                                                     .rules = names(judgement.held),
                                                     .shadows = names(judgement.shadows),
                                                     .inputs = inputs_json(facts),
                                                     .payment = books.next_payment_seq(),
                                                     .payee = movement.payee ? number_of(*movement.payee) : 0,
                                                     .amount_minor = movement.amount.minor(),
                                                     .currency = static_cast<std::int64_t>(movement.amount.currency()),
                                                     .lock = number_of(lock)});
    if (stops) return fail(payments::PaymentRefusal::payer_locked);
    return decided;
}

std::optional<Answer> judged_sign_in(Books& books, const Context& context, const Command& command, CustomerNo customer,
                                     std::string_view device_hash) {
    const auto locked = [&] {
        const std::string request = request_about_locks(books, context, customer);
        return refused("account_locked", request.empty()
                                             ? "signing in to this account is locked; write to support"
                                             : fmt::format("signing in to this account is locked; the request {} has your "
                                                           "case, answer our mail about it",
                                                           request));
    };
    if (books.stopped(customer).sign_in) return locked();
    const auto& rules = context.settings().risk_rules;
    // The first device of all is not a new one, and a browser that shows none tells nothing.
    const bool is_new = !device_hash.empty() && store::has_other_device(books.connection(), customer, device_hash);
    if (rules != nullptr) {
        Facts facts{.operation = Operation::sign_in, .amount = std::nullopt};
        add_history(facts, books.watched(customer), command.at);
        facts.new_device = is_new;
        const Judgement judgement = judge(facts, *rules);
        if (judgement.verdict != Verdict::allow || !judgement.shadows.empty()) {
            const bool stops = judgement.verdict != Verdict::allow;
            const LockNo lock =
                stops ? lock_for(books, context, command, customer, *judgement.decided_by, facts, *rules) : LockNo{0};
            store::insert_risk_decision(books.connection(), {.no = books.next_number("risk_decision"),
                                                             .at = command.at,
                                                             .customer = customer,
                                                             .operation = static_cast<std::int64_t>(Operation::sign_in),
                                                             .verdict = static_cast<std::int64_t>(judgement.verdict),
                                                             .ruleset = rules->version,
                                                             .rules = names(judgement.held),
                                                             .shadows = names(judgement.shadows),
                                                             .inputs = inputs_json(facts),
                                                             .lock = number_of(lock)});
        }
        if (judgement.verdict == Verdict::deny || books.stopped(customer).sign_in) return locked();
    }
    books.note_risk_event(customer, is_new ? store::RiskEventKind::sign_in_new_device : store::RiskEventKind::sign_in,
                          command.at, device_hash);
    return std::nullopt;
}

void note_sign_in_try(Books& books, const Command& command, CustomerNo customer) {
    books.note_risk_event(customer, store::RiskEventKind::sign_in_try, command.at, "");
}

void note_right_password(Books& books, const Command& command, CustomerNo customer) {
    books.note_risk_event(customer, store::RiskEventKind::right_password, command.at, "");
}

void note_security_change(Books& books, const Command& command, CustomerNo customer, std::string_view what) {
    books.note_risk_event(customer, store::RiskEventKind::change, command.at, what);
}

}  // namespace okpay::service
