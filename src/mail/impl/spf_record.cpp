// SPDX-License-Identifier: Apache-2.0
#include "mail/impl/spf_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t terms_max = 200;
constexpr std::string_view delimiters = ".-+,/_=";

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }

struct Macro {
    char letter;
    int keep = 0;  // 0: all
    bool reversed = false;
    std::string_view delimiters;
    std::size_t octets;  // of the whole, from the percent sign
};

// At a percent sign and a brace.
std::optional<Macro> read_macro(std::string_view text) {
    const auto end = text.find('}');
    if (end == std::string_view::npos || end < 3) return std::nullopt;
    Macro macro{.letter = ascii_lower(text.substr(2, 1))[0], .delimiters = {}, .octets = end + 1};
    if (!std::string_view{"slodiphv"}.contains(macro.letter)) return std::nullopt;  // c, r, t: in explanations alone
    std::size_t at = 3;
    while (at < end && is_digit(text[at])) {
        macro.keep = macro.keep * 10 + (text[at] - '0');
        if (macro.keep > 1'000) return std::nullopt;
        ++at;
    }
    if (at > 3 && macro.keep == 0) return std::nullopt;
    if (at < end && (text[at] == 'r' || text[at] == 'R')) {
        macro.reversed = true;
        ++at;
    }
    macro.delimiters = text.substr(at, end - at);
    if (!std::ranges::all_of(macro.delimiters, [](char c) { return delimiters.contains(c); })) return std::nullopt;
    return macro;
}

// Whether it is a macro-string; `ends_with_macro` is told for domain-end.
bool is_macro_string(std::string_view text, bool* ends_with_macro = nullptr, bool explains = false) {
    bool macro_last = false;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != '%') {
            if (text[i] < '!' || text[i] > '~') return false;
            macro_last = false;
            ++i;
            continue;
        }
        if (i + 1 == text.size()) return false;
        if (text[i + 1] == '{') {
            std::string as_known{text.substr(i)};
            if (explains && as_known.size() > 2 && std::string_view{"crtCRT"}.contains(as_known[2])) as_known[2] = 's';
            const auto macro = read_macro(as_known);
            if (!macro) return false;
            i += macro->octets;
        } else {
            if (!std::string_view{"%_-"}.contains(text[i + 1])) return false;
            i += 2;
        }
        macro_last = true;
    }
    if (ends_with_macro != nullptr) *ends_with_macro = macro_last;
    return true;
}

bool is_domain_spec(std::string_view text, bool explains = false) {
    bool ends_with_macro = false;
    if (text.empty() || !is_macro_string(text, &ends_with_macro, explains)) return false;
    if (ends_with_macro) return true;
    if (text.ends_with('.')) text.remove_suffix(1);
    const auto dot = text.rfind('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view top = text.substr(dot + 1);
    return !top.empty() && is_alnum(top.front()) && is_alnum(top.back()) &&
           std::ranges::all_of(top, [](char c) { return is_alnum(c) || c == '-'; }) && !std::ranges::all_of(top, is_digit);
}

std::optional<int> read_prefix(std::string_view digits, int max) {
    int value = 0;
    if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value > max) return std::nullopt;
    return value;
}

// Cuts "/24//64" from the end of the text.
bool take_prefixes(std::string_view& text, SpfTerm& term) {
    const auto digits_from = [&text] {
        std::size_t at = text.size();
        while (at > 0 && is_digit(text[at - 1])) --at;
        return at;
    };
    std::size_t at = digits_from();
    if (at >= 2 && text.substr(at - 2, 2) == "//") {
        const auto prefix = read_prefix(text.substr(at), 128);
        if (!prefix) return false;
        term.prefix6 = *prefix;
        text = text.substr(0, at - 2);
        at = digits_from();
    }
    if (at >= 1 && text[at - 1] == '/') {
        const auto prefix = read_prefix(text.substr(at), 32);
        if (!prefix) return false;
        term.prefix4 = *prefix;
        text = text.substr(0, at - 1);
    }
    return true;
}

bool read_network(std::string_view text, SpfTerm& term, bool v6) {
    const auto slash = text.find('/');
    if (slash != std::string_view::npos) {
        const auto prefix = read_prefix(text.substr(slash + 1), v6 ? 128 : 32);
        if (!prefix) return false;
        (v6 ? term.prefix6 : term.prefix4) = *prefix;
    }
    const std::string_view address = text.substr(0, slash);
    if (v6 != address.contains(':')) return false;
    const auto network = IpAddress::parse(address);
    if (!network) return false;
    term.network = *network;
    if (v6 && !network->is_v6) {  // ::ffff:192.0.2.1 stands for the IPv4 network
        if (term.prefix6 < 96) term.prefix4 = 0;
        else term.prefix4 = term.prefix6 - 96;
        term.mechanism = SpfMechanism::ip4;
    }
    return true;
}

struct Named {
    std::string_view name;
    SpfMechanism mechanism;
};
constexpr std::array mechanisms{Named{"all", SpfMechanism::all}, Named{"include", SpfMechanism::include},
                                Named{"a", SpfMechanism::a},     Named{"mx", SpfMechanism::mx},
                                Named{"ptr", SpfMechanism::ptr}, Named{"ip4", SpfMechanism::ip4},
                                Named{"ip6", SpfMechanism::ip6}, Named{"exists", SpfMechanism::exists}};

