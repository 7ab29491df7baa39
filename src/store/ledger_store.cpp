// SPDX-License-Identifier: Apache-2.0
#include "store/ledger_store.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"
#include "payments/names.hpp"

namespace okpay::store {
namespace {

using money::AccountNo;
using money::Currency;
using payments::Payment;

constexpr std::array<std::string_view, 25> payment_columns{"seq",      "id",        "kind",         "state",      "refusal",
                                                           "once_key", "body",      "payer",        "payee",      "customer",
                                                           "merchant", "amount",    "fee",          "captured",   "refunded",
                                                           "currency", "order_ref", "memo",         "instrument", "device",
                                                           "hold",     "original",  "duplicate_of", "created",    "rail"};
constexpr std::string_view select_payment =
    "SELECT seq, id, kind, state, refusal, once_key, body, payer, payee, customer, merchant, amount, fee, captured, "
    "refunded, "
    "currency, order_ref, memo, instrument, device, hold, original, duplicate_of, created, rail FROM payment ";

constexpr std::array<std::string_view, 15> transfer_columns{"seq",         "payment",     "kind",        "code",
                                                            "debit",       "credit",      "currency",    "amount",
                                                            "pending_seq", "at",          "debit_after", "credit_after",
                                                            "debit_prev",  "credit_prev", "hash"};
constexpr std::string_view select_transfer =
    "SELECT seq, payment, kind, code, debit, credit, currency, amount, pending_seq, at, debit_after, credit_after, "
    "debit_prev, credit_prev, hash FROM transfer ";

constexpr std::array<std::string_view, 10> account_columns{
    "no",      "currency",     "kind", "closed", "debits_posted", "credits_posted", "debits_pending", "credits_pending",
    "entries", "last_transfer"};

template <class No>
Value number_or_null(const std::optional<No>& no) {
    if (!no) return nullptr;
    return static_cast<std::int64_t>(*no);
}

template <class No>
std::optional<No> maybe_number(const Row& row, int column) {
    const auto value = row.maybe_integer(column);
    if (!value) return std::nullopt;
    return No{*value};
}

Currency currency_at(const Row& row, int column) {
    const auto currency = money::currency_of_number(row.integer(column));
    if (!currency) throw StorageFailure{StorageFault::corrupt, fmt::format("unknown currency {}", row.integer(column))};
    return *currency;
}

Hash256 hash_at(const Row& row, int column) {
    const auto hash = hash_of(row.text(column));
    if (!hash) throw StorageFailure{StorageFault::corrupt, "a stored hash has not 32 octets"};
    return *hash;
}

// A stored enumeration: switches over it have no answer for other numbers.
template <class Enum>
Enum enum_at(const Row& row, int column, Enum first, Enum last, std::string_view what) {
    const std::int64_t number = row.integer(column);
    if (number < static_cast<std::int64_t>(first) || number > static_cast<std::int64_t>(last)) {
        throw StorageFailure{StorageFault::corrupt,
                             fmt::format("{} {} has an unknown kind, {}", what, row.integer(0), number)};
    }
    return static_cast<Enum>(number);
}

Payment payment_at(const Row& row) {
    const auto id = PaymentId::of_bytes(row.text(1));
    const auto amount = money::Money::of_minor(row.integer(11), currency_at(row, 15));
    const auto kind = payments::kind_of_number(row.integer(2));
    const auto state = payments::state_of_number(row.integer(3));
    const auto refusal = payments::refusal_of_number(row.integer(4));
    if (!id || !amount || !kind || !state || !refusal)
        throw StorageFailure{StorageFault::corrupt, fmt::format("payment {} cannot be read", row.integer(0))};
    return Payment{.seq = row.integer(0),
                   .id = *id,
                   .kind = *kind,
                   .state = *state,
                   .refusal = *refusal,
                   .key = hash_at(row, 5),
                   .body_fingerprint = row.integer(6),
                   .payer = maybe_number<AccountNo>(row, 7),
                   .payee = maybe_number<AccountNo>(row, 8),
                   .customer = maybe_number<customers::CustomerNo>(row, 9),
                   .merchant = maybe_number<customers::MerchantNo>(row, 10),
                   .amount = *amount,
                   .fee_minor = row.integer(12),
                   .captured_minor = row.integer(13),
                   .refunded_minor = row.integer(14),
                   .order_ref = row.string(16),
                   .memo = row.string(17),
                   .instrument = row.string(18),
                   .device = row.string(19),
                   .original = row.integer(21),
                   .duplicate_of = row.integer(22),
                   .hold = row.integer(20),
                   .rail = enum_at(row, 24, payments::Rail::none, payments::Rail::outside, "payment"),
                   .created = moment_of_ms(row.integer(23))};
}

money::Transfer transfer_at(const Row& row) {
    return money::Transfer{.seq = row.integer(0),
                           .payment = row.integer(1),
                           .kind =
                               enum_at(row, 2, money::TransferKind::single, money::TransferKind::expire_pending, "transfer"),
                           .code =
                               enum_at(row, 3, money::TransferCode::top_up, money::TransferCode::dispute_lost, "transfer"),
                           .debit = AccountNo{row.integer(4)},
                           .credit = AccountNo{row.integer(5)},
                           .currency = currency_at(row, 6),
                           .amount = row.integer(7),
                           .pending_seq = row.integer(8),
                           .at = moment_of_ms(row.integer(9)),
                           .debit_after = row.integer(10),
                           .credit_after = row.integer(11),
                           .debit_prev = row.integer(12),
                           .credit_prev = row.integer(13),
                           .hash = hash_at(row, 14)};
}

constexpr std::string_view select_account =
    "SELECT no, currency, kind, closed, debits_posted, credits_posted, debits_pending, credits_pending, entries, "
    "last_transfer FROM account ";

// The column `closed` holds three bits: 1 for closed, as it always did, 2 and 4 for frozen debits and credits.
std::int64_t state_bits(const money::Account& account) {
    return (account.closed ? 1 : 0) | (account.debits_frozen ? 2 : 0) | (account.credits_frozen ? 4 : 0);
}

money::Account account_at(const Row& row) {
    const std::int64_t bits = row.integer(3);
    if (bits < 0 || bits > 6 || (bits % 2 == 1 && bits != 1)) {
        throw StorageFailure{StorageFault::corrupt,
                             fmt::format("account {} is in an unknown state, {}", row.integer(0), bits)};
    }
    return {.no = AccountNo{row.integer(0)},
            .currency = currency_at(row, 1),
            .kind = enum_at(row, 2, money::AccountKind::customer_wallet, money::AccountKind::dispute_loss, "account"),
            .closed = (bits & 1) != 0,
            .debits_frozen = (bits & 2) != 0,
            .credits_frozen = (bits & 4) != 0,
            .debits_posted = row.integer(4),
            .credits_posted = row.integer(5),
            .debits_pending = row.integer(6),
            .credits_pending = row.integer(7),
            .entries = row.integer(8),
            .last_transfer = row.integer(9)};
}

}  // namespace

void append_payments(Connection& connection, std::span<const Payment> payments) {
    connection.append({.table = "payment",
                       .columns = payment_columns,
                       .count = payments.size(),
                       .fill = [payments](std::size_t row, std::span<Value> into) {
                           const Payment& p = payments[row];
                           auto next = into.begin();
                           *next++ = p.seq;
                           *next++ = Octets{p.id.view()};
                           *next++ = std::int64_t{static_cast<std::uint8_t>(p.kind)};
                           *next++ = std::int64_t{static_cast<std::uint8_t>(p.state)};
                           *next++ = std::int64_t{static_cast<std::uint8_t>(p.refusal)};
                           *next++ = Octets{view_of(p.key)};
                           *next++ = p.body_fingerprint;
                           *next++ = number_or_null(p.payer);
                           *next++ = number_or_null(p.payee);
                           *next++ = number_or_null(p.customer);
                           *next++ = number_or_null(p.merchant);
                           *next++ = p.amount.minor();
                           *next++ = p.fee_minor;
                           *next++ = p.captured_minor;
                           *next++ = p.refunded_minor;
                           *next++ = static_cast<std::int64_t>(p.amount.currency());
                           *next++ = std::string_view{p.order_ref};
                           *next++ = std::string_view{p.memo};
                           *next++ = std::string_view{p.instrument};
                           *next++ = std::string_view{p.device};
                           *next++ = p.hold;
                           *next++ = p.original;
                           *next++ = p.duplicate_of;
                           *next++ = ms_of(p.created);
                           *next++ = std::int64_t{static_cast<std::uint8_t>(p.rail)};
                           ensure(next == into.end());
                       }});
}

void append_transfers(Connection& connection, std::span<const money::Transfer> transfers) {
    connection.append({.table = "transfer",
                       .columns = transfer_columns,
                       .count = transfers.size(),
                       .fill = [transfers](std::size_t row, std::span<Value> into) {
                           const money::Transfer& t = transfers[row];
                           auto next = into.begin();
                           *next++ = t.seq;
                           *next++ = t.payment;
                           *next++ = std::int64_t{static_cast<std::uint8_t>(t.kind)};
                           *next++ = static_cast<std::int64_t>(t.code);
                           *next++ = number_of(t.debit);
                           *next++ = number_of(t.credit);
                           *next++ = static_cast<std::int64_t>(t.currency);
                           *next++ = t.amount;
                           *next++ = t.pending_seq;
                           *next++ = ms_of(t.at);
                           *next++ = t.debit_after;
                           *next++ = t.credit_after;
                           *next++ = t.debit_prev;
                           *next++ = t.credit_prev;
                           *next++ = Octets{view_of(t.hash)};
                           ensure(next == into.end());
                       }});
}

void write_accounts(Connection& connection, std::span<const money::Account> accounts) {
    connection.overwrite({.table = "account",
                          .columns = account_columns,
                          .count = accounts.size(),
                          .fill = [accounts](std::size_t row, std::span<Value> into) {
                              const money::Account& a = accounts[row];
                              auto next = into.begin();
                              *next++ = number_of(a.no);
                              *next++ = static_cast<std::int64_t>(a.currency);
                              *next++ = static_cast<std::int64_t>(a.kind);
                              *next++ = state_bits(a);
                              *next++ = a.debits_posted;
                              *next++ = a.credits_posted;
                              *next++ = a.debits_pending;
                              *next++ = a.credits_pending;
                              *next++ = a.entries;
                              *next++ = a.last_transfer;
                              ensure(next == into.end());
                          }});
}

void update_account_state(Connection& connection, const money::Account& account) {
    connection.execute("UPDATE account SET closed = $2 WHERE no = $1", {number_of(account.no), state_bits(account)});
}

void insert_hold(Connection& connection, const money::Hold& hold) {
    connection.execute("INSERT INTO hold (seq, debit, credit, currency, amount, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
                       {hold.seq, number_of(hold.debit), number_of(hold.credit), static_cast<std::int64_t>(hold.currency),
                        hold.amount, hold.expires_at ? Value{ms_of(*hold.expires_at)} : Value{nullptr}});
}

void resolve_hold(Connection& connection, std::int64_t hold, std::int64_t resolved_by) {
    connection.execute("UPDATE hold SET resolved_by = $2 WHERE seq = $1", {hold, resolved_by});
}

void update_payment_progress(Connection& connection, const Payment& payment) {
    connection.execute("UPDATE payment SET state = $2, captured = $3, refunded = $4, fee = $5, refusal = $6 WHERE seq = $1",
                       {payment.seq, std::int64_t{static_cast<std::uint8_t>(payment.state)}, payment.captured_minor,
                        payment.refunded_minor, payment.fee_minor,
                        std::int64_t{static_cast<std::uint8_t>(payment.refusal)}});
}

std::optional<Payment> find_payment(Connection& connection, std::int64_t seq) {
    static const std::string sql = std::string{select_payment} + "WHERE seq = $1";
    std::optional<Payment> found;
    connection.query(sql, {seq}, [&found](const Row& row) { found = payment_at(row); });
    return found;
}

std::optional<money::Transfer> find_transfer(Connection& connection, std::int64_t seq) {
    static const std::string sql = std::string{select_transfer} + "WHERE seq = $1";
    std::optional<money::Transfer> found;
    connection.query(sql, {seq}, [&found](const Row& row) { found = transfer_at(row); });
    return found;
}

bool pair_was_refunded(Connection& connection, std::int64_t original, std::int64_t twin) {
    return connection
               .integer(
                   "SELECT count(*) FROM payment WHERE kind = 4 AND original = $1 AND duplicate_of = $2 AND state IN (1, 5, "
                   "6)",
                   {original, twin})
               .value_or(0) > 0;
}

void each_account(Connection& connection, const std::function<void(const money::Account&)>& visit) {
    static const std::string sql = std::string{select_account} + "ORDER BY no";
    std::int64_t last = 0;
    connection.query(sql, {}, [&](const Row& row) {
        if (row.integer(0) != ++last)
            throw StorageFailure{StorageFault::corrupt, fmt::format("account {} is missing", last)};
        visit(account_at(row));
    });
}

void each_account_above(Connection& connection, std::int64_t after, std::int64_t limit, std::int64_t kind,
                        std::int64_t currency, const std::function<void(const money::Account&)>& visit) {
    static const std::string sql = std::string{select_account} +
                                   "WHERE no > $1 AND ($3 = 0 OR kind = $3) AND ($4 = 0 OR currency = $4) "
                                   "ORDER BY no LIMIT $2";
    connection.query(sql, {after, limit, kind, currency}, [&visit](const Row& row) { visit(account_at(row)); });
}

std::vector<money::Transfer> newest_transfers(Connection& connection, std::int64_t seq, std::int64_t limit) {
    static const std::string sql = std::string{select_transfer} + "WHERE seq <= $1 ORDER BY seq DESC LIMIT $2";
    std::vector<money::Transfer> found;
    connection.query(sql, {seq, limit}, [&found](const Row& row) { found.push_back(transfer_at(row)); });
    return found;
}

// Pages of a few thousand rows: libpq holds a whole result in memory.
constexpr std::int64_t page_rows = 10'000;

void each_transfer(Connection& connection, std::int64_t after_seq,
                   const std::function<void(const money::Transfer&)>& visit) {
    static const std::string sql = std::string{select_transfer} + "WHERE seq > $1 ORDER BY seq LIMIT $2";
    for (std::int64_t count = page_rows; count == page_rows;) {
        count = 0;
        connection.query(sql, {after_seq, page_rows}, [&](const Row& row) {
            after_seq = row.integer(0);
            ++count;
            visit(transfer_at(row));
        });
    }
}

void each_payment(Connection& connection, std::int64_t after_seq, const std::function<void(const Payment&)>& visit) {
    static const std::string sql = std::string{select_payment} + "WHERE seq > $1 ORDER BY seq LIMIT $2";
    for (std::int64_t count = page_rows; count == page_rows;) {
        count = 0;
        connection.query(sql, {after_seq, page_rows}, [&](const Row& row) {
            after_seq = row.integer(0);
            ++count;
            visit(payment_at(row));
        });
    }
}

std::vector<Payment> unmoved_payments_of(Connection& connection, customers::CustomerNo customer, std::int64_t before,
                                         std::int64_t limit) {
    static const std::string sql =
        std::string{select_payment} +
        "WHERE customer = $1 AND seq < $2 AND (state IN (2, 5, 6) OR (rail = 1 AND kind IN (2, 4))) AND "
        "NOT (kind = 5 AND rail = 1) ORDER BY seq DESC LIMIT $3";
    std::vector<Payment> found;
    connection.query(sql, {number_of(customer), before, limit},
                     [&found](const Row& row) { found.push_back(payment_at(row)); });
    return found;
}

std::int64_t cursor(Connection& connection, std::string_view name) {
    return connection.integer("SELECT seq FROM cursor_position WHERE name = $1", {name}).value_or(0);
}

void set_cursor(Connection& connection, std::string_view name, std::int64_t seq) {
    connection.execute(
        "INSERT INTO cursor_position (name, seq) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq",
        {name, seq});
}

LoadedLedger load_ledger(Connection& connection) {
    LoadedLedger loaded;
    each_account(connection, [&loaded](const money::Account& account) { loaded.ledger.restore_account(account); });
    const std::int64_t balances = cursor(connection, "balances");
    connection.query(
        "SELECT h.seq, h.debit, h.credit, h.currency, h.amount, h.expires_at, t.payment FROM hold h "
        "JOIN transfer t ON t.seq = h.seq WHERE h.resolved_by IS NULL OR h.resolved_by > $1",
        {balances}, [&](const Row& row) {
            const auto expires = row.maybe_integer(5);
            loaded.ledger.restore_hold(money::Hold{row.integer(0), row.integer(6), AccountNo{row.integer(1)},
                                                   AccountNo{row.integer(2)}, currency_at(row, 3), row.integer(4),
                                                   expires ? std::optional{moment_of_ms(*expires)} : std::nullopt});
        });
    if (const auto last = find_transfer(connection, balances)) {
        loaded.ledger.restore_head({last->seq, last->hash, last->at});
    }
    each_transfer(connection, balances, [&](const money::Transfer& transfer) {
        if (!loaded.ledger.replay(transfer)) {
            throw StorageFailure{StorageFault::corrupt,
                                 fmt::format("transfer {} contradicts its accounts: run `okpay verify`", transfer.seq)};
        }
        loaded.ledger.restore_head({transfer.seq, transfer.hash, transfer.at});
        ++loaded.replayed;
    });
    loaded.last_payment = connection.integer("SELECT coalesce(max(seq), 0) FROM payment").value_or(0);
    return loaded;
}

std::vector<money::Transfer> walk_history(Connection& connection, AccountNo account, std::int64_t head, std::size_t limit) {
    std::vector<money::Transfer> found;
    while (head != 0 && found.size() < limit) {
        const auto transfer = find_transfer(connection, head);
        if (!transfer) throw StorageFailure{StorageFault::corrupt, fmt::format("transfer {} is missing", head)};
        head = transfer->debit == account ? transfer->debit_prev : transfer->credit_prev;
        found.push_back(*transfer);
    }
    return found;
}

}  // namespace okpay::store
