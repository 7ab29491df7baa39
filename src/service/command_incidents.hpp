// SPDX-License-Identifier: Apache-2.0
// Incidents: what staff do with them, and the texts that are on their way. They open by themselves: FileMail.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "service/command_desk.hpp"

namespace okpay::service {

struct AddToIncident {  // and is told, where the incident was
    std::int64_t incident;
    std::string ticket;  // request number
    std::string seed;    // for the ids of what is sent, hex
};
BOOST_DESCRIBE_STRUCT(AddToIncident, (), (incident, ticket, seed))

struct RemoveFromIncident {
    std::int64_t incident;
    std::string ticket;
};
BOOST_DESCRIBE_STRUCT(RemoveFromIncident, (), (incident, ticket))

// Of an incident that was told: the same text again, or none; whoever was not told yet is.
struct TellIncident {
    std::int64_t incident;
    std::string text_en, text_zh_hans, text_zh_hant;
    std::vector<std::string> also;  // request numbers: told although somebody answered there
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(TellIncident, (), (incident, text_en, text_zh_hans, text_zh_hant, also, seed))

struct TellIncidentMembers {  // that wait for the text; the numbers answered are those of the tickets
    std::int64_t members_max;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(TellIncidentMembers, (), (members_max, seed))

struct CloseIncident {
    std::int64_t incident;
};
BOOST_DESCRIBE_STRUCT(CloseIncident, (), (incident))

struct ReopenIncident {
    std::int64_t incident;
};
BOOST_DESCRIBE_STRUCT(ReopenIncident, (), (incident))

// Each is proposed as if by itself, and what cannot be is left out. `text` of the answer says what became of each, by
// commas: "OK-7F3K9Q2=proposed", or the code that says why not; its numbers are those of the remedies, 0 where there is
// none.
struct ProposeIncidentRefunds {
    std::int64_t incident;
    std::vector<ProposeRefund> refunds;
};
BOOST_DESCRIBE_STRUCT(ProposeIncidentRefunds, (), (incident, refunds))

// Refunds that were proposed for this incident, alike and within the limits of desk/incident_refunds.hpp: by another person,
// with one code for all. Each is approved as if by itself; `text` as above, by the id of the remedy,
// with `executed`.
struct ApproveIncidentRefunds {
    std::int64_t incident;
    std::vector<std::string> remedies;  // RemedyIds as text
    std::string totp_code;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(ApproveIncidentRefunds, (), (incident, remedies, totp_code, seed))

using IncidentCommands = boost::mp11::mp_list<AddToIncident, RemoveFromIncident, TellIncident, TellIncidentMembers,
                                              CloseIncident, ReopenIncident, ProposeIncidentRefunds, ApproveIncidentRefunds>;

}  // namespace okpay::service
