// SPDX-License-Identifier: Apache-2.0
// What an answer promises: found in a draft before it is sent, marked as done, taken back.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "desk/promises.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t text_characters_max = 50'000;  // of a reply
constexpr std::size_t reason_characters_max = 500;

struct FoundIn {
    std::string zone;
    std::vector<desk::FoundPromise> promises;
};

// In the zone of who reads the answer; of who is no customer, in the desk's.
FoundIn found_in(const service::TicketView& ticket, std::string_view text, Moment now, const desk::WorkingHours* hours) {
    std::string zone = ticket.customer ? ticket.customer->zone : hours != nullptr ? hours->zone() : "UTC";
    auto rules = customers::ZoneRules::of(zone);
    if (!rules) {
        zone = "UTC";
        rules = customers::ZoneRules::of(zone);
    }
    FoundIn found{.zone = std::move(zone), .promises = {}};
    if (rules) found.promises = desk::promises_in(text, {.now = now, .zone = *std::move(rules), .hours = hours});
    return found;
}

// Numbers of promises are those of the writer; what is none names nothing.
std::int64_t promise_number(const Request& request) { return count_of(request.params[1]).value_or(0); }

awaitable<Response> promise_answer(Api& api, service::Answer answer) {
    auto query = [number = answer.text](service::Queries& queries) { return queries.ticket_detail(number); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    for (const service::PromiseView& view : (*found)->promises) {
        if (number_of(view.row.no) == answer.number) co_return json_response(200, json::serialize(promise_json(view)));
    }
    co_return problem(not_found());
}

}  // namespace

awaitable<Response> find_promises(Api& api, Request request, SignedIn) {
    BodyReader body{request};
    std::string text = body.text("text", {.characters_max = text_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    auto query = [number = ticket_number(request), text = std::move(text), now = api.now(),
                  hours = api.options().working_hours](service::Queries& queries) -> service::Read<std::optional<FoundIn>> {
        const auto ticket = queries.ticket(number);
        if (!ticket) return fail(ticket.error());
        if (!*ticket) return std::optional<FoundIn>{};
        return found_in(**ticket, text, now, hours.get());
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    json::array items;
    for (const desk::FoundPromise& one : (*found)->promises) {
        items.push_back(json::object{
            {"begin", one.begin}, {"end", one.end}, {"text", one.text}, {"due", rfc3339(one.due)}, {"sure", one.sure}});
    }
    const json::object answer{{"zone", (*found)->zone}, {"items", std::move(items)}};
    co_return json_response(200, json::serialize(answer));
}

awaitable<Response> keep_promise(Api& api, Request request, SignedIn who) {
    service::KeepPromise command{.ticket = ticket_number(request), .promise = promise_number(request)};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await promise_answer(api, std::move(answer));
}

awaitable<Response> withdraw_promise(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::WithdrawPromise command{.ticket = ticket_number(request),
                                     .promise = promise_number(request),
                                     .reason = body.text("reason", {.characters_max = reason_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await promise_answer(api, std::move(answer));
}

}  // namespace okpay::api
