// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "desk/faq_answer.hpp"
#include "desk/lifecycle.hpp"
#include "service/handlers.hpp"
#include "service/promise_parts.hpp"
#include "store/faq_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using desk::FaqText;
using desk::Language;
using store::FaqArticleRow;

constexpr std::string_view faq_changed = "faq_changed";
const Answer no_article = refused(codes::not_found, "there is no such article");
const Answer changed_since =
    refused(faq_changed, "somebody wrote on this article since you opened it; read it and save again");

std::string author_of(const Actor& actor) {
    return fmt::format("{}:{}", actor.kind == ActorKind::staff ? "staff" : "system", actor.no);
}
std::string object_of(std::string_view slug, Language language) {
    return fmt::format("faq:{}/{}", slug, desk::tag_of(language));
}

std::optional<Answer> may_not_edit(Books& books, const Actor& actor) {
    if (actor.kind == ActorKind::system) return std::nullopt;
    std::optional<store::StaffRow> staff;
    return not_permitted(books, actor, Permission::edit_faq, staff);
}

FaqText text_of(const FaqWords& words, Language language) {
    return {.slug = words.slug,
            .category = words.category,
            .language = language,
            .title = words.title,
            .body = words.body,
            .questions = words.questions};
}
std::optional<FaqText> hant_of(const FaqWords& words, Language language) {
    if (language != Language::zh_hans || words.hant_title.empty()) return std::nullopt;
    return FaqText{.slug = words.slug,
                   .category = words.category,
                   .language = Language::zh_hant,
                   .title = words.hant_title,
                   .body = words.hant_body,
                   .questions = words.hant_questions};
}

std::optional<Answer> wrong_words(const FaqWords& words, Language& language) {
    const auto known = desk::faq_language_of(words.language);
    if (!known) return refused(codes::invalid, "language: en, zh-Hans or zh-Hant");
    language = *known;
    for (const auto& text : {std::optional{text_of(words, language)}, hant_of(words, language)}) {
        if (!text) continue;
        if (auto wrong = desk::fault_in(*text)) return refused(codes::invalid, *std::move(wrong));
    }
    return std::nullopt;
}

std::int64_t newest_revision(Books& books, std::string_view slug) {
    std::int64_t newest = 0;
    for (const FaqArticleRow& side : store::faq_articles_of(books.connection(), slug))
        newest = std::max(newest, side.revision);
    return newest;
}

// A version more, or none where it would say the same.
struct Kept {
    FaqArticleRow row;
    FaqOutcome outcome;
};
Kept keep_text(Books& books, const Command& command, const FaqText& text, std::int64_t revision, bool derived) {
    auto row = store::find_faq_article(books.connection(), text.slug, text.language);
    if (row) {
        const auto newest = store::find_faq_version(books.connection(), *row, row->version);
        if (newest && newest->text == text && row->revision == revision && row->derived == derived)
            return {*row, FaqOutcome::unchanged};
    }
    const bool is_new = !row;
    if (is_new) {
        row = FaqArticleRow{.no = books.next_number("faq_article"), .slug = text.slug, .language = text.language};
    }
    row->version += 1;
    row->revision = revision;
    row->derived = derived;
    row->updated = command.at;
    row->updated_by = author_of(command.actor);
    if (is_new) store::insert_faq_article(books.connection(), *row);
    else store::update_faq_article(books.connection(), *row);
    store::insert_faq_version(books.connection(), {.no = books.next_number("faq_version"),
                                                   .article = row->no,
                                                   .version = row->version,
                                                   .text = text,
                                                   .revision = revision,
                                                   .at = command.at,
                                                   .author = row->updated_by});
    return {*row, is_new ? FaqOutcome::created : FaqOutcome::changed};
}

// Traditional Chinese of a Simplified side, where nobody wrote it by hand.
void keep_derived(Books& books, const Command& command, const FaqWords& words, Language language, std::int64_t revision) {
    const auto hant = hant_of(words, language);
    if (!hant) return;
    const auto row = store::find_faq_article(books.connection(), words.slug, Language::zh_hant);
    if (row && !row->derived) return;
    keep_text(books, command, *hant, revision, true);
}

