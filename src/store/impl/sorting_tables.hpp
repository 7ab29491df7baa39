// SPDX-License-Identifier: Apache-2.0
// The table of what people set right of how a request was sorted (store/sorting_store.hpp), as its migration makes it.
#pragma once

#include <string_view>

namespace okpay::store {

// One row for each word that changed: what it was, what it became. `staff`: null where the customer's later mail raised it.
inline constexpr std::string_view sorting_tables = R"sql(
CREATE TABLE sorting (no SEQ_KEY, ticket BIGINT NOT NULL REFERENCES ticket(no), at BIGINT NOT NULL,
    staff BIGINT REFERENCES staff(no), what BIGINT NOT NULL, was TEXT NOT NULL, became TEXT NOT NULL);
CREATE INDEX sorting_of_ticket ON sorting (ticket, no);
CREATE INDEX ticket_of_team ON ticket (route, state);
CREATE INDEX ticket_of_category ON ticket (category, state);
)sql";

}  // namespace okpay::store
