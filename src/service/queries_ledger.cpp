// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "service/ledger_at.hpp"
#include "service/queries_parts.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using money::Account;
using money::AccountNo;
using money::Transfer;
using store::Connection;
using store::Octets;
using store::Row;

using parts::Owners;

JournalEntry entry_of(Connection& connection, Owners& owners, const Transfer& transfer) {
    const auto payment = store::find_payment(connection, transfer.payment);
    if (!payment) parts::missing("payment", transfer.payment);
    return {.transfer = transfer,
            .debit = owners.find(transfer.debit),
            .credit = owners.find(transfer.credit),
            .payment = payment->id};
}

// Those that it made at once, and those by which its hold ended or a rail's last word carried it out: each group stands
// together in the ledger. A withdrawal that came back moved a third time between them, which stands in the journal.
std::vector<Transfer> transfers_of(Connection& connection, const payments::Payment& payment) {
    const bool by_rail = payment.rail == payments::Rail::outside;
    const bool moved_nothing = payment.state == payments::PaymentState::failed && !by_rail;
    if (moved_nothing || !payments::has_own_transfers(payment.kind)) return {};
    auto found = parts::transfers_made_with(connection, payment);
    if (const auto call = by_rail ? store::find_rail_call(connection, payment.seq) : std::nullopt) {
        payments::Payment ended = payment;
        ended.created = call->updated;
        for (const Transfer& transfer : parts::transfers_made_with(connection, ended)) {
            if (found.empty() || transfer.seq > found.back().seq) found.push_back(transfer);
        }
    }
    if (payment.hold == 0) return found;
    auto next = connection.integer("SELECT resolved_by FROM hold WHERE seq = $1", {payment.hold});
    while (next) {
        const auto transfer = store::find_transfer(connection, *next);
        if (!transfer || transfer->payment != payment.seq) break;
        if (transfer->seq > found.back().seq) found.push_back(*transfer);
        ++*next;
    }
    return found;
}

// The last transfer at or before a moment: ledger time never runs back, so halving finds it.
std::int64_t last_at(Connection& connection, std::int64_t head, Moment moment) {
    std::int64_t low = 0;
    std::int64_t high = head;
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        const auto at = connection.integer("SELECT at FROM transfer WHERE seq = $1", {middle});
        if (!at) parts::missing("transfer", middle);
        if (*at <= ms_of(moment)) low = middle;
        else high = middle - 1;
    }
    return low;
}

void add(TrialSums& sums, const Account& account) {
    sums.accounts += 1;
    sums.debits_posted += account.debits_posted;
    sums.credits_posted += account.credits_posted;
    sums.debits_pending += account.debits_pending;
    sums.credits_pending += account.credits_pending;
    const std::int64_t balance = account.posted_minor();
    if (balance < 0) sums.debit_balances -= balance;
    else sums.credit_balances += balance;
}

}  // namespace

namespace parts {
namespace {

template <class IdType>
std::string id_text_of(ByteView octets) {
    const auto id = IdType::of_bytes(octets);
    return id ? id->text() : std::string{};
}

}  // namespace

LedgerAccount Owners::find(const Account& account) {
    LedgerAccount found = named(account.no);
    found.account = account;
    return found;
}

LedgerAccount Owners::find(AccountNo no) {
    const auto known = known_.find(no);
    if (known != known_.end()) return known->second;
    std::optional<Account> row;
    store::each_account_above(connection_, number_of(no) - 1, 1, 0, 0, [&row](const Account& account) { row = account; });
    if (!row || row->no != no) missing("account", number_of(no));
    LedgerAccount found = named(no);
    found.account = Account{.no = no, .currency = row->currency, .kind = row->kind};
    found.account.set_state(row->state());
    return known_.emplace(no, std::move(found)).first->second;
}

LedgerAccount Owners::named(AccountNo no) {
    LedgerAccount found{.account = Account{.no = no, .currency = {}, .kind = {}}, .owner_id = "", .owner_name = ""};
    connection_.query(
        "SELECT o.customer, c.id, c.name, m.id, m.name FROM account_owner o LEFT JOIN customer c ON c.no = o.customer "
        "LEFT JOIN merchant m ON m.no = o.merchant WHERE o.account = $1",
        {number_of(no)}, [&found](const Row& row) {
            const bool customer = !row.is_null(0);
            found.owner = customer ? LedgerAccount::Owner::customer : LedgerAccount::Owner::merchant;
            const auto octets = row.text(customer ? 1 : 3);
            found.owner_id = customer ? id_text_of<CustomerId>(octets) : id_text_of<MerchantId>(octets);
            found.owner_name = row.string(customer ? 2 : 4);
        });
    return found;
}

}  // namespace parts

