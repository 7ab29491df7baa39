// SPDX-License-Identifier: Apache-2.0
// What customers were asked for, once a request; desk/ask_facts.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "desk/ticket.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct AskedFacts {
    desk::TicketNo ticket;
    std::vector<std::string> asked, given;
    Moment at;
    std::optional<Moment> answered{};  // when the customer first said something after it
};
void insert_asked_facts(Connection& connection, const AskedFacts& facts);
void update_asked_facts(Connection& connection, const AskedFacts& facts);  // given, answered
std::optional<AskedFacts> find_asked_facts(Connection& connection, desk::TicketNo ticket);

}  // namespace okpay::store
