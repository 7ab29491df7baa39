// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/classify.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace okpay::triage {
namespace {

enum Family : std::uint32_t { line_of_category = 1, cue_found, choice_of_rules };

using enum Category;

// What may come of it: nobody would read what is taken for one of these.
constexpr bool drops(Category category) { return category == spam || category == auto_generated; }

std::size_t best_of(const std::vector<float>& probabilities) {
    return static_cast<std::size_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

struct Judged {
    std::vector<float> categories;             // probabilities
    std::array<bool, kinds.size()> of_kind{};
};

Judged judged(const Model& model, std::string_view folded, const Findings& findings) {
    GramBag bag{folded};
    for (const std::uint64_t key : concepts_of(findings)) bag.add(key);
    Judged to{.categories = model.probabilities_of(model.logits_of(bag))};
    ensure(to.categories.size() == label_count);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        float& whole = to.categories[static_cast<std::size_t>(kinds[i].of)];
        whole += to.categories[category_count + i];
        to.of_kind[i] = to.categories[category_count + i] > kinds[i].least * whole;
    }
    to.categories.resize(category_count);
    return to;
}

// Further issues of their own: a sentence that the model is sure of, and that the lexicon names too.
void add_secondary(const Model& model, std::string_view folded, const Findings& whole, Choice& choice) {
    constexpr float sure = 0.6F;
    constexpr double named = 2.8;
    constexpr std::size_t sentences_max = 40;
    constexpr std::size_t octets_min = 12;
    const auto names_another = [&](const Scores& scores) {
        for (std::size_t i = 0; i < category_count; ++i) {
            if (scores[i] >= named && static_cast<Category>(i) != choice.category) return true;
        }
        return false;
    };
    if (!names_another(whole.scores)) return;
    std::size_t seen = 0;
    for (const Span& span : sentences_of_message(folded)) {
        if (span.end - span.begin < octets_min) continue;
        if (++seen > sentences_max) break;
        const auto named_here = std::ranges::find(whole.named, span, &Findings::Named::sentence);
        if (named_here == whole.named.end() || !names_another(named_here->scores)) continue;
        const std::string alone = std::string{"\n"}.append(folded.substr(span.begin, span.end - span.begin));
        const Findings findings = findings_of(alone);
        if (!names_another(findings.scores)) continue;
        const auto probabilities = judged(model, alone, findings).categories;
        const std::size_t best = best_of(probabilities);
        const auto category = static_cast<Category>(best);
        if (probabilities[best] < sure || findings.scores[best] < named || !stands_beside(category, choice.category))
            continue;
        if (category != choice.category && std::ranges::find(choice.secondary, category) == choice.secondary.end())
            choice.secondary.push_back(category);
    }
}

}  // namespace

std::vector<std::string> label_names() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < category_count; ++i) names.emplace_back(name_of(static_cast<Category>(i)));
    for (const Kind& kind : kinds) names.push_back(std::string{name_of(kind.of)}.append(" ").append(kind.name));
    return names;
}

std::vector<std::uint64_t> concepts_of(const Findings& findings) {
    const Scores& scores = findings.scores;
    const Cues& cues = findings.cues;
    std::vector<std::uint64_t> concepts;
    for (std::uint32_t i = 0; i < category_count; ++i) {
        constexpr double step = 2.5;  // weak, named, strong
        const auto strength = static_cast<std::uint32_t>(std::min(scores[i] / step, 3.0));
        for (std::uint32_t level = 0; level <= strength && scores[i] > 0; ++level)
            concepts.push_back(concept_key(line_of_category, i * 4 + level));
    }
    for (std::uint32_t i = 0; i < cues.size(); ++i) {
        if (cues[i]) concepts.push_back(concept_key(cue_found, i));
    }
    const Choice choice = choose(scores, cues, false);
    concepts.push_back(concept_key(choice_of_rules, static_cast<std::uint32_t>(choice.category)));
    return concepts;
}

std::vector<Gram> grams_of_message(std::string_view folded, const Findings& findings) {
    std::vector<Gram> grams;
    append_grams(folded, grams);
    for (const std::uint64_t key : concepts_of(findings)) grams.push_back({key, 0, 0, GramBlock::concepts});
    return grams;
}

Choice classify(const Model& model, std::string_view folded, const Findings& findings) {
    const Cues& cues = findings.cues;
    constexpr float enough = 0.2F;     // below it the words do not suffice
    constexpr float doubtful = 0.5F;   // a weaker `unclear` gives way to a topic of at least `topical`
    constexpr float topical = 0.2F;
    constexpr float sure_drop = 0.6F;  // what nobody will read has to be surer
    auto [probabilities, of_kind] = judged(model, folded, findings);
    const bool attack = has(cues, Cue::unauthorised) || has(cues, Cue::takeover) || has(cues, Cue::phishing_received) ||
                        has(cues, Cue::fallen_for) || has(cues, Cue::instrument_gone);
    std::size_t best = best_of(probabilities);
    while (drops(static_cast<Category>(best)) && (attack || probabilities[best] < sure_drop)) {
        probabilities[best] = 0;
        best = best_of(probabilities);
    }
    if (static_cast<Category>(best) == unclear && probabilities[best] < doubtful) {
        auto topics = probabilities;
        for (const Category category : {unclear, spam, auto_generated}) topics[static_cast<std::size_t>(category)] = 0;
        if (const std::size_t topic = best_of(topics); topics[topic] >= topical) best = topic;
    }
    // Someone else in the account, or rank instead of proof, is an attack whatever the rest of the mail is about.
    if (has(cues, Cue::takeover) || has(cues, Cue::social_engineering)) best = static_cast<std::size_t>(suspicious_activity);
    Choice choice{static_cast<Category>(best), static_cast<double>(probabilities[best]), {}};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i].of == choice.category) choice.of_kind = of_kind[i];
    }
    const bool told_by_cue = choice.category == suspicious_activity && attack;
    const float least = probabilities[static_cast<std::size_t>(unclear)] > probabilities[best] ? topical : enough;
    if (probabilities[best] < least && !told_by_cue && !has(cues, Cue::social_engineering)) {
        choice.category = unclear;
        choice.confidence = static_cast<double>(probabilities[static_cast<std::size_t>(unclear)]);
        return choice;
    }
    if (choice.category == unclear || drops(choice.category)) return choice;
    if (choice.category == duplicate_charge && has(cues, Cue::refund_wanted)) choice.secondary.push_back(refund);
    add_secondary(model, folded, findings, choice);
    return choice;
}

std::size_t label_of(const Model& model, std::string_view folded, const Findings& findings, Category category) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i].of == category && judged(model, folded, findings).of_kind[i]) return category_count + i;
    }
    return static_cast<std::size_t>(category);
}

}  // namespace okpay::triage
