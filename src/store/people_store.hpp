// SPDX-License-Identifier: Apache-2.0
// Rows of customers, merchants and staff for the ordered writer.
#pragma once

#include <map>
#include <span>

#include "base/hash.hpp"
#include "customers/access.hpp"
#include "customers/customer.hpp"
#include "money/account.hpp"
#include "store/connection.hpp"

namespace okpay::store {

void insert_customer(Connection& connection, const customers::Customer& customer);
std::optional<customers::Customer> find_customer(Connection& connection, customers::CustomerNo no);
std::map<customers::CustomerNo, customers::Customer> find_customers(Connection& connection,
                                                                    std::span<const customers::CustomerNo> numbers);
std::optional<customers::Customer> find_customer_by_email(Connection& connection, std::string_view email);

// How a customer signs in; no row for one who has chosen no password.
struct CustomerLogin {
    customers::CustomerNo customer;
    std::string password_phc;  // empty: the password was taken away, a new one comes by a letter
    customers::SignInTries tries = {};
    Moment password_set = {};
};
void write_customer_login(Connection& connection, const CustomerLogin& login);  // inserts or overwrites
std::optional<CustomerLogin> find_customer_login(Connection& connection, customers::CustomerNo customer);
struct CustomerSession {
    Bytes token_hash;     // SHA-256 of the cookie's octets
    std::int64_t no = 0;  // what people name it by; given by Books::next_number("customer_session")
    customers::CustomerNo customer;
    Moment created, expires, last_seen;
    customers::Assurance assurance = customers::Assurance::a2_one_time_link;  // what it began with, or was raised to
    Moment proven;   // when that was last shown: a step up goes stale
    Bytes device;    // SHA-256 of the device cookie; empty where there was none
    std::string agent;    // "Chrome on Android"
    std::string address;  // of the client
};
void insert_customer_session(Connection& connection, const CustomerSession& session);
std::optional<CustomerSession> find_customer_session(Connection& connection, ByteView token_hash);
void delete_customer_session(Connection& connection, ByteView token_hash);

void insert_merchant(Connection& connection, const customers::Merchant& merchant, const Hash256& api_key_hash);
std::optional<customers::Merchant> find_merchant(Connection& connection, customers::MerchantNo no);

void insert_account_owner(Connection& connection, money::AccountNo account, std::optional<customers::CustomerNo> customer,
                          std::optional<customers::MerchantNo> merchant);
struct AccountOwner {
    money::AccountNo account;
    std::optional<customers::CustomerNo> customer;
    std::optional<customers::MerchantNo> merchant;
};
std::optional<AccountOwner> find_account_owner(Connection& connection, money::AccountNo account);  // none: the house's own
void each_account_owner(Connection& connection, const std::function<void(const AccountOwner&)>& visit);

struct StaffRow {
    customers::StaffNo no;
    StaffId id;
    std::string email, name;
    customers::Role role;
    std::string password_phc;  // empty until enrolled
    Bytes totp_secret_sealed;
    std::int64_t totp_last_step = -1;
    Moment created;
    std::optional<Moment> enrolled;  // second factor confirmed
    std::optional<Bytes> enrol_token_hash;
    std::optional<Moment> enrol_expires;
    bool disabled = false;
    std::int64_t failed_sign_ins = 0;
    Moment blocked_until;
};
void insert_staff(Connection& connection, const StaffRow& staff);
void update_staff(Connection& connection, const StaffRow& staff);
std::optional<StaffRow> find_staff(Connection& connection, customers::StaffNo no);
// Enrolled and not disabled.
std::vector<StaffRow> active_staff(Connection& connection, customers::Role role);
std::optional<StaffRow> find_staff_by_email(Connection& connection, std::string_view email);
std::optional<StaffRow> find_staff_by_enrol_token(Connection& connection, ByteView token_hash);

void insert_session(Connection& connection, ByteView token_hash, customers::StaffNo staff, Moment created, Moment expires);
void delete_session(Connection& connection, ByteView token_hash);

}  // namespace okpay::store
