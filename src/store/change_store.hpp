// SPDX-License-Identifier: Apache-2.0
// Rows of changes and of case sessions. Each function is one statement; the unit of work is the caller's transaction.
#pragma once

#include <vector>

#include "customers/change.hpp"
#include "desk/ticket.hpp"
#include "store/connection.hpp"
#include "store/people_store.hpp"

namespace okpay::store {

void insert_change(Connection& connection, const customers::Change& change);
// State, reason, decider, lock, due, proven, ended.
void update_change(Connection& connection, const customers::Change& change);
std::optional<customers::Change> find_change(Connection& connection, std::int64_t no);
std::optional<customers::Change> find_change(Connection& connection, const customers::ChangeId& id);
std::optional<customers::Change> find_change_to_prove(Connection& connection, const Hash256& prove_hash);
std::optional<customers::Change> find_change_to_cancel(Connection& connection, const Hash256& cancel_hash);
// Of contact, and not ended.
std::optional<customers::Change> open_contact_change(Connection& connection, customers::CustomerNo customer);
// Of the telephone number, and not ended.
std::optional<customers::Change> open_phone_change(Connection& connection, customers::CustomerNo customer);
std::vector<customers::Change> due_changes(Connection& connection, Moment at, std::int64_t limit);
// Newest first, from below `before`; 0 for the newest.
std::vector<customers::Change> changes_of(Connection& connection, customers::CustomerNo customer, std::int64_t before,
                                          std::int64_t limit);
std::vector<customers::Change> proposed_changes(Connection& connection, std::int64_t limit);  // oldest first
std::vector<customers::Change> changes_of_ticket(Connection& connection, desk::TicketNo ticket);
std::int64_t count_contact_changes_since(Connection& connection, customers::CustomerNo customer, Moment since);
std::int64_t count_phone_changes_since(Connection& connection, customers::CustomerNo customer, Moment since);
std::int64_t count_contact_changes_to_since(Connection& connection, std::string_view address, Moment since);
void write_profile(Connection& connection, customers::CustomerNo customer, customers::ChangeKind kind,
                   std::string_view value);
// The open requests of a customer go on with the new address.
void move_tickets(Connection& connection, customers::CustomerNo customer, std::string_view from, std::string_view to);

void insert_case(Connection& connection, const customers::CaseAccess& access);
void update_case(Connection& connection, const customers::CaseAccess& access);  // opened, session, ended, files, answers
std::optional<customers::CaseAccess> find_case_by_link(Connection& connection, const Hash256& link_hash);
std::optional<customers::CaseAccess> find_case_by_session(Connection& connection, const Hash256& session_hash);
std::int64_t count_case_links_since(Connection& connection, desk::TicketNo ticket, Moment since);
// An older link of the request opens nothing any more.
void end_case_links(Connection& connection, desk::TicketNo ticket, Moment at);
// Nor any link or session of the customer: their mailbox may be somebody else's.
void end_cases_of(Connection& connection, customers::CustomerNo customer, Moment at);
void insert_case_file(Connection& connection, const customers::CaseFile& file);
// Without their octets.
std::vector<customers::CaseFile> case_files_of(Connection& connection, desk::TicketNo ticket);

// By the number that people name it by.
std::optional<CustomerSession> find_customer_session(Connection& connection, customers::CustomerNo customer,
                                                     std::int64_t no);
void delete_customer_sessions(Connection& connection, customers::CustomerNo customer);

}  // namespace okpay::store
