// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/phrases.hpp"

#include <algorithm>
#include <optional>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace okpay::triage {
namespace {

constexpr std::size_t key_octets = 3;

std::uint32_t key_at(std::string_view text) {
    return (std::uint32_t{static_cast<std::uint8_t>(text[0])} << 16U) |
           (std::uint32_t{static_cast<std::uint8_t>(text[1])} << 8U) | std::uint32_t{static_cast<std::uint8_t>(text[2])};
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

// Calls `each` with every choice of the group that stands at the front, until one says true; then what follows it.
template <class Each>
bool any_choice(std::string_view pattern, Each each) {
    std::size_t close = 0;
    std::size_t depth = 0;
    for (; close < pattern.size(); ++close) {
        if (pattern[close] == '(') ++depth;
        if (pattern[close] == ')' && --depth == 0) break;
    }
    ensure(close < pattern.size());  // a group of the lexicon that never closes
    const std::string_view after = pattern.substr(close + 1);
    std::size_t begin = 1;
    for (std::size_t i = 1; i <= close; ++i) {
        if (pattern[i] == '(') ++depth;
        if (depth == 0 && (pattern[i] == '|' || i == close)) {
            if (each(pattern.substr(begin, i - begin), after)) return true;
            begin = i + 1;
        }
        if (pattern[i] == ')' && i != close) --depth;
    }
    return false;
}

// The pattern with its leading groups written out, until each starts with its key.
void keyed_forms_of(std::string_view pattern, std::vector<std::string>& to) {
    const auto open = pattern.substr(0, key_octets).find('(');
    if (open == std::string_view::npos) {
        to.emplace_back(pattern);
        return;
    }
    any_choice(pattern.substr(open), [&](std::string_view choice, std::string_view after) {
        keyed_forms_of(std::string{pattern.substr(0, open)}.append(choice).append(after), to);
        return false;
    });
}

struct Rest {  // what follows the group that is being tried
    std::string_view pattern;
    const Rest* next;
};

// The end of the match that starts at `at`. `in_word`: the pattern just ended an octet of a word, which must end in the
// text too unless the pattern goes on with it.
std::optional<std::size_t> match(std::string_view pattern, const Rest* rest, std::string_view text, std::size_t at,
                                 bool in_word) {
    while (true) {
        if (pattern.empty()) {
            if (rest == nullptr) break;
            pattern = rest->pattern;
            rest = rest->next;
            continue;
        }
        const char c = pattern.front();
        if (c == '(') {
            std::optional<std::size_t> end;
            any_choice(pattern, [&](std::string_view choice, std::string_view after) {
                const Rest following{after, rest};
                end = match(choice, &following, text, at, in_word);
                return end.has_value();
            });
            return end;
        }
        if (in_word && !is_word(c) && c != '*' && at < text.size() && is_word(text[at])) return std::nullopt;
        if (pattern.starts_with("..")) {
            const std::size_t last = std::min(text.size(), at + PhraseIndex::gap_octets_max);
            for (std::size_t next = at; next <= last; ++next) {
                const bool inside_word = next > 0 && next < text.size() && is_word(text[next]) && is_word(text[next - 1]);
                const bool inside_character = next < text.size() && (static_cast<std::uint8_t>(text[next]) & 0xC0U) == 0x80U;
                if (inside_word || inside_character) continue;
                if (const auto end = match(pattern.substr(2), rest, text, next, false)) return end;
            }
            return std::nullopt;
        }
        if (c == '*') {
            while (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || text[at] == '\'')) ++at;
        } else if (c == ' ') {
            if (at >= text.size() || !is_space(text[at])) return std::nullopt;
            while (at < text.size() && is_space(text[at])) ++at;
        } else {
            if (at >= text.size() || text[at] != c) return std::nullopt;
            ++at;
        }
        in_word = is_word(c);
        pattern.remove_prefix(1);
    }
    if (in_word && at < text.size() && is_word(text[at])) return std::nullopt;
    return at;
}

}  // namespace

void PhraseIndex::add(std::string_view patterns, std::uint32_t tag) {
    for (const std::string_view part : split(patterns, ';')) {
        const std::string_view one = trimmed(part);
        if (one.empty()) continue;
        std::vector<std::string> forms;
        keyed_forms_of(one, forms);
        for (std::string& pattern : forms) {
            if (pattern.find("..") == key_octets - 1) pattern.insert(key_octets - 1, 1, ' ');  // "he.." is "he .."
            const bool has_key =
                pattern.size() >= key_octets && pattern.substr(0, key_octets).find_first_of("*)|.") == std::string::npos;
            ensure(has_key);
            entries_[key_at(pattern)].push_back({std::move(pattern), tag});
        }
    }
}

std::vector<PhraseHit> PhraseIndex::find_in(std::string_view sentence) const {
    std::vector<PhraseHit> hits;
    for (std::size_t at = 0; at + key_octets <= sentence.size(); ++at) {
        if ((static_cast<std::uint8_t>(sentence[at]) & 0xC0U) == 0x80U) continue;          // inside a character
        if (at > 0 && is_word(sentence[at]) && is_word(sentence[at - 1])) continue;        // inside a word
        const auto found = entries_.find(key_at(sentence.substr(at)));
        if (found == entries_.end()) continue;
        for (const Entry& entry : found->second) {
            if (const auto end = match(entry.pattern, nullptr, sentence, at, false)) hits.push_back({entry.tag, at, *end});
        }
    }
    return hits;
}

std::vector<Span> sentences_of(std::string_view text) {
    constexpr std::size_t wrapped_line_octets = 50;  // a line this long was broken by the mail program, not by the writer
    std::vector<Span> sentences;
    std::size_t begin = 0;
    std::size_t line_begin = 0;
    const auto close = [&](std::size_t end) {
        while (begin < end && is_space(text[begin])) ++begin;
        std::size_t last = end;
        while (last > begin && is_space(text[last - 1])) --last;
        if (last > begin) sentences.push_back({begin, last});
        begin = end;
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool before_space = at + 1 >= text.size() || is_space(text[at + 1]);
        if (c == '\n') {
            const bool blank_follows = at + 1 < text.size() && text[at + 1] == '\n';
            if (blank_follows || at - line_begin < wrapped_line_octets) close(at + 1);
            line_begin = at + 1;
        } else if (c == '!' || c == '?' || c == ';' || (c == '.' && before_space)) {
            close(at + 1);
        } else if (text.substr(at).starts_with("。")) {
            close(at + std::string_view{"。"}.size());
        }
    }
    close(text.size());
    return sentences;
}

}  // namespace okpay::triage
