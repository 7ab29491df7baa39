// SPDX-License-Identifier: Apache-2.0
#include "desk/ticket_links.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "desk/lifecycle.hpp"

namespace okpay::desk {
namespace {

using std::chrono::hours;

const Moment start = moment_of_ms(1'794'000'000'000);

Ticket ticket_of(int no, TicketState state) {
    Ticket ticket{
        .no = TicketNo{no}, .id = TicketId{}, .request_number = "", .party_address = "li@example.org", .subject = ""};
    ticket.state = state;
    ticket.opened = ticket.updated = start;
    ticket.first_reply_due = start + hours{24};
    return ticket;
}

TEST(MergeTickets, is_refused_where_it_would_lose_or_tell_something) {
    const Ticket a = ticket_of(1, TicketState::open);
    const Ticket b = ticket_of(2, TicketState::open);
    Ticket other = ticket_of(3, TicketState::open);
    other.party_address = "zoe@example.org";
    const Ticket closed = ticket_of(4, TicketState::closed);
    EXPECT_EQ(may_merge({.from = b, .into = a}), std::nullopt);
    EXPECT_EQ(may_merge({.from = closed, .into = a}), std::nullopt) << "so that mail to its number lands";
    EXPECT_EQ(may_merge({.from = a, .into = a}), MergeRefusal::same_ticket);
    EXPECT_EQ(may_merge({.from = b, .into = a, .from_merged = true}), MergeRefusal::merged_already);
    EXPECT_EQ(may_merge({.from = b, .into = a, .into_merged = true}), MergeRefusal::into_merged);
    EXPECT_EQ(may_merge({.from = b, .into = closed}), MergeRefusal::into_closed);
    EXPECT_EQ(may_merge({.from = b, .into = a, .bound = {Bound::change}}), MergeRefusal::still_bound);
    EXPECT_EQ(may_merge({.from = other, .into = a}), MergeRefusal::another_party);
    EXPECT_EQ(may_merge({.from = other, .into = a, .reason_given = true}), MergeRefusal::another_party);
    EXPECT_EQ(may_merge({.from = other, .into = a, .supervisor = true}), MergeRefusal::another_party);
    EXPECT_EQ(may_merge({.from = other, .into = a, .supervisor = true, .reason_given = true}), std::nullopt);
}

TEST(MergeTickets, a_party_is_a_customer_or_a_mailbox) {
    Ticket a = ticket_of(1, TicketState::open);
    Ticket b = ticket_of(2, TicketState::open);
    b.party_address = "LI@example.org";
    EXPECT_TRUE(same_party(a, b));
    a.customer = customers::CustomerNo{1};
    b.customer = customers::CustomerNo{2};
    EXPECT_FALSE(same_party(a, b)) << "an address that passed from one to the other";
    b.customer = customers::CustomerNo{1};
    b.party_address = "older@example.org";
    EXPECT_TRUE(same_party(a, b));
    b.customer.reset();
    EXPECT_FALSE(same_party(a, b));
}

TEST(MergeTickets, the_customer_waits_no_longer_than_either_would_have_let_them) {
    Ticket answered = ticket_of(1, TicketState::pending_customer);
    answered.first_replied = start + hours{1};
    answered.waiting_since = start + hours{2};
    answered.investigation_due = start + hours{48};
    Ticket fresh = ticket_of(2, TicketState::fresh);
    fresh.first_reply_due = start + hours{30};
    fresh.investigation_due = start + hours{60};
    take_over_clocks(answered, fresh, start + hours{10});
    EXPECT_EQ(answered.state, TicketState::open) << "the other one waits for us";
    EXPECT_EQ(answered.next_reply_due, start + hours{30});
    EXPECT_EQ(answered.investigation_due, start + hours{56}) << "without the eight hours of waiting, and earlier than 60";
    EXPECT_EQ(running_clock(answered)->due, start + hours{30});

    Ticket solved = ticket_of(3, TicketState::solved);
    Ticket open = ticket_of(4, TicketState::open);
    const KeptClocks before = clocks_kept(open);
    take_over_clocks(open, solved, start);
    EXPECT_EQ(clocks_kept(open), before) << "what is solved brings nothing along";
}

// Whatever two requests are merged: what runs afterwards runs out no later than what ran before, and it can be taken back.
TEST(MergeTickets, no_clock_is_put_off_by_a_merge) {
    const char* given = std::getenv("TEST_SEED");
    const unsigned seed =
        given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    constexpr std::array states{TicketState::fresh,   TicketState::open,   TicketState::pending_customer,
                                TicketState::on_hold, TicketState::solved, TicketState::closed};
    const auto hour = [&] { return start + hours{static_cast<int>(random() % 50)}; };
    const auto any = [&](int no) {
        Ticket ticket = ticket_of(no, states[random() % states.size()]);
        ticket.first_reply_due = hour();
        if (random() % 2 == 0) ticket.first_replied = hour();
        if (ticket.first_replied && random() % 2 == 0) ticket.next_reply_due = hour();
        if (random() % 2 == 0) ticket.investigation_due = hour();
        if (ticket.state == TicketState::pending_customer) ticket.waiting_since = hour();
        return ticket;
    };
    for (int round = 0; round < 5'000; ++round) {
        Ticket into = any(1);
        const Ticket from = any(2);
        if (into.state == TicketState::closed) continue;
        const auto a = running_clock(into);
        const auto b = running_clock(from);
        const KeptClocks before = clocks_kept(into);
        take_over_clocks(into, from, start + hours{50});
        const auto merged = running_clock(into);
        for (const auto& clock : {a, b}) {
            if (clock) {
                ASSERT_TRUE(merged);
                ASSERT_LE(merged->due, clock->due);
            }
        }
        restore_clocks(into, before);
        ASSERT_EQ(clocks_kept(into), before);
    }
}

TEST(Snooze, is_no_trick_to_pause) {
    Ticket ticket = ticket_of(1, TicketState::open);
    EXPECT_EQ(may_snooze(ticket, start, start + hours{24}), std::nullopt) << "until the clock and no further";
    EXPECT_EQ(may_snooze(ticket, start, start + hours{24} + Millis{1}), SnoozeRefusal::past_clock);
    EXPECT_EQ(may_snooze(ticket, start, start), SnoozeRefusal::past);
    ticket.state = TicketState::pending_customer;
    EXPECT_EQ(may_snooze(ticket, start, start + snooze_max), std::nullopt);
    EXPECT_EQ(may_snooze(ticket, start, start + snooze_max + Millis{1}), SnoozeRefusal::too_long);
    ticket.state = TicketState::solved;
    EXPECT_EQ(may_snooze(ticket, start, start + hours{1}), SnoozeRefusal::ended);
}

TEST(LinkKinds, have_names_that_are_read_back) {
    for (const LinkKind kind : {LinkKind::related, LinkKind::duplicate_of, LinkKind::split_from, LinkKind::merged_into}) {
        EXPECT_EQ(link_kind_of_name(name_of(kind)), kind);
    }
    EXPECT_EQ(link_kind_of_name("cousin"), std::nullopt);
}

}  // namespace
}  // namespace okpay::desk
