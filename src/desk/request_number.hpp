// SPDX-License-Identifier: Apache-2.0
// What a customer quotes back to us: "OK-7F3K9Q2", in brackets in a subject.
//
//   Form      six characters of Crockford's base32 (no I, L, O, U), a keyed permutation of the ticket's number, so that
//             neighbours look unrelated and volume does not show; then one check character.
//   Check     sum of a^i * d_i = 0 over GF(32), a primitive: finds every wrong character and every two exchanged ones.
//   Reading   any case, O for 0, I and L for 1, brackets or none, spaces and hyphens within. Where nothing but a space
//             follows "OK", a digit must be among the seven: "ok tomorrow" is no number.
//   Guessing  gives nothing: a number opens no door without a party at A1 (threading.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "desk/ticket.hpp"

namespace okpay::desk {

inline constexpr std::int64_t request_numbers_max = std::int64_t{1} << 30;  // tickets that have a number, from 1

class RequestNumber {
public:
    // `ticket` is 1 to request_numbers_max - 1. The key never changes: numbers are printed on paper.
    static RequestNumber of(TicketNo ticket, const Secret& key);
    static std::optional<RequestNumber> parse(std::string_view text);  // nothing else around it
    static std::optional<RequestNumber> find_in(std::string_view text);  // first that holds
    static std::vector<RequestNumber> all_in(std::string_view text);     // each once, at most found_max
    static constexpr std::size_t found_max = 10;

    [[nodiscard]] std::string text() const;  // "OK-7F3K9Q2", as Ticket::request_number
    [[nodiscard]] std::string in_brackets() const { return "[" + text() + "]"; }  // for a subject
    [[nodiscard]] TicketNo ticket(const Secret& key) const;
    friend bool operator==(RequestNumber, RequestNumber) = default;

private:
    explicit constexpr RequestNumber(std::uint32_t value) : value_{value} {}
    std::uint32_t value_;  // Invariant: below 2^30.
};

}  // namespace okpay::desk
