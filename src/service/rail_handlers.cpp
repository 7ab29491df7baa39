// SPDX-License-Identifier: Apache-2.0
// What an outside rail carries out: top-ups and withdrawals are begun here (payments by card and refunds to one in
// card_payments.hpp), all are handed out once here, and ended by what the rail says.
// The posting, the state, the request at the desk and the letter to the customer are one commit.
#include <fmt/format.h>

#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "desk/rail_letters.hpp"
#include "desk/remedy.hpp"
#include "desk/request_number.hpp"
#include "payments/decide.hpp"
#include "payments/payment_ref.hpp"
#include "payments/rail_call.hpp"
#include "service/card_payments.hpp"
#include "service/money_parts.hpp"
#include "service/monitor.hpp"
#include "service/promise_parts.hpp"
#include "store/factor_store.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using desk::TicketState;
using money::AccountKind;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentRefusal;
using payments::PaymentState;
using payments::RailCall;
using payments::RailDirection;
using payments::RailEffect;
using payments::RailStep;
using payments::RailWord;

// A call that no bank has been asked for yet waits while a lock stops it, and is looked at again so often.
constexpr std::chrono::minutes locked_calls_wait{5};

// A letter says when the next one comes at the latest: a day's inquiry, and what it takes to write. A person has longer.
constexpr std::chrono::hours next_word_within{26};
constexpr std::chrono::hours person_within{48};

bool is_out(const RailCall& call) { return call.direction == RailDirection::pay_out; }

desk::RailThing thing_of(const Payment& payment) {
    switch (payment.kind) {
    case PaymentKind::withdrawal: return desk::RailThing::withdrawal;
    case PaymentKind::merchant_payment: return desk::RailThing::card_payment;
    case PaymentKind::refund: return desk::RailThing::card_refund;
    case PaymentKind::top_up: return desk::RailThing::top_up;
    case PaymentKind::merchant_payout:  // merchants are told by the treasury's page, not by a letter
    case PaymentKind::person_to_person:
    case PaymentKind::capture:
    case PaymentKind::cancellation:
    case PaymentKind::exchange:
    case PaymentKind::correction: break;
    }
    std::abort();
}

struct TicketWords {
    std::string_view en, zh, category;
};
TicketWords ticket_words(desk::RailThing thing) {
    switch (thing) {
    case desk::RailThing::top_up: return {"Top-up", "充值", "topup_withdrawal"};
    case desk::RailThing::withdrawal: return {"Withdrawal", "提现", "topup_withdrawal"};
    case desk::RailThing::card_payment: return {"Card payment", "银行卡付款", "payment_failed"};
    case desk::RailThing::card_refund: return {"Refund", "退款", "refund"};
    }
    std::abort();
}

std::optional<desk::RailOutcome> outcome_of(RailEffect effect) {
    switch (effect) {
    case RailEffect::completed: return desk::RailOutcome::done;
    case RailEffect::refused: return desk::RailOutcome::refused;
    case RailEffect::never_arrived: return desk::RailOutcome::never_arrived;
    case RailEffect::came_back: return desk::RailOutcome::came_back;
    case RailEffect::none:
    case RailEffect::became_unknown:
    case RailEffect::still_unknown:
    case RailEffect::needs_person:
    case RailEffect::contradicted: return std::nullopt;
    }
    std::abort();
}

// The first inquiry that brought nothing, and from then on each day: between them stand minutes.
bool unknown_is_told(const RailCall& call) { return call.inquiries == 1 || call.inquiries >= 4; }

// Whether the step is said at the desk at all. What ended as it should, or at once, shows in the history and needs no mail.
bool concerns_desk(const RailCall& call, RailEffect effect) {
    switch (effect) {
    case RailEffect::none:
    case RailEffect::became_unknown: return false;
    case RailEffect::still_unknown: return unknown_is_told(call);
    case RailEffect::completed: return call.ticket != 0;
    case RailEffect::refused:
    case RailEffect::never_arrived: return call.ticket != 0 || is_out(call);  // money that comes back is never silent
    case RailEffect::needs_person:
    case RailEffect::came_back:
    case RailEffect::contradicted: return true;
    }
    std::abort();
}

class DeskStep {
public:
    DeskStep(Books& books, const Context& context, const StepIds& ids, Moment at)
        : books_{books}, context_{context}, ids_{ids}, at_{at} {}

