// SPDX-License-Identifier: Apache-2.0
// Rows of legal holds, erasures and relations of staff to customers.
#pragma once

#include <set>
#include <vector>

#include "customers/privacy.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct LegalHoldRow {
    std::int64_t no;
    customers::CustomerNo customer;
    Moment placed;
    std::string placed_by, reason;  // by: "staff:3", "system:0"
};
void insert_legal_hold(Connection& connection, const LegalHoldRow& hold);
std::optional<LegalHoldRow> standing_hold(Connection& connection, customers::CustomerNo customer);
void release_legal_hold(Connection& connection, std::int64_t no, Moment at, std::string_view by, std::string_view reason);

struct ErasureRow {
    std::int64_t no;
    customers::ErasureId id;
    customers::CustomerNo customer;
    customers::ErasureState state = customers::ErasureState::proposed;
    std::string reason, proposed_by;
    Moment proposed;
    std::optional<customers::StaffNo> decider{};
    std::optional<Moment> decided{};
    std::string note{};
};
void insert_erasure(Connection& connection, const ErasureRow& erasure);
void update_erasure(Connection& connection, const ErasureRow& erasure);  // state, decider, decided, note
std::optional<ErasureRow> find_erasure(Connection& connection, const customers::ErasureId& id);
std::vector<ErasureRow> waiting_erasures(Connection& connection);  // oldest first

// Writes over a relation that is there; none takes it away.
void set_staff_relation(Connection& connection, customers::StaffNo staff, customers::CustomerNo customer,
                        std::optional<customers::StaffRelation> relation, std::string_view by, Moment at);
bool is_related(Connection& connection, customers::StaffNo staff, customers::CustomerNo customer);

// How a waiting member of staff is let in or not.
std::int64_t active_admins(Connection& connection);
void set_staff_approval(Connection& connection, customers::StaffNo staff, customers::StaffApproval approval,
                        std::optional<customers::StaffNo> approver, std::optional<Moment> at);
customers::StaffApproval staff_approval(Connection& connection, customers::StaffNo staff);

// Numbers of all payments of a customer: along the accounts, each from its newest transfer, and those that moved nothing.
struct AccountHead {
    std::int64_t account, last_transfer;
};
std::set<std::int64_t> person_payments(Connection& connection, customers::CustomerNo customer,
                                       const std::vector<AccountHead>& accounts);
std::vector<std::int64_t> accounts_of_customer(Connection& connection, customers::CustomerNo customer);

bool is_erased(Connection& connection, customers::CustomerNo customer);
// Of what is on the desk or about to move; money is the ledger's.
customers::ErasureObstacles obstacles_in_rows(Connection& connection, customers::CustomerNo customer);

}  // namespace okpay::store
