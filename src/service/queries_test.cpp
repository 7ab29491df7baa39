// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "queries_world.hpp"

namespace okpay::service {
namespace {

using desk::TicketState;
using test::Payment;
using test::World;

class QueriesTest : public ::testing::Test {
public:
    HistoryRequest of_wallet(const customers::Customer& customer, std::size_t limit) {
        const auto wallet = world.wallet(customer);
        return {.heads = {{wallet, world.ledger().find(wallet)->last_transfer}},
                .unmoved_of = customer.no,
                .cursor = std::nullopt,
                .limit = limit};
    }
    std::vector<std::int64_t> walked(HistoryRequest request) {
        std::vector<std::int64_t> sequences;
        while (true) {
            const auto page = queries.history(request).value();
            EXPECT_LE(page.items.size(), request.limit);
            for (const PaymentView& view : page.items) sequences.push_back(view.payment.seq);
            if (!page.next) return sequences;
            request.cursor = HistoryCursor::parse(page.next->text());
            EXPECT_TRUE(request.cursor.has_value());
        }
    }
    std::vector<std::string> subjects(const TicketQuery& query) {
        std::vector<std::string> found;
        for (const TicketView& view : queries.tickets(query).value().items) found.push_back(view.row.ticket.subject);
        return found;
    }

