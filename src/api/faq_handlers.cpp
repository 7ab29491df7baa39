// SPDX-License-Identifier: Apache-2.0
// The FAQ: read and rated by anybody, written by who may.
#include <boost/json/serialize.hpp>

#include <algorithm>

#include "api/handlers.hpp"
#include "api/json.hpp"
#include "api/render.hpp"
#include "base/text.hpp"

#include "content/markdown.hpp"
#include "customers/access.hpp"
#include "service/traditional.hpp"

namespace okpay::api {
namespace {

using desk::Language;
using service::FaqPairView;
using service::FaqSideView;
using service::PublishedFaq;
using Content = std::shared_ptr<const service::FaqContent>;

constexpr std::size_t excerpt_octets_max = 240;
constexpr std::size_t language_characters_max = 16;
const service::Actor nobody;

Language wanted_language(const Request& request) {
    return desk::language_of(request.query_value("language").value_or("en"));
}

std::string excerpt_of(const desk::FaqText& text) {
    std::string plain = content::text_of_markdown(text.body, "");
    std::ranges::replace(plain, '\n', ' ');
    const std::string_view cut = utf8_prefix(plain, excerpt_octets_max);
    return std::string{trimmed(cut)} + (cut.size() < plain.size() ? "…" : "");
}

json::object summary_json(const PublishedFaq& one) {
    return {{"slug", one.article.slug},
            {"language", desk::tag_of(one.article.language)},
            {"category", one.version.text.category},
            {"title", one.version.text.title},
            {"excerpt", excerpt_of(one.version.text)}};
}

json::array texts_json(const std::vector<std::string>& texts) {
    json::array items;
    for (const std::string& text : texts) items.emplace_back(text);
    return items;
}

json::array languages_json(const std::vector<Language>& languages) {
    json::array items;
    for (const Language language : languages) items.emplace_back(desk::tag_of(language));
    return items;
}

// In the language that was asked for, else the nearest.
const PublishedFaq* nearest(const service::FaqContent& content, std::string_view slug, Language wanted) {
    const std::array others = wanted == Language::en        ? std::array{Language::zh_hans, Language::zh_hant}
                              : wanted == Language::zh_hans ? std::array{Language::zh_hant, Language::en}
                                                            : std::array{Language::zh_hans, Language::en};
    for (const Language language : {wanted, others[0], others[1]}) {
        if (const PublishedFaq* found = content.find(slug, language)) return found;
    }
    return nullptr;
}

json::object side_json(const FaqSideView& side) {
    const store::FaqArticleRow& row = side.article;
    const desk::FaqText& text = side.newest.text;
    return {{"language", desk::tag_of(row.language)},
            {"category", text.category},
            {"title", text.title},
            {"version", row.version},
            {"published_version", row.published ? json::value(*row.published) : json::value(nullptr)},
            {"state", !row.published                  ? "draft"
                      : *row.published == row.version ? "published"
                                                      : "edited"},
            {"made_from_simplified", row.derived},
            {"updated_at", rfc3339(row.updated)},
            {"updated_by", row.updated_by},
            {"helped", row.helped},
            {"not_helped", row.not_helped},
            {"answers_sent", side.answers.sent},
            {"answers_asked_on", side.answers.replied}};
}

json::object pair_json(const FaqPairView& pair) {
    json::array sides;
    for (const FaqSideView& side : pair.sides) sides.push_back(side_json(side));
    return {{"slug", pair.slug}, {"drifted", languages_json(pair.drifted)}, {"sides", std::move(sides)}};
}

json::object detail_json(const FaqPairView& pair) {
    json::array sides;
    for (const FaqSideView& side : pair.sides) {
        json::object one = side_json(side);
        one["body"] = side.newest.text.body;
        one["questions"] = texts_json(side.newest.text.questions);
        json::array history;
        for (const store::FaqVersionRow& version : side.history) {
            history.push_back(json::object{{"version", version.version},
                                           {"title", version.text.title},
                                           {"at", rfc3339(version.at)},
                                           {"by", version.author}});
        }
        one["history"] = std::move(history);
        sides.push_back(std::move(one));
    }
    return {{"slug", pair.slug}, {"drifted", languages_json(pair.drifted)}, {"sides", std::move(sides)}};
}

awaitable<Result<Content, Problem>> published(Api& api) {
    auto query = [](service::Queries& queries) { return queries.faq(); };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    co_return *std::move(found);
}

Response done_with(const service::Answer& answer) {
    if (!answer.done()) return problem(problem_of(answer));
    return json_response(200, json::serialize(json::object{{"version", answer.number}}));
}

}  // namespace

awaitable<Response> list_faq(Api& api, Request request) {
    const auto content = co_await published(api);
    if (!content) co_return problem(content.error());
    const Language language = wanted_language(request);
    const std::string category = request.query_value("category").value_or("");
    json::array items;
    for (const PublishedFaq& one : (*content)->articles) {
        if (one.article.language != language) continue;
        if (!category.empty() && one.version.text.category != category) continue;
        items.push_back(summary_json(one));
    }
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> search_faq(Api& api, Request request) {
    const std::string words = request.query_value("q").value_or("");
    if (words.size() > desk::faq_query_octets_max || !is_utf8(words))
        co_return problem(malformed("q: at most 400 octets of UTF-8."));
    const Language language = wanted_language(request);
    auto query = [words, language](service::Queries& queries) -> service::Read<json::array> {
        const auto content = queries.faq();
        if (!content) return fail(content.error());
        json::array items;
        for (const desk::FaqHit& hit : (*content)->index.search(words, language, service::faq_hits_max))
            items.push_back(summary_json((*content)->articles[hit.entry]));
        return items;
    };
    auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    co_return json_response(200, page_json(*std::move(found), std::nullopt));
}

awaitable<Response> get_faq(Api& api, Request request) {
    const auto content = co_await published(api);
    if (!content) co_return problem(content.error());
    const PublishedFaq* found = nearest(**content, request.params[0], wanted_language(request));
    if (found == nullptr) co_return problem(not_found());
    std::vector<Language> languages;
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        if ((*content)->find(found->article.slug, language) != nullptr) languages.push_back(language);
    }
    const json::object body{{"slug", found->article.slug},
                            {"language", desk::tag_of(found->article.language)},
                            {"languages", languages_json(languages)},
                            {"category", found->version.text.category},
                            {"title", found->version.text.title},
                            {"html", content::html_of_markdown(found->version.text.body)},
                            {"text", content::text_of_markdown(found->version.text.body, public_origin(api, request))},
                            {"updated_at", rfc3339(found->version.at)}};
    co_return json_response(200, json::serialize(body));
}

awaitable<Response> rate_faq(Api& api, Request request) {
    BodyReader body{request};
    service::RateFaqArticle command{.slug = request.params[0],
                                    .language = body.text("language", {.characters_max = language_characters_max}),
                                    .helped = body.needed_flag("helped")};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const Moment at = okpay::now();
    const auto until = api.client_rates().take(ClientAct::rate_article, customers::client_of_address(request.peer), at);
    if (until) {
        const auto wait = std::chrono::ceil<std::chrono::seconds>(*until - at);
        co_return problem({.code = "too_many_requests",
                           .detail = "Thank you; that is enough for a while.",
                           .retry_after_seconds = std::max<std::int64_t>(wait.count(), 1)});
    }
    const service::Answer answer = co_await api.submit(nobody, std::move(command));
    if (!answer.done()) co_return problem(problem_of(answer));
    co_return no_content();
}

awaitable<Response> list_faq_articles(Api& api, Request, SignedIn) {
    auto query = [](service::Queries& queries) { return queries.faq_pairs(); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    json::array items;
    for (const FaqPairView& pair : *found) items.push_back(pair_json(pair));
    co_return json_response(200, page_json(std::move(items), std::nullopt));
}

awaitable<Response> get_faq_article(Api& api, Request request, SignedIn) {
    auto query = [slug = request.params[0]](service::Queries& queries) { return queries.faq_pair(slug); };
    const auto found = co_await api.read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_found());
    co_return json_response(200, json::serialize(detail_json(**found)));
}

awaitable<Response> put_faq_article(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::PutFaqArticle command{.words = {.slug = request.params[0],
                                             .language = body.text("language", {.characters_max = language_characters_max}),
                                             .category = body.text("category", {.characters_max = 40}),
                                             .title = body.text("title", {.characters_max = desk::faq_title_octets_max}),
                                             .body = body.text("body", {.characters_max = content::markdown_octets_max}),
                                             .questions = body.texts("questions", desk::faq_questions_max,
                                                                     desk::faq_question_octets_max)},
                                   .standing = body.text("standing", {.characters_max = 16}),
                                   .version = body.integer("version")};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    // The dictionaries are read from the disk the first time: not on the thread of the sockets.
    auto convert = [words = std::move(command.words)](service::Queries&) mutable -> service::Read<service::FaqWords> {
        service::add_traditional(words);
        return std::move(words);
    };
    auto words = co_await api.read(std::move(convert));
    if (!words) co_return problem(problem_of(words.error()));
    command.words = *std::move(words);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return done_with(answer);
}

awaitable<Response> publish_faq_article(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::PublishFaqArticle command{.slug = request.params[0],
                                       .language = body.text("language", {.characters_max = language_characters_max}),
                                       .version = body.integer("version")};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return done_with(answer);
}

awaitable<Response> withdraw_faq_article(Api& api, Request request, SignedIn who) {
    BodyReader body{request};
    service::WithdrawFaqArticle command{.slug = request.params[0],
                                        .language = body.text("language", {.characters_max = language_characters_max})};
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const service::Answer answer = co_await api.submit(actor_of(who), std::move(command));
    co_return done_with(answer);
}

awaitable<Response> preview_faq(Api&, Request request, SignedIn) {
    BodyReader body{request};
    const std::string text = body.text("body", {.characters_max = content::markdown_octets_max});
    if (const auto wrong = body.wrong()) co_return problem(*wrong);
    const auto fault = content::fault_in_markdown(text);
    const json::object preview{{"html", content::html_of_markdown(text)},
                               {"fault", fault ? json::value(json::object{{"line", fault->line}, {"why", fault->why}})
                                               : json::value(nullptr)}};
    co_return json_response(200, json::serialize(preview));
}

}  // namespace okpay::api
