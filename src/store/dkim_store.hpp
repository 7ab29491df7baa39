// SPDX-License-Identifier: Apache-2.0
// Rows of the keys by which outgoing mail is signed. The private key is sealed as a small secret (store/keyring.hpp); a
// key that was retired has none any more, and its row says until when it signed.
#pragma once

#include <string>
#include <vector>

#include "base/moment.hpp"
#include "mail/dkim_signing.hpp"
#include "store/connection.hpp"
#include "store/keyring.hpp"

namespace okpay::store {

inline constexpr std::string_view dkim_key_purpose = "dkim key";

struct DkimKeyRow {
    std::int64_t no = 0;
    std::string domain, selector;
    mail::DkimAlgorithm algorithm{};
    Bytes public_key;  // mail::dkim_public_key
    Bytes sealed;      // empty once retired
    Moment made;
    std::optional<Moment> retired;
};
void insert_dkim_key(Connection& connection, const DkimKeyRow& row);
void retire_dkim_key(Connection& connection, std::int64_t no, Moment at);
std::vector<DkimKeyRow> dkim_keys(Connection& connection);  // oldest first
std::optional<DkimKeyRow> find_dkim_key(Connection& connection, std::string_view domain, std::string_view selector);

// What is signed with now: of the domain, not retired, RSA before Ed25519 (who knows but one reads the first). Throws
// StorageFailure where the keyring does not open one: mail that should be signed must not leave without.
std::vector<mail::DkimKey> signing_keys(Connection& connection, const Keyring& keyring, std::string_view domain);

// Puts the fields before the octets of a queued mail that has none yet; false where it has, or is not queued any more.
bool sign_outgoing(Connection& connection, std::int64_t outgoing, ByteView fields);

}  // namespace okpay::store
