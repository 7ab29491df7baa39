// SPDX-License-Identifier: Apache-2.0
// What the lexicon says of a folded message: phrases score, the best sentence counts most, the subject is a voice of its
// own.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "triage/impl/lexicon.hpp"
#include "triage/impl/phrases.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {

using Scores = std::array<double, category_count>;
inline double& score(Scores& scores, Category category) { return scores[static_cast<std::size_t>(category)]; }
inline double score(const Scores& scores, Category category) { return scores[static_cast<std::size_t>(category)]; }

// What the lexicon makes of a message, found in one search of its text: for the features and for the rules after them.
struct Findings {
    Scores scores;
    Cues cues;                 // all but `denial` and `injection`
    struct Named {
        Span sentence;
        Scores scores;
    };
    std::vector<Named> named;  // the sentences in which a line of some category was found
    bool instructs_us;         // a sentence holds the cue `injection`
};
Findings findings_of(std::string_view folded);  // subject, a line end, body
std::vector<Span> sentences_of_message(std::string_view folded);  // the same; none reaches from the subject into the body
Cues cues_of(std::string_view folded);          // as above, of any text
bool instructs_us(std::string_view folded_sentence);       // the cue `injection`
std::vector<PhraseHit> cue_hits_of(std::string_view folded_sentence);  // tags are Cues; all but `denial`
inline bool has(const Cues& cues, Cue cue) { return cues[static_cast<std::size_t>(cue)]; }

struct Choice {
    Category category;
    double confidence;
    std::vector<Category> secondary;
    std::optional<bool> of_kind = {};  // classify: whether it is the kind of its category, where there is one
};
// What neighbouring categories mean to each other once the cues are known, then the choice, or `unclear`.
// `names_a_case`: a transaction, an amount or an error code stands in the message.
// Rules alone: one feature of the learnt classifier (classify.hpp), which knows better when to believe them.
Choice choose(Scores scores, const Cues& cues, bool names_a_case);

// Whether the second may be an issue of its own beside the first: not the topic of a question, nor what the first implies.
bool stands_beside(Category second, Category first);

}  // namespace okpay::triage
