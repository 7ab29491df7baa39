// SPDX-License-Identifier: Apache-2.0
#include "triage/json.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/text.hpp"

namespace okpay::triage {
namespace {

void append_quoted(std::string& to, std::string_view text) {
    if (!is_utf8(text)) return append_quoted(to, to_utf8_lossy(text));
    to += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            to += '\\';
            to += c;
        } else if (c == '\n') {
            to += "\\n";
        } else if (c == '\t') {
            to += "\\t";
        } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7F') {
            fmt::format_to(std::back_inserter(to), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            to += c;
        }
    }
    to += '"';
}

template <class List, class Append>
void append_list(std::string& to, std::string_view key, const List& list, Append append_one) {
    to += '"';
    to += key;
    to += "\":[";
    bool first = true;
    for (const auto& item : list) {
        if (!first) to += ',';
        first = false;
        append_one(item);
    }
    to += ']';
}

void append_entities(std::string& to, const Entities& entities) {
    const auto strings = [&to](std::string_view key, const std::vector<std::string>& list) {
        append_list(to, key, list, [&to](std::string_view text) { append_quoted(to, text); });
        to += ',';
    };
    to += '{';
    append_list(to, "amounts", entities.amounts, [&to](const StatedAmount& amount) {
        to += "{\"value\":";
        append_quoted(to, amount.value);
        if (!amount.currency.empty()) {
            to += ",\"currency\":";
            append_quoted(to, amount.currency);
        }
        to += '}';
    });
    to += ',';
    strings("datetimes", entities.datetimes);
    strings("transaction_ids", entities.transaction_ids);
    strings("error_codes", entities.error_codes);
    strings("request_numbers", entities.request_numbers);
    strings("accounts", entities.accounts);
    strings("card_last4", entities.card_last4);
    to.back() = '}';  // instead of the last comma
}

}  // namespace

std::string json_of(const Reading& reading, std::string_view file) {
    std::string line;
    const auto field = [&line](std::string_view key, std::string_view text) {
        fmt::format_to(std::back_inserter(line), "\"{}\":", key);
        append_quoted(line, text);
        line += ',';
    };
    const auto quote_name = [&line](auto value) { append_quoted(line, name_of(value)); };

    line += '{';
    field("file", file);
    field("language", reading.language);
    field("category", name_of(reading.category));
    fmt::format_to(std::back_inserter(line), "\"confidence\":{:.2f},", reading.confidence);
    append_list(line, "secondary", reading.secondary, quote_name);
    line += ',';
    field("urgency", name_of(reading.urgency));
    field("route", name_of(reading.route));
    fmt::format_to(std::back_inserter(line), "\"automatic\":{},\"entities\":", reading.automatic);
    append_entities(line, reading.entities);
    line += ',';
    if (reading.in_pictures != Entities{}) {
        line += "\"in_pictures\":";
        append_entities(line, reading.in_pictures);
        line += ',';
    }
    append_list(line, "missing", reading.missing, quote_name);
    line += ',';
    append_list(line, "flags", reading.flags, quote_name);
    line += ',';
    field("text", reading.text);
    line.back() = '}';  // instead of the last comma
    return line;
}

std::string json_of(const Reading& reading, std::string_view file, std::span<const Reason> reasons) {
    std::string line = json_of(reading, file);
    line.back() = ',';  // one more member
    append_list(line, "because", reasons, [&](const Reason& reason) {
        line += "{\"decision\":";
        append_quoted(line, reason.decision);
        line += ",\"value\":";
        append_quoted(line, reason.value);
        line += ",\"words\":";
        append_quoted(line, reason.words);
        fmt::format_to(std::back_inserter(line), ",\"in\":\"{}\",\"octets\":[{},{}]}}",
                       reason.in_subject ? "subject" : "text", reason.begin, reason.end);
    });
    line += '}';
    return line;
}

}  // namespace okpay::triage
