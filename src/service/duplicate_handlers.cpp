// SPDX-License-Identifier: Apache-2.0
// "I was charged twice", said by a customer who is signed in. The ledger says what the two payments are; the customer's
// words choose nothing. Refunded at once where the ledger proves it and the house allows it, explained where it explains
// it, else with a person. Refund, request, report and letter are one commit.
#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "content/mask.hpp"
#include "desk/acknowledgement.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "payments/automatic_refund.hpp"
#include "payments/names.hpp"
#include "payments/payment_ref.hpp"
#include "service/card_payments.hpp"
#include "service/money_parts.hpp"
#include "service/promise_parts.hpp"
#include "service/refund_answers.hpp"
#include "store/dispute_store.hpp"
#include "store/duplicate_store.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using payments::Finding;
using payments::PairClass;
using payments::Payment;
using payments::PaymentState;
using store::DuplicateReport;
using store::ReportOutcome;

constexpr std::chrono::days looked_back{2 * payments::pair_window_days};
constexpr std::size_t history_max = 400;
constexpr std::size_t words_octets_max = 4'000;
constexpr std::string_view automatic_off = "off";

// What was refused because it looked like the same again was never charged: no bank's app shows it.
bool is_a_question(const Payment& payment) {
    return payment.refusal == payments::PaymentRefusal::possible_duplicate ||
           payment.refusal == payments::PaymentRefusal::attempt_unresolved;
}

// The customer's payments in one currency, newest first: along the wallet, and those that no wallet knows.
std::vector<Payment> history_of(Books& books, CustomerNo customer, money::Currency currency, Moment at) {
    const Moment since = at - looked_back;
    std::set<std::int64_t> seqs;
    if (const auto wallet = books.wallet_of(customer, currency)) {
        std::int64_t seq = books.ledger().find(*wallet)->last_transfer;
        for (std::size_t looked_at = 0; seq != 0 && looked_at < history_max; ++looked_at) {
            const auto transfer = store::find_transfer(books.connection(), seq);
            if (!transfer || transfer->at < since) break;
            seqs.insert(transfer->payment);
            seq = transfer->debit == *wallet ? transfer->debit_prev : transfer->credit_prev;
        }
    }
    std::vector<Payment> history;
    for (const Payment& payment : store::unmoved_payments_of(books.connection(), customer, books.next_payment_seq(),
                                                             static_cast<std::int64_t>(history_max))) {
        if (payment.created < since) break;
        if (is_a_question(payment) || payment.amount.currency() != currency || seqs.contains(payment.seq)) continue;
        history.push_back(payment);
    }
    for (const std::int64_t seq : seqs) {
        if (auto payment = books.find_payment(seq)) history.push_back(*std::move(payment));
    }
    return history;
}

// What the ledger says of the reported payment: what it proves before what it only suggests.
Finding finding_of(Books& books, const Payment& reported, std::int64_t twin, CustomerNo customer, Moment at) {
    const std::vector<Payment> history = history_of(books, customer, reported.amount.currency(), at);
    payments::Hint hint;
    hint.transaction_ids.push_back(payments::text_of(reported.id));
    std::vector<payments::TakenBack> taken_back;
    for (const Payment& payment : history) {
        const auto disputes = store::disputes_standing(books.connection(), payment);
        const std::int64_t taken = disputes.taken_minor + disputes.lost_minor;
        if (taken != 0) taken_back.push_back({payment.seq, taken});
    }
    const std::vector<Finding> findings = payments::find_duplicates(history, hint, at, taken_back);
    const auto is_meant = [&](const Finding& finding) {
        const bool names_it = finding.first == reported.seq || finding.second == reported.seq;
        return names_it && (twin == 0 || finding.first == twin || finding.second == twin);
    };
    // What the ledger proves; then two that both took money, which is what a customer sees twice; then what is left.
    const auto first_of = [&](auto fits) {
        return std::ranges::find_if(findings, [&](const Finding& one) { return is_meant(one) && fits(one); });
    };
    const auto both_took = [](const Finding& one) { return one.pair_class != PairClass::failed_then_succeeded; };
    for (const auto found : {first_of([](const Finding& one) { return certain(one); }), first_of(both_took),
                             first_of([](const Finding&) { return true; })}) {
        if (found != findings.end()) return *found;
    }
    return {.pair_class = PairClass::unclear,
            .reasons = {},
            .refundable = std::nullopt,
            .explanation_en = "",
            .explanation_zh = ""};
}

