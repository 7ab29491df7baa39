// SPDX-License-Identifier: Apache-2.0
// Rows of customers' second factors. What they mean, and who may change them, is the service's.
#pragma once

#include <optional>
#include <vector>

#include "customers/customer.hpp"
#include "customers/guesses.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct AuthenticatorApp {
    customers::CustomerNo customer;
    Bytes secret_sealed;          // Keyring::seal, purpose "totp secret"
    std::int64_t last_step = -1;  // of the last code that was taken
    Moment begun;
    std::optional<Moment> confirmed;  // by a code; before that it opens nothing
};
void write_app(Connection& connection, const AuthenticatorApp& app);  // inserts or overwrites
std::optional<AuthenticatorApp> find_app(Connection& connection, customers::CustomerNo customer);
void delete_app(Connection& connection, customers::CustomerNo customer);

struct Passkey {
    std::int64_t no;
    customers::CustomerNo customer;
    Bytes credential_id;
    Bytes public_key;  // COSE
    std::int64_t sign_count = 0;
    std::string name;
    Bytes aaguid;
    bool backed_up = false;
    Moment created;
    std::optional<Moment> last_used;
};
void insert_passkey(Connection& connection, const Passkey& passkey);
void update_passkey(Connection& connection, const Passkey& passkey);  // sign_count, name, backed_up, last_used
void delete_passkey(Connection& connection, std::int64_t no);
std::optional<Passkey> find_passkey(Connection& connection, ByteView credential_id);
std::optional<Passkey> find_passkey(Connection& connection, std::int64_t no);
std::vector<Passkey> passkeys_of(Connection& connection, customers::CustomerNo customer);  // the oldest first

// The old set is void at once.
void replace_recovery_codes(Connection& connection, customers::CustomerNo customer, const std::vector<Bytes>& hashes,
                            Moment at);
void delete_recovery_codes(Connection& connection, customers::CustomerNo customer);
// True where it was there and not used; now it is used.
bool use_recovery_code(Connection& connection, customers::CustomerNo customer, ByteView hash, Moment at);
struct RecoveryCodes {
    std::int64_t left = 0, made_count = 0;
    std::optional<Moment> made;
};
RecoveryCodes recovery_codes_of(Connection& connection, customers::CustomerNo customer);

struct FactorGuard {
    customers::CustomerNo customer;
    std::optional<Moment> changed;  // when what signs the customer in last changed
    customers::Guesses app, recovery;  // at their codes
};
FactorGuard factor_guard_of(Connection& connection, customers::CustomerNo customer);  // a fresh one where there is no row
void write_factor_guard(Connection& connection, const FactorGuard& guard);

// False where it was answered before. Forgets those that have ended.
bool answer_challenge(Connection& connection, ByteView hash, Moment ends, Moment now);

// Another token for the same session, and what it has shown now. False where there is no such session.
bool renew_customer_session(Connection& connection, ByteView token_hash, ByteView new_token_hash,
                            customers::Assurance assurance, Moment proven);

// Where a customer's money may go with a session alone: an account or card that a second factor has opened before.
bool is_payout_place(Connection& connection, customers::CustomerNo customer, ByteView instrument_hash);
void keep_payout_place(Connection& connection, customers::CustomerNo customer, ByteView instrument_hash, Moment at);

}  // namespace okpay::store
