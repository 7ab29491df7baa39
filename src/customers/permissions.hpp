// SPDX-License-Identifier: Apache-2.0
// What each staff role may do: one table, read by every door (API, workspace, command line). Permission is necessary,
// not sufficient: the remedy rules (two persons, never the own account, never new staff) come on top in desk/remedy.hpp.
#pragma once

#include <array>
#include <vector>

#include "customers/customer.hpp"

namespace okpay::customers {

enum class Permission : std::uint8_t {
    read_tickets,
    reply,           // also notes, assignment and states
    read_customers,  // profile, wallets and payments, masked
    reveal,          // what is masked, one item at a time and logged
    propose_remedy,
    approve_remedy,
    reject_remedy,
    top_up,            // credit a wallet against the settlement bank
    manage_customers,  // create and change profiles
    manage_staff,
    read_audit,
    read_books,   // mail books, verification
    read_ledger,  // every account with its owner's name, the journal, the trial balance
    set_rates,       // at which currencies are exchanged
    settle_unknown,  // say what became of a top-up or withdrawal that no rail would tell of
    change_accounts,     // freeze, open and close accounts of the ledger
    pay_out_merchants,   // and say to which bank
    propose_correction,  // between accounts of the house
    approve_correction,  // of another person
    manage_locks,        // place them, propose their release
    decide_locks,        // release what another person proposed to
    review_identity,     // look at documents, with a reason, and decide
    decide_change,       // of contact or instrument, in a guided case
    manage_mail,         // let held mail go
    edit_faq,            // write, publish and withdraw articles that everybody reads
    manage_webhooks,     // which programs of the house are told of requests
    edit_macros,         // write and retire the answers that all agents may send
    edit_counterparties,  // the book of banks, providers and merchants that side threads go to
    edit_rules,          // what the desk does by itself, and whom requests are given to
};

inline constexpr std::array all_permissions{
    Permission::read_tickets,       Permission::reply,
    Permission::read_customers,     Permission::reveal,
    Permission::propose_remedy,     Permission::approve_remedy,
    Permission::reject_remedy,      Permission::top_up,
    Permission::manage_customers,   Permission::manage_staff,
    Permission::read_audit,         Permission::read_books,
    Permission::read_ledger,        Permission::set_rates,
    Permission::settle_unknown,     Permission::change_accounts,
    Permission::pay_out_merchants,  Permission::propose_correction,
    Permission::approve_correction, Permission::manage_locks,
    Permission::decide_locks,       Permission::review_identity,
    Permission::decide_change,      Permission::manage_mail,
    Permission::edit_faq,           Permission::manage_webhooks,
    Permission::edit_macros,        Permission::edit_counterparties,
    Permission::edit_rules,
};

std::string_view name_of(Permission permission);  // "propose_remedy"
bool may(Role role, Permission permission);
std::vector<Permission> permissions_of(Role role);  // in the order of all_permissions

}  // namespace okpay::customers
