// SPDX-License-Identifier: Apache-2.0
#include "desk/incident_refunds.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace okpay::desk {
namespace {

using money::Currency;
using money::Money;

Remedy refund(std::int64_t minor, Currency currency = Currency::cny, std::string reason = "duplicate",
              std::int64_t duplicate_of = 7) {
    return {.no = RemedyNo{1},
            .id = RemedyId{},
            .ticket = TicketNo{1},
            .kind = RemedyKind::refund,
            .duplicate_of = duplicate_of,
            .amount = Money::of_minor(minor, currency).value(),
            .reason = std::move(reason),
            .proposer = customers::StaffNo{1}};
}

const std::vector<TogetherCaps> caps{{Currency::cny, 1'000, 2'500}, {Currency::jpy, 300, 300}};

struct TogetherCase {
    std::string_view name;
    std::vector<Remedy> remedies;
    std::optional<TogetherRefusal> want;
};
const std::vector<TogetherCase> together_cases{
    {"none", {}, TogetherRefusal::none_named},
    {"one at its cap", {refund(1'000)}, std::nullopt},
    {"one above", {refund(1'001)}, TogetherRefusal::above_item_cap},
    {"as much as may be", {refund(1'000), refund(1'000), refund(500)}, std::nullopt},
    {"one unit more", {refund(1'000), refund(1'000), refund(501)}, TogetherRefusal::above_total_cap},
    {"another currency", {refund(100), refund(100, Currency::jpy)}, TogetherRefusal::not_alike},
    {"all in another currency", {refund(100, Currency::jpy), refund(100, Currency::jpy)}, std::nullopt},
    {"a currency without caps", {refund(100, Currency::usd)}, TogetherRefusal::off},
    {"another reason", {refund(100), refund(100, Currency::cny, "goodwill")}, TogetherRefusal::not_alike},
    {"one without a twin", {refund(100), refund(100, Currency::cny, "duplicate", 0)}, TogetherRefusal::not_alike},
    {"fifty", std::vector<Remedy>(approved_together_max, refund(1)), std::nullopt},
    {"fifty-one", std::vector<Remedy>(approved_together_max + 1, refund(1)), TogetherRefusal::too_many},
};

TEST(IncidentRefunds, may_be_approved_together_where_they_are_alike_and_small) {
    for (const auto& [name, remedies, want] : together_cases) EXPECT_EQ(may_approve_together(remedies, caps), want) << name;
    EXPECT_EQ(may_approve_together(std::vector{refund(1)}, {}), TogetherRefusal::off) << "off unless somebody wrote caps";
    const std::vector other{refund(100), [] {
                                Remedy one = refund(100);
                                one.kind = RemedyKind::unlock_account;
                                return one;
                            }()};
    EXPECT_EQ(may_approve_together(other, caps), TogetherRefusal::not_alike);
}

}  // namespace
}  // namespace okpay::desk