Read<LedgerPlace> Queries::ledger_place(const AsOf& as_of) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        const std::int64_t head = connection.integer("SELECT coalesce(max(seq), 0) FROM transfer").value_or(0);
        LedgerPlace place{.seq = head, .at = Moment{}, .head_seq = head, .distance = 0};
        if (as_of.seq) place.seq = *as_of.seq;
        else if (as_of.at) place.seq = last_at(connection, head, *as_of.at);
        if (place.seq > head) return place;
        const std::int64_t seen = std::min(place.seq, store::cursor(connection, "balances"));
        place.distance = std::min(place.seq, (head - place.seq) + (place.seq - seen));
        if (const auto last = store::find_transfer(connection, place.seq)) place.at = last->at;
        return place;
    });
}

Read<LedgerAccountPage> Queries::ledger_accounts(std::int64_t seq, const LedgerAccountFilter& filter, std::int64_t after,
                                                 std::int64_t limit) {
    auto accounts = parts::accounts_at(pool_, seq, {.filter = filter, .after = after, .limit = limit + 1});
    if (!accounts) return fail(accounts.error());
    LedgerAccountPage page;
    if (static_cast<std::int64_t>(accounts->size()) > limit) {
        accounts->pop_back();
        page.next = number_of(accounts->back().no);
    }
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        Owners owners{connection};
        for (const Account& account : *accounts) {
            page.items.push_back(owners.find(account));
            page.items.back().account.set_state(store::account_state_at(connection, account.no, seq));
        }
        return std::move(page);
    });
}

Read<std::optional<LedgerAccount>> Queries::ledger_account(std::int64_t seq, AccountNo account) {
    auto page = ledger_accounts(seq, {.kind = std::nullopt, .currency = std::nullopt}, number_of(account) - 1, 1);
    if (!page) return fail(page.error());
    if (page->items.empty() || page->items[0].account.no != account) return std::optional<LedgerAccount>{};
    return std::optional{std::move(page->items[0])};
}

Read<JournalPage> Queries::journal(std::int64_t seq, std::optional<std::int64_t> before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        const std::int64_t newest = before ? std::min(seq, *before - 1) : seq;
        auto transfers = store::newest_transfers(connection, newest, limit + 1);
        JournalPage page;
        if (static_cast<std::int64_t>(transfers.size()) > limit) {
            transfers.pop_back();
            page.next = transfers.back().seq;
        }
        Owners owners{connection};
        for (const Transfer& transfer : transfers) page.items.push_back(entry_of(connection, owners, transfer));
        return page;
    });
}

Read<std::optional<JournalPage>> Queries::ledger_entries(std::int64_t seq, AccountNo account,
                                                         std::optional<std::int64_t> before, std::int64_t limit) {
    using Found = std::optional<JournalPage>;
    std::int64_t head = 0;
    if (!before) {
        const auto there = ledger_account(seq, account);
        if (!there) return fail(there.error());
        if (!*there) return Found{};
        head = (*there)->account.last_transfer;
    }
    return pool_.read([&](Connection& connection) -> Found {
        const Snapshot snapshot{connection};
        if (before) {
            // A cursor is text from outside: it may name any transfer.
            const auto last = store::find_transfer(connection, *before);
            if (!last || (last->debit != account && last->credit != account)) return std::nullopt;
            head = last->debit == account ? last->debit_prev : last->credit_prev;
        }
        auto transfers = store::walk_history(connection, account, head, static_cast<std::size_t>(limit) + 1);
        JournalPage page;
        if (static_cast<std::int64_t>(transfers.size()) > limit) {
            transfers.pop_back();
            page.next = transfers.back().seq;
        }
        Owners owners{connection};
        for (const Transfer& transfer : transfers) page.items.push_back(entry_of(connection, owners, transfer));
        return page;
    });
}

Read<TrialBalance> Queries::trial_balance(std::int64_t seq) {
    const auto accounts = parts::accounts_at(pool_, seq, {.filter = {.kind = std::nullopt, .currency = std::nullopt}});
    if (!accounts) return fail(accounts.error());
    std::map<std::string_view, std::map<money::AccountKind, TrialSums>> sums;
    for (const Account& account : *accounts) add(sums[money::code_of(account.currency)][account.kind], account);
    TrialBalance balance;
    for (const auto& [code, kinds] : sums) {
        TrialBalance::Currency currency{.currency = *money::currency_of_code(code), .lines = {}, .total = {}};
        for (const auto& [kind, of_kind] : kinds) {
            currency.lines.push_back({kind, of_kind});
            currency.total += of_kind;
        }
        balance.currencies.push_back(std::move(currency));
    }
    return balance;
}

Read<std::optional<LedgerPayment>> Queries::ledger_payment(const PaymentId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<LedgerPayment> {
        const Snapshot snapshot{connection};
        auto detail = parts::payment_detail(connection, id);
        if (!detail) return std::nullopt;
        LedgerPayment found{.detail = *std::move(detail), .transfers = {}};
        Owners owners{connection};
        for (const Transfer& transfer : transfers_of(connection, found.detail.view.payment)) {
            found.transfers.push_back(entry_of(connection, owners, transfer));
        }
        return found;
    });
}

}  // namespace okpay::service
