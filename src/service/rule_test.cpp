// SPDX-License-Identifier: Apache-2.0
// Rules of the desk and routing on both engines: in the commit of what happened, once, in order, within the loop guard; a
// rule that cannot be read keeps no mail out. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "desk/lifecycle.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/follow_store.hpp"
#include "store/rule_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using desk::TicketState;
using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Rules : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        boss_ = f().staff("boss@pay.example", "supervisor");
        ann_ = f().staff("ann@pay.example");
        ben_ = f().staff("ben@pay.example");
        li_ = f().customer("li@example.org", "Li Wei");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr && is_sound_) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    static PutRule rule(std::vector<desk::RuleAction> actions, std::vector<desk::RuleCondition> conditions = {}) {
        return {.rule = 0,
                .name = "A rule",
                .when = "arrival",
                .since = "opened",
                .changes = {},
                .hours = 0,
                .working_hours = false,
                .any = false,
                .conditions = desk::text_of(conditions),
                .actions = desk::text_of(actions),
                .stop = false,
                .version = 0};
    }
    static PutRule on_change(std::string change, std::vector<desk::RuleAction> actions) {
        PutRule body = rule(std::move(actions));
        body.when = "change";
        body.changes = {std::move(change)};
        return body;
    }
    static PutRule after(std::int64_t hours, std::string since, std::vector<desk::RuleAction> actions) {
        PutRule body = rule(std::move(actions));
        body.when = "time";
        body.since = std::move(since);
        body.hours = hours;
        return body;
    }
    Answer put(PutRule body) { return f().ask(std::move(body), boss_->actor()); }
    std::int64_t live(PutRule body, std::string mode = "on") {
        const std::int64_t no = f().done(std::move(body), boss_->actor()).number;
        f().done(SetRuleMode{.rule = no, .mode = std::move(mode), .version = 1}, boss_->actor());
        return no;
    }
    Answer tend() { return f().done(TendRules{.tickets_max = 256}); }
    std::string write(std::string text = "Where is the receipt I asked for?", std::string from = "li@example.org",
                      std::string answers = "") {
        f().pass(minutes{1});
        const std::string subject = answers.empty() ? fmt::format("Question {}", ++written_) : "Re: [" + answers + "]";
        text += fmt::format("\n\nThank you {}", ++written_);  // the same octets would be one mail
        return f().receive({.from = std::move(from), .subject = subject, .text = std::move(text)}).text;
    }
    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    TicketDetail detail(const std::string& number) { return queries_->ticket_detail(number).value().value(); }
    std::vector<std::string> events(const std::string& number) {
        std::vector<std::string> kinds;
        for (const EventView& event : detail(number).events) kinds.push_back(event.kind);
        return kinds;
    }
    std::string told(const std::string& number, std::string_view kind) {
        std::string details;
        for (const EventView& event : detail(number).events) {
            if (event.kind == kind) details += event.detail;
        }
        return details;
    }
    store::RuleRow row(std::int64_t no) { return store::find_rule(*f().connect(), desk::RuleNo{no}).value(); }
    std::int64_t firings() { return f().integer("SELECT count(*) FROM rule_firing"); }
    void can(const StaffMember& who, std::vector<std::string> languages, std::int64_t open_max = 10) {
        f().done(PutSkills{.staff = who.no,
                           .languages = std::move(languages),
                           .categories = {},
                           .level = 3,
                           .open_max = open_max,
                           .away_until = 0},
                 boss_->actor());
    }
    std::optional<std::int64_t> assignee(const std::string& number) {
        const auto no = ticket(number).assignee;
        return no ? std::optional{number_of(*no)} : std::nullopt;
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> boss_, ann_, ben_;
    std::int64_t li_ = 0;
    std::unique_ptr<Queries> queries_;
    int written_ = 0;
    bool is_sound_ = true;
};

