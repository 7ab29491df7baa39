// SPDX-License-Identifier: Apache-2.0
#include "payments/payment_ref.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace okpay::payments {
namespace {

constexpr std::size_t reference_characters = 26;  // of 16 octets
constexpr std::string_view prefix = "pay";

std::uint8_t octet(std::uint64_t value) { return static_cast<std::uint8_t>(value & 0xffU); }

bool is_base32(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'); }
bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80) != 0;
}

std::optional<PaymentId> of_characters(std::string_view characters) {
    const auto bytes = bytes_of_base32(characters);  // refuses spare bits that are not zero: one id has one text
    if (!bytes) return std::nullopt;
    const auto id = PaymentId::of_bytes(*bytes);
    if (!id || !is_payment_id(*id)) return std::nullopt;
    return id;
}

struct Found {
    PaymentId id;
    std::size_t end;
};
std::optional<Found> read_at(std::string_view text, std::size_t at) {
    if (!equal_ignoring_ascii_case(text.substr(at, prefix.size()), prefix)) return std::nullopt;
    std::size_t next = at + prefix.size();
    if (next >= text.size() || (text[next] != '_' && text[next] != '-')) return std::nullopt;
    ++next;
    std::string characters;
    for (; next < text.size() && characters.size() < reference_characters; ++next) {
        const char c = text[next];
        if (c == ' ' || c == '-') continue;
        if (!is_base32(c)) return std::nullopt;
        characters.push_back(c);
    }
    const auto id = of_characters(characters);
    if (!id) return std::nullopt;
    return Found{.id = *id, .end = next};
}

}  // namespace

PaymentId id_of(std::int64_t seq, Moment created, const Hash256& key) {
    ensure(seq >= 1 && seq <= payment_seq_max);
    const auto number = static_cast<std::uint64_t>(seq);
    const auto since_epoch = static_cast<std::uint64_t>(ms_of(created));
    Bytes said;
    append_u64(said, number);
    append_u64(said, since_epoch);
    const Hash256 check = sha256({"okpay payment id 1", said, view_of(key)});

    PaymentId id{};
    for (std::size_t n = 0; n < 6; ++n) id.bytes[n] = octet(since_epoch >> (40U - 8U * n));
    id.bytes[6] = octet(0x80U | (number >> 36U));
    id.bytes[7] = octet(number >> 28U);
    id.bytes[8] = octet(0x80U | ((number >> 22U) & 0x3fU));
    id.bytes[9] = octet(number >> 14U);
    id.bytes[10] = octet(number >> 6U);
    id.bytes[11] = octet(((number & 0x3fU) << 2U) | (check[4] & 0x03U));
    std::copy_n(check.begin(), 4, id.bytes.begin() + 12);
    return id;
}

std::int64_t seq_of(const PaymentId& id) {
    const auto& b = id.bytes;
    const std::uint64_t number = (std::uint64_t{b[6]} & 0x0fU) << 36U | std::uint64_t{b[7]} << 28U |
                                 (std::uint64_t{b[8]} & 0x3fU) << 22U | std::uint64_t{b[9]} << 14U |
                                 std::uint64_t{b[10]} << 6U | std::uint64_t{b[11]} >> 2U;
    return static_cast<std::int64_t>(number);
}

Moment created_of(const PaymentId& id) {
    std::int64_t since_epoch = 0;
    for (std::size_t n = 0; n < 6; ++n) since_epoch = since_epoch << 8 | id.bytes[n];
    return moment_of_ms(since_epoch);
}

bool is_payment_id(const PaymentId& id) {
    return (id.bytes[6] & 0xf0U) == 0x80U && (id.bytes[8] & 0xc0U) == 0x80U && seq_of(id) >= 1;
}

std::string text_of(const PaymentId& id) { return "pay_" + ascii_lower(base32_of(id.view())); }

std::optional<PaymentId> parse_payment_ref(std::string_view text) {
    const std::string_view core = trimmed(text);
    const auto found = read_at(core, 0);
    if (!found || found->end != core.size()) return std::nullopt;
    return found->id;
}

std::vector<PaymentId> payment_refs_in(std::string_view text) {
    std::vector<PaymentId> refs;
    std::size_t at = 0;
    while (at < text.size() && refs.size() < payment_refs_max) {
        const bool starts_word = at == 0 || !is_word(text[at - 1]) || (text[at - 1] & 0x80) != 0;
        const auto found = starts_word ? read_at(text, at) : std::nullopt;
        const bool ends_word = found && (found->end == text.size() || !is_word(text[found->end]) ||
                                         (text[found->end] & 0x80) != 0);  // Chinese has no spaces
        if (!ends_word) {
            ++at;
            continue;
        }
        if (std::find(refs.begin(), refs.end(), found->id) == refs.end()) refs.push_back(found->id);
        at = found->end;
    }
    return refs;
}

}  // namespace okpay::payments
