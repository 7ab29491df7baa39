// SPDX-License-Identifier: Apache-2.0
// Colleagues on a request: who may be named in a note, who follows it, how far somebody has seen it.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "customers/names.hpp"
#include "desk/follows.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t mark_characters_max = 41;  // two numbers and a point
constexpr std::size_t words_octets_max = 400;

template <class Body>
awaitable<Response> done(Api& api, Body command, SignedIn who) {
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    auto query = [number = answer.text](service::Queries& queries) { return queries.ticket_detail(number); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(200, json::serialize(following_json(**found, Viewer{who.staff})));
}

}  // namespace

awaitable<Result<std::vector<std::int64_t>, Problem>> staff_named(Api& api, std::vector<std::string> references) {
    const Problem nobody{.code = std::string{desk::code_of(desk::FollowRefusal::nobody_here)},
                         .detail = "Nobody of this id can read this request. Choose from the list."};
    std::vector<StaffId> ids;
    for (const std::string& reference : references) {
        const auto id = StaffId::parse(reference);
        if (!id) co_return fail(nobody);
        ids.push_back(*id);
    }
    std::vector<std::int64_t> numbers;
    if (ids.empty()) co_return numbers;
    const std::size_t wanted = ids.size();
    auto query = [ids = std::move(ids)](service::Queries& queries) { return queries.staff_by_ids(ids); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (found->size() != wanted) co_return fail(nobody);
    for (const store::StaffRow& staff : *found) numbers.push_back(number_of(staff.no));
    co_return numbers;
}

awaitable<Response> list_colleagues(Api& api, Request request, SignedIn who) {
    std::string words = request.query_value("q").value_or("");
    if (words.size() > words_octets_max) co_return problem(malformed("q: at most 100 characters."));
    auto query = [number = ticket_number(request), me = who.staff.no, words = std::move(words)](service::Queries& queries) {
        return queries.colleagues(number, me, words);
    };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    json::array items;
    for (const store::StaffRow& staff : **found) {
        items.push_back(json::object{{"id", staff.id.text()},
                                     {"name", staff.name},
                                     {"email", staff.email},
                                     {"role", customers::name_of(staff.role)}});
    }
    co_return json_response(200, json::serialize(json::object{{"items", std::move(items)}}));
}

awaitable<Response> follow_ticket(Api& api, Request request, SignedIn who) {
    service::FollowTicket command{.ticket = ticket_number(request)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> unfollow_ticket(Api& api, Request request, SignedIn who) {
    service::UnfollowTicket command{.ticket = ticket_number(request)};
    co_return co_await done(api, std::move(command), std::move(who));
}

awaitable<Response> mark_seen(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string mark = body.text("mark", {.characters_max = mark_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!desk::SeenMark::parse(mark)) co_return problem(malformed("/mark: the `seen_mark` of the request as it was read."));
    service::MarkSeen command{.ticket = ticket_number(request), .mark = std::move(mark)};
    co_return co_await done(api, std::move(command), std::move(who));
}

}  // namespace okpay::api
