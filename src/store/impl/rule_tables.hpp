// SPDX-License-Identifier: Apache-2.0
// The tables of rules and routing (store/rule_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

// What a rule says stands in its versions, and what it did in its firings: neither is ever changed. `changes`: a bit each;
// `conditions`, `actions`, `effects`: lines of desk/rules.hpp. `cursor_…`: how far a rule of time has judged the moments
// that it counts from. The indexes on `ticket` hold requests that are not at their end alone.
inline constexpr std::string_view rule_tables = R"sql(
CREATE TABLE rule (no SEQ_KEY, version BIGINT NOT NULL, mode BIGINT NOT NULL, place BIGINT NOT NULL,
    updated BIGINT NOT NULL, updated_by BIGINT NOT NULL REFERENCES staff(no), live_since BIGINT NOT NULL,
    cursor_at BIGINT NOT NULL, cursor_ticket BIGINT NOT NULL, fired BIGINT NOT NULL, shadowed BIGINT NOT NULL,
    stopped BIGINT NOT NULL, faults BIGINT NOT NULL, fault TEXT NOT NULL, last_fired BIGINT);
CREATE TABLE rule_version (no SEQ_KEY, rule BIGINT NOT NULL REFERENCES rule(no), version BIGINT NOT NULL,
    name TEXT NOT NULL, moment BIGINT NOT NULL, changes BIGINT NOT NULL, since BIGINT NOT NULL, hours BIGINT NOT NULL,
    working_hours BIGINT NOT NULL, any_of BIGINT NOT NULL, conditions TEXT NOT NULL, actions TEXT NOT NULL,
    stop BIGINT NOT NULL, at BIGINT NOT NULL, staff BIGINT NOT NULL REFERENCES staff(no), UNIQUE (rule, version));
CREATE TABLE rule_firing (no SEQ_KEY, rule BIGINT NOT NULL REFERENCES rule(no), version BIGINT NOT NULL,
    ticket BIGINT NOT NULL REFERENCES ticket(no), at BIGINT NOT NULL, moment BIGINT NOT NULL, depth BIGINT NOT NULL,
    shadow BIGINT NOT NULL, since BIGINT, effects TEXT NOT NULL);
CREATE INDEX rule_firing_by_ticket ON rule_firing (ticket, no);
CREATE INDEX rule_firing_by_rule ON rule_firing (rule, no);
CREATE UNIQUE INDEX rule_firing_once ON rule_firing (rule, ticket, since) WHERE since IS NOT NULL;
CREATE INDEX ticket_by_opened ON ticket (opened, no) WHERE state < 5;
CREATE INDEX ticket_by_next_reply ON ticket (next_reply_due, no) WHERE state < 5 AND next_reply_due IS NOT NULL;
CREATE INDEX ticket_by_waiting ON ticket (waiting_since, no) WHERE state < 5 AND waiting_since IS NOT NULL;
CREATE INDEX ticket_open_of ON ticket (assignee) WHERE state < 5 AND assignee IS NOT NULL;
CREATE TABLE staff_skill (staff SEQ_KEY REFERENCES staff(no), languages TEXT NOT NULL, categories TEXT NOT NULL,
    level BIGINT NOT NULL, open_max BIGINT NOT NULL, away_until BIGINT, last_given BIGINT NOT NULL,
    updated BIGINT NOT NULL, updated_by BIGINT NOT NULL REFERENCES staff(no));
CREATE TABLE routing_setting (no SEQ_KEY, mode BIGINT NOT NULL, updated BIGINT NOT NULL,
    updated_by BIGINT NOT NULL REFERENCES staff(no));
)sql";

}  // namespace okpay::store
