// SPDX-License-Identifier: Apache-2.0
#include <boost/json/serialize.hpp>

#include "api/conflict.hpp"
#include "api/handlers.hpp"
#include "api/render.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::api {
namespace {

constexpr std::int64_t page_items = 25;

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

template <class AnyId>
json::value id_or_null(const std::optional<AnyId>& id) {
    return id ? json::value(id->text()) : json::value(nullptr);
}

json::object hit_json(const service::SearchHit& hit, const Viewer& viewer) {
    json::array snippet;
    for (const search::SnippetPart& part : hit.snippet)
        snippet.push_back(json::object{{"text", part.text}, {"marked", part.marked}});
    if (!hit.address.empty()) snippet.push_back(json::object{{"text", viewer.address(hit.address)}, {"marked", false}});
    return {{"kind", store::name_of(hit.kind)},
            {"at", rfc3339(hit.at)},
            {"title", hit.title},
            {"snippet", std::move(snippet)},
            {"request_number", text_or_null(hit.request_number)},
            {"request_state", text_or_null(hit.ticket_state)},
            {"message_id", id_or_null(hit.message)},
            {"customer_id", id_or_null(hit.customer)},
            {"payment_id", hit.payment ? json::value(payments::text_of(*hit.payment)) : json::value(nullptr)}};
}

}  // namespace

awaitable<Response> find_anything(Api& api, Request request, SignedIn who) {
    const auto limit = page_limit(request);
    if (!limit) co_return problem(limit.error());
    const auto cursor = page_cursor<NumberCursor>(request);
    if (!cursor) co_return problem(cursor.error());
    service::SearchRequest asked{.words = request.query_value("q").value_or(""),
                                 .kind = std::nullopt,
                                 .below = *cursor ? std::optional{(*cursor)->number} : std::nullopt,
                                 .limit = request.query_value("limit") ? *limit : page_items,
                                 .me = who.staff.no,
                                 .kept_from = {}};
    if (asked.words.size() > service::search_words_octets_max) co_return problem(malformed("q: at most 200 characters."));
    if (const std::string kind = request.query_value("kind").value_or(""); !kind.empty()) {
        asked.kind = store::search_kind_of_name(kind);
        if (!asked.kind)
            co_return problem(malformed("kind: one of request, message, customer, payment, article, side_message."));
    }
    const auto kept = co_await kept_from(api, who);
    if (!kept) co_return problem(kept.error());
    asked.kept_from = kept->customers();
    const std::shared_ptr<service::Search> search = api.options().search;
    if (search == nullptr) co_return problem(unavailable());
    auto query = [search, asked = std::move(asked)](service::Queries&) { return search->ask(asked); };
    const auto page = co_await api.read(std::move(query));
    if (!page) co_return problem(problem_of(page.error()));
    const Viewer viewer{who.staff};
    json::array items, not_understood;
    for (const service::SearchHit& hit : page->items) items.push_back(hit_json(hit, viewer));
    for (const std::string& word : page->not_understood) not_understood.emplace_back(word);
    const json::object body{{"items", std::move(items)},
                            {"next_cursor", page->next ? json::value(std::to_string(*page->next)) : json::value(nullptr)},
                            {"not_understood", std::move(not_understood)},
                            {"complete", page->complete}};
    co_return json_response(200, json::serialize(body));
}

}  // namespace okpay::api
