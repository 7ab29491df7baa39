// SPDX-License-Identifier: Apache-2.0
#include "api/sign_on.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/http.hpp"
#include "base/clock.hpp"
#include "base/hash.hpp"
#include "customers/foreign_json.hpp"
#include "payments/webhook.hpp"

namespace okpay::api {
namespace {

namespace json = boost::json;
using customers::foreign_object;
using customers::IdTokenFault;
using customers::text_at;
using customers::WebKeys;
using std::chrono::steady_clock;

constexpr std::string_view discovery_path = "/.well-known/openid-configuration";
constexpr std::size_t answer_octets_max = customers::web_keys_octets_max;
constexpr std::size_t json_depth_max = 16;
constexpr std::chrono::hours provider_kept{1};
constexpr std::chrono::minutes keys_looked_at_again_after{1};
constexpr unsigned status_ok = 200;

std::string derived(ByteView secret, std::string_view what) {
    return base64url_of(view_of(sha256({"okpay sign-on 1 ", what, "\n", secret})));
}

bool lists(const json::object& object, std::string_view name, std::string_view wanted) {
    const json::value* found = object.if_contains(name);
    const json::array* all = found != nullptr ? found->if_array() : nullptr;
    return all != nullptr && std::ranges::any_of(*all, [wanted](const json::value& one) {
               return one.is_string() && std::string_view{one.get_string()} == wanted;
           });
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string text;
    for (const auto& [name, value] : fields)
        text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, percent_encoded(value));
    return text;
}

}  // namespace

SignOnAttempt SignOnAttempt::of(ByteView secret) {
    SignOnAttempt attempt{.state = derived(secret, "state"),
                          .nonce = derived(secret, "nonce"),
                          .verifier = derived(secret, "verifier"),
                          .challenge = {}};
    attempt.challenge = base64url_of(view_of(sha256(attempt.verifier)));  // S256
    return attempt;
}

Result<net::HttpClientSettings, std::string> SignOn::way_to(const std::string& url, std::string& target) const {
    const auto parsed = payments::HookUrl::parse(url);
    if (!parsed) return fail(fmt::format("{} is no URL", url));
    // Where the issuer has TLS, nothing of it is asked without.
    if (!parsed->tls && (settings_.tls != nullptr || !parsed->is_loopback()))
        return fail(fmt::format("{} is not https", url));
    if (parsed->tls && settings_.tls == nullptr) return fail(fmt::format("{} is https, its issuer is not", url));
    target = parsed->target;
    return net::HttpClientSettings{.peer = net::Endpoint::tcp(parsed->host, parsed->port),
                                   .host = parsed->host,
                                   .tls = parsed->tls ? settings_.tls : nullptr,
                                   .deadline = settings_.deadline,
                                   .response_octets_max = answer_octets_max,
                                   .idle_connections_max = 0,
                                   .authority = parsed->authority()};
}

awaitable<Result<std::string, std::string>> SignOn::fetch(std::string url) {
    std::string target;
    auto way = way_to(url, target);
    if (!way) co_return fail(way.error());
    net::HttpClient client{*std::move(way)};
    auto answer = co_await client.get(std::move(target));
    if (!answer) co_return fail(fmt::format("{}: {}", url, net::explain(answer.error())));
    if (answer->status != status_ok) co_return fail(fmt::format("{}: it answers {}", url, answer->status));
    co_return std::move(answer->body);
}

awaitable<Result<SignOn::Provider, std::string>> SignOn::provider() {
    if (provider_ && steady_clock::now() < provider_read_ + provider_kept) co_return *provider_;
    std::string base = settings_.issuer;
    if (base.ends_with('/')) base.pop_back();
    const auto text = co_await fetch(base + std::string{discovery_path});
    const auto said = text ? foreign_object(*text, json_depth_max) : std::nullopt;
    std::string wrong;
    if (!text) wrong = text.error();
    else if (!said) wrong = "its discovery document is no JSON object";
    else if (text_at(*said, "issuer") != settings_.issuer)
        wrong = fmt::format("its discovery document names the issuer \"{}\"", text_at(*said, "issuer"));
    if (!wrong.empty()) {
        if (provider_) co_return *provider_;  // as it was an hour ago
        co_return fail(std::move(wrong));
    }
    Provider found{.authorization_endpoint = text_at(*said, "authorization_endpoint"),
                   .token_endpoint = text_at(*said, "token_endpoint"),
                   .keys_url = text_at(*said, "jwks_uri"),
                   .secret_in_body = lists(*said, "token_endpoint_auth_methods_supported", "client_secret_post") &&
                                     !lists(*said, "token_endpoint_auth_methods_supported", "client_secret_basic"),
                   .names_itself = false};
    const json::value* names_itself = said->if_contains("authorization_response_iss_parameter_supported");
    found.names_itself = names_itself != nullptr && names_itself->is_bool() && names_itself->get_bool();
    std::string ignored;
    for (const std::string& url : {found.authorization_endpoint, found.token_endpoint, found.keys_url}) {
        if (const auto way = way_to(url, ignored); !way) co_return fail(way.error());
    }
    provider_ = std::move(found);
    provider_read_ = steady_clock::now();
    co_return *provider_;
}

