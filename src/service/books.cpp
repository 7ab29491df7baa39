// SPDX-License-Identifier: Apache-2.0
#include "service/books.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "money/chain.hpp"
#include "store/account_store.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"
#include "store/row_reader.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using customers::MerchantNo;
using money::AccountKind;
using money::AccountNo;
using money::Currency;
using money::Money;
using payments::Payment;

// ISO numbers are below 1,000, so an owner and a currency share one word.
std::uint64_t owner_key(std::int64_t owner, Currency currency) {
    return static_cast<std::uint64_t>(owner) * 1024U + static_cast<std::uint64_t>(currency);
}

std::uint64_t short_key(const Hash256& hash) { return read_u64(view_of(hash)); }

// How many of a cycle's `rows` are written back in a commit that posted `transfers`: spread evenly over half of the
// transfers until the next cycle, so that no commit bears much more than another and the cycle always ends.
std::size_t write_back_rows(std::size_t rows, std::size_t transfers, std::int64_t cycle_transfers) {
    const std::size_t share = rows * transfers * 2 / static_cast<std::size_t>(cycle_transfers) + 1;
    return std::max<std::size_t>(4, share);
}

}  // namespace

Books::Books(store::Connection& connection, BooksSizes sizes)
    : raw_connection_{connection}, appender_{connection}, sizes_{sizes}, once_{sizes.once_run_payments} {
    store::LoadedLedger loaded = store::load_ledger(connection);
    ledger_ = std::move(loaded.ledger);
    now_.last_payment = loaded.last_payment;
    const std::int64_t sealed = once_.load(connection);
    store::each_payment(connection, sealed, [this](const Payment& payment) { index(payment); });
    if (now_.last_payment > 0) once_.complete(now_.last_payment);
    std::set<AccountNo> owned;
    store::each_account_owner(connection, [&](const store::AccountOwner& owner) {
        const money::Account* account = ledger_.find(owner.account);
        if (account == nullptr) {
            throw store::StorageFailure{store::StorageFault::corrupt,
                                        fmt::format("account {} has an owner and no row", number_of(owner.account))};
        }
        owned.insert(owner.account);
        if (owner.customer) wallets_[owner_key(number_of(*owner.customer), account->currency)] = owner.account;
        if (owner.merchant) payables_[owner_key(number_of(*owner.merchant), account->currency)] = owner.account;
    });
    for (const money::Account& account : ledger_.accounts()) {
        if (!owned.contains(account.no)) house_[{account.kind, account.currency}] = account.no;
    }
    for (const customers::Lock& lock : store::active_locks(connection)) {
        locks_[number_of(lock.customer)].push_back({lock.no, lock.scope});
    }
    load_watch();
    connection.query("SELECT no, level FROM customer WHERE level <> $1", {std::int64_t{customers::level_default}},
                     [this](const store::Row& row) { levels_[row.integer(0)] = static_cast<int>(row.integer(1)); });
    for (store::RateRow& rate : store::current_rates(connection)) {
        rates_.insert_or_assign({rate.rate.from, rate.rate.to}, std::move(rate));
    }
    if (const auto last = store::last_audit(connection)) {
        now_.audit_seq = last->seq;
        now_.audit_hash = last->hash;
    }
    const auto ahead = connection.integer("SELECT seq FROM cursor_position WHERE name = 'test_clock_ahead_ms'");
    if (ahead) test_clock_ = Millis{*ahead};
    batch_start_ = ledger_.head();
    cycle_start_ = store::cursor(connection, "balances");
}

AccountNo Books::house_account(AccountKind kind, Currency currency) {
    const auto found = house_.find({kind, currency});
    if (found != house_.end()) return found->second;
    const AccountNo no = open_account(kind, currency, std::nullopt, std::nullopt);
    remember(house_, {kind, currency});
    house_[{kind, currency}] = no;
    return no;
}

