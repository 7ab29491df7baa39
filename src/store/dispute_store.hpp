// SPDX-License-Identifier: Apache-2.0
// Rows of disputes (payments/dispute.hpp), and of each step of one, which the engine refuses to change.
#pragma once

#include <functional>

#include "payments/dispute.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct DisputeEvent {
    std::int64_t no;
    std::int64_t dispute;
    Moment at;
    payments::DisputeStage stage;  // as it was afterwards
    payments::DisputeStatus status;
    payments::DisputeMove move = payments::DisputeMove::none;
    std::int64_t transfer = 0;  // sequence of what it moved, 0 for none
    std::optional<customers::StaffNo> staff;  // none: time passed, or a rail said so
};

void insert_dispute(Connection& connection, const payments::Dispute& dispute);
// All that changes: stage, status, house_pays, answer, updated, due.
void update_dispute(Connection& connection, const payments::Dispute& dispute);
void insert_dispute_event(Connection& connection, const DisputeEvent& event);

std::optional<payments::Dispute> find_dispute(Connection& connection, const DisputeId& id);
std::optional<payments::Dispute> find_dispute_by_reference(Connection& connection, std::string_view reference);
std::vector<payments::Dispute> disputes_of(Connection& connection, std::int64_t payment);  // oldest first
// Nothing of what was not paid by card.
payments::DisputesStanding disputes_standing(Connection& connection, const payments::Payment& payment);
// Whose time to answer is over; the longest overdue first.
std::vector<payments::Dispute> overdue_disputes(Connection& connection, Moment at, std::int64_t limit);
// Open ones, the next due first; all the open there are are few enough for one page of `limit`.
std::vector<payments::Dispute> open_disputes(Connection& connection, std::int64_t limit);
std::vector<payments::Dispute> newest_disputes(Connection& connection, std::int64_t before, std::int64_t limit);
void each_dispute(Connection& connection, const std::function<void(const payments::Dispute&)>& visit);
void each_dispute_event(Connection& connection, const std::function<void(const DisputeEvent&)>& visit);  // in order
std::vector<DisputeEvent> dispute_events_of(Connection& connection, std::int64_t dispute);

}  // namespace okpay::store
