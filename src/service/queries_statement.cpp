// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

#include "service/ledger_at.hpp"
#include "service/queries_parts.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using money::AccountNo;
using money::Transfer;
using payments::PaymentKind;
using store::Connection;

constexpr std::size_t first_transfers = 50;      // of the first read; each next one takes twice as many
constexpr std::size_t piece_transfers = 2'000;   // of one read: a fifth of a second at worst
constexpr std::size_t piece_names = 500;        // a few statements each

struct Chain {
    std::vector<Transfer> transfers;  // of the period, oldest first
    std::int64_t opening = 0;
};

// From `head` down: past what is later than the period, through it, to the first before it.
Read<Result<Chain, StatementRefusal>> walk(ReaderPool& pool, const StatementRequest& request, std::int64_t head) {
    using Found = Result<Chain, StatementRefusal>;
    Chain chain;
    std::size_t later = 0;
    for (std::size_t wanted = first_transfers; head != 0; wanted = std::min(2 * wanted, piece_transfers)) {
        const auto piece = pool.read(
            [&](Connection& connection) { return store::walk_history(connection, request.account, head, wanted); });
        if (!piece) return fail(piece.error());
        for (const Transfer& transfer : *piece) {
            const bool out = transfer.debit == request.account;
            if (transfer.at < request.from) {
                chain.opening = out ? transfer.debit_after : transfer.credit_after;
                std::ranges::reverse(chain.transfers);
                return Found{std::move(chain)};
            }
            if (transfer.at >= request.until) {
                if (++later > request.limits.later_max) return Found{fail(StatementRefusal::too_far)};
            } else {
                if (chain.transfers.size() == request.limits.transfers_max) return Found{fail(StatementRefusal::too_long)};
                chain.transfers.push_back(transfer);
            }
            head = out ? transfer.debit_prev : transfer.credit_prev;
        }
    }
    std::ranges::reverse(chain.transfers);
    return Found{std::move(chain)};
}

// What payments say beside their figures, each name looked up once.
class Details {
public:
    explicit Details(AccountNo account) : account_{account} {}

    StatementEntry entry(Connection& connection, const payments::StatementLine& line) {
        auto payment = store::find_payment(connection, line.payment);
        if (!payment) parts::missing("payment", line.payment);
        StatementEntry entry{
            .line = line, .payment = payment->id, .counterparty = {}, .memo = std::move(payment->memo), .instrument = {}};
        if (payment->kind == PaymentKind::person_to_person) {
            const auto other = payment->payer == account_ ? payment->payee : payment->payer;
            if (other) entry.counterparty = person(connection, *other);
        } else if (payment->merchant) {
            entry.counterparty = merchant(connection, *payment->merchant);
        } else {
            entry.instrument = std::move(payment->instrument);
        }
        return entry;
    }

private:
    const std::string& person(Connection& connection, AccountNo wallet) {
        const auto known = people_.find(wallet);
        if (known != people_.end()) return known->second;
        return people_.emplace(wallet, parts::owner_name(connection, wallet)).first->second;
    }
    const std::string& merchant(Connection& connection, customers::MerchantNo no) {
        const auto known = merchants_.find(no);
        if (known != merchants_.end()) return known->second;
        auto found = store::find_merchant(connection, no);
        if (!found) parts::missing("merchant", number_of(no));
        return merchants_.emplace(no, std::move(found->name)).first->second;
    }

    AccountNo account_;
    std::map<AccountNo, std::string> people_;
    std::map<customers::MerchantNo, std::string> merchants_;
};

}  // namespace

Read<std::optional<StatementFound>> Queries::statement(const StatementRequest& request) {
    using Found = std::optional<StatementFound>;
    // The place first, then the account as it stood there: what is posted meanwhile shows in neither.
    const auto newest = pool_.read([](Connection& connection) {
        const std::int64_t head = connection.integer("SELECT coalesce(max(seq), 0) FROM transfer").value_or(0);
        return store::find_transfer(connection, head);
    });
    if (!newest) return fail(newest.error());
    Statement statement{.account = request.account,
                        .currency = {},
                        .from = request.from,
                        .until = request.until,
                        .entries = {},
                        .sums = {},
                        .ledger_seq = *newest ? (*newest)->seq : 0,
                        .ledger_hash = *newest ? (*newest)->hash : Hash256{}};
    const parts::AccountSelection alone{.filter = {.kind = std::nullopt, .currency = std::nullopt},
                                        .after = number_of(request.account) - 1,
                                        .limit = 1};
    const auto accounts = parts::accounts_at(pool_, statement.ledger_seq, alone);
    if (!accounts) return fail(accounts.error());
    if (accounts->empty() || accounts->front().no != request.account) return Found{};
    const money::Account& account = accounts->front();
    statement.currency = account.currency;

    const auto chain = walk(pool_, request, account.last_transfer);
    if (!chain) return fail(chain.error());
    if (!*chain) return Found{fail((*chain).error())};
    const auto body = payments::statement_body(request.account, (*chain)->opening, (*chain)->transfers);
    // What the rows say and what the counters say are two ways to one figure.
    const bool reaches_head = !(*chain)->transfers.empty() && (*chain)->transfers.back().seq == account.last_transfer;
    if (!body || (reaches_head && body->sums.closing_minor != account.posted_minor())) {
        spdlog::error("the transfers of account {} do not add up: run okpay verify", number_of(request.account));
        return fail(QueryError::corrupt);
    }
    statement.sums = body->sums;
    statement.entries.reserve(body->lines.size());
    Details details{request.account};
    for (std::size_t at = 0; at < body->lines.size(); at += piece_names) {
        const auto named = pool_.read([&](Connection& connection) {
            std::vector<StatementEntry> piece;
            for (std::size_t i = at; i < std::min(at + piece_names, body->lines.size()); ++i) {
                piece.push_back(details.entry(connection, body->lines[i]));
            }
            return piece;
        });
        if (!named) return fail(named.error());
        std::ranges::copy(*named, std::back_inserter(statement.entries));
    }
    return Found{std::move(statement)};
}

}  // namespace okpay::service
