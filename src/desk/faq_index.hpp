// SPDX-License-Identifier: Apache-2.0
// Finds articles: for a person who types (forgiving: the beginning of a word, one letter wrong, other words for the same),
// and for a mail that may be answered at once (strict: a false answer is worse than none).
//
//   Terms   Latin words without their endings; in Chinese pairs of neighbouring characters, between the small words that
//           say nothing by themselves. Other words for the same (faq_words.hpp) count as one.
//   Cost    a search is linear in the distinct terms of the index, for each term of the query, of which faq_query_terms_max
//           are read.
// Built once from what is published; after that const, and safe from any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/language.hpp"

namespace okpay::desk {

inline constexpr std::size_t faq_query_octets_max = 400;
inline constexpr std::size_t faq_query_terms_max = 40;

struct FaqEntry {
    std::string slug, category;
    Language language = Language::en;
    std::string title;
    std::vector<std::string> questions;
    std::string text;  // plain, content::text_of_markdown
};

struct FaqHit {
    std::size_t entry;  // its place in what the index was built of
    double score;       // 0 to 1: how much of the query it covers
};

class FaqIndex {
public:
    FaqIndex() = default;
    explicit FaqIndex(std::vector<FaqEntry> entries);
    [[nodiscard]] const std::vector<FaqEntry>& entries() const { return entries_; }

    // Best first, those of this language alone; nothing below `search_score_min`.
    [[nodiscard]] std::vector<FaqHit> search(std::string_view query, Language language, std::size_t hits_max) const;
    static constexpr double search_score_min = 0.34;

    // The one article that answers a mail whose own new words these are, or none: where two may, where the mail says more
    // than it asks, where it tells of something that has happened, there is none. The thresholds were chosen on
    // tests/corpora/faq/questions.tsv, faq_index_test counts them.
    struct Answer {
        std::size_t entry;
        double score;  // 0 to 1
        double second;  // of the next best article
    };
    [[nodiscard]] std::optional<Answer> answer_for(std::string_view subject, std::string_view text, Language language) const;
    static constexpr double answer_score_min = 0.66;
    static constexpr double answer_lead_min = 0.12;  // before the next best article
    static constexpr std::size_t answer_terms_max = 24;  // a mail with more tells a case of its own

private:
    enum class Field : std::uint8_t { title, question, text };
    struct Place {
        std::size_t entry;
        Field field;
        std::size_t question;
    };
    struct Term {
        std::vector<Place> places;
        std::array<double, 4> weight{};  // by language: how telling it is
    };
    [[nodiscard]] double weight_of(std::string_view term, Language language) const;
    [[nodiscard]] double unknown_weight(Language language) const;
    [[nodiscard]] double question_score(const std::vector<std::string>& question, const std::vector<std::string>& mail,
                                        Language language) const;

    std::vector<FaqEntry> entries_;
    std::map<std::string, Term, std::less<>> terms_;
    std::vector<std::vector<std::vector<std::string>>> asked_;  // of each entry: terms of its title and questions
    std::array<double, 4> entries_of_{};  // by language
};

}  // namespace okpay::desk