TEST_P(Rules, on_arrival_one_does_all_that_it_says_and_the_timeline_tells) {
    const std::string ben = std::to_string(ben_->no);
    const std::int64_t no = live(rule({{desk::RuleAct::set_urgency, "low"},
                                       {desk::RuleAct::set_team, "technical_team"},
                                       {desk::RuleAct::assign, std::to_string(ann_->no)},
                                       {desk::RuleAct::follow, ben},
                                       {desk::RuleAct::note, "Known trouble:\nsee the board."}},
                                      {{desk::RuleField::words, false, {"receipt"}}}));
    const std::string a = write();
    const desk::Ticket after = ticket(a);
    EXPECT_EQ(after.urgency, "low");
    EXPECT_EQ(after.route, "technical_team");
    EXPECT_EQ(assignee(a), ann_->no);
    EXPECT_EQ(after.state, TicketState::open);
    EXPECT_EQ(after.version, 1) << "whoever opened it may go on";
    const TicketDetail shown = detail(a);
    EXPECT_EQ(shown.messages.back().message.body, "Known trouble:\nsee the board.");
    EXPECT_EQ(shown.messages.back().message.author, desk::Author::system);
    ASSERT_THAT(shown.followers, SizeIs(1));
    EXPECT_EQ(shown.followers[0].name, "ben");
    EXPECT_THAT(told(a, "rule_applied"), HasSubstr("set_team\\ttechnical_team\\tdone"));
    EXPECT_THAT(told(a, "assigned"), HasSubstr(std::to_string(ann_->no)));
    EXPECT_EQ(row(no).fired, 1);
    const std::string b = write("My card was declined.");
    EXPECT_THAT(events(b), Not(Contains("rule_applied"))) << "it does not hold";
    // Nobody was written to by a rule: each has its one acknowledgement.
    EXPECT_EQ(f().integer("SELECT count(*) FROM outgoing_mail WHERE kind = 'acknowledgement'"), 2);
    EXPECT_EQ(f().integer("SELECT count(*) FROM outgoing_mail WHERE ticket IS NOT NULL"), 2);
}

TEST_P(Rules, one_in_the_shadow_writes_down_what_it_would_have_done) {
    const std::int64_t no = live(rule({{desk::RuleAct::set_urgency, "critical"}, {desk::RuleAct::note, "x"}}), "shadow");
    const std::string a = write();
    EXPECT_NE(ticket(a).urgency, "critical");
    EXPECT_THAT(events(a), Not(Contains("rule_applied")));
    EXPECT_THAT(detail(a).messages, SizeIs(1));
    EXPECT_EQ(row(no).fired, 0);
    EXPECT_EQ(row(no).shadowed, 1);
    const RuleView view = queries_->rule(no, customers::StaffNo{boss_->no}, "boss@pay.example").value().value();
    ASSERT_THAT(view.firings, SizeIs(1));
    EXPECT_EQ(view.firings[0].request, a);
    EXPECT_EQ(view.firings[0].row.effects[0],
              (desk::RuleEffect{desk::RuleAct::set_urgency, "critical", desk::NotDone::none}));
}

TEST_P(Rules, what_staff_and_customers_do_is_heard_and_chains_end) {
    live(on_change("answered", {{desk::RuleAct::set_urgency, "low"}}));
    live(on_change("urgency", {{desk::RuleAct::set_team, "technical_team"}}));
    live(on_change("team", {{desk::RuleAct::set_category, "complaint"}}));
    live(on_change("category", {{desk::RuleAct::assign, std::to_string(ben_->no)}}));
    const std::int64_t last = live(on_change("assignee", {{desk::RuleAct::escalate, ""}}));
    const std::string a = write();
    const std::int64_t version = ticket(a).version;
    ASSERT_TRUE(f().ask(ReplyToTicket{.ticket = a,
                                      .message_id = f().fresh<MessageId>().text(),
                                      .outgoing_id = f().fresh<OutgoingId>().text(),
                                      .text = "Here it is.",
                                      .state_after = "pending_customer",
                                      .version = version,
                                      .figures = {}},
                        ann_->actor())
                    .done());
    EXPECT_EQ(ticket(a).version, version + 1);
    // The reply itself gave it to ann, which the last rule hears at once; it acts once, and its critical is what comes
    // first.
    EXPECT_EQ(ticket(a).urgency, "critical");
    EXPECT_EQ(row(last).fired, 1);

    f().done(SetRuleMode{.rule = last, .mode = "off", .version = 1}, boss_->actor());
    const std::int64_t beyond = live(on_change("assignee", {{desk::RuleAct::note, "Never."}}));
    live(on_change("state", {{desk::RuleAct::set_urgency, "high"}}));
    const std::string b = write();
    ASSERT_TRUE(f().ask(SetTicketState{.ticket = b, .state = "on_hold", .version = 1}, ann_->actor()).done());
    EXPECT_EQ(assignee(b), ben_->no) << "urgency, team, category, assignee: three changes deep";
    EXPECT_EQ(row(beyond).stopped, 1);
    EXPECT_THAT(told(b, "rules_stopped"), HasSubstr(std::to_string(beyond)));
    EXPECT_EQ(row(beyond).mode, desk::RuleMode::on) << "nothing is switched off by itself";
    EXPECT_EQ(row(beyond).fired, 0);
}

