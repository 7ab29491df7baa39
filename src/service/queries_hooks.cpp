// SPDX-License-Identifier: Apache-2.0
// Web hooks: what is due, what it is about, and what their owners see.
#include "desk/lifecycle.hpp"
#include "service/queries_parts.hpp"
#include "store/dispute_store.hpp"

namespace okpay::service {

using store::Connection;

Read<std::vector<store::HookEndpoint>> Queries::hook_endpoints(std::optional<customers::MerchantNo> merchant) {
    return pool_.read([&](Connection& connection) { return store::hook_endpoints_of(connection, merchant); });
}

Read<std::optional<store::HookEndpoint>> Queries::hook_endpoint(const store::HookEndpointId& id,
                                                                std::optional<customers::MerchantNo> merchant) {
    return pool_.read([&](Connection& connection) -> std::optional<store::HookEndpoint> {
        auto endpoint = store::find_hook_endpoint(connection, id);
        const bool theirs = endpoint && endpoint->state != store::HookState::removed && endpoint->merchant == merchant;
        if (!theirs) return std::nullopt;
        return endpoint;
    });
}

Read<HookDeliveryPage> Queries::hook_deliveries(std::int64_t endpoint, std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        HookDeliveryPage page{.items = store::hook_deliveries_of(connection, endpoint, before, limit + 1), .next = {}};
        if (std::ssize(page.items) > limit) {
            page.items.pop_back();
            page.next = page.items.back().no;
        }
        return page;
    });
}

Read<std::optional<store::HookDelivery>> Queries::hook_delivery(std::int64_t no) {
    return pool_.read([&](Connection& connection) { return store::find_hook_delivery(connection, no); });
}

Read<HookStanding> Queries::hook_standing() {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        HookStanding standing{.enabled = store::enabled_hook_endpoints(connection), .waiting = {}};
        if (!standing.enabled.empty()) standing.waiting = store::waiting_hook_deliveries(connection);
        return standing;
    });
}

Read<store::HookFeed> Queries::hook_feed(payments::HookOwner owner, store::HookPlace from, std::int64_t rows_max) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return store::hook_feed(connection, owner, from, rows_max);
    });
}

Read<HookSubject> Queries::hook_subject(store::HookSource source, std::int64_t position, std::int64_t object) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        HookSubject subject;
        switch (source) {
        case store::HookSource::payment_event: {
            const auto event = store::find_payment_event(connection, position);
            if (!event) parts::missing("payment_event", position);
            for (payments::Dispute& dispute : store::disputes_of(connection, event->payment)) {
                if (dispute.no == event->dispute) subject.dispute = std::move(dispute);
            }
            [[fallthrough]];
        }
        case store::HookSource::payment:
            subject.payment = parts::payment_view(connection, object);
            if (!subject.payment) parts::missing("payment", object);
            break;
        case store::HookSource::ticket_event:
        case store::HookSource::message:
            connection.query("SELECT request_number, state FROM ticket WHERE no = $1", {object},
                             [&subject](const store::Row& row) {
                                 const auto state = static_cast<desk::TicketState>(row.integer(1));
                                 subject.ticket = HookSubject::Ticket{row.string(0), std::string{desk::state_name(state)}};
                             });
            if (!subject.ticket) parts::missing("ticket", object);
            break;
        case store::HookSource::ping: break;
        }
        return subject;
    });
}

}  // namespace okpay::service
