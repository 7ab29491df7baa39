// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "api/sign_on.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/password.hpp"
#include "customers/totp.hpp"

namespace okpay::api {
namespace {

constexpr service::Actor nobody{};  // not signed in yet
constexpr std::size_t address_characters_max = 254;
constexpr std::size_t code_characters_max = 16;
constexpr std::size_t token_characters_max = 200;
constexpr std::size_t name_characters_max = 100;

Problem link_gone() {
    return {.code = "token_invalid", .detail = "This link was used or has expired; ask an administrator for a new one."};
}

}  // namespace

awaitable<Response> sign_in(Api& api, Request request) {
    BodyReader body{request};
    const std::string email = ascii_lower(trimmed(body.text("email", {.characters_max = address_characters_max})));
    Secret password{body.text("password", {.characters_max = customers::password_octets_max})};
    const std::string totp = body.text("totp", {.characters_max = code_characters_max, .required = false});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);

    auto look_up = [email](service::Queries& queries) { return queries.staff_by_email(email); };
    const auto found = co_await api.read(std::move(look_up));
    if (!found) co_return problem(problem_of(found.error()));
    const auto& staff = *found;
    const Moment at = now();
    auto blocked = api.strangers().blocked_until(email, at);
    if (staff) blocked = staff->blocked_until > at ? std::optional{staff->blocked_until} : std::nullopt;
    if (blocked) co_return problem(try_again_at(*blocked, at));

    // Whether or not the account exists, a hash is checked and a failure is written: the same answer in the same time.
    const bool enrolled = staff && staff->enrolled && !staff->password_phc.empty();
    std::string phc = enrolled ? staff->password_phc : std::string{api.dummy_password_phc()};
    auto check = [phc = std::move(phc), password = std::move(password)] {
        return customers::verify_password(phc, password);
    };
    const auto right = co_await api.hash(std::move(check));
    if (!right) co_return problem(unavailable());
    if (!enrolled || !*right) {
        if (!staff) api.strangers().count(email, at);
        service::CountFailedSignIn failed{.staff = staff ? number_of(staff->no) : 0};
        co_await api.submit(nobody, failed);
        co_return problem(sign_in_failed());
    }
    if (staff->disabled) {
        co_return problem(
            {.code = "staff_inactive", .detail = "This staff account was switched off; ask an administrator."});
    }
    const auto& provider = api.options().sign_on;
    if (provider && provider->settings().only && staff->role != customers::Role::admin) {
        co_return problem(
            {.code = "sign_on_required",
             .detail = fmt::format("Sign in with {}: passwords are not taken here.", provider->settings().name)});
    }
    if (totp.empty()) {
        co_return problem(
            {.code = "totp_required", .detail = "Send the same again with the code of the authenticator app."});
    }
    const Bytes token = random_octets(session_token_octets);
    service::SignInStaff command{.staff = number_of(staff->no),
                                 .totp_code = totp,
                                 .session_token_hash = hex_of(view_of(sha256(token))),
                                 .session_expires = ms_of(at + staff_session.lasts)};
    const service::Actor actor{service::ActorKind::staff, number_of(staff->no)};
    const service::Answer answer = co_await api.submit(actor, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    Response signed_in = json_response(200, json::serialize(json::object{{"staff", staff_json(*staff)}}));
    signed_in.with("Set-Cookie", session_cookie(staff_session, base64url_of(token), api.options().cookie_secure));
    co_return signed_in;
}

awaitable<Response> sign_out(Api& api, Request, SignedIn who) {
    service::SignOutStaff command{.session_token_hash = hex_of(who.token_hash)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    Response signed_out = no_content();
    signed_out.with("Set-Cookie", ended_session_cookie(staff_session, api.options().cookie_secure));
    co_return signed_out;
}

awaitable<Response> me(Api&, Request, SignedIn who) { co_return json_response(200, json::serialize(staff_json(who.staff))); }

awaitable<Response> enrol(Api& api, Request request) {
    BodyReader body{request};
    const std::string token = body.text("token", {.characters_max = token_characters_max});
    const std::string name = body.text("name", {.characters_max = name_characters_max, .required = false});
    Secret password{body.text("password", {.characters_max = customers::password_octets_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);

    const Bytes token_hash{view_of(sha256(token))};
    auto look_up = [token_hash, at = now()](service::Queries& queries) {
        return queries.staff_by_enrol_token(token_hash, at);
    };
    const auto found = co_await api.read(std::move(look_up));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(link_gone());
    const store::StaffRow& staff = **found;
    if (const auto weak = customers::password_problem(password, true, staff.email)) {
        co_return problem({.code = "password_too_weak", .detail = std::string{customers::advice_en(*weak)}});
    }
    auto make = [password = std::move(password), salt = random_octets(customers::password_salt_octets)] {
        return customers::hash_password(password, salt);
    };
    const auto phc = co_await api.hash(std::move(make));
    if (!phc) co_return problem(unavailable());
    const Secret secret{random_octets(customers::totp_secret_octets)};
    service::EnrolStaff command{.enrol_token_hash = hex_of(token_hash),
                                .name = name,
                                .password_phc = *phc,
                                .totp_secret_sealed = base64_of(api.options().seal_totp_secret(secret.reveal()))};
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    const json::object enrolled{{"totp_secret", base32_of(secret.reveal())},
                                {"otpauth_uri", customers::otpauth_uri(secret, api.options().house, staff.email)}};
    co_return json_response(200, json::serialize(enrolled));
}

awaitable<Response> confirm_enrolment(Api& api, Request request) {
    BodyReader body{request};
    const std::string token = body.text("token", {.characters_max = token_characters_max});
    const std::string totp = body.text("totp", {.characters_max = code_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    service::ConfirmStaff command{.enrol_token_hash = hex_of(view_of(sha256(token))), .totp_code = totp};
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return no_content();
}

}  // namespace okpay::api
