// SPDX-License-Identifier: Apache-2.0
// What an answer promised, from the reply that makes it to its end, on both engines: who is told when, that it never stands
// still, and that nothing of it disturbs who is writing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "desk/lifecycle.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/promise_store.hpp"

namespace okpay::service {
namespace {

using desk::PromiseState;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Promises : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_.emplace(GetParam());
        ann_ = f().staff("ann@pay.example");
        boss_ = f().staff("boss@pay.example", "supervisor");
        chief_ = f().staff("chief@pay.example", "supervisor");
        auditor_ = f().staff("audit@pay.example", "auditor");
        li_ = f().customer("li@example.org", "Li Wei");
        f().pass(minutes{1});
        ticket_ =
            f().receive({.from = "li@example.org", .subject = "Hello", .text = "Where is the receipt I asked for?"}).text;
        f().pass(minutes{1});
        seen_ = f().outgoing().size();
    }
    ServiceFixture& f() { return *fixture_; }
    desk::Ticket ticket() { return store::find_ticket(*f().connect(), ticket_).value().ticket; }
    store::PromiseRow promise(std::int64_t no) { return store::find_promise(*f().connect(), desk::PromiseNo{no}).value(); }
    ReplyToTicket reply(std::vector<ConfirmedPromise> promises, std::string after = "open") {
        return {.ticket = ticket_,
                .message_id = f().fresh<MessageId>().text(),
                .outgoing_id = f().fresh<OutgoingId>().text(),
                .text = "We send it by noon, and write again by Friday.",
                .state_after = std::move(after),
                .version = ticket().version,
                .figures = {},
                .promises = std::move(promises)};
    }
    ConfirmedPromise in(Millis time, std::string words = "by noon") { return {std::move(words), ms_of(f().at() + time)}; }

    // Who gets a letter about clocks now.
    std::vector<std::string> told() {
        f().done(TellClocks{.tickets_max = 10, .seed = fmt::format("{:064}", ++seeds_)});
        std::vector<std::string> to;
        const auto mails = f().outgoing();
        for (; seen_ < mails.size(); ++seen_) {
            if (mails[seen_].kind == "staff_clock") to.push_back(mails[seen_].recipient);
        }
        return to;
    }
    std::vector<std::string> events() {
        std::vector<std::string> kinds;
        f().connect()->query("SELECT kind FROM ticket_event WHERE kind LIKE 'promise_%' ORDER BY no", {},
                             [&](const store::Row& row) { kinds.push_back(row.string(0)); });
        return kinds;
    }

    std::optional<ServiceFixture> fixture_;
    StaffMember ann_{}, boss_{}, chief_{}, auditor_{};
    std::int64_t li_ = 0;
    std::string ticket_;
    std::size_t seen_ = 0;
    int seeds_ = 0;
};

TEST_P(Promises, are_made_with_the_reply_and_set_the_requests_clock) {
    f().done(reply({in(hours{50}, "by Friday"), in(hours{20})}), ann_.actor());
    EXPECT_EQ(ticket().promise_due, f().at() + hours{20});
    const auto running = desk::running_clock(ticket());
    ASSERT_TRUE(running);
    EXPECT_EQ(running->kind, desk::ClockKind::promise);
    const store::PromiseRow first = promise(1);
    EXPECT_EQ(first.words, "by Friday");
    EXPECT_EQ(first.promise.made, f().at());
    EXPECT_EQ(first.promise.state, PromiseState::open);
    EXPECT_EQ(first.staff, customers::StaffNo{ann_.no});
    EXPECT_EQ(number_of(first.message), f().integer("SELECT max(no) FROM message"));
    EXPECT_THAT(events(), ElementsAre("promise_made", "promise_made"));

    Queries queries{f().database(), 1};
    const TicketDetail detail = queries.ticket_detail(ticket_).value().value();
    ASSERT_EQ(detail.promises.size(), 2U);
    EXPECT_EQ(detail.promises[1].row.words, "by noon");
    EXPECT_EQ(detail.promises[1].message, detail.messages.back().message.id);
    EXPECT_THAT(f().faults(), IsEmpty());
}

