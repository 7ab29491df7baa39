// SPDX-License-Identifier: Apache-2.0
#include "api/render.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

#include "customers/names.hpp"
#include "customers/permissions.hpp"
#include "desk/ask_facts.hpp"
#include "desk/lifecycle.hpp"
#include "desk/remedy.hpp"
#include "payments/names.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

using money::Money;
using payments::Payment;
using service::OwnedAccount;
using service::PaymentView;

Money money_of(std::int64_t minor, money::Currency currency) { return Money::of_minor(minor, currency).value(); }

template <class T, class Render>
json::value or_null(const std::optional<T>& value, Render render) {
    return value ? json::value(render(*value)) : json::value(nullptr);
}

std::string_view direction_of(const Payment& payment, std::span<const OwnedAccount> own) {
    switch (payment.kind) {
    case payments::PaymentKind::top_up:
    case payments::PaymentKind::cancellation:
    case payments::PaymentKind::refund: return "in";
    case payments::PaymentKind::merchant_payment:
    case payments::PaymentKind::capture:
    case payments::PaymentKind::withdrawal:
    case payments::PaymentKind::merchant_payout:
    case payments::PaymentKind::exchange: return "out";
    case payments::PaymentKind::correction:
    case payments::PaymentKind::person_to_person: {
        const bool received = payment.payee && std::ranges::find(own, *payment.payee, &OwnedAccount::no) != own.end();
        return received ? "in" : "out";
    }
    }
    std::abort();
}

json::object parsed_object(std::string_view text) {
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    return !error && value.is_object() ? std::move(value.as_object()) : json::object{};
}

json::value member_or(const json::object& object, std::string_view name, const json::value& otherwise) {
    const json::value* found = object.if_contains(name);
    return found != nullptr ? *found : otherwise;
}

// What was read of one kind of place, for people.
json::object facts_json(const json::object& reading, std::string_view member) {
    const json::value entities = member_or(reading, member, json::object{});
    const json::object empty;
    const json::object& found = entities.is_object() ? entities.get_object() : empty;
    return {{"amounts", member_or(found, "amounts", json::array{})},
            {"datetimes", member_or(found, "datetimes", json::array{})},
            {"transaction_ids", member_or(found, "transaction_ids", json::array{})},
            {"error_codes", member_or(found, "error_codes", json::array{})}};
}

// The words that carried each decision; what was kept before they were is none.
json::array because_json(const json::object& reading) {
    json::array shown;
    const json::value because = member_or(reading, "because", json::array{});
    if (!because.is_array()) return shown;
    for (const json::value& one : because.get_array()) {
        const json::object* reason = one.if_object();
        if (reason == nullptr) continue;
        shown.push_back(json::object{{"decision", member_or(*reason, "decision", "")},
                                     {"value", member_or(*reason, "value", "")},
                                     {"words", member_or(*reason, "words", "")}});
    }
    return shown;
}

const PaymentView* find_payment(std::span<const PaymentView> history, std::int64_t seq) {
    const auto found = std::ranges::find(history, seq, [](const PaymentView& view) { return view.payment.seq; });
    return found != history.end() ? &*found : nullptr;
}

json::array reasons_json(std::span<const payments::Reason> reasons) {
    json::array array;
    for (const payments::Reason reason : reasons) array.emplace_back(payments::name_of(reason));
    return array;
}

std::string_view delivery_word(store::OutgoingState state) {
    switch (state) {
    case store::OutgoingState::queued: return "queued";
    case store::OutgoingState::sent: return "sent";
    case store::OutgoingState::uncertain: return "uncertain";
    case store::OutgoingState::failed: return "failed";
    case store::OutgoingState::suppressed: return "suppressed";
    }
    std::abort();
}

std::string_view name_of(service::PaymentDetail::HoldEnd end) {
    using HoldEnd = service::PaymentDetail::HoldEnd;
    switch (end) {
    case HoldEnd::captured: return "captured";
    case HoldEnd::canceled: return "canceled";
    case HoldEnd::expired: return "expired";
    }
    std::abort();
}

}  // namespace

std::string Viewer::address(std::string_view address) const {
    const bool whole = staff_ == nullptr || customers::may(staff_->role, customers::Permission::reveal);
    return whole ? std::string{address} : masked_address(address);
}

