// SPDX-License-Identifier: Apache-2.0
// What treasury did and has to do: states of accounts, payouts, corrections.
#include <algorithm>

#include "service/queries_parts.hpp"
#include "store/correction_store.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using customers::MerchantNo;
using payments::Correction;
using store::Connection;
using store::Row;

Person person(parts::People& people, customers::StaffNo no) {
    auto found = people.find(no);
    if (!found) parts::missing("staff", number_of(no));
    return *std::move(found);
}

CorrectionView correction_view(Connection& connection, parts::Owners& owners, parts::People& people, Correction correction) {
    std::optional<PaymentId> made;
    if (correction.payment != 0) {
        const auto payment = store::find_payment(connection, correction.payment);
        if (!payment) parts::missing("payment", correction.payment);
        made = payment->id;
    }
    LedgerAccount debit = owners.find(correction.debit);
    LedgerAccount credit = owners.find(correction.credit);
    Person proposer = person(people, correction.proposer);
    auto decider = people.find(correction.decider);
    return {.correction = std::move(correction),
            .debit = std::move(debit),
            .credit = std::move(credit),
            .proposer = std::move(proposer),
            .decider = std::move(decider),
            .payment = made};
}

DisputeView dispute_view(Connection& connection, payments::Dispute dispute) {
    auto payment = store::find_payment(connection, dispute.payment);
    if (!payment) parts::missing("payment", dispute.payment);
    parts::People people{connection};
    std::vector<DisputeView::Step> steps;
    for (store::DisputeEvent& event : store::dispute_events_of(connection, dispute.no)) {
        auto staff = people.find(event.staff);
        steps.push_back({std::move(event), std::move(staff)});
    }
    return {.dispute = std::move(dispute),
            .payment = parts::payment_view(connection, *std::move(payment)),
            .steps = std::move(steps)};
}

// One more than a page was read: is there another?
template <class Item, class Number>
std::optional<std::int64_t> cut(std::vector<Item>& items, std::int64_t limit, Number number) {
    if (std::ssize(items) <= limit) return std::nullopt;
    items.pop_back();
    return number(items.back());
}

}  // namespace

Read<AccountEventPage> Queries::account_events(money::AccountNo account, std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        auto events = store::account_events(connection, account, before, limit + 1);
        AccountEventPage page;
        page.next = cut(events, limit, [](const store::AccountEvent& event) { return event.no; });
        parts::People people{connection};
        for (store::AccountEvent& event : events) {
            Person staff = person(people, event.staff);
            page.items.push_back({std::move(event), std::move(staff)});
        }
        return page;
    });
}

Read<std::optional<MerchantView>> Queries::merchant(const MerchantId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<MerchantView> {
        const Snapshot snapshot{connection};
        const auto no = connection.integer("SELECT no FROM merchant WHERE id = $1", {store::Octets{id.view()}});
        auto merchant = no ? store::find_merchant(connection, MerchantNo{*no}) : std::nullopt;
        if (!merchant) return std::nullopt;
        MerchantView view{.merchant = *std::move(merchant), .accounts = {}, .payout_accounts = {}};
        view.accounts = parts::accounts_of(connection, view.merchant.no);
        for (const OwnedAccount& account : view.accounts) {
            auto payout = store::current_payout_account(connection, view.merchant.no, account.currency);
            if (payout) view.payout_accounts.push_back(*std::move(payout));
        }
        return view;
    });
}

Read<PayoutPage> Queries::payouts(std::optional<MerchantNo> merchant, std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        std::vector<std::int64_t> found;
        const auto note = [&found](const Row& row) { found.push_back(row.integer(0)); };
        // The words of the partial index, or no engine uses it.
        if (merchant) {
            connection.query(
                "SELECT seq FROM payment WHERE kind = 9 AND merchant = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
                {number_of(*merchant), before, limit + 1}, note);
        } else {
            connection.query("SELECT seq FROM payment WHERE kind = 9 AND seq < $1 ORDER BY seq DESC LIMIT $2",
                             {before, limit + 1}, note);
        }
        PayoutPage page;
        page.next = cut(found, limit, [](std::int64_t seq) { return seq; });
        for (const std::int64_t seq : found) {
            page.items.push_back({parts::payment_view(connection, seq).value(), store::find_rail_call(connection, seq)});
        }
        return page;
    });
}

Read<DisputePage> Queries::disputes(std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        auto found = store::newest_disputes(connection, before, limit + 1);
        DisputePage page;
        page.next = cut(found, limit, [](const payments::Dispute& dispute) { return dispute.no; });
        for (payments::Dispute& dispute : found) page.items.push_back(dispute_view(connection, std::move(dispute)));
        return page;
    });
}

Read<DisputePage> Queries::open_disputes(std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        DisputePage page;
        for (payments::Dispute& dispute : store::open_disputes(connection, limit)) {
            page.items.push_back(dispute_view(connection, std::move(dispute)));
        }
        return page;
    });
}

Read<std::optional<DisputeView>> Queries::dispute(const DisputeId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<DisputeView> {
        const Snapshot snapshot{connection};
        auto found = store::find_dispute(connection, id);
        if (!found) return std::nullopt;
        return dispute_view(connection, *std::move(found));
    });
}

Read<CorrectionPage> Queries::corrections(bool waiting, std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        auto found = store::newest_corrections(connection, waiting, before, limit + 1);
        CorrectionPage page;
        page.next = cut(found, limit, [](const Correction& correction) { return correction.no; });
        parts::Owners owners{connection};
        parts::People people{connection};
        for (Correction& correction : found) {
            page.items.push_back(correction_view(connection, owners, people, std::move(correction)));
        }
        return page;
    });
}

Read<std::optional<CorrectionView>> Queries::correction(std::int64_t no) {
    return pool_.read([&](Connection& connection) -> std::optional<CorrectionView> {
        const Snapshot snapshot{connection};
        auto found = store::find_correction(connection, no);
        if (!found) return std::nullopt;
        parts::Owners owners{connection};
        parts::People people{connection};
        return correction_view(connection, owners, people, *std::move(found));
    });
}

}  // namespace okpay::service
