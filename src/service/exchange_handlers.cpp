// SPDX-License-Identifier: Apache-2.0
// Exchange between the wallets of one customer, through the house's liquidity in both currencies: two linked transfers,
// each within its own ledger. The rate is one that staff have set, and the customer has seen what comes out of it.
#include <fmt/format.h>

#include "payments/decide.hpp"
#include "service/money_parts.hpp"
#include "service/monitor.hpp"
#include "store/exchange_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using money::AccountKind;
using payments::Payment;
using payments::PaymentRefusal;

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const SetExchangeRate& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::set_rates, staff)) return *no;
    const auto from = money::currency_of_code(body.from);
    const auto to = money::currency_of_code(body.to);
    if (!from || !to) return refused(codes::invalid, "from, to: currencies that we keep books in");
    const auto rate = money::Rate::of_decimal(*from, *to, body.rate);
    if (!rate) {
        return refused(codes::invalid, fmt::format("rate: how much {} one {} is, such as 7.2154; at most {} decimals",
                                                   body.to, body.from, money::Rate::decimals_max));
    }
    const std::int64_t no = books.next_number("exchange_rate");
    books.set_rate({.no = no, .rate = *rate, .decimal = body.rate, .set_at = command.at, .staff = staff->no});
    books.audit(command.at, command.actor, "set_rate", fmt::format("rate:{}", no),
                json_text({{"from", body.from}, {"to", body.to}, {"rate", body.rate}}));
    return Answer{.number = no};
}

Answer handle(Books& books, const Context& context, const Command& command, const ExchangeMoney& body) {
    const auto amount = money_of(body.amount_minor, body.from);
    const auto to = money::currency_of_code(body.to);
    if (!amount || !to) return bad_amount();
    const Hash256 key = once_key(command.actor, body.key);
    const std::int64_t print =
        fingerprint("exchange", {body.customer, body.amount_minor, body.expected_minor}, {body.from, body.to});
    if (auto known = known_answer(books, key, print)) return *known;
    const auto customer = CustomerNo{body.customer};
    const auto source = books.wallet_of(customer, amount->currency());
    const auto destination = books.wallet_of(customer, *to);
    Payment payment = new_payment(books, payments::PaymentKind::exchange, key, print, *amount, command.at);
    payment.payer = source;
    payment.payee = destination;
    payment.customer = customer;
    payment.captured_minor = amount->minor();
    payment.instrument = "wallet";
    if (!source || !destination) {
        if (auto kept = refused_without_wallet(books, std::move(payment), customer)) return *kept;
        return refused(codes::not_found, "there is no such customer");
    }
    const auto rate = books.rate_of(amount->currency(), *to);
    if (!rate) return keep_refused(books, std::move(payment), PaymentRefusal::no_rate);
    const money::AccountNo liquidity_from = books.house_account(AccountKind::fx_liquidity, amount->currency());
    const money::AccountNo liquidity_to = books.house_account(AccountKind::fx_liquidity, *to);
    // The house can stop exchanging a currency by freezing its own side of it.
    const bool stopped =
        books.ledger().find(liquidity_from)->credits_frozen || books.ledger().find(liquidity_to)->debits_frozen;
    if (stopped) return keep_refused(books, std::move(payment), PaymentRefusal::no_rate);
    if (amount->minor() <= 0) return keep_refused(books, std::move(payment), PaymentRefusal::not_positive);
    const auto received = money::converted(*amount, rate->rate);
    if (!received) return keep_refused(books, std::move(payment), PaymentRefusal::amount_out_of_range);
    if (received->minor() != body.expected_minor) {
        return keep_refused(books, std::move(payment), PaymentRefusal::rate_changed);
    }
    const auto decided = payments::decide_exchange({.payer = wallet_view(books, customer, *source),
                                                    .payee = wallet_view(books, customer, *destination),
                                                    .liquidity_from = liquidity_from,
                                                    .liquidity_to = liquidity_to,
                                                    .amount = *amount,
                                                    .received = *received});
    payment =
        settle(books, std::move(payment),
               judged(books, context, command, decided,
                      {.operation = risk::Operation::exchange, .customer = customer, .wallet = *source, .amount = *amount}));
    if (payment.state == payments::PaymentState::succeeded) {
        store::insert_exchange(books.connection(), {.payment = payment.seq, .received = *received, .rate = rate->no});
    }
    return answer_of(payment, false);
}

}  // namespace okpay::service
