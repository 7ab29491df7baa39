// SPDX-License-Identifier: Apache-2.0
// From a folded message to its category, by the learnt model. What the lexicon found is a feature beside the words: it
// carries from one language to the other and to words that no training text holds. Rules then only add caution.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "triage/impl/grams.hpp"
#include "triage/impl/score.hpp"
#include "triage/model.hpp"

namespace okpay::triage {

// A kind of a category that is handled in another way, told apart by the model: a label of its own behind those of the
// categories, whose probability belongs to its category. The cue says it to the rules, beside what the lexicon found:
// the model takes no caution back.
struct Kind {
    Category of;
    std::string_view name;  // in training text: "= fees_limits dispute"
    Cue cue;
    float least;  // share of its category's probability from which on it is the kind: lower where missing it costs more
};
inline constexpr std::array kinds{
    Kind{Category::fees_limits, "dispute", Cue::fee_disputed, 0.5F},
    Kind{Category::account_info_change, "closing", Cue::closing, 0.5F},
    Kind{Category::payment_failed, "outage", Cue::outage, 0.3F},
};
inline constexpr std::size_t label_count = category_count + kinds.size();
std::vector<std::string> label_names();

// The keys of the lexicon's lines, of the cues, and of what its rules alone would say.
std::vector<std::uint64_t> concepts_of(const Findings& findings);

// All that the model sees of a message, with the places: what explains a choice.
std::vector<Gram> grams_of_message(std::string_view folded, const Findings& findings);

Choice classify(const Model& model, std::string_view folded, const Findings& findings);

// The label that speaks for the category in this message: its own, or that of one of its kinds.
std::size_t label_of(const Model& model, std::string_view folded, const Findings& findings, Category category);

}  // namespace okpay::triage
