// SPDX-License-Identifier: Apache-2.0
// "Is this mail really from you?" Each mail of ours carries a code that only we can make; whoever has the mail asks the
// website or verify@ about it. It proves which mail it was made for, not what stands around it: somebody who got a mail of
// ours may copy its code into a forged one, so the answer names whom the mail went to.
//
//   Code   14 characters of Crockford's base32, read in any case, shown as XXXX-XXXX-XXXX-XX: 1 key id, 12 of the MAC (60
//          bits of HMAC-SHA-256 over the id of the mail), 1 check character, so that a mistyped one is told from a wrong
//          one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/secret.hpp"
#include "desk/acknowledgement.hpp"

namespace okpay::desk {

struct OfficialKey {
    std::uint8_t id;  // 1 to 31
    Secret key;
};

inline constexpr std::size_t official_code_characters = 14;
inline constexpr std::size_t official_codes_found_max = 8;

std::string make_official_code(const OfficialKey& key, const OutgoingId& mail);
bool is_official_code(std::span<const OfficialKey> keys, std::string_view code, const OutgoingId& mail);
std::string shown_official_code(std::string_view code);  // with hyphens

// As typed: blanks and hyphens do not matter. Nothing where the length, a character or the check is wrong.
std::optional<std::string> parse_official_code(std::string_view text);
// Every text of the shown form in a mail, each once.
std::vector<std::string> official_codes_in(std::string_view text);

// What the code is about, without a word of the mail: an answer of ours, a first word back, a letter of an account.
enum class OfficialKind : std::uint8_t { reply, acknowledgement, letter };
OfficialKind official_kind_of(std::string_view outgoing_kind);
std::string_view name_of(OfficialKind kind);

// The line at the end of each mail; ASCII, so that it changes no mail's encoding. The page is named and not linked to: a
// forged mail would carry a link as well.
std::string official_line(std::string_view code, std::string_view public_url);

// What verify@ answers. A yes says no more than when.
struct CheckAnswer {
    Language language;
    std::optional<Moment> sent;  // none: no
    std::string_view phishing_address;
    std::string_view house = "OKPay";
};
MailText answer_check(const CheckAnswer& answer);

}  // namespace okpay::desk
