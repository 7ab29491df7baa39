// SPDX-License-Identifier: Apache-2.0
#include "api/gate.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/names.hpp"

namespace okpay::api {
namespace {

constexpr std::string_view key_prefix = "sk_";
constexpr std::string_view sign_on_cookie_name = "okpay_sign_on";

bool is_loopback_host(std::string_view host_and_port) {
    std::string_view host = host_and_port;
    const auto bracket = host.find(']');
    const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    host = host.substr(0, colon);
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

std::string attributes(bool secure) {
    return fmt::format("; Path=/; HttpOnly; SameSite=Strict{}", secure ? "; Secure" : "");
}

std::string full_name(std::string_view cookie, bool secure) { return fmt::format("{}{}", secure ? "__Host-" : "", cookie); }

}  // namespace

std::string origin_of(std::string_view url) {
    const auto host = url.find("://");
    if (host == std::string_view::npos) return {};
    return ascii_lower(url.substr(0, url.find('/', host + 3)));
}

bool origin_allowed(const Request& request, std::string_view public_url) {
    const std::string origin = ascii_lower(request.header("Origin"));
    if (origin.empty()) return request.header("Sec-Fetch-Site") == "same-origin";
    if (!public_url.empty() && origin == origin_of(public_url)) return true;
    const std::string host = ascii_lower(request.header("Host"));
    return is_loopback_host(host) && (origin == "http://" + host || origin == "https://" + host);
}

std::optional<Problem> step_up_missing(const SignedInCustomer& who, customers::Act act, Moment now) {
    if (customers::opens(who.session.assurance, who.session.proven, act, now)) return std::nullopt;
    return Problem{.code = "step_up_required",
                   .detail = "Show your second factor first: POST /api/v1/me/step-up, then send the same again.",
                   .needed = std::string{customers::name_of(customers::needed_for(act))}};
}

std::string sign_on_cookie(std::string_view value, std::chrono::seconds lasts, bool secure) {
    return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax{}; Max-Age={}", full_name(sign_on_cookie_name, secure), value,
                       secure ? "; Secure" : "", lasts.count());
}

std::optional<Bytes> sign_on_kept(const Request& request, bool secure) {
    const auto cookie = request.cookie(full_name(sign_on_cookie_name, secure));
    return cookie ? bytes_of_base64url(*cookie) : std::nullopt;
}

std::string session_cookie(const SessionKind& kind, std::string_view token_text, bool secure) {
    return fmt::format("{}={}{}; Max-Age={}", full_name(kind.cookie_name, secure), token_text, attributes(secure),
                       std::chrono::seconds{kind.lasts}.count());
}

std::string ended_session_cookie(const SessionKind& kind, bool secure) {
    return fmt::format("{}={}; Max-Age=0", full_name(kind.cookie_name, secure), attributes(secure));
}

std::optional<Bytes> session_token_hash(const Request& request, const SessionKind& kind, bool secure) {
    const auto cookie = request.cookie(full_name(kind.cookie_name, secure));
    const auto token = cookie ? bytes_of_base64url(*cookie) : std::nullopt;
    if (!token || token->size() != session_token_octets) return std::nullopt;
    return Bytes{view_of(sha256(*token))};
}

std::vector<Bytes> device_tokens(const Request& request, bool secure) {
    std::vector<Bytes> tokens;
    const auto cookie = request.cookie(full_name(device_cookie_name, secure));
    if (!cookie) return tokens;
    for (const std::string_view part : split(*cookie, '.')) {
        auto token = bytes_of_base64url(part);
        if (!token || token->size() != session_token_octets || tokens.size() == device_tokens_max) continue;
        tokens.push_back(*std::move(token));
    }
    return tokens;
}

std::string device_cookie(std::vector<Bytes> tokens, bool secure) {
    if (tokens.size() > device_tokens_max) tokens.resize(device_tokens_max);
    std::string value;
    for (const Bytes& token : tokens) value += (value.empty() ? "" : ".") + base64url_of(token);
    return fmt::format("{}={}{}; Max-Age={}", full_name(device_cookie_name, secure), value, attributes(secure),
                       std::chrono::seconds{customers::device_remembered}.count());
}

std::optional<Bytes> api_key_hash(const Request& request) {
    constexpr std::string_view scheme = "bearer ";
    const std::string_view header = request.header("Authorization");
    if (!equal_ignoring_ascii_case(header.substr(0, scheme.size()), scheme)) return std::nullopt;
    const std::string_view key = trimmed(header.substr(scheme.size()));
    if (!key.starts_with(key_prefix)) return std::nullopt;
    return Bytes{view_of(sha256(key))};
}

Result<bool, Problem> dry_run_wanted(const Request& request) {
    const auto text = request.query_value("dry_run");
    if (!text || *text == "false") return false;
    if (*text == "true") return true;
    return fail(malformed("dry_run: true or false."));
}

Result<std::string, Problem> idempotency_key(const Request& request) {
    const std::string_view key = request.header("Idempotency-Key");
    // No client can send a blank in a key: this one was never used, and is not used up.
    if (key.empty() && request.dry_run) return "dry run " + fresh_id<CommandId>().text();
    if (key.empty()) {
        return fail(Problem{.code = "idempotency_key_required",
                            .detail = "Idempotency-Key: make a key, a UUID is good, and keep it for the retry."});
    }
    const bool visible = std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7F; });
    if (!visible || key.size() > idempotency_key_octets_max) {
        return fail(malformed("Idempotency-Key: 1 to 255 visible ASCII characters."));
    }
    return std::string{key};
}

CommandId command_id_of(std::string_view principal, std::string_view path, std::string_view key) {
    Bytes lengths;
    append_u64(lengths, principal.size());
    append_u64(lengths, path.size());
    const Hash256 hash = sha256({lengths, principal, path, key});
    CommandId id{};
    std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x80U);  // version 8, RFC 9562 section 5.8
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
}

std::string masked_address(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return address.empty() ? "" : "***";
    return fmt::format("{}***{}", utf8_prefix(address.substr(0, at), 2), address.substr(at));
}

ReadTally::Seen ReadTally::note(std::int64_t staff, const std::string& customer, Moment now) {
    Reader& reader = readers_[staff];
    std::erase_if(reader.seen, [&](const auto& one) { return one.second + window <= now; });
    const auto known = reader.seen.find(customer);
    if (known != reader.seen.end()) {
        known->second = now;
        return {.customers = reader.seen.size()};
    }
    if (reader.seen.size() < customers_max) {
        reader.seen.emplace(customer, now);
        return {.customers = reader.seen.size()};
    }
    const bool alarm = reader.alarmed + window <= now;
    if (alarm) reader.alarmed = now;
    return {.customers = reader.seen.size() + 1, .too_many = true, .alarm = alarm};
}

std::optional<Moment> StrangerThrottle::blocked_until(std::string_view address, Moment now) const {
    const auto found = tallies_.find(std::string{address});
    if (found == tallies_.end() || found->second.blocked_until <= now) return std::nullopt;
    return found->second.blocked_until;
}

void StrangerThrottle::count(std::string_view address, Moment now) {
    if (tallies_.size() >= addresses_max) tallies_.clear();  // a flood: what it cost is a few more tries
    Tally& tally = tallies_[std::string{address}];
    if (++tally.failures < failures_max) return;
    tally = Tally{.failures = 0, .blocked_until = now + blocked_for};
}

}  // namespace okpay::api
