// SPDX-License-Identifier: Apache-2.0
// Who is on the staff, and that somebody has left.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/text.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t reason_characters_max = 500;
constexpr std::size_t code_characters_max = 16;

std::string_view state_of(const service::StaffView& member) {
    if (member.row.disabled) return "switched_off";
    if (member.approval == customers::StaffApproval::waiting) return "waits_for_approval";
    return member.row.enrolled ? "active" : "invited";
}

json::object member_json(const service::StaffView& member) {
    json::object object{{"id", member.row.id.text()},
                        {"name", member.row.name},
                        {"email", member.row.email},
                        {"role", customers::name_of(member.row.role)},
                        {"state", state_of(member)},
                        {"added_at", rfc3339(member.row.created)},
                        {"enrolled_at", nullptr},
                        {"signs_on", member.signs_on},
                        {"requests_in_hand", member.in_hand}};
    if (member.row.enrolled) object["enrolled_at"] = rfc3339(*member.row.enrolled);
    return object;
}

}  // namespace

awaitable<Response> list_staff(Api& api, Request, SignedIn) {
    auto query = [](service::Queries& queries) { return queries.staff_members(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const service::StaffView& member : *found) items.push_back(member_json(member));
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> switch_off_staff(Api& api, Request request, SignedIn who) {
    const auto id = StaffId::parse(request.params.at(0));
    if (!id) co_return problem(not_found());
    BodyReader body{request};
    service::SwitchOffStaff command{.staff = id->text(),
                                    .reason = body.text("reason", {.characters_max = reason_characters_max}),
                                    .totp_code = body.text("totp", {.characters_max = code_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return no_content();
}

}  // namespace okpay::api
