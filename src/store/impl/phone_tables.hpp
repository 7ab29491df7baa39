// SPDX-License-Identifier: Apache-2.0
// The tables of telephone numbers and short messages (store/phone_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

// A number stands by the change that proved it. The code of a change is one row, so that a newer one takes the place of the
// older. `code` of a short message: the change whose code is written into it when it leaves, and which of its codes; 0 and 0
// for none.
inline constexpr std::string_view phone_tables = R"sql(
CREATE TABLE customer_phone (customer BIGINT PRIMARY KEY REFERENCES customer(no), number TEXT NOT NULL,
    change BIGINT NOT NULL REFERENCES customer_change(no), confirmed BIGINT NOT NULL);
CREATE INDEX customer_phone_number ON customer_phone (number);
CREATE INDEX customer_change_phone ON customer_change (customer, asked) WHERE kind = 4;
CREATE TABLE phone_code (change BIGINT PRIMARY KEY REFERENCES customer_change(no), hash OCTETS NOT NULL,
    codes BIGINT NOT NULL, wrong BIGINT NOT NULL, sent BIGINT NOT NULL, expires BIGINT NOT NULL);
CREATE TABLE short_message (no SEQ_KEY, id OCTETS NOT NULL UNIQUE, customer BIGINT NOT NULL REFERENCES customer(no),
    kind TEXT NOT NULL, number TEXT NOT NULL, text TEXT NOT NULL, change BIGINT NOT NULL, code BIGINT NOT NULL,
    state BIGINT NOT NULL, tries BIGINT NOT NULL, next_at BIGINT, expires BIGINT NOT NULL, outcome TEXT NOT NULL,
    created BIGINT NOT NULL, updated BIGINT NOT NULL);
CREATE INDEX short_message_due ON short_message (next_at, no) WHERE state = 1;
CREATE INDEX short_message_handed_out ON short_message (no) WHERE state = 2;
CREATE INDEX short_message_to ON short_message (number, created);
CREATE INDEX short_message_of ON short_message (customer, created);
CREATE INDEX short_message_created ON short_message (created);
)sql";

}  // namespace okpay::store
