// SPDX-License-Identifier: Apache-2.0
#include "api/coming_in.hpp"

#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "api/second_factor.hpp"
#include "base/clock.hpp"

namespace okpay::api {
namespace {

constexpr service::Actor nobody{};  // not signed in yet
constexpr std::size_t link_octets = 32;
constexpr std::size_t agent_octets_max = 512;  // of a User-Agent that is looked at

}  // namespace

awaitable<Result<SignInAttempt, Problem>> begin_sign_in(Api& api, const Request& request, std::string email) {
    auto look_up = [email, devices = device_hashes(api, request)](service::Queries& queries) {
        return queries.sign_in_facts(email, devices);
    };
    auto facts = co_await api.read(std::move(look_up));
    if (!facts) co_return fail(problem_of(facts.error()));
    const Moment at = now();
    SignInAttempt attempt{.customer = std::nullopt,
                          .password_phc = std::string{api.dummy_password_phc()},
                          .password_hash = {},
                          .known_device = facts->known_device,
                          .client = customers::client_of_address(request.peer)};
    // A device of the customer's own has its own allowance, whatever goes on around it.
    if (attempt.known_device.empty()) {
        const auto until = api.client_rates().take(ClientAct::sign_in, attempt.client, at);
        if (until) co_return fail(try_again_at(*until, at));
    }
    service::CountFailedCustomerSignIn counted{.customer = 0,
                                               .address_hash = hex_of(view_of(sha256(email))),
                                               .device_hash = hex_of(attempt.known_device)};
    if (facts->access && facts->access->login) {
        counted.customer = number_of(facts->access->view.customer.no);
        // Taken away: nothing is right until there is a new one.
        if (!facts->access->login->password_phc.empty()) {
            attempt.password_phc = facts->access->login->password_phc;
            attempt.customer = std::move(facts->access->view);
        }
    }
    attempt.password_hash = hex_of(view_of(sha256(attempt.password_phc)));
    const service::Answer answer = co_await api.submit(nobody, std::move(counted));
    if (answer.code == "blocked" && answer.numbers.size() == 1) {
        co_return fail(try_again_at(moment_of_ms(answer.numbers.front()), at));
    }
    if (!answer.done()) co_return fail(problem_of(answer));
    co_return attempt;
}

awaitable<Response> come_in(Api& api, Request request, SignInAttempt attempt, service::ShownFactor factor) {
    const customers::Customer& customer = attempt.customer->customer;
    SessionWanted wanted = session_wanted(api, request, attempt.known_device);
    wanted.sign_in.customer = number_of(customer.no);
    wanted.sign_in.factor = std::move(factor);
    wanted.sign_in.password_hash = attempt.password_hash;
    const service::Actor actor{service::ActorKind::customer, number_of(customer.no)};
    const service::Answer answer = co_await api.submit(actor, std::move(wanted.sign_in));
    // The password was right, or there was none to guess: wrong second factors are counted by the account.
    const bool guessed = answer.code == "sign_in_failed";
    if (attempt.known_device.empty() && !guessed) api.client_rates().give_back(ClientAct::sign_in, attempt.client);
    if (answer.code == "second_factor_required") {
        co_return co_await second_factor_asked(api, std::move(request), customer);
    }
    if (guessed) co_return problem(sign_in_failed());
    if (!answer.done()) co_return problem(problem_of(answer));
    const json::object who{{"customer", customer_json(customer, Viewer::oneself())}};
    co_return with_session(json_response(200, json::serialize(who)), api, wanted.token, wanted.device);
}

SessionWanted session_wanted(const Api& api, const Request& request, ByteView device_hash) {
    SessionWanted wanted{.sign_in = {},
                         .token = random_octets(session_token_octets),
                         .device = device_here(api, request, device_hash)};
    ClientWords client = client_words(request);
    wanted.sign_in = {.customer = 0,
                      .session_token_hash = hex_of(view_of(sha256(wanted.token))),
                      .session_expires = ms_of(now() + customer_session.lasts),
                      .device_hash = hex_of(wanted.device.hash),
                      .agent = std::move(client.agent),
                      .address = std::move(client.address),
                      .ends_session = hex_of(
                          session_token_hash(request, customer_session, api.options().cookie_secure).value_or(Bytes{})),
                      .letter = fresh_id<OutgoingId>().text(),
                      .report_link = fresh_link()};
    return wanted;
}

ClientWords client_words(const Request& request) {
    return {.agent = customers::device_words(request.header("User-Agent").substr(0, agent_octets_max)),
            .address = request.peer};
}

std::vector<Bytes> device_hashes(const Api& api, const Request& request) {
    std::vector<Bytes> hashes;
    for (const Bytes& token : device_tokens(request, api.options().cookie_secure))
        hashes.emplace_back(view_of(sha256(token)));
    return hashes;
}

DeviceHere device_here(const Api& api, const Request& request, ByteView known_device) {
    std::vector<Bytes> tokens = device_tokens(request, api.options().cookie_secure);
    const auto is_known = [known_device](const Bytes& token) { return view_of(sha256(token)) == known_device; };
    const auto known = std::ranges::find_if(tokens, is_known);
    if (!known_device.empty() && known != tokens.end()) {
        std::rotate(tokens.begin(), known, known + 1);
    } else {
        tokens.insert(tokens.begin(), random_octets(session_token_octets));
    }
    return {.hash = Bytes{view_of(sha256(tokens.front()))},
            .set_cookie = device_cookie(tokens, api.options().cookie_secure)};
}

std::string fresh_link() { return base32_of(random_octets(link_octets)); }

Response with_session(Response response, const Api& api, ByteView token, const DeviceHere& device) {
    response.with("Set-Cookie", session_cookie(customer_session, base64url_of(token), api.options().cookie_secure));
    response.with("Set-Cookie", device.set_cookie);
    return response;
}

}  // namespace okpay::api
