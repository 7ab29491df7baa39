// SPDX-License-Identifier: Apache-2.0
#include "api/second_factor.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "base/text.hpp"
#include "customers/recovery_code.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t code_characters_max = 16;
constexpr std::size_t recovery_characters_max = 40;
constexpr std::chrono::milliseconds asks_for{60'000};  // how long a browser shows its question

constexpr std::size_t base64_characters(std::size_t octets) { return (octets + 2) / 3 * 4; }

std::string host_of(std::string_view origin_or_host) {
    const auto scheme = origin_or_host.find("://");
    std::string_view host = scheme == std::string_view::npos ? origin_or_host : origin_or_host.substr(scheme + 3);
    if (host.starts_with('[')) return std::string{host};  // an address of IPv6
    return std::string{host.substr(0, host.find(':'))};
}

// A passkey's party is a domain: neither 192.0.2.1 nor [::1].
bool is_domain(std::string_view host) {
    return std::ranges::any_of(host, [](char c) { return c >= 'a' && c <= 'z'; }) && !host.starts_with('[');
}

std::string octets_of(BodyReader& body, std::string_view name, std::size_t octets_max, bool required = true) {
    const std::string text =
        body.text(name, {.characters_max = base64_characters(octets_max), .required = required, .nullable = !required});
    const auto octets = bytes_of_base64url(text);
    if (!octets) body.refuse(fmt::format("/passkey/{}", name), "must be base64url");
    return octets ? base64_of(*octets) : "";
}

json::array credentials_json(const std::vector<store::Passkey>& passkeys) {
    json::array list;
    for (const store::Passkey& passkey : passkeys) {
        list.push_back(json::object{{"type", "public-key"}, {"id", base64url_of(passkey.credential_id)}});
    }
    return list;
}

}  // namespace

std::optional<customers::RelyingParty> relying_party(const Api& api, const Request& request) {
    const std::string configured = origin_of(api.options().public_url);
    const std::string origin = ascii_lower(request.header("Origin"));
    const std::string host = ascii_lower(request.header("Host"));
    const bool from_loopback = host_of(host) == "localhost" && (origin.empty() || host_of(origin) == "localhost");
    if (from_loopback && (origin.empty() || origin != configured)) {
        return customers::RelyingParty{.id = "localhost", .origins = {"http://" + host, "https://" + host}};
    }
    const std::string domain = host_of(configured);
    if (configured.empty() || !is_domain(domain)) return std::nullopt;
    return customers::RelyingParty{.id = domain, .origins = {configured}};
}

std::optional<service::PasskeyAnswer> read_passkey_answer(const Api& api, const Request& request, BodyReader& body) {
    auto inner = body.inside("passkey");
    if (!inner) return std::nullopt;
    constexpr std::size_t handle_octets_max = 64;  // section 5.4.3
    service::PasskeyAnswer answer{.credential_id = octets_of(*inner, "credential_id", customers::credential_id_octets_max),
                                  .client_data = octets_of(*inner, "client_data", customers::client_data_octets_max),
                                  .authenticator_data =
                                      octets_of(*inner, "authenticator_data", customers::authenticator_data_octets_max),
                                  .signature = octets_of(*inner, "signature", customers::signature_octets_max),
                                  .user_handle = octets_of(*inner, "user_handle", handle_octets_max, false),
                                  .party = {},
                                  .origins = {}};
    body.read_inside(*inner);
    if (auto party = relying_party(api, request)) {
        answer.party = std::move(party->id);
        answer.origins = std::move(party->origins);
    }
    return answer;
}

TypedFactor read_typed_factor(const Api& api, const Request& request, BodyReader& body) {
    TypedFactor typed{.totp = body.text("totp", {.characters_max = code_characters_max, .required = false}),
                      .recovery_code =
                          body.text("recovery_code", {.characters_max = recovery_characters_max, .required = false}),
                      .passkey = read_passkey_answer(api, request, body)};
    const int shown = (typed.totp.empty() ? 0 : 1) + (typed.recovery_code.empty() ? 0 : 1) + (typed.passkey ? 1 : 0);
    if (shown > 1) body.refuse("/totp", "one second factor at a time: totp, recovery_code or passkey");
    return typed;
}

