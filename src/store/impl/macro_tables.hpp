// SPDX-License-Identifier: Apache-2.0
// The tables of macros (store/macro_store.hpp), as their migration makes them.
#pragma once

#include <string_view>

namespace okpay::store {

// What a macro says stands in its versions, which are never changed. `state_after`: a state of requests; `assign`: none, me,
// nobody, `person`.
inline constexpr std::string_view macro_tables = R"sql(
CREATE TABLE macro (no SEQ_KEY, version BIGINT NOT NULL, updated BIGINT NOT NULL,
    updated_by BIGINT NOT NULL REFERENCES staff(no), retired BIGINT NOT NULL);
CREATE TABLE macro_version (no SEQ_KEY, macro BIGINT NOT NULL REFERENCES macro(no), version BIGINT NOT NULL,
    name TEXT NOT NULL, text_en TEXT NOT NULL, text_zh TEXT NOT NULL, state_after BIGINT, assign BIGINT NOT NULL,
    person BIGINT REFERENCES staff(no), snooze_hours BIGINT NOT NULL, at BIGINT NOT NULL,
    staff BIGINT NOT NULL REFERENCES staff(no), UNIQUE (macro, version));
)sql";

}  // namespace okpay::store
