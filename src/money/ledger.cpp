// SPDX-License-Identifier: Apache-2.0
#include "money/ledger.hpp"

#include <algorithm>
#include <utility>

#include "base/ensure.hpp"
#include "money/chain.hpp"

namespace okpay::money {
namespace {

bool in_range(std::int64_t value) { return value <= Money::limit_minor; }

bool within_limit(const Account& account) {
    switch (limit_of(account.kind)) {
    case BalanceLimit::none: return true;
    case BalanceLimit::debits_must_not_exceed_credits:
        return account.debits_posted + account.debits_pending <= account.credits_posted;
    case BalanceLimit::credits_must_not_exceed_debits:
        return account.credits_posted + account.credits_pending <= account.debits_posted;
    }
    std::abort();
}

bool counters_in_range(const Account& a) {
    return in_range(a.debits_posted) && in_range(a.credits_posted) && in_range(a.debits_pending) &&
           in_range(a.credits_pending);
}

// How one transfer moves the counters. `held` is the whole of the hold that it resolves.
void move_counters(TransferKind kind, std::int64_t amount, std::int64_t held, Account& debit, Account& credit) {
    switch (kind) {
    case TransferKind::single:
        debit.debits_posted += amount;
        credit.credits_posted += amount;
        return;
    case TransferKind::pending:
        debit.debits_pending += amount;
        credit.credits_pending += amount;
        return;
    case TransferKind::post_pending:
        debit.debits_pending -= held;
        credit.credits_pending -= held;
        debit.debits_posted += amount;
        credit.credits_posted += amount;
        return;
    case TransferKind::void_pending:
    case TransferKind::expire_pending:
        debit.debits_pending -= held;
        credit.credits_pending -= held;
        return;
    }
    std::abort();
}

bool resolves_hold(TransferKind kind) {
    switch (kind) {
    case TransferKind::single:
    case TransferKind::pending: return false;
    case TransferKind::post_pending:
    case TransferKind::void_pending:
    case TransferKind::expire_pending: return true;
    }
    std::abort();
}

}  // namespace

struct Ledger::Step {
    AccountNo debit, credit;
    std::int64_t amount;
    std::int64_t held;
};

AccountNo Ledger::open_account(AccountKind kind, Currency currency) {
    const auto no = AccountNo{static_cast<std::int64_t>(accounts_.size()) + 1};
    accounts_.push_back(Account{.no = no, .currency = currency, .kind = kind});
    is_touched_.push_back(false);
    touch(no);
    return no;
}

void Ledger::set_account_state(AccountNo no, AccountState state) {
    Account& account = at_no(no);
    ensure(!account.closed && (state != AccountState::closed || account.is_empty()));
    account.set_state(state);
    touch(no);
}

const Account* Ledger::find(AccountNo no) const {
    const std::int64_t n = number_of(no);
    if (n < 1 || n > static_cast<std::int64_t>(accounts_.size())) return nullptr;
    return &accounts_[static_cast<std::size_t>(n - 1)];
}

Account& Ledger::at_no(AccountNo no) {
    ensure(find(no) != nullptr);
    Account& account = accounts_[static_cast<std::size_t>(number_of(no) - 1)];
    if (rehearsal_) rehearsal_->before.push_back(account);
    return account;
}

const Hold* Ledger::find_hold(std::int64_t seq) const {
    const auto found = holds_.find(seq);
    return found == holds_.end() ? nullptr : &found->second;
}

void Ledger::touch(AccountNo no) {
    const auto index = static_cast<std::size_t>(number_of(no) - 1);
    if (is_touched_[index]) return;
    is_touched_[index] = true;
    touched_.push_back(no);
}

std::vector<AccountNo> Ledger::take_touched() {
    ensure(!rehearsal_);  // what is taken out could not be put back
    for (const AccountNo no : touched_) is_touched_[static_cast<std::size_t>(number_of(no) - 1)] = false;
    std::ranges::sort(touched_);
    return std::exchange(touched_, {});
}

Result<Ledger::Step, TransferRefusal> Ledger::check(const Posting& posting, Moment at) const {
    Step step{posting.debit, posting.credit, posting.amount.minor(), 0};
    const bool resolves = resolves_hold(posting.kind);
    if (posting.kind != TransferKind::void_pending && posting.kind != TransferKind::expire_pending && step.amount <= 0) {
        return fail(TransferRefusal::not_positive);
    }
    if (!resolves && posting.debit == posting.credit) return fail(TransferRefusal::accounts_must_differ);
    const Hold* hold = nullptr;
    if (resolves) {
        hold = find_hold(posting.pending_seq);
        if (hold == nullptr) return fail(TransferRefusal::hold_not_found);
        step.debit = hold->debit;
        step.credit = hold->credit;
    }
    const Account* debit = find(step.debit);
    if (debit == nullptr) return fail(TransferRefusal::debit_account_not_found);
    const Account* credit = find(step.credit);
    if (credit == nullptr) return fail(TransferRefusal::credit_account_not_found);
    const Currency currency = posting.amount.currency();
    if (debit->currency != currency || credit->currency != currency) return fail(TransferRefusal::wrong_currency);
    // Releasing a hold is always possible; moving money is not, once a side is closed.
    const bool releases = posting.kind == TransferKind::void_pending || posting.kind == TransferKind::expire_pending;
    if (!releases && debit->closed) return fail(TransferRefusal::debit_account_closed);
    if (!releases && credit->closed) return fail(TransferRefusal::credit_account_closed);
    if (!releases && debit->debits_frozen) return fail(TransferRefusal::debit_account_frozen);
    if (!releases && credit->credits_frozen) return fail(TransferRefusal::credit_account_frozen);
    if (hold != nullptr) {
        const bool expired = hold->expires_at && *hold->expires_at <= at;
        if (posting.kind == TransferKind::post_pending && expired) return fail(TransferRefusal::hold_expired);
        if (posting.kind == TransferKind::expire_pending && !expired) return fail(TransferRefusal::hold_not_expired);
        if (posting.kind == TransferKind::post_pending && step.amount > hold->amount)
            return fail(TransferRefusal::exceeds_hold);
        step.held = hold->amount;
        if (releases) step.amount = hold->amount;
    }
    if (posting.balancing && !resolves) {
        step.amount = std::min(step.amount, debit->available_minor());
        if (step.amount <= 0) return fail(TransferRefusal::nothing_available);
    }
    Account debit_after = *debit;
    Account credit_after = *credit;
    move_counters(posting.kind, step.amount, step.held, debit_after, credit_after);
    if (!within_limit(debit_after) || !within_limit(credit_after)) return fail(TransferRefusal::exceeds_balance);
    if (!counters_in_range(debit_after) || !counters_in_range(credit_after)) return fail(TransferRefusal::out_of_range);
    return step;
}

Result<std::vector<Transfer>, TransferRefusal> Ledger::apply(std::span<const Posting> postings, std::int64_t payment,
                                                             Moment at) {
    at = std::max(at, head_.at);
    std::vector<Transfer> done;
    done.reserve(postings.size());
    std::vector<std::pair<Account, Account>> before;  // to undo, newest last
    std::vector<std::optional<Hold>> resolved;
    const Head head_before = head_;
    for (const Posting& posting : postings) {
        const auto step = check(posting, at);
        if (!step) {
            for (std::size_t i = done.size(); i-- > 0;) {
                at_no(done[i].debit) = before[i].first;
                at_no(done[i].credit) = before[i].second;
                if (done[i].kind == TransferKind::pending) remove_hold(done[i].seq);
                if (resolved[i]) add_hold(*resolved[i]);
            }
            head_ = head_before;
            return fail(step.error());
        }
        Account& debit = at_no(step->debit);
        Account& credit = at_no(step->credit);
        before.emplace_back(debit, credit);
        resolved.emplace_back();
        move_counters(posting.kind, step->amount, step->held, debit, credit);
        Transfer transfer{.seq = head_.seq + 1,
                          .payment = payment,
                          .kind = posting.kind,
                          .code = posting.code,
                          .debit = step->debit,
                          .credit = step->credit,
                          .currency = posting.amount.currency(),
                          .amount = step->amount,
                          .pending_seq = resolves_hold(posting.kind) ? posting.pending_seq : 0,
                          .at = at,
                          .debit_after = debit.posted_minor(),
                          .credit_after = credit.posted_minor(),
                          .debit_prev = debit.last_transfer,
                          .credit_prev = credit.last_transfer,
                          .hash = {}};
        transfer.hash = chained_hash(head_.hash, transfer);
        if (posting.kind == TransferKind::pending) {
            add_hold(
                {transfer.seq, payment, step->debit, step->credit, transfer.currency, step->amount, posting.expires_at});
        }
        if (resolves_hold(posting.kind)) {
            resolved.back() = holds_.at(posting.pending_seq);
            remove_hold(posting.pending_seq);
        }
        for (Account* account : {&debit, &credit}) {
            account->last_transfer = transfer.seq;
            account->entries += 1;
        }
        head_ = Head{transfer.seq, transfer.hash, at};
        done.push_back(transfer);
    }
    for (const Transfer& transfer : done) {
        touch(transfer.debit);
        touch(transfer.credit);
    }
    return done;
}

void Ledger::restore_account(const Account& account) {
    ensure(number_of(account.no) == static_cast<std::int64_t>(accounts_.size()) + 1);
    accounts_.push_back(account);
    is_touched_.push_back(false);
}

void Ledger::add_hold(const Hold& hold) {
    remove_hold(hold.seq);
    holds_.emplace(hold.seq, hold);
    if (rehearsal_) rehearsal_->holds.emplace_back(hold, true);
    if (hold.expires_at) expiries_.emplace(*hold.expires_at, hold.seq);
}

void Ledger::remove_hold(std::int64_t seq) {
    const auto found = holds_.find(seq);
    if (found == holds_.end()) return;
    if (found->second.expires_at) expiries_.erase({*found->second.expires_at, seq});
    if (rehearsal_) rehearsal_->holds.emplace_back(found->second, false);
    holds_.erase(found);
}

void Ledger::begin_rehearsal() {
    ensure(!rehearsal_);
    rehearsal_.emplace(Rehearsal{accounts_.size(), touched_.size(), head_, {}, {}});
}

void Ledger::end_rehearsal() {
    ensure(rehearsal_.has_value());
    const Rehearsal undone = *std::exchange(rehearsal_, std::nullopt);
    for (auto one = undone.before.rbegin(); one != undone.before.rend(); ++one) {
        accounts_[static_cast<std::size_t>(number_of(one->no) - 1)] = *one;
    }
    for (auto one = undone.holds.rbegin(); one != undone.holds.rend(); ++one) {
        if (one->second) {
            remove_hold(one->first.seq);
        } else {
            add_hold(one->first);
        }
    }
    for (std::size_t i = undone.touched; i < touched_.size(); ++i) {
        is_touched_[static_cast<std::size_t>(number_of(touched_[i]) - 1)] = false;
    }
    touched_.resize(undone.touched);
    accounts_.erase(accounts_.begin() + static_cast<std::ptrdiff_t>(undone.accounts), accounts_.end());
    is_touched_.resize(undone.accounts);
    head_ = undone.head;
}

std::vector<Hold> Ledger::expired_holds(Moment at, std::size_t max) const {
    std::vector<Hold> found;
    for (auto next = expiries_.begin(); next != expiries_.end() && next->first <= at && found.size() < max; ++next) {
        found.push_back(holds_.at(next->second));
    }
    return found;
}

void Ledger::restore_hold(const Hold& hold) { add_hold(hold); }

bool Ledger::replay(const Transfer& transfer) {
    if (find(transfer.debit) == nullptr || find(transfer.credit) == nullptr) return false;
    Account& debit = at_no(transfer.debit);
    Account& credit = at_no(transfer.credit);
    std::int64_t held = 0;
    if (resolves_hold(transfer.kind)) {
        const Hold* hold = find_hold(transfer.pending_seq);
        if (hold == nullptr) return false;
        held = hold->amount;
    }
    // An account row written back after this transfer has counted it already.
    Account ignored = debit;
    Account& debit_side = debit.last_transfer < transfer.seq ? debit : ignored;
    Account ignored_credit = credit;
    Account& credit_side = credit.last_transfer < transfer.seq ? credit : ignored_credit;
    move_counters(transfer.kind, transfer.amount, held, debit_side, credit_side);
    const auto finish = [&transfer](Account& side, bool fresh, std::int64_t after, std::int64_t prev) {
        if (!fresh) return true;
        if (side.posted_minor() != after || side.last_transfer != prev) return false;
        side.last_transfer = transfer.seq;
        side.entries += 1;
        return true;
    };
    const bool holds_together = finish(debit, &debit_side == &debit, transfer.debit_after, transfer.debit_prev) &&
                                finish(credit, &credit_side == &credit, transfer.credit_after, transfer.credit_prev);
    if (resolves_hold(transfer.kind)) remove_hold(transfer.pending_seq);
    // A hold that was restored from its row keeps its expiry, which no transfer carries.
    if (transfer.kind == TransferKind::pending && find_hold(transfer.seq) == nullptr) {
        add_hold({transfer.seq, transfer.payment, transfer.debit, transfer.credit, transfer.currency, transfer.amount,
                  std::nullopt});
    }
    touch(transfer.debit);
    touch(transfer.credit);
    return holds_together;
}

}  // namespace okpay::money
