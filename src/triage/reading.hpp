// SPDX-License-Identifier: Apache-2.0
// What triage read out of a message: the words of the outer interface, `okpay triage` prints them (json.hpp).
// Names are stored and shown, so they never change; name_of and the closed enums keep them in one place.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "money/currency.hpp"

namespace okpay::triage {

enum class Category : std::uint8_t {
    account_locked,
    account_info_change,
    payment_failed,
    duplicate_charge,
    refund,
    topup_withdrawal,
    card,
    fees_limits,
    identity_verification,
    login_security,
    suspicious_activity,
    general_howto,
    complaint,
    off_topic,
    spam,
    auto_generated,
    unclear,
};
inline constexpr std::size_t category_count = 17;

enum class Urgency : std::uint8_t { critical, high, normal, low };
enum class Route : std::uint8_t { auto_answer, ask_for_info, agent, technical_team, risk_team, no_action };
enum class Missing : std::uint8_t {
    transaction_id,
    amount,
    transaction_time,
    error_code_or_message,
    problem_description,
    account_identifier,
    new_value,
    card_last4,
};
enum class Flag : std::uint8_t {
    prompt_injection,
    forwarded_phishing,
    sensitive_data,
    account_takeover,
    social_engineering,
    hidden_html,
    sender_differs_from_account,
    multi_account,
    needs_ocr,
};

std::string_view name_of(Category category);
std::string_view name_of(Urgency urgency);
std::string_view name_of(Route route);
std::string_view name_of(Missing missing);
std::string_view name_of(Flag flag);
std::optional<Category> category_of_name(std::string_view name);

// As the customer stated it. `value` has all decimals of a currency that OKPay keeps ("128.50", "1280" yen), else the
// digits given. `currency` is an ISO 4217 code, empty where the text does not say.
struct StatedAmount {
    std::string value, currency;
    friend bool operator==(const StatedAmount&, const StatedAmount&) = default;
};

// In the order of the text, each once, at most `entities_max` of a kind.
inline constexpr std::size_t entities_max = 50;
struct Entities {
    std::vector<StatedAmount> amounts;
    std::vector<std::string> datetimes;        // customer's local time: "2026-11-05T17:48", or a day "2026-11-05"
    std::vector<std::string> transaction_ids;  // as written
    std::vector<std::string> error_codes;      // as written
    std::vector<std::string> request_numbers;  // "OK-7F3K9Q2", upper case
    std::vector<std::string> accounts;         // mail addresses in lower case, phone numbers as digits with "+" if given
    std::vector<std::string> card_last4;
    friend bool operator==(const Entities&, const Entities&) = default;
};

struct Reading {
    std::string language;  // BCP 47, the language to answer in
    Category category = Category::unclear;
    double confidence = 0;  // 0 to 1: how far the first choice leads the others, abstaining included
    std::vector<Category> secondary;
    Urgency urgency = Urgency::normal;
    Route route = Route::agent;
    bool automatic = false;  // machine mail, which is never answered
    Entities entities;
    Entities in_pictures;  // those of them that the text itself does not state
    std::vector<Missing> missing;
    std::vector<Flag> flags;  // in the order of the enum
    std::string text;         // the customer's own new words, trimmed; secrets in it are not masked here
    friend bool operator==(const Reading&, const Reading&) = default;
};

// Which of the facts that may be missing this message states by itself: what an answer gives that was asked for them. What
// a picture shows counts. Any words of their own describe and say what is new: whether they say enough a person sees.
std::vector<Missing> stated_in(const Reading& reading);

}  // namespace okpay::triage
