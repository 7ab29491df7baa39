// SPDX-License-Identifier: Apache-2.0
#include "mailroom/sender.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <fstream>

#include "base/clock.hpp"
#include "mailroom/outbox_directory.hpp"
#include "mailroom/wire_for_test.hpp"

namespace okpay::mailroom {
namespace {

using namespace std::chrono_literals;

constexpr Moment noon = moment_of_ms(1'800'000'000'000);

TEST(NextAttempt, waits_longer_each_time_and_gives_up_after_four_days) {
    struct Case {
        int attempts_made;
        Millis age, want;  // want zero: give up
    };
    for (const Case& c :
         {Case{1, 0min, 1min}, Case{2, 1min, 5min}, Case{3, 6min, 15min}, Case{4, 21min, 1h}, Case{5, 81min, 4h},
          Case{6, 5h, 4h}, Case{30, 92h, 4h}, Case{30, 92h + 1ms, 0h}, Case{31, 200h, 0h}, Case{1, 96h, 0h}}) {
        const auto got = next_attempt(c.attempts_made, noon - c.age, noon);
        EXPECT_EQ(got ? *got - noon : Millis{0}, c.want) << c.attempts_made;
    }
}

QueuedMail queued_mail() {
    QueuedMail mail{.id = fresh_id<OutgoingId>(), .mail = {"support@pay.example", {"ana@b.example"}, "Subject: x\r\n\r\n"}};
    mail.queued_at = noon;
    return mail;
}

TEST(DecideAfter, an_attempt_leaves_one_state) {
    struct Case {
        std::string_view name;
        DeliveryOutcome outcome;
        bool names_money, old;
        OutgoingState state;
        bool again;
    };
    for (const Case& c :
         {Case{"sent", DeliveryOutcome::sent, true, true, OutgoingState::sent, false},
          Case{"permanent", DeliveryOutcome::permanent, false, false, OutgoingState::failed, false},
          Case{"temporary", DeliveryOutcome::temporary, true, false, OutgoingState::queued, true},
          Case{"temporary for too long", DeliveryOutcome::temporary, false, true, OutgoingState::failed, false},
          Case{"uncertain", DeliveryOutcome::uncertain, false, false, OutgoingState::uncertain, true},
          Case{"uncertain for too long", DeliveryOutcome::uncertain, false, true, OutgoingState::uncertain, false},
          Case{"uncertain of money", DeliveryOutcome::uncertain, true, false, OutgoingState::uncertain, false}}) {
        SCOPED_TRACE(c.name);
        auto mail = queued_mail();
        mail.names_money = c.names_money;
        const auto report = decide_after(mail, {c.outcome, "words", {}}, noon + (c.old ? Millis{97h} : Millis{0}));
        EXPECT_EQ(report.state, c.state);
        EXPECT_EQ(report.next_attempt.has_value(), c.again);
        EXPECT_EQ(report.text, "words");
    }
}

class FakeQueue final : public OutgoingQueue {
public:
    explicit FakeQueue(asio::io_context& io) : all_reported{io} {}
    net::awaitable<DueBatch> take_due(Moment, std::size_t mails_max) override {
        ++takes;
        if (std::exchange(take_fails, false)) throw std::runtime_error{"storage is away"};
        DueBatch batch;
        while (!due.empty() && batch.mails.size() < mails_max) {
            batch.mails.push_back(due.front());
            due.pop_front();
        }
        if (!due.empty()) batch.next_due = noon;
        co_return batch;
    }
    net::awaitable<void> report(OutgoingReport report) override {
        if (report_failures > 0) {
            --report_failures;
            if (on_report_failure) on_report_failure();
            throw std::runtime_error{"storage is away"};
        }
        reports.push_back(std::move(report));
        if (reports.size() == expected) all_reported.open();
        co_return;
    }

