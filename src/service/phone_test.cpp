// SPDX-License-Identifier: Apache-2.0
// Telephone numbers and the queue of short messages on both engines. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "service/case_parts.hpp"
#include "service/short_messages.hpp"
#include "service_fixture.hpp"
#include "store/change_store.hpp"

namespace okpay::service {
namespace {

using customers::Change;
using customers::ChangeId;
using customers::ChangeState;
using okpay::testing::ServiceFixture;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using store::ShortMessage;
using store::ShortMessageState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view mobile = "+8613800138000";
constexpr std::string_view other_mobile = "+4915123456789";

class Phones : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        li_ = f().customer("li@example.org", "Li Wei");
        zoe_ = f().customer("zoe@example.org", "Zoe", "zh-Hans");
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }

    ServiceFixture& f() { return *fixture_; }
    static Actor as(std::int64_t customer) { return {ActorKind::customer, customer}; }
    std::string seed() { return fmt::format("{:064}", ++seeds_); }

    Answer ask(std::int64_t customer, std::string_view number) {
        return f().ask(AskPhone{.change = f().fresh<ChangeId>().text(),
                                .customer = customer,
                                .number = std::string{number},
                                .session = 0,
                                .seed = seed()},
                       as(customer));
    }
    Answer another_code(std::int64_t customer) {
        return f().ask(SendPhoneCode{.customer = customer, .seed = seed()}, as(customer));
    }
    Answer confirm(std::int64_t customer, std::string code) {
        return f().ask(ConfirmPhone{.customer = customer, .code = std::move(code), .seed = seed()}, as(customer));
    }
    Answer remove(std::int64_t customer) {
        return f().ask(
            RemovePhone{.change = f().fresh<ChangeId>().text(), .customer = customer, .session = 0, .seed = seed()},
            as(customer));
    }
    Answer finish() { return f().done(FinishChanges{.changes_max = 100, .seed = seed()}); }
    void set_phone(std::int64_t customer, std::string_view number) {
        ASSERT_TRUE(ask(customer, number).done());
        take_all();
        ASSERT_TRUE(confirm(customer, code_to(number)).done());
        take_all();
    }

