// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/kernels.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace okpay::triage {

double dot(std::span<const float> a, std::span<const float> b) {
    // Four sums side by side, always the same four: quicker than one chain and just as repeatable.
    constexpr std::size_t lanes = 4;
    std::array<double, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= a.size(); i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
    }
    for (; i < a.size(); ++i) sums[0] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

void add_scaled(std::span<float> to, float factor, std::span<const float> from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
}

void add_rows(std::span<float> to, std::span<const Valued> values, std::span<const float> matrix) {
    const std::size_t columns = to.size();
    float* const sum = to.data();
    for (const Valued& one : values) {
        const float* const row = matrix.data() + one.row * columns;
        for (std::size_t i = 0; i < columns; ++i) sum[i] += one.value * row[i];
    }
}

void spread_to_rows(std::span<float> matrix, std::span<const Valued> values, std::span<const float> from) {
    const std::size_t columns = from.size();
    for (const Valued& one : values) {
        float* const row = matrix.data() + one.row * columns;
        for (std::size_t i = 0; i < columns; ++i) row[i] += one.value * from[i];
    }
}

namespace {

using Four = float __attribute__((vector_size(16)));
using FourBytes = std::int8_t __attribute__((vector_size(4)));

Four four_at(const std::int8_t* from) {
    FourBytes bytes;
    std::memcpy(&bytes, from, sizeof bytes);
    return __builtin_convertvector(bytes, Four);
}

}  // namespace

void add_records(std::span<float> to, std::span<const Factored> factors, const std::int8_t* records,
                 std::size_t record_octets, std::size_t head) {
    constexpr std::size_t vectors = record_step / 4;  // as many as stay in registers
    constexpr std::size_t ahead = 12;                 // records asked for before they are needed
    for (std::size_t column = 0; column < to.size(); column += record_step) {
        std::array<Four, vectors> sums{};
        const std::int8_t* const weights = records + head + column;
        for (std::size_t i = 0; i < factors.size(); ++i) {
            if (i + ahead < factors.size()) __builtin_prefetch(weights + factors[i + ahead].record * record_octets);
            const std::int8_t* const from = weights + factors[i].record * record_octets;
            for (std::size_t v = 0; v < vectors; ++v) sums[v] += factors[i].factor * four_at(from + 4 * v);
        }
        for (std::size_t v = 0; v < vectors; ++v) {
            for (std::size_t lane = 0; lane < 4; ++lane) to[column + 4 * v + lane] += sums[v][lane];
        }
    }
}

}  // namespace okpay::triage