// Whether the class itself is an answer.
bool explains(PairClass pair_class) {
    switch (pair_class) {
    case PairClass::same_attempt_shown_twice:
    case PairClass::hold_and_capture:
    case PairClass::failed_then_succeeded:
    case PairClass::already_refunded:
    case PairClass::separate_purchases:
    case PairClass::subscription_cycle:
    case PairClass::fee_line: return true;
    case PairClass::true_duplicate_same_order:
    case PairClass::over_collection:
    case PairClass::other_person:
    case PairClass::not_ours:
    case PairClass::unclear: return false;
    }
    std::abort();
}

Answer answer_to(Books& books, const DuplicateReport& report, bool replayed) {
    Answer answer{.number = report.no, .replayed = replayed, .accounts = {}};
    answer.numbers = {static_cast<std::int64_t>(report.outcome), static_cast<std::int64_t>(report.pair_class), report.other,
                      report.refund};
    if (report.ticket != 0) {
        if (const auto row = store::find_ticket(books.connection(), desk::TicketNo{report.ticket})) {
            answer.text = row->ticket.request_number;
        }
    }
    return answer;
}

// A report of the same pair that still answers: refunded, or with a person who has not finished.
std::optional<DuplicateReport> report_that_stands(Books& books, std::int64_t payment, std::int64_t other) {
    for (const DuplicateReport& report : store::duplicate_reports_of(books.connection(), payment, other)) {
        if (std::minmax(report.payment, report.other) != std::minmax(payment, other)) continue;
        if (report.outcome == ReportOutcome::explained) continue;
        const auto row = store::find_ticket(books.connection(), desk::TicketNo{report.ticket});
        const bool over =
            row && (row->ticket.state == desk::TicketState::solved || row->ticket.state == desk::TicketState::closed);
        if (report.refund != 0) {
            const auto refund = books.find_payment(report.refund);
            const bool made = refund && refund->state != PaymentState::failed && refund->state != PaymentState::returned;
            if (made || !over) return report;
        } else if (!over) {
            return report;
        }
    }
    return std::nullopt;
}

class Case {
public:
    Case(Books& books, const Context& context, const Command& command, const ReportDuplicate& body, const Payment& reported,
         customers::Customer customer)
        : books_{books},
          context_{context},
          command_{command},
          body_{body},
          reported_{reported},
          customer_{std::move(customer)},
          finding_{finding_of(books, reported, body.twin, customer_.no, command.at)} {}

    [[nodiscard]] std::int64_t other() const {
        return finding_.first == reported_.seq ? (finding_.second == reported_.seq ? 0 : finding_.second) : finding_.first;
    }

    DuplicateReport decide(const Hash256& key, std::int64_t print) {
        DuplicateReport report{.no = books_.next_number("duplicate_report"),
                               .key = key,
                               .body = print,
                               .customer = customer_.no,
                               .payment = reported_.seq,
                               .other = other(),
                               .pair_class = finding_.pair_class,
                               .outcome = ReportOutcome::request_opened,
                               .verdict = verdict(),
                               .amount = reported_.amount,
                               .at = command_.at};
        const bool allowed = report.verdict == payments::name_of(payments::AutomaticRefund::allowed);
        if (!allowed && explains(finding_.pair_class) && trimmed(body_.text).empty()) {
            report.outcome = ReportOutcome::explained;
        } else {
            store::TicketRow row = opened();
            report.ticket = number_of(row.ticket.no);
            if (!allowed || !refund(row, report)) acknowledge(row);
            store::update_ticket(books_.connection(), row);
            books_.news().tickets.push_back(row.ticket.request_number);
        }
        store::insert_duplicate_report(books_.connection(), report);
        return report;
    }

private:
    [[nodiscard]] std::string verdict() const {
        const money::Currency currency = reported_.amount.currency();
        const auto& all = context_.settings().automatic_refunds;
        const auto caps = std::ranges::find(all, currency, &payments::AutomaticRefundCaps::currency);
        if (caps == all.end()) return std::string{automatic_off};
        const auto spent = [&](std::chrono::days back, std::optional<CustomerNo> customer) {
            return store::automatically_refunded(books_.connection(), currency, command_.at - back, customer);
        };
        const payments::AutomaticallyRefunded so_far{.customer_30_days_minor = spent(std::chrono::days{30}, customer_.no),
                                                     .day_minor = spent(std::chrono::days{1}, std::nullopt)};
        return std::string{payments::name_of(payments::judge_automatic_refund(finding_, *caps, so_far))};
    }

