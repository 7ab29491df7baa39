// SPDX-License-Identifier: Apache-2.0
// Corrections of the books by two persons, on both engines. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/correction_store.hpp"
#include "store/ledger_store.hpp"

namespace okpay::service {
namespace {

using money::AccountKind;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using payments::CorrectionState;
using payments::PaymentState;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Corrections : public ::testing::TestWithParam<store::Engine> {
protected:
    Corrections() {
        f_.top_up(li_, 100'000);
        f_.pay(li_, shop_, 10'000, "sale");
        bank_ = house(AccountKind::settlement_bank);
        fees_ = house(AccountKind::fee_income);
    }
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    std::int64_t house(AccountKind kind) {
        return f_.integer(
            fmt::format("SELECT no FROM account WHERE currency = 156 AND kind = {} AND no NOT IN "
                        "(SELECT account FROM account_owner)",
                        static_cast<int>(kind)));
    }
    ProposeCorrection wish(std::int64_t debit, std::int64_t credit, std::int64_t minor, std::int64_t reverses = 0) {
        return {.correction = f_.fresh<CorrectionId>().text(),
                .debit = debit,
                .credit = credit,
                .amount_minor = minor,
                .currency = "CNY",
                .reason = "as the statement says",
                .reverses = reverses};
    }
    std::string propose(std::int64_t debit, std::int64_t credit, std::int64_t minor, std::int64_t reverses = 0) {
        const ProposeCorrection body = wish(debit, credit, minor, reverses);
        f_.done(body, boss_.actor());
        return body.correction;
    }
    Answer decide(const std::string& id, bool approved, const StaffMember& who, std::string code,
                  std::string note = "seen") {
        return f_.ask(DecideCorrection{id, approved, std::move(note), std::move(code)}, who.actor());
    }
    Answer approve(const std::string& id) {
        f_.pass(std::chrono::seconds{30});
        return decide(id, true, cfo_, f_.totp(cfo_));
    }
    payments::Correction row(const std::string& id) {
        return store::find_correction(*f_.connect(), CorrectionId::parse(id).value()).value();
    }
    std::int64_t last_transfer() { return f_.integer("SELECT max(seq) FROM transfer"); }

    ServiceFixture f_{GetParam()};
    StaffMember boss_ = f_.staff("bo@pay.example", "supervisor");
    StaffMember cfo_ = f_.staff("cfo@pay.example", "supervisor");
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t zoe_ = f_.customer("zoe@example.org", "Zoe");
    std::int64_t shop_ = f_.merchant("Shop");
    std::int64_t bank_ = 0, fees_ = 0;
};

TEST_P(Corrections, nothing_moves_until_another_person_approves) {
    const std::string id = propose(fees_, bank_, 20);
    const std::int64_t before = f_.balance(fees_);
    EXPECT_EQ(decide(id, true, boss_, f_.totp(boss_)).code, "proposer_cannot_approve");
    EXPECT_EQ(decide(id, true, cfo_, "000000").code, codes::totp_wrong);
    EXPECT_EQ(decide(id, true, f_.staff("ann@pay.example", "agent"), "000000").code, codes::not_permitted);
    EXPECT_EQ(f_.balance(fees_), before);
    const Answer done = approve(id);
    ASSERT_TRUE(done.done()) << done.code << " " << done.detail;
    EXPECT_EQ(f_.balance(fees_), before - 20);
    EXPECT_EQ(row(id).state, CorrectionState::executed);
    EXPECT_EQ(row(id).decider, customers::StaffNo{cfo_.no});
    const auto payment = store::find_payment(*f_.connect(), row(id).payment).value();
    EXPECT_EQ(payment.kind, payments::PaymentKind::correction);
    const auto transfer = store::find_transfer(*f_.connect(), last_transfer()).value();
    EXPECT_EQ(transfer.code, money::TransferCode::correction);
    EXPECT_EQ(transfer.payment, payment.seq);
    EXPECT_EQ(approve(id).code, "already_decided");
    EXPECT_EQ(f_.balance(fees_), before - 20);
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action IN ('propose_correction', 'correction_executed')"), 2);
}

TEST_P(Corrections, the_acquirers_money_has_a_word_of_its_own) {
    const RailRequest request{.key = "t",
                              .customer = li_,
                              .amount_minor = 3'000,
                              .currency = "CNY",
                              .instrument = "card ····4242",
                              .sealed_instrument = "AAAA",
                              .instrument_hash = "00"};
    const std::int64_t seq = f_.done(CollectTopUp{request}, {ActorKind::customer, li_}).number;
    f_.done(TakeRailCalls{.calls_max = 9, .seed = "1"});
    f_.done(ReportRail{.payment = seq, .word = "done", .rail_reference = "R", .detail = "", .seed = "2"});
    const std::int64_t acquirer = house(AccountKind::acquirer_receivable);
    EXPECT_EQ(f_.balance(acquirer), -3'000);
    ASSERT_TRUE(approve(propose(bank_, acquirer, 3'000)).done());
    EXPECT_EQ(f_.balance(acquirer), 0);
    const auto transfer = store::find_transfer(*f_.connect(), last_transfer()).value();
    EXPECT_EQ(transfer.code, money::TransferCode::acquirer_settled);
    // Of what a bank carried out, nothing is reversed: the bank decides.
    const std::int64_t collected = f_.integer(fmt::format("SELECT seq FROM transfer WHERE payment = {}", seq));
    EXPECT_EQ(f_.ask(wish(f_.wallet_of(li_), acquirer, 3'000, collected), boss_.actor()).code, "not_reversible");
}

TEST_P(Corrections, a_transfer_is_reversed_once) {
    const std::int64_t seq = f_.top_up(zoe_, 700);
    const std::int64_t transfer = last_transfer();
    const std::int64_t wallet = f_.wallet_of(zoe_);
    EXPECT_EQ(f_.ask(wish(bank_, wallet, 700, transfer), boss_.actor()).code, codes::invalid) << "not turned";
    EXPECT_EQ(f_.ask(wish(wallet, bank_, 699, transfer), boss_.actor()).code, codes::invalid) << "another amount";
    EXPECT_EQ(f_.ask(wish(wallet, bank_, 700, 9'999), boss_.actor()).code, codes::not_found);
    const std::string id = propose(wallet, bank_, 700, transfer);
    EXPECT_EQ(f_.ask(wish(wallet, bank_, 700, transfer), boss_.actor()).code, "already_reversed") << "one waits";
    ASSERT_TRUE(approve(id).done());
    EXPECT_EQ(f_.balance(wallet), 0);
    EXPECT_EQ(f_.ask(wish(wallet, bank_, 700, transfer), boss_.actor()).code, "already_reversed");
    const auto payment = store::find_payment(*f_.connect(), row(id).payment).value();
    EXPECT_EQ(payment.original, seq);
    EXPECT_EQ(payment.customer, customers::CustomerNo{zoe_}) << "it stands in the history of who was debited";
    EXPECT_EQ(payment.memo, "") << "our words about it are ours";
    // And so is the reversal.
    const std::int64_t reversal = last_transfer();
    ASSERT_TRUE(approve(propose(bank_, wallet, 700, reversal)).done());
    EXPECT_EQ(f_.balance(wallet), 700);
}

TEST_P(Corrections, what_has_a_remedy_of_its_own_is_not_reversed) {
    const std::int64_t paid = f_.integer("SELECT seq FROM transfer WHERE code = 2");
    EXPECT_EQ(f_.ask(wish(f_.payable_of(shop_), f_.wallet_of(li_), 10'000, paid), boss_.actor()).code, "not_reversible");
    const auto code = [this](const ProposeCorrection& body) { return f_.ask(body, boss_.actor()).code; };
    EXPECT_EQ(code(wish(f_.wallet_of(li_), bank_, 1)), "not_house_account");
    EXPECT_EQ(code(wish(bank_, f_.payable_of(shop_), 1)), "not_house_account");
    EXPECT_EQ(code(wish(bank_, bank_, 1)), "same_account");
    EXPECT_EQ(code(wish(bank_, 9'999, 1)), codes::not_found);
    EXPECT_EQ(code(wish(bank_, fees_, 0)), "not_positive");
    ProposeCorrection dollars = wish(bank_, fees_, 1);
    dollars.currency = "USD";
    EXPECT_EQ(code(dollars), "currencies_differ");
    ProposeCorrection silent = wish(bank_, fees_, 1);
    silent.reason = " ";
    EXPECT_EQ(code(silent), "reason_missing");
    EXPECT_EQ(f_.integer("SELECT count(*) FROM correction"), 0);
}

TEST_P(Corrections, a_proposal_is_void_once_an_account_was_frozen_or_opened) {
    f_.done(SetExchangeRate{"CNY", "USD", "0.1386"}, boss_.actor());
    f_.done(ExchangeMoney{"x", li_, 10'000, "CNY", "USD", 1'386}, {ActorKind::customer, li_});
    const std::int64_t liquidity = house(AccountKind::fx_liquidity);
    const std::string id = propose(liquidity, bank_, 500);
    f_.done(SetAccountState{liquidity, "frozen", "look first"}, boss_.actor());
    EXPECT_EQ(f_.ask(wish(liquidity, bank_, 1), boss_.actor()).code, "payer_frozen");
    f_.done(SetAccountState{liquidity, "open", "looked"}, boss_.actor());
    const std::int64_t before = f_.balance(bank_);
    EXPECT_EQ(decide(id, true, cfo_, "000000").code, codes::totp_wrong) << "nobody voids it without a second factor";
    EXPECT_EQ(row(id).state, CorrectionState::proposed);
    EXPECT_EQ(approve(id).code, "correction_voided");
    EXPECT_EQ(row(id).state, CorrectionState::voided);
    EXPECT_EQ(f_.balance(bank_), before);
    EXPECT_EQ(approve(id).code, "already_decided");
    EXPECT_TRUE(approve(propose(liquidity, bank_, 500)).done());
}

TEST_P(Corrections, what_the_ledger_refuses_is_kept) {
    f_.top_up(zoe_, 700);
    const std::int64_t transfer = last_transfer();
    const std::string id = propose(f_.wallet_of(zoe_), bank_, 700, transfer);
    f_.done(SendMoney{"s", zoe_, li_, 100, "CNY", ""}, {ActorKind::customer, zoe_});
    EXPECT_EQ(approve(id).code, "insufficient_funds");
    EXPECT_EQ(row(id).state, CorrectionState::failed);
    const auto payment = store::find_payment(*f_.connect(), row(id).payment).value();
    EXPECT_EQ(payment.state, PaymentState::failed);
    EXPECT_EQ(payment.refusal, payments::PaymentRefusal::insufficient_funds);
    EXPECT_EQ(f_.balance(f_.wallet_of(zoe_)), 600);
    f_.top_up(zoe_, 100);
    EXPECT_TRUE(approve(propose(f_.wallet_of(zoe_), bank_, 700, transfer)).done()) << "a failed one may be proposed again";
}

TEST_P(Corrections, are_sent_back_with_a_word_or_taken_back) {
    const std::string first = propose(fees_, bank_, 20);
    EXPECT_EQ(decide(first, false, cfo_, "", "").code, "note_missing");
    EXPECT_TRUE(decide(first, false, cfo_, "", "the fees are right").done());
    EXPECT_EQ(row(first).note, "the fees are right");
    EXPECT_EQ(row(first).state, CorrectionState::rejected);
    EXPECT_EQ(approve(first).code, "already_decided");
    const std::string second = propose(fees_, bank_, 20);
    EXPECT_TRUE(decide(second, false, boss_, "", "I was wrong").done()) << "the own one";
    EXPECT_EQ(decide("not an id", true, cfo_, "").code, codes::not_found);
    f_.stop();
    Queries queries{f_.database(), 1};
    EXPECT_THAT(queries.corrections(true, 1'000, 10).value().items, IsEmpty());
    const auto page = queries.corrections(false, 1'000, 1).value();
    ASSERT_THAT(page.items, SizeIs(1));
    EXPECT_EQ(page.next, 2);
    EXPECT_EQ(page.items[0].proposer.name, "bo");
    EXPECT_EQ(page.items[0].decider->name, "bo");
    f_.restart();
}

TEST_P(Corrections, nobody_touches_an_own_account_and_new_staff_wait) {
    const StaffMember li = f_.staff("li@example.org", "supervisor");  // who is a customer as well
    f_.top_up(li_, 700);
    const std::int64_t transfer = last_transfer();
    EXPECT_EQ(f_.ask(wish(f_.wallet_of(li_), bank_, 700, transfer), li.actor()).code, "own_account");
    const std::string id = propose(f_.wallet_of(li_), bank_, 700, transfer);
    EXPECT_EQ(decide(id, true, li, f_.totp(li)).code, "own_account");
    EXPECT_TRUE(approve(id).done());
}

INSTANTIATE_TEST_SUITE_P(Engines, Corrections, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

TEST(CorrectionsOfNewStaff, wait_a_day) {
    ServiceFixture f{store::Engine::sqlite, {.new_staff_waits = std::chrono::hours{24}}};
    const StaffMember boss = f.staff("bo@pay.example", "supervisor");
    const std::int64_t li = f.customer("li@example.org", "Li Wei");
    f.top_up(li, 100);
    const std::int64_t bank = f.integer("SELECT no FROM account WHERE kind = 3 AND currency = 156");
    const ProposeCorrection body{.correction = f.fresh<CorrectionId>().text(),
                                 .debit = f.wallet_of(li),
                                 .credit = bank,
                                 .amount_minor = 100,
                                 .currency = "CNY",
                                 .reason = "twice",
                                 .reverses = 1};
    f.done(body, boss.actor());
    const StaffMember cfo = f.staff("cfo@pay.example", "supervisor");
    const auto approve = [&] { return f.ask(DecideCorrection{body.correction, true, "", f.totp(cfo)}, cfo.actor()).code; };
    EXPECT_EQ(approve(), "new_staff_cannot_approve");
    f.pass(std::chrono::hours{25});
    EXPECT_EQ(approve(), "");
    EXPECT_THAT(f.faults(), IsEmpty());
}

}  // namespace
}  // namespace okpay::service