TEST_P(Promises, that_cannot_be_made_leave_nothing_of_the_reply) {
    const std::int64_t messages = f().integer("SELECT count(*) FROM message");
    const auto code = [&](ReplyToTicket body) { return f().ask(std::move(body), ann_.actor()).code; };
    EXPECT_EQ(code(reply({in(hours{2}, "by Monday")})), "promise_not_in_answer");
    EXPECT_EQ(code(reply({in(Millis{0})})), "promise_due_refused");
    EXPECT_EQ(code(reply({in(hours{24 * 367})})), "promise_due_refused");
    EXPECT_EQ(code(reply({in(hours{2}), in(hours{2}, "by Friday")})), "promise_due_refused");
    EXPECT_EQ(code(reply({in(hours{2})}, "solved")), "promise_left_open");
    std::vector<ConfirmedPromise> many;
    for (int i = 1; i <= 11; ++i) many.push_back(in(hours{i}));
    EXPECT_EQ(code(reply(many)), "promises_too_many");
    EXPECT_EQ(f().integer("SELECT count(*) FROM message"), messages);
    EXPECT_EQ(f().integer("SELECT count(*) FROM promise"), 0);
    EXPECT_EQ(ticket().promise_due, std::nullopt);
}

TEST_P(Promises, run_on_while_the_customer_is_awaited_and_are_told_once_before_once_at_the_end_and_once_to_the_supervisors) {
    f().done(reply({in(hours{30})}, "pending_customer"), ann_.actor());
    const desk::Ticket before = ticket();
    f().pass(hours{26} - Millis{1});
    EXPECT_THAT(told(), IsEmpty());
    f().pass(Millis{1});
    EXPECT_THAT(told(), ElementsAre("ann@pay.example"));
    EXPECT_THAT(told(), IsEmpty()) << "once";
    EXPECT_EQ(promise(1).promise.state, PromiseState::open);
    f().pass(hours{4});
    EXPECT_THAT(told(), ElementsAre("ann@pay.example"));
    EXPECT_EQ(promise(1).promise.state, PromiseState::broken);
    EXPECT_EQ(ticket().promise_due, before.promise_due) << "it is not done";
    f().pass(hours{1});
    EXPECT_THAT(told(), UnorderedElementsAre("ann@pay.example", "boss@pay.example", "chief@pay.example"));
    f().pass(hours{500});
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_EQ(ticket().version, before.version) << "whoever writes may send";
    EXPECT_THAT(events(), ElementsAre("promise_made", "promise_told", "promise_broken", "promise_told", "promise_told"));
    EXPECT_THAT(f().faults(), IsEmpty());
}

TEST_P(Promises, of_which_several_words_are_due_at_once_after_a_pause_are_told_in_one_letter) {
    f().done(reply({in(hours{3}), in(hours{6}, "by Friday")}, "pending_customer"), ann_.actor());
    f().pass(hours{100});
    EXPECT_THAT(told(), UnorderedElementsAre("ann@pay.example", "boss@pay.example", "chief@pay.example"));
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(events(), ElementsAre("promise_made", "promise_made", "promise_broken", "promise_told", "promise_broken",
                                      "promise_told"));
}

TEST_P(Promises, are_kept_in_time_and_not_any_more_after_their_end) {
    f().done(reply({in(hours{3}), in(hours{6}, "by Friday")}), ann_.actor());
    const std::int64_t version = ticket().version;
    f().pass(hours{3} - Millis{1});
    EXPECT_EQ(f().ask(KeepPromise{.ticket = ticket_, .promise = 1}, auditor_.actor()).code, codes::not_permitted);
    EXPECT_EQ(f().ask(KeepPromise{.ticket = ticket_, .promise = 9}, ann_.actor()).code, codes::not_found);
    EXPECT_EQ(f().ask(KeepPromise{.ticket = "OK-0000000", .promise = 1}, ann_.actor()).code, codes::not_found);
    f().done(KeepPromise{.ticket = ticket_, .promise = 1}, ann_.actor());
    EXPECT_EQ(promise(1).promise.state, PromiseState::kept);
    EXPECT_EQ(promise(1).ended_by, customers::StaffNo{ann_.no});
    EXPECT_EQ(ticket().promise_due, promise(2).promise.due) << "the next one";
    EXPECT_EQ(f().ask(KeepPromise{.ticket = ticket_, .promise = 1}, ann_.actor()).code, "promise_ended");

    f().pass(hours{4});
    f().done(KeepPromise{.ticket = ticket_, .promise = 2}, ann_.actor());
    EXPECT_EQ(promise(2).promise.state, PromiseState::broken);
    EXPECT_EQ(promise(2).promise.ended, f().at());
    EXPECT_EQ(ticket().promise_due, std::nullopt);
    EXPECT_EQ(ticket().version, version);
    EXPECT_THAT(told(), IsEmpty());
    EXPECT_THAT(events(),
                ElementsAre("promise_made", "promise_made", "promise_kept", "promise_broken", "promise_done_late"));
    EXPECT_THAT(f().faults(), IsEmpty());
}