Balances balances_of(const service::Answer& answer) {
    Balances balances;
    for (const service::AccountView& view : answer.accounts) balances.emplace(view.no, view);
    return balances;
}

json::object staff_json(const store::StaffRow& staff) {
    json::array permissions;
    for (const auto permission : customers::permissions_of(staff.role))
        permissions.emplace_back(customers::name_of(permission));
    return {{"id", staff.id.text()},
            {"email", staff.email},
            {"name", staff.name},
            {"role", customers::name_of(staff.role)},
            {"permissions", std::move(permissions)}};
}

json::object person_json(const service::Person& person) { return {{"id", person.id.text()}, {"name", person.name}}; }

json::object payment_json(const PaymentView& view, std::span<const OwnedAccount> own) {
    const Payment& payment = view.payment;
    const money::Currency currency = payment.amount.currency();
    const bool refused = payment.refusal != payments::PaymentRefusal::none;
    const auto merchant = [](const customers::Merchant& m) { return json::object{{"id", m.id.text()}, {"name", m.name}}; };
    const std::string_view direction = direction_of(payment, own);
    const std::string& other = direction == "in" ? view.payer_name : view.payee_name;
    return {{"id", payments::text_of(payment.id)},
            {"kind", payments::name_of(payment.kind)},
            {"state", payments::name_of(payment.state)},
            {"refusal", refused ? json::value(payments::code_of(payment.refusal)) : json::value(nullptr)},
            {"amount", amount_json(payment.amount)},
            {"captured", amount_json(money_of(payment.captured_minor, currency))},
            {"refunded", amount_json(money_of(payment.refunded_minor, currency))},
            {"refundable", amount_json(money_of(view.refundable_minor(), currency))},
            {"disputed", amount_json(money_of(view.disputes.taken_minor + view.disputes.lost_minor, currency))},
            {"merchant", or_null(view.merchant, merchant)},
            {"order_ref", payment.order_ref},
            {"memo", payment.memo},
            {"instrument", payment.instrument},
            {"original", or_null(view.original, [](const PaymentId& id) { return payments::text_of(id); })},
            {"created_at", rfc3339(payment.created)},
            {"next_check_at", time_json(view.next_check)},
            {"received", or_null(view.received, amount_json)},
            {"counterparty", other.empty() ? json::value(nullptr) : json::value(other)},
            {"direction", direction}};
}

json::object rehearsal_json(const PaymentView& view, const service::Rehearsal& rehearsal, const Seen& seen) {
    json::object object = payment_json(view);
    if (rehearsal.new_payment) object["id"] = nullptr;  // nobody would find it
    object["dry_run"] = true;
    object["fee"] = amount_json(money_of(view.payment.fee_minor, view.payment.amount.currency()));
    object["postings"] = postings_json(rehearsal.postings, seen);
    return object;
}

json::object payment_detail_json(const service::PaymentDetail& detail, std::span<const OwnedAccount> own) {
    json::object object = payment_json(detail.view, own);
    object["held_until"] = time_json(detail.held_until);
    object["hold_ended"] = or_null(detail.hold_ended, [](const service::PaymentDetail::Ended& ended) {
        return json::object{{"how", name_of(ended.how)}, {"at", rfc3339(ended.at)}};
    });
    json::array refunds;
    for (const Payment& refund : detail.refunds) {
        refunds.push_back(json::object{{"id", payments::text_of(refund.id)},
                                       {"amount", amount_json(refund.amount)},
                                       {"created_at", rfc3339(refund.created)}});
    }
    object["refunds"] = std::move(refunds);
    return object;
}

json::object customer_json(const customers::Customer& customer, const Viewer& viewer) {
    return {{"id", customer.id.text()}, {"email", viewer.address(customer.email)},
            {"name", customer.name},    {"language", customer.language},
            {"zone", customer.zone},    {"standing", customers::name_of(customer.standing)},
            {"level", customer.level}};
}

json::object customer_with_wallets_json(const service::CustomerView& view, const Balances& balances, const Viewer& viewer) {
    json::object object = customer_json(view.customer, viewer);
    json::array wallets;
    for (const OwnedAccount& wallet : view.wallets) {
        const auto found = balances.find(number_of(wallet.no));
        if (found == balances.end()) continue;
        wallets.push_back(
            json::object{{"account", std::to_string(number_of(wallet.no))},
                         {"currency", money::code_of(wallet.currency)},
                         {"balance", amount_json(money_of(found->second.posted_minor, wallet.currency))},
                         {"available", amount_json(money_of(found->second.available_minor, wallet.currency))}});
    }
    object["wallets"] = std::move(wallets);
    return object;
}

