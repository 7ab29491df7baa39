// SPDX-License-Identifier: Apache-2.0
#include "customers/permissions.hpp"

#include <algorithm>

namespace okpay::customers {
namespace {

using P = Permission;

// The table. A proposer may hold approve_remedy as well: that another person approves is a rule about persons, not roles.
constexpr std::array agent_may{P::read_tickets,   P::reply,          P::read_customers, P::reveal,
                               P::propose_remedy, P::approve_remedy, P::reject_remedy,  P::manage_locks};
constexpr std::array technical_may{P::read_tickets, P::reply, P::read_customers, P::read_books};
constexpr std::array risk_may{P::read_tickets,   P::reply,          P::read_customers,  P::reveal,
                              P::propose_remedy, P::approve_remedy, P::reject_remedy,   P::read_audit,
                              P::manage_locks,   P::decide_locks,   P::review_identity, P::decide_change};
constexpr std::array supervisor_may{P::read_tickets,        P::reply,
                                    P::read_customers,      P::reveal,
                                    P::propose_remedy,      P::approve_remedy,
                                    P::reject_remedy,       P::top_up,
                                    P::manage_customers,    P::read_audit,
                                    P::read_books,          P::read_ledger,
                                    P::set_rates,           P::settle_unknown,
                                    P::change_accounts,     P::pay_out_merchants,
                                    P::propose_correction,  P::approve_correction,
                                    P::manage_locks,        P::decide_locks,
                                    P::review_identity,     P::decide_change,
                                    P::manage_mail,         P::edit_faq,
                                    P::manage_webhooks,     P::edit_macros,
                                    P::edit_counterparties, P::edit_rules};
constexpr std::array auditor_may{P::read_tickets, P::read_customers, P::read_audit, P::read_books, P::read_ledger};
constexpr auto admin_may = all_permissions;

template <std::size_t size>
bool holds(const std::array<Permission, size>& row, Permission permission) {
    return std::find(row.begin(), row.end(), permission) != row.end();
}

}  // namespace

bool may(Role role, Permission permission) {
    switch (role) {
    case Role::agent: return holds(agent_may, permission);
    case Role::technical: return holds(technical_may, permission);
    case Role::risk: return holds(risk_may, permission);
    case Role::supervisor: return holds(supervisor_may, permission);
    case Role::auditor: return holds(auditor_may, permission);
    case Role::admin: return holds(admin_may, permission);
    }
    std::abort();
}

std::vector<Permission> permissions_of(Role role) {
    std::vector<Permission> held;
    for (const Permission permission : all_permissions) {
        if (may(role, permission)) held.push_back(permission);
    }
    return held;
}

std::string_view name_of(Permission permission) {
    switch (permission) {
    case P::read_tickets: return "read_tickets";
    case P::reply: return "reply";
    case P::read_customers: return "read_customers";
    case P::reveal: return "reveal";
    case P::propose_remedy: return "propose_remedy";
    case P::approve_remedy: return "approve_remedy";
    case P::reject_remedy: return "reject_remedy";
    case P::top_up: return "top_up";
    case P::manage_customers: return "manage_customers";
    case P::manage_staff: return "manage_staff";
    case P::read_audit: return "read_audit";
    case P::read_books: return "read_books";
    case P::read_ledger: return "read_ledger";
    case P::set_rates: return "set_rates";
    case P::settle_unknown: return "settle_unknown";
    case P::change_accounts: return "change_accounts";
    case P::pay_out_merchants: return "pay_out_merchants";
    case P::propose_correction: return "propose_correction";
    case P::approve_correction: return "approve_correction";
    case P::manage_locks: return "manage_locks";
    case P::decide_locks: return "decide_locks";
    case P::review_identity: return "review_identity";
    case P::decide_change: return "decide_change";
    case P::manage_mail: return "manage_mail";
    case P::edit_faq: return "edit_faq";
    case P::manage_webhooks: return "manage_webhooks";
    case P::edit_macros: return "edit_macros";
    case P::edit_counterparties: return "edit_counterparties";
    case P::edit_rules: return "edit_rules";
    }
    std::abort();
}

}  // namespace okpay::customers
