// SPDX-License-Identifier: Apache-2.0
#include "desk/sorting_figures.hpp"

#include <gtest/gtest.h>

namespace okpay::desk {
namespace {

using std::chrono::days;

const Moment now = moment_of_ms(1'800'000'000'000);
const Moment from = now - days{28};

SortedRequest request(Moment opened, std::string read, std::string become = "", double confidence = 0.95) {
    SortedRequest one{.opened = opened, .read = read, .now = become.empty() ? read : become, .confidence = confidence};
    one.set_by_people = !become.empty();
    return one;
}

TEST(SortingFigures, none_of_none) {
    const auto figures = sorting_figures({}, from, now);
    EXPECT_EQ(figures.read, 0);
    EXPECT_TRUE(figures.categories.empty());
    ASSERT_EQ(figures.weeks.size(), 4U);
    EXPECT_EQ(figures.weeks[3].from, from + days{21});
    EXPECT_EQ(figures.certainty.size(), 6U);
}

TEST(SortingFigures, what_was_taken_from_a_category_and_given_to_another) {
    const std::vector<SortedRequest> requests{request(from, "refund"),
                                              request(from + days{1}, "refund", "duplicate_charge"),
                                              request(from + days{8}, "refund", "duplicate_charge"),
                                              request(from + days{9}, "refund", "complaint"),
                                              request(from + days{9}, "refund", "refund"),  // changed, and back
                                              request(from + days{27}, "unclear", "card"),
                                              request(from - days{1}, "refund"),
                                              request(now, "spam")};
    const auto figures = sorting_figures(requests, from, now);
    EXPECT_EQ(figures.read, 6);
    EXPECT_EQ(figures.corrected, 4);
    ASSERT_EQ(figures.categories.size(), 5U);
    const auto& refund = figures.categories[0];
    EXPECT_EQ(refund.name, "refund");
    EXPECT_EQ(refund.read, 5);
    EXPECT_EQ(refund.before, 1);
    EXPECT_EQ(refund.taken_away, 3);
    EXPECT_EQ(refund.given, 0);
    EXPECT_EQ(refund.most_often, "duplicate_charge");
    EXPECT_EQ(figures.categories[1].name, "unclear");
    EXPECT_EQ(figures.categories[2].name, "card");
    EXPECT_EQ(figures.categories[2].given, 1);
    EXPECT_EQ(figures.categories[4].name, "duplicate_charge");
    EXPECT_EQ(figures.categories[4].given, 2);
    EXPECT_EQ(figures.weeks[0].read, 2);
    EXPECT_EQ(figures.weeks[0].corrected, 1);
    EXPECT_EQ(figures.weeks[1].corrected, 2);
    EXPECT_EQ(figures.weeks[3].unclear, 1);
}

TEST(SortingFigures, as_sure_as_right_of_those_that_people_looked_at) {
    std::vector<SortedRequest> requests{request(from, "card", "", 1.0), request(from, "card", "refund", 0.9),
                                        request(from, "card", "", 0.92), request(from, "card", "", 0.5)};
    requests[0].answered = requests[3].answered = true;  // of the third nobody knows
    const auto figures = sorting_figures(requests, from, now);
    const auto& surest = figures.certainty[5];
    EXPECT_EQ(surest.requests, 2);
    EXPECT_EQ(surest.kept, 1);
    EXPECT_DOUBLE_EQ(surest.mean, 0.95);
    EXPECT_EQ(figures.certainty[1].requests, 1);
    EXPECT_EQ(figures.certainty[1].kept, 1);
    EXPECT_EQ(figures.certainty[0].requests, 0);
}

}  // namespace
}  // namespace okpay::desk
