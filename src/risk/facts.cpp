// SPDX-License-Identifier: Apache-2.0
#include "risk/facts.hpp"

#include <array>
#include <cstdlib>

namespace okpay::risk {

std::string_view name_of(Operation operation) {
    switch (operation) {
    case Operation::sign_in: return "sign_in";
    case Operation::pay: return "pay";
    case Operation::send: return "send";
    case Operation::withdraw: return "withdraw";
    case Operation::exchange: return "exchange";
    }
    std::abort();
}

std::optional<Operation> operation_of_name(std::string_view name) {
    for (const Operation operation :
         {Operation::sign_in, Operation::pay, Operation::send, Operation::withdraw, Operation::exchange}) {
        if (name_of(operation) == name) return operation;
    }
    return std::nullopt;
}

void SlotCount::add(Moment at, std::int64_t minor) {
    const std::int64_t slot = slot_of(at);
    if (slot > newest_) {
        in_previous_ = slot == newest_ + 1 ? in_newest_ : Seen{};
        in_newest_ = {};
        newest_ = slot;
    }
    Seen& seen = slot == newest_ ? in_newest_ : in_previous_;  // a clock that lags counts as a moment ago
    ++seen.count;
    seen.minor += minor;
}

SlotCount::Seen SlotCount::seen(Moment now) const {
    const std::int64_t slot = slot_of(now);
    if (slot > newest_ + 1) return {};
    if (slot == newest_ + 1) return in_newest_;
    return {in_newest_.count + in_previous_.count, in_newest_.minor + in_previous_.minor};
}

bool SlotCount::is_over(Moment now) const { return slot_of(now) > newest_ + 1; }

}  // namespace okpay::risk
