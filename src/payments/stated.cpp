// SPDX-License-Identifier: Apache-2.0
#include "payments/stated.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::payments {
namespace {

constexpr std::chrono::minutes clock_tolerance{15};

// Words that many merchants share, so that they name none.
constexpr std::array<std::string_view, 22> everyday_words{
    "the",  "and",   "for",    "shop",  "store", "market", "online", "payment", "order", "pay",    "okpay",
    "card", "china", "coffee", "hotel", "house", "city",   "food",   "with",    "from",  "wallet", "inc",
};

bool is_ascii_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::vector<std::string> ascii_words(std::string_view lower) {
    std::vector<std::string> words(1);
    for (const char c : lower) {
        if (is_ascii_word(c)) {
            words.back().push_back(c);
        } else if (!words.back().empty()) {
            words.emplace_back();
        }
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

// Runs of Han characters: three octets each in UTF-8, U+4E00 to U+9FFF.
std::vector<std::string> han_runs(std::string_view text) {
    std::vector<std::string> runs(1);
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead >= 0xe4 && lead <= 0xe9 && at + 3 <= text.size()) {
            runs.back().append(text.substr(at, 3));
            at += 3;
            continue;
        }
        if (!runs.back().empty()) runs.emplace_back();
        ++at;
    }
    if (runs.back().empty()) runs.pop_back();
    return runs;
}

}  // namespace

Words::Words(std::string_view text) : lower_{ascii_lower(text)} {
    for (std::string& word : ascii_words(lower_)) ascii_.insert(std::move(word));
}

bool Words::has(std::string_view word) const {
    const bool ascii = !word.empty() && is_ascii_word(word.front());
    return ascii ? ascii_.contains(std::string{word}) : lower_.find(word) != std::string::npos;
}

bool Words::any_of(std::span<const std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [this](std::string_view word) { return has(word); });
}

bool Words::shares_name_with(std::string_view merchant_text) const {
    const std::string lower = ascii_lower(merchant_text);
    for (const std::string& word : ascii_words(lower)) {
        const bool everyday = std::find(everyday_words.begin(), everyday_words.end(), word) != everyday_words.end();
        if (word.size() >= 4 && !everyday && has(word)) return true;
    }
    constexpr std::size_t window = 9;  // three characters: two are too often a common word
    for (const std::string& run : han_runs(lower)) {
        if (run.size() < window && run.size() >= 6 && lower_.find(run) != std::string::npos) return true;
        for (std::size_t at = 0; at + window <= run.size(); at += 3) {
            if (lower_.find(run.substr(at, window)) != std::string::npos) return true;
        }
    }
    return false;
}

Agreement amount_agrees(const Hint& hint, const Payment& payment, std::int64_t minor) {
    if (hint.amounts.empty()) return Agreement::not_stated;
    for (const StatedAmount& stated : hint.amounts) {
        if (stated.currency && *stated.currency != payment.amount.currency()) continue;
        const auto amount = money::Money::parse(stated.decimal, payment.amount.currency());
        if (amount && amount->minor() == minor) return Agreement::agrees;
    }
    return Agreement::contradicts;
}

Agreement time_agrees(const Hint& hint, const Payment& payment) {
    if (hint.times.empty()) return Agreement::not_stated;
    for (const customers::LocalSpan& span : hint.times) {
        const Millis around = span.whole_day ? Millis{0} : Millis{clock_tolerance};
        if (payment.created >= span.from - around && payment.created < span.to + around) return Agreement::agrees;
    }
    return Agreement::contradicts;
}

bool id_stated(const Hint& hint, const Payment& payment) {
    for (const std::string& stated : hint.transaction_ids) {
        if (!payment.order_ref.empty() && equal_ignoring_ascii_case(trimmed(stated), payment.order_ref)) return true;
        const auto id = parse_payment_ref(stated);
        if (id && *id == payment.id) return true;
    }
    return false;
}

}  // namespace okpay::payments
