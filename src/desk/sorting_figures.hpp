// SPDX-License-Identifier: Apache-2.0
// How well triage sorts, counted from what people made of it: by category, by week, and whether it was as sure as it was
// right (a reliability table: Murphy and Winkler 1977).
//
//   Corrected  people gave it another category than triage read. What they changed and changed back is not.
//   Kept       of requests that staff answered or corrected: the category that triage read stayed. A request that nobody
//              has looked at says nothing.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"

namespace okpay::desk {

struct SortedRequest {
    Moment opened;
    std::string read, now;  // categories
    bool set_by_people = false;
    bool answered = false;
    double confidence = 0;  // 0 to 1, as triage said
    [[nodiscard]] bool corrected() const { return set_by_people && now != read; }
};

inline constexpr std::array certainty_steps{0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};

struct SortingFigures {
    struct Category {
        std::string name;
        std::int64_t read = 0, before = 0;  // in the days, and in as many before them
        std::int64_t taken_away = 0, given = 0;
        std::string most_often;  // what it should have been; empty where nothing was taken away
    };
    struct Week {
        Moment from;
        std::int64_t read = 0, unclear = 0, corrected = 0;
    };
    struct Certainty {
        double from = 0, to = 0;
        std::int64_t requests = 0, kept = 0;
        double mean = 0;
    };
    std::int64_t read = 0, corrected = 0;
    std::vector<Category> categories;  // the most frequent first, then by name
    std::vector<Week> weeks;           // the oldest first; the last one may be shorter
    std::vector<Certainty> certainty;
};
// Of the days from `from` to `now`; requests before them are those before. The order of the requests means nothing.
SortingFigures sorting_figures(std::span<const SortedRequest> requests, Moment from, Moment now);

}  // namespace okpay::desk
