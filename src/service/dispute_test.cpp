// SPDX-License-Identifier: Apache-2.0
// Payments by card that their holders have taken back, on both engines: what each step moves, what it bars, who may say it.
// After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/dispute_store.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::days;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Disputes : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    Actor shop() const { return {ActorKind::merchant, shop_}; }
    std::int64_t paid(std::int64_t minor, const std::string& key) {
        Pay pay = f_.payment(li_, shop_, minor, key, "");
        pay.not_a_duplicate = true;
        pay.instrument = "card ····4242";
        pay.sealed_instrument = base64_of(f_.context().keyring().seal("tok_visa4242", instrument_purpose));
        pay.instrument_hash = hex_of(view_of(sha256("tok_visa4242")));
        const std::int64_t seq = f_.done(pay, shop()).number;
        carried(seq);
        return seq;
    }
    void carried(std::int64_t seq) {
        (void)f_.done(TakeRailCalls{.calls_max = 100, .seed = seed()});
        f_.done(ReportRail{.payment = seq, .word = "done", .rail_reference = "R1", .detail = "", .seed = seed()});
    }
    ReportDispute notice(std::int64_t payment, std::string stage, std::string status = "needs_response",
                         std::string reference = "CB-1") {
        f_.pass(seconds{30});  // a one-time code is good once
        return {.dispute = DisputeId::of(f_.at(), view_of(sha256(seed()))).text(),
                .payment = payment,
                .reference = std::move(reference),
                .stage = std::move(stage),
                .status = std::move(status),
                .reason = "not_received",
                .amount_minor = 10'000,
                .currency = "CNY",
                .due = ms_of(f_.at() + days{10}),
                .totp_code = f_.totp(boss_)};
    }
    Answer report(std::int64_t payment, std::string stage, std::string status = "needs_response") {
        return f_.ask(notice(payment, std::move(stage), std::move(status)), boss_.actor());
    }
    Answer answer(const std::string& dispute, bool accepts) {
        f_.pass(seconds{30});
        return f_.ask(
            AnswerDispute{.dispute = dispute, .accepts = accepts, .text = "Signed for.", .totp_code = f_.totp(boss_)},
            boss_.actor());
    }
    Answer refund(std::int64_t seq, std::int64_t minor, const std::string& key) {
        return f_.ask(Refund{.key = key, .payment = seq, .amount_minor = minor, .reason = "requested_by_customer"}, shop());
    }
    std::int64_t shown_refundable(std::int64_t seq) {
        Queries queries{f_.database(), 1};
        return queries.payment(seq).value()->refundable_minor();
    }
    std::string seed() { return fmt::format("{:064}", ++ids_); }
    std::int64_t owed() { return f_.balance(f_.payable_of(shop_)); }
    std::int64_t house(money::AccountKind kind) {
        const std::int64_t no =
            f_.integer(fmt::format("SELECT no FROM account WHERE kind = {} AND currency = 156", static_cast<int>(kind)));
        return no == 0 ? 0 : f_.balance(no);
    }
    std::int64_t held() { return house(money::AccountKind::dispute_receivable); }
    std::vector<std::string> moves(const std::string& dispute) {
        const auto row = store::find_dispute(*f_.connect(), DisputeId::parse(dispute).value());
        std::vector<std::string> found;
        for (const auto& event : store::dispute_events_of(*f_.connect(), row->no)) found.emplace_back(name_of(event.move));
        return found;
    }

    ServiceFixture f_{GetParam()};
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t shop_ = f_.merchant("Blue Bottle");
    StaffMember boss_ = f_.staff("bo@pay.example", "supervisor");
    std::int64_t ids_ = 0;
};

