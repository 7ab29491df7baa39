// SPDX-License-Identifier: Apache-2.0
// Rows by many numbers in few statements: "column IN ($1, …)" of one length, so that it is prepared once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/connection.hpp"

namespace okpay::store {

inline constexpr std::size_t in_list_numbers = 50;  // in one statement; more take several

// `before` and `behind` are the SQL around the list; `further`: the values of $51 and on, the same for each statement.
template <class Number>
void query_in(Connection& connection, std::string_view before, std::string_view behind, std::span<const Number> numbers,
              std::initializer_list<Value> further, const RowCallback& row) {
    std::string sql{before};
    sql += " IN (";
    for (std::size_t i = 1; i <= in_list_numbers; ++i) sql.append(i == 1 ? "$" : ", $").append(std::to_string(i));
    sql.append(")").append(behind);
    for (std::size_t from = 0; from < numbers.size(); from += in_list_numbers) {
        const auto some = numbers.subspan(from, std::min(in_list_numbers, numbers.size() - from));
        std::vector<Value> values;
        for (std::size_t i = 0; i < in_list_numbers; ++i)  // what is too short repeats its last
            values.emplace_back(number_of(some[std::min(i, some.size() - 1)]));
        values.insert(values.end(), further);
        connection.query(sql, values, row);
    }
}

}  // namespace okpay::store
