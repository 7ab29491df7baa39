// SPDX-License-Identifier: Apache-2.0
#include "triage/reading.hpp"

#include <cstdlib>

namespace okpay::triage {

std::string_view name_of(Category category) {
    switch (category) {
    case Category::account_locked: return "account_locked";
    case Category::account_info_change: return "account_info_change";
    case Category::payment_failed: return "payment_failed";
    case Category::duplicate_charge: return "duplicate_charge";
    case Category::refund: return "refund";
    case Category::topup_withdrawal: return "topup_withdrawal";
    case Category::card: return "card";
    case Category::fees_limits: return "fees_limits";
    case Category::identity_verification: return "identity_verification";
    case Category::login_security: return "login_security";
    case Category::suspicious_activity: return "suspicious_activity";
    case Category::general_howto: return "general_howto";
    case Category::complaint: return "complaint";
    case Category::off_topic: return "off_topic";
    case Category::spam: return "spam";
    case Category::auto_generated: return "auto_generated";
    case Category::unclear: return "unclear";
    }
    std::abort();
}

std::string_view name_of(Urgency urgency) {
    switch (urgency) {
    case Urgency::critical: return "critical";
    case Urgency::high: return "high";
    case Urgency::normal: return "normal";
    case Urgency::low: return "low";
    }
    std::abort();
}

std::string_view name_of(Route route) {
    switch (route) {
    case Route::auto_answer: return "auto_answer";
    case Route::ask_for_info: return "ask_for_info";
    case Route::agent: return "agent";
    case Route::technical_team: return "technical_team";
    case Route::risk_team: return "risk_team";
    case Route::no_action: return "no_action";
    }
    std::abort();
}

std::string_view name_of(Missing missing) {
    switch (missing) {
    case Missing::transaction_id: return "transaction_id";
    case Missing::amount: return "amount";
    case Missing::transaction_time: return "transaction_time";
    case Missing::error_code_or_message: return "error_code_or_message";
    case Missing::problem_description: return "problem_description";
    case Missing::account_identifier: return "account_identifier";
    case Missing::new_value: return "new_value";
    case Missing::card_last4: return "card_last4";
    }
    std::abort();
}

std::string_view name_of(Flag flag) {
    switch (flag) {
    case Flag::prompt_injection: return "prompt_injection";
    case Flag::forwarded_phishing: return "forwarded_phishing";
    case Flag::sensitive_data: return "sensitive_data";
    case Flag::account_takeover: return "account_takeover";
    case Flag::social_engineering: return "social_engineering";
    case Flag::hidden_html: return "hidden_html";
    case Flag::sender_differs_from_account: return "sender_differs_from_account";
    case Flag::multi_account: return "multi_account";
    case Flag::needs_ocr: return "needs_ocr";
    }
    std::abort();
}

std::optional<Category> category_of_name(std::string_view name) {
    for (std::size_t i = 0; i < category_count; ++i) {
        const auto category = static_cast<Category>(i);
        if (name_of(category) == name) return category;
    }
    return std::nullopt;
}

std::vector<Missing> stated_in(const Reading& reading) {
    std::vector<Missing> stated;
    const auto either = [&](const auto& member, Missing fact) {
        if (!(reading.entities.*member).empty() || !(reading.in_pictures.*member).empty()) stated.push_back(fact);
    };
    either(&Entities::transaction_ids, Missing::transaction_id);
    either(&Entities::amounts, Missing::amount);
    either(&Entities::datetimes, Missing::transaction_time);
    const bool says_something = !reading.text.empty();
    if (says_something || !reading.in_pictures.error_codes.empty()) stated.push_back(Missing::error_code_or_message);
    if (says_something) stated.push_back(Missing::problem_description);
    either(&Entities::accounts, Missing::account_identifier);
    if (says_something) stated.push_back(Missing::new_value);
    either(&Entities::card_last4, Missing::card_last4);
    return stated;
}

}  // namespace okpay::triage
