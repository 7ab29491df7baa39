// SPDX-License-Identifier: Apache-2.0
// What people set right of how requests were sorted, for the ordered writer and for who reads; desk/sorting.hpp.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "desk/sorting.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct SortingRow {
    std::int64_t no;
    desk::TicketNo ticket;
    Moment at;
    std::optional<customers::StaffNo> staff;  // none: the customer's later mail raised it
    desk::SortedWhat what;
    std::string was, became;
};
void insert_sorting(Connection& connection, const SortingRow& row);  // never changed

// A request whose category people set: what they made of it last, and the words that opened it, masked; none where they
// were erased. No statement is open while one is visited.
struct CorrectedRequest {
    std::string category;  // now
    std::string subject, text;
};
void each_corrected(Connection& connection, const std::function<void(const CorrectedRequest&)>& visit);  // by number

// Those opened at `since` or later among the `newest` of all, the newest first.
struct SortedRequest {
    Moment opened;
    std::string category;  // now
    bool set_by_people = false;
    bool answered = false;
    std::string reading;
};
void each_sorted(Connection& connection, Moment since, std::int64_t newest,
                 const std::function<void(const SortedRequest&)>& visit);

}  // namespace okpay::store
