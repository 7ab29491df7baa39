// SPDX-License-Identifier: Apache-2.0
// Transfers that are made later: the payment of an occurrence, the schedule's place, the row of the run and the letter are
// one commit, so that an occurrence is made once however often the program is killed.
#include <fmt/format.h>

#include "content/mask.hpp"
#include "customers/local_time.hpp"
#include "desk/request_letters.hpp"
#include "payments/schedule.hpp"
#include "service/money_parts.hpp"
#include "store/people_store.hpp"
#include "store/schedule_store.hpp"

namespace okpay::service {
namespace {

using customers::Customer;
using customers::CustomerNo;
using payments::Every;
using payments::Payment;
using payments::PaymentRefusal;
using payments::RunOutcome;
using payments::ScheduleRun;
using payments::ScheduleState;
using payments::TransferSchedule;

Answer answer_of(const TransferSchedule& schedule, bool replayed) {
    return Answer{.number = schedule.no, .text = schedule.id.text(), .replayed = replayed, .accounts = {}, .numbers = {}};
}

desk::ScheduleTrouble trouble_of(PaymentRefusal refusal) {
    switch (refusal) {
    case PaymentRefusal::insufficient_funds:
    case PaymentRefusal::nothing_available: return desk::ScheduleTrouble::no_money;
    case PaymentRefusal::payer_locked: return desk::ScheduleTrouble::locked;
    case PaymentRefusal::payer_frozen:
    case PaymentRefusal::payee_frozen: return desk::ScheduleTrouble::frozen;
    case PaymentRefusal::limit_per_item:
    case PaymentRefusal::limit_per_day:
    case PaymentRefusal::limit_per_week:
    case PaymentRefusal::limit_per_month:
    case PaymentRefusal::limit_per_year:
    case PaymentRefusal::limit_balance: return desk::ScheduleTrouble::limit;
    case PaymentRefusal::payee_limit: return desk::ScheduleTrouble::payee_limit;
    case PaymentRefusal::account_closed: return desk::ScheduleTrouble::closed;
    default: return desk::ScheduleTrouble::other;  // not of transfers between people
    }
}

// One run of what is due now; each step is one occurrence, or the missed ones of one schedule.
class Run {
public:
    Run(Books& books, const Context& context, const Command& command, const RunSchedules& body)
        : books_{books},
          context_{context},
          command_{command},
          at_{command.at},
          seed_{body.seed},
          left_{body.occurrences_max} {}

    std::vector<std::int64_t> everything_due() {
        while (left_ > 0) {
            const auto due = store::due_schedules(books_.connection(), at_, left_);
            if (due.empty()) break;
            for (const TransferSchedule& schedule : due) {
                if (left_ > 0) step(schedule);
            }
        }
        return std::move(payments_);
    }

private:
    void step(const TransferSchedule& schedule) {
        // Its next moment has come, also where the zone's rules have changed since that was reckoned.
        const std::int64_t due = std::max<std::int64_t>(1, due_count(schedule, at_, payments::missed_made_max + left_));
        if (due > payments::missed_made_max) miss(schedule, due - payments::missed_made_max);
        else make(schedule);
    }

    void miss(TransferSchedule schedule, std::int64_t count) {
        const Moment first_due = due_at(schedule, schedule.behind + 1);
        // Its own row proves the amount: nothing moved.
        const std::int64_t mail = write(schedule, "schedule_missed", schedule.behind + 1, [&](const auto& to, auto facts) {
            facts.amount.asked_no = schedule.no;
            facts.due = first_due;
            return desk::letter_transfers_missed(to, facts, count);
        });
        for (std::int64_t i = 0; i < count; ++i, --left_) {
            keep({.schedule = schedule.no,
                  .number = schedule.behind + 1,
                  .attempt = schedule.tries > 0 && i == 0 ? schedule.tries + 1 : 0,
                  .outcome = RunOutcome::missed,
                  .mail = i == 0 ? mail : 0,
                  .at = at_});
            schedule = after(std::move(schedule), RunOutcome::missed, PaymentRefusal::none, at_);
        }
        store::update_schedule(books_.connection(), schedule);
    }