TEST_P(Rules, a_further_mail_is_a_change_and_no_arrival) {
    const std::int64_t arrival = live(rule({{desk::RuleAct::note, "new"}}));
    const std::int64_t again = live(on_change("customer_wrote", {{desk::RuleAct::note, "again"}}));
    const std::string a = write();
    EXPECT_EQ(write("And one thing more that I forgot.", "li@example.org", a), a);
    EXPECT_EQ(row(arrival).fired, 1);
    EXPECT_EQ(row(again).fired, 1);
}

TEST_P(Rules, one_of_time_acts_once_for_each_waiting_period) {
    const std::string before = write("From before there were any rules.");
    f().pass(hours{5});
    const std::int64_t no = live(after(4, "opened", {{desk::RuleAct::set_urgency, "low"}}));
    EXPECT_THAT(tend().numbers, IsEmpty()) << "its time came before the rule was switched on";
    const std::string a = write();
    f().pass(hours{4} - minutes{1});
    EXPECT_THAT(tend().numbers, IsEmpty());
    f().pass(minutes{1});
    EXPECT_THAT(tend().numbers, ElementsAre(number_of(ticket(a).no)));
    EXPECT_EQ(ticket(a).urgency, "low");
    EXPECT_EQ(ticket(a).version, 1) << "whoever writes an answer may send it";
    f().pass(hours{4});
    EXPECT_THAT(tend().numbers, IsEmpty());
    f().restart();
    EXPECT_THAT(tend().numbers, IsEmpty()) << "nor after a restart";
    EXPECT_EQ(row(no).fired, 1);
    // Written anew with another time: not a second time for the same moment.
    PutRule later = after(24, "opened", {{desk::RuleAct::set_urgency, "high"}});
    later.rule = no;
    later.version = 1;
    f().done(later, boss_->actor());
    f().pass(hours{36});
    EXPECT_THAT(tend().numbers, ElementsAre(number_of(ticket(before).no)))
        << "which came due since then, for the first time";

    const std::int64_t silent = live(after(2, "waits_for_customer", {{desk::RuleAct::note, "Nothing was heard."}}));
    for (int period = 1; period <= 2; ++period) {
        ASSERT_TRUE(
            f().ask(SetTicketState{.ticket = a, .state = "pending_customer", .version = ticket(a).version}, ann_->actor())
                .done());
        f().pass(hours{3});
        EXPECT_THAT(tend().numbers, SizeIs(1));
        EXPECT_THAT(tend().numbers, IsEmpty());
        EXPECT_EQ(row(silent).fired, period);
        ASSERT_TRUE(
            f().ask(SetTicketState{.ticket = a, .state = "open", .version = ticket(a).version}, ann_->actor()).done());
    }
}

TEST_P(Rules, what_two_of_time_change_at_one_moment_is_two_events) {
    live(after(2, "opened", {{desk::RuleAct::set_urgency, "high"}}));
    live(after(2, "opened", {{desk::RuleAct::set_urgency, "critical"}}));
    const std::int64_t told_of = live(on_change("urgency", {{desk::RuleAct::note, "It changed."}}));
    const std::string a = write();
    f().pass(hours{2});
    tend();
    EXPECT_EQ(row(told_of).fired, 2);
    EXPECT_THAT(detail(a).messages, SizeIs(3));
}

