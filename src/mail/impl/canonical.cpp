// SPDX-License-Identifier: Apache-2.0
#include "mail/impl/canonical.hpp"

#include <openssl/evp.h>

#include <memory>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t header_octets_max = 256U << 10U;
constexpr std::size_t fields_max = 2'000;

bool is_wsp(char c) { return c == ' ' || c == '\t'; }

class Sha256Stream {
public:
    Sha256Stream() : context_{EVP_MD_CTX_new(), EVP_MD_CTX_free} {
        ensure(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
    }
    void add(ByteView octets) {
        buffer_ += octets;
        if (buffer_.size() >= 16U << 10U) flush();
    }
    Hash256 finish() {
        flush();
        Hash256 hash{};
        ensure(EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) == 1);
        return hash;
    }

private:
    void flush() {
        ensure(EVP_DigestUpdate(context_.get(), buffer_.data(), buffer_.size()) == 1);
        buffer_.clear();
    }
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
    Bytes buffer_;
};

// The next line without its end; `text` moves behind it.
ByteView take_line(ByteView& text) {
    const auto end = text.find('\n');
    ByteView line = text.substr(0, end);
    text.remove_prefix(end == ByteView::npos ? text.size() : end + 1);
    if (end != ByteView::npos && line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

void append_compressed(std::string& to, ByteView line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (!is_wsp(line[i])) to += line[i];
        else if (i == 0 || !is_wsp(line[i - 1])) to += ' ';
    }
}

}  // namespace

WholeHeader whole_header_of(ByteView raw) {
    WholeHeader header;
    ByteView rest = raw;
    while (!rest.empty()) {
        const ByteView at = rest;
        const ByteView line = take_line(rest);
        if (line.empty()) break;
        const auto begin = static_cast<std::size_t>(at.data() - raw.data());
        const auto end = begin + line.size();
        if (end > header_octets_max || header.fields.size() > fields_max) {
            header.too_large = true;
            return header;
        }
        if (is_wsp(line.front())) {
            if (header.fields.empty()) continue;
            ByteView& before = header.fields.back().octets;
            before = {before.data(), static_cast<std::size_t>(line.data() + line.size() - before.data())};
            continue;
        }
        const auto colon = line.find(':');
        if (colon == ByteView::npos) {  // no header any more: the body begins where someone forgot the empty line
            header.body = at;
            return header;
        }
        ByteView name = line.substr(0, colon);
        while (!name.empty() && is_wsp(name.back())) name.remove_suffix(1);
        header.fields.push_back({ascii_lower(name), line});
    }
    header.body = rest;
    return header;
}

std::string canonical_field(ByteView octets, Canonical form) {
    std::string result;
    if (form == Canonical::simple) {
        ByteView rest = octets;
        while (!rest.empty()) {
            if (!result.empty()) result += "\r\n";
            result += take_line(rest);
        }
        return result;
    }
    const auto colon = octets.find(':');
    result = ascii_lower(trimmed(octets.substr(0, colon)));
    result += ':';
    std::string unfolded;
    ByteView rest = octets.substr(colon + 1);
    while (!rest.empty()) unfolded += take_line(rest);  // a fold's white space stays
    std::string value;
    append_compressed(value, unfolded);
    ByteView cut = value;
    if (cut.starts_with(' ')) cut.remove_prefix(1);
    if (cut.ends_with(' ')) cut.remove_suffix(1);
    return result += cut;
}

Hash256 canonical_body_hash(ByteView body, Canonical form) {
    Sha256Stream stream;
    std::size_t empty_lines = 0;  // held back: at the end they do not count
    bool any = false;
    std::string line_text;
    ByteView rest = body;
    while (!rest.empty()) {
        ByteView line = take_line(rest);
        if (form == Canonical::relaxed) {
            while (!line.empty() && is_wsp(line.back())) line.remove_suffix(1);
        }
        if (line.empty()) {
            ++empty_lines;
            continue;
        }
        for (; empty_lines > 0; --empty_lines) stream.add("\r\n");
        any = true;
        if (form == Canonical::relaxed) {
            line_text.clear();
            append_compressed(line_text, line);
            stream.add(line_text);
        } else {
            stream.add(line);
        }
        stream.add("\r\n");
    }
    if (!any && form == Canonical::simple) stream.add("\r\n");
    return stream.finish();
}

std::string without_signature_value(ByteView field) {
    std::string result;
    std::size_t at = field.find(':') + 1;
    result += field.substr(0, at);
    while (at < field.size()) {
        const auto end = std::min(field.find(';', at), field.size());
        const ByteView part = field.substr(at, end - at);
        const auto equals = part.find('=');
        if (equals != ByteView::npos && trimmed(part.substr(0, equals)) == "b") result += part.substr(0, equals + 1);
        else result += part;
        if (end < field.size()) result += ';';
        at = end + 1;
    }
    return result;
}

}  // namespace okpay::mail
