// SPDX-License-Identifier: Apache-2.0
#include "payments/money_request.hpp"

#include <array>

namespace okpay::payments {
namespace {

struct Transition {
    MoneyRequestState from;
    MoneyRequestEvent event;
    MoneyRequestState to;
};
constexpr std::array transitions{
    Transition{MoneyRequestState::pending, MoneyRequestEvent::pay, MoneyRequestState::paid},
    Transition{MoneyRequestState::pending, MoneyRequestEvent::decline, MoneyRequestState::declined},
    Transition{MoneyRequestState::pending, MoneyRequestEvent::cancel, MoneyRequestState::canceled},
    Transition{MoneyRequestState::pending, MoneyRequestEvent::expire, MoneyRequestState::expired},
};

}  // namespace

std::optional<MoneyRequestState> after(MoneyRequestState state, MoneyRequestEvent event) {
    for (const Transition& transition : transitions) {
        if (transition.from == state && transition.event == event) return transition.to;
    }
    return std::nullopt;
}

std::string_view name_of(MoneyRequestState state) {
    switch (state) {
    case MoneyRequestState::pending: return "pending";
    case MoneyRequestState::paid: return "paid";
    case MoneyRequestState::declined: return "declined";
    case MoneyRequestState::canceled: return "canceled";
    case MoneyRequestState::expired: return "expired";
    }
    std::abort();
}

std::optional<MoneyRequestState> money_request_state_of_number(std::int64_t number) {
    constexpr auto last = static_cast<std::int64_t>(MoneyRequestState::expired);
    if (number < 1 || number > last) return std::nullopt;
    return static_cast<MoneyRequestState>(number);
}

bool MoneyRequest::may_be_paid_by(customers::CustomerNo customer) const {
    return customer != payee && (is_open_to_anyone() || payer == customer);
}

}  // namespace okpay::payments
