// SPDX-License-Identifier: Apache-2.0
#include "jobs/jobs.hpp"

#include <spdlog/spdlog.h>

#include "base/clock.hpp"

namespace okpay::jobs {

Jobs::Jobs(asio::any_io_executor executor, service::Service& service, std::function<Moment()> clock, Millis period)
    : service_{service}, clock_{std::move(clock)}, period_{period}, alarm_{std::move(executor)} {}

net::awaitable<void> Jobs::run() {
    while (!stopping_) {
        const Moment at = clock_();
        const bool daily = !daily_asked_ || at - *daily_asked_ >= daily_work_asked_for_every;
        if (daily) daily_asked_ = at;
        auto due = all_due();
        for (std::size_t kind = 0; kind < (daily ? due.size() : daily_from); ++kind) {
            submit(std::move(due[kind]), [](bool) {});
        }
        alarm_.expires_after(period_);
        co_await alarm_.async_wait(net::quietly);
    }
}

void Jobs::stop() {
    stopping_ = true;
    alarm_.cancel();
}

std::array<Jobs::Due, 14> Jobs::all_due() {
    return {
        Due{service::ExpireHolds{.holds_max = holds_expired_at_once_max}, holds_expired_at_once_max,
            "holds could not be expired", "holds have expired and were released"},
        Due{service::ExpireMoneyRequests{.requests_max = requests_expired_at_once_max, .seed = fresh_id<CommandId>().text()},
            requests_expired_at_once_max, "requests for money could not be expired", "requests for money have expired"},
        Due{service::ExpireLocks{.locks_max = locks_expired_at_once_max}, locks_expired_at_once_max,
            "locks could not be ended", "locks have ended by themselves"},
        Due{service::RunSchedules{.occurrences_max = occurrences_made_at_once_max, .seed = fresh_id<CommandId>().text()},
            occurrences_made_at_once_max, "scheduled transfers could not be made",
            "scheduled transfers were made or refused"},
        Due{service::FinishChanges{.changes_max = changes_ended_at_once_max, .seed = fresh_id<CommandId>().text()},
            changes_ended_at_once_max, "changes of mail addresses could not be made",
            "changes of mail addresses were made or have ended"},
        Due{service::ExpireDisputes{.disputes_max = disputes_expired_at_once_max}, disputes_expired_at_once_max,
            "disputes could not be ended", "disputes were not answered in time and are over"},
        Due{service::WakeSnoozed{.tickets_max = requests_woken_at_once_max}, requests_woken_at_once_max,
            "requests that sleep could not be woken", "requests that slept are back"},
        Due{service::TellIncidentMembers{.members_max = incident_members_told_at_once_max,
                                         .seed = fresh_id<CommandId>().text()},
            incident_members_told_at_once_max, "the text of an incident could not be sent on",
            "requests were looked at for the text of their incident"},
        Due{service::TendRules{.tickets_max = requests_ruled_at_once_max}, requests_ruled_at_once_max,
            "rules of time could not be judged", "requests on which a rule of time acted"},
        Due{service::TendVerifications{.verifications_max = verifications_tended_at_once_max,
                                       .seed = fresh_id<CommandId>().text()},
            verifications_tended_at_once_max, "verifications could not be tended",
            "verifications ran out, had nothing come or had their files destroyed"},
        Due{service::TellClocks{.tickets_max = clocks_told_at_once_max, .seed = fresh_id<CommandId>().text()},
            clocks_told_at_once_max, "staff could not be told of clocks", "requests whose clock runs out: staff were told"},
        Due{service::CloseSolved{.tickets_max = requests_closed_at_once_max}, requests_closed_at_once_max,
            "solved requests could not be closed", "requests were solved or set aside long ago and are over"},
        Due{service::SettleFaqAnswers{.answers_max = faq_answers_settled_at_once_max}, faq_answers_settled_at_once_max,
            "requests answered from the FAQ could not be settled", "requests answered from the FAQ were settled"},
        Due{service::TendHooks{.keep_ms = std::chrono::duration_cast<Millis>(hook_deliveries_kept).count()}, 1,
            "web hooks could not be tended", "web hooks were tended"}};
}

net::awaitable<void> Jobs::catch_up() {
    const auto executor = co_await asio::this_coro::executor;
    for (std::size_t kind = 0; kind < all_due().size(); ++kind) {
        bool more = true;
        while (more) {
            auto ask = [this, executor, kind](auto resume) {
                const auto waiting = std::make_shared<decltype(resume)>(std::move(resume));
                const auto busy = asio::make_work_guard(executor);
                submit(std::move(all_due()[kind]), [executor, waiting, busy](bool again) {
                    asio::post(executor, [waiting, again] { std::move (*waiting)(again); });
                });
            };
            more = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(std::move(ask),
                                                                                            asio::use_awaitable);
        }
    }
}

void Jobs::submit(Due due, std::function<void(bool more)> then) {
    service::Command command{fresh_id<CommandId>(), clock_(), {}, std::move(due.body)};
    service_.submit(std::move(command), [could_not = due.could_not, done = due.done, max = due.at_once_max,
                                         then = std::move(then)](const service::Answer& answer) {
        if (!answer.done()) {
            spdlog::warn("{} ({}); tried again in a moment", could_not, answer.code);
        } else if (!answer.numbers.empty()) {
            spdlog::info("{} {}", answer.numbers.size(), done);
        }
        then(answer.done() && std::ssize(answer.numbers) == max);
    });
}

}  // namespace okpay::jobs
