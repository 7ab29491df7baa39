// SPDX-License-Identifier: Apache-2.0
// Requests for money, transfers that are made later, and what is used of the limits.
#include "service/queries_parts.hpp"
#include "service/usage_index.hpp"
#include "store/ledger_store.hpp"
#include "store/people_store.hpp"
#include "store/schedule_store.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using payments::MoneyRequest;
using payments::MoneyRequestState;
using payments::TransferSchedule;
using store::Connection;

std::string name_of(Connection& connection, CustomerNo no) {
    const auto customer = store::find_customer(connection, no);
    if (!customer) parts::missing("customer", number_of(no));
    return customer->name;
}

MoneyRequestView view_of_request(Connection& connection, MoneyRequest request) {
    MoneyRequestView view{.request = std::move(request), .payee_name = "", .payer_name = "", .payment = {}, .paid_by = {}};
    const MoneyRequest& row = view.request;
    view.payee_name = name_of(connection, row.payee);
    if (row.payment != 0) {
        const auto payment = store::find_payment(connection, row.payment);
        if (!payment || !payment->customer) parts::missing("payment", row.payment);
        view.payment = payment->id;
        view.paid_by = payment->customer;
        view.payer_name = name_of(connection, *payment->customer);
    } else if (row.state == MoneyRequestState::declined && row.payer) {
        view.payer_name = name_of(connection, *row.payer);
    }
    return view;
}

ScheduleView view_of_schedule(Connection& connection, TransferSchedule schedule) {
    ScheduleView view{.schedule = std::move(schedule), .payee_name = "", .last = {}};
    view.payee_name = name_of(connection, view.schedule.payee);
    if (const auto run = store::last_schedule_run(connection, view.schedule.no)) {
        ScheduleView::Last last{.outcome = run->outcome,
                                .refusal = payments::PaymentRefusal::none,
                                .payment = {},
                                .at = run->at};
        if (run->payment != 0) {
            const auto payment = store::find_payment(connection, run->payment);
            if (!payment) parts::missing("payment", run->payment);
            last.refusal = payment->refusal;
            last.payment = payment->id;
        }
        view.last = last;
    }
    return view;
}

// One row more than the page was read: whether it goes on.
template <class Page, class Rows>
Page page_of(Rows rows, std::int64_t limit, auto view) {
    Page page;
    const bool more = std::ssize(rows) > limit;
    if (more) rows.pop_back();
    if (more) page.next = rows.back().no;
    for (auto& row : rows) page.items.push_back(view(std::move(row)));
    return page;
}

}  // namespace

Read<std::optional<MoneyRequestView>> Queries::money_request(const MoneyRequestId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<MoneyRequestView> {
        const Snapshot snapshot{connection};
        auto request = store::find_money_request(connection, id);
        if (!request) return std::nullopt;
        return view_of_request(connection, *std::move(request));
    });
}

Read<MoneyRequestPage> Queries::money_requests(CustomerNo customer, store::RequestSide side, std::int64_t before,
                                               std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return page_of<MoneyRequestPage>(store::money_requests_of(connection, customer, side, before, limit + 1), limit,
                                         [&](MoneyRequest request) {
                                             return view_of_request(connection, std::move(request));
                                         });
    });
}

Read<std::optional<ScheduleView>> Queries::schedule(const ScheduleId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<ScheduleView> {
        const Snapshot snapshot{connection};
        auto schedule = store::find_schedule(connection, id);
        if (!schedule) return std::nullopt;
        return view_of_schedule(connection, *std::move(schedule));
    });
}

Read<SchedulePage> Queries::schedules(CustomerNo payer, std::int64_t before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        return page_of<SchedulePage>(store::schedules_of(connection, payer, before, limit + 1), limit,
                                     [&](TransferSchedule schedule) {
                                         return view_of_schedule(connection, std::move(schedule));
                                     });
    });
}

Read<std::vector<payments::Usage>> Queries::usage(const std::vector<HistoryRequest::Head>& heads, Moment now,
                                                  std::int64_t days) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        UsageIndex index;
        std::vector<payments::Usage> found;
        for (const HistoryRequest::Head& head : heads) {
            money::Account account{};
            account.no = head.account;
            account.last_transfer = head.last_transfer;
            found.push_back(index.of(connection, account, now, days));
        }
        return found;
    });
}

}  // namespace okpay::service
