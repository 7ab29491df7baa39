// SPDX-License-Identifier: Apache-2.0
#include "triage/read.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "triage/impl/amounts.hpp"
#include "triage/impl/classify.hpp"
#include "triage/impl/datetimes.hpp"
#include "triage/impl/decide.hpp"
#include "triage/impl/identifiers.hpp"
#include "triage/impl/language.hpp"
#include "triage/impl/phrases.hpp"
#include "triage/impl/score.hpp"
#include "triage/impl/sheet.hpp"
#include "triage/shipped.hpp"

namespace okpay::triage {
namespace {

bool has_forward_prefix(std::string_view folded_subject) {
    constexpr std::array<std::string_view, 5> prefixes{"fw:", "fwd:", "转发:", "转寄:", "wg:"};
    return std::ranges::any_of(prefixes,
                               [&](std::string_view prefix) { return trimmed(folded_subject).starts_with(prefix); });
}

// Blots every sentence that instructs the reader's machine, and what follows it in its paragraph: those words are data
// about an attack and say nothing of the customer's case. True where there was one.
bool blot_injection(Sheet& sheet) {
    bool found = false;
    const std::string before{sheet.text()};
    for (const Span& span : sentences_of_message(before)) {
        if (sheet.text()[span.begin] == Sheet::blotted) continue;
        if (!instructs_us(std::string_view{before}.substr(span.begin, span.end - span.begin))) continue;
        found = true;
        const std::size_t paragraph_end = std::min(before.find("\n", span.end), before.size());
        const std::size_t end = std::max(span.end, paragraph_end);
        for (std::size_t begin = span.begin; begin < end;) {  // line ends stay: the first one parts subject and body
            const std::size_t line_end = std::min(before.find('\n', begin), end);
            sheet.blot(begin, line_end);
            begin = line_end + 1;
        }
    }
    return found;
}

bool is_instruction(std::string_view folded) {
    return std::ranges::any_of(sentences_of(folded), [&](const Span& span) {
        return instructs_us(folded.substr(span.begin, span.end - span.begin));
    });
}

bool is_blank(std::string_view folded) {
    return std::ranges::all_of(folded, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == Sheet::blotted; });
}

bool looks_like_phishing(const Cues& forwarded) {
    return has(forwarded, Cue::phishing_received) || has(forwarded, Cue::social_engineering);
}

// A forwarded mail that urges to act through a link: bait, whatever it says of itself.
bool is_bait(std::string_view folded) {
    constexpr std::array<std::string_view, 3> links{"http://", "https://", "www."};
    constexpr std::array<std::string_view, 16> urges{"verify",      "suspended", "limited", "confirm your",
                                                     "update your", "click",     "验证",    "冻结",
                                                     "点击",        "中奖",      "异常",    "更新您",
                                                     "password",    "密码",      "核实",    "unusual"};
    const auto any = [&](const auto& words) {
        return std::ranges::any_of(words,
                                   [&](std::string_view word) { return folded.find(word) != std::string_view::npos; });
    };
    return any(links) && any(urges);
}

constexpr std::size_t hardly_any_octets = 24;

// What a picture of a screen states. Its words are no more the customer's than those of a forwarded mail: facts are taken,
// accounts (whose they are nobody says) and instructions are not.
struct OnScreen {
    Entities entities;
    std::vector<StatedTime> times;
    std::string folded;  // empty where it instructs us, as the facts are
    bool instructs = false, sensitive = false, baits = false;
};

// The clock of a phone, in its first line beside signal and battery, is no time of anything that happened.
std::string_view without_status_bar(std::string_view text) {
    constexpr std::size_t status_bar_octets_max = 40;
    const std::string_view all = trimmed(text);
    const std::string_view line = all.substr(0, all.find('\n'));
    const std::size_t colon = line.find(':');
    const auto is_digit = [&](std::size_t at) { return at < line.size() && line[at] >= '0' && line[at] <= '9'; };
    const bool clock =
        (colon == 1 || colon == 2) && is_digit(0) && is_digit(colon - 1) && is_digit(colon + 1) && is_digit(colon + 2);
    return clock && line.size() <= status_bar_octets_max ? all.substr(line.size()) : all;
}

OnScreen on_screen(const Message& message, std::string_view language, Moment local_now) {
    OnScreen found;
    // No line of it is a subject.
    const std::string text = "\n" + to_utf8_lossy(utf8_prefix(without_status_bar(message.screen_text), message_octets_max));
    Sheet sheet{text};
    const Findings findings = findings_of(sheet.text());
    found.instructs = findings.instructs_us;
    if (found.instructs) return found;  // lines break where the screen ends: where the instruction does, nobody knows
    found.baits = looks_like_phishing(findings.cues) || is_bait(sheet.text());
    found.folded = sheet.text();
    Identifiers identifiers = take_identifiers(sheet, message.from_address);
    found.sensitive = identifiers.sensitive;
    found.entities = std::move(identifiers.entities);
    found.entities.accounts.clear();
    found.times = take_datetimes(sheet, local_now);
    for (const StatedTime& time : found.times) add_once(found.entities.datetimes, time.text);
    found.entities.amounts = amounts_of(sheet, language);
    return found;
}

// Adds what is new, and tells it apart.
template <class T>
void add_seen(std::vector<T>& stated, const std::vector<T>& seen, std::vector<T>& in_pictures) {
    for (const T& one : seen) {
        if (std::ranges::find(stated, one) != stated.end()) continue;
        add_once(in_pictures, one);
    }
    for (const T& one : in_pictures) add_once(stated, one);
}

void add_seen(Reading& reading, const Entities& seen) {
    Entities& stated = reading.entities;
    Entities& apart = reading.in_pictures;
    add_seen(stated.amounts, seen.amounts, apart.amounts);
    add_seen(stated.datetimes, seen.datetimes, apart.datetimes);
    add_seen(stated.transaction_ids, seen.transaction_ids, apart.transaction_ids);
    add_seen(stated.error_codes, seen.error_codes, apart.error_codes);
    add_seen(stated.request_numbers, seen.request_numbers, apart.request_numbers);
    add_seen(stated.card_last4, seen.card_last4, apart.card_last4);
}

std::vector<Flag> flags_of(const Message& message, const Cues& cues, const Identifiers& identifiers, bool injected,
                           const OnScreen& screen, std::size_t text_octets) {
    const Sheet forwarded{message.forwarded_text};
    const Cues forwarded_cues = cues_of(forwarded.text());
    const bool reports_phishing =
        has(cues, Cue::phishing_received) && !has(cues, Cue::takeover) && !has(cues, Cue::fallen_for);
    std::vector<Flag> flags;
    const auto flag_if = [&](bool holds, Flag flag) {
        if (holds) flags.push_back(flag);
    };
    flag_if(injected || screen.instructs || is_instruction(forwarded.text()), Flag::prompt_injection);
    flag_if(reports_phishing || screen.baits ||
                (!message.forwarded_text.empty() && (looks_like_phishing(forwarded_cues) || is_bait(forwarded.text()))),
            Flag::forwarded_phishing);
    flag_if(identifiers.sensitive || screen.sensitive, Flag::sensitive_data);
    flag_if(has(cues, Cue::takeover), Flag::account_takeover);
    flag_if(has(cues, Cue::social_engineering), Flag::social_engineering);
    flag_if(message.hidden_html, Flag::hidden_html);
    flag_if(message.sender_differs_from_account, Flag::sender_differs_from_account);
    flag_if(has(cues, Cue::several_accounts) || identifiers.entities.accounts.size() > 1, Flag::multi_account);
    flag_if(message.has_image && text_octets < hardly_any_octets, Flag::needs_ocr);
    return flags;
}

}  // namespace

