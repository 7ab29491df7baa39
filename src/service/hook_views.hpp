// SPDX-License-Identifier: Apache-2.0
// What web hooks are told from, and what their owners see of them.
#pragma once

#include "payments/dispute.hpp"
#include "service/payment_views.hpp"
#include "store/hook_store.hpp"

namespace okpay::service {

struct HookStanding {
    std::vector<store::HookEndpoint> enabled;
    std::vector<store::HookDelivery> waiting;  // of those, oldest first
};

// What an event is about, as it stands now. All of it is empty for a ping.
struct HookSubject {
    std::optional<PaymentView> payment;
    std::optional<payments::Dispute> dispute;
    struct Ticket {
        std::string number, state;
    };
    std::optional<Ticket> ticket;
};

struct HookDeliveryPage {
    std::vector<store::HookDelivery> items;
    std::optional<std::int64_t> next;
};

}  // namespace okpay::service
