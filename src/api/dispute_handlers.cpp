// SPDX-License-Identifier: Apache-2.0
// Payments by card that a bank takes back: what the acquirer says is typed in, answered, and shown with what proves the
// answer.
#include <boost/json/serialize.hpp>

#include <limits>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t word_characters_max = 30;
constexpr std::size_t reference_characters_max = 100;
constexpr std::size_t answer_characters_max = 16'384;
constexpr std::int64_t open_shown_max = 500;

json::object dispute_json(const service::DisputeView& view) {
    const payments::Dispute& dispute = view.dispute;
    json::array steps;
    for (const service::DisputeView::Step& step : view.steps) {
        const bool moved = step.event.transfer != 0;
        steps.push_back(
            json::object{{"at", rfc3339(step.event.at)},
                         {"stage", payments::name_of(step.event.stage)},
                         {"status", payments::name_of(step.event.status)},
                         {"moved", payments::name_of(step.event.move)},
                         {"transfer", moved ? json::value(std::to_string(step.event.transfer)) : json::value(nullptr)},
                         {"by", step.staff ? json::value(person_json(*step.staff)) : json::value(nullptr)}});
    }
    const bool asked = dispute.status == payments::DisputeStatus::needs_response;
    return {{"id", dispute.id.text()},
            {"payment", payment_json(view.payment)},
            {"reference", dispute.reference},
            {"stage", payments::name_of(dispute.stage)},
            {"status", payments::name_of(dispute.status)},
            {"reason", payments::name_of(dispute.reason)},
            {"amount", amount_json(dispute.amount)},
            {"borne_by", dispute.house_pays ? "house" : "merchant"},
            {"answer", dispute.answer},
            {"answer_by", asked ? json::value(rfc3339(dispute.due)) : json::value(nullptr)},
            {"opened_at", rfc3339(dispute.opened)},
            {"updated_at", rfc3339(dispute.updated)},
            {"steps", std::move(steps)}};
}

awaitable<Result<service::DisputeView, Problem>> named_dispute(Api& api, const SignedIn& who, std::string id_text) {
    const auto id = DisputeId::parse(id_text);
    if (!id) co_return fail(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.dispute(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(not_found());
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return fail(kept.error());
    const auto& customer = (*found)->payment.payment.customer;
    if (customer && kept->has(*customer)) co_return fail(not_found());
    co_return **std::move(found);
}

awaitable<Response> dispute_answer(Api& api, const SignedIn& who, std::string id, unsigned status) {
    const auto found = co_await named_dispute(api, who, std::move(id));
    if (!found) co_return problem(found.error());
    co_return json_response(status, json::serialize(dispute_json(*found)));
}

}  // namespace

awaitable<Response> list_disputes(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const auto state = request.query_value("state");
    if (state && !state->empty() && *state != "open") co_return problem(malformed("state: open, or absent."));
    const bool open = state && !state->empty();
    const std::int64_t before = *cursor ? (*cursor)->number : std::numeric_limits<std::int64_t>::max();
    auto query = [open, before, limit = *limit](service::Queries& queries) {
        return open ? queries.open_disputes(open_shown_max) : queries.disputes(before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const service::DisputeView& view : page->items) {
        const auto& customer = view.payment.payment.customer;
        if (!customer || !kept->has(*customer)) items.push_back(dispute_json(view));
    }
    co_return json_response(200, page_json(std::move(items),
                                           page->next ? std::optional{std::to_string(*page->next)} : std::nullopt));
}

awaitable<Response> get_dispute(Api& api, Request request, SignedIn who) {
    co_return co_await dispute_answer(api, who, request.params[0], 200);
}

awaitable<Response> report_dispute(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const std::string payment = body.text("payment", {.characters_max = word_characters_max * 2});
    service::ReportDispute command{.dispute = fresh_id<DisputeId>().text(),
                                   .payment = 0,
                                   .reference = body.text("reference", {.characters_max = reference_characters_max}),
                                   .stage = body.text("stage", {.characters_max = word_characters_max}),
                                   .status = body.text("status", {.characters_max = word_characters_max}),
                                   .reason = body.text("reason", {.characters_max = word_characters_max}),
                                   .amount_minor = 0,
                                   .currency = "",
                                   .due = 0,
                                   .totp_code = body.text("totp_code", {.characters_max = 8})};
    const money::Money amount = body.amount("amount");
    command.amount_minor = amount.minor();
    command.currency = money::code_of(amount.currency());
    const std::string due = body.text("answer_by", {.characters_max = 40, .required = false});
    if (!due.empty()) {
        const auto moment = moment_of_rfc3339(due);
        if (!moment) body.refuse("/answer_by", "must be a moment, such as 2026-12-01T12:00:00Z");
        else command.due = ms_of(*moment);
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto id = payments::parse_payment_ref(payment);
    if (!id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.payment(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    command.payment = (*found)->payment.seq;
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    Response response = co_await dispute_answer(api, who, answer.text, 200);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> answer_dispute(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const std::string with = body.text("with", {.characters_max = word_characters_max});
    if (with != "accept" && with != "contest") body.refuse("/with", "must be accept or contest");
    service::AnswerDispute command{.dispute = request.params[0],
                                   .accepts = with == "accept",
                                   .text = body.text("text", {.characters_max = answer_characters_max}),
                                   .totp_code = body.text("totp_code", {.characters_max = 8})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await dispute_answer(api, who, answer.text, 200);
}

// What an acquirer is answered with: the payment, its refunds, and each transfer with its place in the hash chain.
awaitable<Response> dispute_evidence(Api& api, Request request, SignedIn who) {
    const auto dispute = co_await named_dispute(api, who, request.params[0]);
    if (!dispute) co_return problem(dispute.error());
    auto query = [id = dispute->payment.payment.id](service::Queries& queries) { return queries.ledger_payment(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    json::array transfers;
    for (const service::JournalEntry& entry : (*found)->transfers) transfers.push_back(journal_entry_json(entry));
    const json::object body{{"dispute", dispute_json(*dispute)},
                            {"payment", payment_detail_json((*found)->detail, {})},
                            {"transfers", std::move(transfers)}};
    co_return json_response(200, json::serialize(body));
}

}  // namespace okpay::api
