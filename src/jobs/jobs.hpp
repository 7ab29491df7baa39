// SPDX-License-Identifier: Apache-2.0
// What happens because time passed, as ordinary commands on the ordered writer: holds and requests for money expire, locks
// end by themselves, scheduled transfers are made, changes of mail addresses end their hold, disputes that nobody answered
// are over, verifications are tended, staff are told of clocks, solved requests are closed,
// requests answered from the FAQ are settled, those that sleep come back, texts of incidents go on, rules of time are
// judged, old secrets and deliveries of web hooks end.
//
//   Threads  run() and stop() on the executor's thread; the answers come on the writer's.
//   Once     a command that is done twice does nothing the second time, so a lost answer needs no care.
//   Node     runs where the writer is; elsewhere it would only forward.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "net/asio.hpp"
#include "service/service.hpp"

namespace okpay::jobs {

inline constexpr std::int64_t holds_expired_at_once_max = 256;
inline constexpr std::int64_t requests_expired_at_once_max = 256;
inline constexpr std::int64_t occurrences_made_at_once_max = 256;
inline constexpr std::int64_t locks_expired_at_once_max = 256;
inline constexpr std::int64_t verifications_tended_at_once_max = 64;
// What is due by the day need not be asked for every second: each asking is a row.
inline constexpr std::chrono::minutes daily_work_asked_for_every{10};
inline constexpr std::int64_t changes_ended_at_once_max = 256;
inline constexpr std::int64_t clocks_told_at_once_max = 256;
inline constexpr std::int64_t requests_closed_at_once_max = 256;
inline constexpr std::int64_t disputes_expired_at_once_max = 256;
inline constexpr std::int64_t faq_answers_settled_at_once_max = 256;
inline constexpr std::int64_t requests_woken_at_once_max = 256;
inline constexpr std::int64_t incident_members_told_at_once_max = 32;
inline constexpr std::int64_t requests_ruled_at_once_max = 256;
inline constexpr std::chrono::days hook_deliveries_kept{30};  // once they have ended

class Jobs {
public:
    // `clock` gives the moment of the commands; every `period` what is due is asked for.
    Jobs(asio::any_io_executor executor, service::Service& service, std::function<Moment()> clock,
         Millis period = Millis{1'000});

    net::awaitable<void> run();  // until stop()
    void stop();
    // Does what is due now and returns when it is done: after a test has moved the clock.
    net::awaitable<void> catch_up();

private:
    struct Due {
        service::CommandBody body;
        std::int64_t at_once_max;  // whoever does so much has not done all
        std::string_view could_not, done;  // literals: they outlive the answer
    };
    static std::array<Due, 14> all_due();
    static constexpr std::size_t daily_from = 8;  // in that array: those asked for rarely
    void submit(Due due, std::function<void(bool more)> then);

    service::Service& service_;
    std::function<Moment()> clock_;
    Millis period_;
    asio::steady_timer alarm_;
    std::optional<Moment> daily_asked_;
    bool stopping_ = false;
};

}  // namespace okpay::jobs
