// SPDX-License-Identifier: Apache-2.0
#include "desk/faq_index.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "desk/faq_words.hpp"

namespace okpay::desk {
namespace {

constexpr std::size_t at(Language language) { return static_cast<std::size_t>(language); }

constexpr double of_beginning = 0.75;  // "refu" for "refund"
constexpr double of_slip = 0.65;       // "refnud"
constexpr double of_asked = 0.9;       // where a question of the article has it, and not its title
constexpr double of_text = 0.5;        // where only its text has it

// 1 where it is the term, less where it nearly is, 0 where it is another.
double likeness(std::string_view typed, std::string_view term) {
    if (typed == term) return 1;
    if (is_han_term(typed) || is_han_term(term)) {
        return typed.size() < term.size() && term.contains(typed) ? of_beginning : 0;  // one character of a pair
    }
    constexpr std::size_t beginning_min = 2, slip_min = 4;
    if (typed.size() >= beginning_min && term.starts_with(typed)) return of_beginning;
    if (typed.size() >= slip_min && term.size() >= slip_min && one_letter_apart(typed, term)) return of_slip;
    return 0;
}

}  // namespace

FaqIndex::FaqIndex(std::vector<FaqEntry> entries) : entries_{std::move(entries)} {
    std::map<std::string, std::array<double, 4>, std::less<>> entries_with;
    for (std::size_t entry = 0; entry < entries_.size(); ++entry) {
        const FaqEntry& one = entries_[entry];
        entries_of_[at(one.language)] += 1;
        std::vector<std::string> seen;
        const auto note = [&](const std::vector<std::string>& terms, Field field, std::size_t question) {
            for (const std::string& term : terms) {
                terms_[term].places.push_back({entry, field, question});
                if (std::ranges::find(seen, term) != seen.end()) continue;
                seen.push_back(term);
                entries_with[term][at(one.language)] += 1;
            }
        };
        asked_.push_back({faq_terms(one.title)});
        note(asked_.back().front(), Field::title, 0);
        for (const std::string& question : one.questions) {
            asked_.back().push_back(faq_terms(question));
            note(asked_.back().back(), Field::question, asked_.back().size() - 1);
        }
        note(faq_terms(one.text), Field::text, 0);
    }
    for (auto& [word, term] : terms_) {
        const auto& with = entries_with[word];
        for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
            const double having = with[at(language)];
            term.weight[at(language)] =
                having > 0 ? std::log(1 + entries_of_[at(language)] / having) : unknown_weight(language);
        }
    }
}

double FaqIndex::unknown_weight(Language language) const {
    return std::log(1 + 2 * std::max(1.0, entries_of_[at(language)]));
}

double FaqIndex::weight_of(std::string_view term, Language language) const {
    const auto found = terms_.find(term);
    return found == terms_.end() ? unknown_weight(language) : found->second.weight[at(language)];
}

std::vector<FaqHit> FaqIndex::search(std::string_view query, Language language, std::size_t hits_max) const {
    std::vector<std::string> typed = faq_terms(utf8_prefix(query, faq_query_octets_max));
    if (typed.size() > faq_query_terms_max) typed.resize(faq_query_terms_max);
    std::vector<double> score(entries_.size(), 0);
    double whole = 0;
    for (const std::string& word : typed) {
        std::vector<double> best(entries_.size(), 0);
        double weight = weight_of(word, language);
        bool known = false;
        for (const auto& [term, places] : terms_) {
            const double like = likeness(word, term);
            if (like == 0) continue;
            if (!known || like == 1) weight = places.weight[at(language)];
            known = true;
            for (const Place& place : places.places) {
                const double value = like * (place.field == Field::title      ? 1.0
                                             : place.field == Field::question ? of_asked
                                                                              : of_text);
                best[place.entry] = std::max(best[place.entry], value);
            }
        }
        whole += weight;
        for (std::size_t entry = 0; entry < entries_.size(); ++entry) score[entry] += weight * best[entry];
    }
    std::vector<FaqHit> hits;
    for (std::size_t entry = 0; entry < entries_.size(); ++entry) {
        if (entries_[entry].language != language || whole == 0) continue;
        if (score[entry] / whole >= search_score_min) hits.push_back({entry, score[entry] / whole});
    }
    std::ranges::sort(hits, [](const FaqHit& a, const FaqHit& b) {
        return a.score != b.score ? a.score > b.score : a.entry < b.entry;
    });
    if (hits.size() > hits_max) hits.resize(hits_max);
    return hits;
}

// How much of the question the mail asks and how much of the mail the question is: their geometric mean.
double FaqIndex::question_score(const std::vector<std::string>& question, const std::vector<std::string>& mail,
                                Language language) const {
    double of_question = 0, of_mail = 0, shared = 0;
    for (const std::string& term : question) {
        const double weight = weight_of(term, language);
        of_question += weight;
        if (std::ranges::find(mail, term) != mail.end()) shared += weight;
    }
    for (const std::string& term : mail) of_mail += weight_of(term, language);
    return of_question > 0 && of_mail > 0 ? shared / std::sqrt(of_question * of_mail) : 0;
}

std::optional<FaqIndex::Answer> FaqIndex::answer_for(std::string_view subject, std::string_view text,
                                                     Language language) const {
    if (tells_a_case(subject) || tells_a_case(text)) return std::nullopt;
    // The subject counts where it asks the same, and never against the mail: "Question" is what people write there.
    const std::vector<std::string> body = faq_terms(without_courtesy(text));
    std::vector<std::string> both = faq_terms(std::string{subject} + "\n" + without_courtesy(text));
    if (both.size() > answer_terms_max) return std::nullopt;
    std::map<std::string, std::pair<double, std::size_t>> best;  // by slug
    for (std::size_t entry = 0; entry < entries_.size(); ++entry) {
        if (entries_[entry].language != language) continue;
        double score = 0;
        for (const auto& question : asked_[entry])
            score = std::max({score, question_score(question, body, language), question_score(question, both, language)});
        auto& known = best[entries_[entry].slug];
        if (score > known.first) known = {score, entry};
    }
    Answer answer{.entry = 0, .score = 0, .second = 0};
    for (const auto& [slug, found] : best) {
        if (found.first > answer.score) {
            answer.second = answer.score;
            answer.score = found.first;
            answer.entry = found.second;
        } else {
            answer.second = std::max(answer.second, found.first);
        }
    }
    if (answer.score < answer_score_min || answer.score - answer.second < answer_lead_min) return std::nullopt;
    return answer;
}

}  // namespace okpay::desk
