// SPDX-License-Identifier: Apache-2.0
// Macros: written by supervisors; filled in for a request, and applied to it, by whoever answers.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "desk/lifecycle.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

using desk::MacroAssign;
using service::MacroView;

// Numbers of macros are those of the writer; what is none names nothing.
std::int64_t macro_number(const Request& request, std::size_t place) {
    return count_of(request.params.at(place)).value_or(0);
}

json::value assign_json(const desk::MacroActions& actions, const std::optional<service::Person>& person) {
    switch (actions.assign) {
    case MacroAssign::unchanged: return nullptr;
    case MacroAssign::me:
    case MacroAssign::nobody: return json::value(desk::name_of(actions.assign));
    case MacroAssign::person: return person ? json::value(person->id.text()) : json::value(nullptr);
    }
    std::abort();
}

json::object actions_json(const MacroView& view) {
    const desk::MacroActions& actions = view.newest.written.actions;
    return {{"state_after",
             actions.state_after ? json::value(desk::state_name(*actions.state_after)) : json::value(nullptr)},
            {"assign_to", assign_json(actions, view.person)},
            {"assignee", view.person ? json::value(person_json(*view.person)) : json::value(nullptr)},
            {"snooze_hours", actions.snooze_hours}};
}

json::object macro_json(const MacroView& view) {
    const desk::Macro& macro = view.newest.written;
    return {{"id", number_of(view.row.no)},
            {"name", macro.name},
            {"version", view.row.version},
            {"writes", macro.writes()},
            {"needs_payment", desk::needs_payment(macro.text_en) || desk::needs_payment(macro.text_zh)},
            {"actions", actions_json(view)},
            {"retired", view.row.retired},
            {"updated_at", rfc3339(view.row.updated)},
            {"updated_by", person_json(view.updated_by)}};
}

json::object detail_json(const MacroView& view) {
    json::object shown = macro_json(view);
    shown["text_en"] = view.newest.written.text_en;
    shown["text_zh"] = view.newest.written.text_zh;
    json::array history;
    for (const MacroView::Version& version : view.history) {
        history.push_back(json::object{{"version", version.row.version},
                                       {"name", version.row.written.name},
                                       {"text_en", version.row.written.text_en},
                                       {"text_zh", version.row.written.text_zh},
                                       {"at", rfc3339(version.row.at)},
                                       {"by", person_json(version.staff)}});
    }
    shown["history"] = std::move(history);
    return shown;
}

awaitable<Response> shown(Api& api, std::int64_t no, unsigned status = 200) {
    auto query = [no](service::Queries& queries) { return queries.macro(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(status, json::serialize(detail_json(**found)));
}

// `me`, `nobody`, a member of staff by id, or nothing.
awaitable<std::optional<Problem>> read_assign(Api& api, std::string said, service::PutMacro& command) {
    if (said.empty() || said == desk::name_of(MacroAssign::me) || said == desk::name_of(MacroAssign::nobody)) {
        command.assign = std::move(said);
        co_return std::nullopt;
    }
    const auto id = StaffId::parse(said);
    if (!id) co_return malformed("/assign_to: `me`, `nobody`, an id, or null.");
    auto query = [id = *id](service::Queries& queries) { return queries.staff_by_id(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem_of(found.error());
    if (!*found) co_return malformed("/assign_to: nobody has this id.");
    command.assign = desk::name_of(MacroAssign::person);
    command.person = number_of((*found)->no);
    co_return std::nullopt;
}

awaitable<Response> put(Api& api, Request request, SignedIn who, std::int64_t macro) {
    BodyReader body{request};
    service::PutMacro command{.macro = macro,
                              .name = body.text("name", {.characters_max = desk::macro_name_octets_max}),
                              .text_en = body.text("text_en", {.characters_max = desk::macro_text_octets_max}),
                              .text_zh = body.text("text_zh", {.characters_max = desk::macro_text_octets_max}),
                              .state_after = body.text("state_after", {.characters_max = 20, .nullable = true}),
                              .assign = {},
                              .person = 0,
                              .snooze_hours = 0,
                              .version = 0};
    std::string assign = body.text("assign_to", {.characters_max = 64, .nullable = true});
    command.snooze_hours = body.integer("snooze_hours");
    command.version = macro == 0 ? 0 : body.integer("version");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto wrong = co_await read_assign(api, std::move(assign), command)) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await shown(api, answer.number, macro == 0 ? 201 : 200);
}

awaitable<Response> retire(Api& api, Request request, SignedIn who, bool retired) {
    service::RetireMacro command{.macro = macro_number(request, 0), .retired = retired};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await shown(api, answer.number);
}

}  // namespace

awaitable<Response> list_macros(Api& api, Request, SignedIn) {
    auto query = [](service::Queries& queries) { return queries.macros(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const MacroView& view : *found) items.push_back(macro_json(view));
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

awaitable<Response> get_macro(Api& api, Request request, SignedIn) {
    co_return co_await shown(api, macro_number(request, 0));
}

awaitable<Response> create_macro(Api& api, Request request, SignedIn who) {
    co_return co_await put(api, std::move(request), std::move(who), 0);
}

awaitable<Response> put_macro(Api& api, Request request, SignedIn who) {
    const std::int64_t no = macro_number(request, 0);
    if (no == 0) co_return problem(not_found());
    co_return co_await put(api, std::move(request), std::move(who), no);
}

awaitable<Response> retire_macro(Api& api, Request request, SignedIn who) {
    co_return co_await retire(api, std::move(request), std::move(who), true);
}

awaitable<Response> restore_macro(Api& api, Request request, SignedIn who) {
    co_return co_await retire(api, std::move(request), std::move(who), false);
}

awaitable<Response> preview_macro(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const std::string said = body.text("payment", {.characters_max = 64, .required = false, .nullable = true});
    const auto payment = payments::parse_payment_ref(said);
    if (!said.empty() && !payment) body.refuse("/payment", "must be the id of a payment");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    auto query = [asked = service::MacroRequest{.ticket = ticket_number(request),
                                                .macro = macro_number(request, 1),
                                                .payment = payment,
                                                .agent = who.staff.no}](service::Queries& queries) {
        return queries.macro_preview(asked);
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(Problem{.code = found->error().code, .detail = found->error().detail});
    const service::MacroPreview& preview = **found;
    json::array figures;
    if (preview.figure) figures.emplace_back(payments::text_of(*preview.figure));
    const json::object shown{{"id", number_of(preview.macro.row.no)},
                             {"version", preview.macro.row.version},
                             {"name", preview.macro.newest.written.name},
                             {"language", desk::tag_of(preview.language)},
                             {"text", preview.text},
                             {"figures", std::move(figures)},
                             {"actions", actions_json(preview.macro)}};
    co_return json_response(200, json::serialize(shown));
}

awaitable<Response> apply_macro(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::ApplyMacro command{.ticket = ticket_number(request),
                                .macro = macro_number(request, 1),
                                .macro_version = body.integer("macro_version"),
                                .version = body.integer("version")};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await ticket_summary_of(api, answer.text, std::move(who));
}

}  // namespace okpay::api
