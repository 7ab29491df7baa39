// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/minimise.hpp"

#include <cmath>
#include <deque>

#include "triage/impl/kernels.hpp"

namespace okpay::triage {
namespace {

struct Step {
    Vector moved, turned;  // of the point, of the gradient
    double curvature;      // their product, positive
};

// The downhill direction: the gradient through the inverse curvature of the remembered steps.
Vector direction_of(const Vector& gradient, const std::deque<Step>& steps) {
    Vector direction = gradient;
    std::vector<double> shares(steps.size());
    for (std::size_t i = steps.size(); i-- > 0;) {
        shares[i] = dot(steps[i].moved, direction) / steps[i].curvature;
        add_scaled(direction, static_cast<float>(-shares[i]), steps[i].turned);
    }
    if (!steps.empty()) {
        const double scale = steps.back().curvature / dot(steps.back().turned, steps.back().turned);
        const Vector unscaled = direction;
        add_scaled(direction, static_cast<float>(scale - 1), unscaled);
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const double back = dot(steps[i].turned, direction) / steps[i].curvature;
        add_scaled(direction, static_cast<float>(shares[i] - back), steps[i].moved);
    }
    const Vector uphill = direction;
    add_scaled(direction, -2.F, uphill);
    return direction;
}

}  // namespace

void minimise(const Objective& objective, Vector& point, const MinimiseLimits& limits) {
    constexpr std::size_t remembered = 6;
    constexpr double enough = 1e-4;  // of the fall that the slope promises (Armijo)
    constexpr int halvings_max = 20;
    Vector gradient(point.size());
    double value = objective(point, gradient);
    const double first_length = std::sqrt(dot(gradient, gradient));
    std::deque<Step> steps;
    Vector next_gradient(point.size());
    for (std::uint32_t iteration = 0; iteration < limits.iterations_max; ++iteration) {
        const double length = std::sqrt(dot(gradient, gradient));
        if (length <= limits.gradient_min * first_length || length == 0) return;
        const Vector direction = direction_of(gradient, steps);
        const double slope = dot(gradient, direction);
        if (slope >= 0) return;  // rounding has the last word: as low as single precision goes
        double step = steps.empty() ? 1 / length : 1;
        Vector next;
        double next_value = value;
        bool fell = false;
        for (int halving = 0; halving < halvings_max && !fell; ++halving, step /= 2) {
            next = point;
            add_scaled(next, static_cast<float>(step), direction);
            next_value = objective(next, next_gradient);
            fell = next_value <= value + enough * step * slope;
        }
        if (!fell) return;
        Step done{next, next_gradient, 0};
        add_scaled(done.moved, -1, point);
        add_scaled(done.turned, -1, gradient);
        done.curvature = dot(done.moved, done.turned);
        if (done.curvature > 0) {
            if (steps.size() == remembered) steps.pop_front();
            steps.push_back(std::move(done));
        }
        point.swap(next);
        gradient.swap(next_gradient);
        value = next_value;
    }
}

}  // namespace okpay::triage
