// SPDX-License-Identifier: Apache-2.0
// The customer's own second factors: set up, looked at, taken away, and shown to step up.
#include <boost/json/serialize.hpp>

#include "api/coming_in.hpp"
#include "api/handlers.hpp"
#include "api/qr_code.hpp"
#include "api/second_factor.hpp"
#include "base/clock.hpp"
#include "customers/names.hpp"
#include "customers/password.hpp"
#include "customers/totp.hpp"

namespace okpay::api {
namespace {

using customers::ChallengePurpose;

constexpr service::Actor nobody{};  // not signed in yet
constexpr std::size_t code_characters_max = 16;
constexpr std::size_t name_characters_max = 60;

std::string hash_text(ByteView token) { return hex_of(view_of(sha256(token))); }
std::string session_text(const SignedInCustomer& who) { return hex_of(who.session.token_hash); }

Response with_new_id(const Api& api, Response response, ByteView token) {
    response.with("Set-Cookie", session_cookie(customer_session, base64url_of(token), api.options().cookie_secure));
    return response;
}

awaitable<Result<service::CustomerFactors, Problem>> factors_of(Api& api, customers::CustomerNo customer) {
    auto query = [customer](service::Queries& queries) { return queries.customer_factors(customer); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    co_return *std::move(found);
}

json::object passkey_json(const store::Passkey& passkey) {
    return {{"id", std::to_string(passkey.no)},
            {"name", passkey.name},
            {"created_at", rfc3339(passkey.created)},
            {"last_used_at", time_json(passkey.last_used)},
            {"backed_up", passkey.backed_up}};
}

json::object factors_json(const Api& api, const Request& request, const service::CustomerFactors& factors) {
    json::array passkeys;
    for (const store::Passkey& passkey : factors.passkeys) passkeys.push_back(passkey_json(passkey));
    const auto opens_at = customers::new_places_open_at(factors.changed, api.options().new_factor_waits, api.now());
    const bool possible = api.options().make_challenge && relying_party(api, request).has_value();
    return {{"app_since", time_json(factors.app_confirmed)},
            {"passkeys", std::move(passkeys)},
            {"passkeys_possible", possible},
            {"recovery_codes_left", factors.recovery.left},
            {"recovery_codes_made_at", time_json(factors.recovery.made)},
            {"new_places_from", time_json(opens_at)}};
}

// How the customer's factors stand after a change; `more` is put in front.
awaitable<Response> factors_now(Api& api, Request request, customers::CustomerNo customer, json::object more,
                                unsigned status = 200) {
    const auto factors = co_await factors_of(api, customer);
    if (!factors) co_return problem(factors.error());
    more["factors"] = factors_json(api, request, *factors);
    co_return json_response(status, json::serialize(more));
}

// The own password, checked as at sign-in, with the same count of failures.
// Tried at no better rate than at the door.
awaitable<Result<bool, Problem>> password_is_right(Api& api, const Request& request, std::string email, Secret password) {
    const auto attempt = co_await begin_sign_in(api, request, std::move(email));
    if (!attempt) co_return fail(attempt.error());
    auto check = [phc = attempt->password_phc, password = std::move(password)] {
        return customers::verify_password(phc, password);
    };
    const auto right = co_await api.hash(std::move(check));
    if (!right) co_return fail(unavailable());
    co_return attempt->customer && *right;
}

std::optional<std::int64_t> passkey_number(const Request& request) { return count_of(request.params[0]); }

}  // namespace

awaitable<Response> own_factors(Api& api, Request request, SignedInCustomer who) {
    const auto factors = co_await factors_of(api, who.view.customer.no);
    if (!factors) co_return problem(factors.error());
    co_return json_response(200, json::serialize(factors_json(api, request, *factors)));
}

awaitable<Response> begin_app(Api& api, Request, SignedInCustomer who) {
    const Secret secret{random_octets(customers::totp_secret_octets)};
    service::BeginApp command{.customer = number_of(who.view.customer.no),
                              .session_token_hash = session_text(who),
                              .secret_sealed = base64_of(api.options().seal_totp_secret(secret.reveal()))};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const std::string uri = customers::otpauth_uri(secret, api.options().house, who.view.customer.email);
    const json::object begun{{"secret", base32_of(secret.reveal())},
                             {"otpauth_uri", uri},
                             {"qr_svg", text_or_null(qr_svg(uri))}};
    co_return json_response(200, json::serialize(begun));
}

awaitable<Response> confirm_app(Api& api, Request request, SignedInCustomer who) {
    BodyReader body{request};
    const Bytes token = random_octets(session_token_octets);
    const RecoverySet set = fresh_recovery_set(who.view.customer.id);
    service::ConfirmApp command{.customer = number_of(who.view.customer.no),
                                .session_token_hash = session_text(who),
                                .new_session_token_hash = hash_text(token),
                                .app_code = body.text("totp", {.characters_max = code_characters_max}),
                                .recovery_hashes = set.hashes};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    json::object shown{{"recovery_codes", shown_once(set, answer)}};
    Response response = co_await factors_now(api, std::move(request), who.view.customer.no, std::move(shown));
    co_return with_new_id(api, std::move(response), token);
}

awaitable<Response> remove_app(Api& api, Request request, SignedInCustomer who) {
    service::RemoveApp command{.customer = number_of(who.view.customer.no), .session_token_hash = session_text(who)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await factors_now(api, std::move(request), who.view.customer.no, json::object{});
}

awaitable<Response> make_recovery_codes(Api& api, Request request, SignedInCustomer who) {
    const RecoverySet set = fresh_recovery_set(who.view.customer.id);
    service::MakeRecoveryCodes command{.customer = number_of(who.view.customer.no),
                                       .session_token_hash = session_text(who),
                                       .recovery_hashes = set.hashes};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    json::object shown{{"recovery_codes", json::array(set.codes.begin(), set.codes.end())}};
    co_return co_await factors_now(api, std::move(request), who.view.customer.no, std::move(shown));
}

awaitable<Response> ask_new_passkey(Api& api, Request request, SignedInCustomer who) {
    const auto party = relying_party(api, request);
    if (!party || !api.options().make_challenge) {
        co_return problem({.code = "passkeys_not_possible",
                           .detail = "A passkey belongs to a name: open this page by its name, not by numbers."});
    }
    const auto factors = co_await factors_of(api, who.view.customer.no);
    if (!factors) co_return problem(factors.error());
    const customers::Customer& customer = who.view.customer;
    const Bytes challenge = api.options().make_challenge(
        {.purpose = ChallengePurpose::registration, .customer = customer.id, .ends = now() + customers::challenge_lasts});
    json::array algorithms, known;
    for (const customers::KeyAlgorithm algorithm : customers::key_algorithms) {
        algorithms.push_back(json::object{{"type", "public-key"}, {"alg", static_cast<int>(algorithm)}});
    }
    for (const store::Passkey& passkey : factors->passkeys) {
        known.push_back(json::object{{"type", "public-key"}, {"id", base64url_of(passkey.credential_id)}});
    }
    const json::object question{
        {"challenge", base64url_of(challenge)},
        {"rp", json::object{{"id", party->id}, {"name", api.options().house}}},
        {"user",
         json::object{{"id", base64url_of(customer.id.view())}, {"name", customer.email}, {"displayName", customer.name}}},
        {"pubKeyCredParams", std::move(algorithms)},
        {"timeout", std::chrono::milliseconds{customers::challenge_lasts}.count()},
        {"excludeCredentials", std::move(known)},
        {"authenticatorSelection",
         json::object{{"residentKey", "required"}, {"requireResidentKey", true}, {"userVerification", "required"}}},
        {"attestation", "none"}};
    co_return json_response(200, json::serialize(question));
}

awaitable<Response> add_passkey(Api& api, Request request, SignedInCustomer who) {
    BodyReader body{request};
    const auto octets = [&body](std::string_view name, std::size_t octets_max) {
        const auto read = bytes_of_base64url(body.text(name, {.characters_max = octets_max / 3 * 4 + 4}));
        if (!read) body.refuse("/" + std::string{name}, "must be base64url");
        return base64_of(read.value_or(""));
    };
    const Bytes token = random_octets(session_token_octets);
    const RecoverySet set = fresh_recovery_set(who.view.customer.id);
    auto party = relying_party(api, request).value_or(customers::RelyingParty{});
    service::AddPasskey command{.customer = number_of(who.view.customer.no),
                                .session_token_hash = session_text(who),
                                .new_session_token_hash = hash_text(token),
                                .name = body.text("name", {.characters_max = name_characters_max, .required = false}),
                                .client_data = octets("client_data", customers::client_data_octets_max),
                                .attestation = octets("attestation", customers::attestation_octets_max),
                                .party = std::move(party.id),
                                .origins = std::move(party.origins),
                                .recovery_hashes = set.hashes};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    json::object shown{{"recovery_codes", shown_once(set, answer)}};
    Response response = co_await factors_now(api, std::move(request), who.view.customer.no, std::move(shown), 201);
    co_return with_new_id(api, std::move(response), token);
}

awaitable<Response> rename_passkey(Api& api, Request request, SignedInCustomer who) {
    const auto number = passkey_number(request);
    if (!number) co_return problem(not_found());
    BodyReader body{request};
    service::RenamePasskey command{.customer = number_of(who.view.customer.no),
                                   .passkey = *number,
                                   .name = body.text("name", {.characters_max = name_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await factors_now(api, std::move(request), who.view.customer.no, json::object{});
}

awaitable<Response> remove_passkey(Api& api, Request request, SignedInCustomer who) {
    const auto number = passkey_number(request);
    if (!number) co_return problem(not_found());
    service::RemovePasskey command{.customer = number_of(who.view.customer.no),
                                   .session_token_hash = session_text(who),
                                   .passkey = *number};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await factors_now(api, std::move(request), who.view.customer.no, json::object{});
}

awaitable<Response> ask_step_up(Api& api, Request request, SignedInCustomer who) {
    const auto factors = co_await factors_of(api, who.view.customer.no);
    if (!factors) co_return problem(factors.error());
    const json::object possible{{"app", factors->app_confirmed.has_value()},
                                {"passkey", passkey_question(api, request, factors->passkeys, ChallengePurpose::step_up,
                                                             who.view.customer.id)},
                                {"password", !factors->any()}};
    co_return json_response(200, json::serialize(possible));
}

awaitable<Response> step_up(Api& api, Request request, SignedInCustomer who) {
    BodyReader body{request};
    Secret password{body.text("password", {.characters_max = customers::password_octets_max, .required = false})};
    TypedFactor typed{.totp = body.text("totp", {.characters_max = code_characters_max, .required = false}),
                      .recovery_code = {},
                      .passkey = read_passkey_answer(api, request, body)};
    const int shown = (typed.totp.empty() ? 0 : 1) + (typed.passkey ? 1 : 0) + (password.empty() ? 0 : 1);
    if (shown != 1) body.refuse("/totp", "exactly one of totp, passkey and password is needed");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    Result<bool, Problem> right = false;
    if (typed.empty()) {
        right = co_await password_is_right(api, request, who.view.customer.email, std::move(password));
        if (!right) co_return problem(right.error());
        if (!*right) co_return problem(sign_in_failed());
    }
    const Bytes token = random_octets(session_token_octets);
    const customers::Assurance shows =
        typed.empty() ? customers::Assurance::a2_one_time_link : customers::Assurance::a3_second_factor;
    service::StepUp command{.customer = number_of(who.view.customer.no),
                            .session_token_hash = session_text(who),
                            .new_session_token_hash = hash_text(token),
                            .factor = shown_factor(std::move(typed), who.view.customer.id),
                            .password_right = *right};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (answer.code == "second_factor_required") {
        co_return co_await second_factor_asked(api, std::move(request), std::move(who.view.customer));
    }
    if (!answer.done()) co_return problem(problem_of(answer));
    const json::object raised{{"assurance", customers::name_of(shows)},
                              {"until", rfc3339(now() + customers::step_up_lasts)}};
    co_return with_new_id(api, json_response(200, json::serialize(raised)), token);
}

awaitable<Response> ask_sign_in_passkey(Api& api, Request request) {
    json::value question = passkey_question(api, request, {}, ChallengePurpose::sign_in, std::nullopt);
    if (question.is_null()) {
        co_return problem({.code = "passkeys_not_possible",
                           .detail = "A passkey belongs to a name: open this page by its name, not by numbers."});
    }
    co_return json_response(200, json::serialize(question));
}

awaitable<Response> sign_in_by_passkey(Api& api, Request request) {
    BodyReader body{request};
    auto said = read_passkey_answer(api, request, body);
    if (!said) body.refuse("/passkey", "is missing");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    // Who it is is not known before; the newest device of this browser is most likely the one.
    const std::vector<Bytes> devices = device_hashes(api, request);
    SessionWanted wanted = session_wanted(api, request, devices.empty() ? Bytes{} : devices.front());
    service::SignInByPasskey command{.sign_in = std::move(wanted.sign_in), .passkey = *std::move(said)};
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [no = answer.number](service::Queries& queries) { return queries.customer(customers::CustomerNo{no}); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    const json::object who{{"customer", customer_json((*found)->customer, Viewer::oneself())}};
    co_return with_session(json_response(200, json::serialize(who)), api, wanted.token, wanted.device);
}

}  // namespace okpay::api
