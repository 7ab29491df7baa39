// SPDX-License-Identifier: Apache-2.0
// The dispatcher between the real ordered writer and the sandbox rail: what each word of the sandbox comes to.
#include "rails/dispatcher.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "rails/sandbox_rail.hpp"
#include "service_fixture.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::rails {
namespace {

using okpay::testing::ServiceFixture;
using payments::PaymentState;
using payments::RailCallState;

// Counts what reaches the rail, by payment.
class Counted final : public Rail {
public:
    explicit Counted(Rail& inner) : inner_{inner} {}
    net::awaitable<RailAnswer> call(service::RailOrder order) override {
        ++calls[order.payment];
        return inner_.call(std::move(order));
    }
    net::awaitable<RailAnswer> inquire(service::RailOrder order) override {
        ++inquiries[order.payment];
        return inner_.inquire(std::move(order));
    }
    void on_notice(OnNotice on_notice) override { inner_.on_notice(std::move(on_notice)); }

    std::map<std::int64_t, int> calls, inquiries;

private:
    Rail& inner_;
};

class Dispatching : public ::testing::Test {
protected:
    Dispatching() {
        f_.top_up(li_, 100'000);
        settings_.answer_within = Millis{20};
        settings_.period = Millis{1};
    }
    void TearDown() override { EXPECT_THAT(f_.faults(), ::testing::IsEmpty()); }

    std::int64_t withdraw(const std::string& word, std::int64_t minor) {
        return f_.done(service::Withdraw{request(word, minor)}, {service::ActorKind::customer, li_}).number;
    }
    std::int64_t top_up(const std::string& word, std::int64_t minor) {
        return f_.done(service::CollectTopUp{request(word, minor)}, {service::ActorKind::customer, li_}).number;
    }
    service::RailRequest request(const std::string& word, std::int64_t minor) {
        const std::string text = "sandbox:" + word;
        return {.key = fmt::format("{} {}", word, minor),
                .customer = li_,
                .amount_minor = minor,
                .currency = "CNY",
                .instrument = text,
                .sealed_instrument = base64_of(f_.context().keyring().seal(text, service::instrument_purpose)),
                .instrument_hash = hex_of(view_of(sha256(text)))};
    }
    payments::RailCall call(std::int64_t seq) { return store::find_rail_call(*f_.connect(), seq).value(); }

    // Runs until `enough`, asked after each answer of the writer. Each round of taking is `step` later than the last.
    void run_until(std::function<bool()> enough, Millis step = Millis{0}) {
        asio::io_context io{1};
        SandboxRail sandbox{io.get_executor(), Millis{1}};
        Counted counted{sandbox};
        std::optional<Dispatcher> dispatcher;
        Submit submit = [&](service::CommandBody body) -> net::awaitable<service::Answer> {
            if (body.is<service::TakeRailCalls>()) f_.pass(step);
            if (const auto* report = body.as<service::ReportRail>()) {
                told_.push_back(report->word);
                if (refusals_ > 0 && report->word == "not_known") {
                    --refusals_;
                    co_return service::refused(service::codes::storage_full, "");
                }
            }
            service::Command command = f_.command(std::move(body));
            auto ask = [&](auto handler) {
                auto shared = std::make_shared<decltype(handler)>(std::move(handler));
                f_.writer().submit(std::move(command), [&io, shared](service::Answer answer) {
                    asio::post(io, [shared, answer = std::move(answer)]() mutable { (*shared)(std::move(answer)); });
                });
            };
            service::Answer answer =
                co_await asio::async_initiate<const asio::use_awaitable_t<>, void(service::Answer)>(ask,
                                                                                                    asio::use_awaitable);
            if (enough()) dispatcher->stop();
            co_return answer;
        };
        dispatcher.emplace(
            io.get_executor(), submit, counted, [this] { return fmt::format("{:064}", ++seeds_); }, settings_);
        asio::co_spawn(io, dispatcher->run(), asio::detached);
        io.run_for(std::chrono::seconds{60});
        ASSERT_TRUE(io.stopped()) << "the dispatcher did not end";
        for (const auto& [payment, count] : counted.calls) {
            EXPECT_EQ(count, 1) << "payment " << payment << " was sent more than once";
            EXPECT_TRUE(ever_called_.insert(payment).second) << "payment " << payment << " was sent by two processes";
        }
        inquiries_ = counted.inquiries;
    }
    auto state_is(std::int64_t seq, RailCallState state) {
        return [this, seq, state] { return call(seq).state == state; };
    }

    ServiceFixture f_{store::Engine::sqlite};
    std::int64_t li_ = f_.customer("li@example.org", "Li Wei");
    DispatcherSettings settings_;
    std::map<std::int64_t, int> inquiries_;
    std::vector<std::string> told_;  // words that reached the writer
    int refusals_ = 0;               // of reports that the rail knows nothing: the storage is full
    std::set<std::int64_t> ever_called_;
    int seeds_ = 0;
};

TEST_F(Dispatching, what_is_told_at_once_needs_no_inquiry) {
    const std::int64_t done = withdraw("ok", 1'000);
    const std::int64_t declined = top_up("decline", 1'000);
    run_until([&] { return !is_live(call(done).state) && !is_live(call(declined).state); });
    EXPECT_EQ(call(done).state, RailCallState::succeeded);
    EXPECT_EQ(call(done).rail_reference.substr(0, 12), "sandbox-pay_");
    EXPECT_EQ(call(declined).state, RailCallState::failed);
    EXPECT_TRUE(inquiries_.empty());
}

TEST_F(Dispatching, a_rail_that_hangs_is_asked_and_not_called_again) {
    const std::int64_t seq = withdraw("hang", 1'000);
    run_until(state_is(seq, RailCallState::succeeded), std::chrono::seconds{40});
    EXPECT_EQ(inquiries_[seq], 1);
    EXPECT_EQ(f_.balance(f_.wallet_of(li_)), 99'000);
}

TEST_F(Dispatching, a_lost_call_comes_back_only_once_it_must_have_arrived) {
    const std::int64_t seq = withdraw("timeout_lost", 1'000);
    run_until(state_is(seq, RailCallState::failed), std::chrono::seconds{40});
    EXPECT_GE(f_.at() - *call(seq).sent_at, payments::rail_arrival_grace);
    EXPECT_EQ(f_.balance(f_.wallet_of(li_)), 100'000);
}

TEST_F(Dispatching, what_the_rail_did_not_know_is_not_told_later_as_if_it_were_new) {
    refusals_ = 1;
    const std::int64_t seq = withdraw("timeout_lost", 1'000);
    run_until(state_is(seq, RailCallState::failed), std::chrono::seconds{40});
    ASSERT_GE(told_.size(), 4U);
    EXPECT_THAT(std::vector(told_.begin(), told_.begin() + 3),
                ::testing::ElementsAre("no_answer", "not_known", "no_answer"));
    EXPECT_GE(f_.at() - *call(seq).sent_at, payments::rail_arrival_grace);
}

TEST_F(Dispatching, a_late_answer_is_waited_for) {
    const std::int64_t seq = top_up("late", 1'000);
    run_until(state_is(seq, RailCallState::succeeded), std::chrono::minutes{10});
    EXPECT_EQ(inquiries_[seq], 3);
    EXPECT_EQ(f_.balance(f_.wallet_of(li_)), 101'000);
}

TEST_F(Dispatching, notices_are_heard_and_twice_is_once) {
    const std::int64_t twice = top_up("twice", 1'000);
    const std::int64_t bounced = withdraw("bounce", 2'000);
    const std::int64_t contradicted = top_up("no_then_done", 3'000);
    run_until([&] {
        return call(twice).state == RailCallState::succeeded && call(bounced).state == RailCallState::returned &&
               call(contradicted).state == RailCallState::contradicted;
    });
    EXPECT_EQ(f_.balance(f_.wallet_of(li_)), 101'000);
}

TEST_F(Dispatching, what_a_stop_breaks_off_the_next_process_inquires_after) {
    const std::int64_t seq = withdraw("hang", 1'000);
    settings_.answer_within = std::chrono::hours{1};
    run_until(state_is(seq, RailCallState::sent));
    f_.restart();
    f_.done(service::ReleaseRailCalls{std::string(64, '0')});
    run_until(state_is(seq, RailCallState::succeeded));
    EXPECT_EQ(inquiries_[seq], 1);
}

TEST(SandboxWords, are_known_or_refused) {
    EXPECT_EQ(sandbox_word("GB29NWBK60161331926819"), SandboxWord::accept);
    EXPECT_EQ(sandbox_word("sandbox:late"), SandboxWord::late);
    EXPECT_FALSE(sandbox_word("sandbox:soon"));
}

}  // namespace
}  // namespace okpay::rails