    // As a mail from the registered address would have opened it, and proven: they are signed in.
    store::TicketRow opened() {
        const auto no = desk::TicketNo{books_.next_number("ticket")};
        const bool zh = customer_.language.starts_with("zh");
        const std::string said{utf8_prefix(trimmed(body_.text), words_octets_max)};
        const std::string text = said.empty() ? (zh ? "这笔付款重复扣款了。" : "I was charged twice for this payment.")
                                              : content::mask_secrets(said).text;
        boost::json::array ids{payments::text_of(reported_.id)};
        if (const auto twin = other() != 0 ? books_.find_payment(other()) : std::nullopt) {
            ids.emplace_back(payments::text_of(twin->id));
        }
        const boost::json::object amount{{"value", reported_.amount.decimal()},
                                         {"currency", money::code_of(reported_.amount.currency())}};
        const boost::json::object entities{{"amounts", boost::json::array{amount}},   {"datetimes", boost::json::array{}},
                                           {"transaction_ids", std::move(ids)},       {"error_codes", boost::json::array{}},
                                           {"request_numbers", boost::json::array{}}, {"accounts", boost::json::array{}},
                                           {"card_last4", boost::json::array{}}};
        const boost::json::object reading{{"language", customer_.language},
                                          {"category", "duplicate_charge"},
                                          {"confidence", 1.0},
                                          {"secondary", boost::json::array{}},
                                          {"urgency", "normal"},
                                          {"route", "agent"},
                                          {"automatic", false},
                                          {"entities", entities},
                                          {"missing", boost::json::array{}},
                                          {"flags", boost::json::array{}},
                                          {"text", text}};
        store::TicketRow row{.ticket = {.no = no,
                                        .id = TicketId::parse(body_.ticket_id).value(),
                                        .request_number = desk::RequestNumber::of(no, context_.request_number_key()).text(),
                                        .customer = customer_.no,
                                        .party_address = customer_.email,
                                        .assurance = customers::Assurance::a2_one_time_link,
                                        .subject = fmt::format("{} {}", zh ? "重复扣款" : "Charged twice",
                                                               payments::text_of(reported_.id)),
                                        .category = "duplicate_charge",
                                        .urgency = "normal",
                                        .route = "agent",
                                        .language = customer_.language,
                                        .opened = command_.at,
                                        .updated = command_.at,
                                        .first_reply_due = desk::first_reply_due(command_.at),
                                        .investigation_due = desk::investigation_due(command_.at, "duplicate_charge")},
                             .preview = std::string{utf8_prefix(text, 240)},
                             .reading = boost::json::serialize(reading)};
        store::insert_ticket(books_.connection(), row);
        store::insert_message(books_.connection(), {.no = desk::MessageNo{books_.next_number("message")},
                                                    .id = MessageId::parse(body_.message_id).value(),
                                                    .ticket = no,
                                                    .direction = desk::Direction::inbound,
                                                    .author = desk::Author::customer,
                                                    .from_address = customer_.email,
                                                    .subject = row.ticket.subject,
                                                    .body = text,
                                                    .assurance = customers::Assurance::a2_one_time_link,
                                                    .at = command_.at});
        store::insert_event(books_.connection(), no, command_.at, "opened", std::nullopt,
                            json_text({{"reason", "reported_on_the_page"},
                                       {"class", std::string{payments::name_of(finding_.pair_class)}},
                                       {"automatic_refund", verdict()}}));
        return row;
    }

