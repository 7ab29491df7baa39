// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "api/api_world_test.hpp"
#include "risk/judge.hpp"
#include "store/lock_store.hpp"

namespace okpay::api::test {
namespace {

using customers::LockNo;
using customers::LockScope;
using customers::LockSource;
using customers::LockState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class LocksApi : public ApiTest {
protected:
    LocksApi() {
        service.respond = [](const Command&) { return Answer{.number = 1}; };
    }
    customers::Lock lock(std::int64_t no, LockSource source, LockState state = LockState::active) {
        customers::Lock made{.no = LockNo{no},
                             .customer = wang.no,
                             .scope = LockScope::debits,
                             .source = source,
                             .state = state,
                             .reason = "rule change_then_payout",
                             .message_code = source == LockSource::customer ? "own_wish" : "changed_then_payout",
                             .placed = now(),
                             .review_at = now() + std::chrono::hours{24},
                             .expires_at = std::nullopt,
                             .ended = state == LockState::active ? std::nullopt : std::optional{now()}};
        store::insert_lock(world.connection(), made);
        store::insert_lock_event(world.connection(), {.no = ++events_made,
                                                      .lock = made.no,
                                                      .at = now(),
                                                      .to = LockState::active,
                                                      .actor = "system:0",
                                                      .reason = made.reason,
                                                      .ledger_seq = 7});
        return made;
    }
    std::string of_wang(const std::string& rest) const { return "/api/v1/customers/" + wang.id.text() + rest; }
    std::int64_t events_made = 0;
};

constexpr std::string_view whole_checklist =
    R"({"checklist":["customer_reached","movements_confirmed","contact_unchanged","cause_understood"],"evidence":"call"})";

TEST_F(LocksApi, staff_place_a_lock_once_by_key) {
    lock(1, LockSource::staff);
    const std::string body =
        R"({"scope":"debits","message_code":"not_me","reason":"called","expires_at":"2036-12-24T10:00:00Z"})";
    const Response made = post(of_wang("/locks"), key("k", session('a')), body);
    EXPECT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "Lock");
    const auto wish = service.last<service::PlaceLock>();
    EXPECT_EQ(wish.customer, number_of(wang.no));
    EXPECT_EQ(wish.scope, "debits");
    EXPECT_EQ(wish.message_code, "not_me");
    EXPECT_EQ(wish.expires_at, ms_of(*moment_of_rfc3339("2036-12-24T10:00:00Z")));
    EXPECT_FALSE(wish.legal);
    const CommandId first = service.commands.back().id;
    post(of_wang("/locks"), key("k", session('a')), body);
    EXPECT_EQ(service.commands.back().id, first);
    EXPECT_EQ(code_of(post(of_wang("/locks"), session('a'), body)), "idempotency_key_required");
    EXPECT_EQ(code_of(post(of_wang("/locks"), key("k", session('e')), body)), "not_permitted");
    EXPECT_EQ(code_of(post(of_wang("/locks"), key("k", signed_in(wang)), body)), "not_signed_in");
    EXPECT_EQ(code_of(post("/api/v1/customers/0190a0b0-0000-7000-8000-000000000000/locks", key("k", session('a')), body)),
              "not_found");
    EXPECT_EQ(code_of(post(of_wang("/locks"), key("k2", session('a')),
                           R"({"scope":"debits","message_code":"not_me","reason":"x","expires_at":"soon"})")),
              "malformed");
}

TEST_F(LocksApi, staff_list_them_and_see_why) {
    lock(1, LockSource::rule);
    lock(2, LockSource::customer, LockState::released);
    const Response all = get("/api/v1/locks", session('e'));
    expect_documented(all, "LockList");
    EXPECT_EQ(body_of(all).at("items").as_array().size(), 2U);
    const Response active = get("/api/v1/locks?state=active&customer=" + wang.id.text(), session('a'));
    ASSERT_EQ(body_of(active).at("items").as_array().size(), 1U);
    EXPECT_EQ(body_of(active).at("items").at(0).at("reason"), "rule change_then_payout");
    EXPECT_THAT(active.body, Not(HasSubstr("wang@qq.example"))) << "masked";
    const Response page = get("/api/v1/locks?limit=1", session('a'));
    EXPECT_EQ(body_of(page).at("items").at(0).at("id"), "2");
    const std::string next{body_of(page).at("next_cursor").as_string()};
    EXPECT_EQ(body_of(get("/api/v1/locks?limit=1&cursor=" + next, session('a'))).at("items").at(0).at("id"), "1");
    EXPECT_EQ(code_of(get("/api/v1/locks?state=odd", session('a'))), "malformed");

    store::insert_risk_decision(world.connection(),
                                {.no = 1,
                                 .at = now(),
                                 .customer = wang.no,
                                 .operation = 3,
                                 .verdict = 2,
                                 .ruleset = "7",
                                 .rules = "change_then_payout",
                                 .shadows = "",
                                 .inputs = risk::inputs_json({.operation = risk::Operation::withdraw, .entries = 3}),
                                 .lock = 1});
    const Response one = get("/api/v1/locks/1", session('a'));
    expect_documented(one, "Lock");
    EXPECT_EQ(body_of(one).at("decisions").at(0).at("inputs").at("entries"), 3);
    EXPECT_EQ(body_of(one).at("events").at(0).at("ledger_seq"), "7");
    for (const char* path : {"/api/v1/locks/9", "/api/v1/locks/x", "/api/v1/locks/0"}) {
        EXPECT_EQ(code_of(get(path, session('a'))), "not_found") << path;
    }
}

TEST_F(LocksApi, one_proposes_and_another_decides) {
    lock(1, LockSource::rule);
    EXPECT_EQ(post("/api/v1/locks/1/releases", session('a'), std::string{whole_checklist}).status, 201U);
    const auto proposed = service.last<service::ProposeLockRelease>();
    EXPECT_EQ(proposed.lock, 1);
    EXPECT_EQ(proposed.checklist.size(), 4U);
    EXPECT_EQ(code_of(post("/api/v1/locks/1/releases", session('e'), std::string{whole_checklist})), "not_permitted");

    const auto id = customers::LockReleaseId::of(now(), Bytes(10, 'r'));
    store::insert_lock_release(world.connection(), {.no = 1,
                                                    .id = id,
                                                    .lock = LockNo{1},
                                                    .checklist = "customer_reached,cause_understood",
                                                    .evidence = "by phone",
                                                    .seen = "",
                                                    .proposer = ana.no,
                                                    .proposed = now(),
                                                    .decider = std::nullopt,
                                                    .decided = std::nullopt,
                                                    .note = ""});
    const std::string path = "/api/v1/lock-releases/" + id.text();
    const Response approved = post(path + "/approve", session('b'), R"({"totp_code":"123456"})");
    EXPECT_EQ(approved.status, 200U) << approved.body;
    expect_documented(approved, "Lock");
    EXPECT_EQ(body_of(approved).at("releases").at(0).at("checklist").as_array().size(), 2U);
    EXPECT_EQ(service.last<service::DecideLockRelease>().totp_code, "123456");
    EXPECT_TRUE(service.last<service::DecideLockRelease>().approved);
    EXPECT_EQ(code_of(post(path + "/approve", session('a'), R"({"totp_code":"123456"})")), "not_permitted") << "an agent";
    EXPECT_EQ(post(path + "/reject", session('a'), R"({"note":"call again"})").status, 200U);
    EXPECT_EQ(code_of(post("/api/v1/lock-releases/1/approve", session('b'), R"({"totp_code":"123456"})")), "not_found");
    service.respond = [](const Command&) { return Answer{.code = "release_voided", .detail = "look again"}; };
    const Response voided = post(path + "/approve", session('b'), R"({"totp_code":"123456"})");
    EXPECT_EQ(voided.status, 409U);
    EXPECT_EQ(code_of(voided), "release_voided");
}

TEST_F(LocksApi, customers_see_their_own_and_not_what_staff_wrote) {
    lock(1, LockSource::rule);
    const customers::Customer zhou = world.customer("zhou@qq.example", "Zhou");
    const Response own = get("/api/v1/me/locks", signed_in(wang));
    expect_documented(own, "OwnLockList");
    EXPECT_THAT(own.body, Not(HasSubstr("rule change_then_payout")));
    EXPECT_EQ(body_of(own).at("items").at(0).at("message_code"), "changed_then_payout");
    EXPECT_EQ(body_of(get("/api/v1/me/locks", signed_in(zhou))).at("items").as_array().size(), 0U);
}

TEST_F(LocksApi, customers_lock_themselves_and_end_it_with_a_second_factor) {
    lock(1, LockSource::customer);
    const Headers who = signed_in(wang);
    const Response made = post("/api/v1/me/lock", who, "");
    EXPECT_EQ(made.status, 201U) << made.body;
    expect_documented(made, "OwnLock");
    EXPECT_EQ(service.last<service::PlaceLock>().scope, "debits");
    EXPECT_EQ(service.commands.back().actor.no, number_of(wang.no));
    const std::size_t asked = service.commands.size();
    EXPECT_EQ(code_of(post("/api/v1/me/locks/1/release", who, "")), "step_up_required");
    EXPECT_EQ(service.commands.size(), asked) << "the writer was not asked";
    world.connection().execute("UPDATE customer_session SET assurance = 3");
    EXPECT_EQ(post("/api/v1/me/locks/1/release", who, "").status, 200U);
    EXPECT_EQ(service.last<service::ReleaseOwnLock>().lock, 1);
    EXPECT_EQ(code_of(post("/api/v1/me/locks/x/release", who, "")), "not_found");
}

TEST_F(LocksApi, a_locked_sign_in_is_said_in_plain_words) {
    EXPECT_EQ(kind_of_code("account_locked").status, 403);
    EXPECT_EQ(kind_of_code("lock_not_yours").status, 403);
    EXPECT_EQ(kind_of_code("lock_ended").status, 409);
}

}  // namespace
}  // namespace okpay::api::test
