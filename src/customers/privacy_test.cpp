// SPDX-License-Identifier: Apache-2.0
// When a person may be erased, in the order in which what stands in the way is named; and who joins by the word of two.
#include <gtest/gtest.h>

#include "customers/privacy.hpp"

namespace okpay::customers {
namespace {

const Moment now = moment_of_ms(1'000'000);

struct Case {
    std::string_view name;
    ErasureObstacles obstacles;
    std::string_view want;  // empty: may be erased
};
const std::array cases{
    Case{"nothing in the way", {}, ""},
    Case{"a hold comes before everything that could be ended",
         {.legal_hold = true, .lock = true, .money = true, .accounts_open = true},
         "legal_hold"},
    Case{"twice", {.erased = true, .legal_hold = true}, "already_erased"},
    Case{"a lock", {.lock = true, .money = true}, "customer_locked"},
    Case{"a payment before the money that it sets aside", {.money = true, .payments_open = true}, "payments_open"},
    Case{"money", {.money = true, .accounts_open = true}, "money_held"},
    Case{"an open account", {.accounts_open = true, .requests_open = true}, "accounts_open"},
    Case{"a request", {.requests_open = true, .identity_open = true}, "requests_open"},
    Case{"a change", {.identity_open = true}, "identity_open"},
    Case{"papers a moment too early", {.files_kept_until = moment_of_ms(1'000'001)}, "files_kept_by_law"},
    Case{"papers in the moment", {.files_kept_until = now}, ""},
};

TEST(MayErase, names_the_first_that_stands_in_the_way) {
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        const auto refusal = may_erase(c.obstacles, now);
        EXPECT_EQ(refusal ? code_of(*refusal) : "", c.want);
        if (refusal) { EXPECT_FALSE(sentence_en(*refusal).empty()); }
    }
}

TEST(StaffApproval, is_needed_by_whoever_approves) {
    EXPECT_TRUE(needs_approval(Role::admin));
    EXPECT_TRUE(needs_approval(Role::supervisor));
    EXPECT_TRUE(needs_approval(Role::risk));
    EXPECT_TRUE(needs_approval(Role::agent)) << "of refunds";
    EXPECT_FALSE(needs_approval(Role::technical));
    EXPECT_FALSE(needs_approval(Role::auditor));
}

TEST(StaffRelation, is_read_as_it_is_written) {
    for (const StaffRelation relation : {StaffRelation::self, StaffRelation::household, StaffRelation::other}) {
        EXPECT_EQ(staff_relation_of_name(name_of(relation)), relation);
    }
    EXPECT_FALSE(staff_relation_of_name("none"));
}

}  // namespace
}  // namespace okpay::customers
