// SPDX-License-Identifier: Apache-2.0
// Inside customers: the little CBOR (RFC 8949) that an authenticator sends, read item by item. libcbor's streaming decoder
// reads the heads and allocates nothing, so a declared length costs nothing until its octets are there; what we add is what
// CTAP2's canonical form (CTAP 2.1 section 8) leaves: definite lengths alone, few items, shallow nesting.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace okpay::customers::impl {

inline constexpr std::size_t cbor_octets_max = 16 * 1024;  // an attestation with its certificates takes four thousand
inline constexpr int cbor_depth_max = 4;                    // CTAP 2.1 section 8
inline constexpr int cbor_items_max = 128;                  // heads in one document

struct CborItem {
    enum class Kind : std::uint8_t { integer, octets, text, array, map, simple, other };  // simple: true, false, null
    Kind kind = Kind::other;
    std::int64_t number = 0;   // of an integer
    std::size_t count = 0;     // items of an array, pairs of a map
    std::string_view content;  // of octets or text: points into the document
};

class CborReader {
public:
    // Refuses, from the first item on, a document that is longer than the limit.
    explicit CborReader(ByteView document) : left_{document} {}

    // The next head; nothing at the end, beyond a limit, or where it is not of the kinds above.
    std::optional<CborItem> next();
    // Passes over one whole item.
    bool skip();
    // What has not been read.
    [[nodiscard]] ByteView rest() const { return left_; }

private:
    bool skip_at(int depth);

    ByteView left_;
    std::size_t read_ = 0;
    int items_ = 0;
};

}  // namespace okpay::customers::impl
