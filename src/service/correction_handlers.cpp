// SPDX-License-Identifier: Apache-2.0
// Corrections of the books by two persons (payments/correction.hpp). The approval posts exactly what was proposed, in the
// same commit; what the ledger refuses then is kept with its reason.
#include <fmt/format.h>

#include "base/text.hpp"
#include "payments/correction.hpp"
#include "payments/names.hpp"
#include "service/money_parts.hpp"
#include "store/account_store.hpp"
#include "store/correction_store.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using money::AccountNo;
using payments::Correction;
using payments::CorrectionState;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentRefusal;
using payments::PaymentState;
using payments::ReversalRefusal;

std::optional<customers::Customer> owner_of(Books& books, AccountNo account) {
    const auto owner = store::find_account_owner(books.connection(), account);
    return owner && owner->customer ? store::find_customer(books.connection(), *owner->customer) : std::nullopt;
}

bool is_own(Books& books, AccountNo account, const store::StaffRow& staff) {
    const auto customer = owner_of(books, account);
    return customer && has_to_do_with(books, staff, customer->no);
}

std::int64_t newest_event(Books& books, AccountNo debit, AccountNo credit) {
    return std::max(store::last_account_event(books.connection(), debit),
                    store::last_account_event(books.connection(), credit));
}

Answer refused(PaymentRefusal refusal) {
    return service::refused(payments::code_of(refusal), std::string{payments::sentence_en(refusal)});
}

// Why the transfer may not be reversed by this; nothing where it may.
std::optional<Answer> not_reversible(Books& books, const ProposeCorrection& body, money::Money amount) {
    books.flush();
    const auto transfer = store::find_transfer(books.connection(), body.reverses);
    const auto payment = transfer ? books.find_payment(transfer->payment) : std::nullopt;
    if (!payment) return service::refused(codes::not_found, "reverses: there is no such transfer");
    const bool mirrored = number_of(transfer->credit) == body.debit && number_of(transfer->debit) == body.credit &&
                          transfer->amount == amount.minor() && transfer->currency == amount.currency();
    if (!mirrored) {
        return service::refused(codes::invalid, "reverses: debit, credit and amount must be those of the transfer, turned");
    }
    if (const auto refusal = payments::reversal_refusal(*transfer, *payment)) {
        switch (*refusal) {
        case ReversalRefusal::moved_nothing:
            return service::refused("not_reversible", "this transfer holds or releases money and moved none");
        case ReversalRefusal::refundable:
            return service::refused("not_reversible", "this belongs to a payment to a merchant: refund the payment");
        case ReversalRefusal::rail_decides:
            return service::refused("not_reversible", "a bank decides about this, or it is one half of an exchange");
        }
    }
    if (store::is_reversed(books.connection(), body.reverses)) {
        return service::refused("already_reversed", "a correction of this transfer was made or waits");
    }
    return std::nullopt;
}

void decide(Books& books, const Command& command, Correction& correction, CorrectionState state,
            const store::StaffRow& staff, std::string_view note) {
    correction.state = state;
    correction.decider = staff.no;
    correction.decided = command.at;
    correction.note = trimmed(note);
    store::update_correction_decision(books.connection(), correction);
    books.audit(command.at, command.actor, fmt::format("correction_{}", payments::name_of(state)),
                fmt::format("correction:{}", correction.no),
                json_text({{"payment", std::to_string(correction.payment)}, {"note", correction.note}}));
}

