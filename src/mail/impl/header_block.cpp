// SPDX-License-Identifier: Apache-2.0
#include "mail/impl/header_block.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mail/impl/charset.hpp"
#include "mail/impl/transfer.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t message_id_octets_max = 998;

struct Line {
    ByteView text;     // without its line end
    std::size_t next;  // where the following line starts
};
Line line_at(ByteView all, std::size_t at) {
    const auto end = all.find('\n', at);
    if (end == ByteView::npos) return {all.substr(at), all.size()};
    ByteView text = all.substr(at, end - at);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return {text, end + 1};
}

// The length of the field name at the front of a line, 0 where it is none (RFC 5322 2.2; a blank before the colon is
// forgiven).
std::size_t name_length(ByteView line) {
    std::size_t length = 0;
    while (length < line.size() && line[length] > ' ' && line[length] < 127 && line[length] != ':') ++length;
    std::size_t colon = length;
    while (colon < line.size() && (line[colon] == ' ' || line[colon] == '\t')) ++colon;
    return length > 0 && length <= 256 && colon < line.size() && line[colon] == ':' ? length : 0;
}

void append_unfolded(Bytes& value, ByteView line) {
    for (const char c : line) value += c == '\r' || c == '\t' ? ' ' : c;
}

bool is_fold(ByteView line) { return !line.empty() && (line.front() == ' ' || line.front() == '\t'); }

}  // namespace

std::string_view HeaderBlock::value(std::string_view name) const {
    const auto found = std::ranges::find(fields, name, &RawField::name);
    return found == fields.end() ? std::string_view{} : std::string_view{found->value};
}

HeaderBlock read_header_block(ByteView entity, const HeaderLimits& limits) {
    HeaderBlock block;
    block.body_at = entity.size();
    std::size_t at = 0;
    bool dropping = false;  // the field that is being folded was over a limit or no field
    for (bool first = true; at < entity.size(); first = false) {
        const Line line = line_at(entity, at);
        if (line.text.empty()) {
            block.body_at = line.next;
            return block;
        }
        if (first && (line.text.starts_with("From ") || line.text.starts_with(">From "))) {  // left by an mbox
            at = line.next;
            continue;
        }
        if (is_fold(line.text)) {
            if (block.fields.empty()) block.malformed = true;
            else if (!dropping && line.next <= limits.octets_max) append_unfolded(block.fields.back().value, line.text);
            if (line.next > limits.octets_max) block.truncated = true;
            at = line.next;
            continue;
        }
        const std::size_t length = name_length(line.text);
        if (length == 0) {
            block.malformed = true;
            const Line following = line_at(entity, line.next);
            if (name_length(following.text) == 0) {  // no header any more: the blank line is missing
                block.body_at = at;
                return block;
            }
            dropping = true;
        } else if (line.next > limits.octets_max || block.fields.size() >= limits.fields_max) {
            block.truncated = true;
            dropping = true;
        } else {
            dropping = false;
            RawField field{.name = ascii_lower(line.text.substr(0, length)), .value = {}};
            append_unfolded(field.value, line.text.substr(line.text.find(':', length) + 1));
            block.fields.push_back(std::move(field));
        }
        at = line.next;
    }
    return block;
}

