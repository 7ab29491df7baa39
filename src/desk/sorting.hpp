// SPDX-License-Identifier: Apache-2.0
// How a request is sorted: what it is about, how urgent it is, which team has it. Triage says so first; a person sets it
// right, and what the customer writes later can make it more urgent or the risk team's. Why: docs/decisions/0050.
//
//   Guarded   what may be an attack (incident.hpp, is_guarded) leaves the risk team, calms down, becomes spam or stops being
//             suspicious by a risk officer or a supervisor only. Its sender chose the words that an agent reads.
//   Upwards   by what is written later, never down: one calm line more does not undo an alarm.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "desk/incident.hpp"
#include "desk/language.hpp"
#include "desk/ticket.hpp"

namespace okpay::desk {

// As triage prints them. The team is the request's route.
struct Sorting {
    std::string category, urgency, team;
    friend bool operator==(const Sorting&, const Sorting&) = default;
};
Sorting sorting_of(const Ticket& ticket);

enum class SortedWhat : std::uint8_t { category = 1, urgency = 2, team = 3 };  // stored, append only
std::string_view name_of(SortedWhat what);
const std::string& word_in(const Sorting& sorting, SortedWhat what);

// What the technical team needs. All of it is shown to staff alone.
struct HandOverForm {
    std::string what_happens, steps, error_code, since, device, tried;
};
bool is_complete(const HandOverForm& form);  // what happens; and how to see it again, by the steps or a code
// As a note, each part that is there under its heading.
std::string text_of(const HandOverForm& form, Language language);

struct SortWish {
    Sorting to;  // empty words stay as they are
    bool with_complete_form = false;
    bool may_calm_attacks = false;  // customers::Permission::decide_locks
};
enum class SortRefusal : std::uint8_t { closed, unknown_word, nothing_to_sort, kept_by_risk_team, hand_over_incomplete };
std::string_view code_of(SortRefusal refusal);
std::string_view sentence_en(SortRefusal refusal);

// Unless a team is named, what becomes suspicious goes to the risk team, spam to nobody, and what was spam to the agents.
Result<Sorting, SortRefusal> decide_sorting(const Ticket& ticket, bool guarded, const SortWish& wish);

// What a further mail of the customer makes of it, read by itself (`mail`, and the part that it would take): the risk
// team's where it may be an attack, as urgent as the mail where that is critical or high, and a request where it was none.
Sorting raised_by(const Sorting& now, Part of_mail, const Sorting& mail);

}  // namespace okpay::desk
