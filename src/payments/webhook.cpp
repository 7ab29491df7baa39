// SPDX-License-Identifier: Apache-2.0
#include "payments/webhook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "payments/names.hpp"

namespace okpay::payments {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 18> merchant_types{
    "payment.succeeded",    "payment.failed",     "payment.requires_capture",
    "payment.canceled",     "payment.processing", "payment.unknown",
    "refund.succeeded",     "refund.failed",      "refund.processing",
    "refund.unknown",       "refund.returned",    "dispute.needs_response",
    "dispute.under_review", "dispute.won",        "dispute.lost",
    "dispute.accepted",     "dispute.expired",    "dispute.withdrawn",
};

struct TicketWord {
    std::string_view kind, type;
};
constexpr std::array ticket_words{
    TicketWord{"opened", "ticket.opened"},
    TicketWord{"reply_received", "ticket.reply_received"},
    TicketWord{"state_changed", "ticket.state_changed"},
    TicketWord{"assigned", "ticket.assigned"},
    TicketWord{"remedy_proposed", "ticket.remedy_proposed"},
    TicketWord{"clock_runs_out", "ticket.clock_runs_out"},
    TicketWord{"clock_ran_out", "ticket.clock_ran_out"},
};
constexpr auto house_types = [] {
    std::array<std::string_view, ticket_words.size() + 2> types{};
    for (std::size_t i = 0; i < ticket_words.size(); ++i) types[i] = ticket_words[i].type;
    types[ticket_words.size()] = hook_ticket_replied;
    types[ticket_words.size() + 1] = hook_ticket_answered;
    return types;
}();

constexpr std::array<Millis, 16> pauses{1min, 5min, 5min, 10min, 10min, 10min, 10min, 10min, 1h, 1h, 1h, 1h, 1h, 6h, 6h, 6h};

bool is_of_host(char c, bool v6) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return v6 ? (c == ':' || c == '.' || (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9'))
              : (alphanumeric || c == '-' || c == '.');
}

}  // namespace

std::optional<HookUrl> HookUrl::parse(std::string_view text) {
    if (text.size() > hook_url_octets_max) return std::nullopt;
    // Nothing that a log, a header or another parser would read in another way.
    if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c >= '\x7f' || c == '\\' || c == '#' || c == '@'; })) {
        return std::nullopt;
    }
    HookUrl url;
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
        url.tls = false;
        url.port = 80;
    } else {
        return std::nullopt;
    }
    const std::size_t path = std::min(text.find_first_of("/?"), text.size());
    std::string authority = ascii_lower(text.substr(0, path));
    url.target = text.substr(path);
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    const bool v6 = authority.starts_with('[');
    const std::size_t host_end = v6 ? authority.find(']') : std::min(authority.find(':'), authority.size());
    if (host_end == std::string::npos) return std::nullopt;
    url.host = authority.substr(v6 ? 1 : 0, host_end - (v6 ? 1 : 0));
    std::string_view rest = std::string_view{authority}.substr(host_end + (v6 ? 1 : 0));
    if (!rest.empty()) {
        if (rest.front() != ':') return std::nullopt;
        rest.remove_prefix(1);
        const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + rest.size(), url.port);
        if (rest.empty() || wrong != std::errc{} || end != rest.data() + rest.size() || url.port == 0) return std::nullopt;
    }
    if (url.host.empty() || url.host.size() > 253 ||
        !std::ranges::all_of(url.host, [v6](char c) { return is_of_host(c, v6); })) {
        return std::nullopt;
    }
    return url;
}

std::string HookUrl::authority() const {
    const std::string name = host.find(':') != std::string::npos ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

bool HookUrl::is_loopback() const { return host == "localhost" || host == "127.0.0.1" || host == "::1"; }

std::span<const std::string_view> hook_event_types(HookOwner owner) {
    switch (owner) {
    case HookOwner::merchant: return merchant_types;
    case HookOwner::house: return house_types;
    }
    std::abort();
}

std::string hook_event_type(PaymentKind kind, PaymentState state) {
    if (kind == PaymentKind::merchant_payment) return fmt::format("payment.{}", name_of(state));
    if (kind == PaymentKind::refund) return fmt::format("refund.{}", name_of(state));
    return {};
}

std::string hook_event_type(DisputeStatus status) { return fmt::format("dispute.{}", name_of(status)); }

std::string hook_event_type_of_ticket(std::string_view event_kind) {
    const auto found = std::ranges::find(ticket_words, event_kind, &TicketWord::kind);
    return found == ticket_words.end() ? std::string{} : std::string{found->type};
}

std::string hook_secret_text(ByteView secret) { return "whsec_" + base64_of(secret); }

std::string hook_signature(ByteView secret, std::string_view id, Moment at, ByteView body) {
    const std::string head = fmt::format("{}.{}.", id, ms_of(at) / 1'000);
    return "v1," + base64_of(view_of(hmac_sha256(secret, head + std::string{body})));
}

std::optional<Millis> hook_pause(std::int64_t tries, std::uint64_t random) {
    if (tries < 1 || tries > std::ssize(pauses)) return std::nullopt;
    const Millis pause = pauses[static_cast<std::size_t>(tries - 1)];
    const auto tenth = static_cast<std::uint64_t>(pause.count() / 10);
    return pause + Millis{static_cast<std::int64_t>(random % (tenth + 1))};
}

}  // namespace okpay::payments