AccountNo Books::open_account(AccountKind kind, Currency currency, std::optional<CustomerNo> customer,
                              std::optional<MerchantNo> merchant) {
    const AccountNo no = ledger_.open_account(kind, currency);
    // The row is written at once: replay needs it, and the owner refers to it.
    store::write_accounts(connection(), std::span{ledger_.find(no), 1});
    if (customer || merchant) store::insert_account_owner(connection(), no, customer, merchant);
    if (customer) {
        const std::uint64_t owner = owner_key(number_of(*customer), currency);
        remember(wallets_, owner);
        wallets_[owner] = no;
    }
    if (merchant) {
        const std::uint64_t owner = owner_key(number_of(*merchant), currency);
        remember(payables_, owner);
        payables_[owner] = no;
    }
    return no;
}

std::optional<AccountNo> Books::wallet_of(CustomerNo customer, Currency currency) const {
    const auto found = wallets_.find(owner_key(number_of(customer), currency));
    return found == wallets_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<AccountNo> Books::payable_of(MerchantNo merchant, Currency currency) const {
    const auto found = payables_.find(owner_key(number_of(merchant), currency));
    return found == payables_.end() ? std::nullopt : std::optional{found->second};
}

customers::Standing Books::standing_of(CustomerNo customer) const { return stopped(customer).standing(); }

int Books::level_of(CustomerNo customer) const {
    const auto found = levels_.find(number_of(customer));
    return found == levels_.end() ? customers::level_default : found->second;
}

void Books::set_level(CustomerNo customer, int level) {
    connection().execute("UPDATE customer SET level = $2 WHERE no = $1", {number_of(customer), std::int64_t{level}});
    remember(levels_, number_of(customer));
    levels_[number_of(customer)] = level;
}

std::optional<store::RateRow> Books::rate_of(Currency from, Currency to) const {
    const auto found = rates_.find({from, to});
    return found == rates_.end() ? std::nullopt : std::optional{found->second};
}

void Books::set_rate(const store::RateRow& rate) {
    store::insert_rate(connection(), rate);
    remember(rates_, {rate.rate.from, rate.rate.to});
    rates_.insert_or_assign({rate.rate.from, rate.rate.to}, rate);
}

std::int64_t Books::set_account_state(AccountNo no, money::AccountState state, customers::StaffNo staff,
                                      std::string_view reason, Moment at) {
    const money::AccountState from = ledger_.find(no)->state();
    ledger_.set_account_state(no, state);
    store::update_account_state(connection(), *ledger_.find(no));
    const std::int64_t event = next_number("account_event");
    store::insert_account_event(connection(), {.no = event,
                                               .account = no,
                                               .at = at,
                                               .staff = staff,
                                               .from = from,
                                               .to = state,
                                               .reason = std::string{reason},
                                               .ledger_seq = ledger_.head().seq});
    return event;
}

const payments::Usage& Books::usage_of(AccountNo account, Moment now, std::int64_t days) {
    if (!usage_.knows(account, now, days)) flush();  // the account is read from the rows
    return usage_.of(raw_connection_, *ledger_.find(account), now, days);
}

std::optional<Payment> Books::find_payment(std::int64_t seq) {
    if (!pending_payments_.empty() && seq >= pending_payments_.front().seq) {
        const auto index = static_cast<std::size_t>(seq - pending_payments_.front().seq);
        return index < pending_payments_.size() ? std::optional{pending_payments_[index]} : std::nullopt;
    }
    return store::find_payment(connection(), seq);
}

std::vector<std::int64_t> Books::candidates(std::uint64_t key) {
    return once_.candidates(key, [this]() -> store::Connection& { return connection(); });
}

std::optional<Payment> Books::find_by_key(const Hash256& key) {
    for (const std::int64_t seq : candidates(short_key(key))) {
        auto payment = find_payment(seq);
        if (payment && payment->key == key) return payment;
    }
    return std::nullopt;
}

std::uint64_t Books::order_key(MerchantNo merchant, std::string_view order_ref) {
    Bytes prefix = "order ";
    append_u64(prefix, static_cast<std::uint64_t>(number_of(merchant)));
    return short_key(sha256({prefix, order_ref}));
}

std::optional<Payment> Books::find_by_order(MerchantNo merchant, std::string_view order_ref) {
    for (const std::int64_t seq : candidates(order_key(merchant, order_ref))) {
        auto payment = find_payment(seq);
        if (payment && payment->merchant == merchant && payment->order_ref == order_ref &&
            payment->state != payments::PaymentState::failed && payment->state != payments::PaymentState::canceled) {
            return payment;
        }
    }
    return std::nullopt;
}

std::optional<money::Transfer> Books::find_transfer(std::int64_t seq) {
    if (!pending_transfers_.empty() && seq >= pending_transfers_.front().seq) {
        return pending_transfers_.at(static_cast<std::size_t>(seq - pending_transfers_.front().seq));
    }
    return store::find_transfer(connection(), seq);
}

std::optional<std::int64_t> Books::find_alike(const Payment& wanted, Moment since) {
    std::int64_t seq = ledger_.find(*wanted.payer)->last_transfer;
    for (int looked_at = 0; seq != 0 && looked_at < alike_looked_at_max; ++looked_at) {
        const auto transfer = find_transfer(seq);
        if (!transfer || transfer->at < since) return std::nullopt;
        const bool paid = transfer->code == money::TransferCode::payment && transfer->debit == wanted.payer &&
                          transfer->credit == wanted.payee && transfer->amount == wanted.amount.minor();
        if (paid) {
            const auto other = find_payment(transfer->payment);
            const bool stands =
                other && (other->state == payments::PaymentState::requires_capture ||
                          (other->state == payments::PaymentState::succeeded && other->refundable_minor() > 0));
            const bool alike = stands && other->amount == wanted.amount && other->order_ref.empty();
            if (alike && other->created >= since) return other->seq;
        }
        seq = transfer->debit == wanted.payer ? transfer->debit_prev : transfer->credit_prev;
    }
    return std::nullopt;
}

void Books::index(const Payment& payment) {
    const auto insert = [this, seq = payment.seq](std::uint64_t key) {
        once_.insert(key, seq);
        if (undo_ != nullptr) undo_->push_back([this, key, seq] { once_.erase(key, seq); });
    };
    insert(short_key(payment.key));
    if (!payment.order_ref.empty() && payment.merchant && payment.state != payments::PaymentState::failed) {
        insert(order_key(*payment.merchant, payment.order_ref));
    }
}

void Books::append(Payment payment, std::vector<money::Transfer> transfers) {
    ensure(payment.seq == next_payment_seq());
    now_.last_payment = payment.seq;
    index(payment);
    pending_payments_.push_back(std::move(payment));
    append_transfers(std::move(transfers));
}

void Books::append_to(const Payment& payment, std::vector<money::Transfer> transfers, Moment at) {
    append_transfers(std::move(transfers));
    const bool told = payment.merchant && !payments::hook_event_type(payment.kind, payment.state).empty();
    if (told && find_payment(payment.seq).value().state != payment.state) {
        note_payment_event(payment.seq, store::PaymentEventKind::state, static_cast<std::int64_t>(payment.state), 0, at);
    }
    update_progress(payment);
}

void Books::note_payment_event(std::int64_t payment, store::PaymentEventKind kind, std::int64_t state, std::int64_t dispute,
                               Moment at) {
    store::insert_payment_event(connection(), {.no = next_number("payment_event"),
                                               .payment = payment,
                                               .kind = kind,
                                               .state = state,
                                               .dispute = dispute,
                                               .after_payment = now_.last_payment,
                                               .at = at});
}

void Books::append_transfers(std::vector<money::Transfer> transfers) {
    for (const money::Transfer& transfer : transfers) {
        if (transfer.kind == money::TransferKind::pending)
            store::insert_hold(connection(), *ledger_.find_hold(transfer.seq));
        if (transfer.pending_seq != 0) store::resolve_hold(connection(), transfer.pending_seq, transfer.seq);
        usage_.note(transfer);
        note_velocity(transfer);
        const bool releases =
            transfer.kind == money::TransferKind::void_pending || transfer.kind == money::TransferKind::expire_pending;
        const money::Account& debit = *ledger_.find(transfer.debit);
        const money::Account& credit = *ledger_.find(transfer.credit);
        if (!releases && (debit.closed || debit.debits_frozen || credit.closed || credit.credits_frozen)) {
            entry_on_shut_side_ = fmt::format("transfer {} is on the shut side of an account", transfer.seq);
        }
        batch_transfers_.push_back(transfer);
        pending_transfers_.push_back(transfer);
    }
}

void Books::update_progress(const Payment& payment) {
    flush();
    store::update_payment_progress(connection(), payment);
}

std::int64_t Books::next_number(std::string_view table) {
    const auto found = now_.numbers.find(table);
    if (found != now_.numbers.end()) return ++found->second;
    const std::int64_t next = store::highest(connection(), table) + 1;
    now_.numbers.emplace(std::string{table}, next);
    return next;
}

std::int64_t Books::last_number(std::string_view table) const {
    const auto found = now_.numbers.find(table);
    return found == now_.numbers.end() ? 0 : found->second;
}

void Books::audit(Moment at, const Actor& actor, std::string_view action, std::string_view object, std::string detail_json) {
    constexpr std::array<std::string_view, 4> kinds{"system", "staff", "merchant", "customer"};
    store::AuditEntry entry{.seq = now_.audit_seq + 1,
                            .at = at,
                            .actor = fmt::format("{}:{}", kinds[static_cast<std::size_t>(actor.kind)], actor.no),
                            .action = std::string{action},
                            .object = std::string{object},
                            .detail = std::move(detail_json),
                            .ledger_seq = ledger_.head().seq,
                            .ledger_hash = ledger_.head().hash,
                            .hash = {}};
    entry.hash = store::audit_hash(now_.audit_hash, entry);
    store::insert_audit(connection(), entry);
    now_.audit_seq = entry.seq;
    now_.audit_hash = entry.hash;
}

Answer Books::rehearse(const std::function<Answer()>& decide) {
    ensure(undo_ == nullptr);
    flush();  // the rows of real neighbours come before the savepoint, so that they stay
    connection().run_script("SAVEPOINT rehearsal");
    Undo undo;
    const Remembered before = now_;
    const std::size_t transfers_before = batch_transfers_.size();
    undo_ = &undo;
    ledger_.begin_rehearsal();
    usage_.begin_rehearsal();
    Answer answer = decide();
    if (answer.payment != nullptr && !answer.replayed) {
        Rehearsal rehearsal{.postings = {}, .new_payment = answer.payment->seq > before.last_payment};
        for (const money::Transfer& transfer : std::span{batch_transfers_}.subspan(transfers_before)) {
            for (const bool debit : {true, false}) {
                const AccountNo account = debit ? transfer.debit : transfer.credit;
                rehearsal.postings.push_back({.account = account,
                                              .of = ledger_.find(account)->kind,
                                              .debit = debit,
                                              .amount = Money::of_minor(transfer.amount, transfer.currency).value(),
                                              .after_minor = debit ? transfer.debit_after : transfer.credit_after,
                                              .kind = transfer.kind,
                                              .code = transfer.code});
            }
        }
        answer.rehearsal = std::make_shared<const Rehearsal>(std::move(rehearsal));
    }
    usage_.end_rehearsal();
    ledger_.end_rehearsal();
    undo_ = nullptr;
    for (auto one = undo.rbegin(); one != undo.rend(); ++one) (*one)();
    batch_transfers_.erase(batch_transfers_.begin() + static_cast<std::ptrdiff_t>(transfers_before), batch_transfers_.end());
    pending_payments_.clear();
    pending_transfers_.clear();
    now_ = before;
    connection().run_script("ROLLBACK TO SAVEPOINT rehearsal");
    connection().run_script("RELEASE SAVEPOINT rehearsal");
    return answer;
}

void Books::set_test_clock(Millis ahead) {
    ensure(undo_ == nullptr);
    store::set_cursor(connection(), "test_clock_ahead_ms", ahead.count());
    test_clock_ = ahead;
}

void Books::append_ahead() {
    if (undo_ != nullptr || pending_payments_.size() < sizes_.append_ahead_payments) return;
    appender_
        .finish();  // rather than to skip a busy one: which statements there are hangs on no clock, so a run can be repeated
    appender_.start(pending_payments_, pending_transfers_);
}

void Books::flush() {
    appender_.finish();
    if (!pending_payments_.empty()) store::append_payments(raw_connection_, pending_payments_);
    if (!pending_transfers_.empty()) store::append_transfers(raw_connection_, pending_transfers_);
    pending_payments_.clear();
    pending_transfers_.clear();
}

void Books::finish_batch() {
    flush();
    const std::size_t transfers = batch_transfers_.size();
    if (transfers > 0) {
        if (write_back_.empty() && ledger_.head().seq - cycle_start_ >= sizes_.write_back_transfers) {
            write_back_ = ledger_.take_touched();
            cycle_start_ = ledger_.head().seq;
        }
        if (!write_back_.empty())
            write_back_slice(write_back_rows(write_back_.size(), transfers, sizes_.write_back_transfers));
        once_.complete(now_.last_payment);
        once_.write_slice(connection(), transfers * 3);
    }
    batch_transfers_.clear();
    batch_start_ = ledger_.head();
    if (velocity_.size() > velocity_swept_at_) {
        std::erase_if(velocity_, [now = batch_start_.at](const auto& one) { return one.second.hour.is_over(now); });
        velocity_swept_at_ = std::max<std::size_t>(65'536, velocity_.size() * 2);
    }
}

void Books::write_back_slice(std::size_t rows_max) {
    std::vector<money::Account> rows;
    for (; rows_max > 0 && written_back_ < write_back_.size(); --rows_max) {
        rows.push_back(*ledger_.find(write_back_[written_back_++]));
    }
    store::write_accounts(connection(), rows);
    if (written_back_ < write_back_.size()) return;
    // Each account touched up to `cycle_start_` is on the disk now: a replay may begin there.
    store::set_cursor(connection(), "balances", cycle_start_);
    write_back_.clear();
    written_back_ = 0;
}

void Books::write_back_all() {
    flush();
    std::vector<money::Account> rows;
    for (std::size_t i = written_back_; i < write_back_.size(); ++i) rows.push_back(*ledger_.find(write_back_[i]));
    for (const AccountNo no : ledger_.take_touched()) rows.push_back(*ledger_.find(no));
    store::write_accounts(connection(), rows);
    store::set_cursor(connection(), "balances", ledger_.head().seq);
    write_back_.clear();
    written_back_ = 0;
    cycle_start_ = ledger_.head().seq;
}

std::optional<std::string> Books::broken_invariant() const {
    if (entry_on_shut_side_) return entry_on_shut_side_;
    std::int64_t seq = batch_start_.seq;
    Hash256 hash = batch_start_.hash;
    Moment at = batch_start_.at;
    for (const money::Transfer& transfer : batch_transfers_) {
        if (transfer.seq != seq + 1) return fmt::format("transfer {} follows {}", transfer.seq, seq);
        if (transfer.at < at) return fmt::format("transfer {} is earlier than the one before", transfer.seq);
        if (transfer.amount <= 0) return fmt::format("transfer {} moves nothing", transfer.seq);
        hash = money::chained_hash(hash, transfer);
        if (hash != transfer.hash) return fmt::format("transfer {} breaks the chain", transfer.seq);
        seq = transfer.seq;
        at = transfer.at;
    }
    if (seq != ledger_.head().seq || hash != ledger_.head().hash) return "the ledger moved without a transfer";
    for (const money::Transfer& transfer : batch_transfers_) {
        for (const AccountNo no : {transfer.debit, transfer.credit}) {
            const money::Account* account = ledger_.find(no);
            if (account == nullptr || account->currency != transfer.currency)
                return fmt::format("transfer {} mixes ledgers", transfer.seq);
            const bool overdrawn = money::limit_of(account->kind) == money::BalanceLimit::debits_must_not_exceed_credits &&
                                   account->available_minor() < 0;
            if (overdrawn || account->debits_pending < 0 || account->credits_pending < 0) {
                return fmt::format("account {} is beyond its limit", number_of(no));
            }
        }
    }
    return std::nullopt;
}

}  // namespace okpay::service
