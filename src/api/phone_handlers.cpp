// SPDX-License-Identifier: Apache-2.0
// The customer's own telephone number: given, proven by a code, removed. Each act but typing the code asks for a second
// factor first. A number is shown masked to its owner too.
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "base/clock.hpp"
#include "customers/phone.hpp"

namespace okpay::api {
namespace {

using customers::ChangeState;

constexpr std::size_t number_characters_max = 40;
constexpr std::size_t code_characters_max = 20;

std::string seed() { return fresh_id<CommandId>().text(); }

json::value pending_json(const service::PhoneView& view, Moment at) {
    if (!view.open) return nullptr;
    const customers::Change& change = *view.open;
    const bool proving = change.state == ChangeState::proving;
    if (proving && (!view.code || at >= change.due)) return nullptr;  // over, and ended in a moment
    json::object shown{{"id", change.id.text()},
                       {"state", name_of(change.state)},
                       {"removes", change.to.empty()},
                       {"number", customers::masked_phone(change.to.empty() ? change.from : change.to)},
                       {"due_at", time_json(change.due)},
                       {"code", nullptr}};
    if (proving) {
        const customers::PhoneCode& code = *view.code;
        const bool another = code.codes < customers::phone_codes_of_change_max;
        shown["code"] =
            json::object{{"expires_at", rfc3339(code.expires)},
                         {"tries_left", customers::phone_code_tries_max - code.wrong},
                         {"next_at", another ? json::value(rfc3339(code.sent + customers::phone_code_again_after))
                                             : json::value(nullptr)}};
    }
    return shown;
}

awaitable<Response> phone_answer(Api& api, customers::CustomerNo customer, unsigned status, bool replayed = false) {
    auto query = [customer](service::Queries& queries) { return queries.phone(customer); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    const auto& stands = found->stands;
    const json::object body{{"number", stands ? json::value(customers::masked_phone(stands->number)) : json::value(nullptr)},
                            {"confirmed_at", stands ? json::value(rfc3339(stands->confirmed)) : json::value(nullptr)},
                            {"pending", pending_json(*found, api.now())}};
    Response response = json_response(status, json::serialize(body));
    if (replayed) response.with("Idempotent-Replayed", "true");
    co_return response;
}

}  // namespace

awaitable<Response> own_phone(Api& api, Request, SignedInCustomer who) {
    co_return co_await phone_answer(api, who.view.customer.no, 200);
}

awaitable<Response> ask_phone(Api& api, Request request, SignedInCustomer who) {
    const auto key = idempotency_key(request);
    if (!key) co_return problem(key.error());
    BodyReader body{request};
    service::AskPhone asked{.change = fresh_id<customers::ChangeId>().text(),
                            .customer = number_of(who.view.customer.no),
                            .number = body.text("number", {.characters_max = number_characters_max}),
                            .session = who.session.no,
                            .seed = seed()};
    const auto number = customers::PhoneNumber::parse(asked.number);
    if (!number) body.refuse("/number", "must be a telephone number with its country, such as +86 138 0013 8000");
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (const auto missing = step_up_missing(who, customers::Act::change_contact, now())) co_return problem(*missing);
    service::Command command{.id = command_id_of("customer:" + who.view.customer.id.text(), request.path, *key),
                             .at = api.now(),
                             .actor = actor_of(who),
                             .body = asked};
    const service::Answer answer = co_await api.submit(std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    if (answer.replayed) {
        auto query = [no = answer.number](service::Queries& queries) { return queries.change(no); };
        const auto first = co_await api.read(std::move(query));
        if (!first) co_return problem(problem_of(first.error()));
        const bool same =
            *first && (*first)->change.kind == customers::ChangeKind::phone && (*first)->change.to == number->text();
        if (!same) {
            co_return problem({.code = "idempotency_key_reused", .detail = "This key was used for another change."});
        }
    }
    co_return co_await phone_answer(api, who.view.customer.no, 201, answer.replayed);
}

awaitable<Response> send_phone_code(Api& api, Request, SignedInCustomer who) {
    if (const auto missing = step_up_missing(who, customers::Act::change_contact, now())) co_return problem(*missing);
    service::SendPhoneCode command{.customer = number_of(who.view.customer.no), .seed = seed()};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await phone_answer(api, who.view.customer.no, 200);
}

awaitable<Response> confirm_phone(Api& api, Request request, SignedInCustomer who) {
    BodyReader body{request};
    service::ConfirmPhone command{.customer = number_of(who.view.customer.no),
                                  .code = body.text("code", {.characters_max = code_characters_max}),
                                  .seed = seed()};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await phone_answer(api, who.view.customer.no, 200);
}

awaitable<Response> remove_phone(Api& api, Request, SignedInCustomer who) {
    if (const auto missing = step_up_missing(who, customers::Act::change_contact, now())) co_return problem(*missing);
    service::RemovePhone command{.change = fresh_id<customers::ChangeId>().text(),
                                 .customer = number_of(who.view.customer.no),
                                 .session = who.session.no,
                                 .seed = seed()};
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await phone_answer(api, who.view.customer.no, 200);
}

}  // namespace okpay::api
