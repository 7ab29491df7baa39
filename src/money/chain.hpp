// SPDX-License-Identifier: Apache-2.0
// The ledger's hash chain: h(n) = SHA-256(h(n-1) || canonical transfer n), h(0) = 32 zero octets. The same commands give
// the same head on every engine, whatever the batches.
//
// Canonical transfer, big-endian, 102 octets: seq 8, payment 8, kind 1, code 2, debit 8, credit 8, currency 2, amount 8,
// pending_seq 8, at (ms) 8, debit_after 8, credit_after 8, debit_prev 8, credit_prev 8. A first octet names the format: 1.
#pragma once

#include "base/hash.hpp"
#include "money/account.hpp"

namespace okpay::money {

Hash256 chained_hash(const Hash256& previous, const Transfer& transfer);  // ignores transfer.hash

}  // namespace okpay::money
