// SPDX-License-Identifier: Apache-2.0
#include "desk/routing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "triage/reading.hpp"

namespace okpay::desk {
namespace {

using customers::Role;

constexpr std::array<std::string_view, 3> languages{"en", "zh-Hans", "zh-Hant"};

bool has(const std::vector<std::string>& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

bool has_twice(std::vector<std::string> list) {
    std::ranges::sort(list);
    return std::ranges::adjacent_find(list) != list.end();
}

enum class Against : std::uint8_t { nothing, unavailable, language, category, level, full };

Against against(const RoutingNeed& need, const Candidate& one, Moment now) {
    if (!one.active || one.has_to_do_with_customer || !one.skills) return Against::unavailable;
    const Skills& skills = *one.skills;
    if (skills.open_max == 0 || (skills.away_until && now < *skills.away_until)) return Against::unavailable;
    if (!has(skills.languages, need.language)) return Against::language;
    if (!skills.categories.empty() && !has(skills.categories, need.category)) return Against::category;
    if (skills.level < need.level) return Against::level;
    return one.open >= skills.open_max ? Against::full : Against::nothing;
}

}  // namespace

std::string_view name_of(RoutingMode mode) {
    switch (mode) {
    case RoutingMode::off: return "off";
    case RoutingMode::propose: return "propose";
    case RoutingMode::assign: return "assign";
    }
    std::abort();
}

std::optional<RoutingMode> routing_mode_of_name(std::string_view name) {
    for (const RoutingMode mode : {RoutingMode::off, RoutingMode::propose, RoutingMode::assign}) {
        if (name_of(mode) == name) return mode;
    }
    return std::nullopt;
}

std::optional<std::string> fault_in(const Skills& skills) {
    for (const std::string& language : skills.languages) {
        if (std::ranges::find(languages, language) == languages.end()) return "languages: each is en, zh-Hans or zh-Hant";
    }
    for (const std::string& category : skills.categories) {
        if (!triage::category_of_name(category))
            return "categories: there is no category of this name; choose from the list";
    }
    if (has_twice(skills.languages)) return "languages: name each once";
    if (has_twice(skills.categories)) return "categories: name each once";
    if (skills.level < 1 || skills.level > skill_level_max) return fmt::format("level: 1 to {}", skill_level_max);
    if (skills.open_max < 0 || skills.open_max > skill_open_max)
        return fmt::format("open_max: 0 to {}; 0 gives them nothing", skill_open_max);
    if (skills.open_max > 0 && skills.languages.empty()) return "languages: name one at least, or set open_max to 0";
    return std::nullopt;
}

std::int64_t level_needed(std::string_view urgency) {
    return urgency == triage::name_of(triage::Urgency::critical) ? critical_level : 1;
}

Role role_of_team(std::string_view team) {
    if (team == triage::name_of(triage::Route::technical_team)) return Role::technical;
    return team == triage::name_of(triage::Route::risk_team) ? Role::risk : Role::agent;
}

RoutingDecision decide_routing(const RoutingNeed& need, std::span<const Candidate> candidates, Moment now) {
    RoutingDecision decision;
    const Candidate* best = nullptr;
    const Role role = role_of_team(need.team);
    for (const Candidate& one : candidates) {
        if (one.role != role) continue;
        switch (against(need, one, now)) {
        case Against::nothing: break;
        case Against::unavailable: ++decision.passed_over.unavailable; continue;
        case Against::language: ++decision.passed_over.language; continue;
        case Against::category: ++decision.passed_over.category; continue;
        case Against::level: ++decision.passed_over.level; continue;
        case Against::full: ++decision.passed_over.full; continue;
        }
        if (best == nullptr || one.open < best->open) {
            best = &one;
            decision.waited_longest = false;
        } else if (one.open == best->open) {
            decision.waited_longest = true;
            if (std::pair{one.last_given, one.no} < std::pair{best->last_given, best->no}) best = &one;
        }
    }
    if (best == nullptr) return decision;
    decision.staff = best->no;
    decision.open = best->open;
    decision.open_max = best->skills->open_max;
    return decision;
}

}  // namespace okpay::desk
