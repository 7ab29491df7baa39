// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/hash.hpp"
#include "money/chain.hpp"
#include "payments/payment_ref.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/ledger_store.hpp"

namespace okpay::store {
namespace {

using money::Account;
using money::AccountNo;
using money::Transfer;
using money::TransferCode;
using money::TransferKind;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentState;

std::vector<Account> account_rows(Connection& connection) {
    std::vector<Account> rows;
    each_account(connection, [&rows](const Account& account) { rows.push_back(account); });
    return rows;
}

}  // namespace

CheckReport check_ledger_chain(Connection& connection, const VerifyRequest& request) {
    CheckReport report{.name = "ledger_chain"};
    Hash256 hash{};
    std::int64_t seq = 0;
    Moment at{};
    bool head_seen = !request.head || request.head->first == 0;
    each_transfer(connection, 0, [&](const Transfer& transfer) {
        ++report.looked_at;
        if (transfer.seq != seq + 1) report.fault(fmt::format("transfer {} is missing", seq + 1));
        if (transfer.at < at) report.fault(fmt::format("transfer {} is earlier than the one before it", transfer.seq));
        hash = money::chained_hash(hash, transfer);
        if (hash != transfer.hash)
            report.fault(fmt::format("transfer {} does not continue the hash chain: it or a row before it was changed",
                                     transfer.seq));
        hash = transfer.hash;  // so that one change is one fault
        seq = transfer.seq;
        at = transfer.at;
        if (request.head && request.head->first == seq) {
            head_seen = true;
            if (request.head->second != transfer.hash)
                report.fault(fmt::format("transfer {} has another hash than the head given", seq));
        }
    });
    if (!head_seen)
        report.fault(
            fmt::format("the chain ends at {}, before the head given ({}): its tail was cut off", seq, request.head->first));
    return report;
}

CheckReport check_ledger_balances(Connection& connection) {
    CheckReport report{.name = "ledger_balances"};
    const std::vector<Account> stored = account_rows(connection);
    const std::int64_t written_back = cursor(connection, "balances");
    money::Ledger replayed;
    for (const Account& account : stored) {
        Account empty{.no = account.no, .currency = account.currency, .kind = account.kind};
        empty.set_state(account.state());
        replayed.restore_account(empty);
    }
    const auto compare = [&](AccountNo no, const Account& now) {
        const Account& row = stored[static_cast<std::size_t>(number_of(no) - 1)];
        if (row.last_transfer != now.last_transfer) return;
        if (row != now)
            report.fault(fmt::format("account {} has other counters than its transfers up to {} add up to", number_of(no),
                                     row.last_transfer));
    };
    for (const Account& account : stored)
        compare(account.no, *replayed.find(account.no));  // rows that no transfer has touched yet
    bool contradicted = false;
    each_transfer(connection, 0, [&](const Transfer& transfer) {
        if (contradicted) return;
        if (replayed.find(transfer.debit) == nullptr || replayed.find(transfer.credit) == nullptr) {
            report.fault(fmt::format("transfer {} names an account that does not exist", transfer.seq));
            contradicted = true;
            return;
        }
        if (!replayed.replay(transfer)) {
            report.fault(
                fmt::format("transfer {} contradicts the transfers before it: balance after, previous entry or hold",
                            transfer.seq));
            contradicted = true;  // all that follows would be a fault too
            return;
        }
        for (const AccountNo no : {transfer.debit, transfer.credit}) {
            const Account& now = *replayed.find(no);
            if (money::limit_of(now.kind) == money::BalanceLimit::debits_must_not_exceed_credits &&
                now.available_minor() < 0) {
                report.fault(fmt::format("account {} is overdrawn after transfer {}", number_of(no), transfer.seq));
            }
            compare(no, now);
        }
    });
    std::map<money::Currency, std::int64_t> posted;
    for (const Account& now : replayed.accounts()) {
        ++report.looked_at;
        posted[now.currency] += now.posted_minor();
        const Account& row = stored[static_cast<std::size_t>(number_of(now.no) - 1)];
        if (row.last_transfer > now.last_transfer && !contradicted) {
            report.fault(
                fmt::format("account {} names transfer {}, which is not its own", number_of(now.no), row.last_transfer));
        }
        // Rows may lag behind, but never behind the cursor: a restart replays from there.
        std::int64_t head = now.last_transfer;
        while (head > written_back) {
            const auto transfer = find_transfer(connection, head);
            if (!transfer) break;
            head = transfer->debit == now.no ? transfer->debit_prev : transfer->credit_prev;
        }
        if (!contradicted && row.last_transfer < head) {
            report.fault(
                fmt::format("account {} was not written back up to the cursor {}", number_of(now.no), written_back));
        }
    }
    for (const auto& [currency, sum] : posted) {
        if (sum != 0 && !contradicted)
            report.fault(fmt::format("debits and credits in {} differ by {}", money::code_of(currency), sum));
    }
    return report;
}

CheckReport check_holds(Connection& connection) {
    CheckReport report{.name = "holds"};
    struct HoldRow {
        std::int64_t debit, credit, currency, amount, resolved_by;
        bool operator==(const HoldRow&) const = default;
    };
    std::map<std::int64_t, HoldRow> rows;
    connection.query("SELECT seq, debit, credit, currency, amount, coalesce(resolved_by, 0) FROM hold", {},
                     [&rows](const Row& row) {
                         rows[row.integer(0)] = {row.integer(1), row.integer(2), row.integer(3), row.integer(4),
                                                 row.integer(5)};
                     });
    std::map<std::int64_t, HoldRow> replayed;
    each_transfer(connection, 0, [&replayed](const Transfer& transfer) {
        if (transfer.kind == TransferKind::pending) {
            replayed[transfer.seq] = {number_of(transfer.debit), number_of(transfer.credit),
                                      static_cast<std::int64_t>(transfer.currency), transfer.amount, 0};
        }
        if (transfer.pending_seq != 0) replayed[transfer.pending_seq].resolved_by = transfer.seq;
    });
    report.looked_at = std::ssize(replayed);
    if (rows != replayed) report.fault("the table of holds does not agree with the transfers that made and ended them");
    return report;
}

CheckReport check_payments(Connection& connection) {
    CheckReport report{.name = "payments"};
    struct Moved {
        std::int64_t main = 0, fee = 0, held = 0;
        AccountNo debit{}, credit{};  // of the main transfers; none: nothing moved
        bool unclaimed = false;       // transfers name the payment, and no row has answered for it
    };
    // As many as there are rows: a number is forged at will, and nothing may be as large as it says. Where rows are missing,
    // which is said below, the transfers of the newest count as nobody's.
    const std::int64_t last = connection.integer("SELECT count(*) FROM payment").value_or(0);
    std::vector<Moved> moved(static_cast<std::size_t>(last + 1));  // by payment, in the books: fees given back count against
    std::set<std::int64_t> nobodys;
    each_transfer(connection, 0, [&](const Transfer& transfer) {
        if (transfer.payment < 1 || transfer.payment > last) {
            nobodys.insert(transfer.payment);
            return;
        }
        Moved& sum = moved[static_cast<std::size_t>(transfer.payment)];
        sum.unclaimed = true;
        if (transfer.kind == TransferKind::pending) sum.held += transfer.amount;
        if (transfer.kind != TransferKind::single && transfer.kind != TransferKind::post_pending) return;
        const bool is_fee = transfer.code == TransferCode::fee || transfer.code == TransferCode::fee_refund;
        (is_fee ? sum.fee : sum.main) += transfer.amount;
        if (is_fee) return;
        sum.debit = transfer.debit;
        sum.credit = transfer.credit;
    });
    std::unordered_map<std::int64_t, std::int64_t> refunded, in_flight;  // by original
    std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>> progress;  // captured, refunded, of payments
    std::unordered_map<std::int64_t, Payment> ended;  // captures and cancellations that were done, by the held payment
    std::int64_t seq = 0;
    each_payment(connection, 0, [&](const Payment& payment) {
        ++report.looked_at;
        if (payment.seq != seq + 1) report.fault(fmt::format("payment {} is missing", seq + 1));
        seq = payment.seq;
        const bool possible = payment.seq >= 1 && payment.seq <= payments::payment_seq_max;
        if (!possible || payments::id_of(payment.seq, payment.created, payment.key) != payment.id) {
            report.fault(fmt::format("payment {} has an id that is not its own", payment.seq));
        }
        const bool counted = payment.seq >= 1 && payment.seq <= last;
        const Moved sum = counted ? std::exchange(moved[static_cast<std::size_t>(payment.seq)], Moved{}) : Moved{};
        if (payment.state == PaymentState::failed && payment.refusal == payments::PaymentRefusal::none) {
            report.fault(fmt::format("payment {} failed without a reason", payment.seq));
        }
        const bool given_back = payment.kind == PaymentKind::refund && payment.state == PaymentState::succeeded;
        if (given_back) refunded[payment.original] += payment.amount.minor();
        if (payment.refunded_minor != 0) progress[payment.seq] = {payment.captured_minor, payment.refunded_minor};
        if (payment.rail == payments::Rail::outside && payment.kind == PaymentKind::refund &&
            (payment.state == PaymentState::processing || payment.state == PaymentState::unknown)) {
            in_flight[payment.original] += payment.amount.minor();
        }
        // check_rail_calls, check_exchanges: more than one movement is right for these
        if (payment.rail == payments::Rail::outside || payment.kind == PaymentKind::exchange) return;
        const bool own = has_own_transfers(payment.kind);
        const bool moves = own && payment.state == PaymentState::succeeded;
        if ((moves ? payment.captured_minor : 0) != sum.main) {
            report.fault(fmt::format("payment {} says {} and its transfers moved {}", payment.seq,
                                     moves ? payment.captured_minor : 0, sum.main));
        }
        if (own && payment.state != PaymentState::failed &&
            payment.amount.minor() != (payment.hold != 0 ? sum.held : sum.main)) {
            report.fault(fmt::format("payment {} is of {} and its transfers are not", payment.seq, payment.amount.minor()));
        }
        if (sum.debit != AccountNo{} && (payment.payer != sum.debit || payment.payee != sum.credit)) {
            report.fault(fmt::format("payment {} names other accounts than its transfers", payment.seq));
        }
        if (moves && payment.fee_minor != sum.fee) {
            report.fault(fmt::format("payment {} says a fee of {} and its transfers moved {}", payment.seq,
                                     payment.fee_minor, sum.fee));
        }
        if (!own && payment.state == PaymentState::succeeded && !ended.emplace(payment.original, payment).second) {
            report.fault(fmt::format("payment {} ends the hold of payment {} a second time", payment.seq, payment.original));
        }
    });
    for (const auto& [original, minor] : in_flight) {  // R1
        const auto payment = find_payment(connection, original);
        if (!payment || payment->refunded_minor + minor > payment->captured_minor) {
            report.fault(fmt::format("payment {} has more on its way back than was captured", original));
        }
    }
    for (const auto& [original, row] : ended) {
        const auto held = find_payment(connection, original);
        const bool captured = row.kind == PaymentKind::capture;
        const bool agrees = held && held->hold != 0 &&
                            held->state == (captured ? PaymentState::succeeded : PaymentState::canceled) &&
                            held->captured_minor == (captured ? row.amount.minor() : 0);
        if (!agrees) report.fault(fmt::format("payment {} is not as payment {} left it", original, row.seq));
    }
    for (std::size_t payment = 0; payment < moved.size(); ++payment) {
        if (moved[payment].unclaimed) nobodys.insert(static_cast<std::int64_t>(payment));
    }
    for (const std::int64_t payment : nobodys)
        report.fault(fmt::format("transfers name payment {}, which does not exist", payment));
    for (const auto& [original, sum] : refunded) {
        const auto found = progress.find(original);
        if (found == progress.end() || found->second.second != sum) {
            report.fault(fmt::format("payment {} was refunded {} and its row says {}", original, sum,
                                     found == progress.end() ? 0 : found->second.second));
        }
    }
    for (const auto& [payment, amounts] : progress) {
        if (!refunded.contains(payment))
            report.fault(fmt::format("payment {} says it was refunded, and no refund names it", payment));
        if (amounts.second > amounts.first)
            report.fault(fmt::format("payment {} was refunded beyond what was captured", payment));
    }
    return report;
}

// Sixteen octets a payment, so that tens of millions can be compared in memory: what agrees in its short key is looked up.
CheckReport check_once(Connection& connection) {
    CheckReport report{.name = "once_keys"};
    using Entry = std::pair<std::uint64_t, std::int64_t>;  // the first octets of a hash, and the payment
    const std::int64_t sealed = cursor(connection, "once_payments");
    std::vector<Entry> keys, orders;
    each_payment(connection, 0, [&](const Payment& payment) {
        ++report.looked_at;
        keys.emplace_back(read_u64(view_of(payment.key)), payment.seq);
        const bool took_order = payment.state == PaymentState::succeeded || payment.state == PaymentState::requires_capture;
        if (took_order && payment.merchant && !payment.order_ref.empty()) {
            Bytes merchant;
            append_u64(merchant, static_cast<std::uint64_t>(number_of(*payment.merchant)));
            orders.emplace_back(read_u64(view_of(sha256({merchant, payment.order_ref}))), payment.seq);
        }
    });
    const auto each_repetition = [&](std::vector<Entry>& entries, const auto& same, std::string_view fault) {
        std::ranges::sort(entries);
        for (auto group = entries.begin(); group != entries.end();) {
            const auto end = std::find_if(group, entries.end(), [&](const Entry& e) { return e.first != group->first; });
            std::vector<Payment> seen;
            for (auto entry = group; end - group > 1 && entry != end; ++entry) {
                const auto payment = find_payment(connection, entry->second);
                if (!payment) continue;
                const bool repeated = std::ranges::any_of(seen, [&](const Payment& other) { return same(other, *payment); });
                if (repeated) report.fault(fmt::format("payment {} {}", payment->seq, fault));
                if (!repeated) seen.push_back(*payment);
            }
            group = end;
        }
    };
    each_repetition(
        orders, [](const Payment& a, const Payment& b) { return a.merchant == b.merchant && a.order_ref == b.order_ref; },
        "carries an order reference that was paid before");
    orders = {};
    each_repetition(
        keys, [](const Payment& a, const Payment& b) { return a.key == b.key; },
        "has an idempotency key that was used before");
    std::erase_if(keys, [sealed](const Entry& entry) { return entry.second > sealed; });
    std::vector<Entry> found;
    found.reserve(keys.size());
    connection.query("SELECT id, keys FROM once_block ORDER BY id", {}, [&](const Row& row) {
        const ByteView block = row.text(1);
        for (std::size_t at = 0; at + 16 <= block.size(); at += 16) {
            found.emplace_back(read_u64(block.substr(at)), static_cast<std::int64_t>(read_u64(block.substr(at + 8))));
        }
    });
    std::ranges::sort(found);
    std::vector<Entry> missing;
    std::ranges::set_difference(keys, found, std::back_inserter(missing));
    for (const auto& [key, payment] : missing)
        report.fault(fmt::format("the key of payment {} is in no sealed block", payment));
    return report;
}

}  // namespace okpay::store
