// SPDX-License-Identifier: Apache-2.0
// Which clocks staff are to be told of is asked of the database and decided by the desk: on both engines the two agree, for
// requests and promises of every kind, at every hour.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <random>

#include "desk/lifecycle.hpp"
#include "store/desk_store.hpp"
#include "store/people_store.hpp"
#include "store/promise_store.hpp"
#include "store/schema.hpp"
#include "temporary_database.hpp"

namespace okpay::store {
namespace {

using desk::TicketState;
using std::chrono::hours;

const Moment start = moment_of_ms(1'800'000'000'000);

class ClockRows : public ::testing::TestWithParam<Engine> {
protected:
    void SetUp() override {
        if (GetParam() == Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        temporary_.emplace(GetParam());
        connection_ = open(temporary_->database(), Access::writer);
        migrate(*connection_);
    }
    template <class AnyId>
    AnyId id() {
        return AnyId::of(start, fmt::format("{:010}", ++ids_));
    }
    // Some moment within six days, or none.
    std::optional<Moment> sometimes() {
        return dice_() % 3 == 0 ? std::nullopt : std::optional{start + hours{dice_() % 144}};
    }
    desk::Ticket ticket(std::int64_t no) {
        constexpr std::array states{TicketState::fresh,   TicketState::open,
                                    TicketState::on_hold, TicketState::pending_customer,
                                    TicketState::solved,  TicketState::closed};
        desk::Ticket made{};
        made.no = desk::TicketNo{no};
        made.id = id<TicketId>();
        made.request_number = fmt::format("OK-{:07}", no);
        made.state = states.at(dice_() % states.size());
        made.opened = made.updated = start;
        made.first_reply_due = start + hours{dice_() % 72};
        made.first_replied = sometimes();
        made.investigation_due = sometimes();
        made.next_reply_due = sometimes();
        made.promise_due = sometimes();
        made.clock_told = static_cast<std::int64_t>(dice_() % 4);
        insert_ticket(*connection_, {.ticket = made, .preview = "", .reading = "{}"});
        return made;
    }

    std::optional<okpay::testing::TemporaryDatabase> temporary_;
    std::unique_ptr<Connection> connection_;
    std::mt19937_64 dice_{25};
    int ids_ = 0;
};

TEST_P(ClockRows, of_requests_are_those_for_which_the_desk_has_an_alarm) {
    std::vector<desk::Ticket> tickets;
    for (std::int64_t no = 1; no <= 300; ++no) tickets.push_back(ticket(no));
    std::size_t found_in_all = 0;
    for (Moment now = start - hours{6}; now < start + hours{160}; now += hours{7} + std::chrono::minutes{30}) {
        std::vector<std::int64_t> wanted, found;
        for (const desk::Ticket& one : tickets) {
            if (desk::alarm_of(one, now)) wanted.push_back(number_of(one.no));
        }
        for (const TicketRow& row : with_clock_alarm(*connection_, now, 1'000)) found.push_back(number_of(row.ticket.no));
        EXPECT_EQ(found, wanted) << rfc3339(now);
        found_in_all += found.size();
    }
    EXPECT_GT(found_in_all, 500U);
    EXPECT_EQ(with_clock_alarm(*connection_, start + hours{160}, 3).size(), 3U);
    EXPECT_EQ(find_ticket(*connection_, tickets[0].no).value().ticket.promise_due, tickets[0].promise_due);
}

TEST_P(ClockRows, of_promises_are_those_for_which_the_desk_has_an_alarm) {
    const desk::Ticket of = ticket(1);
    StaffRow ann{};
    ann.no = customers::StaffNo{1};
    ann.id = id<StaffId>();
    ann.email = "ann@pay.example";
    ann.role = customers::Role::agent;
    insert_staff(*connection_, ann);
    desk::Message message{};
    message.no = desk::MessageNo{1};
    message.id = id<MessageId>();
    message.ticket = of.no;
    message.direction = desk::Direction::outbound;
    message.author = desk::Author::staff;
    insert_message(*connection_, message);

    std::vector<PromiseRow> promises;
    for (std::int64_t no = 1; no <= 300; ++no) {
        PromiseRow row{.no = desk::PromiseNo{no},
                       .ticket = of.no,
                       .message = message.no,
                       .words = "by noon",
                       .staff = ann.no,
                       .promise = {.made = start + hours{dice_() % 24}, .due = start + hours{24 + dice_() % 48}}};
        insert_promise(*connection_, row);
        EXPECT_EQ(find_promise(*connection_, row.no)->promise.told, desk::PromiseAlarm::none);
        row.promise.told = static_cast<desk::PromiseAlarm>(dice_() % 4);
        if (row.promise.told >= desk::PromiseAlarm::ran_out) row.promise.state = desk::PromiseState::broken;
        if (dice_() % 4 == 0) row.promise.ended = row.promise.due + hours{1};
        row.reason = dice_() % 2 == 0 ? "a reason" : "";
        if (row.promise.ended) row.ended_by = ann.no;
        update_promise(*connection_, row);
        promises.push_back(row);
    }
    std::size_t found_in_all = 0;
    for (Moment now = start; now < start + hours{90}; now += std::chrono::minutes{90}) {
        std::vector<std::int64_t> wanted, found;
        for (const PromiseRow& one : promises) {
            if (desk::alarm_of(one.promise, now)) wanted.push_back(number_of(one.no));
        }
        for (const PromiseRow& row : promises_to_tell(*connection_, now, 1'000)) found.push_back(number_of(row.no));
        EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(wanted)) << rfc3339(now);
        found_in_all += found.size();
    }
    EXPECT_GT(found_in_all, 500U);
    const auto first = promises_to_tell(*connection_, start + hours{90}, 2);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_LE(first[0].promise.due, first[1].promise.due);

    std::optional<Moment> earliest;
    for (const PromiseRow& one : promises) {
        if (!one.promise.ended && (!earliest || one.promise.due < *earliest)) earliest = one.promise.due;
    }
    EXPECT_EQ(earliest_promise(*connection_, of.no), earliest);
    EXPECT_EQ(earliest_promise(*connection_, desk::TicketNo{2}), std::nullopt);
    const auto read = promises_of(*connection_, of.no);
    ASSERT_EQ(read.size(), promises.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
        EXPECT_EQ(read[i].no, promises[i].no);
        EXPECT_EQ(read[i].promise.made, promises[i].promise.made);
        EXPECT_EQ(read[i].promise.state, promises[i].promise.state);
        EXPECT_EQ(read[i].promise.ended, promises[i].promise.ended);
        EXPECT_EQ(read[i].promise.told, promises[i].promise.told);
        EXPECT_EQ(read[i].ended_by, promises[i].ended_by);
        EXPECT_EQ(read[i].reason, promises[i].reason);
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, ClockRows, ::testing::Values(Engine::sqlite, Engine::postgres),
                         [](const auto& engine) { return engine.param == Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::store