// A mail that lay waiting is filed when the rule has passed by its moment already.
TEST_P(Rules, one_of_time_forgets_no_mail_that_is_filed_late) {
    const std::int64_t no = live(after(2, "opened", {{desk::RuleAct::set_urgency, "low"}}));
    f().pass(minutes{1});
    const std::int64_t late = f().accept(
        ServiceFixture::raw_of({.from = "li@example.org", .subject = "Late", .text = "This one waits for its reader."}));
    const std::string early = write();
    f().pass(hours{3});
    EXPECT_THAT(tend().numbers, ElementsAre(number_of(ticket(early).no)));
    const std::string number = f().done(f().filing(late)).text;
    EXPECT_EQ(ticket(number).urgency, "low");
    EXPECT_EQ(row(no).fired, 2);
    EXPECT_THAT(tend().numbers, IsEmpty());
}

TEST_P(Rules, who_has_to_do_with_the_customer_is_given_nothing) {
    f().done(RelateStaff{ann_->no, li_, "household"});
    const std::int64_t no =
        live(rule({{desk::RuleAct::assign, std::to_string(ann_->no)}, {desk::RuleAct::follow, std::to_string(ann_->no)}}));
    const std::string a = write();
    EXPECT_EQ(assignee(a), std::nullopt);
    EXPECT_THAT(detail(a).followers, IsEmpty());
    EXPECT_THAT(told(a, "rule_applied"), HasSubstr("unavailable"));
    EXPECT_EQ(row(no).fired, 1);
    const std::string b = write("A question of somebody else.", "zoe@example.org");
    EXPECT_EQ(assignee(b), ann_->no);
    const std::string own = write("My own question.", "ann@pay.example");
    EXPECT_EQ(assignee(own), std::nullopt) << "nor what she writes herself";
}

TEST_P(Rules, one_that_cannot_be_read_does_nothing_is_counted_and_keeps_no_mail_out) {
    const std::int64_t broken = live(rule({{desk::RuleAct::set_urgency, "low"}}));
    const std::int64_t whole = live(rule({{desk::RuleAct::set_team, "risk_team"}}));
    f().run(
        "INSERT INTO rule_version (no, rule, version, name, moment, changes, since, hours, working_hours, any_of, "
        "conditions, actions, stop, at, staff) SELECT 90, rule, 2, name, moment, changes, since, hours, working_hours, "
        "any_of, conditions, 'pay\t5', stop, at, staff FROM rule_version WHERE rule = " +
        std::to_string(broken));
    f().run("UPDATE rule SET version = 2 WHERE no = " + std::to_string(broken));
    is_sound_ = false;
    const std::string a = write();
    EXPECT_EQ(ticket(a).route, "risk_team");
    EXPECT_EQ(row(whole).fired, 1);
    EXPECT_EQ(row(broken).faults, 1);
    EXPECT_THAT(row(broken).fault, HasSubstr("cannot be read"));
    EXPECT_THAT(f().faults(), Contains(HasSubstr("rule 1, version 2: unreadable")));
    EXPECT_EQ(f().ask(SetRuleMode{.rule = broken, .mode = "shadow", .version = 2}, boss_->actor()).code, codes::invalid);
    f().done(SetRuleMode{.rule = broken, .mode = "off", .version = 2}, boss_->actor());
    write();
    EXPECT_EQ(row(broken).faults, 1);
}

TEST_P(Rules, sleep_lasts_no_longer_than_a_clock_allows) {
    live(on_change("state", {{desk::RuleAct::snooze_hours, "48"}}));
    const std::string a = write();
    ASSERT_TRUE(f().ask(SetTicketState{.ticket = a, .state = "open", .version = 1}, ann_->actor()).done());
    EXPECT_THAT(told(a, "rule_applied"), HasSubstr("snooze_hours\\t48\\trefused")) << "its first reply is due in a day";
    EXPECT_EQ(store::find_snooze(*f().connect(), ticket(a).no), std::nullopt);
    ASSERT_TRUE(f().ask(SetTicketState{.ticket = a, .state = "pending_customer", .version = 2}, ann_->actor()).done());
    EXPECT_TRUE(store::find_snooze(*f().connect(), ticket(a).no));
}

