// SPDX-License-Identifier: Apache-2.0
// Macros as they are read, and what one would write and do on a request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/desk_views.hpp"
#include "store/macro_store.hpp"

namespace okpay::service {

struct MacroView {
    struct Version {
        store::MacroVersionRow row;
        Person staff;
    };
    store::MacroRow row;
    store::MacroVersionRow newest;
    Person updated_by;
    std::optional<Person> person;   // to whom it assigns
    std::vector<Version> history{};  // newest first, macro_versions_shown_max; of a single macro
};

struct MacroRequest {
    std::string ticket;  // request number
    std::int64_t macro;
    std::optional<PaymentId> payment;  // for the places that need one
    customers::StaffNo agent;
};

// Nothing is changed by it. Its text says no amount but that of `figure` and what the customer wrote.
struct MacroPreview {
    MacroView macro;
    desk::Language language;          // the customer's
    std::string text;                 // filled in; empty: it writes no answer
    std::optional<PaymentId> figure;  // the payment that the text names: to be sent along
};
struct MacroRefusal {
    std::string code, detail;  // not_found, macro_retired, macro_needs_payment, unbound_amount
};

}  // namespace okpay::service