bool wants_pictures_read(const Message& message, const Reading& reading) {
    if (!message.has_image || reading.automatic || reading.category == Category::spam) return false;
    return !reading.missing.empty() || std::ranges::find(reading.flags, Flag::needs_ocr) != reading.flags.end();
}

Reading read(const Message& message) { return read(message, shipped_model()); }

Reading read(const Message& message, const Model& model) {
    Reading reading;
    reading.text = std::string{trimmed(message.new_text)};
    reading.automatic = message.machine_mail;

    const std::string new_text = to_utf8_lossy(utf8_prefix(message.new_text, message_octets_max));
    const Sheet subject_sheet{message.subject};
    const bool forwarded = has_forward_prefix(subject_sheet.text());
    std::string subject = forwarded ? std::string{} : to_utf8_lossy(utf8_prefix(message.subject, message_octets_max));
    std::ranges::replace(subject, '\n', ' ');  // one line: the first line end parts it from the body
    reading.language = language_of(is_blank(new_text) ? subject : new_text);

    const std::string whole = subject + "\n" + new_text;
    Sheet sheet{whole};
    Findings findings = findings_of(sheet.text());
    const bool injected = findings.instructs_us && blot_injection(sheet);
    if (injected) findings = findings_of(sheet.text());
    const std::string folded{sheet.text()};  // before the extractors blot what they read
    const std::size_t subject_end = folded.find('\n');
    const std::string_view folded_body = std::string_view{folded}.substr(subject_end + 1);

    Identifiers identifiers = take_identifiers(sheet, message.from_address);
    const Moment local_now = message.at + std::chrono::minutes{message.utc_offset_minutes};
    const std::vector<StatedTime> times = take_datetimes(sheet, local_now);
    reading.entities = identifiers.entities;
    for (const StatedTime& time : times) add_once(reading.entities.datetimes, time.text);
    reading.entities.amounts = amounts_of(sheet, reading.language);

    OnScreen screen;
    if (!message.screen_text.empty()) {
        screen = on_screen(message, reading.language, local_now);
        add_seen(reading, screen.entities);
    }
    // "See the picture": what it is about stands there.
    const bool told_by_screen = trimmed(new_text).size() < hardly_any_octets && !is_blank(screen.folded);
    const std::string told = told_by_screen ? folded + screen.folded : folded;
    const Findings told_findings = told_by_screen ? findings_of(told) : findings;
    Cues cues = told_findings.cues;
    reading.flags = flags_of(message, cues, identifiers, injected, screen, trimmed(new_text).size());

    if (injected && is_blank(folded_body)) {  // "where the thing itself is an attack, suspicious_activity"
        reading.category = Category::suspicious_activity;
        reading.confidence = 0.9;
    } else if (forwarded && is_blank(folded_body)) {  // nothing but a forwarded mail
        const bool bait = std::ranges::find(reading.flags, Flag::forwarded_phishing) != reading.flags.end();
        reading.category = bait ? Category::suspicious_activity : Category::unclear;
        reading.confidence = 0.6;
    } else {
        Choice choice = classify(model, told, told_findings);
        reading.category = choice.category;
        reading.confidence = choice.confidence;
        reading.secondary = std::move(choice.secondary);
        for (const Kind& kind : kinds) {
            if (kind.of == choice.category && choice.of_kind.value_or(false)) cues.set(static_cast<std::size_t>(kind.cue));
        }
    }
    if (message.machine_mail) {
        reading.category = Category::auto_generated;
        reading.confidence = 1;
        reading.secondary.clear();
    }
    if (reading.category == Category::auto_generated) reading.automatic = true;

    constexpr int near_days = 3;
    constexpr double sure_enough_to_answer = 0.5;
    constexpr std::size_t octets_of_a_name = 28;  // "I have a login problem"
    Facts facts{.category = reading.category, .cues = cues, .automatic = reading.automatic, .flags = reading.flags};
    facts.sender_known = !message.from_address.empty();
    facts.has_transaction = !reading.entities.transaction_ids.empty();
    facts.has_amount = !reading.entities.amounts.empty();
    const auto is_past = [](const StatedTime& time) { return time.days_ahead <= 0; };
    facts.has_past_time = std::ranges::any_of(times, is_past) || std::ranges::any_of(screen.times, is_past);
    facts.deadline_near = std::ranges::any_of(times, [](const StatedTime& time) {
        return time.days_ahead > 0 && time.days_ahead <= near_days;
    });
    facts.has_error_code = !reading.entities.error_codes.empty();
    facts.has_request_number = !reading.entities.request_numbers.empty();
    facts.has_account = !reading.entities.accounts.empty();
    facts.has_card = !reading.entities.card_last4.empty();
    facts.has_new_value = identifiers.contact_given || has(cues, Cue::new_value_given);
    facts.says_anything = injected || !is_blank(folded_body) || !message.forwarded_text.empty() || !is_blank(screen.folded);
    facts.tells_much = trimmed(folded_body).size() > octets_of_a_name || trimmed(screen.folded).size() > octets_of_a_name;
    facts.sure = reading.confidence >= sure_enough_to_answer;
    reading.missing = missing_of(facts);
    reading.urgency = urgency_of(facts);
    reading.route = route_of(facts, reading.urgency, !reading.missing.empty());
    return reading;
}

}  // namespace okpay::triage
