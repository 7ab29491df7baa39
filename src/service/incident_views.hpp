// SPDX-License-Identifier: Apache-2.0
// Incidents as they are read.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "service/desk_views.hpp"
#include "store/incident_store.hpp"

namespace okpay::service {

inline constexpr std::size_t incident_members_shown_max = 300;  // the newest; all are counted

struct IncidentPage {
    std::vector<IncidentLine> items;   // newest first
    std::optional<std::int64_t> next;  // pass as `before`
};

struct IncidentMemberView {
    store::MemberRow row;
    TicketView ticket;
    std::optional<Moment> told;
    desk::LeftOut left_out;  // were the text sent now and nobody chosen
};

struct IncidentDetail {
    struct Step {
        store::StepRow row;
        std::optional<Person> staff;
        std::optional<std::string> ticket;  // request number
    };
    struct Text {
        store::IncidentTextRow row;
        Person staff;
    };
    struct Refund {
        desk::Remedy remedy;
        std::string ticket;  // request number
        std::optional<customers::CustomerNo> customer;
        Person proposer;
    };
    IncidentLine line;
    std::vector<IncidentMemberView> members;  // newest first, incident_members_shown_max
    std::vector<Step> steps;                  // newest first, as many
    std::optional<Text> text;
    std::array<std::int64_t, 3> recipients{};  // who would be told now: en, zh-Hans, zh-Hant
    std::vector<Refund> refunds;               // proposed for this incident, as they were made
};

}  // namespace okpay::service