TEST_P(Rules, an_escalated_request_is_followed_by_supervisors_who_may_see_it) {
    const StaffMember other = f().staff("chief@pay.example", "supervisor");
    f().done(RelateStaff{other.no, li_, "household"});
    live(rule({{desk::RuleAct::escalate, ""}}));
    const std::string a = write();
    EXPECT_EQ(ticket(a).urgency, "critical");
    ASSERT_THAT(detail(a).followers, SizeIs(1));
    EXPECT_EQ(detail(a).followers[0].name, "boss");
}

// --- writing them

TEST_P(Rules, a_rule_is_written_in_versions_by_who_may) {
    EXPECT_EQ(f().ask(rule({{desk::RuleAct::escalate, ""}}), ann_->actor()).code, codes::not_permitted);
    EXPECT_EQ(f().ask(SetRouting{"assign"}, ann_->actor()).code, codes::not_permitted);
    EXPECT_EQ(f().ask(OrderRules{{}}, ann_->actor()).code, codes::not_permitted);
    const std::int64_t no = put(rule({{desk::RuleAct::escalate, ""}})).number;
    EXPECT_EQ(row(no).mode, desk::RuleMode::off) << "nothing acts that nobody switched on";
    PutRule again = rule({{desk::RuleAct::escalate, ""}});
    again.rule = no;
    EXPECT_EQ(put(again).code, "rule_changed");
    again.version = 1;
    EXPECT_TRUE(put(again).done());
    EXPECT_EQ(row(no).version, 1) << "it says the same";
    again.name = "Another";
    EXPECT_TRUE(put(again).done());
    EXPECT_EQ(row(no).version, 2);
    EXPECT_EQ(f().ask(SetRuleMode{.rule = no, .mode = "on", .version = 1}, boss_->actor()).code, "rule_changed");
    EXPECT_EQ(f().ask(SetRuleMode{.rule = 99, .mode = "on", .version = 1}, boss_->actor()).code, codes::not_found);
    EXPECT_EQ(f().ask(SetRuleMode{.rule = no, .mode = "maybe", .version = 2}, boss_->actor()).code, codes::invalid);
    again.rule = 99;
    EXPECT_EQ(put(again).code, codes::not_found);

    const auto wrong = [&](auto change) {
        PutRule body = rule({{desk::RuleAct::escalate, ""}});
        change(body);
        const Answer answer = put(body);
        return answer.code + " " + answer.detail;
    };
    EXPECT_THAT(wrong([](PutRule& r) { r.when = "never"; }), HasSubstr("invalid when:"));
    EXPECT_THAT(wrong([](PutRule& r) { r.since = "ever"; }), HasSubstr("invalid since:"));
    EXPECT_THAT(wrong([](PutRule& r) { r.changes = {"weather"}; }), HasSubstr("invalid changes:"));
    EXPECT_THAT(wrong([](PutRule& r) { r.conditions = "weather\train\n"; }), HasSubstr("invalid conditions:"));
    EXPECT_THAT(wrong([](PutRule& r) { r.actions = "pay\t5\n"; }), HasSubstr("invalid actions:"));
    EXPECT_THAT(wrong([](PutRule& r) { r.name = ""; }), HasSubstr("invalid name:"));
    EXPECT_THAT(wrong([](PutRule& r) { r.actions = "assign\t999\n"; }), HasSubstr("assignee_inactive actions/0"));
    EXPECT_EQ(f().integer("SELECT count(*) FROM rule"), 1);
    EXPECT_EQ(f().integer("SELECT count(*) FROM audit WHERE action = 'put_rule'"), 2);
}

