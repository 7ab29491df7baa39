// SPDX-License-Identifier: Apache-2.0
#include "mail/impl/transfer.hpp"

#include <gmime/gmime-encodings.h>
#include <gmime/gmime-utils.h>

#include <memory>

#include "base/text.hpp"
#include "mail/message.hpp"

namespace okpay::mail {
namespace {

Bytes run(GMimeContentEncoding encoding, ByteView body, int initial_state) {
    GMimeEncoding state{};
    g_mime_encoding_init_decode(&state, encoding);
    state.state = initial_state;
    Bytes result(g_mime_encoding_outlen(&state, body.size()) + 16, '\0');
    const std::size_t length = g_mime_encoding_flush(&state, body.data(), body.size(), result.data());
    result.resize(length);
    return result;
}

// The lines after "begin MODE NAME"; without that line the body is taken as it is.
ByteView after_begin_line(ByteView body) {
    auto begin = body.find("begin ");
    while (begin != ByteView::npos && begin != 0 && body[begin - 1] != '\n') begin = body.find("begin ", begin + 1);
    if (begin == ByteView::npos) return body;
    const auto end = body.find('\n', begin);
    return end == ByteView::npos ? ByteView{} : body.substr(end + 1);
}

}  // namespace

TransferEncoding transfer_encoding_of(std::string_view header_value) {
    std::string name = ascii_lower(trimmed(header_value.substr(0, header_value.find(';'))));
    std::erase_if(name, [](char c) { return c == '"' || c == ' '; });
    if (name == "base64") return TransferEncoding::base64;
    if (name == "quoted-printable") return TransferEncoding::quoted_printable;
    if (name == "uuencode" || name == "x-uuencode" || name == "x-uue") return TransferEncoding::uuencode;
    return TransferEncoding::none;
}

Bytes decode_transfer(ByteView body, TransferEncoding encoding) {
    switch (encoding) {
    case TransferEncoding::none: return Bytes{body};
    case TransferEncoding::base64: return run(GMIME_CONTENT_ENCODING_BASE64, body, 0);
    case TransferEncoding::quoted_printable: return run(GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, body, 0);
    case TransferEncoding::uuencode:
        return run(GMIME_CONTENT_ENCODING_UUENCODE, after_begin_line(body), GMIME_UUDECODE_STATE_BEGIN);
    }
    std::abort();
}

Bytes decode_q_word(ByteView text) {
    const auto nibble = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        return -1;
    };
    Bytes result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '=' && i + 2 < text.size() ? nibble(text[i + 1]) : -1;
        const int low = high < 0 ? -1 : nibble(text[i + 2]);
        if (low >= 0) {
            result += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            result += text[i] == '_' ? ' ' : text[i];
        }
    }
    return result;
}

std::optional<MailDate> read_date(std::string_view header_value) {
    const std::string text{trimmed(utf8_prefix(header_value, 200))};
    if (text.empty() || text.find('\0') != std::string::npos || !is_utf8(text)) return std::nullopt;
    const std::unique_ptr<GDateTime, void (*)(GDateTime*)> date{g_mime_utils_header_decode_date(text.c_str()),
                                                                &g_date_time_unref};
    if (date == nullptr) return std::nullopt;
    const std::int64_t seconds = g_date_time_to_unix(date.get());
    if (seconds < 0 || seconds > 253'402'300'799) return std::nullopt;
    MailDate result{.moment = moment_of_ms(seconds * 1'000), .offset_minutes = std::nullopt};
    if (text.find("-0000") == std::string::npos) {  // which says that the zone is not known, RFC 5322 3.3
        const std::int64_t minutes = g_date_time_get_utc_offset(date.get()) / 60'000'000;
        if (minutes > -date_offset_minutes_limit && minutes < date_offset_minutes_limit) {
            result.offset_minutes = static_cast<std::int32_t>(minutes);
        }
    }
    return result;
}

}  // namespace okpay::mail
