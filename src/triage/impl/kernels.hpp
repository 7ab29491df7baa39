// SPDX-License-Identifier: Apache-2.0
// The loops in which the learner spends its time, apart from the rest because a build with sanitizers compiles them
// without: the shipped model is learnt during the build, and there they would cost minutes. Each keeps one order of sums.
#pragma once

#include <cstdint>
#include <span>

namespace okpay::triage {

struct Valued {
    std::uint32_t row;
    float value;
};

double dot(std::span<const float> a, std::span<const float> b);                       // of one length
void add_scaled(std::span<float> to, float factor, std::span<const float> from);      // of one length

// to += the sum of value · row of `matrix`; a row has as many columns as `to`.
void add_rows(std::span<float> to, std::span<const Valued> values, std::span<const float> matrix);
// The other way round: each named row += value · from.
void spread_to_rows(std::span<float> matrix, std::span<const Valued> values, std::span<const float> from);

// to += the sum of factor · weights of some records of bytes, each of which holds its weights behind `head` octets. `to`
// has a multiple of `record_step` columns.
struct Factored {
    std::uint32_t record;
    float factor;
};
inline constexpr std::size_t record_step = 24;
void add_records(std::span<float> to, std::span<const Factored> factors, const std::int8_t* records,
                 std::size_t record_octets, std::size_t head);

}  // namespace okpay::triage