service::ShownFactor shown_factor(TypedFactor typed, const CustomerId& customer) {
    if (typed.passkey) return {.kind = "passkey", .app_code = {}, .recovery_hash = {}, .passkey = *std::move(typed.passkey)};
    if (!typed.recovery_code.empty()) {
        const auto hash = customers::recovery_code_hash(customer, typed.recovery_code);
        return {.kind = "recovery_code", .app_code = {}, .recovery_hash = hash ? hex_of(*hash) : "", .passkey = {}};
    }
    if (!typed.totp.empty()) return {.kind = "app", .app_code = std::move(typed.totp), .recovery_hash = {}, .passkey = {}};
    return {};
}

json::value passkey_question(const Api& api, const Request& request, const std::vector<store::Passkey>& passkeys,
                             customers::ChallengePurpose purpose, const std::optional<CustomerId>& customer) {
    const auto party = relying_party(api, request);
    const bool named = purpose != customers::ChallengePurpose::sign_in;
    if (!party || !api.options().make_challenge || (named && passkeys.empty())) return nullptr;
    const Bytes challenge =
        api.options().make_challenge({.purpose = purpose, .customer = customer, .ends = now() + customers::challenge_lasts});
    return json::object{{"challenge", base64url_of(challenge)},
                        {"rpId", party->id},
                        {"timeout", asks_for.count()},
                        {"userVerification", "required"},
                        {"allowCredentials", credentials_json(passkeys)}};
}

awaitable<Response> second_factor_asked(Api& api, Request request, customers::Customer customer) {
    auto query = [no = customer.no](service::Queries& queries) { return queries.customer_factors(no); };
    const auto factors = co_await api.read(std::move(query));
    if (!factors) co_return problem(problem_of(factors.error()));
    json::value question =
        passkey_question(api, request, factors->passkeys, customers::ChallengePurpose::second_factor, customer.id);
    const json::object possible{{"app", factors->app_confirmed.has_value()},
                                {"recovery_code", factors->recovery.left > 0},
                                {"passkey", std::move(question)}};
    co_return problem({.code = "second_factor_required",
                       .detail = "Send the same again with one of `factors`: totp, recovery_code or passkey.",
                       .factors = json::serialize(possible)});
}

awaitable<std::optional<Problem>> new_place_refused(Api& api, Request request, SignedInCustomer who,
                                                    std::string instrument_hash) {
    if (request.dry_run) co_return std::nullopt;  // nothing leaves
    struct Known {
        bool place;
        std::optional<Moment> changed;
    };
    const auto hash = bytes_of_hex(instrument_hash);
    auto look_up = [no = who.view.customer.no, hash](service::Queries& queries) -> service::Read<Known> {
        const auto place = hash ? queries.is_payout_place(no, *hash) : service::Read<bool>{false};
        if (!place) return fail(place.error());
        const auto factors = queries.customer_factors(no);
        if (!factors) return fail(factors.error());
        return Known{*place, factors->changed};
    };
    const auto known = co_await api.read(std::move(look_up));
    if (!known) co_return problem_of(known.error());
    if (known->place) co_return std::nullopt;
    if (auto missing = step_up_missing(who, customers::Act::pay_out_to_new_place, now())) co_return missing;
    const auto opens_at = customers::new_places_open_at(known->changed, api.options().new_factor_waits, api.now());
    if (!opens_at) co_return std::nullopt;
    const std::string until = rfc3339(*opens_at);
    co_return Problem{.code = "new_place_too_soon",
                      .detail =
                          fmt::format("What you sign in with changed lately: money goes to new places from {} on.", until),
                      .retry_after_seconds = std::chrono::ceil<std::chrono::seconds>(*opens_at - api.now()).count()};
}

RecoverySet fresh_recovery_set(const CustomerId& customer) {
    RecoverySet set;
    for (std::size_t i = 0; i < customers::recovery_codes_count; ++i) {
        set.codes.push_back(customers::recovery_code(random_octets(customers::recovery_code_octets)));
        set.hashes.push_back(hex_of(customers::recovery_code_hash(customer, set.codes.back()).value()));
    }
    return set;
}

json::array shown_once(const RecoverySet& set, const service::Answer& answer) {
    json::array codes;
    if (!answer.numbers.empty() && !answer.replayed) codes = json::array(set.codes.begin(), set.codes.end());
    return codes;
}

}  // namespace okpay::api