    std::deque<QueuedMail> due;
    std::vector<OutgoingReport> reports;
    std::size_t expected = 1;
    Gate all_reported;
    int takes = 0;
    int report_failures = 0;
    bool take_fails = false;
    std::function<void()> on_report_failure;
};

// Counts its deliveries; each waits until as many as `together` are under way.
struct FakeRelay {
    explicit FakeRelay(asio::io_context& io) : io{io} {}
    Deliver deliver() {
        return [this](Relay, OutgoingMail mail) { return take(std::move(mail)); };
    }
    net::awaitable<DeliveryReport> take(OutgoingMail mail) {
        texts.push_back(mail.bytes);
        most = std::max(most, ++under_way);
        if (hold) co_await hold->passed();
        --under_way;
        if (throws) throw std::runtime_error{"broken"};
        co_return DeliveryReport{outcome, "words", {}};
    }
    asio::io_context& io;
    DeliveryOutcome outcome = DeliveryOutcome::sent;
    std::vector<std::string> texts;
    Gate* hold = nullptr;
    int under_way = 0, most = 0;
    bool throws = false;
};

SenderSettings with_relay() {
    return {.relay = Relay{.at = net::Endpoint::tcp("127.0.0.1", 25), .our_name = "mx"}, .outbox_directory = {}};
}

struct Post {
    explicit Post(SenderSettings settings) : queue{io}, relay{io}, settings{std::move(settings)} {}
    // Runs until all the expected reports are in, then stops.
    void run() { run(queue.all_reported.passed()); }
    void run(net::awaitable<void> story) {
        Sender sender{io.get_executor(), queue, settings, [] { return noon; }, relay.deliver()};
        running = &sender;
        auto done = asio::co_spawn(io, sender.run(), asio::use_future);
        run_story(io, stop_after(sender, std::move(story)));
        done.get();
    }
    static net::awaitable<void> stop_after(Sender& sender, net::awaitable<void> story) {
        co_await std::move(story);
        sender.stop();
    }
    asio::io_context io;
    FakeQueue queue;
    FakeRelay relay;
    SenderSettings settings;
    Sender* running = nullptr;
};

net::awaitable<void> four_at_once(Post& post, Gate& hold) {
    while (post.relay.under_way < 4) co_await asio::post(asio::use_awaitable);
    hold.open();
    co_await post.queue.all_reported.passed();
}

TEST(Sender, sends_all_that_is_due_four_at_once) {
    Post post{with_relay()};
    Gate hold{post.io};
    post.relay.hold = &hold;
    for (int i = 0; i < 10; ++i) post.queue.due.push_back(queued_mail());
    post.queue.expected = 10;
    post.run(four_at_once(post, hold));
    EXPECT_EQ(post.relay.texts.size(), 10U);
    EXPECT_EQ(post.relay.most, 4);
    for (const auto& report : post.queue.reports) EXPECT_EQ(report.state, OutgoingState::sent);
}

net::awaitable<void> queue_later(Post& post) {
    while (post.queue.takes == 0) co_await asio::post(asio::use_awaitable);
    post.queue.due.push_back(queued_mail());
    post.running->notify();
    co_await post.queue.all_reported.passed();
}

TEST(Sender, is_woken_by_notify) {
    Post post{with_relay()};
    post.run(queue_later(post));
    EXPECT_EQ(post.queue.reports.size(), 1U);
}

TEST(Sender, tells_a_report_again_and_never_sends_again) {
    Post post{with_relay()};
    const auto mail = queued_mail();
    post.queue.due.push_back(mail);
    post.queue.report_failures = 2;
    post.queue.on_report_failure = [&] {
        post.queue.due.push_back(mail);  // a queue that knows no better hands it out again
        post.running->notify();
    };
    post.run();
    EXPECT_EQ(post.relay.texts.size(), 1U);
    ASSERT_EQ(post.queue.reports.size(), 1U);
    EXPECT_EQ(post.queue.reports.front().state, OutgoingState::sent);
}

TEST(Sender, an_interrupted_mail_that_names_money_waits_for_a_person) {
    Post post{with_relay()};
    auto money = queued_mail();
    money.interrupted = money.names_money = true;
    auto plain = queued_mail();
    plain.interrupted = true;
    post.queue.due = {money, plain};
    post.queue.expected = 2;
    post.run();
    EXPECT_EQ(post.relay.texts.size(), 1U);
    for (const auto& report : post.queue.reports) {
        EXPECT_EQ(report.state, report.id == money.id ? OutgoingState::uncertain : OutgoingState::sent);
        EXPECT_FALSE(report.next_attempt);
    }
}

TEST(Sender, a_delivery_that_breaks_off_is_uncertain) {
    Post post{with_relay()};
    post.relay.throws = true;
    post.queue.due.push_back(queued_mail());
    post.run();
    EXPECT_EQ(post.queue.reports.front().state, OutgoingState::uncertain);
}

net::awaitable<void> after_a_failed_take(Post& post) {
    while (post.queue.takes == 0) co_await asio::post(asio::use_awaitable);
    post.running->notify();
    co_await post.queue.all_reported.passed();
}

TEST(Sender, survives_a_queue_that_is_away) {
    Post post{with_relay()};
    post.queue.take_fails = true;
    post.queue.due.push_back(queued_mail());
    post.run(after_a_failed_take(post));
    EXPECT_EQ(post.queue.reports.size(), 1U);
}

TEST(Sender, writes_the_outbox_directory_with_and_without_a_relay) {
    const auto directory = std::filesystem::temp_directory_path() / ("okpay_outbox_" + hex_of(random_octets(6)));
    std::filesystem::create_directory(directory);
    for (const bool has_relay : {false, true}) {
        SCOPED_TRACE(has_relay);
        Post post{with_relay()};
        if (!has_relay) post.settings.relay.reset();
        post.settings.outbox_directory = directory;
        const auto mail = queued_mail();
        post.queue.due.push_back(mail);
        post.run();
        EXPECT_EQ(post.queue.reports.front().state, has_relay ? OutgoingState::sent : OutgoingState::kept);
        EXPECT_EQ(post.relay.texts.size(), has_relay ? 1U : 0U);
        std::string written;
        std::getline(std::ifstream{directory / (mail.id.text() + ".eml")}, written, '\0');
        EXPECT_EQ(written, mail.mail.bytes);
    }
    std::filesystem::remove_all(directory);
    Post post{with_relay()};  // the directory has gone: without a relay the mail stays queued
    post.settings.relay.reset();
    post.settings.outbox_directory = directory;
    post.queue.due.push_back(queued_mail());
    post.run();
    EXPECT_EQ(post.queue.reports.front().state, OutgoingState::queued);
    EXPECT_EQ(post.queue.reports.front().text, explain(OutboxError::not_writable));
}

TEST(Sender, takes_nothing_without_relay_and_directory) {
    Post post{{.relay = {}, .outbox_directory = {}}};
    post.queue.due.push_back(queued_mail());
    post.queue.all_reported.open();
    post.run();
    EXPECT_EQ(post.queue.takes, 0);
}

TEST(OutboxDirectory, leaves_a_whole_file_alone) {
    const auto directory = std::filesystem::temp_directory_path() / ("okpay_outbox_" + hex_of(random_octets(6)));
    std::filesystem::create_directory(directory);
    std::ofstream{directory / ".a.part"} << "half of an earlier try, which was longer";
    EXPECT_TRUE(write_to_outbox(directory, "a", "whole"));
    EXPECT_TRUE(write_to_outbox(directory, "a", "other"));
    std::string written;
    std::getline(std::ifstream{directory / "a.eml"}, written, '\0');
    EXPECT_EQ(written, "whole");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{directory}, {}), 1);
    std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace okpay::mailroom
