// SPDX-License-Identifier: Apache-2.0
// Transfers that are made later, on both engines: each occurrence once, whatever pauses or kills lie between. After each
// test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "customers/local_time.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"
#include "store/schedule_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::ServiceFixture;
using payments::RunOutcome;
using payments::ScheduleState;
using payments::TransferSchedule;
using std::chrono::days;
using std::chrono::hours;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* zone = "Asia/Shanghai";

class Schedules : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        li_ = f().customer("li@example.org", "Li Wei");
        zoe_ = f().customer("zoe@example.org", "Zoe");
        f().top_up(li_, 10'000);
        today_ = payments::local_day(zone, f().at());
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }

    ServiceFixture& f() { return *fixture_; }
    static Actor as(std::int64_t customer) { return {ActorKind::customer, customer}; }
    ScheduleTransfer wish(int first_in_days, const std::string& every, std::int64_t times, std::int64_t minor = 1'000) {
        return {.key = fmt::format("s{}", ++keys_),
                .schedule = f().fresh<ScheduleId>().text(),
                .payer = li_,
                .payee = zoe_,
                .amount_minor = minor,
                .currency = "CNY",
                .memo = "Rent",
                .first_on = payments::text_of(std::chrono::sys_days{today_} + days{first_in_days}),
                .every = every,
                .times = times,
                .zone = zone};
    }
    std::string make(const ScheduleTransfer& body) { return f().done(body, as(li_)).text; }
    // The clock goes to the hour of a day, counted from today.
    void go_to_day(int day) {
        const Moment there = payments::moment_on(zone, std::chrono::sys_days{today_} + days{day});
        ASSERT_GE(there, f().at());
        f().pass(there - f().at());
    }
    RunSchedules run_command(std::int64_t most = 100) {
        return {.occurrences_max = most, .seed = fmt::format("{:064}", ++seeds_)};
    }
    std::vector<std::int64_t> run(std::int64_t most = 100) { return f().done(run_command(most)).numbers; }
    TransferSchedule row(const std::string& schedule) {
        return store::find_schedule(*f().connect(), ScheduleId::parse(schedule).value()).value();
    }
    std::vector<RunOutcome> outcomes() {
        std::vector<RunOutcome> found;
        store::each_schedule_run(*f().connect(), [&](const auto& one) { found.push_back(one.outcome); });
        return found;
    }
    std::int64_t balance(std::int64_t customer) { return f().balance(f().wallet_of(customer)); }
    std::string letter(std::size_t i) { return f().text_of(f().outgoing().at(i)); }

    std::unique_ptr<ServiceFixture> fixture_;
    std::int64_t li_ = 0, zoe_ = 0;
    std::chrono::year_month_day today_;
    std::int64_t keys_ = 0, seeds_ = 0;
};

