// SPDX-License-Identifier: Apache-2.0
// Side threads as staff read them. Nothing of them is in what a customer reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/desk_views.hpp"
#include "store/side_store.hpp"

namespace okpay::service {

struct SideMessageView {
    store::SideMessageRow row;
    std::optional<Person> staff;
    std::optional<Delivery> delivery;         // of what we sent
    std::optional<store::ScanState> files{};  // of a mail known to have files; else none
    std::string authentication{};             // of a mail: who really sent it, JSON of mail_evidence.hpp
};

struct SideThreadView {
    desk::SideThread thread;
    std::string request{};  // number of the merged request that it belongs to; empty: to this one
    Person opened_by;
    std::optional<Person> closed_by;
    std::vector<SideMessageView> messages;  // oldest first
};

struct CounterpartyView {
    store::CounterpartyRow row;
    Person updated_by;
};

}  // namespace okpay::service