    // Writes to the customer, or to the staff, and leaves the ticket in the call.
    void tell(const Payment& payment, RailCall& call, RailEffect effect) {
        // Letters go to customers: what became of a merchant's payout stands on the treasury's page.
        if (!call.customer || !concerns_desk(call, effect)) return;
        const auto customer = store::find_customer(books_.connection(), *call.customer);
        if (!customer) return;
        store::TicketRow row = ticket_of(payment, call, *customer, effect);
        const desk::RailLetterTo to{.number = desk::RequestNumber::of(row.ticket.no, context_.request_number_key()),
                                    .language = desk::language_of(customer->language),
                                    .name = customer->name,
                                    .zone = customer->zone,
                                    .house = context_.settings().house};
        const desk::RailLetterFacts facts{.thing = thing_of(payment),
                                          .amount = {.amount = call.amount, .payment_seq = payment.seq, .transfer_seq = 0},
                                          .instrument = call.instrument,
                                          .asked_for = payment.created};
        if (const auto outcome = outcome_of(effect)) {
            write(row, *customer, "rail_outcome", desk::letter_outcome(to, facts, *outcome));
            if (row.ticket.state == TicketState::on_hold) desk::move_to(row.ticket, TicketState::solved, at_);
            if (facts.thing == desk::RailThing::card_refund && effect != RailEffect::completed) {
                desk::move_to(row.ticket, TicketState::open, at_);  // the customer is still owed it
                row.ticket.urgency = "high";
            }
            settle_promises(books_, row.ticket, std::nullopt, at_);
        } else if (effect == RailEffect::contradicted) {
            // No letter: what is true has to be found out first.
            note(row,
                 fmt::format("The bank says that {} was carried out, after it had said no. The amount is in suspense. / "
                             "银行称 {} 已执行，而此前答复为拒绝。该金额已记入暂记账户。",
                             payments::text_of(payment.id), payments::text_of(payment.id)));
            row.ticket.state = TicketState::open;
            row.ticket.urgency = "critical";
        } else {
            const bool person = effect == RailEffect::needs_person;
            write(row, *customer, "rail_unknown",
                  desk::letter_outcome_unknown(to, facts, at_ + (person ? person_within : next_word_within)));
            if (person) row.ticket.state = TicketState::open;
        }
        store::insert_event(books_.connection(), row.ticket.no, at_, event_of(effect), std::nullopt,
                            json_text({{"payment", payments::text_of(payment.id)}, {"detail", call.detail}}));
        row.ticket.updated = std::max(row.ticket.updated, at_);
        row.ticket.version += 1;
        store::update_ticket(books_.connection(), row);
        books_.news().tickets.push_back(row.ticket.request_number);
        call.ticket = number_of(row.ticket.no);
    }

private:
    static std::string_view event_of(RailEffect effect) {
        switch (effect) {
        case RailEffect::still_unknown: return "rail_outcome_unknown";
        case RailEffect::needs_person: return "rail_needs_person";
        case RailEffect::contradicted: return "rail_contradicted";
        case RailEffect::completed: return "rail_completed";
        case RailEffect::refused: return "rail_refused";
        case RailEffect::never_arrived: return "rail_never_arrived";
        case RailEffect::came_back: return "rail_came_back";
        case RailEffect::none:
        case RailEffect::became_unknown: break;
        }
        std::abort();
    }