    std::vector<ShortMessage> messages(std::int64_t customer) {
        return store::short_messages_of(*f().connect(), customers::CustomerNo{customer});
    }
    std::vector<std::string> kinds(std::int64_t customer) {
        std::vector<std::string> found;
        for (const ShortMessage& one : messages(customer)) found.push_back(one.kind);
        return found;
    }
    // What the way out gets, all of it reported as sent.
    std::vector<ShortOrder> take_all(const std::string& outcome = "sent") {
        const auto orders = take();
        for (const ShortOrder& order : orders) {
            f().done(ReportShortMessage{.message = order.message, .outcome = outcome, .text = "x"});
        }
        return orders;
    }
    std::vector<ShortOrder> take() {
        std::vector<ShortOrder> orders;
        for (const std::int64_t no : f().done(TakeShortMessages{.messages_max = 100, .once_by_key = true}).numbers) {
            const auto connection = f().connect();
            orders.push_back(
                short_order_of(*connection, f().context(), *store::find_short_message(*connection, no)).value());
        }
        std::ranges::copy(orders, std::back_inserter(sent_));
        return orders;
    }
    // The digits of the newest message to the number, as its owner reads them.
    std::string code_to(std::string_view number) {
        for (auto order = sent_.rbegin(); order != sent_.rend(); ++order) {
            if (order->number != number) continue;
            const auto at = order->text.find_first_of("0123456789");
            if (at != std::string::npos) return order->text.substr(at, customers::phone_code_digits);
        }
        ADD_FAILURE() << "no code was sent to " << number;
        return "";
    }
    std::string wrong_code(std::string_view number) {
        std::string code = code_to(number);
        code.back() = code.back() == '9' ? '0' : static_cast<char>(code.back() + 1);
        return code;
    }
    std::string number_of_phone(std::int64_t customer) {
        const auto phone = store::phone_of(*f().connect(), customers::CustomerNo{customer});
        return phone ? phone->number : "";
    }
    std::vector<store::OutgoingRow> letters(std::string_view kind) {
        auto all = f().outgoing();
        std::erase_if(all, [&](const store::OutgoingRow& one) { return one.kind != kind; });
        return all;
    }
    Answer stop_by_link(std::string_view kind) {
        const std::string text = f().text_of(letters(kind).back());
        const auto at = text.find('#') + 1;
        const auto hash = hash_of_link(text.substr(at, text.find_first_of(" \r\n", at) - at)).value();
        return f().ask(CancelChange{.link_hash = hex_of(view_of(hash)), .change = "", .customer = 0, .seed = seed()});
    }
    std::int64_t locks(std::string_view message) {
        return f().integer(
            fmt::format("SELECT count(*) FROM customer_lock WHERE state = 1 AND message_code = '{}'", message));
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::vector<ShortOrder> sent_;
    std::int64_t li_ = 0, zoe_ = 0, seeds_ = 0;
};

TEST_P(Phones, the_first_number_stands_once_its_code_was_typed_and_the_mail_is_told) {
    ASSERT_TRUE(ask(li_, "+86 138-0013-8000").done());
    EXPECT_EQ(number_of_phone(li_), "");
    EXPECT_THAT(f().text_of(letters("phone_asked").at(0)),
                ::testing::AllOf(HasSubstr("+86***00"), Not(HasSubstr("138001"))));
    const auto orders = take_all();
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].number, mobile);
    const std::string code = code_to(mobile);
    EXPECT_EQ(f().integer(fmt::format("SELECT count(*) FROM short_message WHERE text LIKE '%{}%'", code)), 0)
        << "no row has the digits";
    EXPECT_EQ(f().integer(fmt::format("SELECT count(*) FROM command WHERE answer LIKE '%{}%'", code)), 0);
    EXPECT_EQ(confirm(zoe_, code).code, codes::not_found) << "of another customer";
    EXPECT_EQ(confirm(li_, wrong_code(mobile)).code, "phone_code_wrong");
    ASSERT_TRUE(confirm(li_, code.substr(0, 3) + " " + code.substr(3)).done());
    EXPECT_EQ(number_of_phone(li_), mobile);
    EXPECT_EQ(confirm(li_, code).code, codes::not_found) << "once";
    EXPECT_EQ(letters("phone_added").size(), 1U);
    EXPECT_THAT(kinds(li_), ElementsAre("code", "phone_added"));
    EXPECT_EQ(locks("phone_held"), 0);
    EXPECT_EQ(ask(li_, mobile).code, codes::invalid) << "it is the number already";
}

TEST_P(Phones, a_code_is_guessed_five_times_lasts_ten_minutes_and_is_sent_three_times) {
    ASSERT_TRUE(ask(li_, mobile).done());
    take_all();
    const std::string first = code_to(mobile);
    for (int i = 0; i < customers::phone_code_tries_max - 1; ++i) {
        EXPECT_EQ(confirm(li_, wrong_code(mobile)).code, "phone_code_wrong");
    }
    EXPECT_EQ(confirm(li_, "not a code").code, "phone_code_ended");
    EXPECT_EQ(confirm(li_, first).code, "phone_code_ended") << "the right one too";
    EXPECT_EQ(another_code(li_).code, "too_many_requests") << "within a minute";
    f().pass(customers::phone_code_again_after);
    ASSERT_TRUE(another_code(li_).done());
    take_all();
    const std::string second = code_to(mobile);
    EXPECT_NE(first, second);
    EXPECT_EQ(confirm(li_, first).code, "phone_code_wrong");
    f().pass(customers::phone_code_lasts);
    EXPECT_EQ(confirm(li_, second).code, "phone_code_ended");
    ASSERT_TRUE(another_code(li_).done());
    take_all();
    f().pass(customers::phone_code_again_after);
    EXPECT_EQ(another_code(li_).code, "too_many_requests") << "three for one change";
    ASSERT_TRUE(confirm(li_, code_to(mobile)).done());
}

