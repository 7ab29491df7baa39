// SPDX-License-Identifier: Apache-2.0
// The requests of a customer, as the customer sees them.
#include <algorithm>

#include "service/queries.hpp"
#include "store/change_store.hpp"
#include "store/desk_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {

using store::Connection;
using store::Row;

namespace {

// Of the same customer: merged across customers by a supervisor, it just ended for whoever asked.
std::optional<std::string> continued_in(Connection& connection, const desk::Ticket& ticket) {
    const desk::TicketNo on = store::goes_on_in(connection, ticket.no);
    if (on == ticket.no) return std::nullopt;
    const auto row = store::find_ticket(connection, on).value();
    return row.ticket.customer == ticket.customer ? std::optional{row.ticket.request_number} : std::nullopt;
}

}  // namespace

Read<OwnRequestPage> Queries::own_requests(customers::CustomerNo customer, std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        std::vector<desk::TicketNo> found;
        connection.query("SELECT no FROM ticket WHERE customer = $1 AND ($2 = 0 OR no < $2) ORDER BY no DESC LIMIT $3",
                         {number_of(customer), before, limit + 1},
                         [&](const Row& row) { found.push_back(desk::TicketNo{row.integer(0)}); });
        OwnRequestPage page{.items = {}, .next = std::nullopt};
        if (std::ssize(found) > limit) {
            found.pop_back();
            page.next = number_of(found.back());
        }
        for (const desk::TicketNo no : found) {
            desk::Ticket ticket = store::find_ticket(connection, no).value().ticket;
            auto on = continued_in(connection, ticket);
            page.items.push_back({.ticket = std::move(ticket), .continued_in = std::move(on)});
        }
        return page;
    });
}

Read<std::optional<OwnRequest>> Queries::own_request(customers::CustomerNo customer, std::string_view request_number) {
    return pool_.read([&](Connection& connection) -> std::optional<OwnRequest> {
        const Snapshot snapshot{connection};
        auto row = store::find_ticket(connection, request_number);
        if (!row || row->ticket.customer != customer) return std::nullopt;
        OwnRequest request{.ticket = std::move(row->ticket), .messages = {}, .files = {}};
        request.files = store::case_files_of(connection, request.ticket.no);
        request.messages = store::messages_of(connection, request.ticket.no);
        request.continued_in = continued_in(connection, request.ticket);
        // What went on here from another request of the same customer is read here as well.
        const auto here = request.messages.size();
        for (const desk::TicketNo merged : store::merged_with(connection, request.ticket.no)) {
            if (store::find_ticket(connection, merged).value().ticket.customer != customer) continue;
            for (desk::Message& message : store::messages_of(connection, merged))
                request.messages.push_back(std::move(message));
        }
        if (request.messages.size() > here) {
            std::ranges::sort(request.messages, {},
                              [](const desk::Message& message) { return std::pair{message.at, message.no}; });
        }
        std::erase_if(request.messages,
                      [](const desk::Message& message) { return message.direction == desk::Direction::note; });
        return request;
    });
}

}  // namespace okpay::service
