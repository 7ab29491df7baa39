// SPDX-License-Identifier: Apache-2.0
// Rules of the desk, tried on the requests there are, and whom requests are given to: for supervisors.
#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "customers/names.hpp"
#include "service/rule_views.hpp"

namespace okpay::api {
namespace {

using customers::StaffNo;
using desk::RuleAct;
using service::Person;
using service::RuleView;
using People = std::map<StaffNo, Person>;

// Numbers of rules are those of the writer; what is none names nothing.
std::int64_t rule_number(const Request& request) { return count_of(request.params.at(0)).value_or(0); }

bool names_staff(RuleAct act) { return act == RuleAct::assign || act == RuleAct::follow || act == RuleAct::assign_by_skill; }

// Staff by id outside, by number inside.
template <class Act>
json::object act_json(const Act& one, const People& people) {
    json::object shown{{"act", name_of(one.act)}, {"value", one.value}, {"person", nullptr}};
    if (!names_staff(one.act)) return shown;
    const auto person = people.find(StaffNo{count_of(one.value).value_or(0)});
    shown["value"] = person == people.end() ? "" : person->second.id.text();
    if (person != people.end()) shown["person"] = person_json(person->second);
    return shown;
}

json::array effects_json(const std::vector<desk::RuleEffect>& effects, const People& people) {
    json::array shown;
    for (const desk::RuleEffect& effect : effects) {
        json::object one = act_json(effect, people);
        one["outcome"] = name_of(effect.not_done);
        shown.push_back(std::move(one));
    }
    return shown;
}

json::array texts_json(const std::vector<std::string>& texts) {
    json::array shown;
    for (const std::string& text : texts) shown.emplace_back(text);
    return shown;
}

json::value written_json(const RuleView& view) {
    if (!view.written) return nullptr;
    const desk::Rule& rule = *view.written;
    json::array changes;
    for (const desk::RuleChange change : rule.changes) changes.emplace_back(name_of(change));
    json::array conditions;
    for (const desk::RuleCondition& one : rule.conditions) {
        conditions.push_back(
            json::object{{"field", name_of(one.field)}, {"not", one.negated}, {"values", texts_json(one.values)}});
    }
    json::array actions;
    for (const desk::RuleAction& one : rule.actions) actions.push_back(act_json(one, view.people));
    return json::object{{"name", rule.name},
                        {"when", name_of(rule.when)},
                        {"changes", std::move(changes)},
                        {"since", name_of(rule.since)},
                        {"hours", rule.hours},
                        {"working_hours", rule.working_hours},
                        {"any", rule.any},
                        {"conditions", std::move(conditions)},
                        {"actions", std::move(actions)},
                        {"stop", rule.stop}};
}

json::object rule_json(const RuleView& view) {
    return {{"id", number_of(view.row.no)},
            {"version", view.row.version},
            {"mode", name_of(view.row.mode)},
            {"rule", written_json(view)},
            {"fired", view.row.fired},
            {"shadowed", view.row.shadowed},
            {"stopped", view.row.stopped},
            {"faults", view.row.faults},
            {"fault", view.row.fault},
            {"last_fired", time_json(view.row.last_fired)},
            {"updated_at", rfc3339(view.row.updated)},
            {"updated_by", person_json(view.updated_by)}};
}

json::object detail_json(const RuleView& view) {
    json::object shown = rule_json(view);
    json::array history;
    for (const RuleView::Version& version : view.history) {
        history.push_back(json::object{{"version", version.row.version},
                                       {"name", version.row.written ? json::value(version.row.written->name) : nullptr},
                                       {"at", rfc3339(version.row.at)},
                                       {"by", person_json(version.staff)}});
    }
    shown["history"] = std::move(history);
    json::array firings;
    for (const RuleView::Firing& firing : view.firings) {
        firings.push_back(
            json::object{{"request", firing.request.empty() ? json::value(nullptr) : json::value(firing.request)},
                         {"version", firing.row.version},
                         {"when", name_of(firing.row.when)},
                         {"depth", firing.row.depth},
                         {"shadow", firing.row.shadow},
                         {"at", rfc3339(firing.row.at)},
                         {"effects", effects_json(firing.row.effects, view.people)}});
    }
    shown["firings"] = std::move(firings);
    return shown;
}

awaitable<Response> shown(Api& api, std::int64_t no, SignedIn who, unsigned status = 200) {
    auto query = [no, reader = who.staff.no, email = who.staff.email](service::Queries& queries) {
        return queries.rule(no, reader, email);
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(status, json::serialize(detail_json(**found)));
}

// What a body says of a rule. Actions still name staff by their ids, which `with_numbers` turns.
struct Said {
    service::PutRule command;
    std::vector<desk::RuleAction> actions;
};
Said read_rule(BodyReader& body) {
    Said said{.command = {.rule = 0,
                          .name = body.text("name", {.characters_max = desk::rule_name_octets_max}),
                          .when = body.text("when", {.characters_max = 20}),
                          .since = body.text("since", {.characters_max = 20}),
                          .changes = body.texts("changes", 10, 20),
                          .hours = body.integer("hours"),
                          .working_hours = body.needed_flag("working_hours"),
                          .any = body.needed_flag("any"),
                          .conditions = "",
                          .actions = "",
                          .stop = body.needed_flag("stop"),
                          .version = 0},
              .actions = {}};
    std::vector<desk::RuleCondition> conditions;
    std::size_t at = 0;
    const auto here = [&at](std::string_view list, std::string_view member) {
        return fmt::format("/{}/{}/{}", list, at, member);
    };
    for (BodyReader& one : body.objects("conditions", desk::rule_conditions_max)) {
        const auto field = desk::rule_field_of_name(one.text("field", {.characters_max = 40}));
        if (!field) one.refuse(here("conditions", "field"), "there is no condition of this name; choose from the list");
        const bool negated = one.flag("not");
        auto values = one.texts("values", desk::rule_values_max, desk::rule_value_octets_max);
        body.read_inside(one);
        ++at;
        conditions.push_back({field.value_or(desk::RuleField::category), negated, std::move(values)});
    }
    said.command.conditions = desk::text_of(conditions);
    at = 0;
    for (BodyReader& one : body.objects("actions", desk::rule_actions_max)) {
        const auto act = desk::rule_act_of_name(one.text("act", {.characters_max = 40}));
        if (!act) one.refuse(here("actions", "act"), "there is no action of this name; choose from the list");
        auto value = one.text("value", {.characters_max = desk::rule_note_octets_max, .required = false, .nullable = true});
        body.read_inside(one);
        ++at;
        said.actions.push_back({act.value_or(RuleAct::note), std::move(value)});
    }
    return said;
}

awaitable<std::optional<Problem>> with_numbers(Api& api, Said& said) {
    for (std::size_t i = 0; i < said.actions.size(); ++i) {
        desk::RuleAction& action = said.actions[i];
        if (action.act != RuleAct::assign && action.act != RuleAct::follow) continue;
        const std::string where = "/actions/" + std::to_string(i) + "/value: ";
        const auto id = StaffId::parse(action.value);
        if (!id) co_return malformed(where + "the id of a member of staff.");
        auto query = [id = *id](service::Queries& queries) { return queries.staff_by_id(id); };
        const auto found = co_await api.read(std::move(query));
        if (!found) co_return problem_of(found.error());
        if (!*found) co_return malformed(where + "nobody has this id.");
        action.value = std::to_string(number_of((*found)->no));
    }
    said.command.actions = desk::text_of(said.actions);
    co_return std::nullopt;
}

awaitable<Response> put(Api& api, Request request, SignedIn who, std::int64_t rule) {
    BodyReader body{request};
    Said said = read_rule(body);
    said.command.rule = rule;
    said.command.version = rule == 0 ? 0 : body.integer("version");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto wrong = co_await with_numbers(api, said)) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(said.command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await shown(api, answer.number, std::move(who), rule == 0 ? 201 : 200);
}

awaitable<Response> all_rules(Api& api) {
    auto query = [](service::Queries& queries) { return queries.rules(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const RuleView& view : *found) items.push_back(rule_json(view));
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

json::value skills_json(const std::optional<store::SkillRow>& row) {
    if (!row) return nullptr;
    return json::object{{"languages", texts_json(row->skills.languages)},
                        {"categories", texts_json(row->skills.categories)},
                        {"level", row->skills.level},
                        {"open_max", row->skills.open_max},
                        {"away_until", time_json(row->skills.away_until)},
                        {"updated_at", rfc3339(row->updated)}};
}

awaitable<Response> all_routing(Api& api) {
    auto query = [](service::Queries& queries) { return queries.routing(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array staff;
    for (const service::RoutingView::Colleague& one : found->staff) {
        staff.push_back(json::object{{"id", one.row.id.text()},
                                     {"name", one.row.name},
                                     {"role", customers::name_of(one.row.candidate.role)},
                                     {"open", one.row.candidate.open},
                                     {"skills", skills_json(one.skills)}});
    }
    const json::object shown{{"mode", name_of(found->routing.mode)},
                             {"updated_at", time_json(found->routing.updated)},
                             {"updated_by",
                              found->updated_by ? json::value(person_json(*found->updated_by)) : json::value(nullptr)},
                             {"staff", std::move(staff)}};
    co_return json_response(200, json::serialize(shown));
}

}  // namespace

awaitable<Response> list_rules(Api& api, Request, SignedIn) { co_return co_await all_rules(api); }

awaitable<Response> get_rule(Api& api, Request request, SignedIn who) {
    const std::int64_t no = rule_number(request);
    co_return co_await shown(api, no, std::move(who));
}

awaitable<Response> create_rule(Api& api, Request request, SignedIn who) {
    co_return co_await put(api, std::move(request), std::move(who), 0);
}

awaitable<Response> put_rule(Api& api, Request request, SignedIn who) {
    const std::int64_t no = rule_number(request);
    if (no == 0) co_return problem(not_found());
    co_return co_await put(api, std::move(request), std::move(who), no);
}

awaitable<Response> set_rule_mode(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::SetRuleMode command{.rule = rule_number(request),
                                 .mode = body.text("mode", {.characters_max = 20}),
                                 .version = body.integer("version")};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await shown(api, answer.number, std::move(who));
}

awaitable<Response> order_rules(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::OrderRules command;
    for (const std::string& text : body.texts("rules", desk::rules_ever_max, 20)) {
        const auto number = count_of(text);
        if (!number) body.refuse("/rules", "ids of rules");
        command.rules.push_back(number.value_or(0));
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await all_rules(api);
}

awaitable<Response> try_rule(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    const std::int64_t requests = body.integer("requests");
    if (requests < 1 || requests > desk::rule_trial_requests_max) body.refuse("/requests", "1 to 10000");
    Said said{};
    if (auto rule = body.inside("rule")) {
        said = read_rule(*rule);
        body.read_inside(*rule);
    } else {
        body.refuse("/rule", "the rule that is to be tried");
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto wrong = co_await with_numbers(api, said)) co_return problem(*wrong);
    auto rule = service::rule_written(said.command);
    if (!rule) co_return problem(malformed("/rule: " + rule.error()));
    service::RuleTrialRequest asked{.rule = *std::move(rule),
                                    .requests = requests,
                                    .reader = who.staff.no,
                                    .reader_email = who.staff.email,
                                    .now = api.now()};
    auto query = [asked = std::move(asked)](service::Queries& queries) { return queries.try_rule(asked); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const service::RuleTrial::Item& item : found->items) {
        items.push_back(json::object{{"request", item.request},
                                     {"subject", item.subject},
                                     {"opened_at", rfc3339(item.opened)},
                                     {"effects", effects_json(item.effects, found->people)}});
    }
    const json::object shown{{"looked_at", found->looked_at},
                             {"matched", found->matched},
                             {"whole", found->whole},
                             {"items", std::move(items)}};
    co_return json_response(200, json::serialize(shown));
}

awaitable<Response> get_routing(Api& api, Request, SignedIn) { co_return co_await all_routing(api); }

awaitable<Response> set_routing(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::SetRouting command{.mode = body.text("mode", {.characters_max = 20})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await all_routing(api);
}

awaitable<Response> put_skills(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::PutSkills command{.staff = 0,
                               .languages = body.texts("languages", desk::skill_words_max, 20),
                               .categories = body.texts("categories", desk::skill_words_max, 40),
                               .level = body.integer("level"),
                               .open_max = body.integer("open_max"),
                               .away_until = 0};
    const std::string away = body.text("away_until", {.characters_max = 40, .nullable = true});
    if (!away.empty()) {
        const auto until = moment_of_rfc3339(away);
        if (!until) body.refuse("/away_until", "a moment such as 2026-12-24T08:00:00Z, or null");
        command.away_until = until ? ms_of(*until) : 0;
    }
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto id = StaffId::parse(request.params.at(0));
    if (!id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.staff_by_id(id); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    command.staff = number_of((*found)->no);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await all_routing(api);
}

}  // namespace okpay::api