json::object ticket_summary_json(const service::TicketView& view, const Viewer& viewer) {
    const desk::Ticket& ticket = view.row.ticket;
    const auto customer = [&viewer](const customers::Customer& c) {
        return json::object{{"id", c.id.text()}, {"name", c.name}, {"email", viewer.address(c.email)}};
    };
    const auto remedy = [](const desk::Remedy& r) {
        return json::object{{"id", r.id.text()},
                            {"kind", desk::name_of(r.kind)},
                            {"state", desk::state_name(r.state)},
                            {"amount",
                             desk::moves_money(r.kind) ? json::value(amount_json(r.amount)) : json::value(nullptr)}};
    };
    return {{"number", ticket.request_number},
            {"id", ticket.id.text()},
            {"subject", ticket.subject},
            {"preview", view.row.preview},
            {"state", desk::state_name(ticket.state)},
            {"category", ticket.category},
            {"urgency", ticket.urgency},
            {"language", ticket.language},
            {"route", ticket.route},
            {"assurance", customers::name_of(ticket.assurance)},
            {"customer", or_null(view.customer, customer)},
            {"party_address", viewer.address(ticket.party_address)},
            {"assignee", or_null(view.assignee, person_json)},
            {"opened_at", rfc3339(ticket.opened)},
            {"updated_at", rfc3339(ticket.updated)},
            {"first_reply_due", rfc3339(ticket.first_reply_due)},
            {"first_replied_at", time_json(ticket.first_replied)},
            {"next_reply_due", time_json(ticket.next_reply_due)},
            {"investigation_due", time_json(ticket.investigation_due)},
            {"promise_due", time_json(ticket.promise_due)},
            {"open_remedy", or_null(view.open_remedy, remedy)},
            {"snoozed_until", time_json(view.snoozed_until)},
            {"side_threads", json::object{{"waiting", view.sides.waiting}, {"answered", view.sides.answered}}},
            {"unseen", view.unseen ? view.unseen->all : 0},
            {"unseen_mentions", view.unseen ? view.unseen->mentions : 0},
            {"version", ticket.version}};
}

json::value asked_facts_json(const std::optional<store::AskedFacts>& asked) {
    if (!asked) return nullptr;
    const auto missing = desk::still_missing(asked->asked, asked->given);
    json::array facts;
    for (const std::string& fact : asked->asked)
        facts.push_back(json::object{{"fact", fact}, {"missing", std::ranges::find(missing, fact) != missing.end()}});
    return json::object{{"facts", std::move(facts)},
                        {"asked_at", rfc3339(asked->at)},
                        {"answered_at", time_json(asked->answered)}};
}

json::object following_json(const service::TicketDetail& detail, const Viewer& viewer) {
    json::array followers;
    bool me = false;
    for (const service::Person& person : detail.followers) {
        followers.push_back(person_json(person));
        me = me || person.id == viewer.staff().id;
    }
    return {{"me", me}, {"followers", std::move(followers)}, {"seen_mark", detail.seen_mark.text()}};
}

// Neither subject nor words of the other: it may be of somebody whom this reader has to do with.
json::object ticket_link_json(const service::TicketLinkView& link) {
    return {{"number", link.number},
            {"kind", desk::name_of(link.kind)},
            {"from_here", link.from_here},
            {"state", desk::state_name(link.state)},
            {"reason", link.reason},
            {"made_at", rfc3339(link.made)},
            {"made_by", or_null(link.made_by, person_json)}};
}

json::object delivery_json(const service::Delivery& d) {
    return {{"state", d.held ? "held" : delivery_word(d.state)},
            {"attempts", d.attempts},
            {"updated_at", rfc3339(d.updated)},
            {"bounced", d.bounced ? json::value(mail::name_of(*d.bounced)) : json::value(nullptr)},
            {"answer", d.answer}};
}

