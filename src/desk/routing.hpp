// SPDX-License-Identifier: Apache-2.0
// Who is to answer a request: of those whose team it is for, who are there, answer in its language, know its category and
// its level and have room, the one with the fewest open requests; of equals the one who has waited longest. Nobody who has
// to do with the customer. Why: docs/decisions/0047.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "customers/customer.hpp"

namespace okpay::desk {

enum class RoutingMode : std::uint8_t { off = 1, propose = 2, assign = 3 };  // stored, append only
std::string_view name_of(RoutingMode mode);
std::optional<RoutingMode> routing_mode_of_name(std::string_view name);

inline constexpr std::int64_t skill_level_max = 3;
inline constexpr std::int64_t skill_open_max = 500;  // requests of one person
inline constexpr std::size_t skill_words_max = 20;   // languages, and categories

// What somebody can do, kept by supervisors. Whoever has none is given nothing by a machine.
struct Skills {
    std::vector<std::string> languages;   // in which they answer: en, zh-Hans, zh-Hant
    std::vector<std::string> categories;  // as triage prints them; none: all of them
    std::int64_t level = 1;               // 1 to skill_level_max
    std::int64_t open_max = 0;            // requests that wait for them at once; 0: none are given to them
    std::optional<Moment> away_until;
    friend bool operator==(const Skills&, const Skills&) = default;
};
// The member that is wrong and what to do: "languages: …".
std::optional<std::string> fault_in(const Skills& skills);

struct Candidate {
    customers::StaffNo no;
    customers::Role role = customers::Role::agent;
    bool active = true;  // enrolled and not disabled
    bool has_to_do_with_customer = false;
    std::optional<Skills> skills{};
    std::int64_t open = 0;  // requests that wait for them: new, open or on hold
    Moment last_given{};    // by routing
};

struct RoutingNeed {
    std::string team;      // the request's route
    std::string category, language;
    std::int64_t level = 1;
};
// What is critical goes to who is of this level at least.
inline constexpr std::int64_t critical_level = 2;
std::int64_t level_needed(std::string_view urgency);
// Which role a team is: the technical team, the risk team, and agents for all else.
customers::Role role_of_team(std::string_view team);

// How many of the team were passed over, each for the first thing that stood against them. Who is away and who has to do
// with the customer are one number, so that nobody learns who knows whom.
struct RoutingCounts {
    std::int64_t unavailable = 0, language = 0, category = 0, level = 0, full = 0;
    friend bool operator==(const RoutingCounts&, const RoutingCounts&) = default;
};
struct RoutingDecision {
    std::optional<customers::StaffNo> staff;  // nobody: it stays in the queue of its team
    std::int64_t open = 0, open_max = 0;      // of the one who was chosen, before this request
    bool waited_longest = false;              // others had as few
    RoutingCounts passed_over;
    friend bool operator==(const RoutingDecision&, const RoutingDecision&) = default;
};
RoutingDecision decide_routing(const RoutingNeed& need, std::span<const Candidate> candidates, Moment now);

}  // namespace okpay::desk
