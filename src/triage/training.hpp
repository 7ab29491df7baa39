// SPDX-License-Identifier: Apache-2.0
// Training text as people write it (src/triage/training/*.txt), made into examples. A file is lines:
//
//   = category          names the category of the lines that follow; "= category kind" a kind of it (impl/classify.hpp)
//   (a|b|)              one of these, the last here being nothing; may not nest
//   {amt} {date} …      a slot, filled from a list in the language of the line
//   \n                  a line end: what stands before the first is a mail's subject
//   # …                 a remark
//
// A line becomes a few texts that differ in their choices, one that is dressed as a mail (greeting, small talk, closing
// words) and one that is told at length, in the middle of remarks on other things (impl/talk.hpp); they are one group, so
// that no fold sees a line that it is measured on. Choices hang on the line alone: the same file gives the same examples,
// and a line added changes no other line's.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "triage/learner.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {

struct TrainingFault {
    std::size_t line;  // counted from 1
    std::string_view what;
};

// Appends the examples of one file; the categories are the labels, in the order of the enum, then their kinds. Groups are
// numbered on.
std::optional<TrainingFault> append_examples(std::string_view file, std::vector<Example>& to);

// "category TAB text" a line, "\n" in the text a line end: what the desk corrected, taken as it stands.
std::optional<TrainingFault> append_labelled_lines(std::string_view file, std::vector<Example>& to);

// What a person made of one mail, as it stands; a text of no words is left out. False: it was.
bool append_labelled(std::string_view subject, std::string_view body, Category category, std::vector<Example>& to);

// The categories' model, as `okpay` ships it. `examples` come from the functions above.
Model learn_categories(std::span<const Example> examples);
LearnOptions category_options();

// What the categories' model sees of a text: an example for the learner, without a label.
Example category_example(std::string_view subject, std::string_view body);

}  // namespace okpay::triage
