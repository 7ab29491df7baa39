// SPDX-License-Identifier: Apache-2.0
// Requests that belong together, on both engines: linked, merged and taken apart, split, asleep, and answers being written.
// After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk/lifecycle.hpp"
#include "desk/ticket_links.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {
namespace {

using desk::TicketState;
using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Together : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        boss_ = f().staff("boss@pay.example", "supervisor");
        ann_ = f().staff("ann@pay.example");
        li_ = f().customer("li@example.org", "Li Wei");
        queries_ = std::make_unique<Queries>(f().database(), 1);
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }
    ServiceFixture& f() { return *fixture_; }

    std::string write(std::string text, std::string in_reply_to = "", std::string from = "li@example.org",
                      std::string subject = "A question") {
        f().pass(std::chrono::minutes{1});
        return f()
            .receive({.from = std::move(from),
                      .subject = std::move(subject),
                      .text = std::move(text),
                      .in_reply_to = std::move(in_reply_to)})
            .text;
    }
    desk::Ticket ticket(const std::string& number) { return store::find_ticket(*f().connect(), number).value().ticket; }
    // Of our newest mail on this request.
    std::string mail_id_of(const std::string& number) {
        std::string found;
        for (const store::OutgoingRow& row : f().outgoing()) {
            if (row.ticket != ticket(number).no) continue;
            const auto at = row.bytes.find("Message-ID: ") + 12;
            found = row.bytes.substr(at, row.bytes.find('\r', at) - at);
        }
        return found;
    }
    Answer merge(const std::string& from, const std::string& into, std::string reason = "") {
        return f().ask(
            MergeTicket{.ticket = from, .into = into, .reason = std::move(reason), .version = ticket(from).version},
            ann_->actor());
    }
    Answer reply(const std::string& number, std::string text, std::string after = "open") {
        f().pass(std::chrono::minutes{1});
        return f().ask(ReplyToTicket{.ticket = number,
                                     .message_id = f().fresh<MessageId>().text(),
                                     .outgoing_id = f().fresh<OutgoingId>().text(),
                                     .text = std::move(text),
                                     .state_after = std::move(after),
                                     .version = ticket(number).version},
                       ann_->actor());
    }
    Answer split(const std::string& number, std::vector<std::string> messages) {
        return f().ask(SplitTicket{.ticket = number,
                                   .messages = std::move(messages),
                                   .subject = "The other thing",
                                   .category = "card",
                                   .ticket_id = f().fresh<TicketId>().text(),
                                   .outgoing_id = f().fresh<OutgoingId>().text(),
                                   .seed = "5e",
                                   .version = ticket(number).version},
                       ann_->actor());
    }
    Answer snooze(const std::string& number, Moment until) {
        return f().ask(SnoozeTicket{.ticket = number, .until = ms_of(until)}, ann_->actor());
    }
    std::vector<std::int64_t> woken() { return f().done(WakeSnoozed{100}).numbers; }
    TicketDetail detail(const std::string& number) { return queries_->ticket_detail(number).value().value(); }
    std::vector<std::string> listed(TicketList list) {
        const auto page = queries_->tickets({.list = list, .me = customers::StaffNo{ann_->no}, .words = "", .after = {}});
        std::vector<std::string> numbers;
        for (const TicketView& view : page->items) numbers.push_back(view.row.ticket.request_number);
        return numbers;
    }
    TicketCounts counts() {
        return queries_->tickets({.me = customers::StaffNo{ann_->no}, .words = "", .after = {}})->counts;
    }
    std::vector<std::string> events(const std::string& number) {
        std::vector<std::string> kinds;
        for (const EventView& event : detail(number).events) kinds.push_back(event.kind);
        return kinds;
    }
    std::vector<std::string> bodies(const std::string& number) {
        std::vector<std::string> found;
        for (const MessageView& view : detail(number).messages) found.push_back(view.message.body);
        return found;
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::optional<StaffMember> boss_, ann_;
    std::int64_t li_ = 0;
    std::unique_ptr<Queries> queries_;
};

