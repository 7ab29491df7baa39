// SPDX-License-Identifier: Apache-2.0
// Rows of the FAQ. A version is never changed; an article names its newest one and the one that is published. What was
// answered from it is a row a request: at most one, for ever.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/moment.hpp"
#include "desk/faq.hpp"
#include "desk/ticket.hpp"
#include "store/connection.hpp"

namespace okpay::store {

struct FaqArticleRow {
    std::int64_t no = 0;
    std::string slug;
    desk::Language language = desk::Language::en;
    std::int64_t version = 0;               // the newest
    std::optional<std::int64_t> published;  // the version that people see
    std::int64_t revision = 1;              // desk/faq.hpp
    bool derived = false;                   // Traditional Chinese, made of the Simplified side
    Moment updated;
    std::string updated_by;  // "staff:3", "system:0"
    std::int64_t helped = 0, not_helped = 0;  // what readers said
};
void insert_faq_article(Connection& connection, const FaqArticleRow& row);
void update_faq_article(Connection& connection, const FaqArticleRow& row);  // all but slug and language
std::optional<FaqArticleRow> find_faq_article(Connection& connection, std::string_view slug, desk::Language language);
std::vector<FaqArticleRow> faq_articles(Connection& connection);                           // by slug and language
std::vector<FaqArticleRow> faq_articles_of(Connection& connection, std::string_view slug);  // by language

struct FaqVersionRow {
    std::int64_t no = 0, article = 0, version = 0;
    desk::FaqText text;  // its slug and language are the article's
    std::int64_t revision = 1;
    Moment at;
    std::string author;
};
void insert_faq_version(Connection& connection, const FaqVersionRow& row);
std::optional<FaqVersionRow> find_faq_version(Connection& connection, const FaqArticleRow& article, std::int64_t version);
std::vector<FaqVersionRow> faq_versions(Connection& connection, const FaqArticleRow& article);  // newest first

enum class FaqAnswerState : std::uint8_t {  // stored, append only
    waits = 1,    // sent, no word since
    replied = 2,  // the customer wrote: a person has it
    settled = 3,  // no word for desk::faq_answer_settles_after
    taken = 4,    // a person moved it on
};
struct FaqAnswerRow {
    desk::TicketNo ticket;
    std::int64_t article = 0, version = 0;
    FaqAnswerState state = FaqAnswerState::waits;
    Moment at;
    std::optional<Moment> ended;
};
void insert_faq_answer(Connection& connection, const FaqAnswerRow& row);
std::optional<FaqAnswerRow> find_faq_answer(Connection& connection, desk::TicketNo ticket);
void end_faq_answer(Connection& connection, desk::TicketNo ticket, FaqAnswerState state, Moment at);
std::vector<desk::TicketNo> waiting_faq_answers(Connection& connection, Moment sent_before,
                                                std::int64_t limit);  // oldest first

struct FaqAnswerCounts {
    std::int64_t sent = 0, replied = 0, settled = 0;
};
FaqAnswerCounts faq_answers_of(Connection& connection, std::int64_t article);

// Changes whenever what people see does: for whoever keeps an index of it.
std::string faq_fingerprint(Connection& connection);

}  // namespace okpay::store
