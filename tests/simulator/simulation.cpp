// SPDX-License-Identifier: Apache-2.0
#include "simulation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>

#include "base/ensure.hpp"
#include "customers/lock.hpp"
#include "customers/totp.hpp"
#include "payments/names.hpp"
#include "service/codec.hpp"
#include "store/desk_store.hpp"
#include "store/ledger_store.hpp"
#include "store/lock_store.hpp"

namespace okpay::simulator {

using namespace okpay::service;  // the commands

namespace {

constexpr std::size_t notes_kept = 40;
constexpr std::int64_t fault_once_in = 5;   // batches
constexpr std::int64_t crash_once_in = 40;  // steps, between batches

Storage& the_storage() {
    static Storage storage;
    return storage;
}

// As a customer's own lock is placed and ended, without its letter: the rows that the books load and `verify` replays.
void put_lock(store::Connection& connection, customers::CustomerNo customer, bool locked, Moment at) {
    store::Transaction transaction{connection};
    const std::int64_t ledger_seq = connection.integer("SELECT max(seq) FROM transfer").value_or(0);
    const auto event = [&](customers::LockNo lock, customers::LockState to) {
        store::insert_lock_event(connection, {.no = store::highest(connection, "lock_event") + 1,
                                              .lock = lock,
                                              .at = at,
                                              .to = to,
                                              .actor = fmt::format("customer:{}", number_of(customer)),
                                              .reason = "simulated",
                                              .ledger_seq = ledger_seq});
    };
    bool stands = false;
    for (customers::Lock& lock : store::locks_of(connection, customer)) {
        if (lock.state != customers::LockState::active) continue;
        stands = true;
        if (locked) break;
        lock.state = customers::LockState::released;
        lock.ended = at;
        store::update_lock(connection, lock);
        event(lock.no, lock.state);
    }
    if (locked && !stands) {
        const auto no = customers::LockNo{store::highest(connection, "customer_lock") + 1};
        store::insert_lock(connection, {.no = no,
                                        .customer = customer,
                                        .scope = customers::LockScope::debits,
                                        .source = customers::LockSource::customer,
                                        .reason = "simulated",
                                        .message_code = "own_wish",
                                        .placed = at,
                                        .review_at = std::nullopt,
                                        .expires_at = std::nullopt,
                                        .ended = std::nullopt});
        event(no, customers::LockState::active);
    }
    connection.execute("UPDATE customer SET standing = $2 WHERE no = $1",
                       {number_of(customer), std::int64_t{locked ? 2 : 0}});
    const auto committed = transaction.commit();
    ensure(committed.has_value());
}

bool is_done_once_by_its_key(const CommandBody& body) {
    return is_money(body) || body.is<RequestMoney>() || body.is<ScheduleTransfer>();
}

bool is_storage_trouble(const Answer& answer) {
    return answer.code == codes::storage_full || answer.code == codes::unavailable || answer.code == codes::outcome_unknown;
}

}  // namespace

Simulation::Simulation(std::uint64_t seed, bool traces)
    : traces_{traces},
      dice_{seed},
      steps_{dice_.one_in(12) ? 200 : dice_.between(15, 60)},
      storage_{the_storage()},
      model_{founding().house},
      workload_{dice_, model_},
      rail_{seed ^ 0x5DEECE66DU},
      now_{founding().house.at},
      with_wishes_{seed % 4 != 0},  // of the seed as below
      with_banks_{seed % 4 >= 2} {
    sizes_ = {.once_run_payments = dice_.pick(std::vector<std::int64_t>{6, 20, 200}),
              .write_back_transfers = dice_.pick(std::vector<std::int64_t>{4, 16, 60}),
              // Of the seed, not of the dice: what kept seeds show stays as it was.
              .append_ahead_payments = seed % 2 == 0 ? 1U : 32U};
    storage_.begin(founding().image, {.vfs = "",
                                      .wal_checkpoint_pages = dice_.pick(std::vector<int>{10, 40, 120}),
                                      .writer_cache_kib = dice_.one_in(3) ? 40 : 8'192});
}

Outcome Simulation::run() {
    start();
    name_accounts();
    live();
    heal();
    check_everything();
    check_healed();
    check_bank();
    outcome_.transfers = reader().integer("SELECT max(seq) FROM transfer").value_or(0);
    if (const auto head = store::find_transfer(reader(), outcome_.transfers)) outcome_.head = hex_of(view_of(head->hash));
    outcome_.answers = hex_of(view_of(answers_));
    reader_.reset();
    applier_.reset();
    return outcome_;
}

void Simulation::wrong(const std::string& what) const {
    std::string last;
    for (const Note& one : notes_) last += "  " + one.text() + "\n";
    throw Wrong{fmt::format("{}\nThe last steps:\n{}", what, last)};
}

std::string Simulation::Note::text() const {
    return fmt::format("{} {} {}", rfc3339(at), line, command ? encode(*command) : "");
}

void Simulation::note(std::string line, std::optional<Command> command) {
    notes_.push_back({now_, std::move(line), std::move(command)});
    if (traces_) std::cout << notes_.back().text() << "\n";
    if (notes_.size() > notes_kept) notes_.pop_front();
}

// --- the process ----------------------------------------------------------------------------------------------------

void Simulation::start() {
    while (true) {
        try {
            // Now and then it dies while it starts.
            if (!safe_ && dice_.one_in(8)) storage_.plan({Fault::statement_crash, dice_.between(1, 12), 1});
            applier_ = std::make_unique<Applier>([this] { return storage_.open_writer(); }, house_context(),
                                                 ApplierOptions{.books = sizes_,
                                                                .epoch = std::nullopt,
                                                                .on_fatal = [](const std::string&) { throw Crash{}; }});
            break;
        } catch (const Crash&) {
            note("died at the start");
            count("crash at the start");
            storage_.crash(dice_);
            storage_.end_crash();
        }
    }
    storage_.plan({});
}

void Simulation::crash() {
    note("*** the process ends");
    count("crash");
    storage_.crash(dice_);
    reader_.reset();
    applier_.reset();
    storage_.end_crash();
    rail_.lose_connections();
    std::erase_if(untold_, [](const Delivery& told) { return !told.notice; });
    if (dice_.one_in(3)) {  // somebody was locked or unlocked meanwhile
        const std::int64_t customer = 1 + dice_.zipf(std::ssize(model_.house().customers));
        const int standing = dice_.one_in(2) ? 0 : 2;
        put_lock(*storage_.open_plain(store::Access::writer), customers::CustomerNo{customer}, standing == 2, now_);
        model_.set_standing(customer, standing);
        note(fmt::format("customer {} has standing {}", customer, standing));
    }
    for (const std::int64_t customer : std::exchange(unlocked_at_crash_, {})) {
        put_lock(*storage_.open_plain(store::Access::writer), customers::CustomerNo{customer}, false, now_);
        model_.set_standing(customer, 0);
    }
    start();
    std::vector<Asked> release;
    release.push_back(asked(ReleaseRailCalls{some_seed()}));
    process(std::move(release), !safe_ && dice_.one_in(4) ? some_fault(1) : FaultPlan{});
}

FaultPlan Simulation::some_fault(std::size_t commands) {
    const auto statements = static_cast<std::int64_t>(6 + 12 * commands);
    const std::int64_t times = dice_.one_in(3) ? dice_.between(2, 40) : 1;
    const std::int64_t first_commit = dice_.one_in(3) ? dice_.between(1, static_cast<std::int64_t>(commands)) : 1;
    const auto at_commit = [&](Fault fault) { return FaultPlan{fault, first_commit, dice_.one_in(3) ? times : 1}; };
    switch (dice_.below(12)) {
    case 0:
    case 1: return {Fault::statement_unavailable, dice_.between(1, statements), times};
    case 2: return {Fault::statement_full, dice_.between(1, statements), times};
    case 3:
    case 4: return {Fault::statement_crash, dice_.between(1, statements), 1};
    case 5: return at_commit(Fault::commit_full);
    case 6: return at_commit(Fault::commit_unknown_lost);
    case 7: return at_commit(Fault::commit_unknown_done);
    case 8: return at_commit(dice_.one_in(2) ? Fault::commit_failed_lost : Fault::commit_failed_done);
    case 9: return at_commit(Fault::crash_before_commit);
    default: return at_commit(Fault::crash_after_commit);
    }
}

void Simulation::process(std::vector<Asked> batch, FaultPlan fault) {
    std::vector<Applier::Waiting> waiting;
    waiting.reserve(batch.size());
    for (Asked& one : batch) {
        note("ask", one.command);
        waiting.push_back({one.command, [&one](Answer answer) { one.answer = std::move(answer); }});
    }
    storage_.plan(fault);
    bool died = false;
    try {
        applier_->process(waiting);
    } catch (const Crash&) { died = true; }
    if (storage_.fault_met()) {
        note(fmt::format("fault {} at {} times {}", static_cast<int>(fault.fault), fault.first, fault.times));
        count("fault", std::to_string(static_cast<int>(fault.fault)));
    }
    learn_commits(batch);
    if (applier_->money_is_read_only()) wrong("the books found themselves broken, and money is read-only");
    if (!died) storage_.plan({});
    for (const Asked& one : batch) check_answer(one);
    if (died) {
        follow_up(batch);
        crash();
    } else {
        follow_up(batch);
    }
    check_accounts();
    check_changed();
}

// Which commands are in the books, from what became of each unit of work: all at once; where that failed, one by one; where
// nobody knew, once more.
void Simulation::learn_commits(std::vector<Asked>& batch) {
    const std::vector<Attempt>& attempts = storage_.attempts();
    std::size_t next = 0;
    const auto try_these = [&](std::span<Asked> these) {  // answers whether they must be tried one by one
        for (int tries = 0; tries < 2 && next < attempts.size(); ++tries) {
            const Attempt attempt = attempts[next++];
            if (attempt.committed) {
                for (Asked& one : these) one.expected = model_.apply(one.command);
            }
            if (attempt.told_unknown) continue;
            return !attempt.committed && tries == 0;
        }
        return false;
    };
    if (!try_these(batch) || batch.size() == 1) return;
    for (Asked& one : batch) try_these(std::span{&one, 1});
    if (next < attempts.size()) wrong("the applier tried more often than it may");
}

void Simulation::check_answer(const Asked& one) {
    if (!one.answer) {
        note(fmt::format("no answer to {}", kind_of(one.command.body)));
        return;
    }
    const Answer& answer = *one.answer;
    const std::string said =
        fmt::format("    {} {}{}", answer.done() ? "done" : answer.code, answer.number, answer.replayed ? " again" : "");
    answers_ = sha256({view_of(answers_), said});
    note(said);
    count(kind_of(one.command.body), answer.replayed ? "again" : answer.done() ? "done" : answer.code);
    if (is_storage_trouble(answer)) {
        if (safe_) wrong("the storage did not fail and was blamed");
        if (one.expected && answer.code != codes::outcome_unknown) wrong("it was committed, and answered as if not");
        return;
    }
    if (!one.expected) wrong("it was answered, and nothing was committed");
    const Expected& expected = *one.expected;
    std::vector<Expected::Order> orders;
    for (const RailOrder& order : answer.rail_orders) orders.push_back({order.payment, order.inquiries, order.inquiry});
    const auto differs = [&](std::string_view what, const auto& got, const auto& want) {
        if (got != want) wrong(fmt::format("the {} of the answer is {}, and must be {}", what, got, want));
    };
    differs("code", answer.code, expected.code);
    differs("number", answer.number, expected.number);
    differs("repetition", answer.replayed, expected.replayed);
    if (answer.numbers != expected.numbers) {
        wrong(fmt::format("{} did {}, and must do {}", kind_of(one.command.body), fmt::join(answer.numbers, " "),
                          fmt::join(expected.numbers, " ")));
    }
    if (orders != expected.orders) wrong("other calls were handed out than those that were due");
    if (answer.payment != nullptr && expected.shown) {
        differs("state", name_of(answer.payment->state), expected.shown->state);
        differs("refusal", code_of(answer.payment->refusal), expected.shown->refusal);
        differs("captured amount", answer.payment->captured_minor, expected.shown->captured);
        differs("refunded amount", answer.payment->refunded_minor, expected.shown->refunded);
        differs("fee", answer.payment->fee_minor, expected.shown->fee);
    } else if (expected.shown.has_value() != (answer.payment != nullptr)) {
        wrong("a payment is shown where there is none, or the other way round");
    }
}

void Simulation::follow_up(std::vector<Asked>& batch) {
    std::vector<RailOrder> orders;
    for (Asked& one : batch) {
        const bool told = one.answer && !is_storage_trouble(*one.answer);
        switch (one.by) {
        case Asked::By::client:
            if (!told && !one.again) wishes_.push_back(one.command);
            if (told) answered_.push_back(one.command);
            break;
        case Asked::By::bank:
            if (told) break;
            if (one.told->notice && !one.answer) {
                rail_.bring_again(*one.told, now_);
                break;
            }
            untold_.push_back(*one.told);  // as the dispatcher keeps it, until it dies
            if (one.told->word == "not_known") untold_.back().word = "no_answer";
            break;
        case Asked::By::job:
        case Asked::By::nobody: break;
        }
        if (told) std::ranges::copy(one.answer->rail_orders, std::back_inserter(orders));
    }
    for (const RailOrder& order : orders) {
        if (!safe_ && dice_.one_in(60)) return;  // what is not called now will never be: the process hangs, or ends
        const Model::Row& row = model_.rows()[static_cast<std::size_t>(order.payment - 1)];
        const bool out = model_.calls().at(order.payment).out;
        if (order.amount_minor != row.amount || order.currency != row.currency ||
            order.direction != (out ? "pay_out" : "collect")) {
            wrong(fmt::format("the bank is asked for something else than payment {}", order.payment));
        }
        if (order.inquiry) rail_.inquire(order, now_);
        else rail_.call(order, now_);
    }
}

// --- what is asked --------------------------------------------------------------------------------------------------

Simulation::Asked Simulation::asked(CommandBody body, Asked::By by) {
    Asked one{.command = {CommandId::of(now_, dice_.octets(10)), now_, {}, std::move(body)}};
    one.by = by;
    return one;
}

ReportRail Simulation::report_of(const Delivery& told) {
    return {.payment = told.payment,
            .word = told.word,
            .rail_reference = fmt::format("R{}", told.payment),
            .detail = "",
            .seed = some_seed()};
}

std::string Simulation::code_of_staff(std::int64_t staff) const {
    const Secret secret{model_.house().staff[static_cast<std::size_t>(staff - 1)].totp_secret};
    return customers::totp_code(secret, customers::totp_step(now_));
}

// Somebody has telephoned with the bank, and knows.
DecideRailOutcome Simulation::decision(std::int64_t payment, std::int64_t staff) {
    const Truth truth = rail_.truth(payment, now_);
    return {.payment = payment,
            .word = truth == Truth::done       ? "done"
                    : truth == Truth::returned ? "returned"
                                               : "declined",
            .note = "The bank says so on the telephone.",
            .totp_code = code_of_staff(staff),
            .seed = some_seed()};
}

void Simulation::pass_time() {
    const std::int64_t drawn = dice_.below(100);
    if (drawn < 60) now_ += Millis{dice_.below(2'000)};
    else if (drawn < 80) now_ += Millis{dice_.below(45'000)};
    else if (drawn < 92) now_ += Millis{dice_.below(360'000)};
    else if (drawn < 97) now_ += Millis{dice_.below(4'000'000)};
    else now_ += Millis{dice_.below(100'000'000)};
}

std::vector<Simulation::Asked> Simulation::gather() {
    std::vector<Asked> batch;
    const auto by_client = [&](Command command, bool fresh, bool again) {
        Asked one{.command = std::move(command)};
        // Who repeats a change of the desk's repeats the command; who repeats what has a key only that.
        if (fresh || is_done_once_by_its_key(one.command.body)) {
            one.command.id = CommandId::of(now_, dice_.octets(10));
            // Sometimes the clock of another machine lags: the ledger's time must not run back.
            one.command.at = now_ - Millis{dice_.one_in(12) ? dice_.below(3'000) : 0};
        }
        one.by = Asked::By::client;
        one.again = again;
        batch.push_back(std::move(one));
    };
    for (std::int64_t wishes = dice_.below(5); wishes > 0; --wishes) by_client(workload_.next(), true, false);
    if (with_wishes_) {
        for (std::int64_t wishes = dice_.below(3); wishes > 0; --wishes) by_client(workload_.next_wish(now_), true, false);
    }
    if (with_banks_) {
        const auto code = [this](std::int64_t staff) { return code_of_staff(staff); };
        for (std::int64_t wishes = dice_.below(4); wishes > 0; --wishes) {
            by_client(workload_.next_at_banks(now_, code), true, false);
        }
    }
    std::vector<Command> unanswered;
    std::swap(unanswered, wishes_);
    for (Command& wish : unanswered) {
        if (dice_.one_in(2)) by_client(std::move(wish), false, false);
        else wishes_.push_back(std::move(wish));
    }
    if (!answered_.empty() && dice_.one_in(3)) by_client(dice_.pick_lately(answered_), false, true);
    if (!answered_.empty() && dice_.one_in(8)) {
        if (auto other = Workload::altered(dice_.pick_lately(answered_))) by_client(*std::move(other), true, true);
    }
    for (Delivery& told : rail_.take_due(now_)) untold_.push_back(std::move(told));
    if (safe_ || !dice_.one_in(10)) {
        for (Delivery& told : std::exchange(untold_, {})) {
            batch.push_back(asked(report_of(told), Asked::By::bank));
            batch.back().told = std::move(told);
        }
    }
    if (dice_.one_in(2)) batch.push_back(asked(TakeRailCalls{.calls_max = dice_.between(1, 6), .seed = some_seed()}));
    if (dice_.one_in(4)) batch.push_back(asked(ExpireHolds{.holds_max = dice_.between(1, 4)}));
    if (with_wishes_ && dice_.one_in(3)) {
        batch.push_back(asked(RunSchedules{.occurrences_max = dice_.between(1, 6), .seed = some_seed()}));
    }
    if (with_wishes_ && dice_.one_in(5)) {
        batch.push_back(asked(ExpireMoneyRequests{.requests_max = dice_.between(1, 4), .seed = some_seed()}));
    }
    if (with_banks_ && dice_.one_in(5)) batch.push_back(asked(ExpireDisputes{.disputes_max = dice_.between(1, 3)}));
    if (dice_.one_in(15) && !model_.calls().empty()) {
        std::vector<std::int64_t> payments;
        for (const auto& [payment, call] : model_.calls()) {
            if (rail_.is_settled(payment, now_)) payments.push_back(payment);
        }
        if (!payments.empty()) {
            const std::int64_t staff = dice_.one_in(8) ? 3 : 1 + dice_.below(2);
            Asked one = asked(decision(dice_.pick_lately(payments), staff));
            if (dice_.one_in(5)) one.command.body.get<DecideRailOutcome>().totp_code = "000000";
            one.command.actor = {ActorKind::staff, staff};
            batch.push_back(std::move(one));
        }
    }
    // What comes together comes in any order.
    for (std::size_t i = batch.size(); i > 1; --i) {
        std::swap(batch[i - 1], batch[static_cast<std::size_t>(dice_.below(static_cast<std::int64_t>(i)))]);
    }
    return batch;
}

void Simulation::live() {
    for (std::int64_t step = 0; step < steps_; ++step) {
        pass_time();
        if (dice_.one_in(crash_once_in)) crash();
        std::vector<Asked> batch = gather();
        if (batch.empty()) continue;
        const FaultPlan fault = dice_.one_in(fault_once_in) ? some_fault(batch.size()) : FaultPlan{};
        process(std::move(batch), fault);
        if (step % 40 == 20) check_everything();
    }
}

}  // namespace okpay::simulator