TEST_P(Together, a_link_stands_on_both_and_goes_from_both) {
    const std::string a = write("My card was declined.");
    const std::string b = write("Where is my statement?");
    const LinkTickets link{.ticket = b, .other = a, .kind = "duplicate_of", .reason = "said twice"};
    f().done(link, ann_->actor());
    f().done(link, ann_->actor());  // it is so already
    ASSERT_THAT(detail(a).links, SizeIs(1));
    EXPECT_EQ(detail(a).links[0].number, b);
    EXPECT_FALSE(detail(a).links[0].from_here);
    EXPECT_TRUE(detail(b).links[0].from_here);
    EXPECT_EQ(detail(b).links[0].reason, "said twice");
    EXPECT_THAT(events(a), ElementsAre("opened", "acknowledgement", "linked"));
    EXPECT_THAT(events(b), ElementsAre("opened", "acknowledgement", "linked"));
    EXPECT_EQ(ticket(b).state, TicketState::fresh) << "a link changes nothing else";

    EXPECT_EQ(f().ask(LinkTickets{.ticket = a, .other = a, .kind = "related"}, ann_->actor()).code, "same_request");
    EXPECT_EQ(f().ask(LinkTickets{.ticket = a, .other = b, .kind = "merged_into"}, ann_->actor()).code, codes::invalid);
    f().done(UnlinkTickets{.ticket = a, .other = b, .kind = "duplicate_of"}, ann_->actor());
    EXPECT_THAT(detail(a).links, IsEmpty());
    EXPECT_EQ(events(b).back(), "unlinked");
    EXPECT_EQ(f().ask(UnlinkTickets{.ticket = a, .other = b, .kind = "duplicate_of"}, ann_->actor()).code, codes::not_found);
}

TEST_P(Together, what_answers_a_merged_request_lands_where_it_goes_on) {
    const std::string a = write("My card was declined.");
    const std::string b = write("It was declined again.");
    const std::string mail_of_b = mail_id_of(b);
    const std::size_t letters = f().outgoing().size();
    const Answer merged = merge(b, a);
    ASSERT_TRUE(merged.done()) << merged.detail;
    EXPECT_EQ(merged.text, a);
    EXPECT_EQ(f().outgoing().size(), letters) << "the customer is told nothing";
    EXPECT_EQ(ticket(b).state, TicketState::closed);
    EXPECT_EQ(detail(b).merged_into, a);
    EXPECT_THAT(bodies(b), SizeIs(1)) << "nothing is moved";
    const TicketDetail shown = detail(a);
    ASSERT_THAT(shown.messages, SizeIs(2));
    EXPECT_EQ(shown.messages[0].request, "");
    EXPECT_EQ(shown.messages[1].request, b);

    EXPECT_EQ(write("Any news?", mail_of_b), a) << "by the token of the one that was merged";
    EXPECT_EQ(write("And now?", "", "li@example.org", "Re: [" + b + "]"), a) << "by its number";
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket"), 2);
    EXPECT_NE(write("Me too", mail_of_b, "mallory@example.net"), a) << "a stolen token proves nothing";

    // Through a chain, and what the customer reads.
    const std::string c = write("A third mail.");
    ASSERT_TRUE(merge(a, c).done());
    EXPECT_EQ(detail(b).merged_into, c);
    EXPECT_EQ(write("Hello?", mail_of_b), c);
    EXPECT_THAT(bodies(c), SizeIs(6));
    const auto own = queries_->own_requests(customers::CustomerNo{li_}, 0, 50).value();
    ASSERT_THAT(own.items, SizeIs(3));
    EXPECT_EQ(own.items[0].continued_in, std::nullopt);
    EXPECT_EQ(own.items[1].continued_in, c);
    EXPECT_EQ(own.items[2].continued_in, c);
    const auto read = queries_->own_request(customers::CustomerNo{li_}, c).value().value();
    EXPECT_THAT(read.messages, SizeIs(6));
    EXPECT_EQ(queries_->own_request(customers::CustomerNo{li_}, b).value()->continued_in, c);
}

