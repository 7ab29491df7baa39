// SPDX-License-Identifier: Apache-2.0
// The three steps of a sign-on: away to the provider, back with its word, and the second factor.
#include <spdlog/spdlog.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/sign_on.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/access.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t code_characters_max = 16;

Response go_to(std::string where) {
    Response response{.status = 303, .content_type = "", .body = "", .headers = {}};
    response.with("Location", std::move(where));
    response.with("Cache-Control", "no-store");
    return response;
}

// Back to the page of the sign-in, which says in people's words what happened.
Response back(Api& api, std::string_view what) {
    Response response = go_to("/console/#sign-on=" + std::string{what});
    response.with("Set-Cookie", sign_on_cookie("", std::chrono::seconds{0}, api.options().cookie_secure));
    return response;
}

Response no_provider() {
    return problem({.code = "not_found", .detail = "This house has no provider to sign in at; use the password."});
}

// Each asks the provider something, whoever it is.
std::optional<Problem> too_often(Api& api, const Request& request) {
    const Moment at = now();
    const auto wait = api.client_rates().take(ClientAct::sign_on, customers::client_of_address(request.peer), at);
    return wait ? std::optional{try_again_at(*wait, at)} : std::nullopt;
}

// What the provider proved, until the second factor is shown.
struct Proof {
    std::int64_t staff = 0;
    std::string issuer, subject;
    Moment ends{};
};

std::string sealed(Api& api, const Proof& proof) {
    const json::object object{{"staff", proof.staff},
                              {"issuer", proof.issuer},
                              {"subject", proof.subject},
                              {"ends", ms_of(proof.ends)}};
    return base64url_of(api.options().seal_sign_on(json::serialize(object)));
}

std::optional<Proof> proof_in(Api& api, const Request& request, Moment at) {
    const auto kept = sign_on_kept(request, api.options().cookie_secure);
    const auto plain = kept ? api.options().unseal_sign_on(*kept) : std::nullopt;
    if (!plain) return std::nullopt;
    const json::object said = json::parse(*plain).as_object();  // ours
    Proof proof{.staff = said.at("staff").as_int64(),
                .issuer = std::string{said.at("issuer").as_string()},
                .subject = std::string{said.at("subject").as_string()},
                .ends = moment_of_ms(said.at("ends").as_int64())};
    return proof.ends > at ? std::optional{std::move(proof)} : std::nullopt;
}

// Whom the word means; or what the page says.
Result<store::StaffRow, std::string_view> staff_meant(const service::SignOnView& view) {
    if (!view.staff || view.of_another) return fail(std::string_view{"no_account"});
    if (view.staff->disabled) return fail(std::string_view{"no_account"});
    if (!view.staff->enrolled) return fail(std::string_view{"not_enrolled"});
    return *view.staff;
}

}  // namespace

awaitable<Response> begin_sign_on(Api& api, Request request) {
    const auto provider = api.options().sign_on;
    if (!provider) co_return no_provider();
    if (const auto wait = too_often(api, request)) co_return problem(*wait);
    const Bytes secret = random_octets(sign_on_secret_octets);
    const auto url = co_await provider->authorization_url(SignOnAttempt::of(secret));
    if (!url) {
        spdlog::warn("sign-on: {}", url.error());
        co_return back(api, "failed");
    }
    Response away = go_to(*url);
    away.with("Set-Cookie", sign_on_cookie(base64url_of(secret), sign_on_attempt_lasts, api.options().cookie_secure));
    co_return away;
}

awaitable<Response> return_from_sign_on(Api& api, Request request) {
    const auto provider = api.options().sign_on;
    if (!provider) co_return no_provider();
    const auto secret = sign_on_kept(request, api.options().cookie_secure);
    if (!secret || secret->size() != sign_on_secret_octets) co_return back(api, "expired");
    const SignOnAttempt attempt = SignOnAttempt::of(*secret);
    // Of this browser's own attempt, before anything else of the answer is looked at.
    if (!equal_in_constant_time(request.query_value("state").value_or(""), attempt.state)) co_return back(api, "expired");
    if (const auto error = request.query_value("error"))
        co_return back(api, *error == "access_denied" ? "cancelled" : "failed");
    if (const auto wait = too_often(api, request)) co_return problem(*wait);
    std::string code = request.query_value("code").value_or("");
    if (code.empty() || code.size() > sign_on_code_octets_max) co_return back(api, "failed");
    const auto token = co_await provider->redeem(attempt, std::move(code), request.query_value("iss").value_or(""));
    if (!token) {
        spdlog::warn("sign-on: {}", token.error());
        co_return back(api, "failed");
    }
    const SignOnSettings& settings = provider->settings();
    const bool address_counts = token->email_verified || settings.trust_email;
    auto look_up = [issuer = settings.issuer, subject = token->subject,
                    email = address_counts ? token->email : std::string{}](service::Queries& queries) {
        return queries.staff_by_sign_on(issuer, subject, email);
    };
    const auto view = co_await api.read(std::move(look_up));
    if (!view) co_return back(api, "failed");
    const auto staff = staff_meant(*view);
    if (!staff) {
        spdlog::warn("sign-on: {} was refused: {}", masked_address(token->email), staff.error());
        co_return back(api, staff.error());
    }
    const Proof proof{.staff = number_of(staff->no),
                      .issuer = settings.issuer,
                      .subject = token->subject,
                      .ends = okpay::now() + sign_on_proof_lasts};
    Response on = go_to("/console/#sign-on=code");
    on.with("Set-Cookie", sign_on_cookie(sealed(api, proof), sign_on_proof_lasts, api.options().cookie_secure));
    co_return on;
}

awaitable<Response> finish_sign_on(Api& api, Request request) {
    BodyReader body{request};
    const std::string totp = body.text("totp", {.characters_max = code_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!api.options().sign_on) co_return no_provider();
    const Moment at = now();
    const auto proof = proof_in(api, request, at);
    if (!proof) {
        co_return problem({.code = "sign_on_expired",
                           .detail = "What the provider said is more than five minutes old; sign in there again."});
    }
    const Bytes token = random_octets(session_token_octets);
    service::SignOnStaff command{.staff = proof->staff,
                                 .issuer = proof->issuer,
                                 .subject = proof->subject,
                                 .totp_code = totp,
                                 .session_token_hash = hex_of(view_of(sha256(token))),
                                 .session_expires = ms_of(at + staff_session.lasts)};
    const service::Actor actor{service::ActorKind::staff, proof->staff};
    const service::Answer answer = co_await api.submit(actor, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto look_up = [issuer = proof->issuer, subject = proof->subject](service::Queries& queries) {
        return queries.staff_by_sign_on(issuer, subject, "");
    };
    const auto view = co_await api.read(std::move(look_up));
    if (!view || !view->staff) co_return problem(unavailable());
    Response signed_in = json_response(200, json::serialize(json::object{{"staff", staff_json(*view->staff)}}));
    signed_in.with("Set-Cookie", session_cookie(staff_session, base64url_of(token), api.options().cookie_secure));
    signed_in.with("Set-Cookie", sign_on_cookie("", std::chrono::seconds{0}, api.options().cookie_secure));
    co_return signed_in;
}

}  // namespace okpay::api