TEST_P(Phones, a_proof_ends_by_time_and_a_day_has_so_many_changes) {
    for (int i = 0; i < customers::phone_changes_a_day_max; ++i) {
        ASSERT_TRUE(ask(li_, mobile).done());
        EXPECT_EQ(ask(li_, other_mobile).code, "change_open");
        take_all();
        f().pass(customers::phone_proof_lasts);
        EXPECT_EQ(confirm(li_, code_to(mobile)).code, codes::not_found);
        EXPECT_EQ(finish().numbers.size(), 1U);
    }
    EXPECT_EQ(ask(li_, mobile).code, "too_many_requests");
    f().pass(hours{22});
    EXPECT_TRUE(ask(li_, mobile).done());
}

TEST_P(Phones, the_answer_is_the_same_whosever_the_number_is_and_a_number_is_not_flooded) {
    set_phone(zoe_, mobile);
    const Answer answer = ask(li_, mobile);
    ASSERT_TRUE(answer.done());
    take_all();
    ASSERT_TRUE(confirm(li_, code_to(mobile)).done()) << "a household has one telephone";
    std::vector<std::int64_t> more;
    for (int i = 0; i < 4; ++i) more.push_back(f().customer(fmt::format("more{}@example.org", i), "More"));
    ASSERT_TRUE(ask(more[0], mobile).done());
    take_all();
    ASSERT_TRUE(confirm(more[0], code_to(mobile)).done());
    ASSERT_TRUE(ask(more[1], mobile).done()) << "nobody learns of it before the code";
    take_all();
    EXPECT_EQ(confirm(more[1], wrong_code(mobile)).code, "phone_code_wrong");
    EXPECT_EQ(confirm(more[1], code_to(mobile)).code, "phone_at_many_accounts");
    EXPECT_EQ(number_of_phone(more[1]), "");
    ASSERT_TRUE(ask(more[2], mobile).done());
    EXPECT_EQ(take_all().size(), 1U) << "the fifth of the day";
    ASSERT_TRUE(ask(more[3], mobile).done()) << "answered like any other";
    EXPECT_EQ(take_all().size(), 0U);
    EXPECT_EQ(confirm(more[3], "123456").code, "phone_code_wrong");
}

TEST_P(Phones, another_number_waits_out_the_hold_and_both_are_told) {
    set_phone(li_, mobile);
    ASSERT_TRUE(ask(li_, other_mobile).done());
    take_all();
    ASSERT_TRUE(confirm(li_, code_to(other_mobile)).done());
    EXPECT_EQ(number_of_phone(li_), mobile);
    EXPECT_EQ(locks("phone_held"), 1);
    EXPECT_EQ(letters("phone_change_held").size(), 1U);
    EXPECT_EQ(letters("lock_notice").size(), 0U) << "the letter of the change tells of it";
    const auto told = take_all();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].number, mobile);
    f().pass(hours{47});
    EXPECT_EQ(finish().numbers.size(), 0U);
    f().pass(hours{1});
    EXPECT_EQ(finish().numbers.size(), 1U);
    f().done(ExpireLocks{.locks_max = 10});
    EXPECT_EQ(number_of_phone(li_), other_mobile);
    EXPECT_EQ(locks("phone_held"), 0);
    EXPECT_THAT(kinds(li_),
                ElementsAre("code", "phone_added", "code", "phone_asked", "phone_held", "phone_added", "phone_changed"));
    EXPECT_EQ(letters("phone_changed").size(), 1U);
}

