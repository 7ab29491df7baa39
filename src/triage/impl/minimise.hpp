// SPDX-License-Identifier: Apache-2.0
// L-BFGS (Nocedal 1980) for a smooth convex function of many variables: two loops over the last steps, a step that is
// halved until the function has fallen enough. One thread, sums in index order: bit for bit the same on repetition.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace okpay::triage {

using Vector = std::vector<float>;

// Gives the value at `point` and writes the gradient there.
using Objective = std::function<double(const Vector& point, Vector& gradient)>;

struct MinimiseLimits {
    std::uint32_t iterations_max;
    double gradient_min;  // stop where the gradient's length is this share of the first
};

void minimise(const Objective& objective, Vector& point, const MinimiseLimits& limits);

}  // namespace okpay::triage
