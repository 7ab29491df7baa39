// SPDX-License-Identifier: Apache-2.0
// Articles of the FAQ, for readers and for who writes them.
#pragma once

#include <vector>

#include "desk/faq_index.hpp"
#include "service/faq_shelf.hpp"

namespace okpay::service {

inline constexpr std::size_t faq_hits_max = 20;

// One side as staff see it.
struct FaqSideView {
    store::FaqArticleRow article;
    store::FaqVersionRow newest;
    store::FaqAnswerCounts answers;
    std::vector<store::FaqVersionRow> history;  // newest first; of a single article alone
};
struct FaqPairView {
    std::string slug;
    std::vector<FaqSideView> sides;       // in the order of the languages
    std::vector<desk::Language> drifted;  // those that say less than the newest, or are missing
};

}  // namespace okpay::service