TEST_P(Phones, a_number_that_several_accounts_have_proven_during_the_hold_takes_no_place) {
    set_phone(li_, mobile);
    ASSERT_TRUE(ask(li_, other_mobile).done());
    take_all();
    ASSERT_TRUE(confirm(li_, code_to(other_mobile)).done());
    for (int i = 0; i < customers::accounts_of_a_phone_max; ++i) {
        set_phone(f().customer(fmt::format("many{}@example.org", i), "Many"), other_mobile);
    }
    f().pass(hours{48});
    EXPECT_EQ(finish().numbers.size(), 1U);
    f().done(ExpireLocks{.locks_max = 10});
    EXPECT_EQ(number_of_phone(li_), mobile);
    EXPECT_THAT(f().text_of(letters("phone_stopped").at(0)), HasSubstr("several accounts"));
    EXPECT_EQ(kinds(li_).back(), "phone_kept");
}

TEST_P(Phones, a_removal_waits_too_is_canceled_in_the_account_or_made) {
    EXPECT_EQ(remove(li_).code, codes::not_found);
    set_phone(li_, mobile);
    const Answer asked = remove(li_);
    ASSERT_TRUE(asked.done());
    EXPECT_EQ(remove(li_).code, "change_open");
    EXPECT_EQ(locks("phone_held"), 1);
    ASSERT_TRUE(
        f().ask(CancelChange{.link_hash = "", .change = asked.text, .customer = li_, .seed = seed()}, as(li_)).done());
    EXPECT_EQ(locks("phone_held"), 0);
    EXPECT_EQ(letters("phone_stopped").size(), 1U);
    EXPECT_EQ(number_of_phone(li_), mobile);
    ASSERT_TRUE(remove(li_).done());
    f().pass(hours{48});
    finish();
    f().done(ExpireLocks{.locks_max = 10});
    EXPECT_EQ(number_of_phone(li_), "");
    EXPECT_THAT(kinds(li_), ElementsAre("code", "phone_added", "phone_removal_held", "phone_kept", "phone_removal_held",
                                        "phone_removed"));
}

TEST_P(Phones, the_link_of_the_letter_stops_it_to_the_last_moment_and_locks) {
    set_phone(li_, mobile);
    ASSERT_TRUE(remove(li_).done());
    f().pass(hours{47});
    ASSERT_TRUE(stop_by_link("phone_removal_held").done());
    EXPECT_EQ(stop_by_link("phone_removal_held").code, "token_invalid") << "once";
    EXPECT_EQ(locks("not_me"), 1);
    EXPECT_EQ(f().integer("SELECT count(*) FROM ticket WHERE category = 'account_locked'"), 1);
    f().pass(hours{2});
    EXPECT_EQ(finish().numbers.size(), 0U);
    EXPECT_EQ(number_of_phone(li_), mobile);
    EXPECT_THAT(f().text_of(letters("phone_stopped").back()), HasSubstr("OK-"));
}

TEST_P(Phones, no_link_proves_a_number_and_no_change_of_a_profile_sets_one) {
    ASSERT_TRUE(ask(li_, mobile).done());
    const auto change = store::open_phone_change(*f().connect(), customers::CustomerNo{li_}).value();
    EXPECT_EQ(f().ask(ProveChange{.link_hash = hex_of(view_of(change.prove_hash)), .seed = seed()}).code, "token_invalid");
    EXPECT_EQ(f().ask(AskChange{.change = f().fresh<ChangeId>().text(),
                                .customer = li_,
                                .kind = "phone",
                                .value = "UTC",
                                .session = 0,
                                .seed = seed()},
                      as(li_))
                  .code,
              codes::invalid);
}

TEST_P(Phones, news_go_to_the_number_in_the_customers_language_and_are_capped) {
    f().done(PlaceLock{.customer = zoe_, .scope = "payouts", .message_code = "under_review", .reason = "odd"},
             f().staff("ana@pay.example", "risk").actor());
    EXPECT_THAT(kinds(zoe_), IsEmpty()) << "no number, no message";
    set_phone(zoe_, mobile);
    for (int i = 0; i < customers::short_alerts_to_a_customer_a_day_max + 3; ++i) {
        f().done(AskChange{.change = f().fresh<ChangeId>().text(),
                           .customer = zoe_,
                           .kind = "contact",
                           .value = fmt::format("zoe{}@example.org", i),
                           .session = 0,
                           .seed = seed()},
                 as(zoe_));
        f().run("UPDATE customer_change SET state = 5, asked = asked - 100000000 WHERE kind = 1");
    }
    const auto told = messages(zoe_);
    EXPECT_EQ(std::ranges::count(told, "address_asked", &ShortMessage::kind),
              customers::short_alerts_to_a_customer_a_day_max - 1)
        << "with the one that said that the number stands";
    EXPECT_THAT(told.back().text, HasSubstr("【OKPay】"));
    for (const ShortMessage& one : told) EXPECT_THAT(one.text, Not(HasSubstr("example.org")));
}