namespace {

struct RawParameter {
    std::string name;  // without its "*" marks
    std::size_t section = 0;
    bool extended = false;  // percent-encoded, RFC 2231 4
    Bytes value;
};

Bytes percent_decoded(ByteView text) {
    Bytes result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto octet = text[i] == '%' && i + 2 < text.size() ? bytes_of_hex(text.substr(i + 1, 2)) : std::nullopt;
        if (octet && octet->size() == 1) {
            result += *octet;
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

RawParameter raw_parameter(std::string_view name, Bytes value) {
    RawParameter result{.name = ascii_lower(trimmed(name)), .section = 0, .extended = false, .value = std::move(value)};
    if (result.name.ends_with('*')) {
        result.extended = true;
        result.name.pop_back();
    }
    if (const auto star = result.name.find('*'); star != std::string::npos) {
        std::size_t section = 0;
        for (const char c : std::string_view{result.name}.substr(star + 1)) {
            if (c < '0' || c > '9' || section > 1'000) break;
            section = section * 10 + static_cast<std::size_t>(c - '0');
        }
        result.section = section;
        result.name.resize(star);
    }
    return result;
}

// One value of the list at `at`: quoted or a run up to the semicolon. Leaves `at` on the semicolon or the end.
Bytes parameter_value(std::string_view text, std::size_t& at) {
    while (at < text.size() && text[at] == ' ') ++at;
    Bytes value;
    if (at < text.size() && text[at] == '"') {
        for (++at; at < text.size() && text[at] != '"'; ++at) {
            if (text[at] == '\\' && at + 1 < text.size()) ++at;
            value += text[at];
        }
        at = std::min(text.find(';', at), text.size());
        return value;
    }
    const std::size_t end = std::min(text.find(';', at), text.size());
    value = trimmed(text.substr(at, end - at));
    at = end;
    return value;
}

std::string joined(std::vector<RawParameter> sections) {
    std::ranges::sort(sections, {}, &RawParameter::section);
    Bytes bytes;
    std::string charset;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        ByteView value = sections[i].value;
        if (i == 0 && sections[i].extended) {
            const auto first = value.find('\'');
            const auto second = first == ByteView::npos ? first : value.find('\'', first + 1);
            if (second != ByteView::npos) {
                charset = value.substr(0, first);
                value.remove_prefix(second + 1);
            }
        }
        bytes += sections[i].extended ? percent_decoded(value) : Bytes{value};
    }
    if (!charset.empty()) return clean_line(decode_charset(bytes, charset).text);
    return decode_header(bytes).text;
}

}  // namespace

std::string_view ParameterisedValue::parameter(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &Parameter::name);
    return found == parameters.end() ? std::string_view{} : std::string_view{found->value};
}

ParameterisedValue read_parameterised(std::string_view header_value) {
    constexpr std::size_t parameters_max = 64, steps_max = 256;
    header_value = header_value.substr(0, 16'384);
    ParameterisedValue result;
    std::size_t at = std::min(header_value.find(';'), header_value.size());
    result.value = ascii_lower(trimmed(header_value.substr(0, at)));
    std::erase_if(result.value, [](char c) { return c == ' ' || c == '"' || c == '\0'; });
    std::vector<RawParameter> raw;
    for (std::size_t step = 0; at < header_value.size() && raw.size() < parameters_max && step < steps_max; ++step) {
        ++at;  // the semicolon
        const std::size_t equals = header_value.find('=', at);
        const std::size_t next = std::min(header_value.find(';', at), header_value.size());
        if (equals == std::string_view::npos) break;
        if (equals > next) {
            at = next;
            continue;
        }
        const std::string_view name = header_value.substr(at, equals - at);
        at = equals + 1;
        raw.push_back(raw_parameter(name, parameter_value(header_value, at)));
    }
    for (const RawParameter& parameter : raw) {
        if (std::ranges::find(result.parameters, parameter.name, &Parameter::name) != result.parameters.end()) continue;
        std::vector<RawParameter> sections;
        for (const RawParameter& other : raw) {
            if (other.name != parameter.name) continue;
            if (std::ranges::find(sections, other.section, &RawParameter::section) == sections.end()) {
                sections.push_back(other);
            }
        }
        result.parameters.push_back({parameter.name, joined(std::move(sections))});
    }
    return result;
}

namespace {

struct EncodedWord {
    std::string charset;
    Bytes bytes;
    std::size_t length = 0;  // of its text
};

// The encoded word at the front of the text. Blanks inside it are forgiven (clients send them).
std::optional<EncodedWord> encoded_word(std::string_view text) {
    constexpr std::size_t word_octets_max = 4'096;
    if (!text.starts_with("=?")) return std::nullopt;
    const auto second = text.find('?', 2);
    if (second == std::string_view::npos || second == 2 || second > 64 || second + 2 >= text.size()) return std::nullopt;
    const char encoding = text[second + 1];
    if (text[second + 2] != '?' || std::string_view{"BbQq"}.find(encoding) == std::string_view::npos) return std::nullopt;
    // The end is searched behind the last mark, so that "=?utf-8?q??=" and "?=41?=" are read rightly.
    const auto end = text.substr(0, second + 3 + word_octets_max).find("?=", second + 3);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view payload = text.substr(second + 3, end - second - 3);
    const bool base64 = encoding == 'B' || encoding == 'b';
    return EncodedWord{.charset = ascii_lower(text.substr(2, second - 2)),
                       .bytes = base64 ? decode_transfer(payload, TransferEncoding::base64) : decode_q_word(payload),
                       .length = end + 2};
}

}  // namespace

DecodedHeader decode_header(ByteView value) {
    DecodedHeader result;
    std::string text;
    const auto add = [&](ByteView bytes, std::string_view charset) {
        const DecodedText decoded = decode_charset(bytes, charset);
        result.charset_repaired |= decoded.repaired && !(charset.empty() && is_utf8(bytes));  // RFC 6532 needs no label
        text += decoded.text;
    };
    Bytes plain;
    for (std::size_t at = 0; at < value.size();) {
        auto word = value[at] == '=' ? encoded_word(value.substr(at)) : std::nullopt;
        if (!word) {
            plain += value[at++];
            continue;
        }
        if (!plain.empty()) add(plain, {});
        plain.clear();
        at += word->length;
        while (true) {  // white space between encoded words is no text (RFC 2047 6.2)
            const auto next_at = value.find_first_not_of(" \t", at);
            if (next_at == ByteView::npos) break;
            const auto next = encoded_word(value.substr(next_at));
            if (!next) break;
            at = next_at + next->length;
            if (next->charset == word->charset) {
                word->bytes += next->bytes;
            } else {
                add(word->bytes, word->charset);
                word = next;
            }
        }
        add(word->bytes, word->charset);
    }
    if (!plain.empty()) add(plain, {});
    result.text = clean_line(text);
    return result;
}

std::vector<std::string> read_message_ids(std::string_view header_value, std::size_t ids_max) {
    std::vector<std::string> ids;
    const auto keep = [&](std::string_view id) {
        id = trimmed(id);
        if (id.empty() || id.size() > message_id_octets_max || !is_utf8(id)) return;
        if (std::ranges::any_of(id, [](char c) { return (c >= 0 && c <= ' ') || c == 127 || c == '<' || c == '>'; })) return;
        ids.emplace_back(id);
    };
    for (std::size_t at = 0; at < header_value.size();) {
        const auto open = header_value.find('<', at);
        if (open == std::string_view::npos) break;
        const auto close = header_value.find('>', open);
        if (close == std::string_view::npos) break;
        keep(header_value.substr(open + 1, close - open - 1));
        at = close + 1;
    }
    if (ids.empty() && header_value.find('<') == std::string_view::npos) {
        const std::string_view text = trimmed(header_value);
        keep(text.substr(0, text.find(' ')));
    }
    if (ids.size() > ids_max) {
        const auto surplus = static_cast<std::ptrdiff_t>(ids.size() - ids_max);
        const std::ptrdiff_t from = ids_max > 0 ? 1 : 0;
        ids.erase(ids.begin() + from, ids.begin() + from + surplus);
    }
    return ids;
}

}  // namespace okpay::mail
