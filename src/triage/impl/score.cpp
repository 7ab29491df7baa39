// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/score.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>
#include <tuple>

#include "triage/impl/phrases.hpp"

namespace okpay::triage {
namespace {

using enum Category;

constexpr double threshold = 1.8;  // below this the words do not suffice
constexpr double softness = 1.1;   // of the confidence: chosen by hand, to be fitted once there is text enough

struct Lexicon {
    PhraseIndex categories, cues;
    PhraseIndex denials, injections;  // needed sentence by sentence, so apart from the rest of the cues
    std::vector<const CategoryLine*> category_lines;
    std::vector<Cue> cue_lines;
};

Lexicon built_lexicon() {
    Lexicon lexicon;
    for (const auto lines : {chinese_categories(), english_categories()}) {
        for (const CategoryLine& line : lines) {
            lexicon.categories.add(line.patterns, static_cast<std::uint32_t>(lexicon.category_lines.size()));
            lexicon.category_lines.push_back(&line);
        }
    }
    for (const auto lines : {chinese_cues(), english_cues()}) {
        for (const CueLine& line : lines) {
            PhraseIndex& index = line.cue == Cue::denial      ? lexicon.denials
                                 : line.cue == Cue::injection ? lexicon.injections
                                                              : lexicon.cues;
            index.add(line.patterns, static_cast<std::uint32_t>(lexicon.cue_lines.size()));
            lexicon.cue_lines.push_back(line.cue);
        }
    }
    return lexicon;
}

const Lexicon& lexicon() {
    static const Lexicon built = built_lexicon();
    return built;
}

// Of one sentence: overlapping hits of one category count once, the heaviest; denied ones not at all.
Scores sentence_scores(std::string_view sentence, const std::vector<std::size_t>& denial_ends) {
    constexpr std::size_t denial_reach_octets = 12;
    struct Counted {
        Category category;
        std::size_t begin, end;
    };
    const auto denied = [&](std::size_t begin) {
        return std::ranges::any_of(denial_ends,
                                   [&](std::size_t end) { return begin + 3 >= end && begin <= end + denial_reach_octets; });
    };
    auto hits = lexicon().categories.find_in(sentence);
    const auto line_of = [&](const PhraseHit& hit) -> const CategoryLine& { return *lexicon().category_lines[hit.tag]; };
    std::ranges::sort(hits, {},
                      [&](const PhraseHit& hit) { return std::tuple{-line_of(hit).weight, hit.begin, hit.end, hit.tag}; });
    Scores scores{};
    std::vector<Counted> counted;
    for (const PhraseHit& hit : hits) {
        const CategoryLine& line = line_of(hit);
        const bool overlaps = std::ranges::any_of(counted, [&](const Counted& other) {
            return other.category == line.category && hit.begin < other.end && other.begin < hit.end;
        });
        if (overlaps || denied(hit.begin)) continue;
        // A second strong phrase adds less than the first.
        score(scores, line.category) += score(scores, line.category) >= line.weight ? line.weight / 2 : line.weight;
        counted.push_back({line.category, hit.begin, hit.end});
    }
    return scores;
}

// The best sentence counts whole, each further one half of the one before.
Scores block_scores(std::string_view text) {
    std::array<std::vector<double>, category_count> by_category;
    for (const Span& span : sentences_of(text)) {
        const std::string_view sentence = text.substr(span.begin, span.end - span.begin);
        std::vector<std::size_t> denial_ends;
        for (const PhraseHit& hit : lexicon().denials.find_in(sentence)) denial_ends.push_back(hit.end);
        const Scores scores = sentence_scores(sentence, denial_ends);
        for (std::size_t i = 0; i < category_count; ++i) {
            if (scores[i] > 0) by_category[i].push_back(scores[i]);
        }
    }
    Scores total{};
    for (std::size_t i = 0; i < category_count; ++i) {
        std::ranges::sort(by_category[i], std::ranges::greater{});
        double share = 1;
        for (const double one : by_category[i]) {
            total[i] += one * share;
            share /= 2;
        }
    }
    return total;
}

void relate(Scores& scores, const Cues& cues, bool names_a_case) {
    const auto strengthen = [&](Category category, double by) { score(scores, category) += by; };
    const auto weaken = [&](Category category, double to_share) { score(scores, category) *= to_share; };
    const auto stronger = [&](Category a, Category b) { return score(scores, a) > score(scores, b); };

    // "charged twice, please refund one" asks about the duplicate; the refund is its remedy.
    if (score(scores, duplicate_charge) >= 4) {
        weaken(refund, 0.5);
        weaken(payment_failed, 0.5);
        weaken(fees_limits, 0.5);
    }
    // A refund names the payment, the top-up or the fee that it is of.
    if (score(scores, refund) >= 3) weaken(payment_failed, 0.7);
    if (has(cues, Cue::fee_disputed)) {
        weaken(refund, 0.5);
        strengthen(fees_limits, 1.5);
    }
    if (score(scores, topup_withdrawal) >= 3 && !has(cues, Cue::fee_disputed)) weaken(payment_failed, 0.6);
    // The topic of a fee or limit question is the thing it is about.
    if (score(scores, fees_limits) >= 4 && has(cues, Cue::question_form) && !has(cues, Cue::product_fault)) {
        weaken(topup_withdrawal, 0.5);
        weaken(payment_failed, 0.5);
        weaken(card, 0.6);
        weaken(general_howto, 0.4);
    }
    if (score(scores, suspicious_activity) >= 7 && (has(cues, Cue::unauthorised) || has(cues, Cue::phishing_received) ||
                                                    has(cues, Cue::takeover) || has(cues, Cue::fallen_for))) {
        strengthen(suspicious_activity, 2);
        weaken(card, 0.6);
        weaken(login_security, 0.6);
        weaken(account_locked, 0.6);
        weaken(spam, 0.4);
    }
    if (has(cues, Cue::takeover) || has(cues, Cue::social_engineering)) strengthen(suspicious_activity, 5);
    if (stronger(account_locked, login_security) && score(scores, account_locked) >= 5) weaken(login_security, 0.5);
    if (score(scores, account_locked) >= 3) weaken(payment_failed, 0.5);  // whose account is locked cannot pay
    if (has(cues, Cue::instrument_gone)) weaken(account_locked, 0.3);
    // Complaining while asking for something is asking for it, unless the service itself is the matter.
    if (has(cues, Cue::threat) && has(cues, Cue::repeated)) strengthen(complaint, 3);

    // A pure how-to: asks, and neither names a case, has a trouble nor wants something done.
    const bool pure_question = has(cues, Cue::question_form) && !names_a_case && !has(cues, Cue::trouble) &&
                               !has(cues, Cue::request_to_us) && !has(cues, Cue::unauthorised) && !has(cues, Cue::closing);
    if (pure_question) {
        for (const Category topic : {account_locked, account_info_change, payment_failed, refund, topup_withdrawal, card,
                                     identity_verification, login_security}) {
            strengthen(general_howto, score(scores, topic) * 0.5);
            weaken(topic, 0.5);
        }
    } else {
        weaken(general_howto, 0.4);
    }
}

// Further issues that need handling: not the topic of a question, nor what the first category already implies.
bool stands_beside(Category second, Category first) {
    switch (second) {
    case refund: return first != suspicious_activity && first != fees_limits;
    case complaint:
    case account_locked:
    case duplicate_charge:
    case suspicious_activity: return true;
    case account_info_change:
    case topup_withdrawal:
    case identity_verification: return first != account_locked && first != login_security;
    case card: return first != payment_failed && first != topup_withdrawal;
    case payment_failed: return first != duplicate_charge && first != refund && first != topup_withdrawal;
    case login_security: return first != account_locked && first != suspicious_activity;
    case fees_limits: return first == complaint || first == topup_withdrawal || first == payment_failed;
    case general_howto:
    case off_topic:
    case spam:
    case auto_generated:
    case unclear: return false;
    }
    std::abort();
}

}  // namespace

Scores scores_of(std::string_view folded_subject, std::string_view folded_body) {
    constexpr double subject_share = 0.8;
    Scores scores = block_scores(folded_body);
    const Scores subject = block_scores(folded_subject);
    for (std::size_t i = 0; i < category_count; ++i) scores[i] += subject[i] * subject_share;
    return scores;
}

Cues cues_of(std::string_view folded) {
    Cues cues;
    for (const Span& span : sentences_of(folded)) {
        for (const PhraseHit& hit : lexicon().cues.find_in(folded.substr(span.begin, span.end - span.begin))) {
            cues.set(static_cast<std::size_t>(lexicon().cue_lines[hit.tag]));
        }
    }
    return cues;
}

bool instructs_us(std::string_view folded_sentence) { return !lexicon().injections.find_in(folded_sentence).empty(); }

Choice choose(Scores scores, const Cues& cues, bool names_a_case) {
    relate(scores, cues, names_a_case);
    score(scores, unclear) = threshold;
    const auto best = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
    double sum = 0;
    for (const double one : scores) sum += std::exp((one - scores[best]) / softness);
    Choice choice{static_cast<Category>(best), 1 / sum, {}};
    if (choice.category == unclear) return choice;
    constexpr double secondary_min = 2.8;
    constexpr double secondary_share = 0.45;
    std::vector<std::pair<double, Category>> others;
    for (std::size_t i = 0; i < category_count; ++i) {
        const auto category = static_cast<Category>(i);
        const bool wanted_back = category == refund && choice.category == duplicate_charge && has(cues, Cue::refund_wanted);
        const bool strong = scores[i] >= secondary_min && scores[i] >= scores[best] * secondary_share;
        if (i != best && (strong || wanted_back) && stands_beside(category, choice.category))
            others.emplace_back(-scores[i], category);
    }
    std::ranges::sort(others);
    for (const auto& [negative, category] : others) choice.secondary.push_back(category);
    return choice;
}

}  // namespace okpay::triage