    store::TicketRow ticket_of(const Payment& payment, const RailCall& call, const customers::Customer& customer,
                               RailEffect effect) {
        if (call.ticket != 0) {
            auto row = store::find_ticket(books_.connection(), desk::TicketNo{call.ticket});
            if (!row)
                throw store::StorageFailure{store::StorageFault::corrupt, "a rail call names a request that is not there"};
            return *std::move(row);
        }
        const auto no = desk::TicketNo{books_.next_number("ticket")};
        const bool zh = customer.language.starts_with("zh");
        const TicketWords words = ticket_words(thing_of(payment));
        const bool alarming = effect == RailEffect::contradicted;
        store::TicketRow row{.ticket = {.no = no,
                                        .id = ids_.next<TicketId>("ticket"),
                                        .request_number = desk::RequestNumber::of(no, context_.request_number_key()).text(),
                                        .customer = customer.no,
                                        .party_address = customer.email,
                                        .assurance = customers::Assurance::a0_unproven,  // nobody has written yet
                                        .subject =
                                            fmt::format("{} {}", zh ? words.zh : words.en, payments::text_of(payment.id)),
                                        .state = TicketState::on_hold,
                                        .category = std::string{words.category},
                                        .urgency = alarming ? "critical" : "high",
                                        .route = "technical_team",
                                        .language = customer.language,
                                        .opened = at_,
                                        .updated = at_,
                                        .first_reply_due = desk::first_reply_due(at_),
                                        .first_replied = alarming ? std::nullopt : std::optional{at_},
                                        .investigation_due = desk::investigation_due(at_, "payment_failed")},
                             .preview = "",
                             .reading = "{}"};
        store::insert_ticket(books_.connection(), row);
        return row;
    }

    void note(store::TicketRow& row, const std::string& text) {
        store::insert_message(books_.connection(), {.no = desk::MessageNo{books_.next_number("message")},
                                                    .id = ids_.next<MessageId>("note"),
                                                    .ticket = row.ticket.no,
                                                    .direction = desk::Direction::note,
                                                    .author = desk::Author::system,
                                                    .body = text,
                                                    .at = at_});
        row.preview = text;
    }

    void write(store::TicketRow& row, const customers::Customer& customer, const std::string& kind,
               const desk::MailText& text) {
        const OutboundMail mail{.kind = kind,
                                .message_id = ids_.next<MessageId>("message").text(),
                                .outgoing_id = ids_.next<OutgoingId>("outgoing").text(),
                                .recipient = customer.email,
                                .subject = text.subject,
                                .text = text.body,
                                .author = desk::Author::system,
                                .automatic = true,
                                .names_money = kind == "rail_outcome",
                                .at = at_};
        if (send_mail(books_, context_, row.ticket, mail) == 0) {
            throw store::StorageFailure{store::StorageFault::bug, "a letter could not be composed: check --domain"};
        }
        row.preview = text.subject;
    }

    Books& books_;
    const Context& context_;
    const StepIds& ids_;
    Moment at_;
};

payments::RailAccounts accounts_of(Books& books, const Payment& payment, const RailCall& call) {
    const money::Currency currency = call.amount.currency();
    const bool to_bank = payment.kind == PaymentKind::withdrawal || payment.kind == PaymentKind::merchant_payout;
    return {.wallet = is_out(call) ? *payment.payer : *payment.payee,
            .outside =
                books.house_account(to_bank ? AccountKind::settlement_bank : AccountKind::acquirer_receivable, currency),
            .in_transit = books.house_account(AccountKind::payout_in_transit, currency),
            .suspense = books.house_account(AccountKind::suspense, currency),
            .arrives =
                payment.kind == PaymentKind::merchant_payment ? money::TransferCode::payment : money::TransferCode::top_up};
}

PaymentRefusal refusal_of(const Payment& payment, RailEffect effect) {
    if (effect == RailEffect::never_arrived) return PaymentRefusal::never_arrived;
    const bool to_bank = payment.kind == PaymentKind::withdrawal || payment.kind == PaymentKind::merchant_payout;
    return to_bank ? PaymentRefusal::destination_refused : PaymentRefusal::declined_by_issuer;
}

money::Posting fee_posting(money::TransferCode code, money::AccountNo debit, money::AccountNo credit, money::Money fee) {
    return {.code = code, .debit = debit, .credit = credit, .amount = fee, .expires_at = std::nullopt};
}

