// SPDX-License-Identifier: Apache-2.0
// The table of who of the staff is who at a provider (store/staff_store.hpp), as its migration makes it.
#pragma once

#include <string_view>

namespace okpay::store {

inline constexpr std::string_view sign_on_tables = R"sql(
CREATE TABLE staff_sign_on (no SEQ_KEY, staff BIGINT NOT NULL REFERENCES staff(no), issuer TEXT NOT NULL,
    subject TEXT NOT NULL, bound BIGINT NOT NULL, UNIQUE (issuer, subject), UNIQUE (staff, issuer));
)sql";

}  // namespace okpay::store