TEST_P(Together, requests_never_go_on_in_a_circle) {
    const std::string a = write("One.");
    const std::string b = write("Two.");
    const std::string c = write("Three.");
    ASSERT_TRUE(merge(b, a).done());
    EXPECT_EQ(merge(a, b).code, "merged_already");
    EXPECT_EQ(merge(b, c).code, "merged_already");
    EXPECT_EQ(merge(c, b).code, "merged_already");
    EXPECT_EQ(merge(a, a).code, "same_request");
    EXPECT_EQ(f().ask(MergeTicket{.ticket = c, .into = a, .version = 99}, ann_->actor()).code, codes::ticket_changed);
}

TEST_P(Together, requests_of_two_customers_are_merged_by_a_supervisor_with_a_reason_and_mix_no_mail) {
    f().customer("zoe@example.org", "Zoe");
    const std::string a = write("My card was declined.");
    const std::string b = write("My card was declined.", "", "zoe@example.org");
    const std::string mail_of_b = mail_id_of(b);
    EXPECT_EQ(merge(b, a, "one household").code, "another_party");
    const MergeTicket asked{.ticket = b, .into = a, .version = ticket(b).version};
    EXPECT_EQ(f().ask(asked, boss_->actor()).code, "another_party");
    MergeTicket said = asked;
    said.reason = "one household, one card";
    ASSERT_TRUE(f().ask(said, boss_->actor()).done());
    EXPECT_EQ(queries_->own_request(customers::CustomerNo{li_}, a).value()->messages.size(), 1U)
        << "what the other one wrote is not shown to the customer";
    const std::string after = write("Any news?", mail_of_b, "zoe@example.org");
    EXPECT_NE(after, a);
    EXPECT_EQ(ticket(after).linked_to, ticket(b).no) << "a follow-up, for staff to see";
}