TEST_P(Phones, what_is_queued_leaves_once_and_its_outcome_stays) {
    set_phone(li_, mobile);
    ASSERT_TRUE(remove(li_).done());
    const auto orders = take();
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_THAT(take(), IsEmpty()) << "it is handed out";
    const std::int64_t no = orders[0].message;
    const auto row = [&] { return store::find_short_message(*f().connect(), no).value(); };
    f().done(ReportShortMessage{.message = no, .outcome = "later", .text = "busy"});
    EXPECT_EQ(row().state, ShortMessageState::queued);
    EXPECT_THAT(take(), IsEmpty()) << "not before its time";
    f().pass(short_message_pause(1));
    ASSERT_EQ(take().size(), 1U);
    EXPECT_EQ(take_all().size(), 0U);
    // The program ends between the two halves: by a way out that knows the key it leaves again, under the same key.
    f().done(ReleaseShortMessages{.once_by_key = true});
    const auto again = take();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].key, orders[0].key);
    // By another one nobody knows, and it does not.
    f().done(ReleaseShortMessages{.once_by_key = false});
    EXPECT_EQ(row().state, ShortMessageState::uncertain);
    EXPECT_THAT(take(), IsEmpty());
    EXPECT_TRUE(f().done(ReportShortMessage{.message = no, .outcome = "sent", .text = ""}).replayed);
    EXPECT_EQ(row().state, ShortMessageState::uncertain) << "what has its outcome keeps it";
    EXPECT_EQ(f().ask(ReportShortMessage{.message = 99'999, .outcome = "sent", .text = ""}).code, codes::not_found);
}

TEST_P(Phones, what_is_too_late_or_of_no_use_has_failed) {
    ASSERT_TRUE(ask(li_, mobile).done());
    f().pass(customers::phone_code_again_after);
    ASSERT_TRUE(another_code(li_).done());
    const auto orders = take();
    ASSERT_EQ(orders.size(), 1U) << "the first code was replaced before it left";
    f().done(ReportShortMessage{.message = orders[0].message, .outcome = "later", .text = ""});
    f().pass(customers::phone_code_lasts);
    EXPECT_THAT(take(), IsEmpty());
    for (const ShortMessage& one : messages(li_)) EXPECT_EQ(one.state, ShortMessageState::failed) << one.outcome;
}

TEST_P(Phones, a_take_asked_again_under_its_id_answers_with_the_same_messages) {
    ASSERT_TRUE(ask(li_, mobile).done());
    const Command take = f().command(TakeShortMessages{.messages_max = 4, .once_by_key = true});
    const Answer first = f().ask(take);
    ASSERT_EQ(first.numbers.size(), 1U);
    const Answer again = f().ask(take);
    EXPECT_TRUE(again.replayed);
    EXPECT_EQ(again.numbers, first.numbers);
}

TEST_P(Phones, what_nobody_reported_on_leaves_again_by_its_key_or_is_uncertain) {
    ASSERT_TRUE(ask(li_, mobile).done());
    const auto first = take();
    ASSERT_EQ(first.size(), 1U);
    f().pass(short_message_unreported_max - seconds{1});
    EXPECT_FALSE(store::short_messages_wait(*f().connect(), f().at(), f().at() - short_message_unreported_max));
    EXPECT_THAT(take(), IsEmpty());
    f().pass(seconds{1});
    EXPECT_TRUE(store::short_messages_wait(*f().connect(), f().at(), f().at() - short_message_unreported_max));
    const auto again = take();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].key, first[0].key);
    f().pass(short_message_unreported_max);
    EXPECT_THAT(f().done(TakeShortMessages{.messages_max = 4, .once_by_key = false}).numbers, IsEmpty());
    const ShortMessage row = messages(li_).at(0);
    EXPECT_EQ(row.state, ShortMessageState::uncertain);
    EXPECT_EQ(row.outcome, "nobody reported on it");
}

