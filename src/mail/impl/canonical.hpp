// SPDX-License-Identifier: Apache-2.0
// The canonical forms of RFC 6376 3.4, over the octets as they came. Where only LF ends a line it counts as CRLF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace okpay::mail {

enum class Canonical : std::uint8_t { simple, relaxed };

struct WholeField {
    std::string name;  // lower case
    ByteView octets;   // name, colon, value with its folds; without the line end behind it
    [[nodiscard]] ByteView value() const { return octets.substr(octets.find(':') + 1); }
};
struct WholeHeader {
    std::vector<WholeField> fields;
    ByteView body;
    bool too_large = false;  // beyond the limits: nothing in it may be believed
};
WholeHeader whole_header_of(ByteView raw);

// Of a field, without the line end behind it.
std::string canonical_field(ByteView octets, Canonical form);
Hash256 canonical_body_hash(ByteView body, Canonical form);
// A signature field is signed with its own b= empty.
std::string without_signature_value(ByteView field);

}  // namespace okpay::mail
