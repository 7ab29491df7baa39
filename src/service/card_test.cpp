// SPDX-License-Identifier: Apache-2.0
// Payments by card and refunds to one, and the question before the same is paid again, on both engines. After each test the
// books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "payments/names.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::FixtureOptions;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using payments::Payment;
using payments::PaymentRefusal;
using payments::PaymentState;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Cards : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    Actor shop() const { return {ActorKind::merchant, shop_}; }
    Pay by_card(std::int64_t minor, const std::string& key, const std::string& order = "",
                const std::string& token = "tok_visa4242") {
        Pay pay = f_.payment(li_, shop_, minor, key, order);
        pay.instrument = "card ····" + token.substr(token.size() - 4);
        pay.sealed_instrument = base64_of(f_.context().keyring().seal(token, instrument_purpose));
        pay.instrument_hash = hex_of(view_of(sha256(token)));
        return pay;
    }
    std::int64_t begun(std::int64_t minor, const std::string& key, const std::string& order = "") {
        return f_.done(by_card(minor, key, order), shop()).number;
    }
    std::int64_t paid(std::int64_t minor, const std::string& key, const std::string& order = "") {
        const std::int64_t seq = begun(minor, key, order);
        take();
        say(seq, "done");
        return seq;
    }
    Answer refund(std::int64_t seq, std::int64_t minor, const std::string& key) {
        return f_.ask(Refund{.key = key, .payment = seq, .amount_minor = minor, .reason = "requested_by_customer"}, shop());
    }
    std::vector<RailOrder> take() { return f_.done(TakeRailCalls{.calls_max = 100, .seed = seed()}).rail_orders; }
    Answer say(std::int64_t payment, std::string word) {
        return f_.ask(
            ReportRail{.payment = payment, .word = std::move(word), .rail_reference = "R1", .detail = "", .seed = seed()});
    }
    void inquire_in_vain(std::int64_t seq) {
        f_.pass(seconds{30});
        ASSERT_THAT(take(), SizeIs(1));
        say(seq, "pending");
    }
    std::string seed() { return fmt::format("{:064}", ++seeds_); }
    Payment payment(std::int64_t seq) { return store::find_payment(*f_.connect(), seq).value(); }
    payments::RailCall call(std::int64_t seq) { return store::find_rail_call(*f_.connect(), seq).value(); }
    store::TicketRow ticket_of(std::int64_t seq) {
        return store::find_ticket(*f_.connect(), desk::TicketNo{call(seq).ticket}).value();
    }
    std::int64_t payable() { return f_.balance(f_.payable_of(shop_)); }
    std::int64_t house(std::int64_t kind) {
        const std::int64_t no = f_.integer(fmt::format("SELECT no FROM account WHERE kind = {} AND currency = 156", kind));
        return no == 0 ? 0 : f_.balance(no);
    }
    std::int64_t owed_by_acquirer() { return -house(9); }
    std::int64_t in_transit() { return house(8); }
    std::string last_letter() { return f_.text_of(f_.outgoing().back()); }

    ServiceFixture f_{GetParam()};
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t shop_ = f_.merchant("Blue Bottle");
    std::int64_t seeds_ = 0;
};

