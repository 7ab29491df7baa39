// SPDX-License-Identifier: Apache-2.0
#include "payments/money_request.hpp"

#include <gtest/gtest.h>

namespace okpay::payments {
namespace {

constexpr std::array all_states{MoneyRequestState::pending, MoneyRequestState::paid, MoneyRequestState::declined,
                                MoneyRequestState::canceled, MoneyRequestState::expired};
constexpr std::array all_events{MoneyRequestEvent::pay, MoneyRequestEvent::decline, MoneyRequestEvent::cancel,
                                MoneyRequestEvent::expire};

TEST(MoneyRequest, only_a_pending_one_changes_and_each_event_ends_it_in_its_own_way) {
    std::vector<std::string_view> ends;
    for (const MoneyRequestEvent event : all_events) {
        ends.push_back(name_of(after(MoneyRequestState::pending, event).value()));
        for (const MoneyRequestState state : all_states) {
            if (state != MoneyRequestState::pending) EXPECT_FALSE(after(state, event)) << name_of(state);
        }
    }
    EXPECT_EQ(ends, (std::vector<std::string_view>{"paid", "declined", "canceled", "expired"}));
}

TEST(MoneyRequest, states_are_read_back_as_they_were_stored) {
    for (const MoneyRequestState state : all_states) {
        EXPECT_EQ(money_request_state_of_number(static_cast<std::int64_t>(state)), state);
    }
    EXPECT_FALSE(money_request_state_of_number(0));
    EXPECT_FALSE(money_request_state_of_number(6));
}

TEST(MoneyRequest, whoever_holds_the_link_may_pay_an_open_one_and_nobody_else_a_named_one) {
    const auto li = customers::CustomerNo{1};
    const auto zoe = customers::CustomerNo{2};
    const auto max = customers::CustomerNo{3};
    MoneyRequest request{.no = 1,
                         .id = MoneyRequestId::of(Moment{}, Bytes(10, 'x')),
                         .key = {},
                         .payee = li,
                         .payer = std::nullopt,
                         .payer_said = "",
                         .amount = *money::Money::of_minor(100, money::Currency::cny),
                         .memo = "",
                         .expires = {},
                         .created = {}};
    EXPECT_TRUE(request.may_be_paid_by(zoe));
    EXPECT_FALSE(request.may_be_paid_by(li)) << "nobody pays oneself";
    request.payer_said = "nobody@example.org";
    EXPECT_FALSE(request.may_be_paid_by(zoe)) << "an address that is nobody's is no open request";
    request.payer = zoe;
    EXPECT_TRUE(request.may_be_paid_by(zoe));
    EXPECT_FALSE(request.may_be_paid_by(max));
}

}  // namespace
}  // namespace okpay::payments
