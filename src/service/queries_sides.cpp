// SPDX-License-Identifier: Apache-2.0
// Side threads of a request, and the book of counterparties.
#include <algorithm>

#include "desk/request_number.hpp"
#include "service/queries_parts.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using store::Connection;

SideMessageView message_view(Connection& connection, parts::People& people, store::SideMessageRow row) {
    SideMessageView view{.row = std::move(row), .staff = std::nullopt, .delivery = std::nullopt};
    view.staff = people.find(view.row.staff);
    view.delivery = parts::delivery_of(connection, view.row.outgoing);
    if (!view.row.mail) return view;
    connection.query("SELECT authentication FROM inbound_mail WHERE no = $1", {*view.row.mail},
                     [&view](const store::Row& found) { view.authentication = found.text(0); });
    const auto scan = store::find_mail_scan(connection, *view.row.mail);
    if (scan && store::may_have_files(scan->state)) view.files = scan->state;
    return view;
}

SideThreadView thread_view(Connection& connection, parts::People& people, desk::SideThread thread, std::string request) {
    Person opened_by = people.find(thread.opened_by).value();
    auto closed_by = people.find(thread.closed_by);
    SideThreadView view{.thread = std::move(thread),
                        .request = std::move(request),
                        .opened_by = std::move(opened_by),
                        .closed_by = std::move(closed_by),
                        .messages = {}};
    for (store::SideMessageRow& row : store::side_messages_of(connection, view.thread.no))
        view.messages.push_back(message_view(connection, people, std::move(row)));
    return view;
}

}  // namespace

Read<std::optional<std::vector<SideThreadView>>> Queries::side_threads(std::string_view request_number) {
    return pool_.read([&](Connection& connection) -> std::optional<std::vector<SideThreadView>> {
        const Snapshot snapshot{connection};
        const auto number = desk::RequestNumber::parse(request_number);
        const auto row = number ? store::find_ticket(connection, number->text()) : std::nullopt;
        if (!row) return std::nullopt;
        parts::People people{connection};
        std::vector<SideThreadView> views;
        const auto add = [&](desk::TicketNo ticket, const std::string& request) {
            for (desk::SideThread& thread : store::side_threads_of(connection, ticket))
                views.push_back(thread_view(connection, people, std::move(thread), request));
        };
        add(row->ticket.no, "");
        for (const desk::TicketNo merged : store::merged_with(connection, row->ticket.no))
            add(merged, store::find_ticket(connection, merged).value().ticket.request_number);
        std::ranges::sort(views, {}, [](const SideThreadView& view) { return number_of(view.thread.no); });
        return views;
    });
}

Read<std::vector<CounterpartyView>> Queries::counterparties() {
    return pool_.read([](Connection& connection) {
        const Snapshot snapshot{connection};
        parts::People people{connection};
        std::vector<CounterpartyView> views;
        for (store::CounterpartyRow& row : store::counterparties(connection)) {
            Person updated_by = people.find(row.updated_by).value();
            views.push_back({.row = std::move(row), .updated_by = std::move(updated_by)});
        }
        return views;
    });
}

}  // namespace okpay::service
