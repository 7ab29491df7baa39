// SPDX-License-Identifier: Apache-2.0
// Inside service: how a request is sorted changes, by a person or by what the customer wrote later.
#pragma once

#include <vector>

#include "desk/sorting.hpp"
#include "service/books.hpp"
#include "store/desk_store.hpp"

namespace okpay::service {

inline constexpr std::size_t hand_over_octets_max = 8'000;  // of each part

// With its rows and events. The team that loses it has it no more: nobody is assigned but who is of the new one. The caller
// stores the request and tells the rules. Answers what changed.
std::vector<desk::SortedWhat> sort(Books& books, store::TicketRow& row, const desk::Sorting& to,
                                   std::optional<customers::StaffNo> staff, Moment at);

// Somebody says something otherwise than by mail: what was set aside is a request. The caller stores it.
void take_out(Books& books, store::TicketRow& row, Moment at);

}  // namespace okpay::service
