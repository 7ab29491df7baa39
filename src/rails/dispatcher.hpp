// SPDX-License-Identifier: Apache-2.0
// Hands the calls that are due to the rail and reports what came of each.
//
//   Once       TakeRailCalls marks a call as sent, durably, before it is answered; only then it leaves. A report that could
//              not be stored is told again, and the call is not made again.
//   Deadlines  a rail that does not answer within `answer_within` has not answered.
//   Wake-up    notify() after something was begun; else every `period`, because inquiries fall due by the clock.
//   stop()     takes nothing more and breaks off what is under way; the next start finds it sent and inquires after it.
//   Threads    the executor's.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "rails/rail.hpp"

namespace okpay::rails {

// Hands a command to the writer and brings its answer home, on the dispatcher's executor.
using Submit = std::function<net::awaitable<service::Answer>(service::CommandBody body)>;

struct DispatcherSettings {
    std::size_t calls_at_once = 16;
    Millis answer_within{30'000};
    Millis period{1'000};
};

class Dispatcher {
public:
    // `seed` gives 32 random octets as hex, fresh each time.
    Dispatcher(asio::any_io_executor executor, Submit submit, Rail& rail, std::function<std::string()> seed,
               DispatcherSettings settings = {});
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    net::awaitable<void> run();
    void notify();
    void stop();
    // Returns when what is due now was taken, and all that is under way was answered and reported: after a test has moved
    // the clock. run() must be running.
    net::awaitable<void> settle();

private:
    net::awaitable<bool> take();  // whether anything was due
    net::awaitable<void> carry(service::RailOrder order);
    net::awaitable<RailAnswer> asked(service::RailOrder order);
    net::awaitable<void> tell(service::ReportRail report);
    net::awaitable<void> tell_again();
    void hear(RailNotice notice);

    asio::any_io_executor executor_;
    Submit submit_;
    Rail& rail_;
    std::function<std::string()> seed_;
    DispatcherSettings settings_;
    std::map<std::int64_t, std::shared_ptr<asio::cancellation_signal>> under_way_;  // by payment
    std::vector<service::ReportRail> untold_;  // reports that the writer could not take yet, oldest first
    bool held_up_ = false;  // the writer takes no money commands
    bool woken_ = false;
    bool stopping_ = false;
    asio::steady_timer alarm_;
    std::int64_t rounds_ = 0;  // begun
    std::int64_t idle_round_ = 0;  // the last that found nothing due, under way or untold
    asio::steady_timer idle_;  // never fires: cancelled when a round was idle
};

}  // namespace okpay::rails
