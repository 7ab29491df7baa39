// SPDX-License-Identifier: Apache-2.0
// The customer's own ledger, searched for what a ticket is about: shown to the agent, and frozen as evidence.
#pragma once

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "payments/duplicates.hpp"

namespace okpay::api {

struct SearchedLedger {
    std::optional<service::CustomerView> customer;  // none: the address is no customer's, and all else is empty
    Balances balances;
    std::vector<service::PaymentView> history;      // what was searched
    std::vector<payments::Finding> findings;
    std::vector<payments::Candidate> candidates;    // where no pair was found
};
// `detail` outlives the call.
awaitable<Result<SearchedLedger, Problem>> searched_ledger(Api& api, const service::TicketDetail& detail);

// What the proposer saw, frozen: the finding about this pair, and the customer's words. remedy_handlers.cpp
std::string evidence_json(const service::TicketDetail& detail, const SearchedLedger& ledger, std::int64_t payment,
                          std::int64_t duplicate_of, const std::string& note);

const desk::Message* newest_customer_message(const service::TicketDetail& detail);
// History heads out of a ReadAccounts answer, in order of account number.
std::vector<service::HistoryRequest::Head> heads_of(const service::Answer& read);

}  // namespace okpay::api
