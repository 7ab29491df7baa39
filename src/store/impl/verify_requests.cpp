// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <set>

#include "payments/names.hpp"
#include "store/desk_store.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/ledger_store.hpp"
#include "store/money_request_store.hpp"
#include "store/people_store.hpp"
#include "store/schedule_store.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using money::AccountNo;
using payments::MoneyRequest;
using payments::MoneyRequestState;
using payments::Payment;
using payments::PaymentKind;
using payments::PaymentState;
using payments::RunOutcome;
using payments::ScheduleRun;
using payments::ScheduleState;
using payments::TransferSchedule;

std::map<AccountNo, CustomerNo> wallet_owners(Connection& connection) {
    std::map<AccountNo, CustomerNo> owners;
    each_account_owner(connection, [&owners](const AccountOwner& owner) {
        if (owner.customer) owners.emplace(owner.account, *owner.customer);
    });
    return owners;
}

bool goes_to(const Payment& payment, const std::map<AccountNo, CustomerNo>& owners, CustomerNo payee) {
    const auto found = payment.payee ? owners.find(*payment.payee) : owners.end();
    return payment.kind == PaymentKind::person_to_person && found != owners.end() && found->second == payee;
}

// Letters of a kind and how often rows name each of them; 0 stands for no letter.
class Letters {
public:
    Letters(Connection& connection, std::string_view kind_begins) {
        connection.query("SELECT no, kind FROM outgoing_mail WHERE ticket IS NULL", {}, [&](const Row& row) {
            if (row.text(1).starts_with(kind_begins)) kinds_.emplace(row.integer(0), row.string(1));
        });
    }
    // Whether the row may name it: it is there, of this kind, and nobody else's.
    bool take(std::int64_t mail, std::string_view kind) {
        const auto found = kinds_.find(mail);
        return found != kinds_.end() && found->second == kind && taken_.insert(mail).second;
    }
    [[nodiscard]] std::vector<std::int64_t> left() const {
        std::vector<std::int64_t> numbers;
        for (const auto& [no, kind] : kinds_) {
            if (!taken_.contains(no)) numbers.push_back(no);
        }
        return numbers;
    }

private:
    std::map<std::int64_t, std::string> kinds_;
    std::set<std::int64_t> taken_;
};

void check_numbers(Connection& connection, CheckReport& report, std::string_view table) {
    const std::int64_t rows = connection.integer(fmt::format("SELECT count(*) FROM {}", table)).value_or(0);
    const std::int64_t last = highest(connection, table);
    if (rows != last) {
        report.fault(fmt::format("{} has {} rows and its last number is {}: a row is missing", table, rows, last));
    }
}

std::string_view kind_of(RunOutcome outcome) {
    switch (outcome) {
    case RunOutcome::made: return "";
    case RunOutcome::to_be_tried_again: return "schedule_tried_again";
    case RunOutcome::skipped: return "schedule_skipped";
    case RunOutcome::missed: return "schedule_missed";
    case RunOutcome::stopped: return "schedule_stopped";
    }
    std::abort();
}

class Schedules {
public:
    explicit Schedules(Connection& connection)
        : connection_{connection}, owners_{wallet_owners(connection)}, letters_{connection, "schedule_"} {}

    CheckReport look() {
        std::map<std::int64_t, std::vector<ScheduleRun>> runs;
        each_schedule_run(connection_, [&runs](const ScheduleRun& run) { runs[run.schedule].push_back(run); });
        each_schedule(connection_, [&](const TransferSchedule& schedule) { schedules_.push_back(schedule); });
        for (const TransferSchedule& schedule : schedules_) {
            ++report_.looked_at;
            look_at(schedule, runs[schedule.no]);
        }
        for (const std::int64_t mail : letters_.left()) {
            report_.fault(fmt::format("outgoing mail {} speaks of a schedule's run that is not there", mail));
        }
        check_numbers(connection_, report_, "transfer_schedule");
        check_numbers(connection_, report_, "schedule_run");
        return std::move(report_);
    }

private:
    void look_at(const TransferSchedule& schedule, const std::vector<ScheduleRun>& runs) {
        std::int64_t behind = 0;  // occurrences that have ended
        std::int64_t tries = 0;   // of the one that has not
        bool stopped = false;
        for (const ScheduleRun& run : runs) {
            if (run.number != behind + 1 || (run.attempt != tries + 1 && run.outcome != RunOutcome::missed)) {
                report_.fault(fmt::format("run {} of schedule {} is out of turn", run.no, schedule.no));
            }
            look_at(schedule, run);
            stopped = run.outcome == RunOutcome::stopped;
            if (ends_occurrence(run.outcome)) {
                ++behind;
                tries = 0;
            } else {
                ++tries;
            }
        }
        if (behind != schedule.behind || tries != schedule.tries) {
            report_.fault(fmt::format("schedule {} counts {} occurrences behind it and its runs {}", schedule.no,
                                      schedule.behind, behind));
        }
        const bool active = schedule.state == ScheduleState::active;
        const bool all = schedule.times != 0 && behind >= schedule.times;
        if (active != schedule.next_at.has_value() || (active && (all || stopped)) ||
            (schedule.state == ScheduleState::finished && !all) || (schedule.state == ScheduleState::stopped) != stopped) {
            report_.fault(fmt::format("schedule {} is {} and its runs say otherwise", schedule.no, name_of(schedule.state)));
        }
        // Of a zone whose rules have changed since, the hour may be another, the day not.
        if (active && tries == 0 && schedule.next_at &&
            payments::local_day(schedule.zone, *schedule.next_at) !=
                day_of_occurrence(schedule.first_on, schedule.every, behind + 1)) {
            report_.fault(fmt::format("schedule {} is due on another day than it says", schedule.no));
        }
    }