TEST_P(Cards, the_shop_is_owed_the_money_when_the_bank_has_said_so_and_not_before) {
    const std::int64_t seq = begun(10'000, "p1", "A-1");
    EXPECT_EQ(payment(seq).state, PaymentState::processing);
    const auto orders = take();
    ASSERT_THAT(orders, SizeIs(1));
    EXPECT_EQ(orders[0].instrument, "tok_visa4242") << "the rail gets all of it";
    EXPECT_EQ(orders[0].direction, "collect");
    EXPECT_THAT(take(), IsEmpty()) << "handed out twice";
    EXPECT_EQ(payable(), 0);
    say(seq, "done");
    EXPECT_EQ(payable(), 10'000 - 60);
    EXPECT_EQ(owed_by_acquirer(), 10'000);
    EXPECT_EQ(payment(seq).fee_minor, 60);
    EXPECT_EQ(payment(seq).captured_minor, 10'000);
    EXPECT_TRUE(say(seq, "done").replayed) << "told twice";
    EXPECT_EQ(payable(), 10'000 - 60);
    EXPECT_EQ(f_.balance(f_.wallet_of(li_)), 0) << "no wallet is touched";
    const Answer again = f_.ask(by_card(10'000, "p1", "A-1"), shop());
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.payment->state, PaymentState::processing) << "the first answer, whatever happened since";
    EXPECT_EQ(again.payment->fee_minor, 0);
    EXPECT_EQ(f_.ask(by_card(10'000, "p1", "A-1", "tok_other1111"), shop()).code, codes::key_reused)
        << "the same key and another card";
    EXPECT_THAT(f_.outgoing(), IsEmpty()) << "what went well needs no mail";
}

TEST_P(Cards, a_declined_card_takes_nothing_and_the_order_may_be_paid_again) {
    const std::int64_t first = begun(10'000, "p1", "A-1");
    take();
    say(first, "declined");
    EXPECT_EQ(payment(first).refusal, PaymentRefusal::declined_by_issuer);
    EXPECT_EQ(payable(), 0);
    const std::int64_t second = paid(10'000, "p2", "A-1");
    EXPECT_EQ(payment(second).state, PaymentState::succeeded);
    EXPECT_EQ(f_.ask(by_card(10'000, "p3", "A-1"), shop()).code, "order_already_paid");
    // The bank of the first says later that it was done after all: suspense and a person, never a second sale.
    say(first, "done");
    EXPECT_EQ(payment(first).state, PaymentState::failed);
    EXPECT_EQ(house(5), 10'000);
    EXPECT_EQ(ticket_of(first).ticket.urgency, "critical");
    EXPECT_EQ(payable(), 10'000 - 60);
}

TEST_P(Cards, while_one_is_open_there_is_no_second_attempt) {
    f_.top_up(li_, 50'000);
    const std::int64_t first = begun(10'000, "p1", "A-1");
    take();
    say(first, "no_answer");
    EXPECT_EQ(payment(first).state, PaymentState::unknown);
    const auto expect_unresolved = [&](const Pay& pay, const std::string& what) {
        const Answer answer = f_.ask(pay, shop());
        EXPECT_EQ(answer.code, "attempt_unresolved") << what;
        EXPECT_EQ(answer.payment->duplicate_of, first) << what;
        EXPECT_EQ(payment(answer.number).refusal, PaymentRefusal::attempt_unresolved) << "a kept refusal: " << what;
    };
    expect_unresolved(by_card(20'000, "p2", "A-1"), "the same order");
    expect_unresolved(f_.payment(li_, shop_, 10'000, "p3", "A-1"), "the same order out of the wallet");
    expect_unresolved(by_card(10'000, "p4", "A-2"), "the same card, shop and amount");
    Pay meant = by_card(10'000, "p5", "A-3");
    meant.not_a_duplicate = true;
    expect_unresolved(meant, "nobody can know that it is another while the first is open");
    EXPECT_TRUE(f_.ask(by_card(12'000, "p6", "A-4"), shop()).done()) << "another amount is another wish";
    say(first, "declined");
    EXPECT_TRUE(f_.ask(by_card(10'000, "p7", "A-1"), shop()).done()) << "a known outcome bars nothing";
}

TEST_P(Cards, an_unknown_outcome_is_told_and_ends_by_an_inquiry) {
    const std::int64_t seq = begun(10'000, "p1", "A-1");
    take();
    say(seq, "no_answer");
    EXPECT_THAT(f_.outgoing(), IsEmpty()) << "most silences end within half a minute";
    inquire_in_vain(seq);
    ASSERT_THAT(f_.outgoing(), SizeIs(1));
    EXPECT_THAT(last_letter(), HasSubstr("card payment"));
    EXPECT_THAT(last_letter(), HasSubstr("do not make this card payment again"));
    EXPECT_EQ(ticket_of(seq).ticket.category, "payment_failed");
    f_.pass(minutes{5});
    const auto inquiry = take();
    ASSERT_THAT(inquiry, SizeIs(1));
    EXPECT_TRUE(inquiry[0].inquiry);
    say(seq, "done");
    EXPECT_EQ(payable(), 10'000 - 60);
    ASSERT_THAT(f_.outgoing(), SizeIs(2));
    EXPECT_THAT(last_letter(), HasSubstr("went through, once"));
    EXPECT_EQ(ticket_of(seq).ticket.state, desk::TicketState::solved);
}

TEST_P(Cards, after_the_last_inquiry_a_person_decides) {
    const StaffMember treasurer = f_.staff("wu@pay.example", "supervisor");
    const std::int64_t seq = begun(10'000, "p1", "A-1");
    take();
    say(seq, "no_answer");
    for (std::int64_t i = 0; i < payments::rail_inquiries_max; ++i) {
        f_.pass(hours{24});
        ASSERT_THAT(take(), SizeIs(1));
        say(seq, "pending");
    }
    f_.pass(hours{240});
    EXPECT_THAT(take(), IsEmpty()) << "nobody asks any more";
    EXPECT_EQ(ticket_of(seq).ticket.state, desk::TicketState::open);
    f_.done(DecideRailOutcome{.payment = seq,
                              .word = "declined",
                              .note = "their statement of the 12th does not show it",
                              .totp_code = f_.totp(treasurer),
                              .seed = seed()},
            treasurer.actor());
    EXPECT_EQ(payment(seq).state, PaymentState::failed);
    EXPECT_EQ(payable(), 0);
}

TEST_P(Cards, a_card_is_not_held) {
    Pay held = by_card(10'000, "p1", "A-1");
    held.manual_capture = true;
    EXPECT_EQ(f_.ask(held, shop()).code, codes::invalid);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM payment"), 0);
}

TEST_P(Cards, a_refund_goes_back_to_the_card_and_counts_while_it_is_on_its_way) {
    const std::int64_t seq = paid(10'000, "p1", "A-1");
    const Answer half = refund(seq, 4'000, "r1");
    ASSERT_TRUE(half.done()) << half.code;
    EXPECT_EQ(half.payment->state, PaymentState::processing);
    EXPECT_EQ(payable(), 10'000 - 60 - 4'000) << "it left the shop at once";
    EXPECT_EQ(in_transit(), 4'000);
    EXPECT_EQ(payment(seq).refunded_minor, 0);
    EXPECT_EQ(refund(seq, 6'001, "r2").code, "exceeds_refundable") << "what is in flight counts";
    const auto orders = take();
    ASSERT_THAT(orders, SizeIs(1));
    EXPECT_EQ(orders[0].direction, "pay_out");
    EXPECT_EQ(orders[0].instrument, "tok_visa4242") << "where it was taken from";
    say(half.number, "done");
    EXPECT_EQ(payment(half.number).state, PaymentState::succeeded);
    EXPECT_EQ(payment(seq).refunded_minor, 4'000);
    EXPECT_EQ(in_transit(), 0);
    EXPECT_EQ(owed_by_acquirer(), 6'000);
    EXPECT_EQ(payment(half.number).fee_minor, 24) << "the share of the fee";
    EXPECT_EQ(payable(), 6'000 - 36);
    const Answer rest = refund(seq, 6'000, "r3");
    take();
    say(rest.number, "done");
    EXPECT_EQ(payable(), 0) << "shares of partial refunds add up to exactly the fee";
    EXPECT_EQ(owed_by_acquirer(), 0);
    EXPECT_EQ(f_.balance(f_.wallet_of(li_)), 0);
    EXPECT_TRUE(refund(seq, 4'000, "r1").replayed);
    EXPECT_EQ(refund(seq, 1, "r4").code, "exceeds_refundable");
}

TEST_P(Cards, a_refund_that_fails_gives_exactly_its_amount_back_to_what_is_refundable) {
    const std::int64_t seq = paid(10'000, "p1", "A-1");
    const std::int64_t first = refund(seq, 10'000, "r1").number;
    take();
    say(first, "declined");
    EXPECT_EQ(payment(first).state, PaymentState::failed);
    EXPECT_EQ(payment(first).refusal, PaymentRefusal::declined_by_issuer);
    EXPECT_EQ(payable(), 10'000 - 60);
    EXPECT_EQ(in_transit(), 0);
    EXPECT_EQ(payment(seq).refunded_minor, 0);
    EXPECT_EQ(ticket_of(first).ticket.state, desk::TicketState::open) << "the customer is still owed it";
    EXPECT_THAT(last_letter(), HasSubstr("was refused by the bank of the card"));
    const Answer second = refund(seq, 10'000, "r2");
    ASSERT_TRUE(second.done()) << second.code;
    take();
    say(second.number, "done");
    EXPECT_EQ(payment(seq).refunded_minor, 10'000);
    // Days later the bank of the card sends it back.
    say(second.number, "returned");
    EXPECT_EQ(payment(second.number).state, PaymentState::returned);
    EXPECT_EQ(payment(seq).refunded_minor, 0);
    EXPECT_EQ(payable(), 10'000 - 60) << "the fee as well";
    EXPECT_EQ(owed_by_acquirer(), 10'000);
}

TEST_P(Cards, an_approved_refund_to_a_card_is_said_to_be_on_its_way_and_a_failed_one_reopens_the_request) {
    const StaffMember agent = f_.staff("mei@pay.example");
    const StaffMember second = f_.staff("bo@pay.example", "supervisor");
    const std::int64_t seq = paid(10'000, "p1", "A-1");
    const Answer ticket =
        f_.receive({.from = "li@example.org", .subject = "Refund", .text = "Please refund my payment of 100 CNY"});
    const auto remedy = [&] {
        const std::string id = f_.fresh<RemedyId>().text();
        f_.done(ProposeRefund{.ticket = ticket.text,
                              .remedy_id = id,
                              .payment = seq,
                              .duplicate_of = 0,
                              .amount_minor = 10'000,
                              .currency = "CNY",
                              .expected_refundable = 10'000,
                              .reason = "requested_by_customer",
                              .note = "",
                              .evidence = "{}"},
                agent.actor());
        f_.pass(seconds{30});
        f_.done(ApproveRemedy{.remedy_id = id,
                              .totp_code = f_.totp(second),
                              .message_id = f_.fresh<MessageId>().text(),
                              .outgoing_id = f_.fresh<OutgoingId>().text()},
                second.actor());
        return f_.integer("SELECT max(executed_payment) FROM remedy");
    };
    const std::int64_t first = remedy();
    EXPECT_THAT(last_letter(), HasSubstr("is on its way"));
    EXPECT_THAT(last_letter(), Not(HasSubstr("given back"))) << "nobody knows that yet";
    EXPECT_EQ(ticket_of(first).ticket.request_number, ticket.text);
    EXPECT_EQ(ticket_of(first).ticket.state, desk::TicketState::on_hold);
    take();
    say(first, "declined");
    EXPECT_EQ(ticket_of(first).ticket.state, desk::TicketState::open);
    EXPECT_THAT(last_letter(), HasSubstr("looks for another way"));
    const std::int64_t again = remedy();
    EXPECT_NE(again, first) << "what a bank did not carry out may be tried once more";
    take();
    say(again, "done");
    EXPECT_THAT(last_letter(), HasSubstr("went through, once"));
    EXPECT_EQ(ticket_of(again).ticket.state, desk::TicketState::solved);
}

class Asked : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }
    Answer ask(const Pay& pay) { return f_.ask(pay, {ActorKind::merchant, pay.merchant}); }

    ServiceFixture f_{GetParam(), FixtureOptions{.possible_duplicate_window = seconds{120}}};
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t bo_ = f_.customer("bo@example.org", "Bo");
    std::int64_t shop_ = f_.merchant("Blue Bottle");
    std::int64_t other_shop_ = f_.merchant("Manner");
};

TEST_P(Asked, before_the_same_is_paid_again_within_two_minutes) {
    f_.top_up(li_, 100'000);
    f_.top_up(bo_, 100'000);
    const std::int64_t first = f_.pay(li_, shop_, 2'800, "p1");
    f_.pass(seconds{119});
    const Answer second = ask(f_.payment(li_, shop_, 2'800, "p2"));
    EXPECT_EQ(second.code, "possible_duplicate");
    EXPECT_EQ(second.payment->duplicate_of, first);
    EXPECT_EQ(f_.balance(f_.wallet_of(li_)), 100'000 - 2'800);
    EXPECT_TRUE(ask(f_.payment(li_, shop_, 2'800, "p2")).replayed) << "a kept refusal";
    Pay meant = f_.payment(li_, shop_, 2'800, "p2");
    meant.not_a_duplicate = true;
    EXPECT_EQ(ask(meant).code, codes::key_reused) << "another request needs another key";
    meant.key = "p3";
    EXPECT_TRUE(ask(meant).done());
    EXPECT_TRUE(ask(meant).replayed);
    EXPECT_EQ(f_.balance(f_.wallet_of(li_)), 100'000 - 2 * 2'800);
    f_.pass(seconds{121});
    EXPECT_TRUE(ask(f_.payment(li_, shop_, 2'800, "p4")).done()) << "two coffees are not one";
}

TEST_P(Asked, only_where_nothing_tells_the_two_apart) {
    f_.top_up(li_, 100'000);
    f_.top_up(bo_, 100'000);
    f_.pay(li_, shop_, 2'800, "p1");
    EXPECT_TRUE(ask(f_.payment(li_, shop_, 2'900, "p2")).done()) << "another amount";
    EXPECT_TRUE(ask(f_.payment(li_, other_shop_, 2'800, "p3")).done()) << "another shop";
    EXPECT_TRUE(ask(f_.payment(bo_, shop_, 2'800, "p4")).done()) << "another person";
    EXPECT_TRUE(ask(f_.payment(li_, shop_, 2'800, "p5", "A-1")).done()) << "an order of its own";
    EXPECT_TRUE(ask(f_.payment(li_, shop_, 2'800, "p6", "A-2")).done()) << "two orders";
    // Given back whole: buying it once more is meant.
    const std::int64_t bought = f_.pay(bo_, other_shop_, 5'000, "p7");
    f_.done(Refund{.key = "r1", .payment = bought, .amount_minor = 5'000, .reason = "requested_by_customer"},
            {ActorKind::merchant, other_shop_});
    EXPECT_TRUE(ask(f_.payment(bo_, other_shop_, 5'000, "p8")).done());
    // A hold is a payment of the same as well; one that was released is not.
    Pay held = f_.payment(bo_, shop_, 7'000, "h1");
    held.manual_capture = true;
    const std::int64_t hold = ask(held).number;
    EXPECT_EQ(ask(f_.payment(bo_, shop_, 7'000, "h2")).code, "possible_duplicate");
    f_.done(CancelPayment{.key = "c1", .payment = hold}, {ActorKind::merchant, shop_});
    EXPECT_TRUE(ask(f_.payment(bo_, shop_, 7'000, "h3")).done());
    // What would be refused anyway is refused with its own word.
    f_.pay(li_, shop_, 60'000, "b1");
    EXPECT_EQ(ask(f_.payment(li_, shop_, 60'000, "b2")).code, "insufficient_funds");
}

TEST_P(Asked, of_a_card_as_well_and_after_a_restart) {
    const auto by_card = [&](const std::string& key) {
        Pay pay = f_.payment(li_, shop_, 2'800, key);
        pay.instrument = "card ····4242";
        pay.sealed_instrument = base64_of(f_.context().keyring().seal("tok_visa4242", instrument_purpose));
        pay.instrument_hash = hex_of(view_of(sha256("tok_visa4242")));
        return pay;
    };
    const std::int64_t first = ask(by_card("p1")).number;
    f_.done(TakeRailCalls{.calls_max = 9, .seed = std::string(64, '1')});
    f_.done(ReportRail{.payment = first, .word = "done", .rail_reference = "", .detail = "", .seed = std::string(64, '2')});
    f_.restart();
    EXPECT_EQ(ask(by_card("p2")).code, "possible_duplicate");
    f_.top_up(li_, 10'000);
    EXPECT_TRUE(ask(f_.payment(li_, shop_, 2'800, "p3")).done()) << "another instrument: the wallet";
    f_.restart();
    EXPECT_EQ(ask(f_.payment(li_, shop_, 2'800, "p4")).code, "possible_duplicate")
        << "nothing of it is held in memory alone";
}

TEST_P(Asked, nobody_whose_wallet_moves_like_a_machine) {
    f_.top_up(li_, 100'000);
    f_.pay(li_, shop_, 2'800, "p1");
    for (int i = 0; i < alike_looked_at_max; ++i) f_.pay(li_, other_shop_, 1, fmt::format("m{}", i), fmt::format("o{}", i));
    EXPECT_TRUE(ask(f_.payment(li_, shop_, 2'800, "p2")).done()) << "the look has an end";
}

INSTANTIATE_TEST_SUITE_P(Engines, Cards, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });
INSTANTIATE_TEST_SUITE_P(Engines, Asked, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
