// SPDX-License-Identifier: Apache-2.0
// Clocks: who is told of those that run out, and what ends a promise besides a solved request.
#include <fmt/format.h>

#include <cstdlib>
#include <map>

#include "base/text.hpp"
#include "customers/permissions.hpp"
#include "desk/lifecycle.hpp"
#include "desk/staff_letters.hpp"
#include "service/handlers.hpp"
#include "service/money_parts.hpp"
#include "service/promise_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/desk_store.hpp"
#include "store/people_store.hpp"
#include "store/side_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using customers::StaffNo;
using desk::PromiseAlarm;
using store::PromiseRow;
using store::TicketRow;

constexpr std::size_t reason_octets_max = 2'000;

// Before its end and at it whoever has the request; where nobody has it, or an hour after its end, the supervisors as well.
class Telling {
public:
    explicit Telling(Books& books) : books_{books} {}

    void note(const desk::Ticket& ticket, const desk::ClockLine& line) {
        bool somebody = false;
        if (ticket.assignee) {
            const auto staff = store::find_staff(books_.connection(), *ticket.assignee);
            somebody = staff && !staff->disabled && staff->enrolled;
            if (somebody) add(staff->email, line);
        }
        if (somebody && !line.escalated) return;
        if (!supervisors_) supervisors_ = store::active_staff(books_.connection(), customers::Role::supervisor);
        for (const store::StaffRow& supervisor : *supervisors_) {
            if (!somebody || supervisor.no != *ticket.assignee) add(supervisor.email, line);
        }
    }

    // One letter a person, however many there are: after a weekend, or the first time.
    void send(const Context& context, const StepIds& ids, Moment at) const {
        const auto page = workspace_page(context);
        if (!page) return;
        for (const auto& [address, lines] : told_) {
            const desk::MailText letter = desk::letter_of_clocks(lines, *page);
            send_notice(books_, context,
                        {.kind = "staff_clock",
                         .id = ids.next<OutgoingId>("clocks " + address),
                         .recipient = address,
                         .subject = letter.subject,
                         .text = letter.body,
                         .at = at});
        }
    }

private:
    void add(const std::string& address, const desk::ClockLine& line) { told_[address].push_back(line); }

    Books& books_;
    std::map<std::string, std::vector<desk::ClockLine>> told_;  // by the address of who is told
    std::optional<std::vector<store::StaffRow>> supervisors_;
};

std::string_view event_of(desk::ClockAlarm alarm) {
    switch (alarm) {
    case desk::ClockAlarm::runs_out: return "clock_runs_out";
    case desk::ClockAlarm::ran_out: return "clock_ran_out";
    case desk::ClockAlarm::escalated: return "clock_escalated";
    }
    std::abort();
}

std::string_view name_of(PromiseAlarm alarm) {
    switch (alarm) {
    case PromiseAlarm::none: return "none";
    case PromiseAlarm::runs_out: return "runs_out";
    case PromiseAlarm::ran_out: return "ran_out";
    case PromiseAlarm::escalated: return "escalated";
    }
    std::abort();
}

// The version of a request stays, here and below: whoever writes an answer now may send it.
bool tell_of_clock(Books& books, Telling& telling, TicketRow& row, Moment at) {
    const auto alarm = desk::alarm_of(row.ticket, at);
    if (!alarm) return false;
    const desk::RunningClock clock = desk::house_clock(row.ticket).value();
    row.ticket.clock_told = static_cast<std::int64_t>(*alarm);
    store::update_ticket(books.connection(), row);
    store::insert_event(books.connection(), row.ticket.no, at, event_of(*alarm), std::nullopt,
                        json_text({{"clock", std::string{desk::name_of(clock.kind)}}, {"due", rfc3339(clock.due)}}));
    books.news().tickets.push_back(row.ticket.request_number);
    telling.note(row.ticket, {.number = row.ticket.request_number,
                              .clock = clock,
                              .late = *alarm != desk::ClockAlarm::runs_out,
                              .escalated = *alarm == desk::ClockAlarm::escalated});
    return true;
}

bool tell_of_promise(Books& books, Telling& telling, PromiseRow& row, Moment at) {
    const auto alarm = desk::alarm_of(row.promise, at);
    if (!alarm) return false;
    if (desk::note_time(row.promise, at)) note_broken(books, row, at);
    row.promise.told = *alarm;
    store::update_promise(books.connection(), row);
    store::insert_event(books.connection(), row.ticket, at, "promise_told", std::nullopt,
                        json_text({{"promise", std::to_string(number_of(row.no))},
                                   {"due", rfc3339(row.promise.due)},
                                   {"alarm", std::string{name_of(*alarm)}}}));
    const desk::Ticket ticket = store::find_ticket(books.connection(), row.ticket).value().ticket;
    books.news().tickets.push_back(ticket.request_number);
    telling.note(ticket, {.number = ticket.request_number,
                          .clock = {desk::ClockKind::promise, row.promise.due},
                          .late = *alarm != PromiseAlarm::runs_out,
                          .escalated = *alarm == PromiseAlarm::escalated});
    return true;
}