json::object message_json(const service::MessageView& view, const Viewer& viewer) {
    const desk::Message& message = view.message;
    const bool inbound = message.direction == desk::Direction::inbound;
    const bool note = message.direction == desk::Direction::note;
    json::array mentions;
    for (const service::Person& person : view.mentions) mentions.push_back(person_json(person));
    const std::string from = note ? "" : inbound ? viewer.address(message.from_address) : message.from_address;
    return {{"id", message.id.text()},
            {"direction", desk::name_of(message.direction)},
            {"author", desk::name_of(message.author)},
            {"staff", or_null(view.staff, person_json)},
            {"from_address", from},
            {"subject", message.subject},
            {"body", message.body},
            {"quoted", message.quoted},
            {"assurance", customers::name_of(message.assurance)},
            {"at", rfc3339(message.at)},
            {"delivery", or_null(view.delivery, delivery_json)},
            {"authentication",
             view.authentication.empty() ? json::value{} : json::value(parsed_object(view.authentication))},
            {"files", view.files ? json::value(store::name_of(*view.files)) : json::value(nullptr)},
            {"request", view.request.empty() ? json::value(nullptr) : json::value(view.request)},
            {"went_on_in", view.went_on_in.empty() ? json::value(nullptr) : json::value(view.went_on_in)},
            {"mentions", std::move(mentions)}};
}

json::object reading_json(std::string_view stored) {
    const json::object reading = parsed_object(stored);
    const json::object in_pictures = facts_json(reading, "in_pictures");
    json::object facts = facts_json(reading, "entities");
    return {{"category", member_or(reading, "category", nullptr)},
            {"secondary", member_or(reading, "secondary", json::array{})},
            {"confidence", member_or(reading, "confidence", 0.0)},
            {"because", because_json(reading)},
            {"amounts", std::move(facts["amounts"])},
            {"datetimes", std::move(facts["datetimes"])},
            {"transaction_ids", std::move(facts["transaction_ids"])},
            {"error_codes", std::move(facts["error_codes"])},
            {"in_pictures", in_pictures},
            {"missing", member_or(reading, "missing", json::array{})},
            {"flags", member_or(reading, "flags", json::array{})}};
}

json::object finding_json(const payments::Finding& finding, std::span<const PaymentView> history,
                          std::span<const OwnedAccount> own) {
    const auto payment = [&](std::int64_t seq) {
        const PaymentView* view = find_payment(history, seq);
        return view != nullptr ? json::value(payment_json(*view, own)) : json::value(nullptr);
    };
    json::value proposal = nullptr;
    const PaymentView* give_back = find_payment(history, finding.give_back);
    const PaymentView* twin = find_payment(history, finding.duplicate_of);
    if (payments::ends_in_refund(finding.pair_class) && give_back != nullptr && finding.refundable &&
        finding.refundable->minor() > 0) {
        proposal = json::object{{"payment", payments::text_of(give_back->payment.id)},
                                {"duplicate_of",
                                 twin != nullptr ? json::value(payments::text_of(twin->payment.id)) : json::value(nullptr)},
                                {"amount", amount_json(*finding.refundable)},
                                {"expected_refundable", amount_json(*finding.refundable)}};
    }
    return {{"class", payments::name_of(finding.pair_class)},
            {"score", finding.score},
            {"reasons", reasons_json(finding.reasons)},
            {"explanation", json::object{{"en", finding.explanation_en}, {"zh", finding.explanation_zh}}},
            {"first", payment(finding.first)},
            {"second", payment(finding.second)},
            {"refundable", or_null(finding.refundable, amount_json)},
            {"proposal", std::move(proposal)}};
}

json::object candidate_json(const payments::Candidate& candidate, std::span<const PaymentView> history,
                            std::span<const OwnedAccount> own) {
    const PaymentView* view = find_payment(history, candidate.payment);
    return {{"class", payments::name_of(payments::PairClass::unclear)},
            {"score", candidate.score},
            {"reasons", reasons_json(candidate.reasons)},
            {"explanation",
             json::object{{"en", "This payment agrees with what the message states."}, {"zh", "这笔交易与来信所述相符。"}}},
            {"first", view != nullptr ? json::value(payment_json(*view, own)) : json::value(nullptr)},
            {"second", nullptr},
            {"refundable", nullptr},
            {"proposal", nullptr}};
}

}  // namespace okpay::api