    World world;
    Queries queries{world.database(), 2};
    customers::Customer wang = world.customer("wang@qq.example", "Wang Xiaoming");
    customers::Customer li = world.customer("li@qq.example", "Li Na");
    customers::Merchant coffee = world.merchant("Blue Harbour Coffee", "sk_coffee");
    store::StaffRow ana = world.staff("ana@pay.example", customers::Role::agent);
    store::StaffRow ben = world.staff("ben@pay.example", customers::Role::supervisor);
};

TEST_F(QueriesTest, history_has_every_payment_once_newest_first_whatever_the_pages) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    std::vector<std::int64_t> of_wang{world.top_up(wang, 100'000).seq};
    std::optional<Payment> last;
    world.top_up(li, 100'000);
    for (int round = 0; round < 60; ++round) {
        switch (random() % 5) {
        case 0: of_wang.push_back(world.top_up(wang, 500).seq); break;
        case 1: of_wang.push_back(world.refused(wang, coffee, 9'999'999).seq); break;
        case 2: world.pay(li, coffee, 700); break;
        case 3:
            if (last && last->refundable_minor() == 1'000) of_wang.push_back(world.refund(*last, 400).seq);
            last.reset();
            break;
        default: last = world.pay(wang, coffee, 1'000); of_wang.push_back(last->seq);
        }
    }
    std::ranges::reverse(of_wang);
    for (const std::size_t limit : {1U, 2U, 7U, 100U}) EXPECT_EQ(walked(of_wallet(wang, limit)), of_wang) << limit;
}

TEST_F(QueriesTest, history_of_a_merchant_leaves_fees_out) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000);
    const auto payable = world.payable(coffee);
    const HistoryRequest request{.heads = {{payable, world.ledger().find(payable)->last_transfer}},
                                 .unmoved_of = std::nullopt,
                                 .cursor = std::nullopt,
                                 .limit = 10};
    EXPECT_EQ(walked(request), std::vector{paid.seq});
}

TEST_F(QueriesTest, a_made_up_cursor_shows_nothing_of_others) {
    world.top_up(wang, 10'000);
    const Payment foreign = world.top_up(li, 10'000);
    HistoryRequest request = of_wallet(wang, 10);
    request.unmoved_of.reset();
    const std::int64_t transfer_of_li = world.ledger().find(world.wallet(li))->last_transfer;
    request.cursor = HistoryCursor{.before = foreign.seq + 1, .resume = {transfer_of_li}};
    EXPECT_TRUE(walked(request).empty());
}

TEST_F(QueriesTest, a_payment_is_found_by_its_whole_id_alone) {
    const Payment made = world.top_up(wang, 10'000);
    EXPECT_EQ(queries.payment(made.id).value()->payment.seq, made.seq);
    PaymentId guessed = made.id;
    guessed.bytes[15] ^= 1U;  // the sequence is right, the check is not
    EXPECT_FALSE(queries.payment(guessed).value().has_value());
    EXPECT_FALSE(queries.payment(world.id<PaymentId>()).value().has_value());
}

TEST_F(QueriesTest, cursors_read_what_they_write_and_nothing_else) {
    const HistoryCursor cursor{.before = 1'234'567, .resume = {0, 89}};
    const auto again = HistoryCursor::parse(cursor.text());
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->before, cursor.before);
    EXPECT_EQ(again->resume, cursor.resume);
    for (const std::string_view bad : {"", ".", "1.", "-1", "1..2", "1.x!", "1 2"})
        EXPECT_FALSE(HistoryCursor::parse(bad)) << bad;
    for (const std::string_view bad : {"", "1", "1.", ".1", "1.2.3", "1.2 "}) EXPECT_FALSE(TicketCursor::parse(bad)) << bad;
    EXPECT_EQ(TicketCursor::parse("-5.7")->text(), "-5.7");
}

TEST_F(QueriesTest, lists_of_tickets) {
    world.ticket(wang, TicketState::open, "howto", std::nullopt, "general_howto");
    world.tick(std::chrono::hours{1});
    world.ticket(wang, TicketState::fresh, "later", ana.no);
    world.ticket(li, TicketState::pending_customer, "waits");
    world.ticket(std::nullopt, TicketState::solved, "done");
    world.tick();
    world.ticket(std::nullopt, TicketState::closed, "closed");
    const auto listed = [this](TicketList list) { return subjects({.list = list, .me = ana.no}); };
    using List = std::vector<std::string>;
    EXPECT_EQ(listed(TicketList::open), (List{"howto", "later"}));  // both by the first reply's clock
    EXPECT_EQ(listed(TicketList::mine), List{"later"});
    EXPECT_EQ(listed(TicketList::waiting), List{"waits"});
    EXPECT_EQ(listed(TicketList::solved), (List{"closed", "done"}));
    EXPECT_EQ(listed(TicketList::all).size(), 5U);
    const auto counts = queries.tickets({.me = ana.no}).value().counts;
    EXPECT_EQ(counts.open, 2);
    EXPECT_EQ(counts.mine, 1);
    EXPECT_EQ(counts.waiting, 1);
    EXPECT_EQ(counts.approvals, 0);
}

TEST_F(QueriesTest, a_ticket_whose_clocks_have_stopped_stands_last_among_the_open) {
    auto answered = world.ticket(wang, TicketState::open, "answered howto", std::nullopt, "general_howto");
    answered.ticket.first_replied = world.tick();
    store::update_ticket(world.connection(), answered);
    world.ticket(wang, TicketState::open, "new");
    EXPECT_EQ(subjects({.me = ana.no}), (std::vector<std::string>{"new", "answered howto"}));
}

TEST_F(QueriesTest, pages_of_tickets_join_without_gap_or_repeat) {
    for (int i = 0; i < 23; ++i) {
        const std::array states{TicketState::open, TicketState::pending_customer, TicketState::solved};
        world.ticket(wang, states[static_cast<std::size_t>(i) % 3], "t" + std::to_string(i));
        if (i % 4 == 0) world.tick();  // some share a moment
    }
    for (const TicketList list : {TicketList::all, TicketList::open}) {
        const auto whole = subjects({.list = list, .me = ana.no, .limit = 100});
        std::vector<std::string> joined;
        TicketQuery query{.list = list, .me = ana.no, .limit = 4};
        do {
            const auto page = queries.tickets(query).value();
            for (const TicketView& view : page.items) joined.push_back(view.row.ticket.subject);
            query.after = page.next;
        } while (query.after);
        EXPECT_EQ(joined, whole);
    }
}

TEST_F(QueriesTest, tickets_are_found_by_number_address_name_and_words) {
    const auto row = world.ticket(wang, TicketState::solved, "Charged twice 100%");
    world.message(row, desk::Direction::inbound, "the LATTE on Monday");
    world.ticket(li, TicketState::open, "other");
    const auto found = [this](const std::string& words) {
        return subjects({.list = TicketList::all, .me = ana.no, .words = words});
    };
    const std::vector<std::string> it{"Charged twice 100%"};
    for (const std::string& words : {std::string{"twice"}, std::string{"100%"}, std::string{"WANG@qq"},
                                     std::string{"xiaoming"}, std::string{"latte"}}) {
        EXPECT_EQ(found(words), it) << words;
    }
    EXPECT_TRUE(found("10_%").empty());  // a pattern is only text
    EXPECT_EQ(subjects({.list = TicketList::open, .me = ana.no, .words = row.ticket.request_number}), it);
}

TEST_F(QueriesTest, a_proposed_remedy_shows_in_ticket_list_and_approvals) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000, "A-1");
    const auto row = world.ticket(wang, TicketState::open, "twice");
    const auto remedy = world.remedy(row, paid, ana.no);
    const auto page = queries.approvals(std::nullopt, 10).value();
    ASSERT_EQ(page.items.size(), 1U);
    EXPECT_EQ(page.items[0].remedy.id, remedy.id);
    EXPECT_EQ(page.items[0].proposer.name, "ana");
    EXPECT_EQ(page.items[0].payment.merchant->name, coffee.name);
    EXPECT_EQ(page.items[0].fee_income, world.fees);
    EXPECT_EQ(queries.tickets({.list = TicketList::approvals, .me = ana.no}).value().counts.approvals, 1);
    EXPECT_EQ(queries.ticket(row.ticket.request_number).value()->open_remedy->id, remedy.id);
    EXPECT_EQ(queries.ticket_detail(row.ticket.request_number).value()->remedies.size(), 1U);
}

TEST_F(QueriesTest, an_executed_remedy_brings_the_transfers_of_its_refund) {
    world.top_up(wang, 10'000);
    const Payment paid = world.pay(wang, coffee, 1'000, "A-1");
    const auto row = world.ticket(wang, TicketState::open, "twice");
    auto remedy = world.remedy(row, paid, ana.no);
    for (int i = 0; i < 5; ++i) world.pay(wang, coffee, 100 + i);
    const Payment back = world.refund(paid, 1'000);
    for (int i = 0; i < 5; ++i) world.pay(wang, coffee, 200 + i);
    remedy.state = desk::RemedyState::executed;
    remedy.decider = ben.no;
    remedy.decided = back.created;
    remedy.executed_payment = back.seq;
    store::update_remedy_decision(world.connection(), remedy);
    const auto view = queries.remedy(remedy.id).value();
    ASSERT_TRUE(view.has_value());
    EXPECT_EQ(view->executed, back.id);
    ASSERT_EQ(view->transfers.size(), 1U);
    EXPECT_EQ(view->transfers[0].payment, back.seq);
    EXPECT_EQ(view->decider->name, "ben");
}

TEST_F(QueriesTest, sessions_end_and_staff_are_switched_off) {
    const Bytes token(32, 'x');
    store::insert_session(world.connection(), token, ana.no, world.at(), world.at() + std::chrono::hours{12});
    EXPECT_EQ(queries.staff_by_session(token, world.at()).value()->email, ana.email);
    EXPECT_FALSE(queries.staff_by_session(token, world.at() + std::chrono::hours{12}).value().has_value());
    EXPECT_FALSE(queries.staff_by_session(Bytes(32, 'y'), world.at()).value().has_value());
    ana.disabled = true;
    store::update_staff(world.connection(), ana);
    EXPECT_FALSE(queries.staff_by_session(token, world.at()).value().has_value());
}

TEST_F(QueriesTest, customers_by_id_address_and_part_of_a_name) {
    const auto found = [this](std::string_view words) {
        std::vector<std::string> names;
        for (const auto& one : queries.customers(words, 0, 10).value().items) names.push_back(one.name);
        return names;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(found(wang.id.text()), Names{wang.name});
    EXPECT_EQ(found("Li@QQ.example"), Names{li.name});
    EXPECT_EQ(found("xiao"), Names{wang.name});
    EXPECT_EQ(found(""), (Names{wang.name, li.name}));
    const auto first = queries.customers("", 0, 1).value();
    ASSERT_TRUE(first.next.has_value());
    EXPECT_EQ(queries.customers("", *first.next, 1).value().items[0].name, li.name);
}

TEST_F(QueriesTest, mail_books_balance_and_keep_hours_whole) {
    const auto mail = [this](store::InboundState state, const std::string& channel) {
        static std::int64_t no = 0;
        store::insert_inbound(world.connection(), {.no = ++no,
                                                   .id = world.id<MailId>(),
                                                   .channel = channel,
                                                   .received = world.at(),
                                                   .size = 1,
                                                   .object_key = "k",
                                                   .sealed = "s",
                                                   .state = state,
                                                   .updated = world.at()});
    };
    mail(store::InboundState::parsed, "smtp");
    mail(store::InboundState::waiting, "smtp");
    mail(store::InboundState::duplicate, "lmtp");
    world.tick(std::chrono::hours{1});
    mail(store::InboundState::quarantined, "smtp");
    const auto newest = queries.mail_books(std::nullopt, 1).value();
    ASSERT_EQ(newest.items.size(), 1U);
    EXPECT_EQ(newest.items[0].quarantined, 1);
    EXPECT_EQ(newest.items[0].accepted(), 1);
    const auto older = queries.mail_books(newest.next, 1).value();
    ASSERT_EQ(older.items.size(), 2U);  // one hour, two channels
    EXPECT_EQ(older.items[0].accepted() + older.items[1].accepted(), 3);
    EXPECT_FALSE(older.next.has_value());
}

TEST(QueriesWithoutDatabase, say_unavailable) {
    Queries queries{{.engine = store::Engine::sqlite, .location = "/nowhere/okpay.db"}};
    EXPECT_EQ(queries.ping().error(), QueryError::unavailable);
}

}  // namespace
}  // namespace okpay::service
