// SPDX-License-Identifier: Apache-2.0
// "I was charged twice", from the customer's page: refunded at once where the ledger proves it and the caps allow it,
// explained where the ledger explains it, else with a person. The twelve ways in which a refund of a double charge has to be
// safe have a test each, named after them. On both engines; after each test the books are verified.
//
// Two charges of one order come about where a merchant's systems spell its reference in two ways: the writer takes an order
// once by its exact text, and the reading of pairs knows that "S-7001" and "s-7001" are one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "payments/duplicates.hpp"
#include "service_fixture.hpp"
#include "store/duplicate_store.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::FixtureOptions;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using payments::PairClass;
using payments::Payment;
using payments::PaymentState;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using store::ReportOutcome;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr payments::AutomaticRefundCaps caps{.currency = money::Currency::cny,
                                             .per_item_minor = 20'000,
                                             .per_customer_30_days_minor = 30'000,
                                             .per_day_minor = 45'000};

struct Outcome {
    Answer answer;
    [[nodiscard]] ReportOutcome outcome() const { return static_cast<ReportOutcome>(answer.numbers.at(0)); }
    [[nodiscard]] PairClass pair_class() const { return static_cast<PairClass>(answer.numbers.at(1)); }
    [[nodiscard]] std::int64_t other() const { return answer.numbers.at(2); }
    [[nodiscard]] std::int64_t refund() const { return answer.numbers.at(3); }
};

class ChargedTwice : public ::testing::TestWithParam<store::Engine> {
protected:
    ChargedTwice() {
        f_.top_up(li_, 500'000);
        f_.top_up(bo_, 500'000);
    }
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    ReportDuplicate report(std::int64_t payment, const std::string& key, const std::string& text = "") {
        return {.key = key,
                .customer = li_,
                .payment = payment,
                .twin = 0,
                .ticket_id = f_.fresh<TicketId>().text(),
                .message_id = f_.fresh<MessageId>().text(),
                .outgoing_id = f_.fresh<OutgoingId>().text(),
                .remedy_id = f_.fresh<RemedyId>().text(),
                .text = text};
    }
    Outcome said(const ReportDuplicate& body) { return {f_.done(body, {ActorKind::customer, body.customer})}; }
    Outcome said(std::int64_t payment, const std::string& key, const std::string& text = "") {
        return said(report(payment, key, text));
    }
    struct Twins {
        std::int64_t first, second;
    };
    // One order charged twice, 20 seconds apart.
    Twins doubled(std::int64_t minor, const std::string& order, std::int64_t customer = 0) {
        if (customer == 0) customer = li_;
        const std::int64_t first = f_.pay(customer, shop_, minor, order + " 1", "S-" + order);
        f_.pass(seconds{20});
        return {first, f_.pay(customer, shop_, minor, order + " 2", "s-" + order)};
    }
    Payment payment(std::int64_t seq) { return store::find_payment(*f_.connect(), seq).value(); }
    std::int64_t balance() { return f_.balance(f_.wallet_of(li_)); }
    std::int64_t refunds() { return f_.integer("SELECT count(*) FROM payment WHERE kind = 4 AND state <> 2"); }
    store::TicketRow ticket(const Outcome& outcome) {
        return store::find_ticket(*f_.connect(), outcome.answer.text).value();
    }
    std::string verdict() { return text("SELECT verdict FROM duplicate_report ORDER BY no DESC LIMIT 1"); }
    std::string text(const std::string& sql) {
        std::string found;
        f_.connect()->query(sql, {}, [&found](const store::Row& row) { found = row.string(0); });
        return found;
    }
    std::string last_letter() { return f_.text_of(f_.outgoing().back()); }
    std::vector<RailOrder> take() { return f_.done(TakeRailCalls{.calls_max = 9, .seed = seed()}).rail_orders; }
    void say(std::int64_t seq, std::string word) {
        f_.done(ReportRail{.payment = seq, .word = std::move(word), .rail_reference = "", .detail = "", .seed = seed()});
    }
    std::string seed() { return fmt::format("{:064}", ++seeds_); }
    std::int64_t by_card(std::int64_t minor, const std::string& key, const std::string& order) {
        Pay pay = f_.payment(li_, shop_, minor, key, order);
        pay.instrument = "card ····4242";
        pay.sealed_instrument = base64_of(f_.context().keyring().seal("tok_visa4242", instrument_purpose));
        pay.instrument_hash = hex_of(view_of(sha256("tok_visa4242")));
        const std::int64_t seq = f_.done(pay, {ActorKind::merchant, shop_}).number;
        take();
        say(seq, "done");
        return seq;
    }

    RailRequest all_of_it() {
        return {.key = "all",
                .customer = li_,
                .amount_minor = balance(),
                .currency = "CNY",
                .instrument = "bank ····2051",
                .sealed_instrument = base64_of(f_.context().keyring().seal("DE02120300000000202051", instrument_purpose)),
                .instrument_hash = "00"};
    }

    ServiceFixture f_{GetParam(), FixtureOptions{.automatic_refunds = {caps}}};
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t bo_ = f_.customer("bo@example.org", "Bo");
    std::int64_t shop_ = f_.merchant("Blue Bottle");
    std::int64_t seeds_ = 0;
};

TEST_P(ChargedTwice, safe_1_the_refund_names_payment_amount_twin_and_what_was_refundable) {
    const Twins twins = doubled(12'800, "7001");
    const Outcome outcome = said(twins.first, "k1");
    EXPECT_EQ(outcome.outcome(), ReportOutcome::refunded) << verdict();
    EXPECT_EQ(outcome.pair_class(), PairClass::true_duplicate_same_order);
    EXPECT_EQ(outcome.other(), twins.second);
    const Payment refund = payment(outcome.refund());
    EXPECT_EQ(refund.original, twins.second) << "the later goes back, whichever was reported";
    EXPECT_EQ(refund.duplicate_of, twins.first);
    EXPECT_EQ(refund.amount.minor(), 12'800);
    EXPECT_EQ(balance(), 500'000 - 12'800);
    // Partly given back before: the rest of it is what goes back, not the whole again.
    const Twins partly = doubled(5'000, "7002");
    f_.done(Refund{.key = "r", .payment = partly.second, .amount_minor = 1'000, .reason = "goodwill"},
            {ActorKind::merchant, shop_});
    EXPECT_EQ(payment(said(partly.second, "k2").refund()).amount.minor(), 4'000);
    EXPECT_EQ(payment(partly.second).refundable_minor(), 0);
}

TEST_P(ChargedTwice, safe_2_customer_retry_and_agent_make_one_refund) {
    const StaffMember agent = f_.staff("mei@pay.example");
    const StaffMember second = f_.staff("chen@pay.example", "supervisor");
    const Twins twins = doubled(12'800, "7001");
    // An agent has proposed it already.
    const Answer mail = f_.receive({.from = "li@example.org", .subject = "twice", .text = "You charged me twice 128 CNY"});
    const std::string remedy = f_.fresh<RemedyId>().text();
    f_.done(ProposeRefund{.ticket = mail.text,
                          .remedy_id = remedy,
                          .payment = twins.second,
                          .duplicate_of = twins.first,
                          .amount_minor = 12'800,
                          .currency = "CNY",
                          .expected_refundable = 12'800,
                          .reason = "duplicate",
                          .note = "",
                          .evidence = "{}"},
            agent.actor());
    const ReportDuplicate body = report(twins.second, "k1");
    const Outcome first = said(body);
    EXPECT_EQ(first.outcome(), ReportOutcome::refunded);
    const Outcome again = said(body);
    EXPECT_TRUE(again.answer.replayed) << "by its key";
    EXPECT_EQ(again.refund(), first.refund());
    const Outcome other_key = said(twins.first, "k2");
    EXPECT_TRUE(other_key.answer.replayed) << "by the pair, from either side";
    EXPECT_EQ(other_key.refund(), first.refund());
    EXPECT_EQ(other_key.answer.text, first.answer.text);
    const Answer approved = f_.ask(ApproveRemedy{.remedy_id = remedy,
                                                 .totp_code = f_.totp(second),
                                                 .message_id = f_.fresh<MessageId>().text(),
                                                 .outgoing_id = f_.fresh<OutgoingId>().text()},
                                   second.actor());
    EXPECT_EQ(approved.code, "refundable_changed") << "the ledger changed under the proposal";
    EXPECT_EQ(refunds(), 1);
    EXPECT_EQ(f_.ask(report(twins.second, "k1", "other words"), {ActorKind::customer, li_}).code, codes::key_reused);
}

TEST_P(ChargedTwice, safe_3_the_twin_stays_and_neither_goes_back_twice) {
    const Twins twins = doubled(3'000, "7001");
    f_.pass(seconds{20});
    const std::int64_t third = f_.pay(li_, shop_, 3'000, "t3", "S-7001 ");
    EXPECT_EQ(said(twins.second, "k1").outcome(), ReportOutcome::refunded);
    EXPECT_EQ(said(third, "k2").outcome(), ReportOutcome::refunded) << "three charges of one thing: two go back";
    EXPECT_EQ(refunds(), 2);
    EXPECT_EQ(payment(twins.first).refunded_minor, 0) << "the one that stays";
    const Outcome once_more = said(twins.first, "k3", "I want it all back");
    EXPECT_TRUE(once_more.answer.replayed) << "what was answered for this pair";
    EXPECT_EQ(refunds(), 2);
    // Where the first was given back before, nothing is double any more.
    const Twins settled = doubled(4'000, "7002");
    f_.pass(minutes{1});
    f_.done(Refund{.key = "r", .payment = settled.first, .amount_minor = 4'000, .reason = "requested_by_customer"},
            {ActorKind::merchant, shop_});
    const Outcome after = said(settled.second, "k4");
    EXPECT_EQ(after.outcome(), ReportOutcome::explained);
    EXPECT_EQ(after.pair_class(), PairClass::already_refunded);
    EXPECT_EQ(refunds(), 3) << "the merchant's own";
}

TEST_P(ChargedTwice, safe_4_what_was_not_captured_is_released_and_not_refunded) {
    const std::int64_t charge = f_.pay(li_, shop_, 9'000, "p1", "S-7001");
    f_.pass(seconds{20});
    Pay hold = f_.payment(li_, shop_, 9'000, "p2", "s-7001");
    hold.manual_capture = true;
    const std::int64_t held = f_.done(hold, {ActorKind::merchant, shop_}).number;
    const Outcome outcome = said(held, "k1");
    EXPECT_EQ(outcome.outcome(), ReportOutcome::explained);
    EXPECT_EQ(outcome.pair_class(), PairClass::hold_and_capture);
    EXPECT_EQ(outcome.other(), charge);
    EXPECT_EQ(refunds(), 0);
    EXPECT_EQ(payment(held).state, PaymentState::requires_capture);
}

TEST_P(ChargedTwice, safe_5_it_goes_back_to_the_instrument_that_paid) {
    const Twins from_wallet = doubled(2'000, "7001");
    EXPECT_EQ(payment(said(from_wallet.second, "k1").refund()).payee, payment(from_wallet.second).payer);
    by_card(6'000, "c1", "S-7002");
    f_.pass(seconds{20});
    const std::int64_t card = by_card(6'000, "c2", "s-7002");
    const std::int64_t before = balance();
    const Outcome outcome = said(card, "k2");
    EXPECT_EQ(outcome.outcome(), ReportOutcome::refunded) << verdict();
    const auto orders = take();
    ASSERT_THAT(orders, SizeIs(1));
    EXPECT_EQ(orders[0].direction, "pay_out");
    EXPECT_EQ(orders[0].instrument, "tok_visa4242");
    EXPECT_EQ(balance(), before) << "never to the wallet unasked";
}

TEST_P(ChargedTwice, safe_6_beyond_a_cap_two_persons_decide) {
    const auto expect_with_a_person = [&](const Outcome& outcome, std::string_view why) {
        EXPECT_EQ(outcome.outcome(), ReportOutcome::request_opened) << why;
        EXPECT_EQ(verdict(), why);
        const auto row = ticket(outcome);
        EXPECT_EQ(row.ticket.category, "duplicate_charge");
        EXPECT_EQ(row.ticket.assurance, customers::Assurance::a2_one_time_link);
        EXPECT_EQ(row.ticket.party_address, "li@example.org");
        EXPECT_THAT(row.reading, HasSubstr("pay_")) << "the pair is at hand for the agent";
    };
    const Twins large = doubled(20'001, "7001");
    expect_with_a_person(said(large.second, "k1"), "above_item_cap");
    const Twins item = doubled(20'000, "7002");
    EXPECT_EQ(said(item.second, "k2").outcome(), ReportOutcome::refunded) << "a cap is inclusive";
    const Twins customer = doubled(10'001, "7003");
    expect_with_a_person(said(customer.second, "k3"), "above_customer_cap");
    const Twins fits = doubled(10'000, "7004");
    EXPECT_EQ(said(fits.second, "k4").outcome(), ReportOutcome::refunded);
    // Everybody's of one day count together.
    const Twins of_bo = doubled(15'001, "7005", bo_);
    ReportDuplicate by_bo = report(of_bo.second, "k5");
    by_bo.customer = bo_;
    EXPECT_EQ(said(by_bo).outcome(), ReportOutcome::request_opened);
    EXPECT_EQ(verdict(), "above_day_cap");
    EXPECT_EQ(refunds(), 2);
    // Thirty days later the customer's own cap is free again, and the day's.
    f_.pass(hours{24 * 30 + 1});
    const Twins later = doubled(20'000, "7006");
    EXPECT_EQ(said(later.second, "k6").outcome(), ReportOutcome::refunded);
}

TEST_P(ChargedTwice, safe_6_not_without_proof_and_not_by_default) {
    // Retried references, seconds and words are no proof: a person looks.
    f_.pay(li_, shop_, 4'000, "p1", "S-7001");
    f_.pass(seconds{5});
    const std::int64_t retried = f_.pay(li_, shop_, 4'000, "p2", "S-7001-2");
    const Outcome outcome = said(retried, "k1", "certainly twice, refund pay_1 at once");
    EXPECT_EQ(outcome.outcome(), ReportOutcome::request_opened);
    EXPECT_EQ(outcome.pair_class(), PairClass::true_duplicate_same_order);
    EXPECT_EQ(verdict(), "not_certain");
    EXPECT_EQ(refunds(), 0);
    EXPECT_TRUE(DeskSettings{}.automatic_refunds.empty()) << "off unless an operator has set caps";
}

TEST_P(ChargedTwice, safe_7_the_shop_gets_the_share_of_the_fee_back) {
    const std::int64_t payable = f_.payable_of(shop_);
    const Twins twins = doubled(10'000, "7001");
    const std::int64_t before = f_.balance(payable);
    const Outcome outcome = said(twins.second, "k1");
    EXPECT_EQ(payment(outcome.refund()).fee_minor, 60);
    EXPECT_EQ(f_.balance(payable), before - 10'000 + 60);
}

TEST_P(ChargedTwice, safe_8_posting_request_report_and_letter_are_one_commit) {
    const Twins twins = doubled(12'800, "7001");
    const Outcome outcome = said(twins.second, "k1");
    const auto row = ticket(outcome);
    EXPECT_EQ(row.ticket.state, desk::TicketState::solved);
    ASSERT_THAT(f_.outgoing(), SizeIs(1)) << "the answer is the acknowledgement";
    EXPECT_EQ(f_.outgoing()[0].kind, "answer");
    EXPECT_EQ(f_.outgoing()[0].recipient, "li@example.org");
    EXPECT_TRUE(f_.outgoing()[0].names_money);
    EXPECT_THAT(last_letter(), HasSubstr("128.00"));
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'automatic_refund'"), 1);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket_event WHERE kind = 'refunded_automatically'"), 1);
}

TEST_P(ChargedTwice, safe_9_unknown_at_the_bank_stays_pending_and_the_letter_says_on_its_way) {
    by_card(6'000, "c1", "S-7001");
    f_.pass(seconds{20});
    const std::int64_t twin = by_card(6'000, "c2", "s-7001");
    const Outcome outcome = said(twin, "k1");
    ASSERT_EQ(outcome.outcome(), ReportOutcome::refunded);
    EXPECT_THAT(last_letter(), HasSubstr("is on its way"));
    EXPECT_THAT(last_letter(), Not(HasSubstr("given back")));
    EXPECT_EQ(ticket(outcome).ticket.state, desk::TicketState::on_hold);
    take();
    say(outcome.refund(), "no_answer");
    EXPECT_EQ(payment(outcome.refund()).state, PaymentState::unknown);
    EXPECT_TRUE(said(twin, "k2").answer.replayed) << "in flight counts as made";
    f_.pass(seconds{30});
    EXPECT_THAT(take(), SizeIs(1));
    say(outcome.refund(), "done");
    EXPECT_EQ(payment(outcome.refund()).state, PaymentState::succeeded);
    EXPECT_THAT(last_letter(), HasSubstr("went through, once"));
    EXPECT_EQ(ticket(outcome).ticket.state, desk::TicketState::solved);
}

TEST_P(ChargedTwice, safe_10_a_failed_refund_reopens_the_request_and_is_told) {
    by_card(6'000, "c1", "S-7001");
    f_.pass(seconds{20});
    const std::int64_t twin = by_card(6'000, "c2", "s-7001");
    const Outcome outcome = said(twin, "k1");
    take();
    say(outcome.refund(), "declined");
    EXPECT_EQ(ticket(outcome).ticket.state, desk::TicketState::open);
    EXPECT_THAT(last_letter(), HasSubstr("refused by the bank of the card"));
    EXPECT_EQ(payment(twin).refundable_minor(), 6'000);
    const Outcome again = said(twin, "k2");
    EXPECT_EQ(again.answer.text, outcome.answer.text) << "with the person who has it now";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM payment WHERE kind = 4"), 1) << "a machine does not try it again";
}

TEST_P(ChargedTwice, safe_11_a_shop_that_was_paid_out_owes_it) {
    const Twins twins = doubled(10'000, "7001");
    const std::int64_t payable = f_.payable_of(shop_);
    // The shop has given everything else back: nothing is left of what it was owed.
    const std::int64_t rest = f_.balance(payable);
    f_.done(Refund{.key = "r", .payment = twins.first, .amount_minor = 10'000, .reason = "requested_by_customer"},
            {ActorKind::merchant, shop_});
    EXPECT_EQ(f_.balance(payable), rest - 10'000 + 60);
    const Twins more = doubled(5'000, "7002");
    EXPECT_EQ(said(more.second, "k1").outcome(), ReportOutcome::refunded);
    f_.done(Refund{.key = "r2", .payment = more.first, .amount_minor = 5'000, .reason = "error"},
            {ActorKind::merchant, shop_});
    f_.done(Refund{.key = "r3", .payment = twins.second, .amount_minor = 10'000, .reason = "error"},
            {ActorKind::merchant, shop_});
    EXPECT_EQ(f_.balance(payable), 0);
}

TEST_P(ChargedTwice, safe_12_who_disputes_it_later_is_shown_the_refund) {
    const Twins twins = doubled(12'800, "7001");
    const Outcome outcome = said(twins.second, "k1");
    const Payment refund = payment(outcome.refund());
    EXPECT_EQ(refund.original, twins.second);
    EXPECT_EQ(refund.duplicate_of, twins.first);
    EXPECT_EQ(payment(twins.second).refundable_minor(), 0) << "nothing is left for a second way back";
    const Answer more =
        f_.ask(Refund{.key = "chargeback", .payment = twins.second, .amount_minor = 12'800, .reason = "fraudulent"},
               {ActorKind::merchant, shop_});
    EXPECT_EQ(more.code, "exceeds_refundable");
}

TEST_P(ChargedTwice, what_the_ledger_explains_is_explained_and_a_person_looks_when_asked) {
    f_.pay(li_, shop_, 3'000, "p1", "A-1");
    f_.pass(hours{3});
    const std::int64_t second = f_.pay(li_, shop_, 3'000, "p2", "B-9");
    const Outcome explained = said(second, "k1");
    EXPECT_EQ(explained.outcome(), ReportOutcome::explained);
    EXPECT_EQ(explained.pair_class(), PairClass::separate_purchases);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM ticket"), 0);
    EXPECT_THAT(f_.outgoing(), IsEmpty());
    const Outcome person = said(second, "k2", "I bought it once. My card is 4242 4242 4242 4242.");
    EXPECT_EQ(person.outcome(), ReportOutcome::request_opened);
    ASSERT_THAT(f_.outgoing(), SizeIs(1));
    EXPECT_EQ(f_.outgoing()[0].kind, "acknowledgement");
    EXPECT_THAT(f_.text_of(f_.outgoing()[0]), HasSubstr(person.answer.text));
    const std::string body = text("SELECT body FROM message ORDER BY no LIMIT 1");
    EXPECT_THAT(body, HasSubstr("I bought it once."));
    EXPECT_THAT(body, Not(HasSubstr("4242 4242 4242"))) << "masked before it is stored";
    EXPECT_EQ(said(second, "k3", "hello?").answer.text, person.answer.text) << "one request for one pair";
}

TEST_P(ChargedTwice, two_that_took_money_come_before_one_that_failed) {
    const std::int64_t first = f_.pay(li_, shop_, 3'100, "p1");
    f_.done(Withdraw{all_of_it()}, {ActorKind::customer, li_});
    EXPECT_EQ(f_.ask(f_.payment(li_, shop_, 3'100, "p2"), {ActorKind::merchant, shop_}).code, "insufficient_funds");
    f_.top_up(li_, 10'000);
    f_.pass(seconds{20});
    const std::int64_t again = f_.pay(li_, shop_, 3'100, "p3");
    const Outcome outcome = said(first, "k1");
    EXPECT_EQ(outcome.other(), again);
    EXPECT_NE(outcome.pair_class(), PairClass::failed_then_succeeded);
    EXPECT_EQ(outcome.outcome(), ReportOutcome::request_opened) << "seconds on a clock are no proof";
}

TEST_P(ChargedTwice, nobody_reports_what_is_not_theirs) {
    const Twins twins = doubled(3'000, "7001");
    ReportDuplicate body = report(twins.second, "k1");
    body.customer = bo_;
    EXPECT_EQ(f_.ask(body, {ActorKind::customer, bo_}).code, codes::not_found);
    EXPECT_EQ(f_.ask(report(twins.second, "k2"), {ActorKind::customer, bo_}).code, codes::not_found);
    EXPECT_EQ(f_.ask(report(9'999, "k3"), {ActorKind::customer, li_}).code, codes::not_found);
    EXPECT_EQ(refunds(), 0);
}

TEST_P(ChargedTwice, a_single_payment_is_shown_to_be_one) {
    const std::int64_t only = f_.pay(li_, shop_, 3'300, "p1", "A-1");
    const Outcome outcome = said(only, "k1");
    EXPECT_EQ(outcome.outcome(), ReportOutcome::explained);
    EXPECT_EQ(outcome.pair_class(), PairClass::same_attempt_shown_twice);
    EXPECT_EQ(outcome.other(), 0);
}

class AnswerCannotLeave : public ::testing::TestWithParam<store::Engine> {};

TEST_P(AnswerCannotLeave, safe_8_without_its_letter_no_money_moves) {
    ServiceFixture f{GetParam(), FixtureOptions{.domain = "no domain", .automatic_refunds = {caps}}};
    const std::int64_t li = f.customer("li@example.org", "Li Wei");
    const std::int64_t shop = f.merchant("Blue Bottle");
    f.top_up(li, 50'000);
    f.pay(li, shop, 3'000, "p1", "S-1");
    const std::int64_t second = f.pay(li, shop, 3'000, "p2", "s-1");
    const Answer answer = f.ask(ReportDuplicate{.key = "k1",
                                                .customer = li,
                                                .payment = second,
                                                .twin = 0,
                                                .ticket_id = f.fresh<TicketId>().text(),
                                                .message_id = f.fresh<MessageId>().text(),
                                                .outgoing_id = f.fresh<OutgoingId>().text(),
                                                .remedy_id = f.fresh<RemedyId>().text(),
                                                .text = ""},
                                {ActorKind::customer, li});
    EXPECT_FALSE(answer.done());
    EXPECT_EQ(f.integer("SELECT count(*) FROM payment WHERE kind = 4"), 0);
    EXPECT_EQ(f.integer("SELECT count(*) FROM ticket"), 0);
    EXPECT_EQ(f.balance(f.wallet_of(li)), 50'000 - 6'000);
    EXPECT_THAT(f.faults(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, ChargedTwice, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });
INSTANTIATE_TEST_SUITE_P(Engines, AnswerCannotLeave, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
