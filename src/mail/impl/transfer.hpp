// SPDX-License-Identifier: Apache-2.0
// The leaf grammars that GMime reads for us: transfer encodings and dates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/moment.hpp"

namespace okpay::mail {

enum class TransferEncoding : std::uint8_t { none, base64, quoted_printable, uuencode };

TransferEncoding transfer_encoding_of(std::string_view header_value);
Bytes decode_transfer(ByteView body, TransferEncoding encoding);  // skips what does not belong to the encoding
Bytes decode_q_word(ByteView text);                               // RFC 2047 4.2

struct MailDate {
    Moment moment;
    std::optional<std::int32_t> offset_minutes;
};
std::optional<MailDate> read_date(std::string_view header_value);  // years 1970 to 9999

}  // namespace okpay::mail