    void make(const TransferSchedule& schedule) {
        const std::int64_t number = schedule.behind + 1;
        const std::int64_t attempt = schedule.tries + 1;
        const std::string key = fmt::format("schedule {} {} {}", schedule.id.text(), number, attempt);
        const auto made = transfer_between(books_, context_,
                                           {.command = command_,
                                            .key = once_key(Actor{}, key),
                                            .fingerprint = fingerprint("schedule", {schedule.no, number, attempt}),
                                            .payer = schedule.payer,
                                            .payee = schedule.payee,
                                            .amount = schedule.amount,
                                            .memo = schedule.memo,
                                            .at = at_});
        if (!made) throw store::StorageFailure{store::StorageFault::corrupt, "a schedule names a wallet that is not there"};
        const RunOutcome outcome = outcome_of(made->refusal, attempt);
        const TransferSchedule left = after(schedule, outcome, made->refusal, at_);
        ScheduleRun run{.schedule = schedule.no,
                        .number = number,
                        .attempt = attempt,
                        .outcome = outcome,
                        .payment = made->seq,
                        .at = at_};
        run.mail = tell(schedule, left, outcome, *made);
        keep(run);
        store::update_schedule(books_.connection(), left);
        payments_.push_back(made->seq);
        --left_;
    }

    // What was made shows in the history; only what was not is written about, the first time and when it is given up.
    std::int64_t tell(const TransferSchedule& before, const TransferSchedule& left, RunOutcome outcome,
                      const Payment& payment) {
        const std::int64_t number = before.behind + 1;
        const auto facts_with = [&](desk::ScheduleFacts facts) {
            facts.amount.payment_seq = payment.seq;
            facts.due = due_at(before, number);
            facts.next = left.next_at;
            return facts;
        };
        const desk::ScheduleTrouble trouble = trouble_of(payment.refusal);
        switch (outcome) {
        case RunOutcome::made:
        case RunOutcome::missed: return 0;
        case RunOutcome::to_be_tried_again:
            if (before.tries > 0) return 0;
            return write(before, "schedule_tried_again", number, [&](const auto& to, const auto& facts) {
                return desk::letter_transfer_tried_again(to, facts_with(facts));
            });
        case RunOutcome::skipped:
            return write(before, "schedule_skipped", number, [&](const auto& to, const auto& facts) {
                return desk::letter_transfer_skipped(to, facts_with(facts), trouble);
            });
        case RunOutcome::stopped:
            return write(before, "schedule_stopped", number, [&](const auto& to, const auto& facts) {
                return desk::letter_schedule_stopped(to, facts_with(facts), trouble);
            });
        }
        std::abort();
    }

    std::int64_t write(const TransferSchedule& schedule, const std::string& kind, std::int64_t number, auto letter) {
        const auto payer = store::find_customer(books_.connection(), schedule.payer);
        const auto payee = store::find_customer(books_.connection(), schedule.payee);
        if (!payer || !payee) throw store::StorageFailure{store::StorageFault::corrupt, "a schedule names nobody"};
        const desk::LetterTo to{.language = desk::language_of(payer->language),
                                .name = payer->name,
                                .zone = payer->zone,
                                .house = context_.settings().house};
        const desk::MailText text =
            letter(to,
                   desk::ScheduleFacts{.payee = payee->name, .amount = {.amount = schedule.amount}, .due = at_, .next = {}});
        const StepIds ids{seed_, schedule.no, at_};
        return send_notice(books_, context_,
                           {.kind = kind,
                            .id = ids.next<OutgoingId>(fmt::format("{} {}", kind, number)),
                            .recipient = payer->email,
                            .subject = text.subject,
                            .text = text.body,
                            .at = at_});
    }

    void keep(ScheduleRun run) {
        run.no = books_.next_number("schedule_run");
        store::insert_schedule_run(books_.connection(), run);
    }

