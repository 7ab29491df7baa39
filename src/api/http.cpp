// SPDX-License-Identifier: Apache-2.0
#include "api/http.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace okpay::api {
namespace {

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    const auto found = message.find(boost::beast::string_view{name.data(), name.size()});
    if (found == message.end()) return {};
    return {found->value().data(), found->value().size()};
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    for (const std::string_view pair : split(query, '&')) {
        const auto equals = pair.find('=');
        if (percent_decoded(pair.substr(0, equals), true) != name) continue;
        return percent_decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
    }
    return std::nullopt;
}

std::optional<std::string> Request::cookie(std::string_view name) const {
    for (const std::string_view part : split(header("Cookie"), ';')) {
        const std::string_view pair = trimmed(part);
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
            return std::string{pair.substr(name.size() + 1)};
        }
    }
    return std::nullopt;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_blank) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_blank) {
            decoded += ' ';
        } else if (text[i] == '%') {
            const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    if (!is_utf8(decoded) || decoded.contains('\0')) return std::nullopt;
    return decoded;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        const auto octet = static_cast<unsigned char>(c);
        if (plain) encoded += c;
        else encoded.append({'%', digits[octet >> 4U], digits[octet & 15U]});
    }
    return encoded;
}

bool set_target(Request& request, std::string_view target) {
    if (!target.starts_with('/')) return false;
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    request.query = question == std::string_view::npos ? "" : target.substr(question + 1);
    return true;
}

// Ant Design writes style elements, hence 'unsafe-inline' for styles alone.
std::string website_security_headers(std::string_view framed) {
    return fmt::format(
        "Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src "
        "'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'{}{}\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: same-origin\r\n"
        "Cross-Origin-Opener-Policy: same-origin\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\n",
        framed.empty() ? "" : "; frame-src ", framed);
}

std::string octets_of(const Response& response, bool keep_alive, bool with_body, std::string_view security) {
    const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
    std::string octets;
    octets.reserve(768 + response.body.size());
    fmt::format_to(std::back_inserter(octets), "HTTP/1.1 {} {}\r\n", response.status,
                   std::string_view{reason.data(), reason.size()});
    if (!response.content_type.empty()) {
        fmt::format_to(std::back_inserter(octets), "Content-Type: {}\r\n", response.content_type);
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    if (response.stream == nullptr && !bodiless) {
        fmt::format_to(std::back_inserter(octets), "Content-Length: {}\r\n", response.body.size());
    }
    for (const auto& [name, value] : response.headers) fmt::format_to(std::back_inserter(octets), "{}: {}\r\n", name, value);
    octets += security;
    if (!keep_alive) octets += "Connection: close\r\n";
    octets += "\r\n";
    if (with_body && !bodiless) octets += response.body;
    return octets;
}

Response json_response(unsigned status, std::string json) {
    Response response{.status = status, .content_type = "application/json", .body = std::move(json), .headers = {}};
    response.with("Cache-Control", "no-store");
    return response;
}

Response no_content() { return Response{.status = 204, .content_type = "", .body = "", .headers = {}}; }

}  // namespace okpay::api
