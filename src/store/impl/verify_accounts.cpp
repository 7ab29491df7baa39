// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <unordered_map>

#include "store/account_store.hpp"
#include "store/correction_store.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/ledger_store.hpp"

namespace okpay::store {
namespace {

using money::Account;
using money::AccountNo;
using money::AccountState;
using money::Transfer;
using money::TransferKind;
using payments::Correction;
using payments::CorrectionState;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentState;

bool releases(TransferKind kind) { return kind == TransferKind::void_pending || kind == TransferKind::expire_pending; }

}  // namespace

// Each account is as its newest event says, no transfer was made on a side that was frozen or closed, and what was closed
// was empty. An event stands right after the transfer that was the newest when it happened.
CheckReport check_account_states(Connection& connection) {
    CheckReport report{.name = "account_states"};
    std::vector<AccountEvent> events;
    each_account_event(connection, [&events](const AccountEvent& event) { events.push_back(event); });
    std::vector<Account> running;  // replayed, with the state of that place
    std::unordered_map<std::int64_t, AccountState> rows;
    each_account(connection, [&](const Account& account) {
        ++report.looked_at;
        rows.emplace(number_of(account.no), account.state());
        running.push_back({.no = account.no, .currency = account.currency, .kind = account.kind});
    });
    const auto at = [&running](AccountNo no) -> Account* {
        const std::int64_t index = number_of(no) - 1;
        return index >= 0 && index < std::ssize(running) ? &running[static_cast<std::size_t>(index)] : nullptr;
    };
    std::unordered_map<std::int64_t, std::int64_t> held;  // by hold
    std::size_t next = 0;
    const auto happen = [&](std::int64_t before_seq) {  // the events up to a transfer
        for (; next < events.size() && events[next].ledger_seq < before_seq; ++next) {
            const AccountEvent& event = events[next];
            if (event.no != static_cast<std::int64_t>(next) + 1) {
                report.fault(fmt::format("account event {} is missing", next + 1));
            }
            if (next > 0 && event.ledger_seq < events[next - 1].ledger_seq) {
                report.fault(fmt::format("account event {} stands before the one that it follows", event.no));
            }
            Account* account = at(event.account);
            if (account == nullptr) {
                report.fault(fmt::format("account event {} names an account that does not exist", event.no));
                continue;
            }
            if (account->state() != event.from || event.from == event.to || account->closed) {
                report.fault(fmt::format("account event {} does not continue the one before it", event.no));
            }
            if (event.to == AccountState::closed && (!account->is_empty() || is_house(account->kind))) {
                report.fault(fmt::format("account {} was closed and could not be", number_of(event.account)));
            }
            if (!may_be_frozen(account->kind)) {
                report.fault(fmt::format("account {} of the house was frozen", number_of(event.account)));
            }
            account->set_state(event.to);
        }
    };
    each_transfer(connection, 0, [&](const Transfer& transfer) {
        happen(transfer.seq);
        Account* debit = at(transfer.debit);
        Account* credit = at(transfer.credit);
        if (debit == nullptr || credit == nullptr) return;  // check_ledger_balances
        const bool shut = debit->closed || debit->debits_frozen || credit->closed || credit->credits_frozen;
        if (shut && !releases(transfer.kind)) {
            report.fault(fmt::format("transfer {} was made on a side of an account that was shut", transfer.seq));
        }
        if (transfer.kind == TransferKind::pending) {
            held[transfer.seq] = transfer.amount;
            debit->debits_pending += transfer.amount;
            credit->credits_pending += transfer.amount;
            return;
        }
        if (transfer.pending_seq != 0) {
            debit->debits_pending -= held[transfer.pending_seq];
            credit->credits_pending -= held[transfer.pending_seq];
        }
        if (!releases(transfer.kind)) {
            debit->debits_posted += transfer.amount;
            credit->credits_posted += transfer.amount;
        }
    });
    happen(std::numeric_limits<std::int64_t>::max());
    for (const Account& account : running) {
        if (rows.at(number_of(account.no)) != account.state()) {
            report.fault(fmt::format("account {} is {} and its events say {}", number_of(account.no),
                                     name_of(rows.at(number_of(account.no))), name_of(account.state())));
        }
    }
    return report;
}

// Each correction was approved by another person than the one who proposed it, and moved exactly what was proposed; no
// other payment is one, and no transfer is reversed twice.
CheckReport check_corrections(Connection& connection) {
    CheckReport report{.name = "corrections"};
    std::unordered_map<std::int64_t, Payment> made;
    each_payment(connection, 0, [&made](const Payment& payment) {
        if (payment.kind == PaymentKind::correction) made.emplace(payment.seq, payment);
    });
    std::unordered_map<std::int64_t, std::vector<Transfer>> moved;
    if (!made.empty()) {
        each_transfer(connection, 0, [&](const Transfer& transfer) {
            if (made.contains(transfer.payment)) moved[transfer.payment].push_back(transfer);
        });
    }
    std::unordered_map<std::int64_t, std::int64_t> reversed;  // transfer, by which correction
    each_correction(connection, [&](const Correction& correction) {
        ++report.looked_at;
        const bool executed = correction.state == CorrectionState::executed;
        const bool posted = executed || correction.state == CorrectionState::failed;
        if ((correction.payment != 0) != posted || correction.decider.has_value() != correction.decided.has_value() ||
            (correction.state == CorrectionState::proposed) == correction.decider.has_value()) {
            report.fault(fmt::format("correction {} is in a state that its row denies", correction.no));
        }
        if (!posted) return;
        if (correction.decider == correction.proposer) {
            report.fault(fmt::format("correction {} was approved by who proposed it", correction.no));
        }
        const auto found = made.find(correction.payment);
        if (found == made.end()) {
            report.fault(fmt::format("correction {} names payment {}, which is none", correction.no, correction.payment));
            return;
        }
        const Payment& payment = found->second;
        if (payment.payer != correction.debit || payment.payee != correction.credit || payment.amount != correction.amount ||
            (payment.state == PaymentState::succeeded) != executed) {
            report.fault(fmt::format("payment {} is not what correction {} was to do", payment.seq, correction.no));
        }
        const auto& transfers = moved[payment.seq];
        if (transfers.size() != (executed ? 1U : 0U)) {
            report.fault(fmt::format("correction {} made {} transfers", correction.no, transfers.size()));
        }
        if (executed && correction.reverses != 0) {
            const auto turned = find_transfer(connection, correction.reverses);
            const bool mirrored = turned && turned->debit == correction.credit && turned->credit == correction.debit &&
                                  turned->amount == correction.amount.minor();
            if (!mirrored) report.fault(fmt::format("correction {} is not the transfer it reverses, turned", correction.no));
            if (const auto [first, is_first] = reversed.emplace(correction.reverses, correction.no); !is_first) {
                report.fault(fmt::format("transfer {} was reversed by corrections {} and {}", correction.reverses,
                                         first->second, correction.no));
            }
        }
        made.erase(found);
    });
    for (const auto& [payment, row] : made) report.fault(fmt::format("payment {} is a correction nobody approved", payment));
    return report;
}

}  // namespace okpay::store
