// SPDX-License-Identifier: Apache-2.0
// Web hooks on both engines: whose they are, in which order the books are told, and what becomes of what does not arrive.
// After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "service/queries.hpp"
#include "service_fixture.hpp"
#include "store/hook_store.hpp"

namespace okpay::service {
namespace {

using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using store::HookDeliveryState;
using store::HookPlace;
using store::HookSource;
using store::HookState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Hooks : public ::testing::TestWithParam<store::Engine> {
protected:
    void TearDown() override { EXPECT_THAT(f_.faults(), IsEmpty()); }

    static Actor merchant(std::int64_t no) { return {ActorKind::merchant, no}; }
    Actor shop() const { return merchant(shop_); }
    std::string sealed(std::string_view purpose = store::hook_secret_purpose) {
        return base64_of(f_.context().keyring().seal(Bytes(payments::hook_secret_octets, 's'), purpose));
    }
    CreateHook wish(std::string url = "https://shop.example/h") {
        return {.endpoint = f_.fresh<store::HookEndpointId>().text(),
                .url = std::move(url),
                .events = {},
                .sealed_secret = sealed(),
                .totp_code = ""};
    }
    Answer create(Actor actor) { return f_.ask(wish(), actor); }
    Answer create_of_house(const StaffMember& member) {
        f_.pass(seconds{30});  // a one-time code is good once
        CreateHook body = wish("https://pager.example/");
        body.totp_code = f_.totp(member);
        return f_.ask(body, member.actor());
    }
    std::int64_t by_card(std::int64_t minor, const std::string& key) {
        Pay pay = f_.payment(li_, shop_, minor, key, "");
        pay.instrument = "card ····4242";
        pay.sealed_instrument = base64_of(f_.context().keyring().seal("tok_visa4242", instrument_purpose));
        pay.instrument_hash = "00";
        const std::int64_t seq = f_.done(pay, shop()).number;
        (void)f_.done(TakeRailCalls{.calls_max = 100, .seed = seed()});
        return seq;
    }
    std::int64_t hold(std::int64_t minor, const std::string& key) {
        Pay pay = f_.payment(li_, shop_, minor, key, "");
        pay.manual_capture = true;
        return f_.done(pay, shop()).number;
    }
    std::string seed() { return fmt::format("{:064}", ++seeds_); }

    store::HookEndpoint endpoint(std::int64_t no) { return store::find_hook_endpoint(*f_.connect(), no).value(); }
    std::vector<store::HookDelivery> deliveries(std::int64_t endpoint) {
        return store::hook_deliveries_of(*f_.connect(), endpoint, 1'000'000, 1'000);
    }
    std::vector<store::HookEvent> told(HookPlace from, payments::HookOwner owner = payments::HookOwner::merchant,
                                       std::int64_t rows_max = 1'000) {
        std::vector<store::HookEvent> all;
        const auto connection = f_.connect();
        for (bool more = true; more;) {
            store::HookFeed feed = store::hook_feed(*connection, owner, from, rows_max);
            more = feed.more;
            EXPECT_TRUE(!more || from < feed.upto) << "it would be read for ever";
            from = feed.upto;
            for (store::HookEvent& event : feed.events) all.push_back(std::move(event));
        }
        return all;
    }
    static std::vector<std::string> types(const std::vector<store::HookEvent>& events) {
        std::vector<std::string> found;
        for (const store::HookEvent& event : events) found.push_back(event.type);
        return found;
    }
    // What the sender says of an event.
    ReportHookTry report(std::int64_t endpoint, std::int64_t payment, std::string outcome) {
        return {.endpoint = endpoint,
                .source = static_cast<std::int64_t>(HookSource::payment),
                .position = payment,
                .object = payment,
                .type = "payment.succeeded",
                .happened = ms_of(f_.at()),
                .payments = payment,
                .events = 0,
                .outcome = std::move(outcome),
                .status = 500,
                .error = "",
                .random = 0};
    }

    ServiceFixture f_{GetParam()};
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    std::int64_t shop_ = f_.merchant("Blue Bottle");
    std::int64_t other_ = f_.merchant("Other");
    StaffMember boss_ = f_.staff("bo@pay.example", "supervisor");
    StaffMember ann_ = f_.staff("ann@pay.example");
    int seeds_ = 0;
};

TEST_P(Hooks, are_made_for_addresses_of_the_internet_and_by_whom_they_belong_to) {
    for (const char* refused : {"http://shop.example/h", "https://localhost/h", "https://127.0.0.1/h", "https://[::1]/h",
                                "http://127.0.0.1:8080/h", "ftp://shop.example/", "https://a@shop.example/", ""}) {
        EXPECT_EQ(f_.ask(wish(refused), shop()).code, "webhook_url_refused") << refused;
    }
    CreateHook body = wish();
    body.events = {"payment.succeeded", "payment.succeeded"};
    EXPECT_EQ(f_.ask(body, shop()).code, codes::invalid) << "twice";
    body.events = {"ticket.opened"};
    EXPECT_EQ(f_.ask(body, shop()).code, codes::invalid) << "not a merchant's business";
    body = wish();
    body.sealed_secret = sealed("totp secret");
    EXPECT_EQ(f_.ask(body, shop()).code, codes::invalid);
    const Answer mine = create(shop());
    ASSERT_TRUE(mine.done()) << mine.detail;

    EXPECT_EQ(create_of_house(ann_).code, codes::not_permitted);
    CreateHook without = wish();
    without.totp_code = "000000";
    EXPECT_EQ(f_.ask(without, boss_.actor()).code, codes::totp_wrong);
    const Answer houses = create_of_house(boss_);
    ASSERT_TRUE(houses.done()) << houses.detail;

    for (const Actor stranger : {merchant(other_), boss_.actor(), ann_.actor()}) {
        EXPECT_EQ(f_.ask(RemoveHook{.endpoint = mine.text, .totp_code = ""}, stranger).code, codes::not_found);
        EXPECT_EQ(f_.ask(PingHook{.endpoint = mine.text}, stranger).code, codes::not_found);
    }
    EXPECT_EQ(f_.ask(RemoveHook{.endpoint = houses.text, .totp_code = ""}, shop()).code, codes::not_found);
    for (std::int64_t i = 1; i < payments::hook_endpoints_max; ++i) ASSERT_TRUE(create(shop()).done());
    EXPECT_EQ(create(shop()).code, "too_many_webhooks");
    EXPECT_TRUE(create(merchant(other_)).done()) << "each has its own";
    f_.done(RemoveHook{.endpoint = mine.text, .totp_code = ""}, shop());
    EXPECT_TRUE(create(shop()).done());
    EXPECT_EQ(f_.ask(PingHook{.endpoint = mine.text}, shop()).code, codes::not_found) << "removed";
}

TEST_P(Hooks, are_told_what_became_of_payments_in_the_order_in_which_it_did) {
    f_.top_up(li_, 1'000'000);
    f_.pay(li_, shop_, 100, "before", "before");
    const Answer made = create(shop());
    const HookPlace start = endpoint(made.number).seen;
    EXPECT_THAT(told(start), IsEmpty()) << "nothing of before";

    const std::int64_t plain = f_.pay(li_, shop_, 1'000, "p", "p");
    const std::int64_t held = hold(2'000, "h");
    const std::int64_t released = hold(3'000, "x");
    f_.pay(li_, other_, 1'000, "o", "o");  // of a merchant that wants to know nothing
    f_.done(CapturePayment{"c", held, 2'000}, shop());
    EXPECT_EQ(f_.ask(f_.payment(li_, shop_, 90'000'000, "much", "much"), shop()).code, "insufficient_funds");
    f_.done(CancelPayment{"r", released}, shop());
    f_.done(Refund{.key = "r1", .payment = plain, .amount_minor = 400, .reason = "requested_by_customer"}, shop());
    const std::int64_t card = by_card(5'000, "card");
    f_.done(ReportRail{.payment = card, .word = "done", .rail_reference = "R", .detail = "", .seed = seed()});
    f_.pass(seconds{30});
    f_.done(ReportDispute{.dispute = f_.fresh<DisputeId>().text(),
                          .payment = card,
                          .reference = "CB-1",
                          .stage = "chargeback",
                          .status = "needs_response",
                          .reason = "not_received",
                          .amount_minor = 5'000,
                          .currency = "CNY",
                          .due = ms_of(f_.at() + days{10}),
                          .totp_code = f_.totp(boss_)},
            boss_.actor());
    const auto events = told(start);
    EXPECT_THAT(types(events), ElementsAre("payment.succeeded", "payment.requires_capture", "payment.requires_capture",
                                           "payment.succeeded", "payment.failed", "payment.canceled", "refund.succeeded",
                                           "payment.processing", "payment.succeeded", "dispute.needs_response"));
    EXPECT_EQ(events[3].object, held);
    EXPECT_EQ(events[5].object, released);
    std::map<std::int64_t, std::int64_t> versions;
    for (const auto& event : events) {
        EXPECT_LT(versions[event.object], event.version()) << event.type;
        versions[event.object] = event.version();
    }
    // From each place on the rest is told, however much is read at once: what a restart after a kill relies on.
    for (const std::int64_t rows_max : {1, 2, 3, 1'000}) {
        EXPECT_EQ(types(told(start, payments::HookOwner::merchant, rows_max)), types(events)) << rows_max;
        for (std::size_t i = 0; i < events.size(); ++i) {
            const auto all = types(events);
            const std::vector<std::string> rest(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end());
            EXPECT_EQ(types(told(events[i].place, payments::HookOwner::merchant, rows_max)), rest) << i << " " << rows_max;
        }
    }
    Queries queries{f_.database(), 1};
    const auto subject = queries.hook_subject(events.back().source, events.back().position, events.back().object).value();
    EXPECT_EQ(subject.payment->payment.seq, card);
    ASSERT_TRUE(subject.dispute);
    EXPECT_EQ(subject.dispute->reference, "CB-1");
}

TEST_P(Hooks, a_dry_run_tells_nothing) {
    f_.top_up(li_, 10'000);
    const std::int64_t held = hold(2'000, "h");
    create(shop());
    const HookPlace head = store::hook_head(*f_.connect(), payments::HookOwner::merchant);
    Command command = f_.command(CapturePayment{"c", held, 2'000}, shop());
    command.dry_run = true;
    ASSERT_TRUE(f_.ask(command).done());
    EXPECT_EQ(store::hook_head(*f_.connect(), payments::HookOwner::merchant), head);
    f_.done(CapturePayment{"c", held, 2'000}, shop());
    EXPECT_THAT(types(told(head)), ElementsAre("payment.succeeded"));
}

TEST_P(Hooks, of_the_house_are_told_of_requests_without_a_word_of_a_customer) {
    const Answer made = create_of_house(boss_);
    const HookPlace start = endpoint(made.number).seen;
    const Answer opened = f_.receive(Letter{.from = "li@example.org", .subject = "secret subject", .text = "secret words"});
    f_.done(ReplyToTicket{.ticket = opened.text,
                          .message_id = f_.fresh<MessageId>().text(),
                          .outgoing_id = f_.fresh<OutgoingId>().text(),
                          .text = "We look at it.",
                          .state_after = "",
                          .version = f_.integer("SELECT version FROM ticket"),
                          .figures = {}},
            ann_.actor());
    const auto events = told(start, payments::HookOwner::house);
    EXPECT_THAT(types(events), ::testing::IsSupersetOf({"ticket.opened", "ticket.replied"}));
    EXPECT_EQ(events.front().type, "ticket.opened");
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto all = types(events);
        const std::vector<std::string> rest(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end());
        EXPECT_EQ(types(told(events[i].place, payments::HookOwner::house, 1)), rest);
    }
    Queries queries{f_.database(), 1};
    const auto subject = queries.hook_subject(events.front().source, events.front().position, events.front().object).value();
    EXPECT_EQ(subject.ticket->number, opened.text);
    EXPECT_FALSE(subject.payment);
}

TEST_P(Hooks, what_does_not_arrive_is_tried_for_a_day_and_then_waits_for_a_person) {
    f_.top_up(li_, 10'000);
    const Answer made = create(shop());
    const std::int64_t seq = f_.pay(li_, shop_, 100, "a", "a");
    f_.done(report(made.number, seq, "failed"));
    EXPECT_EQ(endpoint(made.number).seen.payments, seq) << "the row and the place are one commit";
    EXPECT_EQ(deliveries(made.number).front().next_at, f_.at() + std::chrono::minutes{1});
    EXPECT_EQ(endpoint(made.number).failing_since, f_.at());
    const Moment first = f_.at();
    int tries = 1;
    for (; deliveries(made.number).front().state == HookDeliveryState::waiting; ++tries) {
        f_.pass(*deliveries(made.number).front().next_at - f_.at());
        f_.done(report(made.number, seq, "failed"));
    }
    EXPECT_EQ(tries, 17);
    EXPECT_EQ(f_.at() - first, std::chrono::minutes{1'441});
    const auto failed = deliveries(made.number).front();
    EXPECT_EQ(failed.state, HookDeliveryState::failed);
    EXPECT_EQ(failed.tries, 17);
    EXPECT_EQ(failed.status, 500);
    EXPECT_TRUE(f_.ask(report(made.number, seq, "failed")).replayed) << "it has ended";

    EXPECT_EQ(f_.ask(RedeliverHook{made.text, failed.no}, merchant(other_)).code, codes::not_found);
    EXPECT_EQ(f_.ask(RedeliverHook{made.text, failed.no + 1}, shop()).code, codes::not_found);
    f_.done(RedeliverHook{made.text, failed.no}, shop());
    EXPECT_EQ(deliveries(made.number).front().next_at, f_.at());
    f_.done(report(made.number, seq, "delivered"));
    EXPECT_EQ(deliveries(made.number).front().state, HookDeliveryState::delivered);
    EXPECT_EQ(endpoint(made.number).failing_since, std::nullopt);
    EXPECT_EQ(f_.ask(RedeliverHook{made.text, failed.no}, shop()).code, "webhook_delivered");
    f_.done(TendHooks{.keep_ms = Millis{days{30}}.count()});
    EXPECT_EQ(deliveries(made.number).size(), 1U);
    f_.pass(days{31});
    f_.done(TendHooks{.keep_ms = Millis{days{30}}.count()});
    EXPECT_THAT(deliveries(made.number), IsEmpty());
}

TEST_P(Hooks, later_events_of_an_object_wait_behind_the_one_that_did_not_arrive) {
    f_.top_up(li_, 10'000);
    const Answer made = create(shop());
    const std::int64_t seq = f_.pay(li_, shop_, 100, "a", "a");
    f_.done(report(made.number, seq, "failed"));
    ReportHookTry later = report(made.number, seq, "held");
    later.source = static_cast<std::int64_t>(HookSource::payment_event);
    later.position = 0;
    f_.done(later);
    const auto waiting = store::waiting_hook_deliveries(*f_.connect());
    ASSERT_EQ(waiting.size(), 2U);
    EXPECT_EQ(waiting[0].tries, 1);
    EXPECT_EQ(waiting[1].tries, 0) << "it was not tried";
    EXPECT_LT(waiting[0].no, waiting[1].no);
}

TEST_P(Hooks, are_switched_off_by_410_and_by_five_days_of_nothing_but_failures) {
    f_.top_up(li_, 10'000);
    const Answer made = create(shop()), gone = create(shop());
    std::vector<std::int64_t> paid;
    for (const char* key : {"a", "b", "c", "d"}) paid.push_back(f_.pay(li_, shop_, 100, key, key));
    f_.done(report(gone.number, paid[0], "gone"));
    EXPECT_EQ(endpoint(gone.number).state, HookState::gone);
    EXPECT_EQ(f_.ask(PingHook{gone.text}, shop()).code, "webhook_off");
    EXPECT_EQ(f_.ask(RedeliverHook{gone.text, deliveries(gone.number).front().no}, shop()).code, "webhook_off");

    f_.done(report(made.number, paid[0], "failed"));
    f_.pass(days{4});
    f_.done(MoveHookCursors{{{.endpoint = made.number, .payments = paid[1], .events = 0, .delivered = true}}});
    f_.done(report(made.number, paid[2], "failed"));
    f_.pass(days{5} - seconds{1});
    f_.done(report(made.number, paid[2], "failed"));
    EXPECT_EQ(endpoint(made.number).state, HookState::enabled) << "one arrived in between";
    f_.pass(seconds{1});
    f_.done(report(made.number, paid[3], "failed"));
    EXPECT_EQ(endpoint(made.number).state, HookState::failing);
    EXPECT_THAT(store::enabled_hook_endpoints(*f_.connect()), IsEmpty());
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'webhook_switched_off'"), 2);

    f_.done(SetHookEnabled{made.text, true, ""}, shop());
    EXPECT_EQ(endpoint(made.number).state, HookState::enabled);
    EXPECT_EQ(endpoint(made.number).seen.payments, paid[3]) << "it goes on where it stopped";
    EXPECT_EQ(endpoint(made.number).failing_since, std::nullopt);
    EXPECT_TRUE(f_.ask(SetHookEnabled{made.text, true, ""}, shop()).replayed);
}

TEST_P(Hooks, a_place_never_goes_back) {
    f_.top_up(li_, 10'000);
    const Answer made = create(shop());
    const std::int64_t first = f_.pay(li_, shop_, 100, "a", "a"), second = f_.pay(li_, shop_, 100, "b", "b");
    f_.done(MoveHookCursors{{{.endpoint = made.number, .payments = second, .events = 0, .delivered = true}}});
    f_.done(MoveHookCursors{{{.endpoint = made.number, .payments = first, .events = 0, .delivered = true},
                             {.endpoint = 99, .payments = first, .events = 0, .delivered = true}}});
    EXPECT_EQ(endpoint(made.number).seen.payments, second);
}

TEST_P(Hooks, an_old_secret_signs_beside_the_new_one_for_a_day) {
    const Answer made = create(shop());
    const Bytes before = endpoint(made.number).secret;
    f_.done(ChangeHookSecret{made.text, sealed(), ""}, shop());
    EXPECT_EQ(endpoint(made.number).old_secret, before);
    EXPECT_NE(endpoint(made.number).secret, before);
    EXPECT_EQ(endpoint(made.number).old_secret_until, f_.at() + hours{24});
    f_.pass(hours{24} - Millis{1});
    f_.done(TendHooks{.keep_ms = 0});
    EXPECT_EQ(endpoint(made.number).old_secret, before);
    f_.pass(Millis{1});
    f_.done(TendHooks{.keep_ms = 0});
    EXPECT_EQ(endpoint(made.number).old_secret, "");
    EXPECT_EQ(endpoint(made.number).old_secret_until, std::nullopt);
    EXPECT_EQ(f_.ask(ChangeHookSecret{made.text, sealed(), ""}, merchant(other_)).code, codes::not_found);
    f_.done(RemoveHook{made.text, ""}, shop());
    EXPECT_EQ(endpoint(made.number).secret, "") << "nothing secret is left";
}

TEST_P(Hooks, a_ping_is_sent_once) {
    const Answer made = create(shop());
    const Answer ping = f_.done(PingHook{made.text}, shop());
    EXPECT_TRUE(f_.ask(PingHook{made.text}, shop()).replayed) << "one is on its way";
    ReportHookTry body = report(made.number, ping.number, "failed");
    body.source = static_cast<std::int64_t>(HookSource::ping);
    body.payments = 0;
    f_.done(body);
    EXPECT_EQ(deliveries(made.number).front().state, HookDeliveryState::failed);
}

INSTANTIATE_TEST_SUITE_P(Engines, Hooks, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