    // True where it is done or under way. False where the ledger refused it after all: a person looks.
    bool refund(store::TicketRow& row, DuplicateReport& report) {
        const auto reason = payments::RefundReason::duplicate;
        const Hash256 key = refund_key_after_failures(books_, payments::refund_key(finding_.give_back, finding_.duplicate_of,
                                                                                   reason, finding_.refundable->minor()));
        const RefundOutcome outcome = refund_payment(books_, context_,
                                                     {.key = key,
                                                      .payment = finding_.give_back,
                                                      .amount = *finding_.refundable,
                                                      .duplicate_of = finding_.duplicate_of,
                                                      .expected_refundable = finding_.refundable->minor(),
                                                      .at = command_.at,
                                                      .ticket = number_of(row.ticket.no)});
        const bool begun = outcome.refund && outcome.refund->state != PaymentState::failed && !outcome.replayed;
        if (!begun) {
            report.verdict = std::string{
                payments::code_of(outcome.replayed ? payments::PaymentRefusal::duplicate_refund : outcome.refusal)};
            return false;
        }
        books_.flush();
        const Payment original = books_.find_payment(finding_.give_back).value();
        const desk::MailText text = refund_letter(books_, context_, row.ticket, customer_, original, *outcome.refund);
        // The report's own message took the message's id; no remedy is proposed here, so its id is free for the answer.
        const OutboundMail mail{.kind = "answer",
                                .message_id = body_.remedy_id,
                                .outgoing_id = body_.outgoing_id,
                                .recipient = customer_.email,
                                .subject = text.subject,
                                .text = text.body,
                                .author = desk::Author::system,
                                .automatic = true,
                                .names_money = true,
                                .at = command_.at};
        // No money leaves without its word: all of this command is undone.
        if (send_mail(books_, context_, row.ticket, mail) == 0) {
            throw store::StorageFailure{store::StorageFault::bug, "the answer could not be composed: check --domain"};
        }
        const bool done = outcome.refund->state == PaymentState::succeeded;
        desk::move_to(row.ticket, done ? desk::TicketState::solved : desk::TicketState::on_hold, command_.at);
        settle_promises(books_, row.ticket, std::nullopt, command_.at);
        row.ticket.first_replied = command_.at;
        row.preview = text.subject;
        const std::string detail = json_text({{"payment", std::to_string(finding_.give_back)},
                                              {"duplicate_of", std::to_string(finding_.duplicate_of)},
                                              {"refund", std::to_string(outcome.refund->seq)},
                                              {"amount_minor", std::to_string(outcome.refund->amount.minor())}});
        store::insert_event(books_.connection(), row.ticket.no, command_.at, "refunded_automatically", std::nullopt, detail);
        books_.audit(command_.at, command_.actor, "automatic_refund", fmt::format("payment:{}", outcome.refund->seq),
                     detail);
        report.outcome = ReportOutcome::refunded;
        report.refund = outcome.refund->seq;
        report.amount = outcome.refund->amount;
        return true;
    }

    void acknowledge(const store::TicketRow& row) {
        const auto text =
            desk::acknowledge_customer({.number = desk::RequestNumber::of(row.ticket.no, context_.request_number_key()),
                                        .language = desk::language_of(customer_.language),
                                        .name = customer_.name,
                                        .zone = customer_.zone,
                                        .first_reply_due = row.ticket.first_reply_due,
                                        .investigation_due = row.ticket.investigation_due,
                                        .category = row.ticket.category,
                                        .house = context_.settings().house});
        send_acknowledgement(books_, context_, row.ticket, text, body_.outgoing_id, customer_.email, command_.at);
    }

    Books& books_;
    const Context& context_;
    const Command& command_;
    const ReportDuplicate& body_;
    const Payment& reported_;
    customers::Customer customer_;
    Finding finding_;
};

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const ReportDuplicate& body) {
    const Hash256 key = once_key(command.actor, "duplicate " + body.key);
    const std::int64_t print = fingerprint("report duplicate", {body.customer, body.payment, body.twin}, {body.text});
    if (const auto known = store::find_duplicate_report(books.connection(), key)) {
        return known->body == print ? answer_to(books, *known, true) : key_reused();
    }
    if (!TicketId::parse(body.ticket_id) || !MessageId::parse(body.message_id) || !MessageId::parse(body.remedy_id) ||
        !OutgoingId::parse(body.outgoing_id)) {
        return refused(codes::invalid, "ticket_id: not an id");
    }
    books.flush();
    const auto reported = books.find_payment(body.payment);
    const auto customer = store::find_customer(books.connection(), CustomerNo{body.customer});
    const bool own = reported && customer && reported->customer == customer->no &&
                     reported->kind == payments::PaymentKind::merchant_payment &&
                     (command.actor.kind != ActorKind::customer || command.actor.no == body.customer);
    if (!own) return no_such_payment();
    Case one{books, context, command, body, *reported, *customer};
    if (const auto before = report_that_stands(books, reported->seq, one.other())) return answer_to(books, *before, true);
    return answer_to(books, one.decide(key, print), false);
}

}  // namespace okpay::service
