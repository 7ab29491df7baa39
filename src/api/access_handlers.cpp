// SPDX-License-Identifier: Apache-2.0
// How a customer comes to be here: sign-up, a new password, and "this was not me". What an address that is not proven asks
// is answered alike whatever stands behind it, by the same work, and no sooner than after a fixed time.
#include <boost/json/serialize.hpp>

#include "api/coming_in.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/password.hpp"

namespace okpay::api {
namespace {

constexpr service::Actor nobody{};
constexpr std::size_t address_characters_max = 254;
constexpr std::size_t name_characters_max = 100;
constexpr std::size_t zone_characters_max = 64;
constexpr std::size_t language_characters_max = 16;
constexpr std::size_t link_characters_max = 100;

using Steady = std::chrono::steady_clock;

Problem link_gone() { return {.code = "token_invalid", .detail = "This link was used or has expired; ask for a new one."}; }

std::string canonical(std::string_view address) { return ascii_lower(trimmed(address)); }

std::optional<Problem> weak(const Secret& password, std::string_view email) {
    const auto found = customers::password_problem(password, false, email);
    if (!found) return std::nullopt;
    return Problem{.code = "password_too_weak", .detail = std::string{customers::advice_en(*found)}};
}

awaitable<std::optional<std::string>> hashed(Api& api, Secret password) {
    auto make = [password = std::move(password), salt = random_octets(customers::password_salt_octets)] {
        return customers::hash_password(password, salt);
    };
    co_return co_await api.hash(std::move(make));
}

std::optional<Problem> too_often(Api& api, ClientAct act, const Request& request) {
    const Moment at = now();
    const auto until = api.client_rates().take(act, customers::client_of_address(request.peer), at);
    return until ? std::optional{try_again_at(*until, at)} : std::nullopt;
}

// Of the link in a body's `token`; nothing where it is none.
Bytes link_hash_of(std::string_view token) {
    const auto octets = bytes_of_base32(token);
    return octets ? Bytes{view_of(sha256(*octets))} : Bytes{};
}

awaitable<Result<store::AccessLink, Problem>> live_link(Api& api, Bytes hash, store::AccessLinkKind kind) {
    auto look_up = [hash = std::move(hash), kind, at = now()](service::Queries& queries) {
        return queries.access_link(hash, kind, at);
    };
    auto found = co_await api.read(std::move(look_up));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return fail(link_gone());
    co_return **std::move(found);
}

}  // namespace

awaitable<Response> sign_up(Api& api, Request request) {
    const Steady::time_point answer_at = Steady::now() + api.options().even_answer_takes;
    BodyReader body{request};
    const std::string email = canonical(body.text("email", {.characters_max = address_characters_max}));
    Secret password{body.text("password", {.characters_max = customers::password_octets_max})};
    service::StartSignUp command{.email = email,
                                 .name = body.text("name", {.characters_max = name_characters_max}),
                                 .language = body.text("language", {.characters_max = language_characters_max}),
                                 .zone = body.text("zone", {.characters_max = zone_characters_max}),
                                 .password_phc = {},
                                 .sign_up_link = fresh_link(),
                                 .letter = fresh_id<OutgoingId>().text()};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto wrong = weak(password, email)) co_return problem(*wrong);
    if (const auto wait = too_often(api, ClientAct::sign_up, request)) co_return problem(*wait);
    auto phc = co_await hashed(api, std::move(password));
    if (!phc) co_return problem(unavailable());
    command.password_phc = *std::move(phc);
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_await api.no_sooner_than(answer_at);
    const json::object sent{{"link_lasts_seconds", std::chrono::seconds{customers::sign_up_link_lasts}.count()}};
    co_return json_response(202, json::serialize(sent));
}

