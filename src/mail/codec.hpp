// SPDX-License-Identifier: Apache-2.0
// A ParsedMail as octets and back. It crosses from the sandbox child, which is not trusted: whatever the octets are,
// `decode` reads nothing beyond them, spends memory linear in them, and gives a value that holds every promise of
// message.hpp on well-formedness (UTF-8, addresses, names in lower case), or nothing. Thread-safe.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "mail/message.hpp"

namespace okpay::mail {

Bytes encode(const ParsedMail& mail);
std::optional<ParsedMail> decode(ByteView bytes);

}  // namespace okpay::mail
