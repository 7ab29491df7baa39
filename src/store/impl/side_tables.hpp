// SPDX-License-Identifier: Apache-2.0
// The tables of side threads (store/side_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

// What is written to third parties and comes back stands in tables of its own: nothing that reads the messages of a request
// can show it to the customer by mistake. A thread stays with its request for ever.
inline constexpr std::string_view side_tables = R"sql(
CREATE TABLE counterparty (no SEQ_KEY, kind BIGINT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
    language BIGINT NOT NULL, whole_domain BIGINT NOT NULL, retired BIGINT NOT NULL, version BIGINT NOT NULL,
    updated BIGINT NOT NULL, updated_by BIGINT NOT NULL REFERENCES staff(no));
CREATE TABLE side_thread (no SEQ_KEY, number TEXT NOT NULL UNIQUE, ticket BIGINT NOT NULL REFERENCES ticket(no),
    counterparty BIGINT REFERENCES counterparty(no), kind BIGINT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
    language BIGINT NOT NULL, whole_domain BIGINT NOT NULL, subject TEXT NOT NULL, state BIGINT NOT NULL,
    opened BIGINT NOT NULL, opened_by BIGINT NOT NULL REFERENCES staff(no), updated BIGINT NOT NULL, due BIGINT,
    told BIGINT NOT NULL, closed BIGINT, closed_by BIGINT REFERENCES staff(no), version BIGINT NOT NULL);
CREATE INDEX side_thread_of ON side_thread (ticket);
CREATE INDEX side_thread_due ON side_thread (due);
CREATE TABLE side_message (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, thread BIGINT NOT NULL REFERENCES side_thread(no),
    direction BIGINT NOT NULL, kind BIGINT NOT NULL, staff BIGINT REFERENCES staff(no), from_address TEXT NOT NULL,
    subject TEXT NOT NULL, body TEXT NOT NULL, quoted TEXT NOT NULL, mail_message_id TEXT NOT NULL,
    mail BIGINT REFERENCES inbound_mail(no), outgoing BIGINT REFERENCES outgoing_mail(no), at BIGINT NOT NULL);
CREATE INDEX side_message_of ON side_message (thread);
CREATE INDEX side_message_mail ON side_message (mail);
CREATE INDEX side_message_outgoing ON side_message (outgoing);
)sql";

}  // namespace okpay::store
