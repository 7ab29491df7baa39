// SPDX-License-Identifier: Apache-2.0
// Rules and routing through the API: what is handed to the writer, and what is tried without changing anything.
#include <gmock/gmock.h>

#include "api/api_world_test.hpp"
#include "store/rule_store.hpp"

namespace okpay::api {
namespace {

using desk::RuleAct;
using desk::RuleField;
using desk::TicketState;
using test::ApiTest;
using ::testing::HasSubstr;

class ApiRules : public ApiTest {
protected:
    void write(std::int64_t no, desk::Rule rule) {
        if (const auto fault = desk::fault_in(rule)) FAIL() << *fault;
        store::insert_rule(world.connection(),
                           {.no = desk::RuleNo{no}, .version = 1, .place = no, .updated = world.at(), .updated_by = ben.no});
        store::insert_rule_version(world.connection(), {.no = no,
                                                        .rule = desk::RuleNo{no},
                                                        .version = 1,
                                                        .written = std::move(rule),
                                                        .at = world.at(),
                                                        .staff = ben.no});
    }
    json::object written() const {
        return {{"name", "Large refunds"},
                {"when", "arrival"},
                {"changes", json::array{}},
                {"since", "opened"},
                {"hours", 0},
                {"working_hours", false},
                {"any", false},
                {"conditions", {json::object{{"field", "words"}, {"not", true}, {"values", {"twice"}}}}},
                {"actions",
                 {json::object{{"act", "assign"}, {"value", ana.id.text()}},
                  json::object{{"act", "escalate"}, {"value", nullptr}}}},
                {"stop", true}};
    }
    Response sent(const std::string& path, const json::object& body, char who = 'b') {
        return post(path, session(who), json::serialize(body));
    }
};

TEST_F(ApiRules, they_are_written_by_supervisors_in_the_words_of_the_desk) {
    write(1, {.name = "One", .actions = {{RuleAct::escalate, ""}}});
    const Response made = sent("/api/v1/rules", written());
    ASSERT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "RuleDetail");
    const auto& command = service.last<service::PutRule>();
    EXPECT_EQ(command.rule, 0);
    EXPECT_EQ(command.conditions, "not words\ttwice\n");
    EXPECT_EQ(command.actions, "assign\t" + std::to_string(number_of(ana.no)) + "\nescalate\t\n");
    EXPECT_TRUE(command.stop);
    EXPECT_EQ(code_of(sent("/api/v1/rules", written(), 'a')), "not_permitted") << "an agent";

    EXPECT_EQ(code_of(sent("/api/v1/rules/1", written())), "malformed") << "no version";
    json::object body = written();
    body["version"] = 1;
    ASSERT_EQ(sent("/api/v1/rules/1", body).status, 200U);
    EXPECT_EQ(service.last<service::PutRule>().version, 1);
    EXPECT_EQ(code_of(sent("/api/v1/rules/none", body)), "not_found");
    const auto wrong = [&](std::string_view list, json::object one) {
        json::object with = written();
        with[list] = json::array{std::move(one)};
        const Response answer = sent("/api/v1/rules", with);
        EXPECT_EQ(code_of(answer), "malformed");
        return answer.body;
    };
    EXPECT_THAT(wrong("conditions", {{"field", "weather"}, {"values", {"rain"}}}), HasSubstr("/conditions/0/field"));
    EXPECT_THAT(wrong("conditions", {{"field", "words"}, {"values", {"a"}}, {"regex", true}}),
                HasSubstr("/conditions/0/regex"));
    EXPECT_THAT(wrong("actions", {{"act", "refund"}, {"value", "5"}}), HasSubstr("/actions/0/act"));
    EXPECT_THAT(wrong("actions", {{"act", "assign"}, {"value", "ana"}}), HasSubstr("/actions/0/value"));