// What moves beside the amount: a withdrawal's fee comes back with it; a payment by card is charged for once it is there.
std::optional<money::Posting> fee_beside(Books& books, const Context& context, Payment& payment, const money::Posting& moves,
                                         RailEffect effect, bool shut) {
    const money::Currency currency = payment.amount.currency();
    const money::AccountNo income = books.house_account(AccountKind::fee_income, currency);
    const auto fee = [currency](std::int64_t minor) { return *money::Money::of_minor(minor, currency); };
    switch (payment.kind) {
    case PaymentKind::withdrawal:
        if (moves.code != money::TransferCode::withdrawal_returned || payment.fee_minor == 0) return std::nullopt;
        return fee_posting(money::TransferCode::fee_refund, income, moves.credit, fee(payment.fee_minor));
    case PaymentKind::merchant_payment:
        if (effect != RailEffect::completed) return std::nullopt;
        payment.fee_minor = context.settings().tariff.fee_minor(payments::Operation::pay, std::nullopt, payment.amount);
        if (payment.fee_minor == 0) return std::nullopt;
        return fee_posting(money::TransferCode::fee, moves.credit, income, fee(payment.fee_minor));
    case PaymentKind::refund:
        if (effect == RailEffect::completed) {
            payment.fee_minor = shut ? 0 : refunded_fee(books, payment);  // to whom nothing can be given
            if (payment.fee_minor == 0) return std::nullopt;
            return fee_posting(money::TransferCode::fee_refund, income, *payment.payer, fee(payment.fee_minor));
        }
        if (effect != RailEffect::came_back || payment.fee_minor == 0) return std::nullopt;
        return fee_posting(money::TransferCode::fee, moves.credit, income, fee(payment.fee_minor));
    case PaymentKind::top_up:
    case PaymentKind::person_to_person:
    case PaymentKind::capture:
    case PaymentKind::cancellation:
    case PaymentKind::exchange:
    case PaymentKind::merchant_payout:
    case PaymentKind::correction: return std::nullopt;
    }
    std::abort();
}

// Does what a step asks for, all of it or nothing.
void carry_out(Books& books, const Context& context, const Command& command, std::string_view seed, const RailCall& before,
               RailStep step) {
    auto payment = books.find_payment(before.payment);
    if (!payment) throw store::StorageFailure{store::StorageFault::corrupt, "a rail call names a payment that is not there"};
    const payments::RailAccounts accounts = accounts_of(books, *payment, before);
    const money::Account& wallet = *books.ledger().find(accounts.wallet);
    // A merchant's fee leaves the account that the money comes into: both or, into suspense, neither.
    const bool charged = payment->kind == PaymentKind::merchant_payment || payment->kind == PaymentKind::refund;
    const bool shut = wallet.closed || wallet.credits_frozen || (charged && wallet.debits_frozen);
    std::vector<money::Transfer> transfers;
    if (const auto moves = posting_of(step.effect, before, accounts, shut)) {
        std::vector<money::Posting> postings{*moves};
        if (const auto fee = fee_beside(books, context, *payment, *moves, step.effect, shut)) postings.push_back(*fee);
        auto applied = books.ledger().apply(postings, payment->seq, command.at);
        if (!applied) throw store::StorageFailure{store::StorageFault::bug, "the ledger refused what a rail has done"};
        transfers = *std::move(applied);
    }
    const PaymentState state = payment_state_of(step.after.state);
    if (state != payment->state || !transfers.empty()) {
        payment->state = state;
        if (state == PaymentState::failed && payment->refusal == PaymentRefusal::none) {
            payment->refusal = refusal_of(*payment, step.effect);
        }
        const bool ours = state == PaymentState::succeeded || (is_out(before) && is_live(step.after.state));
        payment->captured_minor = ours ? payment->amount.minor() : 0;
        books.append_to(*payment, std::move(transfers), command.at);
        if (payment->kind == PaymentKind::refund) note_refund(books, *payment, step.effect);
    }
    const StepIds ids{seed, payment->seq, command.at};
    DeskStep{books, context, ids, command.at}.tell(*payment, step.after, step.effect);
    store::update_rail_call(books.connection(), step.after);
}

RailOrder order_of(const Context& context, const Payment& payment, const RailCall& call) {
    const auto plain = context.keyring().unseal(call.sealed_instrument, instrument_purpose);
    return {.payment = call.payment,
            .reference = payments::text_of(payment.id),
            .direction = std::string{is_out(call) ? "pay_out" : "collect"},
            .amount_minor = call.amount.minor(),
            .currency = std::string{money::code_of(call.amount.currency())},
            .instrument = plain.value_or(""),
            .rail_reference = call.rail_reference,
            .inquiry = call.inquiring,
            .inquiries = call.inquiries};
}

