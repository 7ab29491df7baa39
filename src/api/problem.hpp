// SPDX-License-Identifier: Apache-2.0
// Failures as RFC 9457 problem details, and the one table from code to status. A code is stable; `detail` is one plain
// sentence about this occurrence.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http.hpp"
#include "base/moment.hpp"
#include "service/command.hpp"
#include "service/reader_pool.hpp"

namespace okpay::api {

struct Problem {
    std::string code;
    std::string detail;
    std::optional<std::string> remedy = std::nullopt;  // JSON: how the remedy stands
    std::optional<std::int64_t> retry_after_seconds = std::nullopt;
    std::optional<std::string> first_payment = std::nullopt;  // the one that this would repeat
    std::optional<std::string> needed = std::nullopt;         // the assurance that a session must show, "a3"
    std::optional<std::string> factors = std::nullopt;        // JSON: what may be shown as the second factor
};

struct ProblemKind {
    std::string_view code;
    unsigned status;
    std::string_view title;
};
// What the code means outside. A code that is not in the table is a refusal of the rules: 422.
ProblemKind kind_of_code(std::string_view code);
// The word outside for a word of the rooms below: "not_positive" is "amount_not_positive".
std::string_view outside_code(std::string_view code);

Response problem(const Problem& problem);
Problem problem_of(const service::Answer& refused);
Problem problem_of(service::QueryError error);

Problem malformed(std::string detail);
Problem not_found();
Problem unavailable();
Problem no_rail();  // nobody carries money from outside or to there
Problem sign_in_failed();                     // the same whether or not the account exists
Problem try_again_at(Moment until, Moment now);  // after too many wrong sign-ins

}  // namespace okpay::api
