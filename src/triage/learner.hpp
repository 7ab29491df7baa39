// SPDX-License-Identifier: Apache-2.0
// Learns to tell texts apart: one logistic regression over the words and pieces of a text (impl/grams.hpp), with a squared
// penalty, solved to its one minimum by L-BFGS. No threads, no random numbers, sums in one order: the same examples in the
// same order give the same model bit for bit.
//   Value     of a feature (1 + ln count) · idf; each block of features is scaled to one length, so that a long mail and a
//             short question weigh the same
//   Loss      one_of: the labels exclude each other (softmax). any_of: each label is a question of its own (logistic)
//   Warmth    the temperature that makes the probabilities true, fitted on texts that the weights have not seen (folds)
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "triage/model.hpp"

namespace okpay::triage {

struct Example {
    std::string text;                     // as written
    std::vector<std::uint16_t> labels;    // one_of: exactly one
    std::uint32_t group = 0;  // one thing told again: never on both sides of a fold, once where rarity is asked
    float weight = 1;
    std::vector<std::uint64_t> concepts{};  // keys of what the caller found in it, a block of its own
};

struct LearnOptions {
    Loss loss = Loss::one_of;
    double penalty = 0.05;  // of the squared weights, against the sum of the losses
    std::uint32_t groups_min = 2;  // a feature of fewer groups is chance
    std::uint32_t iterations_max = 120;
    double gradient_min = 0.002;  // of the gradient's length against its first: near enough to the minimum
    std::uint32_t folds = 5;  // for the temperature; below 2 none is fitted
    std::uint32_t folds_measured = 5;  // of them: fewer take less time and fit it on fewer texts
    double weight_min = 0;  // features whose weights are all smaller are left out of the model
    BlockShares shares{1.F, 1.F, 1.F};
};

Model learn(std::span<const Example> examples, std::vector<std::string> labels, const LearnOptions& options);

// The logits of each example by a model that did not see its group: what calibration and thresholds are fitted on.
std::vector<std::vector<float>> unseen_logits(std::span<const Example> examples, std::size_t labels,
                                              const LearnOptions& options);

// The temperature under which the logits lose least (one_of: cross entropy of the first label; any_of: of all).
double fitted_temperature(std::span<const std::vector<float>> logits, std::span<const Example> examples, Loss loss);

}  // namespace okpay::triage
