// SPDX-License-Identifier: Apache-2.0
// Changes of what stands of a customer, and the one request that a case session sees.
#include <algorithm>

#include "service/queries_parts.hpp"
#include "store/change_store.hpp"
#include "store/phone_store.hpp"

namespace okpay::service {
namespace {

using customers::Change;
using customers::CustomerNo;
using store::Connection;

ChangeView view_of(Connection& connection, parts::People& people, Change change) {
    const auto customer = store::find_customer(connection, change.customer);
    if (!customer) parts::missing("customer", number_of(change.customer));
    ChangeView view{.change = std::move(change),
                    .proposer = {},
                    .decider = {},
                    .ticket = {},
                    .customer = customer->id,
                    .customer_email = customer->email};
    view.proposer = people.find(view.change.proposer);
    view.decider = people.find(view.change.decider);
    if (view.change.ticket != 0) {
        const auto row = store::find_ticket(connection, desk::TicketNo{view.change.ticket});
        if (!row) parts::missing("ticket", view.change.ticket);
        view.ticket = row->ticket.request_number;
    }
    return view;
}

std::vector<ChangeView> views_of(Connection& connection, std::vector<Change> changes) {
    parts::People people{connection};
    std::vector<ChangeView> views;
    for (Change& change : changes) views.push_back(view_of(connection, people, std::move(change)));
    return views;
}

std::optional<ChangeView> one(Connection& connection, std::optional<Change> change) {
    if (!change) return std::nullopt;
    parts::People people{connection};
    return view_of(connection, people, *std::move(change));
}

}  // namespace

Read<PhoneView> Queries::phone(CustomerNo customer) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        PhoneView view{.stands = store::phone_of(connection, customer),
                       .open = store::open_phone_change(connection, customer),
                       .code = std::nullopt};
        if (view.open) view.code = store::phone_code_of_change(connection, view.open->no);
        return view;
    });
}

Read<std::optional<ChangeView>> Queries::change(std::int64_t no) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return one(connection, store::find_change(connection, no));
    });
}

Read<std::optional<ChangeView>> Queries::change(const customers::ChangeId& id) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return one(connection, store::find_change(connection, id));
    });
}

Read<ChangePage> Queries::changes(CustomerNo customer, std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        auto rows = store::changes_of(connection, customer, before, limit + 1);
        ChangePage page;
        if (std::ssize(rows) > limit) {
            rows.pop_back();
            page.next = rows.back().no;
        }
        page.items = views_of(connection, std::move(rows));
        return page;
    });
}

Read<std::vector<ChangeView>> Queries::ticket_changes(desk::TicketNo ticket) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return views_of(connection, store::changes_of_ticket(connection, ticket));
    });
}

Read<std::vector<ChangeView>> Queries::waiting_changes(std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return views_of(connection, store::proposed_changes(connection, limit));
    });
}

Read<std::optional<CaseView>> Queries::case_by_session(ByteView session_hash, Moment now) {
    return pool_.read([&](Connection& connection) -> std::optional<CaseView> {
        const Snapshot snapshot{connection};
        const auto hash = hash_of(session_hash);
        auto access = hash ? store::find_case_by_session(connection, *hash) : std::nullopt;
        if (!access || !customers::session_lives(*access, now)) return std::nullopt;
        // Where the request goes on in another one of the same customer, the answers do.
        desk::TicketNo ticket{access->ticket};
        auto row = store::find_ticket(connection, ticket);
        const auto on = row ? store::find_ticket(connection, store::goes_on_in(connection, ticket)) : std::nullopt;
        if (on && desk::same_party(row->ticket, on->ticket)) {
            ticket = on->ticket.no;
            row = on;
        }
        const auto customer = store::find_customer(connection, access->customer);
        if (!row || !customer) return std::nullopt;
        CaseView view{.access = *std::move(access),
                      .row = *std::move(row),
                      .language = customer->language,
                      .newest_word = std::nullopt,
                      .files = store::case_files_of(connection, ticket),
                      .answers = {}};
        view.asked = store::find_asked_facts(connection, ticket);
        for (desk::Message& message : store::messages_of(connection, ticket)) {
            const bool theirs = message.direction == desk::Direction::inbound && message.author == desk::Author::customer &&
                                !message.mail && message.assurance >= customers::Assurance::a2_one_time_link;
            if (theirs) {
                view.answers.push_back(std::move(message));
            } else if (message.direction == desk::Direction::outbound) {
                view.newest_word = std::move(message);
            }
        }
        return view;
    });
}

}  // namespace okpay::service
