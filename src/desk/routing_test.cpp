// SPDX-License-Identifier: Apache-2.0
#include "desk/routing.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace okpay::desk {
namespace {

using customers::Role;
using customers::StaffNo;

const Moment now{std::chrono::hours{480'000}};

Candidate candidate(std::int64_t no, std::int64_t open, std::vector<std::string> languages = {"en"}) {
    return {.no = StaffNo{no},
            .skills = Skills{.languages = std::move(languages),
                             .categories = {},
                             .level = 1,
                             .open_max = 10,
                             .away_until = std::nullopt},
            .open = open};
}
RoutingNeed need(std::string language = "en") {
    return {.team = "agent", .category = "refund", .language = std::move(language), .level = 1};
}
std::int64_t chosen(const std::vector<Candidate>& candidates, const RoutingNeed& what = need()) {
    const auto decision = decide_routing(what, candidates, now);
    return decision.staff ? number_of(*decision.staff) : 0;
}

TEST(Routing, the_one_with_the_fewest_open_requests_gets_it) {
    EXPECT_EQ(chosen({candidate(1, 3), candidate(2, 1), candidate(3, 2)}), 2);
    EXPECT_EQ(chosen({candidate(1, 0, {"zh-Hans"}), candidate(2, 9)}), 2) << "who does not answer in it is passed over";
    EXPECT_EQ(chosen({candidate(1, 0, {"en", "zh-Hans"}), candidate(2, 0, {"en"})}, need("zh-Hans")), 1);
}

TEST(Routing, of_equals_the_one_who_has_waited_longest_gets_it) {
    std::vector<Candidate> three{candidate(1, 1), candidate(2, 1), candidate(3, 1)};
    three[0].last_given = now - std::chrono::minutes{1};
    three[1].last_given = now - std::chrono::minutes{3};
    three[2].last_given = now - std::chrono::minutes{2};
    const auto decision = decide_routing(need(), three, now);
    EXPECT_EQ(decision.staff, StaffNo{2});
    EXPECT_TRUE(decision.waited_longest);
    three[2].last_given = three[1].last_given;
    std::ranges::reverse(three);
    EXPECT_EQ(chosen(three), 2) << "and then the one who joined first, in whatever order they are listed";
    three.push_back(candidate(4, 0));
    EXPECT_FALSE(decide_routing(need(), three, now).waited_longest);
}

TEST(Routing, each_is_passed_over_for_the_first_thing_that_stands_against_them) {
    std::vector<Candidate> all(9, candidate(0, 0));
    for (std::size_t i = 0; i < all.size(); ++i) all[i].no = StaffNo{static_cast<std::int64_t>(i) + 1};
    all[0].active = false;
    all[1].has_to_do_with_customer = true;
    all[2].skills.reset();
    all[3].skills->open_max = 0;
    all[4].skills->away_until = now + Millis{1};
    all[5].skills->languages = {"zh-Hant"};
    all[6].skills->categories = {"card"};
    all[7].open = 10;
    all[8].role = Role::risk;  // of another team: it is not counted
    RoutingNeed critical = need();
    const RoutingCounts want{.unavailable = 5, .language = 1, .category = 1, .level = 0, .full = 1};
    EXPECT_EQ(decide_routing(critical, all, now).passed_over, want);
    EXPECT_EQ(chosen(all), 0);
    critical.level = 2;
    EXPECT_EQ(decide_routing(critical, all, now).passed_over.level, 1) << "before it is asked whether there is room";
    all[4].skills->away_until = now;
    EXPECT_EQ(chosen(all), 5) << "back at that very moment";
    all[6].skills->categories.emplace_back("refund");
    all[4].open = 1;
    EXPECT_EQ(chosen(all), 7);
}

TEST(Routing, a_team_is_a_role) {
    std::vector<Candidate> two{candidate(1, 0), candidate(2, 0)};
    two[1].role = Role::technical;
    RoutingNeed what = need();
    EXPECT_EQ(chosen(two, what), 1);
    what.team = "technical_team";
    EXPECT_EQ(chosen(two, what), 2);
    what.team = "risk_team";
    EXPECT_EQ(chosen(two, what), 0);
    EXPECT_EQ(level_needed("critical"), critical_level);
    EXPECT_EQ(level_needed("high"), 1);
}

// A hundred requests, each given as it comes: nobody ever has more than one more than another of the same skills.
TEST(Routing, load_is_balanced) {
    std::vector<Candidate> three{candidate(1, 0), candidate(2, 0), candidate(3, 0)};
    for (Candidate& one : three) one.skills->open_max = 40;
    for (int i = 0; i < 100; ++i) {
        const auto decision = decide_routing(need(), three, now);
        ASSERT_TRUE(decision.staff);
        Candidate& one = three[static_cast<std::size_t>(number_of(*decision.staff)) - 1];
        ++one.open;
        one.last_given = now + Millis{i};
        const auto [least, most] = std::ranges::minmax(three, {}, &Candidate::open);
        ASSERT_LE(most.open - least.open, 1);
    }
}

TEST(Routing, skills_say_what_is_wrong_with_them) {
    struct Case {
        std::string_view name;
        Skills skills;
        std::string_view begins;  // empty: nothing is wrong
    };
    const Skills fine{.languages = {"en"}, .categories = {"refund"}, .level = 1, .open_max = 5, .away_until = std::nullopt};
    const auto with = [&](auto change) {
        Skills skills = fine;
        change(skills);
        return skills;
    };
    const std::vector<Case> cases{
        {"fine", fine, ""},
        {"given nothing", with([](Skills& s) { s.languages.clear(), s.open_max = 0; }), ""},
        {"no language", with([](Skills& s) { s.languages.clear(); }), "languages:"},
        {"unknown language", with([](Skills& s) { s.languages = {"fr"}; }), "languages:"},
        {"language twice", with([](Skills& s) { s.languages = {"en", "en"}; }), "languages:"},
        {"unknown category", with([](Skills& s) { s.categories = {"weather"}; }), "categories:"},
        {"category twice", with([](Skills& s) { s.categories = {"card", "card"}; }), "categories:"},
        {"level 0", with([](Skills& s) { s.level = 0; }), "level:"},
        {"level 4", with([](Skills& s) { s.level = 4; }), "level:"},
        {"fewer than none", with([](Skills& s) { s.open_max = -1; }), "open_max:"},
        {"too many", with([](Skills& s) { s.open_max = skill_open_max + 1; }), "open_max:"},
    };
    for (const Case& one : cases) {
        const auto why = fault_in(one.skills);
        EXPECT_EQ(why.has_value(), !one.begins.empty()) << one.name;
        if (why) EXPECT_TRUE(why->starts_with(one.begins)) << one.name << ": " << *why;
    }
    for (const RoutingMode mode : {RoutingMode::off, RoutingMode::propose, RoutingMode::assign})
        EXPECT_EQ(routing_mode_of_name(name_of(mode)), mode);
    EXPECT_FALSE(routing_mode_of_name("maybe"));
}

}  // namespace
}  // namespace okpay::desk
