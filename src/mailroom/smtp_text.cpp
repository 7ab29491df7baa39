// SPDX-License-Identifier: Apache-2.0
#include "mailroom/smtp_text.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace okpay::mailroom {
namespace {

constexpr std::string_view atom_punctuation = "!#$%&'*+-/=?^_`{|}~";  // RFC 5322 3.2.3

bool is_ascii(char c) { return static_cast<std::uint8_t>(c) < 0x80; }
bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_printable(char c) { return c >= ' ' && c <= '~'; }
bool is_atom_or_dot(char c) { return is_alphanumeric(c) || c == '.' || !is_ascii(c) || atom_punctuation.contains(c); }
bool is_domain_octet(char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || !is_ascii(c); }
bool is_literal_octet(char c) { return is_alphanumeric(c) || c == '.' || c == ':' || c == '-'; }

// The length of the local part at the front, 0 where there is none.
std::size_t local_part(std::string_view text) {
    if (!text.starts_with('"')) {
        const auto end = std::ranges::find_if_not(text, is_atom_or_dot);
        return static_cast<std::size_t>(end - text.begin());
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') return i + 1;
        if (text[i] == '\\') ++i;
        if (i >= text.size() || (!is_printable(text[i]) && is_ascii(text[i]))) return 0;
    }
    return 0;
}

std::size_t domain(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = std::ranges::find_if_not(text.substr(1), is_literal_octet);
        const auto length = static_cast<std::size_t>(end - text.substr(1).begin()) + 1;
        return length > 1 && length < text.size() && text[length] == ']' ? length + 1 : 0;
    }
    const auto end = std::ranges::find_if_not(text, is_domain_octet);
    const auto name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const bool empty_label = name.empty() || name.front() == '.' || name.back() == '.' || name.contains("..");
    return empty_label ? 0 : name.size();
}

}  // namespace

Result<Path, PathError> read_path(std::string_view text) {
    if (!text.starts_with('<')) return fail(PathError::syntax);
    text.remove_prefix(1);
    if (text.starts_with('>')) return Path{.address = {}, .ascii = true, .rest = text.substr(1)};
    if (text.starts_with('@')) return fail(PathError::source_route);
    const std::size_t local_octets = local_part(text);
    if (local_octets == 0) return fail(PathError::syntax);
    if (local_octets > local_part_octets_max) return fail(PathError::too_long);
    std::size_t length = local_octets;
    if (text.substr(length).starts_with('@')) {
        const std::size_t domain_octets = domain(text.substr(length + 1));
        if (domain_octets == 0) return fail(PathError::syntax);
        if (domain_octets > domain_octets_max) return fail(PathError::too_long);
        length += 1 + domain_octets;
    } else if (!equal_ignoring_ascii_case(text.substr(0, length), "postmaster")) {
        return fail(PathError::syntax);
    }
    if (!text.substr(length).starts_with('>')) return fail(PathError::syntax);
    const auto address = text.substr(0, length);
    if (!is_utf8(address)) return fail(PathError::syntax);
    return Path{.address = std::string{address},
                .ascii = std::ranges::all_of(address, is_ascii),
                .rest = text.substr(length + 1)};
}

bool is_path_address(std::string_view address) {
    const auto path = read_path("<" + std::string{address} + ">");
    return path && path->address == address && path->rest.empty();
}

Bytes data_form(ByteView message) {
    Bytes wire;
    wire.reserve(message.size() + message.size() / 32 + 2);
    bool at_line_start = true;
    for (std::size_t i = 0; i < message.size(); ++i) {
        const char c = message[i];
        if (c == '\r' || c == '\n') {
            if (c == '\r' && i + 1 < message.size() && message[i + 1] == '\n') ++i;
            wire += "\r\n";
            at_line_start = true;
            continue;
        }
        if (at_line_start && c == '.') wire += '.';
        at_line_start = false;
        wire += c;
    }
    if (!at_line_start) wire += "\r\n";
    return wire;
}

std::string one_line(std::string_view text, std::size_t octets_max) {
    std::string line{text.substr(0, octets_max)};
    std::ranges::replace_if(line, [](char c) { return !is_printable(c); }, '?');
    return line;
}

}  // namespace okpay::mailroom