TEST_P(Together, a_request_with_something_under_way_stays) {
    const std::int64_t cafe = f().merchant("Coffee");
    f().top_up(li_, 10'000);
    const std::int64_t paid = f().pay(li_, cafe, 1'250, "k");
    const std::string a = write("One.");
    const std::string b = write("I paid CNY 12.50 and nothing came.");
    f().done(ProposeRefund{.ticket = b,
                           .remedy_id = f().fresh<RemedyId>().text(),
                           .payment = paid,
                           .duplicate_of = 0,
                           .amount_minor = 1'250,
                           .currency = "CNY",
                           .expected_refundable = 1'250,
                           .reason = "requested_by_customer",
                           .note = "",
                           .evidence = "{}"},
             ann_->actor());
    const Answer refused = merge(b, a);
    EXPECT_EQ(refused.code, "still_bound");
    EXPECT_THAT(refused.detail, StartsWith("remedy"));
    EXPECT_TRUE(merge(a, b).done()) << "the other way round nothing is lost";
}

TEST_P(Together, a_merge_keeps_the_earlier_clocks_and_is_taken_back_until_it_was_answered) {
    const std::string a = write("One.");
    ASSERT_TRUE(reply(a, "Which card is it?", "pending_customer").done());
    f().pass(hours{3});
    const std::string b = write("Two.");
    const desk::Ticket before = ticket(a);
    ASSERT_TRUE(merge(b, a).done());
    EXPECT_EQ(ticket(a).state, TicketState::open);
    EXPECT_EQ(ticket(a).next_reply_due, ticket(b).first_reply_due);
    ASSERT_TRUE(f().ask(UnmergeTicket{b}, ann_->actor()).done());
    EXPECT_EQ(desk::clocks_kept(ticket(a)), desk::clocks_kept(before)) << "as it was";
    EXPECT_EQ(ticket(b).state, TicketState::fresh);
    EXPECT_EQ(detail(b).merged_into, std::nullopt);
    EXPECT_THAT(bodies(a), SizeIs(2)) << "what was said and answered on it, and nothing of the other one";
    EXPECT_EQ(f().ask(UnmergeTicket{b}, ann_->actor()).code, "not_merged");

    ASSERT_TRUE(merge(b, a).done());
    write("It is the blue one.", mail_id_of(a));
    ASSERT_TRUE(f().ask(UnmergeTicket{b}, ann_->actor()).done());
    EXPECT_EQ(ticket(a).state, TicketState::open) << "the customer wrote since: it stays open";
    ASSERT_TRUE(merge(b, a).done());
    ASSERT_TRUE(reply(a, "Both are seen to.").done());
    EXPECT_EQ(f().ask(UnmergeTicket{b}, ann_->actor()).code, "answered_since");
}

TEST_P(Together, an_amount_quoted_on_a_merged_request_is_quoted_on_the_one_that_goes_on) {
    const std::string a = write("Something is wrong.");
    const std::string b = write("It was CNY 77.30.");
    EXPECT_EQ(reply(a, "You wrote CNY 77.30.").code, codes::unbound_amount);
    ASSERT_TRUE(merge(b, a).done());
    EXPECT_TRUE(reply(a, "You wrote CNY 77.30.").done());
}

TEST_P(Together, one_mail_about_two_things_becomes_two_requests) {
    const std::string a = write("My card was declined.");
    write("And my statement is wrong.", mail_id_of(a));
    const auto inbound = detail(a).messages;
    ASSERT_THAT(inbound, SizeIs(2));
    const std::string second = inbound[1].message.id.text();
    f().pass(hours{2});
    const std::size_t letters = f().outgoing().size();
    const Answer made = split(a, {second});
    ASSERT_TRUE(made.done()) << made.detail;
    const std::string b = made.text;
    EXPECT_NE(b, a);
    EXPECT_EQ(ticket(b).opened, inbound[1].message.at) << "its clocks run from the word it was made of";
    EXPECT_EQ(ticket(b).first_reply_due, inbound[1].message.at + desk::first_reply_within);
    EXPECT_EQ(ticket(b).category, "card");
    EXPECT_EQ(ticket(b).subject, "The other thing");
    EXPECT_THAT(bodies(b), ElementsAre(inbound[1].message.body));
    EXPECT_THAT(bodies(a), SizeIs(2)) << "it stays readable where it was";
    EXPECT_EQ(detail(a).messages[1].went_on_in, b);
    EXPECT_EQ(detail(b).links.at(0).kind, desk::LinkKind::split_from);
    EXPECT_EQ(events(a).back(), "split_off");
    EXPECT_EQ(detail(b).messages[0].authentication, detail(a).messages[1].authentication);
    ASSERT_EQ(f().outgoing().size(), letters + 1) << "one acknowledgement";
    EXPECT_THAT(f().outgoing().back().bytes, HasSubstr("[" + b + "]"));

    EXPECT_EQ(write("About the statement.", mail_id_of(b)), b);
    EXPECT_EQ(write("About the card.", mail_id_of(a)), a);
    EXPECT_EQ(split(a, {second}).code, "split_already");
}

TEST_P(Together, a_split_leaves_something_and_takes_only_what_the_customer_wrote) {
    const std::string a = write("My card was declined.");
    const std::string first = detail(a).messages[0].message.id.text();
    EXPECT_EQ(split(a, {first}).code, "nothing_left");
    EXPECT_EQ(split(a, {}).code, codes::invalid);
    EXPECT_EQ(split(a, {f().fresh<MessageId>().text()}).code, codes::not_found);
    ASSERT_TRUE(reply(a, "Which card is it?").done());
    EXPECT_EQ(split(a, {detail(a).messages[1].message.id.text()}).code, "not_from_party");
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket"), 1);
}

TEST_P(Together, what_sleeps_is_out_of_the_lists_until_its_moment) {
    const std::string a = write("One.");
    const std::string b = write("Two.");
    const Answer refused = snooze(a, ticket(a).first_reply_due + Millis{1});
    EXPECT_EQ(refused.code, "snooze_past_clock");
    EXPECT_THAT(refused.detail, HasSubstr(rfc3339(ticket(a).first_reply_due)));
    EXPECT_EQ(snooze(a, f().at()).code, "snooze_past");
    const std::int64_t version = ticket(a).version;
    const Moment until = f().at() + hours{5};
    ASSERT_TRUE(snooze(a, until).done());
    EXPECT_EQ(ticket(a).version, version) << "an answer that is being written may be sent";
    EXPECT_THAT(listed(TicketList::open), ElementsAre(b));
    EXPECT_THAT(listed(TicketList::snoozed), ElementsAre(a));
    EXPECT_EQ(counts().open, 1);
    EXPECT_EQ(counts().snoozed, 1);
    EXPECT_THAT(woken(), IsEmpty());
    f().pass(hours{5});
    EXPECT_THAT(woken(), ElementsAre(number_of(ticket(a).no)));
    EXPECT_THAT(woken(), IsEmpty());
    EXPECT_THAT(listed(TicketList::open), ElementsAre(a, b));
    EXPECT_EQ(events(a).back(), "woke");
    EXPECT_EQ(counts().snoozed, 0);
}

TEST_P(Together, what_sleeps_wakes_when_the_customer_writes_or_a_clock_runs_out_or_it_ends) {
    const std::string a = write("One.");
    ASSERT_TRUE(reply(a, "Which card is it?", "pending_customer").done());
    EXPECT_EQ(snooze(a, f().at() + desk::snooze_max + Millis{1}).code, "snooze_too_long");
    ASSERT_TRUE(snooze(a, f().at() + desk::snooze_max).done());
    EXPECT_THAT(listed(TicketList::waiting), IsEmpty());
    write("The blue one.", mail_id_of(a));
    EXPECT_THAT(listed(TicketList::snoozed), IsEmpty());
    EXPECT_THAT(listed(TicketList::open), ElementsAre(a));

    ASSERT_TRUE(snooze(a, ticket(a).next_reply_due.value()).done());
    f().pass(hours{21});
    EXPECT_THAT(woken(), SizeIs(1)) << "staff are told of the clock: so it is in the lists";

    ASSERT_TRUE(snooze(a, f().at() + hours{1}).done());
    f().done(WakeTicket{a}, ann_->actor());
    EXPECT_THAT(listed(TicketList::snoozed), IsEmpty());
    ASSERT_TRUE(snooze(a, f().at() + hours{1}).done());
    f().done(SetTicketState{.ticket = a, .state = "solved", .version = ticket(a).version}, ann_->actor());
    EXPECT_THAT(woken(), SizeIs(1));
    EXPECT_EQ(snooze(a, f().at() + hours{1}).code, "ticket_closed");
}

TEST_P(Together, an_answer_that_is_written_is_there_on_another_device_until_it_is_sent) {
    const std::string a = write("One.");
    const auto drafts = [&](const StaffMember& of) {
        return queries_->drafts(customers::StaffNo{of.no}, a).value().value();
    };
    const std::int64_t commands = f().integer("SELECT count(*) FROM command");
    f().done(SaveDraft{.ticket = a, .mode = "reply", .text = "Dear", .figures = {}}, ann_->actor());
    f().done(SaveDraft{.ticket = a, .mode = "reply", .text = "Dear Li", .figures = {"pay_1"}}, ann_->actor());
    f().done(SaveDraft{.ticket = a, .mode = "note", .text = "Odd", .figures = {}}, ann_->actor());
    EXPECT_EQ(f().integer("SELECT count(*) FROM command"), commands) << "a pause of typing is no row";
    ASSERT_THAT(drafts(*ann_), SizeIs(2));
    EXPECT_EQ(drafts(*ann_)[0].text, "Dear Li");
    EXPECT_EQ(drafts(*ann_)[0].figures, "pay_1\n");
    EXPECT_THAT(drafts(*boss_), IsEmpty()) << "nobody else's";
    EXPECT_EQ(f().ask(SaveDraft{.ticket = a, .mode = "reply", .text = std::string(desk::draft_octets_max + 1, 'x')},
                      ann_->actor())
                  .code,
              codes::invalid);
    EXPECT_EQ(reply(a, "Dear Li, it costs CNY 5.00").code, codes::unbound_amount);
    EXPECT_THAT(drafts(*ann_), SizeIs(2)) << "what was refused is not lost";
    ASSERT_TRUE(reply(a, "Dear Li").done());
    ASSERT_THAT(drafts(*ann_), SizeIs(1));
    EXPECT_EQ(drafts(*ann_)[0].mode, store::DraftMode::note);
    f().done(SaveDraft{.ticket = a, .mode = "note", .text = "", .figures = {}}, ann_->actor());
    EXPECT_THAT(drafts(*ann_), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, Together, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