    Books& books_;
    const Context& context_;
    const Command& command_;
    Moment at_;
    std::string_view seed_;
    std::int64_t left_;
    std::vector<std::int64_t> payments_;
};

std::optional<Answer> not_acceptable(Books& books, const TransferSchedule& schedule, Moment at) {
    const money::Currency currency = schedule.amount.currency();
    if (schedule.amount.minor() <= 0) return refused(codes::invalid, "amount: above zero");
    if (schedule.payer == schedule.payee) return refused("same_account", "you cannot send money to yourself");
    if (!books.wallet_of(schedule.payer, currency)) {
        return refused("wrong_currency", "you have no wallet in this currency");
    }
    if (!books.wallet_of(schedule.payee, currency)) {
        return refused("payee_cannot_receive", "the payee has no wallet in this currency; ask which one to use");
    }
    if (!customers::is_zone(schedule.zone)) return refused(codes::invalid, "zone: an IANA name such as Asia/Shanghai");
    const std::chrono::sys_days today{payments::local_day(schedule.zone, at)};
    const std::chrono::sys_days first{schedule.first_on};
    if (first < today || first > today + payments::schedule_first_within) {
        return refused(codes::invalid,
                       fmt::format("first_on: today or within {} days", payments::schedule_first_within.count()));
    }
    if (schedule.times < 0 || schedule.times > payments::schedule_times_max) {
        return refused(codes::invalid,
                       fmt::format("times: at most {}, or 0 for until it is ended", payments::schedule_times_max));
    }
    if (store::count_active_schedules(books.connection(), schedule.payer) >= payments::schedules_active_max) {
        return refused("too_many_schedules", fmt::format("{} schedules are the most; end one that you no longer need",
                                                         payments::schedules_active_max));
    }
    return std::nullopt;
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const ScheduleTransfer& body) {
    const auto amount = money_of(body.amount_minor, body.currency);
    if (!amount) return bad_amount();
    const auto id = ScheduleId::parse(body.schedule);
    if (!id) return refused(codes::invalid, "schedule: malformed");
    const auto first_on = payments::day_of_text(body.first_on);
    if (!first_on) return refused(codes::invalid, "first_on: a day such as 2026-12-04");
    const auto every = payments::every_of_name(body.every);
    if (!every) return refused(codes::invalid, "every: one of once, day, week, month");
    const Hash256 key = once_key(command.actor, "schedule " + body.key);
    const std::int64_t print = fingerprint("schedule", {body.payer, body.payee, body.amount_minor, body.times},
                                           {body.currency, body.memo, body.first_on, body.every, body.zone});
    if (const auto known = store::find_schedule_by_key(books.connection(), key)) {
        return known->body_fingerprint == print ? answer_of(*known, true) : key_reused();
    }
    TransferSchedule schedule{.no = 0,
                              .id = *id,
                              .key = key,
                              .body_fingerprint = print,
                              .payer = CustomerNo{body.payer},
                              .payee = CustomerNo{body.payee},
                              .amount = *amount,
                              .memo = content::mask_secrets(body.memo).text,
                              .first_on = *first_on,
                              .every = *every,
                              .times = *every == Every::once ? 1 : body.times,
                              .zone = body.zone,
                              .created = command.at,
                              .updated = command.at};
    if (auto no = not_acceptable(books, schedule, command.at)) return *no;
    schedule.no = books.next_number("transfer_schedule");
    schedule.next_at = due_at(schedule, 1);
    store::insert_schedule(books.connection(), schedule);
    return answer_of(schedule, false);
}

Answer handle(Books& books, const Context&, const Command& command, const EndSchedule& body) {
    const auto id = ScheduleId::parse(body.schedule);
    auto schedule = id ? store::find_schedule(books.connection(), *id) : std::nullopt;
    if (!schedule || schedule->payer != CustomerNo{body.customer}) {
        return refused(codes::not_found, "there is no such schedule");
    }
    if (schedule->state != ScheduleState::active) return answer_of(*schedule, true);  // it makes nothing any more
    schedule->state = ScheduleState::ended;
    schedule->next_at.reset();
    schedule->updated = std::max(schedule->updated, command.at);
    store::update_schedule(books.connection(), *schedule);
    return answer_of(*schedule, false);
}

Answer handle(Books& books, const Context& context, const Command& command, const RunSchedules& body) {
    Answer answer;
    answer.numbers = Run{books, context, command, body}.everything_due();
    return answer;
}

}  // namespace okpay::service
