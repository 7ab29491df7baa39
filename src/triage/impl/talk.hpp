// SPDX-License-Identifier: Apache-2.0
// What stands in a mail beside its matter. The trainer mixes it into the training text (training.hpp) at random, so that
// the learner finds out what says nothing of the category: lives, moods, history with us, and things that are mentioned only
// because they are not the matter.
#pragma once

#include <span>
#include <string_view>

namespace okpay::triage {

struct Talk {
    std::span<const std::string_view> subjects, openings, remarks, closings;
};

Talk english_talk();
Talk chinese_talk();

}  // namespace okpay::triage
