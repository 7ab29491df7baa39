// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "store/dispute_store.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/ledger_store.hpp"

namespace okpay::store {
namespace {

using money::TransferCode;
using payments::Dispute;
using payments::DisputeMove;

struct Moved {
    std::int64_t taken = 0, returned = 0, lost = 0;
    friend bool operator==(const Moved&, const Moved&) = default;
};

// What one payment's disputes moved, by their steps: the newest stage and status, and the transfers of each.
struct Told {
    payments::DisputeStage stage{};
    payments::DisputeStatus status{};
    std::int64_t steps = 0;
    Moved moved;
};

void add(Moved& sum, DisputeMove move, std::int64_t minor) {
    switch (move) {
    case DisputeMove::none: return;
    case DisputeMove::take: sum.taken += minor; return;
    case DisputeMove::give_back: sum.returned += minor; return;
    case DisputeMove::lose: sum.lost += minor; return;
    }
    std::abort();
}

// Whatever a dispute moves goes through an account that nothing else touches, so its history is all of it.
std::map<std::int64_t, Moved> moved_by_ledger(Connection& connection, CheckReport& report) {
    std::map<std::int64_t, Moved> moved;
    std::vector<money::Account> accounts;
    each_account(connection, [&accounts](const money::Account& account) {
        if (account.kind == money::AccountKind::dispute_receivable) accounts.push_back(account);
    });
    // Rows of accounts are written back lazily; what came after is found from the end of the ledger.
    const std::int64_t newest = cursor(connection, "balances");
    std::map<money::AccountNo, std::int64_t> heads;
    for (const money::Account& account : accounts) heads[account.no] = account.last_transfer;
    if (accounts.empty()) return moved;
    each_transfer(connection, newest, [&heads](const money::Transfer& transfer) {
        for (const money::AccountNo no : {transfer.debit, transfer.credit}) {
            if (const auto found = heads.find(no); found != heads.end()) found->second = transfer.seq;
        }
    });
    for (const auto& [account, head] : heads) {
        std::int64_t at = head;
        while (at != 0) {
            const auto transfer = find_transfer(connection, at);
            if (!transfer) break;  // check_ledger_chain says so
            Moved& sum = moved[transfer->payment];
            switch (transfer->code) {
            case TransferCode::dispute_taken: sum.taken += transfer->amount; break;
            case TransferCode::dispute_returned: sum.returned += transfer->amount; break;
            case TransferCode::dispute_lost: sum.lost += transfer->amount; break;
            default: report.fault(fmt::format("transfer {} touches disputes and is none", transfer->seq));
            }
            const std::int64_t before = transfer->debit == account ? transfer->debit_prev : transfer->credit_prev;
            if (before >= at) break;  // check_ledger_balances says so
            at = before;
        }
    }
    return moved;
}

}  // namespace

// Each dispute is where its last step left it, its moves are zero-sum but for what is held or lost (D1), and the ledger
// moved for its payment exactly what the steps say; at most one is open for a payment (D2).
CheckReport check_disputes(Connection& connection) {
    CheckReport report{.name = "disputes"};
    std::map<std::int64_t, Dispute> disputes;
    each_dispute(connection, [&disputes](const Dispute& dispute) { disputes.emplace(dispute.no, dispute); });
    std::map<std::int64_t, Told> told;
    std::map<std::int64_t, Moved> by_steps;  // of payments
    each_dispute_event(connection, [&](const DisputeEvent& event) {
        const auto found = disputes.find(event.dispute);
        if (found == disputes.end()) {
            report.fault(fmt::format("step {} is of dispute {}, which does not exist", event.no, event.dispute));
            return;
        }
        Told& so_far = told[event.dispute];
        ++so_far.steps;
        so_far.stage = event.stage;
        so_far.status = event.status;
        add(so_far.moved, event.move, found->second.amount.minor());
        add(by_steps[found->second.payment], event.move, found->second.amount.minor());
        if ((event.move == DisputeMove::none) != (event.transfer == 0)) {
            report.fault(fmt::format("step {} of dispute {} and its transfer are not of one mind", event.no, event.dispute));
        }
        if (event.transfer == 0) return;
        const auto transfer = find_transfer(connection, event.transfer);
        if (!transfer || transfer->payment != found->second.payment || transfer->amount != found->second.amount.minor()) {
            report.fault(fmt::format("transfer {} is not what dispute {} moved", event.transfer, event.dispute));
        }
    });
    std::map<std::int64_t, int> open;  // of payments
    for (const auto& [no, dispute] : disputes) {
        ++report.looked_at;
        const Told& steps = told[no];
        if (steps.steps == 0 || steps.stage != dispute.stage || steps.status != dispute.status) {
            report.fault(fmt::format("dispute {} is not where its last step left it", no));
        }
        const Moved& moved = steps.moved;
        if (moved.taken - moved.returned - moved.lost != dispute.taken_minor() || moved.lost != dispute.lost_minor()) {
            report.fault(fmt::format("dispute {} holds or lost another amount than its steps moved", no));
        }
        if (is_open(dispute.status) && ++open[dispute.payment] == 2) {
            report.fault(fmt::format("payment {} has two open disputes", dispute.payment));
        }
        const auto payment = find_payment(connection, dispute.payment);
        const bool of_a_card = payment && payment->kind == payments::PaymentKind::merchant_payment &&
                               payment->rail == payments::Rail::outside && payment->merchant == dispute.merchant;
        if (!of_a_card) report.fault(fmt::format("dispute {} is not about a payment by card to its merchant", no));
        else if (dispute.amount.currency() != payment->amount.currency() ||
                 dispute.amount.minor() > payment->amount.minor()) {
            report.fault(fmt::format("dispute {} is about more than payment {} was", no, dispute.payment));
        }
    }
    std::map<std::int64_t, Moved> by_ledger = moved_by_ledger(connection, report);
    std::erase_if(by_steps, [](const auto& entry) { return entry.second == Moved{}; });
    for (const auto& [payment, moved] : by_ledger) {
        const auto found = by_steps.find(payment);
        if (found == by_steps.end() || found->second != moved) {
            report.fault(fmt::format("the ledger moved other amounts for disputes of payment {} than they say", payment));
        }
        if (found != by_steps.end()) by_steps.erase(found);
    }
    for (const auto& [payment, moved] : by_steps) {
        report.fault(fmt::format("disputes of payment {} say they moved money, and the ledger does not", payment));
    }
    return report;
}

}  // namespace okpay::store
