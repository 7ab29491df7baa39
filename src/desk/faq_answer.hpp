// SPDX-License-Identifier: Apache-2.0
// The first word back that holds an article of the FAQ: the acknowledgement of a question that needs nobody's account.
// Nothing of the mail stands in it, the name of a proven customer aside: an article is public, so it says nothing of
// anybody.
#pragma once

#include <chrono>
#include <optional>

#include "desk/acknowledgement.hpp"

namespace okpay::desk {

struct FaqAnswer {
    RequestNumber number;
    Language language;
    std::string_view name;  // empty for somebody unproven
    std::string_view title;
    std::string_view text;  // plain, content::text_of_markdown
    std::string_view link;  // to the article
    std::string_view house = "OKPay";
};
MailText answer_from_faq(const FaqAnswer& facts);

// Nobody answered it: the matter is done. Any word before that reaches a person.
inline constexpr std::chrono::days faq_answer_settles_after{7};

// What triage found, as far as it says whether a question may be answered without a person.
struct FaqQuestion {
    std::string_view category, route;
    double confidence = 0;
    bool automatic = false, forged = false, several_senders = false;
    bool flagged = false;       // any flag of triage
    bool names_a_case = false;  // a transaction, an error, a request, a card or a time
    bool names_amounts = false;
    bool urgent = false;  // critical or high
    std::size_t other_issues = 0;
};
inline constexpr double faq_confidence_min = 0.5;  // of triage in its category
bool may_be_answered_from_faq(const FaqQuestion& question);

}  // namespace okpay::desk
