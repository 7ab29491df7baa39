// SPDX-License-Identifier: Apache-2.0
// The id of a payment carries its sequence, so that neither the store nor a person needs a second key, and its moment,
// so that ids sort by time. Layout, big-endian, UUID version 8 (RFC 9562 section 5.8, a layout of our own):
//
//   octets 0-5    milliseconds since 1970, 48 bits
//   octet  6      version 8 in the high four bits; bits 39-36 of the sequence
//   octet  7      bits 35-28 of the sequence
//   octet  8      variant 10 in the two high bits; bits 27-22 of the sequence
//   octets 9-10   bits 21-6 of the sequence
//   octet  11     bits 5-0 of the sequence, then the first two bits of the check
//   octets 12-15  the next 32 bits of the check
//
// The check is the head of SHA-256("okpay payment id 1" || sequence || milliseconds || key): the same payment always has
// the same id, and an id cannot be made up from its neighbours without the key of the request.
//
// Text: "pay_" and 26 characters of base32 (RFC 4648), lower case, without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/moment.hpp"

namespace okpay::payments {

inline constexpr std::int64_t payment_seq_max = (std::int64_t{1} << 40) - 1;

// `seq` is 1 to payment_seq_max; `key` is Payment::key.
PaymentId id_of(std::int64_t seq, Moment created, const Hash256& key);
std::int64_t seq_of(const PaymentId& id);
Moment created_of(const PaymentId& id);
// Whether the id has our version and variant and a sequence: says nothing about whether the payment exists. Whoever
// loads a payment by seq_of must compare the whole id.
bool is_payment_id(const PaymentId& id);

std::string text_of(const PaymentId& id);  // "pay_…"
// Forgiving: any case, spaces and hyphens within, "pay-" for "pay_". Nothing else may stand around it.
std::optional<PaymentId> parse_payment_ref(std::string_view text);
// All that stand anywhere in a text, in order, each once, at most `payment_refs_max`.
inline constexpr std::size_t payment_refs_max = 20;
std::vector<PaymentId> payment_refs_in(std::string_view text);

}  // namespace okpay::payments