void show(Books& books, const Command& command, FaqArticleRow row, bool published) {
    row.published = published ? std::optional{row.version} : std::nullopt;
    row.updated = command.at;
    row.updated_by = author_of(command.actor);
    store::update_faq_article(books.connection(), row);
    if (row.language != Language::zh_hans) return;
    const auto derived = store::find_faq_article(books.connection(), row.slug, Language::zh_hant);
    if (derived && derived->derived) show(books, command, *derived, published);
}

std::string_view name_of(FaqOutcome outcome) {
    switch (outcome) {
    case FaqOutcome::unchanged: return "unchanged";
    case FaqOutcome::created: return "created";
    case FaqOutcome::changed: return "changed";
    }
    std::abort();
}

// What an import last brought of it, whatever staff made of it since.
bool was_imported(Books& books, const FaqText& text) {
    const auto row = store::find_faq_article(books.connection(), text.slug, text.language);
    if (!row) return false;
    for (const store::FaqVersionRow& version : store::faq_versions(books.connection(), *row)) {
        if (version.author.starts_with("system:")) return version.text == text;
    }
    return false;
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const PutFaqArticle& body) {
    if (auto no = may_not_edit(books, command.actor)) return *std::move(no);
    Language language{};
    if (auto wrong = wrong_words(body.words, language)) return *std::move(wrong);
    const auto known = store::find_faq_article(books.connection(), body.words.slug, language);
    if (body.version != (known ? known->version : 0)) return changed_since;
    const std::int64_t newest = newest_revision(books, body.words.slug);
    std::int64_t revision = std::max<std::int64_t>(newest, 1);
    if (body.standing == "ahead") {
        revision = newest + 1;
    } else if (body.standing == "keep") {
        if (known) revision = known->revision;
    } else if (body.standing != "in_step") {
        return refused(codes::invalid, "standing: one of ahead, in_step, keep");
    }
    const FaqText text = text_of(body.words, language);
    // Nothing said anew: it is not ahead of anybody.
    if (known && body.standing == "ahead") {
        const auto latest = store::find_faq_version(books.connection(), *known, known->version);
        if (latest && latest->text == text && !known->derived) return Answer{.number = known->version, .text = "unchanged"};
    }
    const Kept kept = keep_text(books, command, text, revision, false);
    keep_derived(books, command, body.words, language, revision);
    if (kept.outcome != FaqOutcome::unchanged) {
        books.audit(command.at, command.actor, "put_faq_article", object_of(body.words.slug, language),
                    json_text({{"version", std::to_string(kept.row.version)}, {"standing", body.standing}}));
    }
    return Answer{.number = kept.row.version, .text = std::string{name_of(kept.outcome)}};
}

Answer handle(Books& books, const Context&, const Command& command, const PublishFaqArticle& body) {
    if (auto no = may_not_edit(books, command.actor)) return *std::move(no);
    const auto language = desk::faq_language_of(body.language);
    const auto row = language ? store::find_faq_article(books.connection(), body.slug, *language) : std::nullopt;
    if (!row) return no_article;
    if (row->version != body.version) return changed_since;
    if (row->published == row->version) return Answer{.number = row->version, .replayed = true};
    show(books, command, *row, true);
    books.audit(command.at, command.actor, "publish_faq_article", object_of(body.slug, *language),
                json_text({{"version", std::to_string(row->version)}}));
    return Answer{.number = row->version};
}

Answer handle(Books& books, const Context&, const Command& command, const WithdrawFaqArticle& body) {
    if (auto no = may_not_edit(books, command.actor)) return *std::move(no);
    const auto language = desk::faq_language_of(body.language);
    const auto row = language ? store::find_faq_article(books.connection(), body.slug, *language) : std::nullopt;
    if (!row) return no_article;
    if (!row->published) return Answer{.number = row->version, .replayed = true};
    const std::int64_t shown = *row->published;
    show(books, command, *row, false);
    books.audit(command.at, command.actor, "withdraw_faq_article", object_of(body.slug, *language),
                json_text({{"version", std::to_string(shown)}}));
    return Answer{.number = row->version};
}

