// SPDX-License-Identifier: Apache-2.0
// Articles of the FAQ: written, published, withdrawn, imported, rated; and what becomes of requests answered from them.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

// A side of an article. Of Simplified Chinese the same in Traditional comes along, made where the command is: it is kept
// unless that side was written by hand. Empty where there is none.
struct FaqWords {
    std::string slug, language, category, title, body;
    std::vector<std::string> questions;
    std::string hant_title{}, hant_body{};
    std::vector<std::string> hant_questions{};
};
BOOST_DESCRIBE_STRUCT(FaqWords, (),
                      (slug, language, category, title, body, questions, hant_title, hant_body, hant_questions))

// A new version, which nobody sees before it is published. The answer's number is that version, its text created, changed or
// unchanged.
struct PutFaqArticle {
    FaqWords words;
    std::string standing;  // ahead: the others must follow; in_step: says what the newest says; keep: says what it said
    std::int64_t version;  // that was read; 0: there is none yet
};
BOOST_DESCRIBE_STRUCT(PutFaqArticle, (), (words, standing, version))

struct PublishFaqArticle {
    std::string slug, language;
    std::int64_t version;  // the newest, that was read
};
BOOST_DESCRIBE_STRUCT(PublishFaqArticle, (), (slug, language, version))

struct WithdrawFaqArticle {
    std::string slug, language;
};
BOOST_DESCRIBE_STRUCT(WithdrawFaqArticle, (), (slug, language))

struct ImportedFaqArticle {
    FaqWords words;
    bool draft;  // kept, and not published
};
BOOST_DESCRIBE_STRUCT(ImportedFaqArticle, (), (words, draft))

// Of operators. What an import brought before is known, also where staff have written on it since. All or nothing; sides of
// one article that change in one command stay in step. Answer::numbers has a FaqOutcome for each.
struct ImportFaq {
    std::vector<ImportedFaqArticle> articles;
};
BOOST_DESCRIBE_STRUCT(ImportFaq, (), (articles))
enum class FaqOutcome : std::int64_t { unchanged = 0, created = 1, changed = 2 };
inline constexpr std::size_t faq_imported_at_once_max = 200;

struct RateFaqArticle {  // by anybody
    std::string slug, language;
    bool helped;
};
BOOST_DESCRIBE_STRUCT(RateFaqArticle, (), (slug, language, helped))

struct SettleFaqAnswers {  // requests answered from the FAQ, of which nobody wrote any more
    std::int64_t answers_max;
};
BOOST_DESCRIBE_STRUCT(SettleFaqAnswers, (), (answers_max))

using FaqCommands =
    boost::mp11::mp_list<PutFaqArticle, PublishFaqArticle, WithdrawFaqArticle, ImportFaq, RateFaqArticle, SettleFaqAnswers>;

}  // namespace okpay::service
