// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <unordered_map>

#include "store/exchange_store.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/ledger_store.hpp"

namespace okpay::store {

// Each exchange moved what the customer gave and, linked with it, exactly what its rate makes of that.
CheckReport check_exchanges(Connection& connection) {
    CheckReport report{.name = "exchanges"};
    std::unordered_map<std::int64_t, payments::Payment> made;
    each_payment(connection, 0, [&made](const payments::Payment& payment) {
        const bool done = payment.state == payments::PaymentState::succeeded;
        if (payment.kind == payments::PaymentKind::exchange && done) made.emplace(payment.seq, payment);
    });
    std::unordered_map<std::int64_t, std::vector<money::Transfer>> legs;
    if (!made.empty()) {
        each_transfer(connection, 0, [&](const money::Transfer& transfer) {
            if (made.contains(transfer.payment)) legs[transfer.payment].push_back(transfer);
        });
    }
    each_exchange(connection, [&](const ExchangeRow& row) {
        ++report.looked_at;
        const auto found = made.find(row.payment);
        if (found == made.end()) {
            report.fault(fmt::format("an exchange names payment {}, which is none", row.payment));
            return;
        }
        const payments::Payment& payment = found->second;
        const auto rate = find_rate(connection, row.rate);
        const auto converted = rate && rate->rate.from == payment.amount.currency()
                                   ? money::converted(payment.amount, rate->rate)
                                   : fail(money::MoneyError::currencies_differ);
        if (!converted || *converted != row.received) {
            report.fault(fmt::format("payment {} received another amount than its rate makes", row.payment));
        }
        const auto& moved = legs[row.payment];
        const bool as_said = moved.size() == 2 && moved[0].debit == payment.payer &&
                             moved[0].currency == payment.amount.currency() && moved[0].amount == payment.amount.minor() &&
                             moved[1].credit == payment.payee && moved[1].currency == row.received.currency() &&
                             moved[1].amount == row.received.minor();
        if (!as_said) report.fault(fmt::format("payment {} moved other amounts than its exchange says", row.payment));
        made.erase(found);
    });
    for (const auto& [payment, row] : made)
        report.fault(fmt::format("payment {} is an exchange without its amounts", payment));
    return report;
}

}  // namespace okpay::store
