// SPDX-License-Identifier: Apache-2.0
// Payments by card that their holders have taken back (payments/dispute.hpp): told by whoever reads the acquirer's notices,
// answered by one person, over when the acquirer says so or nobody answered in time. The step, its row and what it moves are
// one commit.
#include <fmt/format.h>

#include "base/text.hpp"
#include "payments/dispute.hpp"
#include "service/money_parts.hpp"
#include "store/dispute_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using money::AccountKind;
using payments::Dispute;
using payments::DisputeRefusal;
using payments::DisputeStage;
using payments::DisputeStatus;
using payments::DisputeStep;
using payments::Payment;

Answer refused(DisputeRefusal refusal) {
    switch (refusal) {
    case DisputeRefusal::stage_goes_back:
        return service::refused("dispute_goes_back", "the dispute is at a later stage already; load it again");
    case DisputeRefusal::already_ended: return service::refused("dispute_ended", "the dispute has ended; load it again");
    case DisputeRefusal::answered:
        return service::refused("dispute_answered", "the dispute was answered, and nothing more is asked for now");
    case DisputeRefusal::too_late: return service::refused("dispute_too_late", "the time to answer is over");
    case DisputeRefusal::due_in_the_past: return service::refused(codes::invalid, "answer_by: must be in the future");
    }
    std::abort();
}

payments::DisputeAccounts accounts_of(Books& books, const Payment& payment) {
    const money::Currency currency = payment.amount.currency();
    const money::Account& merchant = *books.ledger().find(*payment.payee);
    const bool out = merchant.closed || merchant.debits_frozen;
    const bool in = merchant.closed || merchant.credits_frozen;
    return {.merchant = *payment.payee,
            .loss = books.house_account(AccountKind::dispute_loss, currency),
            .receivable = books.house_account(AccountKind::dispute_receivable, currency),
            .acquirer = books.house_account(AccountKind::acquirer_receivable, currency),
            .suspense = books.house_account(AccountKind::suspense, currency),
            .merchant_shut_out = out,
            .merchant_shut_in = in};
}

// Posts what the step moves and keeps it. `fresh`: the dispute has no row yet.
void carry_out(Books& books, const Command& command, const Payment& payment, DisputeStep step, bool fresh) {
    std::int64_t transfer = 0;
    std::optional<customers::StaffNo> staff;
    if (command.actor.kind == ActorKind::staff) staff = customers::StaffNo{command.actor.no};
    if (step.move != payments::DisputeMove::none) {
        const auto posting = payments::posting_of(step, accounts_of(books, payment));
        auto applied = books.ledger().apply(std::vector{posting.value()}, payment.seq, command.at);
        if (!applied) throw store::StorageFailure{store::StorageFault::bug, "the ledger refused what a bank has done"};
        transfer = applied->front().seq;
        books.append_to(payment, *std::move(applied), command.at);
    }
    books.flush();
    if (fresh) store::insert_dispute(books.connection(), step.after);
    else store::update_dispute(books.connection(), step.after);
    store::insert_dispute_event(books.connection(), {.no = books.next_number("dispute_event"),
                                                     .dispute = step.after.no,
                                                     .at = command.at,
                                                     .stage = step.after.stage,
                                                     .status = step.after.status,
                                                     .move = step.move,
                                                     .transfer = transfer,
                                                     .staff = staff});
    books.note_payment_event(payment.seq, store::PaymentEventKind::dispute, static_cast<std::int64_t>(step.after.status),
                             step.after.no, command.at);
    books.audit(command.at, command.actor, fmt::format("dispute_{}", name_of(step.after.status)),
                fmt::format("dispute:{}", step.after.no),
                json_text({{"payment", std::to_string(step.after.payment)},
                           {"stage", std::string{name_of(step.after.stage)}},
                           {"moved", std::string{name_of(step.move)}}}));
}

std::optional<Answer> may_not(Books& books, const Command& command, const Payment& payment,
                              std::optional<store::StaffRow>& staff) {
    if (auto no = not_permitted(books, command.actor, Permission::settle_unknown, staff)) return no;
    if (payment.customer && has_to_do_with(books, *staff, *payment.customer)) {
        return service::refused("own_account", "you have to do with this customer; ask a colleague");
    }
    return std::nullopt;
}

