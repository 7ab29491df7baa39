// SPDX-License-Identifier: Apache-2.0
// The tables of mentions and followers (store/follow_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

// Who follows a request and how far each has seen it: one row a person, gone with the follow. Whom a note names is never
// changed. `mentions` of a draft: ids of staff, one a line.
inline constexpr std::string_view follow_tables = R"sql(
CREATE TABLE ticket_follow (ticket BIGINT NOT NULL REFERENCES ticket(no), staff BIGINT NOT NULL REFERENCES staff(no),
    since BIGINT NOT NULL, seen_message BIGINT NOT NULL, seen_event BIGINT NOT NULL, PRIMARY KEY (ticket, staff));
CREATE INDEX ticket_follow_of ON ticket_follow (staff, ticket);
CREATE TABLE note_mention (message BIGINT NOT NULL REFERENCES message(no), staff BIGINT NOT NULL REFERENCES staff(no),
    ticket BIGINT NOT NULL REFERENCES ticket(no), PRIMARY KEY (message, staff));
CREATE INDEX note_mention_of ON note_mention (staff, ticket, message);
ALTER TABLE reply_draft ADD COLUMN mentions TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace okpay::store
