// SPDX-License-Identifier: Apache-2.0
// Top-ups and withdrawals by an outside rail: begun once, sent once, and ended by what the rail says, on both engines. After
// each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using payments::PaymentState;
using payments::RailCallState;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Rails : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    Actor customer() const { return {ActorKind::customer, li_}; }
    RailRequest request(std::int64_t minor, const std::string& key, const std::string& account = "DE02120300000000202051") {
        return {.key = key,
                .customer = li_,
                .amount_minor = minor,
                .currency = "CNY",
                .instrument = "bank ····" + account.substr(account.size() - 4),
                .sealed_instrument = base64_of(f_.context().keyring().seal(account, instrument_purpose)),
                .instrument_hash = hex_of(view_of(sha256(account)))};
    }
    std::int64_t top_up(std::int64_t minor, const std::string& key) {
        return f_.done(CollectTopUp{request(minor, key)}, customer()).number;
    }
    std::int64_t withdraw(std::int64_t minor, const std::string& key) {
        return f_.done(Withdraw{request(minor, key)}, customer()).number;
    }
    std::vector<RailOrder> take() { return f_.done(TakeRailCalls{.calls_max = 100, .seed = seed()}).rail_orders; }
    Answer say(std::int64_t payment, std::string word) {
        return f_.ask(
            ReportRail{.payment = payment, .word = std::move(word), .rail_reference = "R1", .detail = "", .seed = seed()});
    }
    std::string seed() { return fmt::format("{:064}", ++seeds_); }
    std::int64_t balance() { return f_.balance(f_.wallet_of(li_)); }
    payments::Payment payment(std::int64_t seq) { return store::find_payment(*f_.connect(), seq).value(); }
    payments::RailCall call(std::int64_t seq) { return store::find_rail_call(*f_.connect(), seq).value(); }
    store::TicketRow ticket_of(std::int64_t seq) {
        return store::find_ticket(*f_.connect(), desk::TicketNo{call(seq).ticket}).value();
    }
    std::vector<std::string> letters() {
        std::vector<std::string> texts;
        for (const store::OutgoingRow& row : f_.outgoing()) texts.push_back(f_.text_of(row));
        return texts;
    }
    // The first inquiry, half a minute after the call, brought nothing.
    void inquire_in_vain(std::int64_t seq) {
        f_.pass(seconds{30});
        ASSERT_THAT(take(), SizeIs(1));
        say(seq, "pending");
    }

    ServiceFixture f_{GetParam()};
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t seeds_ = 0;
};

