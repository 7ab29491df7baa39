// SPDX-License-Identifier: Apache-2.0
// Remedies and events: what needs more than one row to say.
#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "api/render.hpp"
#include "customers/names.hpp"
#include "desk/lifecycle.hpp"
#include "desk/remedy.hpp"
#include "desk/threading.hpp"
#include "payments/decide.hpp"
#include "payments/payment_ref.hpp"
#include "store/rule_store.hpp"

namespace okpay::api {
namespace {

using desk::Remedy;
using desk::RemedyState;
using money::AccountNo;
using money::Money;
using service::RemedyView;

struct Movement {
    AccountNo account;
    std::int64_t before, after;
};

// One line an account, in the order in which they are first touched.
void note(std::vector<Movement>& movements, AccountNo account, std::int64_t before, std::int64_t after) {
    const auto known = std::ranges::find(movements, account, &Movement::account);
    if (known != movements.end()) known->after = after;
    else movements.push_back({account, before, after});
}

std::vector<Movement> done_movements(const RemedyView& view) {
    std::vector<Movement> movements;
    for (const money::Transfer& transfer : view.transfers) {
        note(movements, transfer.debit, transfer.debit_after + transfer.amount, transfer.debit_after);
        note(movements, transfer.credit, transfer.credit_after - transfer.amount, transfer.credit_after);
    }
    return movements;
}

// What the refund would post now; nothing where it would be refused.
std::vector<Movement> planned_movements(const RemedyView& view, const Balances& balances) {
    const payments::Payment& original = view.payment.payment;
    std::vector<Movement> movements;
    if (!original.payer || !original.payee || !view.ticket.customer) return movements;
    const auto wallet = balances.find(number_of(*original.payer));
    if (wallet == balances.end()) return movements;
    const Money available = Money::of_minor(wallet->second.available_minor, original.amount.currency()).value();
    const payments::RefundRequest request{.original = original,
                                          .amount = view.remedy.amount,
                                          .expected_refundable = view.remedy.expected_refundable,
                                          .twin = view.duplicate_of ? &view.duplicate_of->payment : nullptr,
                                          .receiver = {.account = *original.payer,
                                                       .available = available,
                                                       .standing = view.ticket.customer->standing},
                                          .merchant_payable = *original.payee,
                                          .fee_income = view.fee_income.value_or(AccountNo{0})};
    const auto decided = payments::decide_refund(request);
    if (!decided) return movements;
    std::map<AccountNo, std::int64_t> now;
    for (const auto& [no, balance] : balances) now[AccountNo{no}] = balance.posted_minor;
    for (const money::Posting& posting : decided->postings) {
        std::int64_t& debit = now[posting.debit];
        std::int64_t& credit = now[posting.credit];
        note(movements, posting.debit, debit, debit - posting.amount.minor());
        note(movements, posting.credit, credit, credit + posting.amount.minor());
        debit -= posting.amount.minor();
        credit += posting.amount.minor();
    }
    return movements;
}

// The kind is a word that each language has of its own; the owner is a name, and absent for the house.
struct AccountWords {
    std::string_view kind;
    std::optional<std::string> owner;
};
AccountWords account_words(const RemedyView& view, AccountNo account) {
    if (account == view.payment.payment.payer && view.ticket.customer)
        return {"customer_wallet", view.ticket.customer->name};
    if (account == view.payment.payment.payee && view.payment.merchant)
        return {"merchant_payable", view.payment.merchant->name};
    return {"fee_income", std::nullopt};
}

json::array before_after_json(const RemedyView& view, const Balances& balances) {
    const money::Currency currency = view.remedy.amount.currency();
    const auto movements =
        view.remedy.state == RemedyState::proposed ? planned_movements(view, balances) : done_movements(view);
    json::array lines;
    for (const Movement& movement : movements) {
        const AccountWords account = account_words(view, movement.account);
        lines.push_back(json::object{{"account_kind", account.kind},
                                     {"owner", text_or_null(account.owner)},
                                     {"currency", money::code_of(currency)},
                                     {"before", amount_json(Money::of_minor(movement.before, currency).value())},
                                     {"after", amount_json(Money::of_minor(movement.after, currency).value())}});
    }
    return lines;
}

// What the proposer saw, with what an evidence of an older or other maker lacks; and the proposer's word.
struct Evidence {
    json::object shown;
    std::string note;
};
Evidence evidence_of(const RemedyView& view) {
    boost::system::error_code error;
    const json::value stored = json::parse(view.remedy.evidence, error);
    Evidence evidence{{{"class", nullptr},
                       {"score", nullptr},
                       {"reasons", json::array{}},
                       {"explanation", nullptr},
                       {"customer_words", ""},
                       {"message", nullptr},
                       {"assurance", customers::name_of(view.ticket.row.ticket.assurance)},
                       {"from_address", ""}},
                      ""};
    if (error || !stored.is_object()) return evidence;
    for (const auto& member : stored.get_object()) {
        if (member.key() == "note")
            evidence.note = member.value().is_string() ? std::string{member.value().get_string()} : "";
        else evidence.shown[member.key()] = member.value();
    }
    return evidence;
}

// The column holds the proposer's note until it is decided.
std::string decision_note_of(const Remedy& remedy) {
    const bool told = remedy.state == RemedyState::rejected || remedy.state == RemedyState::failed;
    return told ? remedy.decision_note : "";
}

json::value text_at(const json::object& detail, std::string_view name) {
    const json::value* found = detail.if_contains(name);
    return found != nullptr ? *found : json::value(nullptr);
}

std::int64_t number_at(const json::object& detail, std::string_view name) {
    const json::value* found = detail.if_contains(name);
    if (found == nullptr || !found->is_string()) return 0;
    return std::strtoll(found->get_string().c_str(), nullptr, 10);
}

std::string_view event_word(std::string_view stored) {
    if (stored == "acknowledgement") return "acknowledged";
    if (stored == "reply_received") return "threaded";
    return stored;
}

std::string text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

// Whom a rule named stands in the events beside it, by name.
json::array effects_told(const std::string& stored) {
    json::array told;
    for (const desk::RuleEffect& effect : store::effects_of(stored).value_or(std::vector<desk::RuleEffect>{})) {
        const bool names_staff = effect.act == desk::RuleAct::assign || effect.act == desk::RuleAct::assign_by_skill ||
                                 effect.act == desk::RuleAct::follow;
        told.push_back(json::object{{"act", name_of(effect.act)},
                                    {"value", names_staff ? std::string{} : effect.value},
                                    {"outcome", name_of(effect.not_done)}});
    }
    return told;
}

json::object event_detail(const service::EventView& event, const service::TicketDetail& ticket) {
    boost::system::error_code error;
    json::value parsed = json::parse(event.detail, error);
    json::object detail = !error && parsed.is_object() ? std::move(parsed.as_object()) : json::object{};
    if (event.kind == "state_changed") return {{"from", text_at(detail, "from")}, {"to", text_at(detail, "state")}};
    if (event.kind == "assigned") {
        return {{"to", event.assigned_to ? json::value(event.assigned_to->name) : json::value(nullptr)}};
    }
    if (event.kind == "routed" || event.kind == "routing_proposed") {
        detail.erase("staff");
        detail["to"] = event.assigned_to ? json::value(event.assigned_to->name) : json::value(nullptr);
        return detail;
    }
    if (event.kind == "rule_applied") {
        detail["did"] = effects_told(text_in(detail, "did"));
        return detail;
    }
    if (event.kind.starts_with("remedy_")) {
        const std::int64_t payment = number_at(detail, "payment");
        for (const RemedyView& view : ticket.remedies) {
            const bool decided_then = view.remedy.decided == event.at || view.remedy.proposed == event.at;
            if (view.remedy.payment != payment && !(payment == 0 && decided_then)) continue;
            if (!decided_then) continue;
            return {{"remedy", view.remedy.id.text()},
                    {"amount", amount_json(view.remedy.amount)},
                    {"payment", payments::text_of(view.payment.payment.id)}};
        }
    }
    return detail;
}

}  // namespace

json::object case_file_json(const customers::CaseFile& file) {
    return {{"at", rfc3339(file.at)}, {"name", file.name}, {"media_type", file.media_type}, {"size", file.size}};
}

json::object event_json(const service::EventView& event, const service::TicketDetail& ticket) {
    const bool from_outside = !event.staff && (event.kind == "opened" || event.kind == "reply_received");
    const auto& customer = ticket.ticket.customer;
    const json::object actor{{"kind", event.staff    ? "staff"
                                      : from_outside ? "customer"
                                                     : "system"},
                             {"name", event.staff                ? event.staff->name
                                      : from_outside && customer ? customer->name
                                                                 : ""}};
    return {{"at", rfc3339(event.at)},
            {"kind", event_word(event.kind)},
            {"actor", actor},
            {"detail", event_detail(event, ticket)}};
}

json::object promise_json(const service::PromiseView& view) {
    const desk::Promise& promise = view.row.promise;
    return {{"no", number_of(view.row.no)},
            {"text", view.row.words},
            {"due", rfc3339(promise.due)},
            {"state", desk::name_of(promise.state)},
            {"message", view.message ? json::value(view.message->text()) : json::value(nullptr)},
            {"made_by", person_json(view.staff)},
            {"made_at", rfc3339(promise.made)},
            {"ended_at", time_json(promise.ended)},
            {"ended_by", view.ended_by ? json::value(person_json(*view.ended_by)) : json::value(nullptr)},
            {"reason", view.row.reason}};
}

std::vector<AccountNo> remedy_accounts(const RemedyView& view) {
    std::vector<AccountNo> accounts;
    if (view.remedy.state != RemedyState::proposed) return accounts;
    for (const auto& account : {view.payment.payment.payer, view.payment.payment.payee, view.fee_income}) {
        if (account) accounts.push_back(*account);
    }
    return accounts;
}

json::object remedy_json(const RemedyView& view, const RemedyContext& context) {
    const Remedy& remedy = view.remedy;
    const store::StaffRow& staff = context.viewer.staff();
    const desk::StaffActor actor{.no = staff.no,
                                 .role = staff.role,
                                 .enrolled = staff.enrolled.value_or(staff.created),
                                 .second_factor_at = std::nullopt,
                                 .active = !staff.disabled,
                                 .owns_customer_account =
                                     view.ticket.customer && desk::same_mailbox(view.ticket.customer->email, staff.email)};
    desk::RemedyRules rules{.new_staff_waits = context.new_staff_waits};
    if (context.may_approve_alone && view.owner_told)
        rules.approves_alone_from = *view.owner_told + desk::approves_alone_waits;
    const auto allowed = desk::may_approve(remedy, actor, view.payment.refundable_minor(), context.now, rules);
    json::value because = nullptr;
    if (!allowed) {
        because = json::object{{"code", desk::code_of(allowed.error())},
                               {"en", desk::sentence_en(allowed.error())},
                               {"zh", desk::sentence_zh(allowed.error())}};
    }
    Evidence evidence = evidence_of(view);
    const money::Currency currency = remedy.amount.currency();
    return {{"id", remedy.id.text()},
            {"kind", desk::name_of(remedy.kind)},
            {"state", desk::state_name(remedy.state)},
            {"payment", payment_json(view.payment)},
            {"duplicate_of", view.duplicate_of ? json::value(payment_json(*view.duplicate_of)) : json::value(nullptr)},
            {"amount", amount_json(remedy.amount)},
            {"expected_refundable", amount_json(Money::of_minor(remedy.expected_refundable, currency).value())},
            {"reason", remedy.reason},
            {"note", evidence.note},
            {"evidence", std::move(evidence.shown)},
            {"proposer", person_json(view.proposer)},
            {"proposed_at", rfc3339(remedy.proposed)},
            {"decider", view.decider ? json::value(person_json(*view.decider)) : json::value(nullptr)},
            {"decided_at", time_json(remedy.decided)},
            {"decision_note", decision_note_of(remedy)},
            {"executed_payment", view.executed ? json::value(payments::text_of(*view.executed)) : json::value(nullptr)},
            {"answer", view.answer ? json::value(view.answer->text()) : json::value(nullptr)},
            {"may_approve", allowed.has_value()},
            {"may_not_approve_because", std::move(because)},
            {"before_after", before_after_json(view, context.balances)}};
}

}  // namespace okpay::api
