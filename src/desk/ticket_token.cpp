// SPDX-License-Identifier: Apache-2.0
#include "desk/ticket_token.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace okpay::desk {
namespace {

constexpr std::size_t key_id_octets = 1;
constexpr std::size_t number_octets = 5;
constexpr std::size_t mark_octets = 5;
constexpr std::size_t mac_octets = 16;
constexpr std::size_t token_octets = key_id_octets + number_octets + mark_octets + mac_octets;
constexpr std::size_t letter_mac_octets = 15;
static_assert(((1 + letter_mac_octets) * 8 + 4) / 5 == letter_mark_characters);
static_assert((token_octets * 8 + 4) / 5 == token_characters);

Bytes head_of(const Hash256& hash, std::size_t octets) { return Bytes{view_of(hash).substr(0, octets)}; }

Bytes mac_for(const Secret& key, std::string_view purpose, ByteView said, std::size_t octets) {
    Bytes all{"okpay ticket token 1 "};
    all += purpose;
    all += said;
    return head_of(hmac_sha256(key.reveal(), all), octets);
}

Bytes mark_of(const Secret& key, std::string_view address) {
    return mac_for(key, "r", ascii_lower(trimmed(address)), mark_octets);
}

Bytes number_bytes(TicketNo ticket) {
    Bytes eight;
    append_u64(eight, static_cast<std::uint64_t>(number_of(ticket)));
    return eight.substr(8 - number_octets);
}

Bytes masked(const Secret& key, ByteView number, ByteView mac) {
    Bytes out = mac_for(key, "m", mac, number_octets);
    for (std::size_t n = 0; n < number_octets; ++n) out[n] = static_cast<char>(out[n] ^ number[n]);
    return out;
}

const TokenKey* key_with(std::span<const TokenKey> keys, std::uint8_t id) {
    const auto found = std::find_if(keys.begin(), keys.end(), [id](const TokenKey& key) { return key.id == id; });
    return found == keys.end() ? nullptr : &*found;
}

bool is_base32(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'); }

// Runs of exactly token_characters base32 characters behind `lead`. What is longer or shorter is no token.
void gather(std::string_view text, std::string_view lead, TokenPlace place, std::vector<FoundToken>& found) {
    const std::string lower = ascii_lower(text);
    for (std::size_t at = lower.find(lead); at != std::string::npos; at = lower.find(lead, at + 1)) {
        std::size_t from = at + lead.size();
        while (place == TokenPlace::body && from < lower.size() && lower[from] == ' ') ++from;
        std::size_t end = from;
        while (end < lower.size() && end - from <= token_characters && is_base32(lower[end])) ++end;
        if (end - from != token_characters || found.size() >= tokens_found_max) continue;
        const std::string token = lower.substr(from, token_characters);
        const bool known =
            std::any_of(found.begin(), found.end(), [&](const FoundToken& other) { return other.token == token; });
        if (!known) found.push_back({.token = token, .place = place});
    }
}

std::string letter_mark(const TokenKey& key, std::string_view recipient, std::string_view unique) {
    const Bytes said = Bytes{unique} + '\0' + ascii_lower(trimmed(recipient));
    return ascii_lower(base32_of(Bytes(1, static_cast<char>(key.id)) + mac_for(key.key, "n", said, letter_mac_octets)));
}

}  // namespace

std::string make_token(const TokenKey& key, TicketNo ticket, std::string_view recipient) {
    ensure(number_of(ticket) >= 1 && number_of(ticket) <= token_ticket_max);
    const Bytes id(1, static_cast<char>(key.id));
    const Bytes number = number_bytes(ticket);
    const Bytes mark = mark_of(key.key, recipient);
    const Bytes mac = mac_for(key.key, "t", id + number + mark, mac_octets);
    return ascii_lower(base32_of(id + masked(key.key, number, mac) + mark + mac));
}

std::string message_id_with(std::string_view token, std::string_view unique, std::string_view domain) {
    return fmt::format("<t.{}.{}@{}>", token, unique, domain);
}

std::string reply_address_with(std::string_view token, std::string_view local_part, std::string_view domain) {
    ensure(local_part.size() + 1 + token.size() <= 64);  // RFC 5321 section 4.5.3.1.1
    return fmt::format("{}+{}@{}", local_part, token, domain);
}

std::string reference_line(std::string_view token) { return fmt::format("Ref: {}", token); }

std::string letter_message_id(const TokenKey& key, std::string_view recipient, std::string_view unique,
                              std::string_view domain) {
    return fmt::format("<n.{}.{}@{}>", letter_mark(key, recipient, unique), unique, domain);
}

std::optional<OwnMessageId> read_own_message_id(std::string_view id) {
    const std::string lower = ascii_lower(id.substr(0, id.find('@')));
    const auto parts = split(lower, '.');
    if (parts.size() != 3 || parts[2].empty()) return std::nullopt;
    if (parts[0] == "t" && parts[1].size() == token_characters)
        return OwnMessageId{.token = std::string{parts[1]}, .mark = "", .unique = std::string{parts[2]}};
    if (parts[0] == "n" && parts[1].size() == letter_mark_characters)
        return OwnMessageId{.token = "", .mark = std::string{parts[1]}, .unique = std::string{parts[2]}};
    return std::nullopt;
}

bool is_letter_mark(std::span<const TokenKey> keys, const OwnMessageId& id, std::string_view recipient) {
    const auto octets = id.mark.empty() ? std::nullopt : bytes_of_base32(id.mark);
    if (!octets || octets->empty()) return false;
    const TokenKey* key = key_with(keys, static_cast<std::uint8_t>(octets->front()));
    return key != nullptr && equal_in_constant_time(letter_mark(*key, recipient, id.unique), id.mark);
}

std::optional<VerifiedToken> verify_token(std::span<const TokenKey> keys, std::string_view token) {
    if (token.size() != token_characters || !std::all_of(token.begin(), token.end(), is_base32)) return std::nullopt;
    const auto octets = bytes_of_base32(token);  // refuses spare bits that are not zero: one token has one text
    if (!octets || octets->size() != token_octets) return std::nullopt;
    const ByteView all = *octets;
    const ByteView id = all.substr(0, key_id_octets);
    const ByteView mark = all.substr(key_id_octets + number_octets, mark_octets);
    const ByteView mac = all.substr(token_octets - mac_octets);
    const TokenKey* key = key_with(keys, static_cast<std::uint8_t>(id[0]));
    if (key == nullptr) return std::nullopt;
    const Bytes number = masked(key->key, all.substr(key_id_octets, number_octets), mac);  // XOR undoes itself
    const Bytes want = mac_for(key->key, "t", Bytes{id} + number + Bytes{mark}, mac_octets);
    if (!equal_in_constant_time(want, mac)) return std::nullopt;
    const std::uint64_t ticket = read_u64(Bytes(8 - number_octets, '\0') + number);
    if (ticket == 0) return std::nullopt;
    VerifiedToken verified{.ticket = TicketNo{static_cast<std::int64_t>(ticket)}, .key_id = key->id, .recipient_mark = {}};
    std::copy(mark.begin(), mark.end(), verified.recipient_mark.begin());
    return verified;
}

bool was_sent_to(std::span<const TokenKey> keys, const VerifiedToken& token, std::string_view address) {
    const TokenKey* key = key_with(keys, token.key_id);
    if (key == nullptr || trimmed(address).empty()) return false;
    const ByteView mark{reinterpret_cast<const char*>(token.recipient_mark.data()), token.recipient_mark.size()};
    return equal_in_constant_time(mark_of(key->key, address), mark);
}

std::vector<FoundToken> find_tokens(const MailTexts& mail) {
    std::vector<FoundToken> found;
    gather(mail.in_reply_to, "<t.", TokenPlace::in_reply_to, found);
    gather(mail.references, "<t.", TokenPlace::references, found);
    for (const std::string& recipient : mail.recipients) gather(recipient, "+", TokenPlace::recipient, found);
    gather(mail.body, "ref:", TokenPlace::body, found);
    return found;
}

}  // namespace okpay::desk