TEST_P(Rules, they_are_put_in_order_all_at_once) {
    const std::int64_t one = live(rule({{desk::RuleAct::set_team, "agent"}}));
    const std::int64_t two = live(rule({{desk::RuleAct::set_team, "technical_team"}}));
    EXPECT_EQ(ticket(write()).route, "technical_team");
    EXPECT_EQ(f().ask(OrderRules{{two}}, boss_->actor()).code, "rule_changed");
    EXPECT_EQ(f().ask(OrderRules{{two, two}}, boss_->actor()).code, "rule_changed");
    f().done(OrderRules{{two, one}}, boss_->actor());
    EXPECT_EQ(ticket(write()).route, "agent");
    EXPECT_EQ(queries_->rules().value().front().row.no, desk::RuleNo{two});
}

// --- dry runs

TEST_P(Rules, a_dry_run_changes_nothing_and_tells_of_nobody_known) {
    const std::string a = write("Please refund CNY 600.00 to me, I was charged twice.");
    write("My card was declined.");
    f().done(AssignTicket{.ticket = a, .staff = ben_->no}, ann_->actor());
    const std::string zoe = write("Please refund CNY 700.00, charged twice.", "zoe@example.org");
    const desk::Rule draft = {.name = "d",
                              .conditions = {{desk::RuleField::words, false, {"charged twice"}},
                                             {desk::RuleField::assigned, false, {"no"}},
                                             {desk::RuleField::amount_at_least, false, {"600.00 CNY"}}},
                              .actions = {{desk::RuleAct::set_urgency, "high"}}};
    const auto everything = [&] {
        return f().integer(
            "SELECT (SELECT count(*) FROM ticket_event) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM "
            "rule_firing) + (SELECT CAST(sum(version) AS BIGINT) FROM ticket)");
    };
    const std::int64_t before = everything();
    const auto tried = [&](desk::Rule rule, std::int64_t requests = 100) {
        return queries_
            ->try_rule({.rule = std::move(rule),
                        .requests = requests,
                        .reader = customers::StaffNo{boss_->no},
                        .reader_email = "boss@pay.example",
                        .now = f().at()})
            .value();
    };
    RuleTrial trial = tried(draft);
    EXPECT_EQ(trial.looked_at, 3);
    EXPECT_EQ(trial.matched, 2) << "as it came, nobody had it";
    EXPECT_TRUE(trial.whole);
    ASSERT_THAT(trial.items, SizeIs(2));
    EXPECT_EQ(trial.items[0].request, zoe) << "the newest first";
    EXPECT_EQ(trial.items[1].request, a);
    EXPECT_EQ(trial.items[1].effects[0].value, "high");
    EXPECT_EQ(tried(draft, 1).looked_at, 1);
    f().done(RelateStaff{boss_->no, li_, "household"});
    const std::int64_t then = everything();
    trial = tried(draft);
    EXPECT_EQ(trial.looked_at, 1);
    ASSERT_THAT(trial.items, SizeIs(1));
    EXPECT_EQ(trial.items[0].request, zoe);
    desk::Rule timed = draft;
    timed.when = desk::RuleWhen::time;
    timed.hours = 4;
    timed.conditions.clear();
    EXPECT_EQ(tried(timed).matched, 0);
    f().pass(hours{4});
    EXPECT_EQ(tried(timed).matched, 1);
    EXPECT_EQ(everything(), then);
    EXPECT_EQ(before, everything() - 1) << "but for the relation";
}

// --- routing

TEST_P(Rules, routing_is_off_until_it_is_switched_on) {
    can(*ann_, {"en"});
    const std::string a = write();
    EXPECT_EQ(assignee(a), std::nullopt);
    EXPECT_EQ(queries_->routing().value().routing.mode, desk::RoutingMode::off);
    f().done(SetRouting{"propose"}, boss_->actor());
    const std::string b = write();
    EXPECT_EQ(assignee(b), std::nullopt);
    EXPECT_THAT(told(b, "routing_proposed"), HasSubstr(fmt::format("\"staff\":\"{}\"", ann_->no)));
    f().done(SetRouting{"assign"}, boss_->actor());
    const std::string c = write();
    EXPECT_EQ(assignee(c), ann_->no);
    EXPECT_EQ(ticket(c).state, TicketState::open);
    EXPECT_THAT(told(c, "routed"), HasSubstr("\"open\":\"0\""));
    EXPECT_EQ(f().ask(SetRouting{"maybe"}, boss_->actor()).code, codes::invalid);
}

