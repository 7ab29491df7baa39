// SPDX-License-Identifier: Apache-2.0
// Which single payment a mail is about: stated facts add up, contradictions take away, and nothing matching is nothing.
#include <algorithm>
#include <chrono>

#include "payments/duplicates.hpp"
#include "payments/stated.hpp"

namespace okpay::payments {
namespace {

constexpr int id_weight = 70;
constexpr int amount_weight = 35;
constexpr int exact_time_weight = 30;
constexpr int day_weight = 20;
constexpr int merchant_weight = 20;
constexpr int contradiction = 15;
constexpr int recent_weight = 5;  // last two weeks: people write soon
constexpr std::chrono::days recent{14};

bool stated_exactly(const Hint& hint) {
    return std::any_of(hint.times.begin(), hint.times.end(), [](const auto& span) { return !span.whole_day; });
}

}  // namespace

std::vector<Candidate> candidates(std::span<const Payment> history, const Hint& hint, Moment now) {
    const Words words{hint.text};
    std::vector<Candidate> found;
    for (const Payment& payment : history) {
        if (payment.created > now) continue;
        Candidate candidate{.payment = payment.seq, .score = 0, .reasons = {}};
        int against = 0;
        const auto agrees = [&](Reason reason, int weight) {
            candidate.reasons.push_back(reason);
            candidate.score += weight;
        };
        if (id_stated(hint, payment)) agrees(Reason::stated_transaction, id_weight);
        switch (amount_agrees(hint, payment, payment.amount.minor())) {
        case Agreement::agrees: agrees(Reason::stated_amount, amount_weight); break;
        case Agreement::contradicts: against += contradiction; break;
        case Agreement::not_stated: break;
        }
        switch (time_agrees(hint, payment)) {
        case Agreement::agrees: agrees(Reason::stated_time, stated_exactly(hint) ? exact_time_weight : day_weight); break;
        case Agreement::contradicts: against += contradiction; break;
        case Agreement::not_stated: break;
        }
        if (words.shares_name_with(payment.memo)) agrees(Reason::stated_merchant, merchant_weight);
        if (candidate.reasons.empty()) continue;
        if (now - payment.created <= recent) candidate.score += recent_weight;
        candidate.score = std::clamp(candidate.score - against, 0, 100);
        if (candidate.score > 0) found.push_back(std::move(candidate));
    }
    std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
        return a.score != b.score ? a.score > b.score : a.payment > b.payment;
    });
    if (found.size() > findings_max) found.erase(found.begin() + findings_max, found.end());
    return found;
}

}  // namespace okpay::payments
