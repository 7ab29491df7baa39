// SPDX-License-Identifier: Apache-2.0
// What we owe a merchant goes to its bank account: begun by staff, carried by a rail, ended like a withdrawal
// (rail_handlers.cpp). Letters go to customers alone; the treasury's page shows what became of a payout.
#include <fmt/format.h>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "payments/rail_call.hpp"
#include "service/money_parts.hpp"
#include "store/payout_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using customers::MerchantNo;
using money::AccountKind;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentRefusal;
using payments::PaymentState;

// One payout at a time of what is owed in a currency: the first may come back, or be paid although nobody says so.
std::optional<std::int64_t> open_payout(Books& books, MerchantNo merchant, money::Currency currency) {
    for (const payments::RailCall& call : store::live_rail_calls_of(books.connection(), merchant)) {
        if (call.amount.currency() == currency) return call.payment;
    }
    return std::nullopt;
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const SetPayoutAccount& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::pay_out_merchants, staff)) return *no;
    const auto merchant = MerchantNo{body.merchant};
    if (!store::find_merchant(books.connection(), merchant)) return refused(codes::not_found, "there is no such merchant");
    const auto currency = money::currency_of_code(body.currency);
    if (!currency || !books.payable_of(merchant, *currency)) {
        return refused(codes::invalid, "currency: the merchant has no account in it");
    }
    const auto sealed = bytes_of_base64(body.sealed_instrument);
    const auto hash = bytes_of_hex(body.instrument_hash);
    if (!sealed || sealed->empty() || !hash || trimmed(body.instrument).empty()) {
        return refused(codes::invalid, "destination: malformed");
    }
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
    const std::int64_t no = books.next_number("payout_account");
    store::insert_payout_account(books.connection(), {.no = no,
                                                      .merchant = merchant,
                                                      .currency = *currency,
                                                      .instrument = body.instrument,
                                                      .sealed_instrument = *sealed,
                                                      .instrument_hash = *hash,
                                                      .set_at = command.at,
                                                      .staff = staff->no});
    books.audit(command.at, command.actor, "set_payout_account", fmt::format("merchant:{}", body.merchant),
                json_text({{"currency", body.currency}, {"instrument", body.instrument}, {"row", std::to_string(no)}}));
    return Answer{.number = no};
}

Answer handle(Books& books, const Context&, const Command& command, const PayOutMerchant& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::pay_out_merchants, staff)) return *no;
    const auto asked = money_of(body.amount_minor, body.currency);
    if (!asked) return bad_amount();
    const Hash256 key = once_key(command.actor, "payout " + body.key);
    const std::int64_t print =
        fingerprint("payout", {body.merchant, body.amount_minor, body.balancing ? 1 : 0}, {body.currency});
    if (auto known = known_answer(books, key, print)) return *known;
    const auto merchant = MerchantNo{body.merchant};
    const money::Currency currency = asked->currency();
    const auto payable = books.payable_of(merchant, currency);
    if (!payable) return refused(codes::not_found, "there is no such merchant, or it has no account in this currency");

    const money::Account owed = *books.ledger().find(*payable);
    // The row says what moves, not what was asked for at most: nothing, where there is nothing.
    const std::int64_t there = std::max<std::int64_t>(owed.available_minor(), 0);
    const auto amount = money::Money::of_minor(body.balancing ? std::min(asked->minor(), there) : asked->minor(), currency);
    const money::AccountNo in_transit = books.house_account(AccountKind::payout_in_transit, currency);
    Payment payment = new_payment(books, PaymentKind::merchant_payout, key, print, amount.value(), command.at);
    payment.payer = *payable;
    payment.payee = in_transit;
    payment.merchant = merchant;
    const auto account = store::current_payout_account(books.connection(), merchant, currency);
    if (account) payment.instrument = account->instrument;
    if (const auto first = open_payout(books, merchant, currency)) {
        payment.duplicate_of = *first;
        return keep_refused(books, std::move(payment), PaymentRefusal::attempt_unresolved);
    }
    const auto decided =
        payments::decide_payout({.payable = {.account = *payable,
                                             .available = money::Money::of_minor(owed.available_minor(), currency).value(),
                                             .closed = owed.closed,
                                             .debits_frozen = owed.debits_frozen,
                                             .credits_frozen = owed.credits_frozen},
                                 .has_account = account.has_value(),
                                 .in_transit = in_transit,
                                 .amount = *asked,
                                 .balancing = body.balancing});
    payment.state = PaymentState::processing;
    payment.rail = payments::Rail::outside;
    payment.captured_minor = payment.amount.minor();
    payment = settle(books, std::move(payment), decided);
    if (payment.state == PaymentState::processing) {
        store::insert_rail_call(books.connection(), {.payment = payment.seq,
                                                     .customer = std::nullopt,
                                                     .merchant = merchant,
                                                     .direction = payments::RailDirection::pay_out,
                                                     .amount = payment.amount,
                                                     .instrument = account->instrument,
                                                     .sealed_instrument = account->sealed_instrument,
                                                     .next_at = command.at,
                                                     .sent_at = std::nullopt,
                                                     .created = payment.created,
                                                     .updated = payment.created});
        books.news().rail_called = true;
    }
    books.audit(command.at, command.actor, "pay_out_merchant", fmt::format("payment:{}", payment.seq),
                json_text({{"merchant", std::to_string(body.merchant)},
                           {"amount_minor", std::to_string(payment.amount.minor())},
                           {"currency", body.currency},
                           {"state", payment.state == PaymentState::processing ? "processing" : "refused"}}));
    return answer_of(payment, false);
}

}  // namespace okpay::service