TEST_P(Promises, are_withdrawn_with_a_reason_before_their_end) {
    f().done(reply({in(hours{3}), in(hours{6}, "by Friday")}), ann_.actor());
    const auto withdraw = [&](std::int64_t no, std::string reason) {
        return f().ask(WithdrawPromise{.ticket = ticket_, .promise = no, .reason = std::move(reason)}, ann_.actor()).code;
    };
    EXPECT_EQ(withdraw(1, " "), "reason_missing");
    EXPECT_EQ(withdraw(1, std::string(2'001, 'x')), codes::invalid);
    EXPECT_EQ(withdraw(1, "The customer found it."), "");
    EXPECT_EQ(promise(1).promise.state, PromiseState::withdrawn);
    EXPECT_EQ(promise(1).reason, "The customer found it.");
    EXPECT_EQ(withdraw(1, "Again."), "promise_ended");
    f().pass(hours{6});
    EXPECT_EQ(withdraw(2, "Too late."), "promise_over");
    EXPECT_EQ(promise(2).promise.state, PromiseState::open) << "until its end is noted";
    EXPECT_THAT(told(), ElementsAre("ann@pay.example"));
    EXPECT_EQ(promise(2).promise.state, PromiseState::broken);
    EXPECT_EQ(withdraw(2, "Too late."), "promise_over");
    EXPECT_THAT(f().faults(), IsEmpty());
}

TEST_P(Promises, end_when_the_request_is_solved) {
    f().done(reply({in(hours{3}), in(hours{6}, "by Friday")}), ann_.actor());
    f().pass(hours{4});
    f().done(SetTicketState{.ticket = ticket_, .state = "solved", .version = ticket().version}, ann_.actor());
    EXPECT_EQ(promise(1).promise.state, PromiseState::broken);
    EXPECT_EQ(promise(1).promise.ended, f().at()) << "done late";
    EXPECT_EQ(promise(2).promise.state, PromiseState::kept);
    EXPECT_EQ(ticket().promise_due, std::nullopt);
    f().pass(hours{30});
    EXPECT_THAT(told(), IsEmpty());
    // Opened again it has the clocks of its new word, and none of the old promises.
    f().done(SetTicketState{.ticket = ticket_, .state = "open", .version = ticket().version}, ann_.actor());
    EXPECT_EQ(ticket().promise_due, std::nullopt);
    EXPECT_THAT(f().faults(), IsEmpty());
}

TEST_P(Promises, of_a_request_that_nobody_has_are_told_to_the_supervisors) {
    f().done(reply({in(hours{8})}), ann_.actor());
    f().done(AssignTicket{.ticket = ticket_, .staff = 0}, ann_.actor());
    f().pass(hours{5});
    EXPECT_THAT(told(), UnorderedElementsAre("boss@pay.example", "chief@pay.example"));
}

TEST_P(Promises, sort_the_list_of_open_requests) {
    const std::string other =
        f().receive({.from = "li@example.org", .subject = "Fees", .text = "How much is a transfer to my sister's bank?"})
            .text;
    f().pass(minutes{1});
    f().done(reply({in(hours{1})}), ann_.actor());
    Queries queries{f().database(), 1};
    std::vector<std::string> numbers;
    for (const TicketView& view :
         queries.tickets({.list = TicketList::open, .me = customers::StaffNo{ann_.no}}).value().items)
        numbers.push_back(view.row.ticket.request_number);
    EXPECT_THAT(numbers, ElementsAre(ticket_, other));
    f().done(KeepPromise{.ticket = ticket_, .promise = 1}, ann_.actor());
    numbers.clear();
    for (const TicketView& view :
         queries.tickets({.list = TicketList::open, .me = customers::StaffNo{ann_.no}}).value().items)
        numbers.push_back(view.row.ticket.request_number);
    EXPECT_THAT(numbers, ElementsAre(other, ticket_));
}

INSTANTIATE_TEST_SUITE_P(Engines, Promises, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
