// SPDX-License-Identifier: Apache-2.0
// One header block cut into fields, within limits, without a copy before the limits are known to hold.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace okpay::mail {

struct RawField {
    std::string name;  // lower case
    Bytes value;       // unfolded and trimmed; may hold any octet but CR and LF
};

struct HeaderBlock {
    std::vector<RawField> fields;
    std::size_t body_at = 0;  // offset in the octets given; their length where there is no body
    bool truncated = false;
    bool malformed = false;

    [[nodiscard]] std::string_view value(std::string_view name) const;  // of the first such field, or empty
};

struct HeaderLimits {
    std::size_t octets_max, fields_max;
};
HeaderBlock read_header_block(ByteView entity, const HeaderLimits& limits);

// A Content-Type or Content-Disposition: its value in lower case and its parameters, RFC 2231 continuations joined and
// charsets decoded, encoded words in parameters forgiven. The first of two parameters of one name wins, everywhere.
struct Parameter {
    std::string name, value;
};
struct ParameterisedValue {
    std::string value;  // "text/plain", "attachment"; empty where missing
    std::vector<Parameter> parameters;
    [[nodiscard]] std::string_view parameter(std::string_view name) const;
};
ParameterisedValue read_parameterised(std::string_view header_value);

// RFC 2047: neighbouring encoded words of one charset are joined before they are decoded. Raw 8-bit octets are guessed.
struct DecodedHeader {
    std::string text;  // one clean line
    bool charset_repaired = false;
};
DecodedHeader decode_header(ByteView value);

// The ids between angle brackets; without any, the first word. At most `ids_max`: the first and the latest.
std::vector<std::string> read_message_ids(std::string_view header_value, std::size_t ids_max);

}  // namespace okpay::mail
