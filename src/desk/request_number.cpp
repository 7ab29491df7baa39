// SPDX-License-Identifier: Apache-2.0
#include "desk/request_number.hpp"

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "desk/crockford.hpp"

namespace okpay::desk {
namespace {

constexpr std::size_t data_characters = 6;
constexpr std::size_t all_characters = data_characters + 1;
constexpr std::uint32_t half_mask = 0x7fff;  // two halves of 15 bits
constexpr int rounds = 4;                    // Luby and Rackoff: enough against chosen numbers in both directions

using Digits = std::array<std::uint8_t, all_characters>;

std::uint32_t round_value(const Secret& key, int round, std::uint32_t half) {
    Bytes said = "okpay request number 1";
    said.push_back(static_cast<char>(round));
    append_u32(said, half);
    const Hash256 mac = hmac_sha256(key.reveal(), said);
    return (std::uint32_t{mac[0]} << 8U | mac[1]) & half_mask;
}

std::uint32_t permuted(std::uint32_t value, const Secret& key) {
    std::uint32_t left = value >> 15U;
    std::uint32_t right = value & half_mask;
    for (int round = 0; round < rounds; ++round) {
        const std::uint32_t next = left ^ round_value(key, round, right);
        left = right;
        right = next;
    }
    return left << 15U | right;
}

std::uint32_t unpermuted(std::uint32_t value, const Secret& key) {
    std::uint32_t left = value >> 15U;
    std::uint32_t right = value & half_mask;
    for (int round = rounds - 1; round >= 0; --round) {
        const std::uint32_t before = right ^ round_value(key, round, left);
        right = left;
        left = before;
    }
    return left << 15U | right;
}

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Hyphens as keyboards and mail programs write them.
std::size_t hyphen_at(std::string_view text, std::size_t at) {
    for (const std::string_view hyphen : {"-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\uff0d", "_"}) {
        if (text.substr(at).starts_with(hyphen)) return hyphen.size();
    }
    return 0;
}

std::size_t space_at(std::string_view text, std::size_t at) {
    for (const std::string_view space : {" ", "\t", "\u00a0", "\u3000"}) {
        if (text.substr(at).starts_with(space)) return space.size();
    }
    return 0;
}

struct Read {
    std::uint32_t value;
    std::size_t end;
};

// "OK", what separates, seven characters with spaces and hyphens within, the end of a word.
std::optional<Read> read_at(std::string_view text, std::size_t at) {
    if (!equal_ignoring_ascii_case(text.substr(at, 2), "OK") && !equal_ignoring_ascii_case(text.substr(at, 2), "0K")) {
        return std::nullopt;
    }
    std::size_t next = at + 2;
    bool marked = at > 0 && text[at - 1] == '[';
    constexpr std::size_t between_max = 4;
    for (std::size_t count = 0; next < text.size() && count < between_max; ++count) {
        const std::size_t hyphen = hyphen_at(text, next);
        const std::size_t skipped = hyphen > 0 ? hyphen : space_at(text, next);
        if (skipped == 0) break;
        marked = marked || hyphen > 0;
        next += skipped;
    }
    Digits digits{};
    std::size_t count = 0;
    bool numeral = false;
    bool within = false;  // one separator between two characters
    while (next < text.size() && count < all_characters) {
        const std::size_t skipped = std::max(hyphen_at(text, next), space_at(text, next));
        if (skipped > 0) {
            if (within || count == 0) return std::nullopt;
            within = true;
            next += skipped;
            continue;
        }
        const auto digit = crockford_digit(text[next]);
        if (!digit) return std::nullopt;
        numeral = numeral || (text[next] >= '0' && text[next] <= '9');
        within = false;
        digits[count++] = *digit;
        ++next;
    }
    if (count < all_characters || (!marked && !numeral)) return std::nullopt;
    if (next < text.size() && is_word(text[next])) return std::nullopt;
    if (check_sum(digits) != 0) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t n = 0; n < data_characters; ++n) value = value << 5U | digits[n];
    return Read{.value = value, .end = next};
}

}  // namespace

RequestNumber RequestNumber::of(TicketNo ticket, const Secret& key) {
    ensure(number_of(ticket) >= 1 && number_of(ticket) < request_numbers_max);
    return RequestNumber{permuted(static_cast<std::uint32_t>(number_of(ticket)), key)};
}

std::optional<RequestNumber> RequestNumber::parse(std::string_view text) {
    std::string_view core = trimmed(text);
    const bool bracketed = core.starts_with('[') && core.ends_with(']');
    const auto read = read_at(core, bracketed ? 1 : 0);
    if (!read || read->end != core.size() - (bracketed ? 1 : 0)) return std::nullopt;
    return RequestNumber{read->value};
}

std::optional<RequestNumber> RequestNumber::find_in(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at > 0 && is_word(text[at - 1])) continue;
        if (const auto read = read_at(text, at)) return RequestNumber{read->value};
    }
    return std::nullopt;
}

std::vector<RequestNumber> RequestNumber::all_in(std::string_view text) {
    std::vector<RequestNumber> found;
    for (std::size_t at = 0; at < text.size() && found.size() < found_max; ++at) {
        if (at > 0 && is_word(text[at - 1])) continue;
        const auto read = read_at(text, at);
        if (!read) continue;
        const RequestNumber number{read->value};
        if (std::find(found.begin(), found.end(), number) == found.end()) found.push_back(number);
        at = read->end - 1;
    }
    return found;
}

std::string RequestNumber::text() const {
    Digits digits{};
    for (std::size_t n = 0; n < data_characters; ++n) {
        digits[n] = static_cast<std::uint8_t>((value_ >> (5U * (data_characters - 1 - n))) & 0x1fU);
    }
    digits.back() = check_sum(digits);  // addition is its own inverse: with it the sum is zero
    std::string text = "OK-";
    for (const std::uint8_t digit : digits) text.push_back(crockford_alphabet[digit]);
    return text;
}

TicketNo RequestNumber::ticket(const Secret& key) const {
    return TicketNo{static_cast<std::int64_t>(unpermuted(value_, key))};
}

}  // namespace okpay::desk