// The same amount to or from the same customer, whose outcome is open: another attempt could be the same one twice.
std::optional<std::int64_t> unresolved(Books& books, CustomerNo customer, RailDirection direction, money::Money amount) {
    for (const RailCall& call : store::live_rail_calls_of(books.connection(), customer)) {
        if (call.direction != direction || call.amount != amount) continue;
        const auto payment = books.find_payment(call.payment);
        const bool same_wish = payment && payment->kind == (direction == RailDirection::pay_out ? PaymentKind::withdrawal
                                                                                                : PaymentKind::top_up);
        if (same_wish) return call.payment;
    }
    return std::nullopt;
}

// The common part of both kinds: a row in state `processing`, and a call that waits to be handed out.
Answer begin(Books& books, const Context& context, const Command& command, const RailRequest& request,
             RailDirection direction) {
    const auto amount = money_of(request.amount_minor, request.currency);
    if (!amount) return bad_amount();
    const auto sealed = bytes_of_base64(request.sealed_instrument);
    if (!sealed || sealed->empty()) return refused(codes::invalid, "instrument: malformed");
    const bool out = direction == RailDirection::pay_out;
    const Hash256 key = once_key(command.actor, request.key);
    const std::int64_t print = fingerprint(out ? "withdraw" : "collect", {request.customer, request.amount_minor},
                                           {request.currency, request.instrument, request.instrument_hash});
    if (auto known = known_answer(books, key, print)) return *known;
    const auto customer = CustomerNo{request.customer};
    const auto wallet = books.wallet_of(customer, amount->currency());
    Payment payment =
        new_payment(books, out ? PaymentKind::withdrawal : PaymentKind::top_up, key, print, *amount, command.at);
    payment.instrument = request.instrument;
    if (!wallet) {
        if (auto kept = refused_without_wallet(books, std::move(payment), customer)) return *kept;
        return refused(codes::not_found, "there is no such customer");
    }
    const money::AccountNo bank =
        books.house_account(out ? AccountKind::payout_in_transit : AccountKind::acquirer_receivable, amount->currency());
    payment.payer = out ? *wallet : bank;
    payment.payee = out ? bank : *wallet;
    payment.customer = customer;
    if (const auto first = unresolved(books, customer, direction, *amount)) {
        payment.duplicate_of = *first;
        return keep_refused(books, std::move(payment), PaymentRefusal::attempt_unresolved);
    }
    const payments::Wallet view = wallet_view(books, customer, *wallet);
    auto decided = out ? payments::decide_withdrawal(
                             {.payer = view,
                              .in_transit = bank,
                              .amount = *amount,
                              .fee_minor = context.settings().tariff.fee_minor(payments::Operation::withdraw,
                                                                               books.level_of(customer), *amount),
                              .fee_income = books.house_account(AccountKind::fee_income, amount->currency())})
                       : payments::decide_top_up({.settlement_bank = bank, .payee = view, .amount = *amount});
    decided =
        within_limits(books, context, std::move(decided), out ? payments::Operation::withdraw : payments::Operation::top_up,
                      customer, *wallet, *amount, payment.created);
    if (out) {
        decided = judged(books, context, command, std::move(decided),
                         {.operation = risk::Operation::withdraw,
                          .customer = customer,
                          .wallet = *wallet,
                          .instrument = request.instrument,
                          .amount = *amount});
    }
    if (decided) {
        payment.state = PaymentState::processing;
        payment.rail = payments::Rail::outside;
        if (out) payment.captured_minor = amount->minor();
        else decided->postings.clear();  // judged now, moved when the money is there
    }
    payment = settle(books, std::move(payment), decided);
    if (payment.state == PaymentState::processing) {
        store::insert_rail_call(books.connection(), {.payment = payment.seq,
                                                     .customer = customer,
                                                     .merchant = std::nullopt,
                                                     .direction = direction,
                                                     .amount = *amount,
                                                     .instrument = request.instrument,
                                                     .sealed_instrument = *sealed,
                                                     .next_at = command.at,
                                                     .sent_at = std::nullopt,
                                                     .created = payment.created,
                                                     .updated = payment.created});
        books.news().rail_called = true;
    }
    return answer_of(payment, false);
}

