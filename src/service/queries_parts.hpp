// SPDX-License-Identifier: Apache-2.0
// Inside service/queries*: reads that several of them need, over a connection that the caller holds.
#pragma once

#include <map>

#include "service/queries.hpp"

namespace okpay::service::parts {

// Staff named in one answer, each looked up once.
class People {
public:
    explicit People(store::Connection& connection) : connection_{connection} {}
    std::optional<Person> find(std::optional<customers::StaffNo> no);

private:
    store::Connection& connection_;
    std::map<customers::StaffNo, Person> known_;
};

// Who the accounts of one answer belong to, each looked up once.
class Owners {
public:
    explicit Owners(store::Connection& connection) : connection_{connection} {}
    LedgerAccount find(const money::Account& account);  // with its counters
    LedgerAccount find(money::AccountNo no);            // who it is, alone

private:
    LedgerAccount named(money::AccountNo no);

    store::Connection& connection_;
    std::map<money::AccountNo, LedgerAccount> known_;
};

std::vector<OwnedAccount> accounts_of(store::Connection& connection, customers::CustomerNo customer);
std::vector<OwnedAccount> accounts_of(store::Connection& connection, customers::MerchantNo merchant);
std::optional<PaymentView> payment_view(store::Connection& connection, std::int64_t seq);
PaymentView payment_view(store::Connection& connection, payments::Payment payment);
// Nothing where the whole id is not that of the row.
std::optional<PaymentDetail> payment_detail(store::Connection& connection, const PaymentId& id);
std::optional<RemedyView> remedy_view(store::Connection& connection, People& people, std::int64_t remedy_no);
std::optional<Delivery> delivery_of(store::Connection& connection, std::optional<std::int64_t> outgoing);
std::optional<TicketIncident> incident_of(store::Connection& connection, desk::TicketNo ticket);
// A handful of statements, however many rows.
std::vector<TicketView> ticket_views(store::Connection& connection, People& people, std::vector<store::TicketRow> rows);
TicketView ticket_view(store::Connection& connection, People& people, store::TicketRow row);
// All transfers made with the payment, found by their moment: there is no index on them, and ledger time never runs back.
std::vector<money::Transfer> transfers_made_with(store::Connection& connection, const payments::Payment& payment);

// Of the customer whose wallet it is; empty where it is nobody's.
std::string owner_name(store::Connection& connection, std::optional<money::AccountNo> wallet);

// "%words%" for LIKE … ESCAPE '\', in lower case.
std::string like_pattern(std::string_view words);
// Throws StorageFailure{corrupt}: what a row refers to is not there.
[[noreturn]] void missing(std::string_view what, std::int64_t no);

}  // namespace okpay::service::parts
