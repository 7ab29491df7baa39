// SPDX-License-Identifier: Apache-2.0
// "Is this mail really from you?", asked of the website by the code that stands in it. Whoever has a code learns when the
// mail was sent and to whom, masked; never what it says. A code can be copied into a forged mail: with an address the answer
// is yes only where the mail went there.
#include <boost/json/serialize.hpp>

#include "api/handlers.hpp"
#include "api/render.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "customers/access.hpp"
#include "desk/official_mail.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t code_characters_max = 40;
constexpr std::size_t address_characters_max = 320;

Response answered(std::string_view answer, const store::OutgoingRow* mail = nullptr) {
    const bool yes = mail != nullptr;
    json::object body{{"answer", answer},
                      {"sent_at", yes ? json::value(rfc3339(mail->created)) : json::value(nullptr)},
                      {"kind", yes ? json::value(desk::name_of(desk::official_kind_of(mail->kind))) : json::value(nullptr)},
                      {"recipient", yes ? json::value(masked_address(mail->recipient)) : json::value(nullptr)}};
    Response response = json_response(200, json::serialize(body));
    response.with("Cache-Control", "no-store");
    return response;
}

}  // namespace

awaitable<Response> check_official_mail(Api& api, Request request) {
    BodyReader body{request};
    const std::string typed = body.text("code", {.characters_max = code_characters_max});
    const std::string address =
        body.text("address", {.characters_max = address_characters_max, .required = false, .nullable = true});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const Moment at = now();
    const auto until = api.client_rates().take(ClientAct::check_mail, customers::client_of_address(request.peer), at);
    if (until) {
        Problem too_often = try_again_at(*until, at);
        too_often.detail = "Too many checks from here; try again later.";
        co_return problem(too_often);
    }
    const auto code = desk::parse_official_code(typed);
    if (!code) co_return answered("mistyped");
    auto query = [code = *code](service::Queries& queries) { return queries.official_mail(code); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return answered("no");
    const store::OutgoingRow& mail = **found;
    const bool elsewhere = !trimmed(address).empty() && !equal_ignoring_ascii_case(trimmed(address), mail.recipient);
    if (elsewhere) co_return answered("not_to_this_address");
    co_return answered("yes", &mail);
}

}  // namespace okpay::api
