// SPDX-License-Identifier: Apache-2.0
// Ids: 128 bits, time-ordered (UUIDv7, RFC 9562 section 5.7). Each kind is a type of its own. Made by the client where
// a retry must be harmless; random octets and the moment are arguments, so pure rooms may make one.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/moment.hpp"

namespace okpay {

namespace id_text {
std::string of(const std::array<std::uint8_t, 16>& bytes);  // 8-4-4-4-12, lower case
std::optional<std::array<std::uint8_t, 16>> parse(std::string_view text);
std::array<std::uint8_t, 16> uuid7(Moment at, ByteView random_octets);  // needs 10 octets of randomness
}  // namespace id_text

template <class Tag>
struct Id {
    std::array<std::uint8_t, 16> bytes;

    static Id of(Moment at, ByteView random_octets) { return Id{id_text::uuid7(at, random_octets)}; }
    static std::optional<Id> parse(std::string_view text) {
        const auto parsed = id_text::parse(text);
        if (!parsed) return std::nullopt;
        return Id{*parsed};
    }
    static std::optional<Id> of_bytes(ByteView octets) {
        if (octets.size() != 16) return std::nullopt;
        Id id{};
        std::memcpy(id.bytes.data(), octets.data(), 16);
        return id;
    }
    [[nodiscard]] std::string text() const { return id_text::of(bytes); }
    [[nodiscard]] ByteView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using CustomerId = Id<struct CustomerTag>;
using MerchantId = Id<struct MerchantTag>;
using StaffId = Id<struct StaffTag>;
using SessionId = Id<struct SessionTag>;
using PaymentId = Id<struct PaymentTag>;
using TransferId = Id<struct TransferTag>;
using CommandId = Id<struct CommandTag>;
using MailId = Id<struct MailTag>;
using TicketId = Id<struct TicketTag>;
using MessageId = Id<struct MessageTag>;
using RemedyId = Id<struct RemedyTag>;
using OutgoingId = Id<struct OutgoingTag>;
using CorrectionId = Id<struct CorrectionTag>;
using DisputeId = Id<struct DisputeTag>;
using MoneyRequestId = Id<struct MoneyRequestTag>;
using ScheduleId = Id<struct ScheduleTag>;

}  // namespace okpay

template <class Tag>
struct std::hash<okpay::Id<Tag>> {
    std::size_t operator()(const okpay::Id<Tag>& id) const noexcept {
        std::size_t value = 0;  // The last eight octets are random in a UUIDv7.
        std::memcpy(&value, id.bytes.data() + 8, sizeof value);
        return value;
    }
};
