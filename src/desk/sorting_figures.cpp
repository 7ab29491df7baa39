// SPDX-License-Identifier: Apache-2.0
#include "desk/sorting_figures.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace okpay::desk {
namespace {

constexpr std::chrono::days week{7};

std::size_t step_of(double confidence) {
    std::size_t step = 0;
    while (step + 2 < certainty_steps.size() && confidence >= certainty_steps.at(step + 1)) ++step;
    return step;
}

}  // namespace

SortingFigures sorting_figures(std::span<const SortedRequest> requests, Moment from, Moment now) {
    SortingFigures figures;
    std::map<std::string, SortingFigures::Category> categories;
    std::map<std::string, std::map<std::string, std::int64_t>> became;
    for (Moment at = from; at < now; at += week) figures.weeks.push_back({.from = at});
    for (std::size_t step = 0; step + 1 < certainty_steps.size(); ++step)
        figures.certainty.push_back({.from = certainty_steps.at(step), .to = certainty_steps.at(step + 1)});
    for (const SortedRequest& one : requests) {
        if (one.opened >= now) continue;
        if (one.opened < from) {
            ++categories[one.read].before;
            continue;
        }
        ++figures.read;
        ++categories[one.read].read;
        auto& in_week = figures.weeks[static_cast<std::size_t>((one.opened - from) / week)];
        ++in_week.read;
        if (one.read == "unclear") ++in_week.unclear;
        if (one.corrected()) {
            ++figures.corrected;
            ++in_week.corrected;
            ++categories[one.read].taken_away;
            ++categories[one.now].given;
            ++became[one.read][one.now];
        }
        const bool by_rule = !one.set_by_people && one.now != one.read;  // says nothing of whether it was right
        if ((!one.answered && !one.corrected()) || by_rule) continue;
        auto& as_sure = figures.certainty[step_of(one.confidence)];
        ++as_sure.requests;
        as_sure.kept += one.corrected() ? 0 : 1;
        as_sure.mean += one.confidence;
    }
    for (auto& as_sure : figures.certainty) {
        if (as_sure.requests > 0) as_sure.mean /= static_cast<double>(as_sure.requests);
    }
    for (auto& [name, one] : categories) {
        if (one.read == 0 && one.given == 0) continue;
        one.name = name;
        const auto& others = became[name];
        const auto most = std::ranges::max_element(others, {}, [](const auto& other) { return other.second; });
        if (most != others.end()) one.most_often = most->first;
        figures.categories.push_back(std::move(one));
    }
    std::ranges::sort(figures.categories,
                      [](const auto& a, const auto& b) { return std::tie(b.read, a.name) < std::tie(a.read, b.name); });
    return figures;
}

}  // namespace okpay::desk
