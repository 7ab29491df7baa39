// SPDX-License-Identifier: Apache-2.0
#include "service/ticket_parts.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.hpp"
#include "desk/lifecycle.hpp"
#include "desk/ticket_links.hpp"
#include "service/handlers.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {

store::TicketRow where_it_goes_on(Books& books, store::TicketRow row) {
    const desk::TicketNo on = store::goes_on_in(books.connection(), row.ticket.no);
    if (on == row.ticket.no) return row;
    auto target = store::find_ticket(books.connection(), on).value();
    // Merged by a supervisor across customers: nothing that one of them writes is put before the other.
    return desk::same_party(row.ticket, target.ticket) ? target : row;
}

desk::KnownTicket known_ticket(Books& books, const desk::Ticket& ticket) {
    const store::TicketRow on = where_it_goes_on(books, {.ticket = ticket, .preview = "", .reading = ""});
    return {on.ticket.no, ticket.party_address, on.ticket.state};
}

void wake(Books& books, const desk::Ticket& ticket, Moment at, std::string_view why,
          std::optional<customers::StaffNo> staff) {
    if (!store::end_snooze(books.connection(), ticket.no)) return;
    store::insert_event(books.connection(), ticket.no, at, "woke", staff, json_text({{"why", std::string{why}}}));
    books.news().tickets.push_back(ticket.request_number);
}

std::optional<Answer> may_not_snooze(const desk::Ticket& ticket, Moment now, Moment until) {
    const auto wrong = desk::may_snooze(ticket, now, until);
    if (!wrong) return std::nullopt;
    switch (*wrong) {
    case desk::SnoozeRefusal::ended: return refused("ticket_closed", "this request is solved or closed");
    case desk::SnoozeRefusal::past: return refused("snooze_past", "until: a moment that is still to come");
    case desk::SnoozeRefusal::too_long:
        return refused("snooze_too_long", fmt::format("until: {} days at most", desk::snooze_max.count()));
    case desk::SnoozeRefusal::past_clock: {
        const auto clock = desk::running_clock(ticket).value();
        return refused("snooze_past_clock", fmt::format("the clock {} runs out at {}: not past it",
                                                        desk::name_of(clock.kind), rfc3339(clock.due)));
    }
    }
    std::abort();
}

void put_to_sleep(Books& books, const desk::Ticket& ticket, Moment until, customers::StaffNo staff, Moment at) {
    store::put_snooze(books.connection(), {.ticket = ticket.no, .until = until, .staff = staff, .at = at});
    store::insert_event(books.connection(), ticket.no, at, "snoozed", staff, json_text({{"until", rfc3339(until)}}));
    books.news().tickets.push_back(ticket.request_number);
}

std::optional<std::string> workspace_page(const Context& context) {
    std::string_view base = context.settings().public_url;
    while (base.ends_with('/')) base.remove_suffix(1);
    const bool local =
        base.starts_with("http://localhost") || base.starts_with("http://127.") || base.starts_with("http://[::1]");
    return base.empty() || local ? std::nullopt : std::optional{fmt::format("{}/console", base)};
}

std::string reply_subject(const desk::Ticket& ticket) {
    const std::string mark = "[" + ticket.request_number + "]";
    const std::string_view subject = ticket.subject;
    const bool has_prefix = equal_ignoring_ascii_case(subject.substr(0, 3), "re:");
    return fmt::format("{}{} {}", has_prefix ? "" : "Re: ", subject, mark);
}

std::vector<desk::Message> words_of_customer(store::Connection& connection, const desk::Ticket& ticket) {
    std::vector<desk::Message> words;
    const auto add = [&](desk::TicketNo no) {
        for (desk::Message& message : store::messages_of(connection, no)) {
            if (message.direction == desk::Direction::inbound && message.author == desk::Author::customer)
                words.push_back(std::move(message));
        }
    };
    add(ticket.no);
    for (const desk::TicketNo merged : store::merged_with(connection, ticket.no)) {
        if (desk::same_party(ticket, store::find_ticket(connection, merged).value().ticket)) add(merged);
    }
    return words;
}

}  // namespace okpay::service
