// SPDX-License-Identifier: Apache-2.0
// The tables of incidents (store/incident_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

// `ticket_topic`: what a request was found to be about when it came. `topic_day`: how many requests a day brought about a
// thing, without those that joined an incident. `incident_member` is where each member stands now; what happened is
// `incident_step`. One text an incident, one row for each request that it was sent to: both are never changed. One incident
// that stands for each thing. `incident_refund`: proposals that were made for all of an incident.
inline constexpr std::string_view incident_tables = R"sql(
CREATE TABLE ticket_topic (no SEQ_KEY, ticket BIGINT NOT NULL REFERENCES ticket(no), kind BIGINT NOT NULL,
    thing TEXT NOT NULL, customer BIGINT NOT NULL REFERENCES customer(no), apart BIGINT NOT NULL, at BIGINT NOT NULL,
    UNIQUE (ticket, kind, thing));
CREATE INDEX ticket_topic_of ON ticket_topic (kind, thing, at);
CREATE TABLE topic_day (kind BIGINT NOT NULL, thing TEXT NOT NULL, day BIGINT NOT NULL, requests BIGINT NOT NULL,
    PRIMARY KEY (kind, thing, day));
CREATE TABLE incident (no SEQ_KEY, kind BIGINT NOT NULL, thing TEXT NOT NULL, state BIGINT NOT NULL,
    since BIGINT NOT NULL, opened BIGINT NOT NULL, updated BIGINT NOT NULL, requests BIGINT NOT NULL,
    customers BIGINT NOT NULL, usual_requests BIGINT NOT NULL, usual_days BIGINT NOT NULL);
CREATE INDEX topic_day_first ON topic_day (day);
CREATE UNIQUE INDEX incident_that_stands ON incident (kind, thing) WHERE state <> 3;
CREATE TABLE incident_member (incident BIGINT NOT NULL REFERENCES incident(no),
    ticket BIGINT NOT NULL REFERENCES ticket(no), since BIGINT NOT NULL, standing BIGINT NOT NULL, apart BIGINT NOT NULL,
    due BIGINT NOT NULL, PRIMARY KEY (incident, ticket));
CREATE INDEX incident_member_of ON incident_member (ticket, incident);
CREATE INDEX incident_member_due ON incident_member (incident, ticket) WHERE due <> 0;
CREATE TABLE incident_step (no SEQ_KEY, incident BIGINT NOT NULL REFERENCES incident(no), step BIGINT NOT NULL,
    at BIGINT NOT NULL, staff BIGINT REFERENCES staff(no), ticket BIGINT REFERENCES ticket(no));
CREATE INDEX incident_step_of ON incident_step (incident, no);
CREATE TABLE incident_text (incident BIGINT PRIMARY KEY REFERENCES incident(no), en TEXT NOT NULL, zh_hans TEXT NOT NULL,
    zh_hant TEXT NOT NULL, at BIGINT NOT NULL, staff BIGINT NOT NULL REFERENCES staff(no));
CREATE TABLE incident_told (incident BIGINT NOT NULL REFERENCES incident(no), ticket BIGINT NOT NULL REFERENCES ticket(no),
    outgoing BIGINT NOT NULL REFERENCES outgoing_mail(no), at BIGINT NOT NULL, PRIMARY KEY (incident, ticket));
CREATE TABLE incident_refund (remedy BIGINT PRIMARY KEY REFERENCES remedy(no),
    incident BIGINT NOT NULL REFERENCES incident(no));
CREATE INDEX incident_refund_of ON incident_refund (incident, remedy);
)sql";

}  // namespace okpay::store
