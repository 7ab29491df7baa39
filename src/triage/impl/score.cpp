// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/score.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <span>
#include <tuple>

#include "base/ensure.hpp"
#include "triage/impl/phrases.hpp"
#include "triage/impl/scan.hpp"
#include "triage/impl/wording.hpp"

namespace okpay::triage {
namespace {

using enum Category;

constexpr double threshold = 1.8;  // below this the words do not suffice
constexpr double softness = 1.1;   // of the confidence: chosen by hand, to be fitted once there is text enough

struct Line {
    const CategoryLine* category;  // none: a cue
    Cue cue;
};

struct Lexicon {
    PhraseIndex index;
    std::vector<Line> lines;  // by tag
};

Lexicon built_lexicon() {
    Lexicon lexicon;
    const auto add = [&lexicon](std::string_view patterns, Line line) {
        lexicon.index.add(patterns, static_cast<std::uint32_t>(lexicon.lines.size()));
        lexicon.lines.push_back(line);
    };
    for (const auto lines : {chinese_categories(), english_categories()}) {
        for (const CategoryLine& line : lines) add(line.patterns, {&line, Cue::count_});
    }
    for (const auto lines : {chinese_cues(), english_cues()}) {
        for (const CueLine& line : lines) add(line.patterns, {nullptr, line.cue});
    }
    lexicon.index.close();
    return lexicon;
}

const Lexicon& lexicon() {
    static const Lexicon built = built_lexicon();
    return built;
}

const Line& line_of(const PhraseHit& hit) { return lexicon().lines[hit.tag]; }

using Hits = std::vector<PhraseHit>;
Hits hits_in(std::string_view text, const Span& span) {
    return lexicon().index.find_in(text.substr(span.begin, span.end - span.begin));
}

// Of one sentence: overlapping hits of one category count once, the heaviest; denied ones not at all.
Scores sentence_scores(const Hits& all) {
    constexpr std::size_t denial_reach_octets = 12;
    struct Counted {
        Category category;
        std::size_t begin, end;
    };
    std::vector<std::size_t> denial_ends;
    Hits hits;
    for (const PhraseHit& hit : all) {
        const Line& line = line_of(hit);
        if (line.category != nullptr) hits.push_back(hit);
        else if (line.cue == Cue::denial) denial_ends.push_back(hit.end);
    }
    const auto denied = [&](std::size_t begin) {
        return std::ranges::any_of(denial_ends,
                                   [&](std::size_t end) { return begin + 3 >= end && begin <= end + denial_reach_octets; });
    };
    std::ranges::sort(hits, {}, [](const PhraseHit& hit) {
        return std::tuple{-line_of(hit).category->weight, hit.begin, hit.end, hit.tag};
    });
    Scores scores{};
    std::vector<Counted> counted;
    for (const PhraseHit& hit : hits) {
        const CategoryLine& line = *line_of(hit).category;
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

struct Sentence {
    Span span;
    Hits hits;
};

// The best sentence counts whole, each further one half of the one before.
Scores block_scores(std::span<const Sentence> sentences) {
    std::array<std::vector<double>, category_count> by_category;
    for (const Sentence& sentence : sentences) {
        const Scores scores = sentence_scores(sentence.hits);
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

bool is_of_case(Cue cue) { return cue != Cue::denial && cue != Cue::injection; }

// "Your selfie check says I'm not me": a machine that does not know a face, and no report of a stranger.
bool is_unknown_face(std::string_view sentence, const PhraseHit& hit) {
    constexpr std::array<std::string_view, 12> machine_says{"says",   "said",    "saying",  "tells me", "told me", "thinks",
                                                            "claims", "insists", "decided", "说",       "提示",    "显示"};
    constexpr std::array<std::string_view, 12> of_faces{"selfie", "face",     "photo", "passport", "picture", "id card",
                                                        "match",  "document", "人脸",  "刷脸",     "自拍",    "证件"};
    constexpr std::size_t near_octets = 24;
    return is_near_before(sentence, hit.begin, near_octets, machine_says) &&
           std::ranges::any_of(of_faces,
                               [&](std::string_view word) { return sentence.find(word) != std::string_view::npos; });
}

// "The banking app doesn't allow it": a fault of another house's product.
bool is_of_others(std::string_view sentence, const PhraseHit& hit) {
    constexpr std::array<std::string_view, 9> others{"banking ",   "bank's ",    "bank ",  "shop's ", "seller's ",
                                                     "their own ", "courier's ", "银行的", "店家的"};
    constexpr std::size_t near_octets = 10;
    return is_near_before(sentence, hit.begin, near_octets, others);
}

bool counts_as(Cue cue, std::string_view sentence, const PhraseHit& hit) {
    if (cue == Cue::unauthorised) return !is_unknown_face(sentence, hit);
    return cue != Cue::product_fault || !is_of_others(sentence, hit);
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

}  // namespace

std::vector<Span> sentences_of_message(std::string_view folded) {
    const std::size_t line_end = folded.find('\n');
    ensure(line_end != std::string_view::npos);
    std::vector<Span> sentences = sentences_of(folded.substr(0, line_end));
    for (const Span& span : sentences_of(folded.substr(line_end + 1)))
        sentences.push_back({span.begin + line_end + 1, span.end + line_end + 1});
    return sentences;
}

Findings findings_of(std::string_view folded) {
    constexpr double subject_share = 0.8;
    const std::size_t line_end = folded.find('\n');
    Findings findings{};
    std::vector<Sentence> sentences;
    std::size_t in_subject = 0;
    for (const Span& span : sentences_of_message(folded)) {
        Sentence& sentence = sentences.emplace_back(span, hits_in(folded, span));
        if (span.begin < line_end) ++in_subject;
        bool names_category = false;
        for (const PhraseHit& hit : sentence.hits) {
            const Line& line = line_of(hit);
            names_category = names_category || line.category != nullptr;
            if (line.category != nullptr) continue;
            const std::string_view words = folded.substr(span.begin, span.end - span.begin);
            if (is_of_case(line.cue) && counts_as(line.cue, words, hit))
                findings.cues.set(static_cast<std::size_t>(line.cue));
            findings.instructs_us = findings.instructs_us || line.cue == Cue::injection;
        }
        if (names_category) findings.named.push_back({span, sentence_scores(sentence.hits)});
    }
    if (const auto plain = reworded(folded)) findings.cues |= cues_of(*plain);
    const std::span<const Sentence> all{sentences};
    findings.scores = block_scores(all.subspan(in_subject));
    const Scores subject = block_scores(all.first(in_subject));
    for (std::size_t i = 0; i < category_count; ++i) findings.scores[i] += subject[i] * subject_share;
    return findings;
}

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

Cues cues_of(std::string_view folded) {
    Cues cues;
    for (const Span& span : sentences_of(folded)) {
        const std::string_view words = folded.substr(span.begin, span.end - span.begin);
        for (const PhraseHit& hit : cue_hits_of(words)) {
            const auto cue = static_cast<Cue>(hit.tag);
            if (is_of_case(cue) && counts_as(cue, words, hit)) cues.set(hit.tag);
        }
    }
    return cues;
}

std::vector<PhraseHit> cue_hits_of(std::string_view folded_sentence) {
    std::vector<PhraseHit> cues;
    for (const PhraseHit& hit : lexicon().index.find_in(folded_sentence)) {
        const Line& line = line_of(hit);
        if (line.category == nullptr && line.cue != Cue::denial)
            cues.push_back({static_cast<std::uint32_t>(line.cue), hit.begin, hit.end});
    }
    return cues;
}

bool instructs_us(std::string_view folded_sentence) {
    return std::ranges::any_of(lexicon().index.find_in(folded_sentence),
                               [](const PhraseHit& hit) { return line_of(hit).cue == Cue::injection; });
}

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