awaitable<std::optional<std::string>> SignOn::refresh_keys(const Provider& provider) {
    const auto text = co_await fetch(provider.keys_url);
    if (!text) co_return text.error();
    auto keys = WebKeys::parse(*text);
    if (!keys) co_return keys.error();
    keys_ = *std::move(keys);
    keys_read_ = steady_clock::now();
    co_return std::nullopt;
}

awaitable<std::optional<std::string>> SignOn::fault() {
    const auto found = co_await provider();
    if (!found) co_return found.error();
    co_return co_await refresh_keys(*found);
}

awaitable<Result<std::string, std::string>> SignOn::authorization_url(SignOnAttempt attempt) {
    const auto found = co_await provider();
    if (!found) co_return fail(found.error());
    const std::string& endpoint = found->authorization_endpoint;
    co_return endpoint + (endpoint.find('?') == std::string::npos ? "?" : "&") +
        form({{"response_type", "code"},
              {"client_id", settings_.client_id},
              {"redirect_uri", settings_.redirect_uri},
              {"scope", "openid email"},
              {"state", attempt.state},
              {"nonce", attempt.nonce},
              {"code_challenge", attempt.challenge},
              {"code_challenge_method", "S256"}});
}

awaitable<Result<std::string, std::string>> SignOn::id_token_for(const Provider& provider, const SignOnAttempt& attempt,
                                                                 const std::string& code) {
    std::string target;
    auto way = way_to(provider.token_endpoint, target);
    if (!way) co_return fail(way.error());
    net::HttpPost request{.target = std::move(target),
                          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
                          .body = form({{"grant_type", "authorization_code"},
                                        {"code", code},
                                        {"redirect_uri", settings_.redirect_uri},
                                        {"code_verifier", attempt.verifier},
                                        {"client_id", settings_.client_id}})};
    const std::string_view secret = settings_.client_secret.reveal();
    if (provider.secret_in_body) request.body += "&" + form({{"client_secret", secret}});
    else
        request.headers.emplace_back(  // RFC 6749 section 2.3.1: both are encoded first
            "Authorization", "Basic " + base64_of(percent_encoded(settings_.client_id) + ":" + percent_encoded(secret)));
    net::HttpClient client{*std::move(way)};
    const auto answer = co_await client.post(std::move(request));
    if (!answer) co_return fail(fmt::format("its token endpoint: {}", net::explain(answer.error())));
    const auto said = foreign_object(answer->body, json_depth_max);
    if (answer->status != status_ok) {
        // "invalid_grant", "invalid_client": what an operator needs to know; nothing else of it is taken into the log.
        std::string error = said ? text_at(*said, "error") : "";
        if (!std::ranges::all_of(error, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; })) error.clear();
        co_return fail(fmt::format("its token endpoint answers {} {}", answer->status, error));
    }
    std::string token = said ? text_at(*said, "id_token") : "";
    if (token.empty()) co_return fail(std::string{"its token endpoint answers without an ID token"});
    co_return std::move(token);
}

awaitable<Result<customers::IdToken, std::string>> SignOn::redeem(SignOnAttempt attempt, std::string code,
                                                                  std::string issuer) {
    const auto found = co_await provider();
    if (!found) co_return fail(found.error());
    if (issuer.empty() ? found->names_itself : issuer != settings_.issuer)
        co_return fail(std::string{"the answer comes from another issuer"});
    const auto token = co_await id_token_for(*found, attempt, code);
    if (!token) co_return fail(token.error());
    if (!keys_ || steady_clock::now() > keys_read_ + provider_kept) {
        const auto wrong = co_await refresh_keys(*found);
        if (wrong && !keys_) co_return fail(*wrong);
    }
    const customers::ExpectedToken expected{.issuer = settings_.issuer,
                                            .client_id = settings_.client_id,
                                            .nonce = attempt.nonce,
                                            .now = okpay::now()};
    auto read = customers::read_id_token(*token, *keys_, expected);
    if (!read && read.error() == IdTokenFault::unknown_key &&
        steady_clock::now() > keys_looked_at_again_ + keys_looked_at_again_after) {
        keys_looked_at_again_ = steady_clock::now();
        if (const auto wrong = co_await refresh_keys(*found)) co_return fail(*wrong);
        read = customers::read_id_token(*token, *keys_, expected);
    }
    if (!read) co_return fail(std::string{customers::explain(read.error())});
    co_return *std::move(read);
}

}  // namespace okpay::api
