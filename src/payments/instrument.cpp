// SPDX-License-Identifier: Apache-2.0
#include "payments/instrument.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace okpay::payments {
namespace {

constexpr std::size_t account_characters_min = 6;
constexpr std::size_t account_characters_max = 30;
constexpr std::size_t iban_characters_min = 15;
constexpr std::size_t iban_characters_max = 34;
constexpr std::size_t token_characters_min = 8;
constexpr std::size_t shown_characters = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_plain(char c) { return is_digit(c) || is_letter(c); }

std::string compact_upper(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ' ' || c == '-') continue;
        out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return out;
}

bool looks_like_iban(std::string_view text) {
    return text.size() >= iban_characters_min && text.size() <= iban_characters_max && is_letter(text[0]) &&
           is_letter(text[1]) && is_digit(text[2]) && is_digit(text[3]);
}

// ISO 7064 MOD 97-10 over the number with its first four characters moved to the end, letters as 10 to 35.
bool has_iban_check(std::string_view iban) {
    unsigned rest = 0;
    const auto feed = [&rest](char c) {
        rest = is_digit(c) ? (rest * 10 + static_cast<unsigned>(c - '0')) % 97
                           : (rest * 100 + static_cast<unsigned>(c - 'A') + 10) % 97;
    };
    std::ranges::for_each(iban.substr(4), feed);
    std::ranges::for_each(iban.substr(0, 4), feed);
    return rest == 1;
}

// 13 to 19 digits that pass Luhn (ISO/IEC 7812).
bool is_card_number(std::string_view text) {
    if (text.size() < 13 || text.size() > 19 || !std::ranges::all_of(text, is_digit)) return false;
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        int digit = text[text.size() - 1 - i] - '0';
        if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

}  // namespace

std::string_view sentence_en(InstrumentError error) {
    switch (error) {
    case InstrumentError::malformed: return "is no account that we know how to reach: an IBAN, an account number or a token";
    case InstrumentError::wrong_check_digits: return "is an IBAN with a wrong digit: compare it with your bank's paper";
    case InstrumentError::card_number: return "is a card number, which we never take: send the acquirer's token for it";
    }
    std::abort();
}

Result<Instrument, InstrumentError> parse_instrument(RailDirection direction, std::string_view text) {
    text = trimmed(text);
    if (text.empty() || text.size() > instrument_octets_max) return fail(InstrumentError::malformed);
    if (text.starts_with("sandbox:")) return Instrument{std::string{text}, std::string{text}};
    const std::string plain = compact_upper(text);
    if (is_card_number(plain)) return fail(InstrumentError::card_number);
    if (direction == RailDirection::collect) {
        constexpr std::string_view prefix = "tok_";
        const std::string_view token = text.starts_with(prefix) ? text.substr(prefix.size()) : "";
        if (token.size() < token_characters_min || !std::ranges::all_of(token, is_plain)) {
            return fail(InstrumentError::malformed);
        }
        return Instrument{std::string{text}, "card"};
    }
    if (plain.size() < account_characters_min || !std::ranges::all_of(plain, is_plain)) {
        return fail(InstrumentError::malformed);
    }
    if (looks_like_iban(plain)) {
        if (!has_iban_check(plain)) return fail(InstrumentError::wrong_check_digits);
    } else if (plain.size() > account_characters_max || !std::ranges::any_of(plain, is_digit)) {
        return fail(InstrumentError::malformed);
    }
    return Instrument{plain, "bank ····" + plain.substr(plain.size() - shown_characters)};
}

}  // namespace okpay::payments
