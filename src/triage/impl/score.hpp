// SPDX-License-Identifier: Apache-2.0
// From a folded message to a category: phrases score, the best sentence counts most, the subject is a voice of its own.
// A learned classifier would take the place of `scores_of`; everything else only sees the Scores.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "triage/impl/lexicon.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {

using Scores = std::array<double, category_count>;
inline double& score(Scores& scores, Category category) { return scores[static_cast<std::size_t>(category)]; }
inline double score(const Scores& scores, Category category) { return scores[static_cast<std::size_t>(category)]; }

Scores scores_of(std::string_view folded_subject, std::string_view folded_body);
Cues cues_of(std::string_view folded);                      // all but `denial` and `injection`
bool instructs_us(std::string_view folded_sentence);       // the cue `injection`
inline bool has(const Cues& cues, Cue cue) { return cues[static_cast<std::size_t>(cue)]; }

struct Choice {
    Category category;
    double confidence;
    std::vector<Category> secondary;
};
// What neighbouring categories mean to each other once the cues are known, then the choice, or `unclear`.
// `names_a_case`: a transaction, an amount or an error code stands in the message.
Choice choose(Scores scores, const Cues& cues, bool names_a_case);

}  // namespace okpay::triage
