// SPDX-License-Identifier: Apache-2.0
#include "content/impl/shown_link.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace okpay::content {
namespace {

constexpr std::size_t address_octets_max = 2'048;

struct Authority {
    std::string host;  // lower case
    bool has_user = false;
};

Authority authority_of(std::string_view address) {
    const auto slashes = address.find("://");
    if (slashes == std::string_view::npos) return {};
    std::string_view rest = address.substr(slashes + 3);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    Authority found;
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        found.has_user = true;
        rest.remove_prefix(at + 1);
    }
    found.host = ascii_lower(rest.substr(0, rest.find(':')));
    return found;
}

bool is_host(std::string_view text) {
    const auto labels = split(text, '.');
    if (labels.size() < 2) return false;
    for (const std::string_view label : labels) {
        const bool named = !label.empty() && std::ranges::all_of(label, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || static_cast<unsigned char>(c) >= 0x80;
        });
        if (!named) return false;
    }
    const std::string_view last = labels.back();
    return last.size() >= 2 && std::ranges::none_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

// The part that somebody registered, near enough: two labels, three where the second is one like "co".
std::string site_of(std::string_view host) {
    constexpr std::array shared{"co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go"};
    const auto labels = split(host, '.');
    if (labels.size() <= 2) return std::string{host};
    const std::string_view second = labels[labels.size() - 2];
    const bool three = std::ranges::any_of(shared, [&](std::string_view one) { return one == second; });
    std::size_t from = labels.size() - (three ? 3 : 2);
    std::string site;
    for (; from < labels.size(); ++from) site += (site.empty() ? "" : ".") + std::string{labels[from]};
    return site;
}

}  // namespace

std::optional<std::string> safe_address(std::string_view href) {
    const std::string_view address = trimmed(href);
    if (address.size() > address_octets_max) return std::nullopt;
    const auto colon = address.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string scheme = ascii_lower(address.substr(0, colon));
    const bool web = scheme == "http" || scheme == "https";
    if (!web && scheme != "mailto" && scheme != "tel") return std::nullopt;
    if (web && !address.substr(colon + 1).starts_with("//")) return std::nullopt;
    const bool odd = std::ranges::any_of(address, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' || c == '\\';
    });
    if (odd) return std::nullopt;
    return scheme + std::string{address.substr(colon)};
}

bool deceives(std::string_view text, std::string_view address) {
    const Authority leads = authority_of(address);
    if (leads.has_user) return true;
    std::string said = ascii_lower(trimmed(text));
    if (address.starts_with("mailto:")) {
        const std::string to = ascii_lower(
            address.substr(7, address.find('?') == std::string_view::npos ? std::string_view::npos : address.find('?') - 7));
        return said.find('@') != std::string::npos && said.find(' ') == std::string::npos && said != to;
    }
    if (leads.host.empty() || said.find(' ') != std::string::npos) return false;
    if (const auto slashes = said.find("://"); slashes != std::string::npos) said.erase(0, slashes + 3);
    if (const auto at = said.find('@'); at != std::string::npos) said.erase(0, at + 1);
    said = said.substr(0, said.find_first_of("/?#:"));
    return is_host(said) && site_of(said) != site_of(leads.host);
}

}  // namespace okpay::content