// A withdrawal, or a payment by card, of a customer whose money may not leave meanwhile. What comes in is never held back,
// nor what goes back to a customer.
bool is_held_back(Books& books, const RailCall& call) {
    if (call.state != payments::RailCallState::created || !call.customer) return false;
    const customers::LockEffect stopped = books.stopped(*call.customer);
    if (!stopped.debits && !stopped.payouts) return false;
    switch (books.find_payment(call.payment).value().kind) {
    case PaymentKind::withdrawal: return true;
    case PaymentKind::merchant_payment: return stopped.debits;
    case PaymentKind::top_up:
    case PaymentKind::refund:
    case PaymentKind::person_to_person:
    case PaymentKind::capture:
    case PaymentKind::cancellation:
    case PaymentKind::exchange:
    case PaymentKind::merchant_payout:
    case PaymentKind::correction: return false;
    }
    std::abort();
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const CollectTopUp& body) {
    return begin(books, context, command, body.request, RailDirection::collect);
}

Answer handle(Books& books, const Context& context, const Command& command, const Withdraw& body) {
    Answer answer = begin(books, context, command, body.request, RailDirection::pay_out);
    const auto place = bytes_of_hex(body.request.instrument_hash);
    // What was opened once needs no second factor the next time. Who may open it has been decided before the command.
    if (answer.done() && place) {
        store::keep_payout_place(books.connection(), customers::CustomerNo{body.request.customer}, *place, command.at);
    }
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const TakeRailCalls& body) {
    Answer answer;
    for (const RailCall& call : store::due_rail_calls(books.connection(), command.at, body.calls_max)) {
        if (is_held_back(books, call)) {
            RailCall later = call;
            later.next_at = command.at + locked_calls_wait;
            store::update_rail_call(books.connection(), later);
            continue;
        }
        auto step = take(call, command.at);
        if (!step) continue;
        const bool leaves = step->effect == RailEffect::none;
        if (leaves) answer.rail_orders.push_back(order_of(context, books.find_payment(call.payment).value(), step->after));
        carry_out(books, context, command, body.seed, call, *std::move(step));
    }
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const ReleaseRailCalls& body) {
    for (const RailCall& call : store::live_rail_calls(books.connection())) {
        carry_out(books, context, command, body.seed, call, interrupted(call, command.at));
    }
    books.news().rail_called = true;
    return Answer{};
}

Answer handle(Books& books, const Context& context, const Command& command, const ReportRail& body) {
    const auto word = payments::rail_word_of_name(body.word);
    if (!word) return refused(codes::invalid, "word: one of done, declined, pending, no_answer, not_known, returned");
    const auto call = store::find_rail_call(books.connection(), body.payment);
    if (!call) return no_such_payment();
    RailStep step = hear(*call, *word, command.at);
    if (!body.rail_reference.empty()) step.after.rail_reference = body.rail_reference;
    if (!body.detail.empty()) step.after.detail = utf8_prefix(to_utf8_lossy(body.detail), rail_detail_octets_max);
    const bool changed = step.effect != RailEffect::none;
    carry_out(books, context, command, body.seed, *call, std::move(step));
    return Answer{.number = body.payment, .replayed = !changed};
}

// What no rail would say after all inquiries, a person found out: a statement, a telephone call.
Answer handle(Books& books, const Context& context, const Command& command, const DecideRailOutcome& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::settle_unknown, staff)) return *no;
    const auto word = payments::rail_word_of_name(body.word);
    const bool may_be_said = word == RailWord::done || word == RailWord::declined || word == RailWord::returned;
    if (!may_be_said) return refused(codes::invalid, "outcome: one of done, declined, returned");
    if (trimmed(body.note).empty()) return refused(codes::invalid, "note: say how you know, it is kept");
    const auto call = store::find_rail_call(books.connection(), body.payment);
    if (!call) return no_such_payment();
    if (call->customer && has_to_do_with(books, *staff, *call->customer)) {
        return refused(codes::not_permitted, "you have to do with this customer; ask a colleague");
    }
    RailStep step = hear(*call, *word, command.at);
    if (step.effect == RailEffect::none) {
        return refused("outcome_known", "the outcome of this payment is known already; load it again");
    }
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;
    step.after.detail = utf8_prefix(to_utf8_lossy(body.note), rail_detail_octets_max);
    carry_out(books, context, command, body.seed, *call, std::move(step));
    books.audit(command.at, command.actor, "settle_unknown", fmt::format("payment:{}", body.payment),
                json_text({{"outcome", body.word}}));
    return Answer{.number = body.payment};
}

}  // namespace okpay::service
