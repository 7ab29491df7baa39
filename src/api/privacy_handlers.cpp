// SPDX-License-Identifier: Apache-2.0
// A person's copy, erasures that two persons decide, and who joins the staff by an administrator's word.
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "customers/names.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t reason_characters_max = 500;
// A copy tells everything: it asks for as much as what changes where letters go.
constexpr customers::Act as_strict_as = customers::Act::change_contact;

json::object erasure_json(const service::ErasureView& view, const SignedIn& who) {
    return {{"id", view.row.id.text()},
            {"customer", customer_json(view.customer, Viewer{who.staff})},
            {"reason", view.row.reason},
            {"proposed_at", rfc3339(view.row.proposed)},
            {"mine", view.row.proposed_by == fmt::format("staff:{}", number_of(who.staff.no))}};
}

json::object waiting_staff_json(const store::StaffRow& staff) {
    return {{"id", staff.id.text()},
            {"email", staff.email},
            {"role", customers::name_of(staff.role)},
            {"added_at", rfc3339(staff.created)}};
}

Response copy_response(std::string text) {
    Response response = json_response(200, std::move(text));
    response.with("Content-Disposition", "attachment; filename=\"okpay-copy.json\"");
    return response;
}

// Logged first, then read: a copy that nobody knows of cannot be.
awaitable<Response> copy_of(Api& api, service::Actor actor, customers::CustomerNo customer, std::string reason,
                            bool by_customer) {
    service::RecordPersonExport record{.customer = number_of(customer), .reason = std::move(reason)};
    const service::Answer logged = co_await api.submit(actor, std::move(record));
    if (!logged.done()) co_return problem(problem_of(logged));
    auto query = [customer, accounts = logged.accounts, by_customer, at = api.now()](service::Queries& queries) {
        return queries.person_copy(customer, accounts, by_customer, at);
    };
    auto copy = co_await api.read(std::move(query));
    if (!copy) co_return problem(problem_of(copy.error()));
    co_return copy_response(*std::move(copy));
}

awaitable<Result<customers::CustomerNo, Problem>> customer_in_path(Api& api, std::string text) {
    const auto id = CustomerId::parse(text);
    if (!id) co_return fail(not_found());
    const auto no = co_await api.customer_no(*id);
    if (!no) co_return fail(no.error());
    if (!*no) co_return fail(not_found());
    co_return **no;
}

Response state_answer(std::string_view state) { return json_response(200, json::serialize(json::object{{"state", state}})); }

awaitable<Response> decide_erasure(Api& api, Request request, SignedIn who, bool approved) {
    const auto id = customers::ErasureId::parse(request.params[0]);
    BodyReader body{request};
    service::DecideErasure command{.erasure = id ? id->text() : "",
                                   .approved = approved,
                                   .note = approved ? std::string{}
                                                    : body.text("note", {.characters_max = reason_characters_max}),
                                   .totp_code = approved ? body.text("totp", {.characters_max = 16}) : std::string{}};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!id) co_return problem(not_found());
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return state_answer(answer.text);
}

awaitable<Response> decide_staff(Api& api, Request request, SignedIn who, bool approved) {
    const auto id = StaffId::parse(request.params[0]);
    BodyReader body{request};
    service::DecideStaff command{.staff = 0,
                                 .approved = approved,
                                 .totp_code = approved ? body.text("totp", {.characters_max = 16}) : std::string{}};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    if (!id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.staff_by_id(id); };
    const auto staff = co_await api.read(std::move(query));
    if (!staff) co_return problem(problem_of(staff.error()));
    if (!*staff) co_return problem(not_found());
    command.staff = number_of((*staff)->no);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return state_answer(approved ? "approved" : "refused");
}

}  // namespace

awaitable<Response> own_copy(Api& api, Request, SignedInCustomer who) {
    if (const auto missing = step_up_missing(who, as_strict_as, now())) co_return problem(*missing);
    co_return co_await copy_of(api, actor_of(who), who.view.customer.no, "", true);
}

awaitable<Response> customer_copy(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    std::string reason = body.text("reason", {.characters_max = reason_characters_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto customer = co_await customer_in_path(api, request.params[0]);
    if (!customer) co_return problem(customer.error());
    co_return co_await copy_of(api, actor_of(who), *customer, std::move(reason), false);
}

awaitable<Response> propose_erasure(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::ProposeErasure command{.erasure = fresh_id<customers::ErasureId>().text(),
                                    .customer = 0,
                                    .reason = body.text("reason", {.characters_max = reason_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto customer = co_await customer_in_path(api, request.params[0]);
    if (!customer) co_return problem(customer.error());
    command.customer = number_of(*customer);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return state_answer(answer.text);
}

awaitable<Response> list_erasures(Api& api, Request, SignedIn who) {
    auto query = [](service::Queries& queries) { return queries.waiting_erasures(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    json::array items;
    for (const service::ErasureView& view : *found) {
        if (!kept->has(view.customer.no)) items.push_back(erasure_json(view, who));
    }
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> approve_erasure(Api& api, Request request, SignedIn who) {
    return decide_erasure(api, std::move(request), std::move(who), true);
}

awaitable<Response> reject_erasure(Api& api, Request request, SignedIn who) {
    return decide_erasure(api, std::move(request), std::move(who), false);
}

awaitable<Response> list_waiting_staff(Api& api, Request, SignedIn) {
    auto query = [](service::Queries& queries) { return queries.waiting_staff(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const store::StaffRow& staff : *found) items.push_back(waiting_staff_json(staff));
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> approve_staff(Api& api, Request request, SignedIn who) {
    return decide_staff(api, std::move(request), std::move(who), true);
}

awaitable<Response> reject_staff(Api& api, Request request, SignedIn who) {
    return decide_staff(api, std::move(request), std::move(who), false);
}

}  // namespace okpay::api