Answer handle(Books& books, const Context&, const Command& command, const ImportFaq& body) {
    if (command.actor.kind != ActorKind::system) return refused(codes::not_permitted, "articles are imported by operators");
    if (body.articles.size() > faq_imported_at_once_max) return refused(codes::invalid, "articles: 200 at most");
    std::vector<Language> languages;
    for (const ImportedFaqArticle& article : body.articles) {
        Language language{};
        if (auto wrong = wrong_words(article.words, language))
            return refused(codes::invalid, article.words.slug + ": " + wrong->detail);
        languages.push_back(language);
    }
    Answer answer;
    answer.numbers.assign(body.articles.size(), static_cast<std::int64_t>(FaqOutcome::unchanged));
    for (std::size_t first = 0; first < body.articles.size(); ++first) {
        const std::string& slug = body.articles[first].words.slug;
        const auto same_slug = [&](std::size_t i) { return body.articles[i].words.slug == slug; };
        bool done = false;
        for (std::size_t i = 0; i < first; ++i) done = done || same_slug(i);
        if (done) continue;
        std::vector<std::size_t> fresh;
        bool says_more = false;
        for (std::size_t i = first; i < body.articles.size(); ++i) {
            const FaqText text = text_of(body.articles[i].words, languages[i]);
            if (!same_slug(i) || was_imported(books, text)) continue;
            fresh.push_back(i);
            const auto known = store::find_faq_article(books.connection(), slug, languages[i]);
            says_more = says_more || (known && !known->derived);
        }
        const std::int64_t newest = newest_revision(books, slug);
        const std::int64_t revision = says_more ? newest + 1 : std::max<std::int64_t>(newest, 1);
        for (const std::size_t i : fresh) {
            const ImportedFaqArticle& article = body.articles[i];
            const Kept kept = keep_text(books, command, text_of(article.words, languages[i]), revision, false);
            keep_derived(books, command, article.words, languages[i], revision);
            if (!article.draft) show(books, command, kept.row, true);
            answer.numbers[i] = static_cast<std::int64_t>(kept.outcome);
            ++answer.number;
        }
    }
    if (answer.number > 0) {
        books.audit(command.at, command.actor, "import_faq", "faq",
                    json_text({{"articles", std::to_string(answer.number)}}));
    }
    return answer;
}

Answer handle(Books& books, const Context&, const Command&, const RateFaqArticle& body) {
    const auto language = desk::faq_language_of(body.language);
    auto row = language ? store::find_faq_article(books.connection(), body.slug, *language) : std::nullopt;
    if (!row || !row->published) return no_article;
    (body.helped ? row->helped : row->not_helped) += 1;
    store::update_faq_article(books.connection(), *row);
    return Answer{};
}

Answer handle(Books& books, const Context&, const Command& command, const SettleFaqAnswers& body) {
    Answer answer;
    const Moment sent_before = command.at - desk::faq_answer_settles_after;
    for (const desk::TicketNo no : store::waiting_faq_answers(books.connection(), sent_before, body.answers_max)) {
        auto row = store::find_ticket(books.connection(), no);
        const auto sent = store::find_faq_answer(books.connection(), no);
        // Whatever moved the request since was a person.
        const bool untouched =
            row && sent && row->ticket.state == desk::TicketState::pending_customer && row->ticket.updated <= sent->at;
        store::end_faq_answer(books.connection(), no,
                              untouched ? store::FaqAnswerState::settled : store::FaqAnswerState::taken, command.at);
        answer.numbers.push_back(number_of(no));
        if (!untouched) continue;
        desk::move_to(row->ticket, desk::TicketState::solved, command.at);
        settle_promises(books, row->ticket, std::nullopt, command.at);
        row->ticket.updated = command.at;
        row->ticket.version += 1;
        store::update_ticket(books.connection(), *row);
        store::insert_event(books.connection(), no, command.at, "settled_by_silence", std::nullopt, "{}");
        books.news().tickets.push_back(row->ticket.request_number);
    }
    return answer;
}

}  // namespace okpay::service
