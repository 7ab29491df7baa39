// SPDX-License-Identifier: Apache-2.0
// From a folded message to its category, by the learnt model. What the lexicon found is a feature beside the words: it
// carries from one language to the other and to words that no training text holds. Rules then only add caution.
#pragma once

#include <string_view>
#include <vector>

#include "triage/impl/grams.hpp"
#include "triage/impl/score.hpp"
#include "triage/model.hpp"

namespace okpay::triage {

// The keys of the lexicon's lines, of the cues, and of what its rules alone would say.
std::vector<std::uint64_t> concepts_of(const Findings& findings);

// All that the model sees of a message, with the places: what explains a choice.
std::vector<Gram> grams_of_message(std::string_view folded, const Findings& findings);

Choice classify(const Model& model, std::string_view folded, const Findings& findings);

}  // namespace okpay::triage
