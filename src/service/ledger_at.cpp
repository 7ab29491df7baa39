// SPDX-License-Identifier: Apache-2.0
#include "service/ledger_at.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "service/queries_parts.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service::parts {
namespace {

using money::Account;
using money::AccountNo;
using money::TransferKind;
using store::Connection;
using store::Row;

// What one transfer did to one side of it.
struct Movement {
    TransferKind kind;
    std::int64_t amount;
    std::int64_t held;  // the whole of the hold that it resolves
    bool debit;
    std::int64_t seq, previous;  // of the account's chain
};

// Forward with `sign` 1, undone with -1: the counters of money::Ledger, one side at a time.
void move(Account& account, const Movement& movement, std::int64_t sign) {
    std::int64_t& posted = movement.debit ? account.debits_posted : account.credits_posted;
    std::int64_t& pending = movement.debit ? account.debits_pending : account.credits_pending;
    switch (movement.kind) {
    case TransferKind::single: posted += sign * movement.amount; break;
    case TransferKind::pending: pending += sign * movement.amount; break;
    case TransferKind::post_pending:
        pending -= sign * movement.held;
        posted += sign * movement.amount;
        break;
    case TransferKind::void_pending:
    case TransferKind::expire_pending: pending -= sign * movement.held; break;
    }
    account.entries += sign;
    account.last_transfer = sign > 0 ? movement.seq : movement.previous;
}

struct Loaded {
    std::vector<Account> accounts;
    std::int64_t seen_by_all = 0;  // each row has seen every transfer of its account up to here
};

Read<Loaded> load(ReaderPool& pool, const AccountSelection& selection, std::int64_t piece_rows) {
    Loaded loaded;
    std::int64_t after = selection.after;
    for (bool more = true, first = true; more; first = false) {
        const std::int64_t wanted =
            std::min(piece_rows, selection.limit - static_cast<std::int64_t>(loaded.accounts.size()));
        auto read = pool.read([&](Connection& connection) {
            const Snapshot snapshot{connection};
            if (first) loaded.seen_by_all = store::cursor(connection, "balances");
            std::vector<Account> piece;
            const auto& [kind, currency] = selection.filter;
            store::each_account_above(connection, after, wanted, kind ? static_cast<std::int64_t>(*kind) : 0,
                                      currency ? static_cast<std::int64_t>(*currency) : 0,
                                      [&piece](const Account& account) { piece.push_back(account); });
            return piece;
        });
        if (!read) return fail(read.error());
        more = static_cast<std::int64_t>(read->size()) == wanted && wanted == piece_rows;
        if (!read->empty()) after = number_of(read->back().no);
        std::ranges::move(*read, std::back_inserter(loaded.accounts));
    }
    return loaded;
}

// Calls `visit(account number, movement)` for both sides of each transfer in (low, high], upwards or downwards.
template <class Visit>
Read<bool> read_between(ReaderPool& pool, std::int64_t low, std::int64_t high, bool upwards, std::int64_t piece_rows,
                        Visit visit) {
    const std::string sql = fmt::format(
        "SELECT t.seq, t.kind, t.debit, t.credit, t.amount, t.debit_prev, t.credit_prev, coalesce(h.amount, 0) "
        "FROM transfer t LEFT JOIN hold h ON h.seq = t.pending_seq WHERE t.seq > $1 AND t.seq <= $2 ORDER BY t.seq {}",
        upwards ? "ASC" : "DESC");
    while (low < high) {
        const std::int64_t from = upwards ? low : std::max(low, high - piece_rows);
        const std::int64_t to = upwards ? std::min(high, low + piece_rows) : high;
        const auto read = pool.read([&](Connection& connection) {
            connection.query(sql, {from, to}, [&visit](const Row& row) {
                const auto kind = static_cast<TransferKind>(row.integer(1));
                const std::int64_t seq = row.integer(0), amount = row.integer(4), held = row.integer(7);
                visit(row.integer(2), Movement{kind, amount, held, true, seq, row.integer(5)});
                visit(row.integer(3), Movement{kind, amount, held, false, seq, row.integer(6)});
            });
            return true;
        });
        if (!read) return fail(read.error());
        if (upwards) low = to;
        else high = from;
    }
    return true;
}

// Undoes an account's newest transfers along its chain; false where that takes more than `steps` are left.
bool walk_back(Connection& connection, Account& account, std::int64_t seq, std::int64_t& steps) {
    while (account.last_transfer > seq) {
        if (--steps < 0) return false;
        const auto transfer = store::find_transfer(connection, account.last_transfer);
        if (!transfer) missing("transfer", account.last_transfer);
        const std::int64_t held =
            transfer->pending_seq == 0
                ? 0
                : connection.integer("SELECT amount FROM hold WHERE seq = $1", {transfer->pending_seq}).value_or(0);
        const bool debit = transfer->debit == account.no;
        move(account,
             {transfer->kind, transfer->amount, held, debit, transfer->seq,
              debit ? transfer->debit_prev : transfer->credit_prev},
             -1);
    }
    return true;
}

void empty_out(Account& account) {
    account.debits_posted = account.credits_posted = account.debits_pending = account.credits_pending = 0;
    account.entries = account.last_transfer = 0;
}

}  // namespace

Read<std::vector<Account>> accounts_at(ReaderPool& pool, std::int64_t seq, const AccountSelection& selection,
                                       const ReadingLimits& limits) {
    auto loaded = load(pool, selection, limits.piece_rows);
    if (!loaded) return fail(loaded.error());
    std::vector<Account>& accounts = loaded->accounts;
    std::int64_t newest = 0;
    for (const Account& account : accounts) newest = std::max(newest, account.last_transfer);

    // Back along the chains where they are short: then only those rows are behind the place, and none is past it.
    if (newest > seq) {
        const auto walked = pool.read([&](Connection& connection) {
            std::int64_t steps = limits.walked_back_max;
            return std::ranges::all_of(accounts,
                                       [&](Account& account) { return walk_back(connection, account, seq, steps); });
        });
        if (!walked) return fail(walked.error());
        if (*walked) newest = seq;
        // Else those not walked to the end go on from where they are: a half-undone account is one at an earlier place.
    }
    std::unordered_map<std::int64_t, Account*> by_number;
    for (Account& account : accounts) by_number.emplace(number_of(account.no), &account);
    const auto with = [&by_number](auto apply) {
        return [&by_number, apply](std::int64_t no, const Movement& movement) {
            const auto found = by_number.find(no);
            if (found != by_number.end()) apply(*found->second, movement);
        };
    };
    const auto forward = [seq](Account& account, const Movement& movement) {
        if (movement.seq > account.last_transfer && movement.seq <= seq) move(account, movement, 1);
    };
    const std::int64_t seen = std::min(loaded->seen_by_all, seq);
    if (seq < (newest - seq) + (seq - seen)) {  // nearer to the beginning
        std::ranges::for_each(accounts, empty_out);
        const auto done = read_between(pool, 0, seq, true, limits.piece_rows, with(forward));
        if (!done) return fail(done.error());
        return std::move(accounts);
    }
    const auto back = [seq](Account& account, const Movement& movement) {
        if (movement.seq == account.last_transfer && movement.seq > seq) move(account, movement, -1);
    };
    const auto undone = read_between(pool, seq, newest, false, limits.piece_rows, with(back));
    if (!undone) return fail(undone.error());
    const auto done = read_between(pool, seen, seq, true, limits.piece_rows, with(forward));
    if (!done) return fail(done.error());
    return std::move(accounts);
}

}  // namespace okpay::service::parts
