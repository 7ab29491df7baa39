// SPDX-License-Identifier: Apache-2.0
// Corrections of the books: one person proposes, another approves.
#include <boost/json/serialize.hpp>

#include <limits>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t reason_characters_max = 500;
constexpr std::size_t number_characters_max = 19;

json::object correction_json(const service::CorrectionView& view) {
    const payments::Correction& correction = view.correction;
    return {{"id", correction.id.text()},
            {"state", payments::name_of(correction.state)},
            {"debit", account_name_json(view.debit)},
            {"credit", account_name_json(view.credit)},
            {"amount", amount_json(correction.amount)},
            {"reason", correction.reason},
            {"reverses", correction.reverses == 0 ? json::value(nullptr) : json::value(std::to_string(correction.reverses))},
            {"proposed_by", person_json(view.proposer)},
            {"proposed_at", rfc3339(correction.proposed)},
            {"decided_by", view.decider ? json::value(person_json(*view.decider)) : json::value(nullptr)},
            {"decided_at", time_json(correction.decided)},
            {"note", correction.note},
            {"payment", view.payment ? json::value(payments::text_of(*view.payment)) : json::value(nullptr)}};
}

awaitable<Response> correction_answer(Api& api, std::int64_t no, unsigned status) {
    auto query = [no](service::Queries& queries) { return queries.correction(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(status, json::serialize(correction_json(**found)));
}

std::int64_t number_at(BodyReader& body, std::string_view name) {
    const auto number = count_of(body.text(name, {.characters_max = number_characters_max}));
    if (!number || *number == 0) body.refuse("/" + std::string{name}, "must be a number above zero, as text");
    return number.value_or(0);
}

// What turns the transfer.
awaitable<Result<void, Problem>> turn(Api& api, service::ProposeCorrection& command) {
    auto query = [seq = command.reverses](service::Queries& queries) { return queries.journal(seq, std::nullopt, 1); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return fail(problem_of(page.error()));
    if (page->items.empty() || page->items.front().transfer.seq != command.reverses) co_return fail(not_found());
    const money::Transfer& transfer = page->items.front().transfer;
    command.debit = number_of(transfer.credit);
    command.credit = number_of(transfer.debit);
    command.amount_minor = transfer.amount;
    command.currency = money::code_of(transfer.currency);
    co_return Result<void, Problem>{};
}

awaitable<Response> decide(Api& api, const SignedIn& who, service::DecideCorrection command) {
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await correction_answer(api, answer.number, 200);
}

}  // namespace

awaitable<Response> list_corrections(Api& api, Request request, SignedIn) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const auto state = request.query_value("state");
    if (state && !state->empty() && *state != "proposed") co_return problem(malformed("state: proposed, or absent."));
    const bool waiting = state && !state->empty();
    const std::int64_t before = *cursor ? (*cursor)->number : std::numeric_limits<std::int64_t>::max();
    auto query = [waiting, before, limit = *limit](service::Queries& queries) {
        return queries.corrections(waiting, before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::CorrectionView& view : page->items) items.push_back(correction_json(view));
    co_return json_response(200, page_json(std::move(items),
                                           page->next ? std::optional{std::to_string(*page->next)} : std::nullopt));
}

awaitable<Response> propose_correction(Api& api, Request request, SignedIn who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    service::ProposeCorrection asked{.correction = fresh_id<CorrectionId>().text(),
                                     .debit = 0,
                                     .credit = 0,
                                     .amount_minor = 0,
                                     .currency = "",
                                     .reason = body.text("reason", {.characters_max = reason_characters_max})};
    // Either a transfer to reverse, which says the rest, or two accounts and an amount.
    const std::string reverses = body.text("reverses", {.characters_max = number_characters_max, .required = false});
    if (reverses.empty()) {
        asked.debit = number_at(body, "debit");
        asked.credit = number_at(body, "credit");
        const money::Money amount = body.amount("amount");
        asked.amount_minor = amount.minor();
        asked.currency = money::code_of(amount.currency());
    } else {
        asked.reverses = count_of(reverses).value_or(0);
        if (asked.reverses == 0) body.refuse("/reverses", "must be the number of a transfer, as text");
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (asked.reverses != 0) {
        if (const auto turned = co_await turn(api, asked); !turned) co_return problem(turned.error());
    }
    service::Command command{.id = command_id_of("staff:" + who.staff.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = asked};
    const service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    if (answer.replayed) {
        auto query = [no = answer.number](service::Queries& queries) { return queries.correction(no); };
        const auto first = co_await api.read(std::move(query));
        if (!first) co_return problem(problem_of(first.error()));
        if (!*first) co_return problem(not_found());
        const payments::Correction& made = (*first)->correction;
        const bool same = number_of(made.debit) == asked.debit && number_of(made.credit) == asked.credit &&
                          made.amount.minor() == asked.amount_minor && made.reverses == asked.reverses;
        if (!same) {
            co_return problem(
                {.code = "idempotency_key_reused", .detail = "This key was used for another proposal; make a new one."});
        }
    }
    Response response = co_await correction_answer(api, answer.number, 201);
    if (answer.replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

awaitable<Response> approve_correction(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::DecideCorrection command{.correction = request.params[0],
                                      .approved = true,
                                      .note =
                                          body.text("note", {.characters_max = reason_characters_max, .required = false}),
                                      .totp_code = body.text("totp_code", {.characters_max = 8})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    co_return co_await decide(api, who, std::move(command));
}

awaitable<Response> reject_correction(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::DecideCorrection command{.correction = request.params[0],
                                      .approved = false,
                                      .note = body.text("note", {.characters_max = reason_characters_max}),
                                      .totp_code = ""};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    co_return co_await decide(api, who, std::move(command));
}

}  // namespace okpay::api
