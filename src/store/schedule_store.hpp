// SPDX-License-Identifier: Apache-2.0
// Rows of transfers that are made later, and of what each run did (payments/schedule.hpp).
#pragma once

#include "payments/schedule.hpp"
#include "store/connection.hpp"

namespace okpay::store {

void insert_schedule(Connection& connection, const payments::TransferSchedule& schedule);
// What may change: state, reason, what is behind it, tries, the next moment.
void update_schedule(Connection& connection, const payments::TransferSchedule& schedule);
std::optional<payments::TransferSchedule> find_schedule(Connection& connection, std::int64_t no);
std::optional<payments::TransferSchedule> find_schedule(Connection& connection, const ScheduleId& id);
std::optional<payments::TransferSchedule> find_schedule_by_key(Connection& connection, const Hash256& key);
std::vector<payments::TransferSchedule> due_schedules(Connection& connection, Moment at, std::int64_t limit);
// Newest first, from below `before`; 0 for the newest.
std::vector<payments::TransferSchedule> schedules_of(Connection& connection, customers::CustomerNo payer,
                                                     std::int64_t before, std::int64_t limit);
std::int64_t count_active_schedules(Connection& connection, customers::CustomerNo payer);
void each_schedule(Connection& connection, const std::function<void(const payments::TransferSchedule&)>& visit);

void insert_schedule_run(Connection& connection, const payments::ScheduleRun& run);
std::optional<payments::ScheduleRun> last_schedule_run(Connection& connection, std::int64_t schedule);
void each_schedule_run(Connection& connection, const std::function<void(const payments::ScheduleRun&)>& visit);

}  // namespace okpay::store