TEST_P(Schedules, each_occurrence_is_made_on_its_day_and_once) {
    const std::string weekly = make(wish(1, "week", 2));
    EXPECT_THAT(run(), IsEmpty());
    go_to_day(1);
    EXPECT_THAT(run(), SizeIs(1));
    EXPECT_THAT(run(), IsEmpty()) << "once";
    EXPECT_EQ(balance(zoe_), 1'000);
    go_to_day(7);
    EXPECT_THAT(run(), IsEmpty());
    go_to_day(8);
    const std::vector<std::int64_t> made = run();
    ASSERT_THAT(made, SizeIs(1));
    const auto payment = store::find_payment(*f().connect(), made[0]).value();
    EXPECT_EQ(payment.kind, payments::PaymentKind::person_to_person);
    EXPECT_EQ(payment.memo, "Rent");
    EXPECT_EQ(row(weekly).state, ScheduleState::finished);
    go_to_day(60);
    EXPECT_THAT(run(), IsEmpty());
    EXPECT_EQ(balance(zoe_), 2'000);
    EXPECT_THAT(f().outgoing(), IsEmpty()) << "what goes well shows in the history";
}

TEST_P(Schedules, a_restart_in_between_and_a_command_that_comes_twice_make_none_twice) {
    make(wish(0, "day", 5));
    go_to_day(1);  // two are due
    const Command command = f().command(run_command(1));
    EXPECT_THAT(f().ask(command).numbers, SizeIs(1));
    f().restart();
    // The same command again goes on with what is due, and makes the first no second time.
    EXPECT_THAT(f().ask(command).numbers, SizeIs(1));
    EXPECT_THAT(f().ask(command).numbers, IsEmpty());
    f().restart();
    EXPECT_THAT(run(), IsEmpty());
    EXPECT_EQ(balance(zoe_), 2'000);
}

TEST_P(Schedules, after_a_long_pause_the_latest_are_made_and_the_others_are_told_of) {
    const std::string daily = make(wish(1, "day", 0));
    go_to_day(10);  // ten were due
    EXPECT_THAT(run(), SizeIs(payments::missed_made_max));
    EXPECT_EQ(balance(zoe_), 1'000 * payments::missed_made_max);
    EXPECT_EQ(row(daily).behind, 10);
    ASSERT_THAT(f().outgoing(), SizeIs(1));
    EXPECT_THAT(letter(0), AllOf(HasSubstr("7 of your scheduled transfers"), HasSubstr("CNY 10.00"), HasSubstr("Zoe")));
    go_to_day(11);
    EXPECT_THAT(run(), SizeIs(1));
    // Pauses longer than one command looks at: still each once.
    go_to_day(41);
    std::size_t made = 0;
    for (int i = 0; i < 20; ++i) made += run(8).size();
    EXPECT_EQ(made, static_cast<std::size_t>(payments::missed_made_max));
    EXPECT_EQ(row(daily).behind, 41);
}

TEST_P(Schedules, a_month_missed_by_days_is_made_late) {
    make(wish(1, "month", 0));
    go_to_day(6);
    EXPECT_THAT(run(), SizeIs(1));
    EXPECT_THAT(f().outgoing(), IsEmpty());
}

TEST_P(Schedules, short_money_is_tried_on_two_more_days_and_then_skipped) {
    const std::string monthly = make(wish(1, "month", 0, 50'000));
    for (int day = 1; day <= 3; ++day) {
        go_to_day(day);
        const std::vector<std::int64_t> made = run();
        ASSERT_THAT(made, SizeIs(1)) << day;
        EXPECT_EQ(store::find_payment(*f().connect(), made[0])->refusal, payments::PaymentRefusal::insufficient_funds);
        EXPECT_THAT(run(), IsEmpty());
    }
    EXPECT_THAT(outcomes(), ElementsAre(RunOutcome::to_be_tried_again, RunOutcome::to_be_tried_again, RunOutcome::skipped));
    ASSERT_THAT(f().outgoing(), SizeIs(2)) << "told when it begins and when it is given up";
    EXPECT_THAT(letter(0), HasSubstr("We try again on"));
    EXPECT_THAT(letter(1), AllOf(HasSubstr("not tried again"), HasSubstr("The schedule goes on")));
    EXPECT_EQ(row(monthly).behind, 1);
    EXPECT_EQ(row(monthly).state, ScheduleState::active);
}

TEST_P(Schedules, money_that_comes_in_time_is_sent) {
    make(wish(1, "once", 1, 50'000));
    go_to_day(1);
    run();
    f().top_up(li_, 100'000);
    go_to_day(2);
    EXPECT_THAT(run(), SizeIs(1));
    EXPECT_EQ(balance(zoe_), 50'000);
    EXPECT_THAT(outcomes(), ElementsAre(RunOutcome::to_be_tried_again, RunOutcome::made));
    EXPECT_THAT(f().outgoing(), SizeIs(1));
}

TEST_P(Schedules, a_locked_customer_skips_and_goes_on) {
    const std::string daily = make(wish(1, "day", 0));
    f().done(PlaceLock{.customer = li_, .scope = "debits", .message_code = "", .reason = ""}, {ActorKind::customer, li_});
    f().restart();
    go_to_day(1);
    EXPECT_THAT(run(), SizeIs(1));
    EXPECT_THAT(outcomes(), ElementsAre(RunOutcome::skipped));
    EXPECT_THAT(letter(1), AllOf(HasSubstr("Your account is locked"), HasSubstr("The schedule goes on")));
    EXPECT_EQ(row(daily).state, ScheduleState::active);
    EXPECT_EQ(balance(zoe_), 0);
}

TEST_P(Schedules, a_closed_account_ends_it_with_a_letter) {
    const std::string daily = make(wish(1, "day", 0));
    const std::int64_t wallet = f().integer(fmt::format("SELECT min(account) FROM account_owner WHERE customer = {}", zoe_));
    f().done(SetAccountState{wallet, "closed", "left"}, f().staff("boss@example.org", "supervisor").actor());
    go_to_day(1);
    EXPECT_THAT(run(), SizeIs(1));
    EXPECT_EQ(row(daily).state, ScheduleState::stopped);
    EXPECT_EQ(row(daily).reason, payments::PaymentRefusal::account_closed);
    EXPECT_THAT(letter(0), HasSubstr("ended the schedule"));
    go_to_day(3);
    EXPECT_THAT(run(), IsEmpty());
}

TEST_P(Schedules, the_customer_ends_it) {
    const std::string daily = make(wish(1, "day", 0));
    EXPECT_EQ(f().ask(EndSchedule{.schedule = daily, .customer = zoe_}, as(zoe_)).code, "not_found");
    EXPECT_TRUE(f().done(EndSchedule{.schedule = daily, .customer = li_}, as(li_)).done());
    EXPECT_TRUE(f().done(EndSchedule{.schedule = daily, .customer = li_}, as(li_)).replayed);
    go_to_day(5);
    EXPECT_THAT(run(), IsEmpty());
    EXPECT_EQ(row(daily).state, ScheduleState::ended);
}

TEST_P(Schedules, one_key_makes_one_schedule) {
    ScheduleTransfer body = wish(1, "day", 0);
    const std::string first = make(body);
    body.schedule = f().fresh<ScheduleId>().text();
    EXPECT_EQ(f().ask(body, as(li_)).text, first);
    body.times = 3;
    EXPECT_EQ(f().ask(body, as(li_)).code, "idempotency_key_reused");
}

TEST_P(Schedules, what_cannot_be_scheduled_is_refused) {
    const auto code = [&](auto change) {
        ScheduleTransfer body = wish(1, "day", 0);
        change(body);
        return f().ask(body, as(li_)).code;
    };
    EXPECT_EQ(code([](auto& b) { b.first_on = "2026-02-30"; }), "invalid");
    EXPECT_EQ(code([&](auto& b) { b.first_on = wish(-1, "day", 0).first_on; }), "invalid");
    EXPECT_EQ(code([&](auto& b) { b.first_on = wish(400, "day", 0).first_on; }), "invalid");
    EXPECT_EQ(code([](auto& b) { b.every = "year"; }), "invalid");
    EXPECT_EQ(code([](auto& b) { b.zone = "Mars/Base"; }), "invalid");
    EXPECT_EQ(code([](auto& b) { b.times = -1; }), "invalid");
    EXPECT_EQ(code([](auto& b) { b.amount_minor = 0; }), "invalid");
    EXPECT_EQ(code([](auto& b) { b.payee = b.payer; }), "same_account");
    EXPECT_EQ(code([](auto& b) { b.currency = "EUR"; }), "wrong_currency");
    for (int i = 0; i < payments::schedules_active_max; ++i) make(wish(1, "day", 0));
    EXPECT_EQ(code([](auto&) {}), "too_many_schedules");
}

INSTANTIATE_TEST_SUITE_P(Engines, Schedules, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

// The program is killed at a random place of a long series of runs, again and again: what the disk holds afterwards has each
// occurrence once. A kill is a copy of the files as they are while nothing was written back.
TEST(SchedulesKilled, make_none_twice) {
    ServiceFixture f{store::Engine::sqlite};
    const std::int64_t li = f.customer("li@example.org", "Li Wei");
    const std::int64_t zoe = f.customer("zoe@example.org", "Zoe");
    f.top_up(li, 1'000'000);
    f.done(ScheduleTransfer{.key = "s",
                            .schedule = f.fresh<ScheduleId>().text(),
                            .payer = li,
                            .payee = zoe,
                            .amount_minor = 100,
                            .currency = "CNY",
                            .memo = "",
                            .first_on = payments::text_of(payments::local_day(zone, f.at())),
                            .every = "day",
                            .times = 12,
                            .zone = zone},
           {ActorKind::customer, li});
    f.pass(days{1});
    for (int day = 0; day < 12; ++day, f.pass(days{1})) {
        const RunSchedules run{.occurrences_max = 9, .seed = fmt::format("{:064}", day)};
        f.done(run);
        const okpay::testing::TemporaryDirectory copy;
        for (const char* name : {"okpay.db", "okpay.db-wal"}) {
            ASSERT_TRUE(std::filesystem::copy_file(f.directory() / name, copy.path() / name)) << name;
        }
        const store::Database database{store::Engine::sqlite, (copy.path() / "okpay.db").string()};
        Writer second{database, f.context(), {}};
        const Answer again = okpay::testing::submit(second, f.command(run)).get();
        EXPECT_THAT(again.numbers, IsEmpty()) << "day " << day;
        second.stop();
        EXPECT_THAT(okpay::testing::faults_in(store::verify(*store::open(database, store::Access::reader), {})), IsEmpty());
    }
    EXPECT_EQ(f.balance(f.wallet_of(zoe)), 1'200);
}

}  // namespace
}  // namespace okpay::service
