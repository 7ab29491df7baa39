// SPDX-License-Identifier: Apache-2.0
// The single checks of verify.hpp, each named as it is printed.
#pragma once

#include "store/verify.hpp"

namespace okpay::store {

CheckReport check_engine(Connection& connection);  // the engine's own check of its pages and foreign keys
CheckReport check_ledger_chain(Connection& connection, const VerifyRequest& request);
CheckReport check_ledger_balances(Connection& connection);
CheckReport check_account_states(Connection& connection);
CheckReport check_locks(Connection& connection);
CheckReport check_holds(Connection& connection);
CheckReport check_payments(Connection& connection);
CheckReport check_exchanges(Connection& connection);
CheckReport check_corrections(Connection& connection);
CheckReport check_rail_calls(Connection& connection);
CheckReport check_disputes(Connection& connection);
CheckReport check_money_requests(Connection& connection);
CheckReport check_schedules(Connection& connection);
CheckReport check_once(Connection& connection);
CheckReport check_audit_chain(Connection& connection);
CheckReport check_mail_books(Connection& connection);
CheckReport check_sealed_mail(Connection& connection, const VerifyRequest& request);
CheckReport check_tickets(Connection& connection);
CheckReport check_remedies(Connection& connection);
CheckReport check_identity(Connection& connection, const VerifyRequest& request);
CheckReport check_commands(Connection& connection);
CheckReport check_ticket_links(Connection& connection);
CheckReport check_follows(Connection& connection);
CheckReport check_side_threads(Connection& connection);
CheckReport check_faq(Connection& connection);
CheckReport check_macros(Connection& connection);
CheckReport check_rules(Connection& connection);
CheckReport check_sorting(Connection& connection);
CheckReport check_facts(Connection& connection);
CheckReport check_promises(Connection& connection);
CheckReport check_webhooks(Connection& connection);
CheckReport check_phones(Connection& connection);
CheckReport check_mailboxes(Connection& connection);
CheckReport check_incidents(Connection& connection);
CheckReport check_privacy(Connection& connection);
CheckReport check_object_keys(Connection& connection, const VerifyRequest& request);

}  // namespace okpay::store
