// SPDX-License-Identifier: Apache-2.0
#include "desk/sorting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "triage/reading.hpp"

namespace okpay::desk {
namespace {

constexpr std::array<std::string_view, 3> teams{"agent", "technical_team", "risk_team"};
constexpr std::string_view risk_team = "risk_team", technical_team = "technical_team", agents = "agent";
constexpr std::string_view suspicious = "suspicious_activity";
constexpr std::array<std::string_view, 4> urgencies{"critical", "high", "normal", "low"};  // the most urgent first

// Where it stands among them: 0 is the most urgent, their number is no urgency.
std::size_t place_of(std::string_view urgency) {
    return static_cast<std::size_t>(std::ranges::find(urgencies, urgency) - urgencies.begin());
}

// Said by the headers of a mail, never by people.
bool may_be_set(std::string_view category) {
    return triage::category_of_name(category).has_value() && category != triage::name_of(triage::Category::auto_generated);
}

bool is_no_request(std::string_view category) {
    return category == triage::name_of(triage::Category::spam) ||
           category == triage::name_of(triage::Category::auto_generated);
}

}  // namespace

Sorting sorting_of(const Ticket& ticket) { return {ticket.category, ticket.urgency, ticket.route}; }

std::string_view name_of(SortedWhat what) {
    switch (what) {
    case SortedWhat::category: return "category";
    case SortedWhat::urgency: return "urgency";
    case SortedWhat::team: return "team";
    }
    std::abort();
}

const std::string& word_in(const Sorting& sorting, SortedWhat what) {
    switch (what) {
    case SortedWhat::category: return sorting.category;
    case SortedWhat::urgency: return sorting.urgency;
    case SortedWhat::team: return sorting.team;
    }
    std::abort();
}

bool is_complete(const HandOverForm& form) {
    return !trimmed(form.what_happens).empty() && !(trimmed(form.steps).empty() && trimmed(form.error_code).empty());
}

std::string text_of(const HandOverForm& form, Language language) {
    struct Part {
        const std::string& said;
        std::string_view english, chinese;
    };
    const std::array<Part, 6> parts{Part{form.what_happens, "What happens", "问题现象"},
                                    Part{form.steps, "Steps", "操作步骤"},
                                    Part{form.error_code, "Error code or message", "错误代码或提示"},
                                    Part{form.since, "Since", "出现时间"},
                                    Part{form.device, "Device and version", "设备与版本"},
                                    Part{form.tried, "Already tried", "已尝试"}};
    const bool english = language == Language::en;
    std::string text;
    for (const Part& part : parts) {
        const std::string_view said = trimmed(part.said);
        if (said.empty()) continue;
        if (!text.empty()) text += "\n";
        text += fmt::format("{}{}{}", english ? part.english : part.chinese, english ? ": " : "：", said);
    }
    return text;
}

std::string_view code_of(SortRefusal refusal) {
    switch (refusal) {
    case SortRefusal::closed: return "ticket_closed";
    case SortRefusal::unknown_word: return "invalid";
    case SortRefusal::nothing_to_sort: return "nothing_to_sort";
    case SortRefusal::kept_by_risk_team: return "kept_by_risk_team";
    case SortRefusal::hand_over_incomplete: return "hand_over_incomplete";
    }
    std::abort();
}

std::string_view sentence_en(SortRefusal refusal) {
    switch (refusal) {
    case SortRefusal::closed: return "this request is closed and stays as it is";
    case SortRefusal::unknown_word: return "no category, urgency or team that people set";
    case SortRefusal::nothing_to_sort: return "it is sorted so already";
    case SortRefusal::kept_by_risk_team:
        return "it may be an attack: a risk officer or a supervisor gives it away or makes it less urgent";
    case SortRefusal::hand_over_incomplete:
        return "the technical team needs to know what happens, and the steps or an error code";
    }
    std::abort();
}

Result<Sorting, SortRefusal> decide_sorting(const Ticket& ticket, bool guarded, const SortWish& wish) {
    if (ticket.state == TicketState::closed) return fail(SortRefusal::closed);
    const Sorting now = sorting_of(ticket);
    Sorting to{wish.to.category.empty() ? now.category : wish.to.category,
               wish.to.urgency.empty() ? now.urgency : wish.to.urgency, wish.to.team.empty() ? now.team : wish.to.team};
    const bool known = (to.category == now.category || may_be_set(to.category)) && place_of(to.urgency) < urgencies.size() &&
                       (to.team == now.team || std::ranges::find(teams, to.team) != teams.end());
    if (!known) return fail(SortRefusal::unknown_word);
    if (wish.to.team.empty() && to.category != now.category) {
        if (to.category == suspicious) to.team = risk_team;
        else if (is_no_request(to.category)) to.team = no_action_team;
        else if (is_no_request(now.category) || now.team == no_action_team) to.team = agents;
    }
    if (to == now) return fail(SortRefusal::nothing_to_sort);
    const bool calms = (now.team == risk_team && to.team != risk_team) || place_of(to.urgency) > place_of(now.urgency) ||
                       (now.category == suspicious && to.category != suspicious) ||
                       (is_no_request(to.category) && !is_no_request(now.category));
    if (guarded && calms && !wish.may_calm_attacks) return fail(SortRefusal::kept_by_risk_team);
    if (to.team == technical_team && now.team != technical_team && !wish.with_complete_form)
        return fail(SortRefusal::hand_over_incomplete);
    return to;
}

Sorting raised_by(const Sorting& now, Part of_mail, const Sorting& mail) {
    Sorting to = now;
    if (of_mail == Part::none) return to;
    if (is_no_request(now.category) || now.team == no_action_team)
        to = Sorting{is_no_request(now.category) ? mail.category : now.category, now.urgency, std::string{agents}};
    if (of_mail == Part::apart || now.team == risk_team) to.team = risk_team;
    const std::size_t urgency = place_of(mail.urgency);
    if (urgency <= place_of("high") && urgency < place_of(now.urgency)) to.urgency = mail.urgency;
    return to;
}

}  // namespace okpay::desk