Payment post(Books& books, const Command& command, const Correction& correction) {
    const bool reverses = correction.reverses != 0;
    // The key is the proposal: whoever approves it, it is posted once.
    const Hash256 key = once_key(Actor{}, "correction " + correction.id.text());
    const std::int64_t print =
        fingerprint("correction", {number_of(correction.debit), number_of(correction.credit), correction.amount.minor()});
    Payment payment = new_payment(books, PaymentKind::correction, key, print, correction.amount, command.at);
    payment.payer = correction.debit;
    payment.payee = correction.credit;
    payment.captured_minor = correction.amount.minor();
    const auto payer = owner_of(books, correction.debit);
    const auto payee = owner_of(books, correction.credit);
    if (payer) payment.customer = payer->no;
    else if (payee) payment.customer = payee->no;
    else payment.memo = correction.reason;  // a customer reads of the correction, not our words about it
    if (reverses) {
        const auto reversed = store::find_transfer(books.connection(), correction.reverses);
        if (!reversed) throw store::StorageFailure{store::StorageFault::corrupt, "a reversed transfer is not there"};
        payment.original = reversed->payment;
    }
    const auto kind_of_account = [&books](AccountNo no) { return books.ledger().find(no)->kind; };
    const money::Posting posting{.code = payments::correction_code(kind_of_account(correction.debit),
                                                                   kind_of_account(correction.credit), reverses),
                                 .debit = correction.debit,
                                 .credit = correction.credit,
                                 .amount = correction.amount,
                                 .expires_at = std::nullopt};
    return settle(books, std::move(payment), payments::Decision{.postings = {posting}});
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const ProposeCorrection& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::propose_correction, staff)) return *no;
    const auto id = CorrectionId::parse(body.correction);
    if (!id || store::find_correction(books.connection(), *id)) {
        return service::refused(codes::invalid, "correction: no id, or one that was used");
    }
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    if (amount->minor() <= 0) return refused(PaymentRefusal::not_positive);
    if (trimmed(body.reason).empty()) return service::refused("reason_missing", "say why, it is kept");
    const money::Account* debit = books.ledger().find(AccountNo{body.debit});
    const money::Account* credit = books.ledger().find(AccountNo{body.credit});
    if (debit == nullptr || credit == nullptr) return service::refused(codes::not_found, "there is no such account");
    if (debit == credit) return refused(PaymentRefusal::same_account);
    if (debit->currency != amount->currency() || credit->currency != amount->currency()) {
        return service::refused("currencies_differ", "both accounts must be in the currency of the amount");
    }
    if (is_own(books, debit->no, *staff) || is_own(books, credit->no, *staff)) {
        return service::refused("own_account", "you have to do with this customer; ask a colleague");
    }
    if (body.reverses != 0) {
        if (auto no = not_reversible(books, body, *amount)) return *no;
    } else if (!is_house(debit->kind) || !is_house(credit->kind)) {
        return service::refused("not_house_account",
                                "corrections are between accounts of the house; of others, a transfer can be reversed");
    }
    if (debit->closed || credit->closed) return refused(PaymentRefusal::account_closed);
    if (debit->debits_frozen) return refused(PaymentRefusal::payer_frozen);
    if (credit->credits_frozen) return refused(PaymentRefusal::payee_frozen);

    const Correction correction{.no = books.next_number("correction"),
                                .id = *id,
                                .debit = debit->no,
                                .credit = credit->no,
                                .amount = *amount,
                                .reason = std::string{trimmed(body.reason)},
                                .reverses = body.reverses,
                                .seen_event = newest_event(books, debit->no, credit->no),
                                .proposer = staff->no,
                                .proposed = command.at,
                                .decider = std::nullopt,
                                .decided = std::nullopt,
                                .note = ""};
    store::insert_correction(books.connection(), correction);
    books.audit(command.at, command.actor, "propose_correction", fmt::format("correction:{}", correction.no),
                json_text({{"debit", std::to_string(body.debit)},
                           {"credit", std::to_string(body.credit)},
                           {"amount_minor", std::to_string(body.amount_minor)},
                           {"currency", body.currency},
                           {"reverses", std::to_string(body.reverses)}}));
    return Answer{.number = correction.no};
}

Answer handle(Books& books, const Context& context, const Command& command, const DecideCorrection& body) {
    const auto id = CorrectionId::parse(body.correction);
    auto correction = id ? store::find_correction(books.connection(), *id) : std::nullopt;
    // Whoever proposed it may take it back.
    const bool takes_back = correction && !body.approved && command.actor.kind == ActorKind::staff &&
                            command.actor.no == number_of(correction->proposer);
    std::optional<store::StaffRow> staff;
    const Permission needed = takes_back ? Permission::propose_correction : Permission::approve_correction;
    if (auto no = not_permitted(books, command.actor, needed, staff)) return *no;
    if (!correction) return service::refused(codes::not_found, "there is no such correction");
    if (correction->state != CorrectionState::proposed) {
        return service::refused("already_decided", "this was decided in the meantime; load it again");
    }
    if (!body.approved) {
        if (trimmed(body.note).empty()) return service::refused("note_missing", "say why not");
        decide(books, command, *correction, CorrectionState::rejected, *staff, body.note);
        return Answer{.number = correction->no};
    }
    if (staff->no == correction->proposer) {
        return service::refused("proposer_cannot_approve", "you proposed this; another person has to approve it");
    }
    if (command.at - staff->enrolled.value() < context.settings().new_staff_waits) {
        return service::refused("new_staff_cannot_approve", "you may approve 24 hours after you enrolled; ask a colleague");
    }
    if (is_own(books, correction->debit, *staff) || is_own(books, correction->credit, *staff)) {
        return service::refused("own_account", "you have to do with this customer; ask a colleague");
    }
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
    Answer answer{.number = correction->no};
    if (newest_event(books, correction->debit, correction->credit) != correction->seen_event) {
        decide(books, command, *correction, CorrectionState::voided, *staff, body.note);
        answer.code = "correction_voided";
        answer.detail = "an account was frozen or opened since this was proposed; look at it, then propose again";
        return answer;
    }
    const Payment payment = post(books, command, *correction);
    correction->payment = payment.seq;
    const bool done = payment.state == PaymentState::succeeded;
    decide(books, command, *correction, done ? CorrectionState::executed : CorrectionState::failed, *staff, body.note);
    if (!done) {
        answer.code = payments::code_of(payment.refusal);
        answer.detail = payments::sentence_en(payment.refusal);
    }
    return answer;
}

}  // namespace okpay::service
