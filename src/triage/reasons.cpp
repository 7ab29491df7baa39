// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "triage/impl/classify.hpp"
#include "triage/impl/scan.hpp"
#include "triage/impl/sheet.hpp"
#include "triage/read.hpp"
#include "triage/shipped.hpp"

namespace okpay::triage {
namespace {

struct Carried {
    std::size_t begin, end;  // of the folded text
    float weight;
};

std::size_t octets_at(std::string_view folded, std::size_t at) { return code_point_at(folded, at).octets; }

// English words whole, Chinese characters one by one and joined while they speak for it: what a reader would underline.
std::vector<Carried> carried_words(std::string_view folded, const std::vector<float>& evidence) {
    std::vector<Carried> words;
    for (std::size_t at = 0; at < folded.size();) {
        std::size_t end = at;
        while (end < folded.size() && (is_word(folded[end]) || folded[end] == '\'')) ++end;
        const bool latin = end > at;
        if (!latin) end = at + octets_at(folded, at);
        const bool han = !latin && is_han(code_point_at(folded, at).value);
        float weight = 0;
        for (std::size_t i = at; i < end; ++i) weight += evidence[i];
        constexpr float telling = 0.05F;
        const bool number = latin && std::ranges::all_of(folded.substr(at, end - at), is_digit);  // says nothing by itself
        if ((latin || han) && !number && weight > telling) {
            const bool joins = han && !words.empty() && words.back().end == at;
            if (joins) {
                words.back().end = end;
                words.back().weight += weight;
            } else {
                words.push_back({at, end, weight});
            }
        }
        at = end;
    }
    std::ranges::sort(words, {}, [](const Carried& word) { return std::pair{-word.weight, word.begin}; });
    if (words.size() > reasons_max) words.resize(reasons_max);
    return words;
}

// The cues that speak for a decision other than the category.
bool speaks_for(Cue cue, Urgency urgency) {
    switch (urgency) {
    case Urgency::critical:
        return cue == Cue::unauthorised || cue == Cue::takeover || cue == Cue::fallen_for || cue == Cue::outage ||
               cue == Cue::instrument_gone || cue == Cue::social_engineering;
    case Urgency::high: return cue == Cue::deadline || cue == Cue::cut_off || cue == Cue::threat || cue == Cue::repeated;
    case Urgency::normal:
    case Urgency::low: return false;
    }
    std::abort();
}

bool speaks_for(Cue cue, Route route) {
    switch (route) {
    case Route::risk_team:
        return cue == Cue::unauthorised || cue == Cue::takeover || cue == Cue::phishing_received || cue == Cue::fallen_for ||
               cue == Cue::social_engineering || cue == Cue::injection;
    case Route::technical_team: return cue == Cue::product_fault || cue == Cue::outage;
    case Route::auto_answer: return cue == Cue::question_form;
    case Route::agent:
    case Route::ask_for_info:
    case Route::no_action: return false;
    }
    std::abort();
}

bool speaks_for(Cue cue, Flag flag) {
    switch (flag) {
    case Flag::prompt_injection: return cue == Cue::injection;
    case Flag::forwarded_phishing: return cue == Cue::phishing_received;
    case Flag::account_takeover: return cue == Cue::takeover;
    case Flag::social_engineering: return cue == Cue::social_engineering;
    case Flag::multi_account: return cue == Cue::several_accounts;
    case Flag::sensitive_data:
    case Flag::hidden_html:
    case Flag::sender_differs_from_account:
    case Flag::needs_ocr: return false;
    }
    std::abort();
}

}  // namespace

std::vector<Reason> reasons_of(const Message& message, const Reading& reading) {
    return reasons_of(message, reading, shipped_model());
}

std::vector<Reason> reasons_of(const Message& message, const Reading& reading, const Model& model) {
    std::string subject = to_utf8_lossy(utf8_prefix(message.subject, message_octets_max));
    std::ranges::replace(subject, '\n', ' ');
    const std::string whole = subject + "\n" + to_utf8_lossy(utf8_prefix(message.new_text, message_octets_max));
    const Sheet sheet{whole};
    const std::string_view folded = sheet.text();
    std::vector<Reason> reasons;
    const auto add = [&](std::string_view decision, std::string_view value, std::size_t begin, std::size_t end) {
        const std::string_view words = sheet.original(begin, end);
        const auto from = static_cast<std::size_t>(words.data() - whole.data());
        Reason reason{decision, std::string{value}, std::string{words}, from < subject.size(), from, from + words.size()};
        if (!reason.in_subject) {
            reason.begin -= std::min(from, subject.size() + 1);
            reason.end -= std::min(from, subject.size() + 1);
        }
        const auto of_decision = std::ranges::count_if(reasons, [&](const Reason& other) {
            return other.decision == decision && other.value == value;
        });
        const bool known = std::ranges::find(reasons, reason) != reasons.end();
        if (!known && static_cast<std::size_t>(of_decision) < reasons_max) reasons.push_back(std::move(reason));
    };
    const Findings findings = findings_of(folded);
    const auto grams = grams_of_message(folded, findings);
    const auto by_model = [&](std::string_view decision, Category category) {
        const auto evidence = model.evidence_of(grams, label_of(model, folded, findings, category), folded.size());
        for (const Carried& word : carried_words(folded, evidence)) add(decision, name_of(category), word.begin, word.end);
    };
    if (!message.machine_mail) {
        by_model("category", reading.category);
        for (const Category second : reading.secondary) by_model("secondary", second);
    }
    for (const Span& span : sentences_of_message(folded)) {
        for (const PhraseHit& hit : cue_hits_of(folded.substr(span.begin, span.end - span.begin))) {
            const auto cue = static_cast<Cue>(hit.tag);
            const std::size_t begin = span.begin + hit.begin;
            const std::size_t end = span.begin + hit.end;
            if (speaks_for(cue, reading.urgency)) add("urgency", name_of(reading.urgency), begin, end);
            if (speaks_for(cue, reading.route)) add("route", name_of(reading.route), begin, end);
            for (const Flag flag : reading.flags) {
                if (speaks_for(cue, flag)) add("flag", name_of(flag), begin, end);
            }
        }
    }
    return reasons;
}

}  // namespace okpay::triage
