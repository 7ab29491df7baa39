// SPDX-License-Identifier: Apache-2.0
// Web hooks by the Standard Webhooks scheme (github.com/standard-webhooks/standard-webhooks, 1.0): where they may go, what
// they tell, how they are signed, and when a failed one is tried again. Pure: moments and randomness are arguments.
//
//   Secret     32 random octets, written "whsec_" and their base64. After a change both sign for `hook_secrets_overlap`.
//   Signature  "v1," and the base64 of HMAC-SHA-256(secret, id "." seconds "." body); with two secrets two, one space apart.
//   Tries      the first at once, then after 1 min, 5 min twice, 10 min five times, 1 h five times, 6 h three times, each a
//              tenth longer at most: 24 hours together. Then a person sends it again, or nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/moment.hpp"
#include "payments/dispute.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

inline constexpr std::size_t hook_url_octets_max = 2'048;
inline constexpr std::size_t hook_secret_octets = 32;
inline constexpr std::chrono::hours hook_secrets_overlap{24};
inline constexpr std::int64_t hook_endpoints_max = 16;  // of one owner, those removed not counted
inline constexpr std::int64_t hook_deliveries_waiting_max = 100;  // of one endpoint; then its cursor waits for one to end
inline constexpr std::chrono::days hook_failing_max{5};  // of nothing but failures; then it is switched off

// "https://host[:port][/path][?query]", ASCII. Refused: user names, fragments, empty hosts, spaces and controls.
struct HookUrl {
    bool tls = true;
    std::string host;  // lower case, without the brackets of an IPv6 address
    std::uint16_t port = 443;
    std::string target;  // path and query, never empty

    static std::optional<HookUrl> parse(std::string_view text);
    // As it stands in the Host field: without the scheme's own port.
    [[nodiscard]] std::string authority() const;
    // Whether the host says of itself that it is this machine: "localhost", 127.0.0.1, ::1. What a name means is looked up
    // when it is sent to, and looked at then.
    [[nodiscard]] bool is_loopback() const;
};

enum class HookOwner : std::uint8_t { merchant = 1, house = 2 };

// Words such as "payment.succeeded"; "ping" is sent to whoever asks, subscribed or not.
std::span<const std::string_view> hook_event_types(HookOwner owner);
inline constexpr std::string_view hook_ping = "ping";
// Nothing for what is not told: only payments to merchants and refunds of them are.
std::string hook_event_type(PaymentKind kind, PaymentState state);
std::string hook_event_type(DisputeStatus status);
// Of a request, by the kind of its event; nothing for those that are not told. And of a message that we wrote.
std::string hook_event_type_of_ticket(std::string_view event_kind);
inline constexpr std::string_view hook_ticket_replied = "ticket.replied";  // by a person
inline constexpr std::string_view hook_ticket_answered = "ticket.answered";  // by the program

std::string hook_secret_text(ByteView secret);
// One signature by one secret.
std::string hook_signature(ByteView secret, std::string_view id, Moment at, ByteView body);

// What to wait after so many failed tries, one or more; nothing: it is not tried again. `random` spreads it.
std::optional<Millis> hook_pause(std::int64_t tries, std::uint64_t random);

}  // namespace okpay::payments