    ASSERT_EQ(sent("/api/v1/rules/1/mode", {{"mode", "shadow"}, {"version", 1}}).status, 200U);
    EXPECT_EQ(service.last<service::SetRuleMode>().mode, "shadow");
    ASSERT_EQ(sent("/api/v1/rule-order", {{"rules", {"1"}}}).status, 200U);
    EXPECT_EQ(service.last<service::OrderRules>().rules, std::vector<std::int64_t>{1});
    EXPECT_EQ(code_of(sent("/api/v1/rule-order", {{"rules", {"one"}}})), "malformed");
}

TEST_F(ApiRules, they_are_shown_with_what_they_did) {
    write(1, {.name = "One", .actions = {{RuleAct::assign, std::to_string(number_of(ana.no))}}});
    const auto ticket = world.ticket(wang, TicketState::open, "Charged twice");
    store::insert_rule_firing(world.connection(), {.no = 1,
                                                   .rule = desk::RuleNo{1},
                                                   .version = 1,
                                                   .ticket = ticket.ticket.no,
                                                   .at = world.at(),
                                                   .effects = {{RuleAct::assign, std::to_string(number_of(ana.no))}}});
    const Response list = get("/api/v1/rules", session('b'));
    expect_documented(list, "RuleList");
    const Response one = get("/api/v1/rules/1", session('b'));
    expect_documented(one, "RuleDetail");
    const json::value detail = json::parse(one.body);
    EXPECT_EQ(detail.at("rule").at("actions").at(0).at("value"), json::string{ana.id.text()});
    EXPECT_EQ(detail.at("firings").at(0).at("request"), json::string{ticket.ticket.request_number});
    EXPECT_EQ(detail.at("firings").at(0).at("effects").at(0).at("person").at("name"), json::string{ana.name});
    EXPECT_EQ(get("/api/v1/rules/2", session('b')).status, 404U);
}

TEST_F(ApiRules, one_is_tried_and_nothing_reaches_the_writer) {
    world.ticket(wang, TicketState::open, "Charged twice");
    world.ticket(wang, TicketState::open, "Another thing");
    json::object rule = written();
    rule["conditions"] = json::array{json::object{{"field", "words"}, {"values", json::array{"charged"}}}};
    const Response tried = sent("/api/v1/rule-trials", {{"rule", rule}, {"requests", 100}});
    ASSERT_EQ(tried.status, 200U) << tried.body;
    expect_documented(tried, "RuleTrial");
    const json::value trial = json::parse(tried.body);
    EXPECT_EQ(trial.at("matched"), 1);
    EXPECT_EQ(trial.at("items").at(0).at("subject"), "Charged twice");
    EXPECT_EQ(code_of(sent("/api/v1/rule-trials", {{"rule", rule}, {"requests", 10'001}})), "malformed");
    EXPECT_EQ(code_of(sent("/api/v1/rule-trials", {{"requests", 10}})), "malformed");
    rule["actions"] = json::array{};
    const Response empty = sent("/api/v1/rule-trials", {{"rule", rule}, {"requests", 10}});
    EXPECT_EQ(code_of(empty), "malformed");
    EXPECT_THAT(empty.body, HasSubstr("it does nothing"));
    EXPECT_EQ(code_of(sent("/api/v1/rule-trials", {{"rule", rule}, {"requests", 10}}, 'a')), "not_permitted");
}

TEST_F(ApiRules, skills_and_routing_are_set) {
    const Response shown = get("/api/v1/routing", session('b'));
    expect_documented(shown, "Routing");
    EXPECT_EQ(json::parse(shown.body).at("mode"), "off");
    ASSERT_EQ(sent("/api/v1/routing", {{"mode", "propose"}}).status, 200U);
    EXPECT_EQ(service.last<service::SetRouting>().mode, "propose");
    json::object skills{{"languages", {"en"}},
                        {"categories", json::array{}},
                        {"level", 2},
                        {"open_max", 7},
                        {"away_until", "2026-12-24T08:00:00Z"}};
    ASSERT_EQ(sent("/api/v1/routing/staff/" + ana.id.text(), skills).status, 200U);
    EXPECT_EQ(service.last<service::PutSkills>().staff, number_of(ana.no));
    EXPECT_EQ(service.last<service::PutSkills>().away_until, ms_of(moment_of_rfc3339("2026-12-24T08:00:00Z").value()));
    skills["away_until"] = "Christmas";
    EXPECT_EQ(code_of(sent("/api/v1/routing/staff/" + ana.id.text(), skills)), "malformed");
    skills["away_until"] = nullptr;
    EXPECT_EQ(sent("/api/v1/routing/staff/nobody", skills).status, 404U);
    ASSERT_EQ(sent("/api/v1/routing/staff/" + ana.id.text(), skills).status, 200U);
    EXPECT_EQ(service.last<service::PutSkills>().away_until, 0);
}

}  // namespace
}  // namespace okpay::api