TEST_P(Rules, new_requests_are_spread_over_who_fits_and_wait_where_nobody_does) {
    f().done(SetRouting{"assign"}, boss_->actor());
    can(*ann_, {"en"}, 2);
    can(*ben_, {"en", "zh-Hans"}, 2);
    std::map<std::int64_t, int> given;
    for (int i = 0; i < 4; ++i) {
        const auto who = assignee(write("Where is my receipt, please?", fmt::format("c{}@example.org", i)));
        ASSERT_TRUE(who);
        ++given[*who];
    }
    EXPECT_EQ(given[ann_->no], 2);
    EXPECT_EQ(given[ben_->no], 2);
    const std::string more = write();
    EXPECT_EQ(assignee(more), std::nullopt);
    EXPECT_THAT(told(more, "routed_to_team"), HasSubstr("\"full\":\"2\""));
    // What is solved makes room.
    const auto bens = f().integer(fmt::format("SELECT min(no) FROM ticket WHERE assignee = {}", ben_->no));
    const auto solved = store::find_ticket(*f().connect(), desk::TicketNo{bens}).value().ticket;
    ASSERT_TRUE(
        f().ask(SetTicketState{.ticket = solved.request_number, .state = "solved", .version = solved.version}, ben_->actor())
            .done());
    EXPECT_EQ(assignee(write("And where is mine, please?", "d@example.org")), ben_->no);
}

TEST_P(Rules, nobody_who_has_to_do_with_the_customer_is_routed_to) {
    f().done(SetRouting{"assign"}, boss_->actor());
    can(*ann_, {"en"});
    f().done(RelateStaff{ann_->no, li_, "household"});
    const std::string a = write();
    EXPECT_EQ(assignee(a), std::nullopt);
    EXPECT_THAT(told(a, "routed_to_team"), HasSubstr("\"unavailable\":\"2\""))
        << "as ben, who has no skills: nobody learns which";
    can(*ben_, {"en"});
    EXPECT_EQ(assignee(write()), ben_->no);
    f().done(PutSkills{.staff = ben_->no,
                       .languages = {"en"},
                       .categories = {},
                       .level = 1,
                       .open_max = 10,
                       .away_until = ms_of(f().at() + hours{1})},
             boss_->actor());
    EXPECT_EQ(assignee(write()), std::nullopt) << "away";
    f().pass(hours{1});
    EXPECT_EQ(assignee(write()), ben_->no) << "and back";
    EXPECT_EQ(f().ask(PutSkills{.staff = 99, .languages = {}, .categories = {}, .level = 1, .open_max = 0, .away_until = 0},
                      boss_->actor())
                  .code,
              codes::not_found);
    EXPECT_EQ(f().ask(PutSkills{.staff = 1, .languages = {}, .categories = {}, .level = 9, .open_max = 0, .away_until = 0},
                      boss_->actor())
                  .code,
              codes::invalid);
}

TEST_P(Rules, a_rule_comes_before_routing) {
    f().done(SetRouting{"assign"}, boss_->actor());
    can(*ann_, {"en"});
    live(rule({{desk::RuleAct::set_team, "technical_team"}}));
    const std::string a = write();
    EXPECT_EQ(assignee(a), std::nullopt) << "ann is not of that team";
    EXPECT_THAT(told(a, "routed_to_team"), HasSubstr("technical_team"));
    live(rule({{desk::RuleAct::assign, std::to_string(ben_->no)}}));
    const std::string b = write();
    EXPECT_EQ(assignee(b), ben_->no);
    EXPECT_THAT(events(b), Not(Contains("routed_to_team")));
}

INSTANTIATE_TEST_SUITE_P(Engines, Rules, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