    void look_at(const TransferSchedule& schedule, const ScheduleRun& run) {
        if (run.mail != 0 && !letters_.take(run.mail, kind_of(run.outcome))) {
            report_.fault(fmt::format("run {} names a letter that is not its own", run.no));
        }
        if (run.outcome == RunOutcome::missed) {
            if (run.payment != 0) report_.fault(fmt::format("run {} was missed and names a payment", run.no));
            return;
        }
        const auto payment = find_payment(connection_, run.payment);
        const bool made = run.outcome == RunOutcome::made;
        if (!payment || !payments_.insert(run.payment).second || payment->customer != schedule.payer ||
            payment->amount != schedule.amount || !goes_to(*payment, owners_, schedule.payee) ||
            (payment->state == PaymentState::succeeded) != made) {
            report_.fault(fmt::format("run {} of schedule {} names payment {}, which is not its own", run.no, schedule.no,
                                      run.payment));
        }
    }

    Connection& connection_;
    std::map<AccountNo, CustomerNo> owners_;
    Letters letters_;
    std::vector<TransferSchedule> schedules_;
    std::set<std::int64_t> payments_;
    CheckReport report_{.name = "schedules"};
};

}  // namespace

// A request was paid exactly when a payment of its amount from who may pay it to who asked is behind it, by one request
// alone; and a letter says so exactly then.
CheckReport check_money_requests(Connection& connection) {
    CheckReport report{.name = "money_requests"};
    const auto owners = wallet_owners(connection);
    Letters letters{connection, "money_request_"};
    std::set<std::int64_t> paid;
    std::vector<MoneyRequest> requests;
    each_money_request(connection, [&requests](const MoneyRequest& request) { requests.push_back(request); });
    for (const MoneyRequest& request : requests) {
        ++report.looked_at;
        const bool is_paid = request.state == MoneyRequestState::paid;
        if (is_paid != (request.payment != 0) ||
            (request.state == MoneyRequestState::pending) == request.ended.has_value()) {
            report.fault(
                fmt::format("request for money {} is {} and its row says otherwise", request.no, name_of(request.state)));
        }
        if (is_paid) {
            const auto payment = find_payment(connection, request.payment);
            if (!payment || !paid.insert(request.payment).second || payment->state != PaymentState::succeeded ||
                payment->amount != request.amount || !goes_to(*payment, owners, request.payee) || !payment->customer ||
                !request.may_be_paid_by(*payment->customer)) {
                report.fault(fmt::format("request for money {} counts as paid and payment {} is not for it", request.no,
                                         request.payment));
            }
        }
        if (request.asked_mail != 0 && !letters.take(request.asked_mail, "money_request_asked")) {
            report.fault(fmt::format("request for money {} names a letter that is not its own", request.no));
        }
        const bool is_declined = request.state == MoneyRequestState::declined;
        const std::string_view outcome = is_paid ? "money_request_paid" : "money_request_declined";
        const bool told = request.outcome_mail != 0 && letters.take(request.outcome_mail, outcome);
        if (told != (is_paid || is_declined)) {
            report.fault(fmt::format("who made request for money {} was not told what became of it", request.no));
        }
    }
    for (const std::int64_t mail : letters.left()) {
        report.fault(fmt::format("outgoing mail {} speaks of a request for money that does not name it", mail));
    }
    check_numbers(connection, report, "money_request");
    return report;
}

// Occurrences one after the other, each made once by a payment of its own or skipped; the schedule stands where its runs
// say, and its next moment is that of its days.
CheckReport check_schedules(Connection& connection) { return Schedules{connection}.look(); }

}  // namespace okpay::store
