// SPDX-License-Identifier: Apache-2.0
// What changes who is known here: customers, merchants, staff and how they come in.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "service/shown_factor.hpp"

namespace okpay::service {

struct RegisterCustomer {
    std::string customer;  // CustomerId as text
    std::string email, name, language, zone;
    std::vector<std::string> currencies;  // ISO 4217 codes; one wallet each
};
BOOST_DESCRIBE_STRUCT(RegisterCustomer, (), (customer, email, name, language, zone, currencies))

struct RegisterMerchant {
    std::string merchant;  // MerchantId as text
    std::string name;
    std::string api_key_hash;  // SHA-256 of the whole key, hex
    std::vector<std::string> currencies;
};
BOOST_DESCRIBE_STRUCT(RegisterMerchant, (), (merchant, name, api_key_hash, currencies))

struct AddStaff {
    std::string staff;  // StaffId as text
    std::string email, role;
    std::string enrol_token_hash;  // hex
    std::int64_t enrol_expires;    // ms
};
BOOST_DESCRIBE_STRUCT(AddStaff, (), (staff, email, role, enrol_token_hash, enrol_expires))

struct EnrolStaff {  // by the one-time link; the second factor is confirmed by ConfirmStaff
    std::string enrol_token_hash;
    std::string name, password_phc;
    std::string totp_secret_sealed;  // base64
};
BOOST_DESCRIBE_STRUCT(EnrolStaff, (), (enrol_token_hash, name, password_phc, totp_secret_sealed))

struct ConfirmStaff {
    std::string enrol_token_hash;
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(ConfirmStaff, (), (enrol_token_hash, totp_code))

struct SignInStaff {  // the password was verified on a worker; the code is checked here, against replay
    std::int64_t staff;
    std::string totp_code;
    std::string session_token_hash;  // hex
    std::int64_t session_expires;    // ms
};
BOOST_DESCRIBE_STRUCT(SignInStaff, (), (staff, totp_code, session_token_hash, session_expires))

struct CountFailedSignIn {
    std::int64_t staff;
};
BOOST_DESCRIBE_STRUCT(CountFailedSignIn, (), (staff))

struct SignOutStaff {
    std::string session_token_hash;
};
BOOST_DESCRIBE_STRUCT(SignOutStaff, (), (session_token_hash))

struct SetCustomerPassword {
    std::int64_t customer;
    std::string password_phc;
};
BOOST_DESCRIBE_STRUCT(SetCustomerPassword, (), (customer, password_phc))

struct SignInCustomer {  // the password was verified on a worker
    std::int64_t customer;
    std::string session_token_hash;  // hex
    std::int64_t session_expires;    // ms
    ShownFactor factor;              // the second one, where one is enrolled
    std::string device_hash;         // hex; empty: no device cookie
    std::string agent, address;      // "Chrome on Android", the client's
    std::string password_hash;       // SHA-256 of the PHC string that was verified, hex; empty: signed in by other means
    std::string ends_session;        // hash of the session that the browser came with, hex; empty: none
    std::string letter, report_link;  // for the alert, where the device is new (command_access.hpp); empty: none is written
};
BOOST_DESCRIBE_STRUCT(SignInCustomer, (),
                      (customer, session_token_hash, session_expires, factor, device_hash, agent, address, password_hash,
                       ends_session, letter, report_link))

// Before a password is looked at: the try counts as failed until SignInCustomer forgives it, so that many at once are as
// many as they are. Refused with "blocked", and the moment in `numbers`, where it may not be made now. The same work for an
// address that is nobody's: customer 0 and the hash of what was typed.
struct CountFailedCustomerSignIn {
    std::int64_t customer;
    std::string address_hash;  // SHA-256, hex; counted where the customer is 0
    std::string device_hash;  // hex; empty: no device that is known
};
BOOST_DESCRIBE_STRUCT(CountFailedCustomerSignIn, (), (customer, address_hash, device_hash))

struct SignOutCustomer {
    std::string session_token_hash;
};
BOOST_DESCRIBE_STRUCT(SignOutCustomer, (), (session_token_hash))

struct SetCustomerLevel {  // by staff, when identity checks have shown more or less
    std::int64_t customer;
    std::int64_t level;
    std::string note;
};
BOOST_DESCRIBE_STRUCT(SetCustomerLevel, (), (customer, level, note))

struct SetAccountState {  // by staff, with a reason; closing asks for an empty account without holds
    std::int64_t account;
    std::string state;  // open, debits_frozen, credits_frozen, frozen, closed
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(SetAccountState, (), (account, state, reason))

struct SetPayoutAccount {  // where a merchant's money goes; by staff, with the second factor
    std::int64_t merchant;
    std::string currency;
    std::string instrument;  // "bank ····6819"
    std::string sealed_instrument;  // base64
    std::string instrument_hash;  // hex
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(SetPayoutAccount, (), (merchant, currency, instrument, sealed_instrument, instrument_hash, totp_code))

struct SetExchangeRate {  // by staff; the newest of a pair counts
    std::string from, to;  // ISO 4217
    std::string rate;  // how much of `to` one `from` is, decimal
};
BOOST_DESCRIBE_STRUCT(SetExchangeRate, (), (from, to, rate))

using PeopleCommands =
    boost::mp11::mp_list<RegisterCustomer, RegisterMerchant, AddStaff, EnrolStaff, ConfirmStaff, SignInStaff,
                         CountFailedSignIn, SignOutStaff, SetCustomerPassword, SignInCustomer, CountFailedCustomerSignIn,
                         SignOutCustomer, SetCustomerLevel, SetAccountState, SetPayoutAccount, SetExchangeRate>;

}  // namespace okpay::service
