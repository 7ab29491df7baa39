// SPDX-License-Identifier: Apache-2.0
// The customer's own requests: how each stands, what was written, and "this request is mine".
#include <boost/json/serialize.hpp>

#include "api/gate.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "customers/names.hpp"
#include "desk/lifecycle.hpp"
#include "desk/threading.hpp"

namespace okpay::api {
namespace {

json::object request_json(const desk::Ticket& ticket, const std::optional<std::string>& continued_in) {
    return {{"number", ticket.request_number},
            {"subject", ticket.subject},
            {"state", desk::state_name(ticket.state)},
            {"opened_at", rfc3339(ticket.opened)},
            {"updated_at", rfc3339(ticket.updated)},
            {"first_reply_due", rfc3339(ticket.first_reply_due)},
            {"first_replied_at", time_json(ticket.first_replied)},
            {"proven", ticket.assurance >= customers::Assurance::a2_one_time_link},
            {"continued_in", text_or_null(continued_in)}};
}

// Somebody else may have written to a request too: whoever was copied in, or a stranger.
std::string_view from_of(const desk::Message& message, std::string_view own_address) {
    if (message.direction == desk::Direction::outbound) return "house";
    return desk::same_mailbox(message.from_address, own_address) ? "customer" : "other";
}

json::object detail_json(const service::OwnRequest& request, std::string_view own_address) {
    json::array messages, files;
    for (const desk::Message& message : request.messages) {
        messages.push_back(
            json::object{{"at", rfc3339(message.at)}, {"from", from_of(message, own_address)}, {"text", message.body}});
    }
    for (const customers::CaseFile& file : request.files) files.push_back(case_file_json(file));
    json::object detail = request_json(request.ticket, request.continued_in);
    detail["messages"] = std::move(messages);
    detail["files"] = std::move(files);
    return detail;
}

awaitable<Response> request_answer(Api& api, customers::Customer customer, std::string number) {
    auto query = [customer = customer.no, number = std::move(number)](service::Queries& queries) {
        return queries.own_request(customer, number);
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(200, json::serialize(detail_json(**found, customer.email)));
}

}  // namespace

awaitable<Response> list_own_requests(Api& api, Request request, SignedInCustomer who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    auto query = [no = who.view.customer.no, before = *cursor ? (*cursor)->number : 0,
                  items = *limit](service::Queries& queries) { return queries.own_requests(no, before, items); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::OwnRequestLine& line : page->items) {
        items.push_back(request_json(line.ticket, line.continued_in));
    }
    const auto next = page->next ? std::optional{NumberCursor{*page->next}.text()} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> get_own_request(Api& api, Request request, SignedInCustomer who) {
    co_return co_await request_answer(api, who.view.customer, ticket_number(request));
}

awaitable<Response> prove_own_request(Api& api, Request request, SignedInCustomer who) {
    // Whoever has a second factor shows it: what the request asks for will be done on this word.
    auto look_up = [no = who.view.customer.no](service::Queries& queries) { return queries.customer_factors(no); };
    const auto factors = co_await api.read(std::move(look_up));
    if (!factors) co_return problem(problem_of(factors.error()));
    if (factors->any()) {
        if (const auto missing = step_up_missing(who, customers::Act::change_contact, now())) co_return problem(*missing);
    }
    service::ProveTicket command{.ticket = ticket_number(request),
                                 .customer = number_of(who.view.customer.no),
                                 .session = who.session.no};
    service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return co_await request_answer(api, who.view.customer, std::move(answer.text));
}

}  // namespace okpay::api
