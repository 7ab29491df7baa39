// SPDX-License-Identifier: Apache-2.0
// A mail as it looks: where a frame finds it, and what was held back from it.
#include <boost/json/serialize.hpp>

#include "api/content_origin.hpp"
#include "api/handlers.hpp"
#include "base/clock.hpp"
#include "desk/request_number.hpp"

namespace okpay::api {
namespace {

Problem problem_of(service::MailViewFault fault) {
    using service::MailViewFault;
    switch (fault) {
    case MailViewFault::not_a_mail: return {.code = "not_a_mail", .detail = "This message did not come by mail."};
    case MailViewFault::original_gone:
        return {.code = "original_gone", .detail = "The mail's original is no longer kept; its text is."};
    case MailViewFault::no_html: return {.code = "no_html", .detail = "This mail has no formatting: its text is all of it."};
    case MailViewFault::unreadable:
        return {.code = "mail_unreadable", .detail = "This mail cannot be shown as it looks; its text is kept."};
    case MailViewFault::unavailable: return unavailable();
    }
    std::abort();
}

json::object page_json(const service::MailPage& page) {
    json::array remote, links, masked;
    for (const std::string& address : page.safe.remote) remote.emplace_back(address);
    for (const content::ShownLink& link : page.safe.links) {
        links.push_back(json::object{{"address", link.address}, {"text", link.text}, {"deceives", link.deceives}});
    }
    for (const content::SecretKind kind : page.safe.masked) masked.emplace_back(content::name_of(kind));
    return {{"remote", std::move(remote)},        {"links", std::move(links)},
            {"masked", std::move(masked)},        {"hidden_found", page.safe.hidden_found},
            {"simplified", page.safe.simplified}, {"pictures_left_out", page.pictures_left_out}};
}

}  // namespace

awaitable<Response> get_message_html(Api& api, Request request, SignedIn who) {
    const auto number = desk::RequestNumber::parse(request.params[0]);
    const auto id = MessageId::parse(request.params[1]);
    if (!number || !id) co_return problem(not_found());
    auto query = [id = *id](service::Queries& queries) { return queries.message_mail(id); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(api::problem_of(found.error()));
    if (!*found || (*found)->ticket != number->text()) co_return problem(not_found());
    ContentOrigin* const content = api.options().content;
    if (content == nullptr) co_return problem(unavailable());
    const auto page = co_await content->page_of(std::move((*found)->mail));
    if (!page) co_return problem(problem_of(page.error()));
    // A browser's time, never that of a test's clock.
    const ContentLink link{.message = *id, .staff = who.staff.no, .until = okpay::now() + content_link_lasts};
    json::object body = page_json(**page);
    body["url"] = content->url_of(link);
    body["expires_at"] = rfc3339(link.until);
    co_return json_response(200, json::serialize(body));
}

}  // namespace okpay::api