bool may_be_disputed(const Payment& payment) {
    return payment.kind == payments::PaymentKind::merchant_payment && payment.rail == payments::Rail::outside &&
           payment.state == payments::PaymentState::succeeded && payment.merchant && payment.payee;
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const ReportDispute& body) {
    const auto payment = books.find_payment(body.payment);
    if (!payment) return no_such_payment();
    std::optional<store::StaffRow> staff;
    if (auto no = may_not(books, command, *payment, staff)) return *no;
    const auto id = DisputeId::parse(body.dispute);
    const auto stage = payments::dispute_stage_of_name(body.stage);
    const auto status = payments::dispute_status_of_name(body.status);
    const auto reason = payments::dispute_reason_of_name(body.reason);
    const std::string reference{trimmed(body.reference)};
    if (!id || !stage || !reason) return service::refused(codes::invalid, "stage or reason: not one that we know");
    if (!status || status == DisputeStatus::accepted || status == DisputeStatus::expired) {
        return service::refused(codes::invalid, "status: one of needs_response, under_review, won, lost, withdrawn");
    }
    if (reference.empty() || reference.size() > dispute_reference_octets_max || !is_utf8(reference)) {
        return service::refused(codes::invalid, "reference: the acquirer's number of the case, at most 100 octets");
    }
    const payments::DisputeNotice notice{.stage = *stage, .status = *status, .due = moment_of_ms(body.due)};
    const auto known = store::find_dispute_by_reference(books.connection(), reference);
    if (known && known->payment != body.payment) {
        return service::refused("dispute_reference_used", "this reference is that of a dispute of another payment");
    }
    if (!known) {
        if (!may_be_disputed(*payment)) {
            return service::refused("not_disputable", "only a payment by card that was made can be taken back by a bank");
        }
        if (notice.status != DisputeStatus::needs_response) {
            return service::refused(codes::not_found, "no dispute of this reference was opened here");
        }
        for (const Dispute& other : store::disputes_of(books.connection(), payment->seq)) {
            if (is_open(other.status)) return service::refused("dispute_open", "a dispute of this payment is open already");
        }
    }
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    if (amount->minor() <= 0 || amount->currency() != payment->amount.currency() ||
        amount->minor() > payment->captured_minor) {
        return service::refused(codes::invalid, "amount: above zero, and at most what was paid, in its currency");
    }
    if (known && known->amount != *amount) {
        return service::refused(codes::invalid, "amount: the dispute is about another one");
    }
    const auto step = known ? payments::hear(*known, notice, command.at)
                            : payments::open_dispute({.no = 0,
                                                      .id = *id,
                                                      .payment = payment->seq,
                                                      .merchant = *payment->merchant,
                                                      .reference = reference,
                                                      .reason = *reason,
                                                      .amount = *amount,
                                                      .answer = "",
                                                      .opened = command.at,
                                                      .updated = command.at,
                                                      .due = notice.due},
                                                     notice, command.at);
    if (!step) return refused(step.error());
    if (!step->changed) return Answer{.number = known->no, .text = known->id.text(), .replayed = true};
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
    DisputeStep made = *step;
    if (!known) made.after.no = books.next_number("dispute");
    Answer answer{.number = made.after.no, .text = made.after.id.text()};
    carry_out(books, command, *payment, std::move(made), !known.has_value());
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const AnswerDispute& body) {
    const auto id = DisputeId::parse(body.dispute);
    const auto dispute = id ? store::find_dispute(books.connection(), *id) : std::nullopt;
    if (!dispute) return service::refused(codes::not_found, "there is no such dispute");
    const Payment payment = books.find_payment(dispute->payment).value();
    std::optional<store::StaffRow> staff;
    if (auto no = may_not(books, command, payment, staff)) return *no;
    const std::string_view words = trimmed(body.text);
    if (words.empty() || words.size() > dispute_answer_octets_max || !is_utf8(words)) {
        return service::refused("text_missing", "text: say what you answer and why; at most 16 KiB");
    }
    auto step = payments::answer(*dispute, body.accepts, words, command.at);
    if (!step) return refused(step.error());
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
    carry_out(books, command, payment, *std::move(step), false);
    return Answer{.number = dispute->no, .text = dispute->id.text()};
}

Answer handle(Books& books, const Context&, const Command& command, const ExpireDisputes& body) {
    Answer answer;
    for (const Dispute& dispute : store::overdue_disputes(books.connection(), command.at, body.disputes_max)) {
        auto step = payments::expire(dispute, command.at);
        if (!step) continue;
        carry_out(books, command, books.find_payment(dispute.payment).value(), *std::move(step), false);
        answer.numbers.push_back(dispute.no);
    }
    return answer;
}

}  // namespace okpay::service
