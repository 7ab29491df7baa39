// SPDX-License-Identifier: Apache-2.0
// The unforgeable mark in each mail of ours that belongs to a ticket: it names a ticket and the one address it was sent to.
// It proves that someone had that mail, not who: the sender is compared as well (threading.hpp).
//
//   Octets    1 key id; 5 ticket number, masked; 5 mark of the recipient; 16 MAC (HMAC-SHA-256 cut to 128 bits).
//             mark = HMAC(key, "r" || address in lower case); mac = HMAC(key, "t" || key id || number || mark);
//             mask = HMAC(key, "m" || mac), so that a token does not tell how many tickets there are.
//   Text      base32 (RFC 4648), lower case, 44 characters, read in any case; exactly one text for one token.
//   Places    Message-ID <t.TOKEN.UNIQUE@domain>, Reply-To support+TOKEN@domain (52 of the 64 octets that
//             RFC 5321 allows), and a line "Ref: TOKEN" at the end of the body.
//   Keys      several ids may be valid at once; the newest signs.
//   Letters   that belong to no ticket carry a mark in their Message-ID alone, <n.MARK.UNIQUE@domain>: 1 key id and 15
//   octets
//             of HMAC(key, "n" || unique || 0 || recipient in lower case), 26 characters.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "desk/ticket.hpp"

namespace okpay::desk {

struct TokenKey {
    std::uint8_t id;
    Secret key;  // 32 octets
};

inline constexpr std::size_t token_characters = 44;
inline constexpr std::size_t letter_mark_characters = 26;
inline constexpr std::size_t tokens_found_max = 32;
inline constexpr std::int64_t token_ticket_max = (std::int64_t{1} << 40) - 1;

std::string make_token(const TokenKey& key, TicketNo ticket, std::string_view recipient);
std::string message_id_with(std::string_view token, std::string_view unique, std::string_view domain);  // with <>
std::string reply_address_with(std::string_view token, std::string_view local_part, std::string_view domain);
std::string reference_line(std::string_view token);  // "Ref: …", without a line end

std::string letter_message_id(const TokenKey& key, std::string_view recipient, std::string_view unique,
                              std::string_view domain);  // with <>

// A Message-ID that may be one of ours, taken apart; nothing is proven yet.
struct OwnMessageId {
    std::string token;   // of a ticket's mail; or
    std::string mark;    // of a letter
    std::string unique;  // lower case
};
std::optional<OwnMessageId> read_own_message_id(std::string_view id);  // without angle brackets
bool is_letter_mark(std::span<const TokenKey> keys, const OwnMessageId& id, std::string_view recipient);

struct VerifiedToken {
    TicketNo ticket;
    std::uint8_t key_id;
    std::array<std::uint8_t, 5> recipient_mark;
};
// Nothing where the key is unknown, a bit differs, or the text is not the one text of the token.
std::optional<VerifiedToken> verify_token(std::span<const TokenKey> keys, std::string_view token);
bool was_sent_to(std::span<const TokenKey> keys, const VerifiedToken& token, std::string_view address);

enum class TokenPlace : std::uint8_t { in_reply_to, references, recipient, body };
struct FoundToken {
    std::string token;  // lower case, not yet verified
    TokenPlace place;
};
struct MailTexts {
    std::string_view in_reply_to, references;      // header values
    std::span<const std::string> recipients;       // envelope and To/Cc addresses
    std::string_view body;                         // all of it: the line stands in the quoted part
};
// Each token once, at the first place in the order above; at most tokens_found_max.
std::vector<FoundToken> find_tokens(const MailTexts& mail);

}  // namespace okpay::desk
