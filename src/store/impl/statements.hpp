// SPDX-License-Identifier: Apache-2.0
// What both engines' set-based statements say alike.
#pragma once

#include <fmt/ranges.h>

#include <string>

#include "store/connection.hpp"

namespace okpay::store {

// Behind an INSERT: where the first column is there already, the others are overwritten.
inline std::string on_conflict_overwrite(const Rows& rows) {
    std::string sql = fmt::format(" ON CONFLICT ({}) DO UPDATE SET ", rows.columns.front());
    for (std::size_t i = 1; i < rows.columns.size(); ++i) {
        sql += fmt::format("{}{} = excluded.{}", i == 1 ? "" : ", ", rows.columns[i], rows.columns[i]);
    }
    return sql;
}

}  // namespace okpay::store
