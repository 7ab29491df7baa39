// SPDX-License-Identifier: Apache-2.0
// Members of staff follow requests, are named in notes, and say how far they have seen. A request is not changed by it: its
// version and its place in the lists stay.
#include <fmt/format.h>

#include <algorithm>

#include "customers/permissions.hpp"
#include "desk/follows.hpp"
#include "service/follow_parts.hpp"
#include "service/handlers.hpp"
#include "store/follow_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using customers::StaffNo;
using desk::Ticket;

Answer no_ticket() { return refused(codes::not_found, "there is no such request"); }
Answer done_for(const Ticket& ticket) { return Answer{.number = number_of(ticket.no), .text = ticket.request_number}; }

Answer refused(desk::FollowRefusal refusal) {
    return service::refused(desk::code_of(refusal), std::string{desk::sentence_en(refusal)});
}

void audit(Books& books, const Command& command, std::string_view action, const Ticket& ticket) {
    books.audit(command.at, command.actor, action, fmt::format("ticket:{}", number_of(ticket.no)), "{}");
    books.news().tickets.push_back(ticket.request_number);
}

// The request and the member of staff who reads it; or why not.
struct Reader {
    store::StaffRow staff;
    Ticket ticket;
};
Result<Reader, Answer> reader_of(Books& books, const Command& command, const std::string& number) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, Permission::read_tickets, staff)) return fail(*std::move(no));
    const auto row = store::find_ticket(books.connection(), number);
    if (!row || !may_see(books, *staff, row->ticket)) return fail(no_ticket());
    return Reader{*std::move(staff), row->ticket};
}

}  // namespace

bool may_see(Books& books, const store::StaffRow& staff, const Ticket& ticket) {
    if (!customers::may(staff.role, Permission::read_tickets)) return false;
    const auto keeps_away = [&](const Ticket& one) { return one.customer && has_to_do_with(books, staff, *one.customer); };
    if (keeps_away(ticket)) return false;
    return std::ranges::none_of(store::merged_with(books.connection(), ticket.no), [&](desk::TicketNo no) {
        return keeps_away(store::find_ticket(books.connection(), no).value().ticket);
    });
}

std::vector<std::int64_t> each_once(std::vector<std::int64_t> staff) {
    std::ranges::sort(staff);
    const auto again = std::ranges::unique(staff);
    staff.erase(again.begin(), again.end());
    return staff;
}

std::optional<Answer> may_not_mention(Books& books, const Ticket& ticket, const std::vector<std::int64_t>& staff) {
    if (staff.empty()) return std::nullopt;
    if (staff.size() > desk::mentions_max) return refused(desk::FollowRefusal::too_many_mentions);  // none is looked up
    std::vector<desk::Colleague> named;
    for (const std::int64_t no : staff) {
        const auto row = store::find_staff(books.connection(), StaffNo{no});
        const bool works_here = row && row->enrolled && !row->disabled;
        named.push_back({.may_see = works_here && may_see(books, *row, ticket),
                         .follows = store::find_follow(books.connection(), ticket.no, StaffNo{no}).has_value()});
    }
    const auto why = desk::may_mention(named, store::followers_of(books.connection(), ticket.no).size());
    return why ? std::optional{refused(*why)} : std::nullopt;
}

void mention(Books& books, const desk::Message& note, desk::SeenMark before, const std::vector<std::int64_t>& staff) {
    for (const std::int64_t no : staff) {
        store::insert_mention(books.connection(), note, StaffNo{no});
        if (store::find_follow(books.connection(), note.ticket, StaffNo{no})) continue;
        store::insert_follow(books.connection(),
                             {.ticket = note.ticket, .staff = StaffNo{no}, .since = note.at, .seen = before});
    }
}

void bring_followers(Books& books, const Ticket& from, const Ticket& into, Moment at) {
    const desk::SeenMark newest = store::newest_of(books.connection(), into.no);
    for (const store::FollowRow& row : store::followers_of(books.connection(), from.no)) {
        if (store::find_follow(books.connection(), into.no, row.staff)) continue;
        const auto staff = store::find_staff(books.connection(), row.staff).value();
        // Merged by a supervisor across customers: who has to do with the other one stays behind.
        if (!may_see(books, staff, into) || !may_see(books, staff, from)) continue;
        store::insert_follow(books.connection(), {.ticket = into.no, .staff = row.staff, .since = at, .seen = newest});
    }
}

Answer handle(Books& books, const Context&, const Command& command, const FollowTicket& body) {
    const auto reader = reader_of(books, command, body.ticket);
    if (!reader) return reader.error();
    const auto& [staff, ticket] = *reader;
    if (store::find_follow(books.connection(), ticket.no, staff.no)) return done_for(ticket);  // it is what was asked for
    const auto followers = store::followers_of(books.connection(), ticket.no).size();
    if (const auto why = desk::may_follow({.may_see = true, .follows = false}, followers)) return refused(*why);
    store::insert_follow(books.connection(), {.ticket = ticket.no,
                                              .staff = staff.no,
                                              .since = command.at,
                                              .seen = store::newest_of(books.connection(), ticket.no)});
    audit(books, command, "follow", ticket);
    return done_for(ticket);
}

Answer handle(Books& books, const Context&, const Command& command, const UnfollowTicket& body) {
    const auto reader = reader_of(books, command, body.ticket);
    if (!reader) return reader.error();
    const auto& [staff, ticket] = *reader;
    if (!store::find_follow(books.connection(), ticket.no, staff.no)) return done_for(ticket);
    store::end_follow(books.connection(), ticket.no, staff.no);
    audit(books, command, "unfollow", ticket);
    return done_for(ticket);
}

Answer handle(Books& books, const Context&, const Command& command, const MarkSeen& body) {
    const auto reader = reader_of(books, command, body.ticket);
    if (!reader) return reader.error();
    const auto& [staff, ticket] = *reader;
    const auto mark = desk::SeenMark::parse(body.mark);
    if (!mark) return service::refused(codes::invalid, "mark: not one of this request");
    auto row = store::find_follow(books.connection(), ticket.no, staff.no);
    if (!row) return done_for(ticket);  // nobody counts what it has seen
    const desk::SeenMark after = desk::moved_on(row->seen, *mark, store::newest_of(books.connection(), ticket.no));
    if (after == row->seen) return done_for(ticket);
    row->seen = after;
    store::set_seen(books.connection(), *row);
    books.news().tickets.push_back(ticket.request_number);  // for the other devices of the same person
    return done_for(ticket);
}

}  // namespace okpay::service
