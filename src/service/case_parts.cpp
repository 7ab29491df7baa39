// SPDX-License-Identifier: Apache-2.0
#include "service/case_parts.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "customers/names.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"

namespace okpay::service {
namespace {

constexpr char key_id = 1;
constexpr std::string_view key_label = "letter links 1";
constexpr std::size_t mac_octets = 20;

std::string_view page_of(LinkPurpose purpose) {
    switch (purpose) {
    case LinkPurpose::prove_change: return "/account/confirm-address";
    case LinkPurpose::cancel_change: return "/account/keep-address";
    case LinkPurpose::open_case: return "/account/case";
    case LinkPurpose::cancel_phone: return "/account/keep-phone";
    }
    std::abort();
}

}  // namespace

HouseLink::HouseLink(const Context& context, LinkPurpose purpose, ByteView id) {
    const Secret key = context.keyring().derived(key_label);
    Bytes said(1, static_cast<char>(purpose));
    said += id;
    const Hash256 mac = hmac_sha256(key.reveal(), said);
    token_ = Bytes(1, key_id) + Bytes{view_of(mac).substr(0, mac_octets)};
    std::string_view site = context.settings().public_url;
    while (site.ends_with('/')) site.remove_suffix(1);
    page_ = fmt::format("{}{}", site, page_of(purpose));
}

Hash256 HouseLink::hash() const { return sha256(token_); }

std::string HouseLink::url() const { return fmt::format("{}#{}", page_, ascii_lower(base32_of(token_))); }

std::string without_link_tokens(std::string text) {
    constexpr std::string_view page = "/account/";
    constexpr std::size_t token_octets_min = 16;
    const auto is_of_token = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    };
    for (auto at = text.find(page); at != std::string::npos; at = text.find(page, at + page.size())) {
        const auto hash =
            std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at + page.size()), text.end(), is_of_token);
        if (hash == text.end() || *hash != '#') continue;
        const auto end = std::find_if_not(hash + 1, text.end(), is_of_token);
        if (end - hash > static_cast<std::ptrdiff_t>(token_octets_min)) text.replace(hash + 1, end, "…");
    }
    return text;
}

std::optional<Hash256> hash_of_link(std::string_view token_text) {
    const auto octets = bytes_of_base32(token_text);
    if (!octets || octets->size() != mac_octets + 1 || octets->front() != key_id) return std::nullopt;
    return sha256(*octets);
}

std::string masked_mailbox(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return address.empty() ? "" : "***";
    return fmt::format("{}***{}", utf8_prefix(address.substr(0, at), 2), address.substr(at));
}

std::optional<std::string> canonical_mailbox(std::string_view text) {
    const auto address = mail::EmailAddress::parse(trimmed(text));
    return address ? std::optional{ascii_lower(address->text())} : std::nullopt;
}

void touch_ticket(Books& books, store::TicketRow& row, Moment at) {
    row.ticket.updated = std::max(row.ticket.updated, at);  // commands of a clock that lags come too
    row.ticket.version += 1;
    store::update_ticket(books.connection(), row);
    books.news().tickets.push_back(row.ticket.request_number);
}

bool raise_assurance(Books& books, store::TicketRow& row, customers::Assurance shown, std::string_view by, Moment at) {
    if (row.ticket.assurance >= shown) return false;
    row.ticket.assurance = shown;
    store::insert_event(books.connection(), row.ticket.no, at, "assurance_raised", std::nullopt,
                        json_text({{"to", std::string{customers::name_of(shown)}}, {"by", std::string{by}}}));
    return true;
}

}  // namespace okpay::service
