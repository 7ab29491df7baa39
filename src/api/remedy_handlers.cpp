// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "api/ticket_ledger.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/names.hpp"
#include "payments/decide.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t note_characters_max = 2'000;
constexpr std::size_t words_characters_max = 2'000;  // of the customer, in the evidence

awaitable<Result<std::string, Problem>> shown(Api& api, service::RemedyView view, SignedIn who) {
    const service::Answer read = co_await account_views(api, remedy_accounts(view));
    if (!read.done()) co_return fail(problem_of(read));
    const Balances balances = balances_of(read);
    const Viewer viewer{who.staff};
    const RemedyContext context{viewer, api.now(), api.options().new_staff_waits, api.options().may_approve_alone, balances};
    co_return json::serialize(remedy_json(view, context));
}

awaitable<Response> remedy_answer(Api& api, service::RemedyView view, SignedIn who, unsigned status) {
    auto text = co_await shown(api, std::move(view), std::move(who));
    if (!text) co_return problem(text.error());
    co_return json_response(status, *std::move(text));
}

// What was refused, with the remedy as it stands where that is what changed.
awaitable<Response> refused_remedy(Api& api, service::Answer answer, RemedyId id, SignedIn who) {
    Problem refused = problem_of(answer);
    if (refused.code == "already_decided" || refused.code == "refundable_changed") {
        auto query = [id](service::Queries& queries) { return queries.remedy(id); };
        auto found = co_await api.read(std::move(query));
        if (found && *found) {
            auto text = co_await shown(api, **std::move(found), std::move(who));
            if (text) refused.remedy = *std::move(text);
        }
    }
    co_return problem(refused);
}

awaitable<Response> decided(Api& api, service::Answer answer, RemedyId id, SignedIn who) {
    if (!answer.done()) co_return co_await refused_remedy(api, std::move(answer), id, std::move(who));
    auto query = [id](service::Queries& queries) { return queries.remedy(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return co_await remedy_answer(api, **std::move(found), std::move(who), 200);
}

std::string_view first_characters(std::string_view utf8, std::size_t characters_max) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const bool starts = (static_cast<unsigned char>(utf8[i]) & 0xC0U) != 0x80U;
        if (starts && ++characters > characters_max) return utf8.substr(0, i);
    }
    return utf8;
}

bool same_proposal(const desk::Remedy& remedy, const service::ProposeRefund& asked) {
    return remedy.payment == asked.payment && remedy.duplicate_of == asked.duplicate_of &&
           remedy.amount.minor() == asked.amount_minor && money::code_of(remedy.amount.currency()) == asked.currency &&
           remedy.expected_refundable == asked.expected_refundable && remedy.reason == asked.reason;
}

struct ProposalBody {
    std::string payment, duplicate_of;
    money::Money amount, expected_refundable;
    std::string reason, note;
};

Result<ProposalBody, Problem> proposal_of(const Request& request) {
    BodyReader body{request};
    if (body.text("kind", {.characters_max = 40}) != "refund") body.refuse("/kind", "must be refund");
    ProposalBody read{.payment = body.text("payment", {.characters_max = 64}),
                      .duplicate_of = body.text("duplicate_of", {.characters_max = 64, .required = true, .nullable = true}),
                      .amount = body.amount("amount"),
                      .expected_refundable = body.amount("expected_refundable"),
                      .reason = body.text("reason", {.characters_max = 40}),
                      .note = body.text("note", {.characters_max = note_characters_max})};
    if (!read.reason.empty() && !payments::refund_reason_of_name(read.reason))
        body.refuse("/reason", "is not one that we know");
    if (const auto wrong = body.wrong()) return fail(*wrong);
    if (read.reason.empty()) return fail(Problem{.code = "reason_missing", .detail = "A proposal needs a reason."});
    return read;
}

