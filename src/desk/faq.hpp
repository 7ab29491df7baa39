// SPDX-License-Identifier: Apache-2.0
// An article of the FAQ in one language, and the Markdown file that it is imported from.
//
//   ---
//   slug: refund-time
//   language: en
//   category: refund
//   title: When does a refund arrive?
//   state: published          (or draft; published where it is left out)
//   questions:
//     - How long does a refund take?
//   ---
//   The text, in the part of Markdown that content/markdown.hpp knows.
//
// The articles of one slug say the same in each language. `revision` counts what they say: where one side says something
// newer than another, the other has drifted.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "desk/language.hpp"

namespace okpay::desk {

inline constexpr std::size_t faq_slug_octets_max = 64;
inline constexpr std::size_t faq_title_octets_max = 300;
inline constexpr std::size_t faq_questions_max = 20;
inline constexpr std::size_t faq_question_octets_max = 300;
inline constexpr std::size_t faq_file_octets_max = 64UL * 1024;

struct FaqText {
    std::string slug;      // small letters, digits and hyphens
    std::string category;  // as triage prints it; one that a customer may ask about
    Language language = Language::en;
    std::string title;
    std::string body;                    // content/markdown.hpp
    std::vector<std::string> questions;  // as customers would ask, for the search and for automatic answers
    friend bool operator==(const FaqText&, const FaqText&) = default;
};

bool is_faq_category(std::string_view category);
std::optional<Language> faq_language_of(std::string_view tag);  // en, zh-Hans, zh-Hant and nothing else
bool is_faq_slug(std::string_view slug);

// What is wrong with it, as "title: …"; nothing where it may be kept.
std::optional<std::string> fault_in(const FaqText& article);

struct FaqFile {
    FaqText article;
    bool draft = false;
    friend bool operator==(const FaqFile&, const FaqFile&) = default;
};
struct FaqFileFault {
    int line;         // from 1
    std::string why;  // a plain sentence
    friend bool operator==(const FaqFileFault&, const FaqFileFault&) = default;
};
Result<FaqFile, FaqFileFault> parse_faq_file(std::string_view octets);
// A file that parses to the same.
std::string faq_file_text(const FaqFile& file);

// Of the revisions of one slug's sides: those that say less than the newest.
struct FaqSide {
    Language language;
    std::int64_t revision;
};
// English and Simplified Chinese make a pair: where one of them is not there it has drifted too. Traditional Chinese written
// by hand is looked at where it is there.
std::vector<Language> drifted(const std::vector<FaqSide>& sides);

}  // namespace okpay::desk