TEST_P(Rails, a_top_up_is_credited_when_the_bank_has_said_so_and_not_before) {
    const std::int64_t seq = top_up(5'000, "t1");
    EXPECT_EQ(payment(seq).state, PaymentState::processing);
    EXPECT_EQ(balance(), 0);
    const auto orders = take();
    ASSERT_THAT(orders, SizeIs(1));
    EXPECT_EQ(orders[0].instrument, "DE02120300000000202051") << "the rail gets all of it";
    EXPECT_FALSE(orders[0].inquiry);
    EXPECT_THAT(take(), IsEmpty()) << "handed out twice";
    EXPECT_EQ(balance(), 0);
    say(seq, "done");
    EXPECT_EQ(balance(), 5'000);
    EXPECT_EQ(payment(seq).state, PaymentState::succeeded);
    EXPECT_TRUE(say(seq, "done").replayed);
    EXPECT_EQ(balance(), 5'000) << "told twice";
    EXPECT_THAT(letters(), IsEmpty()) << "what went well needs no mail";
    const Answer again = f_.ask(CollectTopUp{request(5'000, "t1")}, customer());
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.payment->state, PaymentState::processing) << "the first answer, whatever happened since";
    EXPECT_EQ(f_.ask(CollectTopUp{request(5'000, "t1", "DE02500105170137075030")}, customer()).code, codes::key_reused)
        << "the same key and another account";
}

TEST_P(Rails, a_declined_top_up_takes_nothing) {
    const std::int64_t seq = top_up(5'000, "t1");
    take();
    say(seq, "declined");
    EXPECT_EQ(payment(seq).refusal, payments::PaymentRefusal::declined_by_issuer);
    EXPECT_EQ(balance(), 0);
    const Answer again = f_.ask(CollectTopUp{request(5'000, "t1")}, customer());
    EXPECT_TRUE(again.done()) << "the first answer was that it is under way; now " << again.code;
    EXPECT_EQ(again.payment->state, PaymentState::processing);
    EXPECT_NE(top_up(5'000, "t2"), seq) << "a known outcome bars nothing";
}

TEST_P(Rails, while_one_is_open_the_same_is_not_tried_again) {
    f_.top_up(li_, 20'000);
    const std::int64_t first = withdraw(5'000, "w1");
    take();
    say(first, "no_answer");
    EXPECT_EQ(payment(first).state, PaymentState::unknown);
    const Answer second = f_.ask(Withdraw{request(5'000, "w2")}, customer());
    EXPECT_EQ(second.code, "attempt_unresolved");
    EXPECT_EQ(payment(second.number).duplicate_of, first);
    EXPECT_EQ(balance(), 15'000);
    EXPECT_TRUE(f_.ask(Withdraw{request(6'000, "w3")}, customer()).done()) << "another amount is another wish";
    EXPECT_TRUE(f_.ask(CollectTopUp{request(5'000, "t1")}, customer()).done());
    say(first, "done");
    EXPECT_TRUE(f_.ask(Withdraw{request(5'000, "w4")}, customer()).done());
    EXPECT_EQ(f_.ask(Withdraw{request(5'000, "w2")}, customer()).code, "attempt_unresolved")
        << "a refused key stays refused";
}

TEST_P(Rails, the_customer_is_written_to_before_they_write) {
    const std::int64_t seq = top_up(5'000, "t1");
    take();
    say(seq, "no_answer");
    EXPECT_THAT(letters(), IsEmpty()) << "half a minute may bring it";
    inquire_in_vain(seq);
    ASSERT_THAT(letters(), SizeIs(1));
    EXPECT_THAT(letters()[0], AllOf(HasSubstr("not clear yet"), HasSubstr("do not make this top-up again"),
                                    HasSubstr("CNY 50.00"), Not(HasSubstr("DE02120300000000202051"))));
    EXPECT_EQ(ticket_of(seq).ticket.state, desk::TicketState::on_hold);
    EXPECT_EQ(ticket_of(seq).ticket.party_address, "li@example.org");
    f_.pass(minutes{5});
    ASSERT_THAT(take(), SizeIs(1));
    say(seq, "done");
    ASSERT_THAT(letters(), SizeIs(2));
    EXPECT_THAT(letters()[1], HasSubstr("went through, once"));
    EXPECT_EQ(ticket_of(seq).ticket.state, desk::TicketState::solved);
    EXPECT_EQ(balance(), 5'000);
}

TEST_P(Rails, a_withdrawal_leaves_at_once_and_comes_back_whole) {
    f_.top_up(li_, 8'000);
    const std::int64_t seq = withdraw(5'000, "w1");
    EXPECT_EQ(balance(), 3'000);
    EXPECT_EQ(f_.ask(Withdraw{request(3'001, "w2")}, customer()).code, "insufficient_funds");
    take();
    say(seq, "declined");
    EXPECT_EQ(balance(), 8'000);
    EXPECT_EQ(payment(seq).state, PaymentState::failed);
    EXPECT_EQ(payment(seq).refusal, payments::PaymentRefusal::destination_refused);
    ASSERT_THAT(letters(), SizeIs(1)) << "money that comes back is never silent";
    EXPECT_THAT(letters()[0], AllOf(HasSubstr("refused by the bank"), HasSubstr("back in your")));
}

TEST_P(Rails, what_was_paid_out_may_come_back_once) {
    f_.top_up(li_, 8'000);
    const std::int64_t seq = withdraw(5'000, "w1");
    take();
    say(seq, "done");
    EXPECT_EQ(balance(), 3'000);
    say(seq, "returned");
    EXPECT_TRUE(say(seq, "returned").replayed);
    EXPECT_EQ(balance(), 8'000);
    EXPECT_EQ(payment(seq).state, PaymentState::returned);
    EXPECT_THAT(letters(), SizeIs(1));
}

TEST_P(Rails, done_after_no_goes_to_suspense_and_to_a_person) {
    const std::int64_t seq = top_up(5'000, "t1");
    take();
    say(seq, "declined");
    say(seq, "done");
    EXPECT_EQ(balance(), 0);
    EXPECT_EQ(call(seq).state, RailCallState::contradicted);
    EXPECT_EQ(ticket_of(seq).ticket.state, desk::TicketState::open);
    EXPECT_EQ(ticket_of(seq).ticket.urgency, "critical");
    EXPECT_EQ(f_.integer("SELECT count(*) FROM transfer WHERE code = 12"), 1);
    EXPECT_THAT(letters(), IsEmpty());
}

TEST_P(Rails, after_the_last_inquiry_a_person_decides_with_a_second_factor) {
    f_.top_up(li_, 8'000);
    const std::int64_t seq = withdraw(5'000, "w1");
    take();
    say(seq, "no_answer");
    for (int i = 0; i < payments::rail_inquiries_max; ++i) {
        f_.pass(hours{24});
        ASSERT_THAT(take(), SizeIs(1)) << i;
        say(seq, "pending");
    }
    f_.pass(hours{24 * 30});
    EXPECT_THAT(take(), IsEmpty());
    EXPECT_EQ(ticket_of(seq).ticket.state, desk::TicketState::open);

    const StaffMember agent = f_.staff("ann@pay.example", "agent");
    const StaffMember boss = f_.staff("bo@pay.example", "supervisor");
    DecideRailOutcome decision{.payment = seq, .word = "declined", .note = "", .totp_code = "000000", .seed = seed()};
    EXPECT_EQ(f_.ask(decision, agent.actor()).code, codes::not_permitted);
    EXPECT_EQ(f_.ask(decision, boss.actor()).code, codes::invalid) << "how it is known has to be said";
    decision.note = "on the statement of 12 November";
    EXPECT_EQ(f_.ask(decision, boss.actor()).code, codes::totp_wrong);
    EXPECT_EQ(balance(), 3'000);
    decision.totp_code = f_.totp(boss);
    EXPECT_TRUE(f_.ask(decision, boss.actor()).done());
    EXPECT_EQ(balance(), 8'000);
    f_.pass(minutes{1});
    decision.totp_code = f_.totp(boss);
    EXPECT_EQ(f_.ask(decision, boss.actor()).code, "outcome_known");
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'settle_unknown'"), 1);
}

TEST_P(Rails, what_was_under_way_at_a_restart_is_inquired_after_and_never_sent_again) {
    const std::int64_t sent = top_up(5'000, "t1");
    ASSERT_THAT(take(), SizeIs(1));
    const std::int64_t waiting = top_up(6'000, "t2");
    f_.restart();
    f_.done(ReleaseRailCalls{seed()});
    EXPECT_EQ(payment(sent).state, PaymentState::unknown);
    EXPECT_EQ(payment(waiting).state, PaymentState::processing);
    const auto orders = take();
    ASSERT_THAT(orders, SizeIs(2));
    for (const RailOrder& order : orders) EXPECT_EQ(order.inquiry, order.payment == sent);
}

TEST_P(Rails, locked_customers_pay_nothing_out_and_still_receive) {
    f_.top_up(li_, 8'000);
    const std::int64_t begun = withdraw(2'000, "w0");
    const PlaceLock lock{.customer = li_, .scope = "debits", .message_code = "", .reason = ""};
    const std::int64_t no = f_.done(lock, customer()).number;
    f_.restart();
    EXPECT_EQ(f_.ask(Withdraw{request(1'000, "w1")}, customer()).code, "payer_locked");
    const std::int64_t seq = top_up(1'000, "t1");
    EXPECT_THAT(take(), SizeIs(1)) << "what was begun before the lock waits; what comes in does not";
    say(seq, "done");
    EXPECT_EQ(balance(), 7'000);
    f_.done(ReleaseOwnLock{.customer = li_, .lock = no}, customer());
    EXPECT_THAT(take(), IsEmpty()) << "looked at again in a while";
    f_.pass(std::chrono::minutes{5});
    const auto orders = take();
    ASSERT_THAT(orders, SizeIs(1));
    EXPECT_EQ(orders.front().payment, begun);
    EXPECT_FALSE(orders.front().inquiry);
}

TEST_P(Rails, verify_names_a_call_that_disagrees) {
    f_.top_up(li_, 8'000);
    const std::int64_t seq = withdraw(5'000, "w1");
    f_.run(fmt::format("UPDATE rail_call SET state = 4 WHERE payment = {}", seq));
    EXPECT_THAT(f_.faults(), ::testing::Each(HasSubstr("rail_calls: ")));
    EXPECT_THAT(f_.faults(), Not(IsEmpty()));
    f_.run(fmt::format("UPDATE rail_call SET state = 1, next_at = NULL WHERE payment = {}", seq));
    EXPECT_THAT(f_.faults(), ::testing::Contains(HasSubstr("nobody looks after it")));
    f_.run(fmt::format("UPDATE rail_call SET next_at = 1 WHERE payment = {}", seq));
    f_.run("UPDATE payment SET rail = 0 WHERE kind = 5");
    EXPECT_THAT(f_.faults(), ::testing::Contains(HasSubstr("which no rail carries")));
    f_.run("UPDATE payment SET rail = 1 WHERE kind = 5");
}

INSTANTIATE_TEST_SUITE_P(Engines, Rails, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