awaitable<Result<payments::Payment, Problem>> payment_of(Api& api, std::string reference) {
    const auto id = payments::parse_payment_ref(reference);
    if (!id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.payment(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(not_found());
    co_return std::move((*found)->payment);
}

}  // namespace

std::string evidence_json(const service::TicketDetail& detail, const SearchedLedger& ledger, std::int64_t payment,
                          std::int64_t duplicate_of, const std::string& note) {
    const desk::Message* message = newest_customer_message(detail);
    json::object evidence{{"class", nullptr},
                          {"score", nullptr},
                          {"reasons", json::array{}},
                          {"explanation", nullptr},
                          {"customer_words",
                           message != nullptr ? first_characters(message->body, words_characters_max) : std::string_view{}},
                          {"message", message != nullptr ? json::value(message->id.text()) : json::value(nullptr)},
                          {"assurance", customers::name_of(detail.ticket.row.ticket.assurance)},
                          {"from_address", masked_address(message != nullptr ? message->from_address
                                                                             : detail.ticket.row.ticket.party_address)},
                          {"note", note}};
    for (const payments::Finding& finding : ledger.findings) {
        if (finding.give_back != payment || finding.duplicate_of != duplicate_of) continue;
        const json::object found = finding_json(finding, ledger.history, {});
        for (const std::string_view name : {"class", "score", "reasons", "explanation"}) evidence[name] = found.at(name);
        break;
    }
    return json::serialize(evidence);
}

awaitable<Response> propose_remedy(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    const auto body = proposal_of(request);
    if (!body) co_return problem(body.error());
    const auto payment = co_await payment_of(api, body->payment);
    if (!payment) co_return problem(payment.error());
    std::int64_t duplicate_of = 0;
    if (!body->duplicate_of.empty()) {
        const auto twin = co_await payment_of(api, body->duplicate_of);
        if (!twin) co_return problem(twin.error());
        duplicate_of = twin->seq;
    }
    if (body->expected_refundable.currency() != payment->amount.currency()) {
        co_return problem({.code = "currencies_differ", .detail = "Use the currency of the payment."});
    }
    auto look_up = [number = request.params[0]](service::Queries& queries) { return queries.ticket_detail(number); };
    const auto detail = co_await api.read(std::move(look_up));
    if (!detail) co_return problem(problem_of(detail.error()));
    if (!*detail) co_return problem(not_found());
    const auto ledger = co_await searched_ledger(api, **detail);
    if (!ledger) co_return problem(ledger.error());

    service::ProposeRefund asked{.ticket = (*detail)->ticket.row.ticket.request_number,
                                 .remedy_id = fresh_id<RemedyId>().text(),
                                 .payment = payment->seq,
                                 .duplicate_of = duplicate_of,
                                 .amount_minor = body->amount.minor(),
                                 .currency = std::string{money::code_of(body->amount.currency())},
                                 .expected_refundable = body->expected_refundable.minor(),
                                 .reason = body->reason,
                                 .note = body->note,
                                 .evidence = evidence_json(**detail, *ledger, payment->seq, duplicate_of, body->note)};
    service::Command command{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = asked};
    const service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [no = answer.number](service::Queries& queries) { return queries.remedy(no); };
    auto made = co_await api.read(std::move(query));
    if (!made) co_return problem(problem_of(made.error()));
    if (!*made) co_return problem(not_found());
    if (answer.replayed && !same_proposal((*made)->remedy, asked)) {
        co_return problem(
            {.code = "idempotency_key_reused", .detail = "This key was used for another proposal; make a new one."});
    }
    Response response = co_await remedy_answer(api, **std::move(made), std::move(who), 201);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> list_approvals(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<service::TicketCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    auto query = [after = *cursor, limit = *limit](service::Queries& queries) { return queries.approvals(after, limit); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    std::vector<money::AccountNo> accounts;
    for (const service::RemedyView& view : page->items) {
        for (const money::AccountNo account : remedy_accounts(view)) accounts.push_back(account);
    }
    const service::Answer read = co_await account_views(api, std::move(accounts));
    if (!read.done()) co_return problem(problem_of(read));
    const Balances balances = balances_of(read);
    const Viewer viewer{who.staff};
    const RemedyContext context{viewer, api.now(), api.options().new_staff_waits, api.options().may_approve_alone, balances};
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const service::RemedyView& view : page->items) {
        if (view.ticket.customer && kept->has(view.ticket.customer->no)) continue;
        json::object item = remedy_json(view, context);
        item["ticket"] = ticket_summary_json(view.ticket, viewer);
        items.push_back(std::move(item));
    }
    const auto next = page->next ? std::optional{page->next->text()} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> approve_remedy(Api& api, Request request, SignedIn who) {
    const auto id = RemedyId::parse(request.params[0]);
    BodyReader body{request};
    std::string code = body.text("totp", {.characters_max = 16});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!id) co_return problem(not_found());
    service::ApproveRemedy command{.remedy_id = id->text(),
                                   .totp_code = std::move(code),
                                   .message_id = fresh_id<MessageId>().text(),
                                   .outgoing_id = fresh_id<OutgoingId>().text()};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await decided(api, std::move(answer), *id, std::move(who));
}

awaitable<Response> reject_remedy(Api& api, Request request, SignedIn who) {
    const auto id = RemedyId::parse(request.params[0]);
    BodyReader body{request};
    std::string note = body.text("note", {.characters_max = note_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!id) co_return problem(not_found());
    service::RejectRemedy command{.remedy_id = id->text(), .note = std::move(note)};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return co_await decided(api, std::move(answer), *id, std::move(who));
}

}  // namespace okpay::api