// With the password of the sign-up: whoever holds the mailbox but did not choose it is not made to open an account whose
// password a stranger knows.
awaitable<Response> confirm_sign_up(Api& api, Request request) {
    BodyReader body{request};
    const Bytes hash = link_hash_of(body.text("token", {.characters_max = link_characters_max}));
    Secret password{body.text("password", {.characters_max = customers::password_octets_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto wait = too_often(api, ClientAct::follow_link, request)) co_return problem(*wait);
    const auto link = co_await live_link(api, hash, store::AccessLinkKind::sign_up);
    if (!link) co_return problem(link.error());
    auto check = [phc = link->password_phc, password = std::move(password)] {
        return customers::verify_password(phc, password);
    };
    const auto right = co_await api.hash(std::move(check));
    if (!right) co_return problem(unavailable());
    if (!*right) {
        service::CountFailedSignUp failed{.link_hash = hex_of(hash)};
        co_await api.submit(nobody, std::move(failed));
        co_return problem(sign_in_failed());
    }
    const Bytes token = random_octets(session_token_octets);
    const DeviceHere device = device_here(api, request, {});
    ClientWords client = client_words(request);
    service::ConfirmSignUp command{.link_hash = hex_of(hash),
                                   .customer = fresh_id<CustomerId>().text(),
                                   .session_token_hash = hex_of(view_of(sha256(token))),
                                   .session_expires = ms_of(now() + customer_session.lasts),
                                   .device_hash = hex_of(device.hash),
                                   .agent = std::move(client.agent),
                                   .address = std::move(client.address)};
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto look_up = [no = customers::CustomerNo{answer.number}](service::Queries& queries) { return queries.customer(no); };
    const auto made = co_await api.read(std::move(look_up));
    if (!made) co_return problem(problem_of(made.error()));
    if (!*made) co_return problem(unavailable());
    const json::object who{{"customer", customer_json((*made)->customer, Viewer::oneself())}};
    co_return with_session(json_response(201, json::serialize(who)), api, token, device);
}

awaitable<Response> ask_new_password(Api& api, Request request) {
    const Steady::time_point answer_at = Steady::now() + api.options().even_answer_takes;
    BodyReader body{request};
    const std::string email = canonical(body.text("email", {.characters_max = address_characters_max}));
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto wait = too_often(api, ClientAct::new_password, request)) co_return problem(*wait);
    auto look_up = [email, devices = device_hashes(api, request)](service::Queries& queries) {
        return queries.sign_in_facts(email, devices);
    };
    const auto facts = co_await api.read(std::move(look_up));
    if (!facts) co_return problem(problem_of(facts.error()));
    service::AskNewPassword command{.email = email,
                                    .password_link = fresh_link(),
                                    .letter = fresh_id<OutgoingId>().text(),
                                    .device_hash = hex_of(facts->known_device)};
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_await api.no_sooner_than(answer_at);
    const json::object sent{{"link_lasts_seconds", std::chrono::seconds{customers::new_password_link_lasts}.count()}};
    co_return json_response(202, json::serialize(sent));
}

awaitable<Response> set_new_password(Api& api, Request request) {
    BodyReader body{request};
    const Bytes hash = link_hash_of(body.text("token", {.characters_max = link_characters_max}));
    Secret password{body.text("password", {.characters_max = customers::password_octets_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto wait = too_often(api, ClientAct::follow_link, request)) co_return problem(*wait);
    const auto link = co_await live_link(api, hash, store::AccessLinkKind::new_password);
    if (!link) co_return problem(link.error());
    if (const auto wrong = weak(password, link->email)) co_return problem(*wrong);
    const auto phc = co_await hashed(api, std::move(password));
    if (!phc) co_return problem(unavailable());
    ClientWords client = client_words(request);
    service::SetNewPassword command{.link_hash = hex_of(hash),
                                    .password_phc = *phc,
                                    .letter = fresh_id<OutgoingId>().text(),
                                    .report_link = fresh_link(),
                                    .agent = std::move(client.agent),
                                    .address = std::move(client.address)};
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    // No session: the second step, where there is one, is asked for as always.
    Response done = no_content();
    done.with("Set-Cookie", ended_session_cookie(customer_session, api.options().cookie_secure));
    co_return done;
}

awaitable<Response> report_sign_in(Api& api, Request request) {
    BodyReader body{request};
    const Bytes hash = link_hash_of(body.text("token", {.characters_max = link_characters_max}));
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto wait = too_often(api, ClientAct::follow_link, request)) co_return problem(*wait);
    service::ReportSignIn command{.link_hash = hex_of(hash),
                                  .message_id = fresh_id<MessageId>().text(),
                                  .letter = fresh_id<OutgoingId>().text()};
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return json_response(200, json::serialize(json::object{{"request", answer.text}}));
}

awaitable<Response> change_password(Api& api, Request request, SignedInCustomer who) {
    BodyReader body{request};
    Secret old_password{body.text("old_password", {.characters_max = customers::password_octets_max})};
    Secret password{body.text("new_password", {.characters_max = customers::password_octets_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto missing = step_up_missing(who, customers::Act::change_password, now())) {
        // Who has no second factor shows the old password, which is asked for in any case.
        auto query = [no = who.view.customer.no](service::Queries& queries) { return queries.customer_factors(no); };
        const auto factors = co_await api.read(std::move(query));
        if (!factors) co_return problem(problem_of(factors.error()));
        if (factors->any()) co_return problem(*missing);
    }
    const std::string& email = who.view.customer.email;
    if (const auto wrong = weak(password, email)) co_return problem(*wrong);
    // A thief of the session guesses here at no better rate than at the door.
    const auto attempt = co_await begin_sign_in(api, request, email);
    if (!attempt) co_return problem(attempt.error());
    auto check = [phc = attempt->password_phc, old_password = std::move(old_password)] {
        return customers::verify_password(phc, old_password);
    };
    const auto right = co_await api.hash(std::move(check));
    if (!right) co_return problem(unavailable());
    if (!attempt->customer || !*right) co_return problem(sign_in_failed());
    const auto phc = co_await hashed(api, std::move(password));
    if (!phc) co_return problem(unavailable());
    const Bytes token = random_octets(session_token_octets);
    ClientWords client = client_words(request);
    service::ChangePassword command{.customer = number_of(who.view.customer.no),
                                    .password_phc = *phc,
                                    .session_token_hash = hex_of(who.session.token_hash),
                                    .new_session_token_hash = hex_of(view_of(sha256(token))),
                                    .letter = fresh_id<OutgoingId>().text(),
                                    .report_link = fresh_link(),
                                    .agent = std::move(client.agent),
                                    .address = std::move(client.address)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    if (attempt->known_device.empty()) api.client_rates().give_back(ClientAct::sign_in, attempt->client);
    Response changed = no_content();
    changed.with("Set-Cookie", session_cookie(customer_session, base64url_of(token), api.options().cookie_secure));
    co_return changed;
}

}  // namespace okpay::api
