// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>

#include <charconv>

#include "api/docs_page.hpp"
#include "api/handlers.hpp"
#include "api/json.hpp"
#include "api/sign_on.hpp"
#include "api/site.hpp"

namespace okpay::api {
namespace {

struct HourCursor {
    std::int64_t before_ms;
    static std::optional<HourCursor> parse(std::string_view text) {
        HourCursor cursor{0};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor.before_ms);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return cursor;
    }
};

Response text_page(std::string text, std::string content_type) {
    Response response{.status = 200, .content_type = std::move(content_type), .body = std::move(text), .headers = {}};
    response.with("Cache-Control", "no-store");
    return response;
}

Response page_of(Api& api, const Request& request, std::string_view path) {
    if (api.web_root().empty()) return not_built_page();
    auto found = api.web_root().file(request, path);
    return found ? *std::move(found) : problem(not_found());
}

}  // namespace

awaitable<Response> site(Api& api, Request) {
    json::value sign_on = nullptr;
    if (const auto& provider = api.options().sign_on)
        sign_on = json::object{{"name", provider->settings().name}, {"only", provider->settings().only}};
    const json::object body{{"domain", api.options().domain},
                            {"support_address", api.options().support_address},
                            {"demonstration", api.options().demonstration},
                            {"sign_up", api.options().sign_up},
                            {"sign_on", std::move(sign_on)},
                            {"languages", json::array{"en", "zh-Hans", "zh-Hant"}}};
    co_return json_response(200, json::serialize(body));
}

awaitable<Response> mail_books(Api& api, Request request, SignedIn) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<HourCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    const std::optional<std::int64_t> before = *cursor ? std::optional{(*cursor)->before_ms} : std::nullopt;
    auto query = [before, limit = static_cast<std::size_t>(*limit)](service::Queries& queries) {
        return queries.mail_books(before, limit);
    };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    json::array items;
    for (const service::MailBook& book : page->items) {
        items.push_back(json::object{{"hour", rfc3339(book.hour)},
                                     {"channel", book.channel},
                                     {"accepted", book.accepted()},
                                     {"parsed", book.parsed},
                                     {"quarantined", book.quarantined},
                                     {"duplicates", book.duplicates},
                                     {"waiting", book.waiting},
                                     {"sent", book.sent},
                                     {"queued", book.queued},
                                     {"uncertain", book.uncertain},
                                     {"failed", book.failed},
                                     {"suppressed", book.suppressed}});
    }
    const auto next = page->next ? std::optional{std::to_string(*page->next)} : std::nullopt;
    co_return json_response(200, page_json(std::move(items), next));
}

awaitable<Response> document(Api&, Request) {
    co_return Response{.status = 200,
                       .content_type = "application/json",
                       .body = std::string{openapi_document()},
                       .headers = {{"Cache-Control", "no-cache"}}};
}

awaitable<Response> document_for_people(Api& api, Request) {
    co_return Response{.status = 200,
                       .content_type = "text/html; charset=utf-8",
                       .body = api.docs_page(),
                       .headers = {{"Cache-Control", "no-cache"}}};
}

awaitable<Response> document_script(Api&, Request) {
    co_return text_page(std::string{docs_script()}, "text/javascript; charset=utf-8");
}

// RFC 8461 3.3: senders follow no redirect, and read nothing that is not text/plain.
awaitable<Response> mail_policy(Api& api, Request) {
    if (api.options().mail_policy.empty()) co_return problem(not_found());
    co_return text_page(api.options().mail_policy, "text/plain; charset=utf-8");
}

awaitable<Response> healthz(Api&, Request) { co_return text_page("ok\n", "text/plain; charset=utf-8"); }

awaitable<Response> readyz(Api& api, Request) {
    if (!api.options().takes_traffic()) co_return problem(unavailable());
    auto query = [](service::Queries& queries) { return queries.ping(); };
    const auto answered = co_await api.read(std::move(query));
    if (!answered || !*answered) co_return problem(unavailable());
    co_return text_page("ready\n", "text/plain; charset=utf-8");
}

awaitable<Response> metrics(Api& api, Request) {
    co_return text_page(api.metrics().text(), "text/plain; version=0.0.4; charset=utf-8");
}

awaitable<Response> home_page(Api& api, Request request) { co_return page_of(api, request, "/index.html"); }

awaitable<Response> check_page(Api& api, Request request) { co_return page_of(api, request, "/index.html"); }

awaitable<Response> console_page(Api& api, Request request) { co_return page_of(api, request, "/console.html"); }

awaitable<Response> account_page(Api& api, Request request) { co_return page_of(api, request, "/account.html"); }

awaitable<Response> help_page(Api& api, Request request) { co_return page_of(api, request, "/help.html"); }

awaitable<Response> web_file(Api& api, Request request) {
    const auto path = percent_decoded(request.path, false);
    auto found = path ? api.web_root().file(request, *path) : std::nullopt;
    co_return found ? *std::move(found) : problem(not_found());
}

}  // namespace okpay::api
