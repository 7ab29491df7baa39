// SPDX-License-Identifier: Apache-2.0
// The table of what customers were asked for once (store/facts_store.hpp), as its migration makes it.
#pragma once

#include <string_view>

namespace okpay::store {

// `asked`, `given`: names of facts, one blank apart; `answered`: when the customer first said something after it.
inline constexpr std::string_view facts_tables = R"sql(
CREATE TABLE asked_facts (ticket BIGINT PRIMARY KEY REFERENCES ticket(no), asked TEXT NOT NULL, given TEXT NOT NULL,
    at BIGINT NOT NULL, answered BIGINT);
)sql";

}  // namespace okpay::store
