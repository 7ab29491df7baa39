// SPDX-License-Identifier: Apache-2.0
#include "store/faq_store.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using desk::Language;
using desk::TicketNo;
using std::string_view;

constexpr string_view article_columns =
    "no, slug, language, version, published, revision, derived, updated, updated_by, helped, not_helped";
constexpr string_view version_columns = "no, article, version, category, title, body, questions, revision, at, author";

FaqArticleRow article_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .slug = read.text(),
            .language = read.as<Language>(),
            .version = read.integer(),
            .published = read.maybe_integer(),
            .revision = read.integer(),
            .derived = read.flag(),
            .updated = read.moment(),
            .updated_by = read.text(),
            .helped = read.integer(),
            .not_helped = read.integer()};
}

FaqVersionRow version_at(const Row& row, const FaqArticleRow& article) {
    RowReader read{row};
    FaqVersionRow found{.no = read.integer(), .article = read.integer(), .version = read.integer(), .text = {}};
    found.text.slug = article.slug;
    found.text.language = article.language;
    found.text.category = read.text();
    found.text.title = read.text();
    found.text.body = read.text();
    const std::string questions = read.text();
    for (const string_view question : split(questions, '\n')) {
        if (!question.empty()) found.text.questions.emplace_back(question);
    }
    found.revision = read.integer();
    found.at = read.moment();
    found.author = read.text();
    return found;
}

}  // namespace

void insert_faq_article(Connection& connection, const FaqArticleRow& row) {
    static const std::string sql = "INSERT INTO faq_article (" + std::string{article_columns} +
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    connection.execute(sql, {row.no, string_view{row.slug}, stored(row.language), row.version, value_or_null(row.published),
                             row.revision, row.derived ? 1 : 0, ms_of(row.updated), string_view{row.updated_by}, row.helped,
                             row.not_helped});
}

void update_faq_article(Connection& connection, const FaqArticleRow& row) {
    connection.execute(
        "UPDATE faq_article SET version = $2, published = $3, revision = $4, derived = $5, updated = $6, updated_by = $7, "
        "helped = $8, not_helped = $9 WHERE no = $1",
        {row.no, row.version, value_or_null(row.published), row.revision, row.derived ? 1 : 0, ms_of(row.updated),
         string_view{row.updated_by}, row.helped, row.not_helped});
}

std::optional<FaqArticleRow> find_faq_article(Connection& connection, string_view slug, Language language) {
    static const std::string sql =
        "SELECT " + std::string{article_columns} + " FROM faq_article WHERE slug = $1 AND language = $2";
    std::optional<FaqArticleRow> found;
    connection.query(sql, {slug, stored(language)}, [&found](const Row& row) { found = article_at(row); });
    return found;
}

std::vector<FaqArticleRow> faq_articles(Connection& connection) {
    static const std::string sql = "SELECT " + std::string{article_columns} + " FROM faq_article ORDER BY no";
    std::vector<FaqArticleRow> found;
    connection.query(sql, {}, [&found](const Row& row) { found.push_back(article_at(row)); });
    std::ranges::sort(found, [](const FaqArticleRow& a, const FaqArticleRow& b) {  // engines sort hyphens their own way
        return a.slug != b.slug ? a.slug < b.slug : a.language < b.language;
    });
    return found;
}

std::vector<FaqArticleRow> faq_articles_of(Connection& connection, string_view slug) {
    static const std::string sql =
        "SELECT " + std::string{article_columns} + " FROM faq_article WHERE slug = $1 ORDER BY language";
    std::vector<FaqArticleRow> found;
    connection.query(sql, {slug}, [&found](const Row& row) { found.push_back(article_at(row)); });
    return found;
}

void insert_faq_version(Connection& connection, const FaqVersionRow& row) {
    static const std::string sql =
        "INSERT INTO faq_version (" + std::string{version_columns} + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    std::string questions;
    for (const std::string& question : row.text.questions) questions += question + "\n";
    connection.execute(sql, {row.no, row.article, row.version, string_view{row.text.category}, string_view{row.text.title},
                             string_view{row.text.body}, string_view{questions}, row.revision, ms_of(row.at),
                             string_view{row.author}});
}

std::optional<FaqVersionRow> find_faq_version(Connection& connection, const FaqArticleRow& article, std::int64_t version) {
    static const std::string sql =
        "SELECT " + std::string{version_columns} + " FROM faq_version WHERE article = $1 AND version = $2";
    std::optional<FaqVersionRow> found;
    connection.query(sql, {article.no, version}, [&](const Row& row) { found = version_at(row, article); });
    return found;
}

std::vector<FaqVersionRow> faq_versions(Connection& connection, const FaqArticleRow& article) {
    static const std::string sql =
        "SELECT " + std::string{version_columns} + " FROM faq_version WHERE article = $1 ORDER BY version DESC";
    std::vector<FaqVersionRow> found;
    connection.query(sql, {article.no}, [&](const Row& row) { found.push_back(version_at(row, article)); });
    return found;
}

void insert_faq_answer(Connection& connection, const FaqAnswerRow& row) {
    connection.execute("INSERT INTO faq_answer (ticket, article, version, state, at, ended) VALUES ($1, $2, $3, $4, $5, $6)",
                       {number_of(row.ticket), row.article, row.version, stored(row.state), ms_of(row.at),
                        moment_or_null(row.ended)});
}

std::optional<FaqAnswerRow> find_faq_answer(Connection& connection, TicketNo ticket) {
    std::optional<FaqAnswerRow> found;
    connection.query("SELECT article, version, state, at, ended FROM faq_answer WHERE ticket = $1", {number_of(ticket)},
                     [&](const Row& row) {
                         RowReader read{row};
                         found = FaqAnswerRow{.ticket = ticket,
                                              .article = read.integer(),
                                              .version = read.integer(),
                                              .state = read.as<FaqAnswerState>(),
                                              .at = read.moment(),
                                              .ended = read.maybe_moment()};
                     });
    return found;
}

void end_faq_answer(Connection& connection, TicketNo ticket, FaqAnswerState state, Moment at) {
    connection.execute("UPDATE faq_answer SET state = $2, ended = $3 WHERE ticket = $1 AND state = 1",
                       {number_of(ticket), stored(state), ms_of(at)});
}

std::vector<TicketNo> waiting_faq_answers(Connection& connection, Moment sent_before, std::int64_t limit) {
    std::vector<TicketNo> found;
    connection.query("SELECT ticket FROM faq_answer WHERE state = 1 AND at <= $1 ORDER BY at, ticket LIMIT $2",
                     {ms_of(sent_before), limit}, [&found](const Row& row) { found.push_back(TicketNo{row.integer(0)}); });
    return found;
}

FaqAnswerCounts faq_answers_of(Connection& connection, std::int64_t article) {
    FaqAnswerCounts counts;
    connection.query("SELECT state, count(*) FROM faq_answer WHERE article = $1 GROUP BY state", {article},
                     [&counts](const Row& row) {
                         const std::int64_t many = row.integer(1);
                         counts.sent += many;
                         if (row.integer(0) == stored(FaqAnswerState::replied)) counts.replied = many;
                         if (row.integer(0) == stored(FaqAnswerState::settled)) counts.settled = many;
                     });
    return counts;
}

std::string faq_fingerprint(Connection& connection) {
    std::string print;
    connection.query("SELECT no, published FROM faq_article WHERE published IS NOT NULL ORDER BY no", {},
                     [&print](const Row& row) { print += fmt::format("{}.{} ", row.integer(0), row.integer(1)); });
    return print;
}

}  // namespace okpay::store
