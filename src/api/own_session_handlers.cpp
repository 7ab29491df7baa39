// SPDX-License-Identifier: Apache-2.0
// What customers see of how they are signed in, and end of it.
#include <boost/json/serialize.hpp>

#include "api/coming_in.hpp"
#include "api/handlers.hpp"
#include "api/json.hpp"
#include "base/clock.hpp"

namespace okpay::api {
namespace {

json::object session_json(const store::CustomerSession& session, const SignedInCustomer& who) {
    return {{"no", session.no},
            {"device", session.agent},
            {"place", customers::shortened_address(session.address)},
            {"since", rfc3339(session.created)},
            {"last_seen", rfc3339(session.last_seen)},
            {"current", session.token_hash == who.session.token_hash}};
}

awaitable<Response> end_sessions(Api& api, SignedInCustomer who, std::int64_t session) {
    if (const auto missing = step_up_missing(who, customers::Act::end_other_sessions, now())) co_return problem(*missing);
    service::EndSessions command{.customer = number_of(who.view.customer.no),
                                 .session = session,
                                 .session_token_hash = hex_of(who.session.token_hash)};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return json_response(200, json::serialize(json::object{{"ended", answer.number}}));
}

}  // namespace

awaitable<Response> list_own_sessions(Api& api, Request, SignedInCustomer who) {
    auto query = [no = who.view.customer.no, at = now()](service::Queries& queries) {
        return queries.customer_sessions(no, at);
    };
    const auto sessions = co_await api.read(std::move(query));
    if (!sessions) co_return problem(problem_of(sessions.error()));
    json::array items;
    for (const store::CustomerSession& session : *sessions) items.push_back(session_json(session, who));
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

awaitable<Response> end_own_session(Api& api, Request request, SignedInCustomer who) {
    const auto no = count_of(request.params[0]);
    if (!no || *no == 0) co_return problem(not_found());
    co_return co_await end_sessions(api, std::move(who), *no);
}

awaitable<Response> end_other_sessions(Api& api, Request, SignedInCustomer who) {
    co_return co_await end_sessions(api, std::move(who), 0);
}

awaitable<Response> own_access(Api& api, Request, SignedInCustomer who) {
    auto query = [no = who.view.customer.no](service::Queries& queries) { return queries.own_access(no); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    const bool told = found->login && found->login->password_set != Moment{};
    const json::object access{{"password_set", time_json(told ? std::optional{found->login->password_set} : std::nullopt)},
                              {"phrase_set", found->phrase_set}};
    co_return json_response(200, json::serialize(access));
}

awaitable<Response> set_phrase(Api& api, Request request, SignedInCustomer who) {
    BodyReader body{request};
    ClientWords client = client_words(request);
    service::SetPhrase command{.customer = number_of(who.view.customer.no),
                               .phrase = body.text("phrase", {.characters_max = customers::phrase_characters_max}),
                               .letter = fresh_id<OutgoingId>().text(),
                               .report_link = fresh_link(),
                               .agent = std::move(client.agent),
                               .address = std::move(client.address)};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return no_content();
}

}  // namespace okpay::api