std::optional<SpfTerm> read_directive(std::string_view text) {
    SpfTerm term{.mechanism = SpfMechanism::all, .outcome = Outcome::pass, .domain = {}};
    switch (text.front()) {
    case '+': text.remove_prefix(1); break;
    case '-':
        term.outcome = Outcome::fail;
        text.remove_prefix(1);
        break;
    case '~':
        term.outcome = Outcome::softfail;
        text.remove_prefix(1);
        break;
    case '?':
        term.outcome = Outcome::neutral;
        text.remove_prefix(1);
        break;
    default: break;
    }
    const auto end = std::min(text.find_first_of(":/"), text.size());
    const std::string name = ascii_lower(text.substr(0, end));
    const auto found = std::ranges::find(mechanisms, name, &Named::name);
    if (found == mechanisms.end()) return std::nullopt;
    term.mechanism = found->mechanism;
    std::string_view rest = text.substr(end);
    const bool takes_prefix = term.mechanism == SpfMechanism::a || term.mechanism == SpfMechanism::mx;
    if (takes_prefix && !take_prefixes(rest, term)) return std::nullopt;
    const bool has_argument = rest.starts_with(':');
    if (has_argument) rest.remove_prefix(1);
    if (!has_argument && !rest.empty()) return std::nullopt;
    switch (term.mechanism) {
    case SpfMechanism::all: return has_argument ? std::nullopt : std::optional{term};
    case SpfMechanism::ip4: return has_argument && read_network(rest, term, false) ? std::optional{term} : std::nullopt;
    case SpfMechanism::ip6: return has_argument && read_network(rest, term, true) ? std::optional{term} : std::nullopt;
    case SpfMechanism::include:
    case SpfMechanism::exists:
        if (!has_argument) return std::nullopt;
        break;
    case SpfMechanism::a:
    case SpfMechanism::mx:
    case SpfMechanism::ptr: break;
    }
    if (has_argument && !is_domain_spec(rest)) return std::nullopt;
    term.domain = rest;
    return term;
}

std::string value_of(char letter, const SpfMacros& macros, std::string_view domain) {
    switch (letter) {
    case 's': return macros.sender;
    case 'l': return macros.local_part;
    case 'o': return macros.sender_domain;
    case 'd': return std::string{domain};
    case 'h': return macros.helo;
    case 'p': return "unknown";
    case 'v': return macros.client.is_v6 ? "ip6" : "in-addr";
    default: break;
    }
    std::string text;
    for (std::size_t i = 0; i < (macros.client.is_v6 ? 16U : 4U); ++i) {
        const unsigned octet = macros.client.octets[i];
        if (!text.empty()) text += '.';
        text += macros.client.is_v6 ? fmt::format("{:x}.{:x}", octet >> 4U, octet & 15U) : fmt::format("{}", octet);
    }
    return text;
}

std::string transformed(std::string_view value, const Macro& macro) {
    const std::string_view cuts = macro.delimiters.empty() ? std::string_view{"."} : macro.delimiters;
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= value.size(); ++i) {
        if (i < value.size() && !cuts.contains(value[i])) continue;
        parts.push_back(value.substr(begin, i - begin));
        begin = i + 1;
    }
    if (macro.reversed) std::ranges::reverse(parts);
    if (macro.keep > 0 && std::ssize(parts) > macro.keep) parts.erase(parts.begin(), parts.end() - macro.keep);
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) text += '.';
        text += parts[i];
    }
    return text;
}

std::string url_escaped(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (is_alnum(c) || std::string_view{"-._~"}.contains(c)) escaped += c;
        else escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return escaped;
}

}  // namespace

std::optional<SpfRecord> read_spf_record(std::string_view text) {
    SpfRecord record;
    bool explained = false;
    std::size_t count = 0;
    for (const std::string_view term : split(text, ' ')) {
        if (term.empty()) continue;
        if (++count > terms_max) return std::nullopt;
        if (count == 1) continue;  // the version, known
        const auto name_end = term.find_first_of("=:/");
        if (name_end == std::string_view::npos || term[name_end] != '=') {
            auto directive = read_directive(term);
            if (!directive) return std::nullopt;
            record.terms.push_back(*std::move(directive));
            continue;
        }
        const std::string name = ascii_lower(term.substr(0, name_end));
        const std::string_view value = term.substr(name_end + 1);
        const bool named = !name.empty() && is_alpha(name[0]) &&
                           std::ranges::all_of(name, [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
        if (!named) return std::nullopt;
        if (name == "redirect") {
            if (record.redirect || !is_domain_spec(value)) return std::nullopt;
            record.redirect = value;
        } else if (name == "exp") {
            if (explained || !is_domain_spec(value)) return std::nullopt;
            explained = true;
        } else if (!is_macro_string(value, nullptr, true)) {
            return std::nullopt;
        }
    }
    return record;
}

std::string expand_spf(std::string_view spec, const SpfMacros& macros, std::string_view domain) {
    std::string text;
    for (std::size_t i = 0; i < spec.size();) {
        if (spec[i] != '%' || i + 1 == spec.size()) {
            text += spec[i++];
            continue;
        }
        if (spec[i + 1] != '{') {
            text += spec[i + 1] == '%' ? "%" : spec[i + 1] == '_' ? " " : "%20";
            i += 2;
            continue;
        }
        const auto macro = read_macro(spec.substr(i));
        if (!macro) return {};
        const std::string value = transformed(value_of(macro->letter, macros, domain), *macro);
        text += is_alpha(spec[i + 2]) && spec[i + 2] < 'a' ? url_escaped(value) : value;
        i += macro->octets;
    }
    if (text.ends_with('.')) text.pop_back();
    while (text.size() > 253) {
        const auto dot = text.find('.');
        if (dot == std::string::npos) return {};
        text.erase(0, dot + 1);
    }
    return text;
}

}  // namespace okpay::mail