TEST_P(Disputes, a_chargeback_holds_the_amount_and_what_is_won_comes_back) {
    const std::int64_t seq = paid(10'000, "p1");
    const std::int64_t before = owed();
    const Answer opened = report(seq, "chargeback");
    ASSERT_TRUE(opened.done()) << opened.detail;
    EXPECT_EQ(owed(), before - 10'000);
    EXPECT_EQ(held(), 10'000);
    EXPECT_TRUE(report(seq, "chargeback").replayed) << "the acquirer's file was read twice";
    EXPECT_EQ(held(), 10'000);

    EXPECT_EQ(refund(seq, 10'000, "r1").code, "payment_disputed") << "it would be paid back twice";
    EXPECT_EQ(refund(seq, 1, "r2").code, "payment_disputed") << "in part as well";

    ASSERT_TRUE(answer(opened.text, false).done());
    EXPECT_EQ(refund(seq, 10'000, "r3").code, "payment_disputed") << "also while the bank looks at it";
    ASSERT_TRUE(report(seq, "chargeback", "won").done());
    EXPECT_EQ(owed(), before);
    EXPECT_EQ(held(), 0);
    EXPECT_THAT(moves(opened.text), ElementsAre("taken", "none", "given_back"));
    EXPECT_TRUE(refund(seq, 10'000, "r4").done()) << "now it may be given back";
}

TEST_P(Disputes, what_is_lost_stays_lost_and_counts_against_refunds) {
    const std::int64_t seq = paid(15'000, "p1");
    const std::int64_t before = owed(), acquirer = house(money::AccountKind::acquirer_receivable);
    const Answer opened = report(seq, "chargeback");
    ASSERT_TRUE(answer(opened.text, true).done());
    EXPECT_EQ(owed(), before - 10'000);
    EXPECT_EQ(held(), 0);
    EXPECT_EQ(house(money::AccountKind::acquirer_receivable), acquirer + 10'000) << "it pays us so much less";
    EXPECT_EQ(report(seq, "chargeback", "won").code, "dispute_ended");
    EXPECT_EQ(refund(seq, 5'001, "r1").code, "exceeds_refundable") << "R1: refunded and disputed are at most what was paid";
    EXPECT_TRUE(refund(seq, 5'000, "r2").done());
}

TEST_P(Disputes, an_inquiry_moves_nothing_may_be_settled_by_a_refund_and_may_become_a_chargeback) {
    const std::int64_t seq = paid(10'000, "p1");
    const std::int64_t before = owed();
    const Answer opened = report(seq, "inquiry");
    EXPECT_EQ(owed(), before);
    EXPECT_TRUE(refund(seq, 4'000, "r1").done());
    ASSERT_TRUE(report(seq, "chargeback").done()) << "what a bank does is so, whatever was refunded";
    EXPECT_EQ(held(), 10'000);
    EXPECT_EQ(report(seq, "inquiry").code, "dispute_goes_back");
    ASSERT_TRUE(report(seq, "chargeback", "withdrawn").done());
    EXPECT_EQ(held(), 0);
    EXPECT_THAT(moves(opened.text), ElementsAre("none", "taken", "given_back"));
}

TEST_P(Disputes, what_is_shown_as_refundable_is_what_a_refund_may_take) {
    const std::int64_t seq = paid(20'000, "p1");
    EXPECT_EQ(shown_refundable(seq), 20'000);
    const Answer first = refund(seq, 3'000, "r1");
    EXPECT_EQ(shown_refundable(seq), 17'000) << "it is on its way";
    ASSERT_TRUE(report(seq, "chargeback").done());
    EXPECT_EQ(shown_refundable(seq), 0);
    EXPECT_EQ(refund(seq, 1, "r2").code, "payment_disputed");
    ASSERT_TRUE(report(seq, "chargeback", "lost").done());
    EXPECT_EQ(shown_refundable(seq), 7'000);
    EXPECT_EQ(refund(seq, 7'001, "r3").code, "exceeds_refundable");
    carried(first.number);
    EXPECT_EQ(shown_refundable(seq), 7'000) << "it has arrived";
    EXPECT_TRUE(refund(seq, 7'000, "r4").done());
    EXPECT_EQ(shown_refundable(seq), 0);
}

TEST_P(Disputes, one_that_comes_after_a_proposal_voids_it_and_bars_the_next) {
    const StaffMember agent = f_.staff("mei@pay.example");
    const std::int64_t seq = paid(10'000, "p1");
    const Answer ticket =
        f_.receive({.from = "li@example.org", .subject = "Refund", .text = "Please refund my payment of 100 CNY"});
    const auto proposal = [&](std::int64_t expected) {
        return ProposeRefund{.ticket = ticket.text,
                             .remedy_id = f_.fresh<RemedyId>().text(),
                             .payment = seq,
                             .duplicate_of = 0,
                             .amount_minor = 10'000,
                             .currency = "CNY",
                             .expected_refundable = expected,
                             .reason = "requested_by_customer",
                             .note = "",
                             .evidence = "{}"};
    };
    const ProposeRefund made = proposal(shown_refundable(seq));
    f_.done(made, agent.actor());
    ASSERT_TRUE(report(seq, "chargeback").done());
    f_.pass(seconds{30});
    const Answer approved = f_.ask(ApproveRemedy{.remedy_id = made.remedy_id,
                                                 .totp_code = f_.totp(boss_),
                                                 .message_id = f_.fresh<MessageId>().text(),
                                                 .outgoing_id = f_.fresh<OutgoingId>().text()},
                                   boss_.actor());
    EXPECT_EQ(approved.code, "refundable_changed") << "as the page has it, which shows nothing refundable";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM payment WHERE kind = 4"), 0);
    EXPECT_EQ(f_.ask(proposal(10'000), agent.actor()).code, "refundable_changed");
    EXPECT_EQ(f_.ask(proposal(shown_refundable(seq)), agent.actor()).code, "exceeds_refundable");
    ASSERT_TRUE(report(seq, "chargeback", "withdrawn").done());
    EXPECT_TRUE(f_.ask(proposal(shown_refundable(seq)), agent.actor()).done());
}

TEST_P(Disputes, nobody_answers_and_it_is_over_once) {
    const std::int64_t seq = paid(10'000, "p1");
    const Answer opened = report(seq, "chargeback");
    EXPECT_THAT(f_.done(ExpireDisputes{.disputes_max = 10}).numbers, IsEmpty());
    f_.pass(days{11});
    EXPECT_EQ(answer(opened.text, false).code, "dispute_too_late");
    EXPECT_THAT(f_.done(ExpireDisputes{.disputes_max = 10}).numbers, ElementsAre(opened.number));
    EXPECT_THAT(f_.done(ExpireDisputes{.disputes_max = 10}).numbers, IsEmpty());
    EXPECT_EQ(held(), 0);
    EXPECT_THAT(moves(opened.text), ElementsAre("taken", "lost"));
    EXPECT_EQ(answer(opened.text, false).code, "dispute_ended");
}

TEST_P(Disputes, the_house_bears_what_may_not_leave_the_merchant) {
    const std::int64_t seq = paid(10'000, "p1");
    f_.done(SetAccountState{f_.payable_of(shop_), "debits_frozen", "looked into"}, boss_.actor());
    const std::int64_t before = owed();
    const Answer opened = report(seq, "chargeback");
    ASSERT_TRUE(opened.done()) << opened.detail;
    EXPECT_EQ(owed(), before);
    EXPECT_EQ(house(money::AccountKind::dispute_loss), -10'000);
    ASSERT_TRUE(report(seq, "chargeback", "won").done());
    EXPECT_EQ(house(money::AccountKind::dispute_loss), 0);
}

TEST_P(Disputes, only_a_card_that_paid_can_be_disputed_once_at_a_time_by_who_may) {
    const std::int64_t seq = paid(10'000, "p1");
    f_.top_up(li_, 50'000);
    const std::int64_t from_wallet = f_.pay(li_, shop_, 10'000, "w1");
    EXPECT_EQ(report(from_wallet, "chargeback").code, "not_disputable");
    EXPECT_EQ(report(999, "chargeback").code, codes::not_found);
    EXPECT_EQ(report(seq, "chargeback", "won").code, codes::not_found) << "never opened here";
    EXPECT_EQ(report(seq, "claim").code, codes::invalid);
    EXPECT_EQ(report(seq, "chargeback", "accepted").code, codes::invalid) << "ours to say, not the acquirer's";
    auto more = notice(seq, "chargeback");
    more.amount_minor = 10'001;
    EXPECT_EQ(f_.ask(more, boss_.actor()).code, codes::invalid);
    more = notice(seq, "chargeback");
    more.currency = "USD";
    EXPECT_EQ(f_.ask(more, boss_.actor()).code, codes::invalid);
    more = notice(seq, "chargeback");
    more.due = 0;
    EXPECT_EQ(f_.ask(more, boss_.actor()).code, codes::invalid) << "an answer has to be possible";
    more = notice(seq, "chargeback");
    more.totp_code = "000000";
    EXPECT_EQ(f_.ask(more, boss_.actor()).code, "totp_wrong");
    const StaffMember agent = f_.staff("ann@pay.example", "agent");
    EXPECT_EQ(f_.ask(notice(seq, "chargeback"), agent.actor()).code, codes::not_permitted);
    EXPECT_EQ(f_.ask(notice(seq, "chargeback"), shop()).code, codes::not_permitted);
    EXPECT_EQ(held(), 0);

    ASSERT_TRUE(report(seq, "chargeback").done());
    EXPECT_EQ(f_.ask(notice(seq, "chargeback", "needs_response", "CB-2"), boss_.actor()).code, "dispute_open");
    const std::int64_t other = paid(10'000, "p2");
    EXPECT_EQ(f_.ask(notice(other, "chargeback"), boss_.actor()).code, "dispute_reference_used");
}

INSTANTIATE_TEST_SUITE_P(Engines, Disputes, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