TEST_P(Phones, what_is_lost_each_time_has_an_end) {
    set_phone(li_, mobile);
    ASSERT_TRUE(remove(li_).done());
    for (std::int64_t tries = 0; tries < short_message_tries_max; ++tries) {
        ASSERT_EQ(take().size(), 1U) << tries;
        f().pass(short_message_unreported_max);
    }
    EXPECT_THAT(take(), IsEmpty());
    EXPECT_EQ(messages(li_).back().state, ShortMessageState::uncertain);
}

TEST_P(Phones, a_fresh_message_leaves_before_the_dead_ones_that_are_older_are_all_gone) {
    constexpr std::int64_t looked_at = take_round_rows * take_rounds_max, dead = looked_at + 50;
    const auto ms = [&](hours back) { return ms_of(f().at() - back); };
    f().run(
        fmt::format("INSERT INTO short_message (no, id, customer, kind, number, text, change, code, state, tries, next_at, "
                    "expires, outcome, created, updated) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                    "WHERE i < {}) SELECT i, {}, {}, 'locked', '+1', 'x', 0, 0, 1, 1, {}, {}, '', {}, {} FROM n",
                    dead,
                    GetParam() == store::Engine::sqlite ? "CAST(printf('%016d', i) AS BLOB)"
                                                        : "convert_to(lpad(i::text, 16, '0'), 'UTF8')",
                    zoe_, ms(hours{3}), ms(hours{2}), ms(hours{3}), ms(hours{3})));
    ASSERT_TRUE(ask(li_, mobile).done());
    const auto in_queue = [&] { return f().integer("SELECT count(*) FROM short_message WHERE state = 1"); };
    EXPECT_THAT(f().done(TakeShortMessages{.messages_max = 4, .once_by_key = true}).numbers, IsEmpty());
    EXPECT_EQ(in_queue(), dead - looked_at + 1) << "so many rows are looked at for one take";
    EXPECT_EQ(take().size(), 1U) << "behind fifty dead ones";
    EXPECT_EQ(in_queue(), 0);
}

TEST_P(Phones, the_house_sends_so_many_an_hour) {
    f().run(
        "INSERT INTO short_message (no, id, customer, kind, number, text, change, code, state, tries, next_at, expires, "
        "outcome, created, updated) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
        "SELECT i, " +
        std::string{GetParam() == store::Engine::sqlite ? "CAST(printf('%016d', i) AS BLOB)"
                                                        : "convert_to(lpad(i::text, 16, '0'), 'UTF8')"} +
        fmt::format(", {}, 'locked', '+1', 'x', 0, 0, 3, 1, NULL, {}, '', {}, {} FROM n", zoe_, ms_of(f().at()),
                    ms_of(f().at()), ms_of(f().at())));
    EXPECT_EQ(ask(li_, mobile).code, "too_many_requests");
    f().pass(hours{1});
    EXPECT_TRUE(ask(li_, mobile).done());
}

TEST(ShortMessages, are_tried_again_more_and_more_rarely) {
    EXPECT_EQ(short_message_pause(1), seconds{30});
    EXPECT_EQ(short_message_pause(2), minutes{1});
    EXPECT_EQ(short_message_pause(5), minutes{8});
    EXPECT_EQ(short_message_pause(6), minutes{15});
    EXPECT_EQ(short_message_pause(60), minutes{15});
}

INSTANTIATE_TEST_SUITE_P(Engines, Phones, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
