// SPDX-License-Identifier: Apache-2.0
// The clocks of a request against a model that looks at each hour, and their letters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "desk/lifecycle.hpp"
#include "desk/staff_letters.hpp"

namespace okpay::desk {
namespace {

using std::chrono::hours;

const Moment start = moment_of_ms(1'800'000'000'000);

TEST(Clocks, the_one_that_runs_out_first_is_told_once_before_once_after_and_once_to_the_supervisors) {
    Ticket ticket{};
    ticket.state = TicketState::open;
    ticket.opened = start;
    ticket.first_reply_due = start + hours{24};
    ticket.investigation_due = start + hours{48};
    EXPECT_EQ(running_clock(ticket)->kind, ClockKind::first_reply);
    EXPECT_EQ(alarm_of(ticket, start + hours{24} - told_before - Millis{1}), std::nullopt);
    EXPECT_EQ(alarm_of(ticket, start + hours{24} - told_before), ClockAlarm::runs_out);
    ticket.clock_told = 1;
    EXPECT_EQ(alarm_of(ticket, start + hours{24} - Millis{1}), std::nullopt);
    EXPECT_EQ(alarm_of(ticket, start + hours{24}), ClockAlarm::ran_out);
    ticket.clock_told = 2;
    EXPECT_EQ(alarm_of(ticket, start + hours{25} - Millis{1}), std::nullopt);
    EXPECT_EQ(alarm_of(ticket, start + hours{24} + escalated_after), ClockAlarm::escalated);
    ticket.clock_told = 3;
    EXPECT_EQ(alarm_of(ticket, start + hours{500}), std::nullopt);
    ticket.clock_told = 0;
    EXPECT_EQ(alarm_of(ticket, start + hours{500}), ClockAlarm::escalated) << "after a pause the last one alone";
    note_replied(ticket, start + hours{25});
    EXPECT_EQ(running_clock(ticket)->kind, ClockKind::investigation);
    EXPECT_EQ(alarm_of(ticket, start + hours{48} - told_before), ClockAlarm::runs_out);
    for (const TicketState state : {TicketState::pending_customer, TicketState::solved, TicketState::closed}) {
        ticket.state = state;
        EXPECT_EQ(running_clock(ticket), std::nullopt);
    }
}

TEST(Clocks, a_promise_runs_beside_the_houses_clocks_whoevers_turn_it_is_and_is_told_by_itself) {
    Ticket ticket{};
    ticket.state = TicketState::open;
    ticket.first_reply_due = start + hours{24};
    ticket.promise_due = start + hours{20};
    EXPECT_EQ(running_clock(ticket)->kind, ClockKind::promise);
    EXPECT_EQ(running_clock(ticket)->due, start + hours{20});
    EXPECT_EQ(house_clock(ticket)->kind, ClockKind::first_reply);
    EXPECT_EQ(alarm_of(ticket, start + hours{20} - Millis{1}), std::nullopt);
    EXPECT_EQ(alarm_of(ticket, start + hours{20}), ClockAlarm::runs_out) << "of the first reply";
    ticket.promise_due = start + hours{30};
    EXPECT_EQ(running_clock(ticket)->kind, ClockKind::first_reply);
    ticket.state = TicketState::pending_customer;
    EXPECT_EQ(running_clock(ticket)->kind, ClockKind::promise);
    EXPECT_EQ(house_clock(ticket), std::nullopt);
    EXPECT_EQ(alarm_of(ticket, start + hours{500}), std::nullopt);
}

// Hour by hour: the investigation has used up the hours in which it was not the customer's turn, and no others.
TEST(Clocks, the_investigation_counts_the_hours_in_which_it_is_our_turn) {
    std::mt19937_64 dice{48};
    for (int life = 0; life < 500; ++life) {
        Ticket ticket{};
        ticket.state = TicketState::open;
        ticket.first_reply_due = start + hours{24};
        ticket.investigation_due = start + hours{48};
        int ours = 0;
        for (int hour = 0; hour < 200; ++hour) {
            const Moment now = start + hours{hour};
            if (dice() % 9 == 0) {
                const bool waits = ticket.state == TicketState::pending_customer;
                move_to(ticket, waits ? TicketState::open : TicketState::pending_customer, now);
            }
            if (ticket.state != TicketState::pending_customer) ++ours;
            if (ticket.state != TicketState::pending_customer) {
                const Moment next = now + hours{1};
                ASSERT_EQ(*ticket.investigation_due <= next, ours >= 48) << "life " << life << " hour " << hour;
            }
        }
    }
}

TEST(Clocks, a_letter_names_the_requests_and_nothing_of_their_customers) {
    const std::vector<ClockLine> lines{{.number = "OK-7F3K9Q2", .clock = {ClockKind::next_reply, start}, .late = true},
                                       {.number = "OK-2345678", .clock = {ClockKind::investigation, start}}};
    const MailText one = letter_of_clocks(std::span{lines}.first(1), "https://pay.example/console");
    EXPECT_THAT(one.subject, ::testing::StartsWith("OK-7F3K9Q2: next reply is overdue"));
    EXPECT_THAT(one.body, ::testing::HasSubstr("https://pay.example/console/tickets/OK-7F3K9Q2"));
    EXPECT_THAT(one.body, ::testing::HasSubstr("was due 2027-01-15T08:00Z"));
    const std::vector<ClockLine> promised{
        {.number = "OK-7F3K9Q2", .clock = {ClockKind::promise, start}, .late = true, .escalated = true}};
    const MailText escalated = letter_of_clocks(promised, "");
    EXPECT_THAT(escalated.subject, ::testing::StartsWith("OK-7F3K9Q2: what we promised the customer is overdue"));
    EXPECT_THAT(escalated.body, ::testing::AllOf(::testing::HasSubstr("was due 2027-01-15T08:00Z, still not done"),
                                                 ::testing::HasSubstr("对客户的承诺已超时，仍未处理")));
    const MailText both = letter_of_clocks(lines, "");
    EXPECT_THAT(both.subject, ::testing::StartsWith("2 requests: 1 overdue, 1 due soon"));
    EXPECT_THAT(both.body, ::testing::AllOf(::testing::HasSubstr("OK-7F3K9Q2"), ::testing::HasSubstr("OK-2345678")));
    EXPECT_THAT(both.body, ::testing::Not(::testing::HasSubstr("http")));
}

}  // namespace
}  // namespace okpay::desk
