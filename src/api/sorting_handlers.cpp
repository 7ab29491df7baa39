// SPDX-License-Identifier: Apache-2.0
// How requests are sorted: set right by staff, handed over to a team, and how well triage does it.
#include <boost/json/serialize.hpp>

#include <charconv>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "desk/sorting_figures.hpp"

namespace okpay::api {
namespace {

constexpr TextRule word{.characters_max = 30, .required = false};
constexpr TextRule line{.characters_max = 200, .required = false};
constexpr TextRule passage{.characters_max = 2'000, .required = false};
constexpr std::int64_t days_min = 7, days_max = 91, days_usual = 28;

json::value name_or_null(const std::string& name) { return name.empty() ? json::value(nullptr) : json::value(name); }

json::object figures_json(const desk::SortingFigures& figures, Moment from, std::int64_t days) {
    json::array categories, weeks, certainty;
    for (const auto& one : figures.categories) {
        categories.push_back(json::object{{"category", one.name},
                                          {"read", one.read},
                                          {"before", one.before},
                                          {"taken_away", one.taken_away},
                                          {"given", one.given},
                                          {"most_often", name_or_null(one.most_often)}});
    }
    for (const auto& one : figures.weeks) {
        weeks.push_back(json::object{
            {"from", rfc3339(one.from)}, {"read", one.read}, {"unclear", one.unclear}, {"corrected", one.corrected}});
    }
    for (const auto& one : figures.certainty) {
        certainty.push_back(json::object{
            {"from", one.from}, {"to", one.to}, {"requests", one.requests}, {"kept", one.kept}, {"mean", one.mean}});
    }
    return {{"from", rfc3339(from)},
            {"days", days},
            {"read", figures.read},
            {"corrected", figures.corrected},
            {"categories", std::move(categories)},
            {"weeks", std::move(weeks)},
            {"certainty", std::move(certainty)}};
}

}  // namespace

awaitable<Response> sort_ticket(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::SortTicket command{.ticket = ticket_number(request),
                                .category = body.text("category", word),
                                .urgency = body.text("urgency", word),
                                .team = body.text("team", word),
                                .note = body.text("note", passage),
                                .language = body.text("language", word),
                                .message_id = fresh_id<MessageId>().text(),
                                .version = body.integer("version")};
    if (auto form = body.inside("form")) {
        command.what_happens = form->text("what_happens", {.characters_max = passage.characters_max});
        command.steps = form->text("steps", passage);
        command.error_code = form->text("error_code", line);
        command.since = form->text("since", line);
        command.device = form->text("device", line);
        command.tried = form->text("tried", passage);
        body.read_inside(*form);
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await ticket_summary_of(api, answer.text, std::move(who));
}

awaitable<Response> get_triage_figures(Api& api, Request request, SignedIn) {
    std::int64_t days = days_usual;
    if (const auto text = request.query_value("days")) {
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), days);
        if (error != std::errc{} || end != text->data() + text->size() || days < days_min || days > days_max)
            co_return problem(malformed("days: 7 to 91."));
    }
    const Moment now = api.now();
    const Moment from = now - std::chrono::days{days};
    auto query = [from, now](service::Queries& queries) { return queries.sorting_figures(from, now); };
    const auto figures = co_await api.read(std::move(query));
    if (!figures) co_return problem(problem_of(figures.error()));
    co_return json_response(200, json::serialize(figures_json(*figures, from, days)));
}

}  // namespace okpay::api