// An answer from outside that does not come. It is told to whoever has the request in which the thread is read now.
bool tell_of_side_thread(Books& books, Telling& telling, desk::SideThread& thread, Moment at) {
    const auto alarm = desk::alarm_of(thread, at);
    if (!alarm) return false;
    thread.told = static_cast<std::int64_t>(*alarm);
    store::update_side_thread(books.connection(), thread);
    const desk::TicketNo shown_in = store::goes_on_in(books.connection(), thread.ticket);
    const desk::Ticket ticket = store::find_ticket(books.connection(), shown_in).value().ticket;
    store::insert_event(books.connection(), shown_in, at, event_of(*alarm), std::nullopt,
                        json_text({{"clock", std::string{desk::name_of(desk::ClockKind::side_thread)}},
                                   {"side_thread", thread.number},
                                   {"due", rfc3339(*thread.due)}}));
    if (*alarm != desk::ClockAlarm::runs_out) wake(books, ticket, at, "clock");
    books.news().tickets.push_back(ticket.request_number);
    telling.note(ticket, {.number = ticket.request_number,
                          .clock = {desk::ClockKind::side_thread, *thread.due},
                          .late = *alarm != desk::ClockAlarm::runs_out,
                          .escalated = *alarm == desk::ClockAlarm::escalated});
    return true;
}

// A promise as a member of staff names it, or why not.
struct Named {
    TicketRow ticket;
    PromiseRow promise;
    store::StaffRow staff;
};
Result<Named, Answer> named(Books& books, const Actor& actor, const std::string& number, std::int64_t promise) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, actor, Permission::reply, staff)) return fail(*std::move(no));
    auto ticket = store::find_ticket(books.connection(), number);
    auto row = ticket ? store::find_promise(books.connection(), desk::PromiseNo{promise}) : std::nullopt;
    if (!row || row->ticket != ticket->ticket.no) return fail(refused(codes::not_found, "there is no such promise"));
    if (ticket->ticket.customer && has_to_do_with(books, *staff, *ticket->ticket.customer))
        return fail(refused(codes::not_found, "there is no such promise"));
    return Named{*std::move(ticket), *std::move(row), *std::move(staff)};
}

Answer ended_already() { return refused("promise_ended", "this promise has ended already"); }

// The conversation is as it was, so that neither version nor place in a list changes: a reply that is being written may
// leave.
Answer stored(Books& books, Named& named, const Command& command, std::string_view action) {
    desk::Ticket& ticket = named.ticket.ticket;
    ticket.promise_due = store::earliest_promise(books.connection(), ticket.no);
    store::update_ticket(books.connection(), named.ticket);
    books.news().tickets.push_back(ticket.request_number);
    books.audit(command.at, command.actor, action, "ticket:" + std::to_string(number_of(ticket.no)),
                json_text({{"promise", std::to_string(number_of(named.promise.no))}}));
    return Answer{.number = number_of(named.promise.no), .text = ticket.request_number};
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const TellClocks& body) {
    Answer answer;
    Telling telling{books};
    for (TicketRow& row : store::with_clock_alarm(books.connection(), command.at, body.tickets_max)) {
        if (tell_of_clock(books, telling, row, command.at)) answer.numbers.push_back(number_of(row.ticket.no));
    }
    const std::int64_t left = body.tickets_max - std::ssize(answer.numbers);
    for (PromiseRow& row : store::promises_to_tell(books.connection(), command.at, left)) {
        if (tell_of_promise(books, telling, row, command.at)) answer.numbers.push_back(number_of(row.ticket));
    }
    const std::int64_t still_left = body.tickets_max - std::ssize(answer.numbers);
    for (desk::SideThread& thread : store::side_threads_to_tell(books.connection(), command.at, still_left)) {
        if (tell_of_side_thread(books, telling, thread, command.at)) answer.numbers.push_back(number_of(thread.ticket));
    }
    const StepIds ids{body.seed, answer.numbers.empty() ? 0 : answer.numbers.front(), command.at};
    telling.send(context, ids, command.at);
    return answer;
}

Answer handle(Books& books, const Context&, const Command& command, const KeepPromise& body) {
    auto found = named(books, command.actor, body.ticket, body.promise);
    if (!found) return std::move(found.error());
    if (!end_promise(books, found->promise, found->staff.no, command.at)) return ended_already();
    return stored(books, *found, command, "keep_promise");
}

Answer handle(Books& books, const Context&, const Command& command, const WithdrawPromise& body) {
    auto found = named(books, command.actor, body.ticket, body.promise);
    if (!found) return std::move(found.error());
    if (trimmed(body.reason).empty()) return refused("reason_missing", "say why it is withdrawn");
    if (body.reason.size() > reason_octets_max || !is_utf8(body.reason))
        return refused(codes::invalid, "reason: longer than 2,000 octets, or not UTF-8");
    PromiseRow& row = found->promise;
    if (row.promise.ended) return ended_already();
    if (!desk::note_withdrawn(row.promise, command.at)) {
        return refused("promise_over", "its end has come: it can be marked as done, and no longer withdrawn");
    }
    row.ended_by = found->staff.no;
    row.reason = body.reason;
    store::update_promise(books.connection(), row);
    store::insert_event(books.connection(), row.ticket, command.at, "promise_withdrawn", found->staff.no,
                        promise_detail(row));
    return stored(books, *found, command, "withdraw_promise");
}

}  // namespace okpay::service
