// SPDX-License-Identifier: Apache-2.0
#include "jobs/jobs.hpp"

#include <gtest/gtest.h>

#include "service_fixture.hpp"
#include "store/ledger_store.hpp"

namespace okpay::jobs {
namespace {

// Hands commands through and tells when one was answered.
class Watched final : public service::Service {
public:
    Watched(service::Service& inner, std::function<void(const service::Answer&)> answered)
        : inner_{inner}, answered_{std::move(answered)} {}
    void submit(service::Command command, std::function<void(service::Answer)> done) override {
        inner_.submit(std::move(command), [this, done = std::move(done)](const service::Answer& answer) {
            done(answer);
            answered_(answer);
        });
    }

private:
    service::Service& inner_;
    std::function<void(const service::Answer&)> answered_;
};

TEST(Jobs, holds_are_released_when_their_time_is_over) {
    okpay::testing::ServiceFixture fixture{store::Engine::sqlite};
    const std::int64_t customer = fixture.customer("li@example.org", "Li Wei");
    const std::int64_t merchant = fixture.merchant("Shop");
    fixture.top_up(customer, 10'000);
    service::Pay hold = fixture.payment(customer, merchant, 4'000, "h");
    hold.manual_capture = true;
    hold.hold_ms = 1'000;
    const std::int64_t held = fixture.done(hold, {service::ActorKind::merchant, merchant}).number;

    asio::io_context io{1};
    std::vector<std::int64_t> released;
    std::optional<Jobs> jobs;
    Moment at = fixture.at();
    Watched watched{fixture.writer(), [&](const service::Answer& answer) {
                        asio::post(io, [&, numbers = answer.numbers] {
                            at += Millis{500};  // the next round is later
                            released.insert(released.end(), numbers.begin(), numbers.end());
                            if (!released.empty()) jobs->stop();
                        });
                    }};
    jobs.emplace(io.get_executor(), watched, [&at] { return at; }, Millis{1});
    asio::co_spawn(io, jobs->run(), asio::detached);
    io.run();
    fixture.stop();  // a last round may still be under way
    EXPECT_EQ(released, std::vector{held});
    EXPECT_GE(at, fixture.at() + Millis{1'000});
    EXPECT_EQ(store::find_payment(*fixture.connect(), held)->state, payments::PaymentState::canceled);
}

}  // namespace
}  // namespace okpay::jobs
