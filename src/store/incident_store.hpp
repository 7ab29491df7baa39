// SPDX-License-Identifier: Apache-2.0
// What requests are about, and incidents with their members. Rows in and out; what makes an incident and who is told is
// desk/incident.hpp.
#pragma once

#include "desk/incident.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct TopicRow {
    std::int64_t no;
    desk::TicketNo ticket;
    desk::Topic topic;
    customers::CustomerNo customer;
    bool apart;  // looked at, and counted for no incident
    Moment at;   // its mail arrived
};
void insert_topic(Connection& connection, const TopicRow& row);
std::vector<TopicRow> topics_of(Connection& connection, desk::TicketNo ticket);
// What arrived about the thing from `from` to `to`, both included, and counts: nothing apart, merged, solved or closed, and
// nothing that ever belonged to an incident: what one was told of makes no other.
std::vector<desk::Arrival> arrivals(Connection& connection, const desk::Topic& topic, Moment from, Moment to);
// One more request of this day that belongs to no incident.
void count_topic(Connection& connection, const desk::Topic& topic, Moment at);
// What whole days before the one of `at` brought; of those on which anything was counted about any thing, the first begins
// the time that is known.
desk::Usual usual_of(Connection& connection, const desk::Topic& topic, Moment at);

struct IncidentRow {
    desk::IncidentNo no;
    desk::Topic topic;
    desk::IncidentState state = desk::IncidentState::open;
    Moment since;   // the first of the requests that made it
    Moment opened;  // when the last of them was filed
    Moment updated;
    std::int64_t requests = 0, customers = 0;  // in the window that made it
    desk::Usual usual;
};
void insert_incident(Connection& connection, const IncidentRow& row);
void update_incident(Connection& connection, const IncidentRow& row);  // state, updated
std::optional<IncidentRow> find_incident(Connection& connection, desk::IncidentNo no);
std::optional<IncidentRow> standing_incident(Connection& connection, const desk::Topic& topic);  // not closed
// Newest first; `standing`: those that are not closed, else those that are. Below `before` where it is not 0.
std::vector<IncidentRow> incidents(Connection& connection, bool standing, std::int64_t before, std::int64_t limit);
std::int64_t count_standing_incidents(Connection& connection);

enum class Due : std::uint8_t { no = 0, unless_answered = 1, chosen = 2 };  // stored, append only
struct MemberRow {
    desk::IncidentNo incident;
    desk::TicketNo ticket;
    Moment since;
    bool standing = true;  // false: taken out
    bool apart = false;
    Due due = Due::no;  // is to be told, in one of the next commits
};
void insert_member(Connection& connection, const MemberRow& row);
void update_member(Connection& connection, const MemberRow& row);  // since, standing, due
std::optional<MemberRow> find_member(Connection& connection, desk::IncidentNo incident, desk::TicketNo ticket);
std::vector<MemberRow> members_of(Connection& connection, desk::IncidentNo incident);  // taken out ones too, as they came
std::optional<Moment> last_joined(Connection& connection, desk::IncidentNo incident);  // of those that stand
std::int64_t count_members(Connection& connection, desk::IncidentNo incident);         // that stand
std::vector<MemberRow> due_members(Connection& connection, std::int64_t limit);
// The incident that the request belongs to: one that stands before one that is closed, then the newest.
std::optional<IncidentRow> incident_of(Connection& connection, desk::TicketNo ticket);

struct StepRow {
    std::int64_t no;
    desk::IncidentNo incident;
    desk::IncidentStep step;
    Moment at;
    std::optional<customers::StaffNo> staff;  // none: by itself
    std::optional<desk::TicketNo> ticket;     // of joined, added, removed
};
void insert_step(Connection& connection, const StepRow& row);
std::vector<StepRow> steps_of(Connection& connection, desk::IncidentNo incident);  // in order

struct IncidentTextRow {
    desk::IncidentNo incident;
    desk::IncidentText text;
    Moment at;
    customers::StaffNo staff;
};
void insert_incident_text(Connection& connection, const IncidentTextRow& row);
std::optional<IncidentTextRow> find_incident_text(Connection& connection, desk::IncidentNo incident);

struct ToldRow {
    desk::IncidentNo incident;
    desk::TicketNo ticket;
    std::int64_t outgoing;
    Moment at;
};
void insert_told(Connection& connection, const ToldRow& row);
std::optional<ToldRow> find_told(Connection& connection, desk::IncidentNo incident, desk::TicketNo ticket);
std::int64_t count_told(Connection& connection, desk::IncidentNo incident);

// A proposal that was made for all of an incident.
void insert_incident_refund(Connection& connection, desk::IncidentNo incident, desk::RemedyNo remedy);
bool is_incident_refund(Connection& connection, desk::IncidentNo incident, desk::RemedyNo remedy);
std::vector<desk::RemedyNo> incident_refunds_of(Connection& connection, desk::IncidentNo incident);  // as they were made

}  // namespace okpay::store
