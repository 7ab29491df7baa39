// SPDX-License-Identifier: Apache-2.0
// The index finds what a plain reading of the pattern language finds: the second is written here, place by place and
// pattern by pattern, and both search our own messages and texts made of the patterns' own pieces.
#include "triage/impl/phrases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "triage/impl/lexicon.hpp"
#include "triage/impl/sheet.hpp"

namespace okpay::triage {
namespace {

constexpr std::size_t key_octets = 3;

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

struct Plain {  // pattern by pattern
    struct Entry {
        std::string pattern;
        std::uint32_t tag;
    };
    std::vector<Entry> entries;

    void add(std::string_view patterns, std::uint32_t tag) {
        for (const std::string_view part : split(patterns, ';')) {
            if (trimmed(part).empty()) continue;
            std::vector<std::string> forms;
            keyed_forms_of(trimmed(part), forms);
            for (std::string& pattern : forms) {
                if (pattern.find("..") == key_octets - 1) pattern.insert(key_octets - 1, 1, ' ');
                entries.push_back({std::move(pattern), tag});
            }
        }
    }
    [[nodiscard]] std::vector<PhraseHit> find_in(std::string_view sentence) const {
        std::vector<PhraseHit> hits;
        for (std::size_t at = 0; at + key_octets <= sentence.size(); ++at) {
            if ((static_cast<std::uint8_t>(sentence[at]) & 0xC0U) == 0x80U) continue;
            if (at > 0 && is_word(sentence[at]) && is_word(sentence[at - 1])) continue;
            for (const Entry& entry : entries) {
                if (sentence[at] != entry.pattern[0] || sentence[at + 1] != entry.pattern[1]) continue;
                // One blank of a pattern is any number of them.
                const bool same_third = sentence[at + 2] == entry.pattern[2] || is_space(entry.pattern[2]) ||
                                        (is_space(entry.pattern[1]) && is_space(sentence[at + 2]));
                if (!same_third) continue;
                if (const auto end = match(entry.pattern, nullptr, sentence, at, false))
                    hits.push_back({entry.tag, at, *end});
            }
        }
        return hits;
    }
};

std::vector<PhraseHit> sorted(std::vector<PhraseHit> hits) {
    std::ranges::sort(hits, {}, [](const PhraseHit& hit) { return std::tuple{hit.begin, hit.tag, hit.end}; });
    const auto repeated = std::ranges::unique(hits);
    hits.erase(repeated.begin(), repeated.end());
    return hits;
}

struct Both {
    PhraseIndex index;
    Plain plain;
    std::vector<std::string_view> lines;
    Both() {
        std::uint32_t tag = 0;
        const auto add = [&](std::string_view patterns) {
            lines.push_back(patterns);
            index.add(patterns, tag);
            plain.add(patterns, tag++);
        };
        for (const auto of_language : {chinese_categories(), english_categories()}) {
            for (const CategoryLine& line : of_language) add(line.patterns);
        }
        for (const auto of_language : {chinese_cues(), english_cues()}) {
            for (const CueLine& line : of_language) add(line.patterns);
        }
        index.close();
    }
};
const Both& both() {
    static const Both built;
    return built;
}

TEST(Phrases, in_our_messages_are_those_of_a_plain_reading) {
    std::size_t hits = 0;
    for (const char* name : {"development.tsv", "held_out.tsv"}) {
        std::ifstream file{std::string{OKPAY_SOURCE_DIR} + "/tests/corpora/triage/" + name};
        for (std::string line; std::getline(file, line);) {
            const Sheet sheet{line};
            for (const Span& span : sentences_of(sheet.text())) {
                const std::string_view sentence = sheet.text().substr(span.begin, span.end - span.begin);
                const auto found = sorted(both().index.find_in(sentence));
                hits += found.size();
                ASSERT_EQ(found, sorted(both().plain.find_in(sentence))) << sentence;
            }
        }
    }
    EXPECT_GT(hits, 2'000U);
}

TEST(Phrases, in_shuffled_patterns_are_those_of_a_plain_reading) {
    const char* given = std::getenv("TEST_SEED");
    const unsigned seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937 random{seed};
    std::vector<std::string> pieces{" ", " ", "\n", ", ", "x", "'", "\xE4", " the my ", "\t"};
    for (const std::string_view line : both().lines) {
        std::string piece;
        for (const char c : line) {
            const bool parts = std::string_view{"(|);*."}.find(c) != std::string_view::npos;
            if (!parts) piece += c;
            else if (!piece.empty()) pieces.push_back(std::exchange(piece, {}));
        }
        if (!piece.empty()) pieces.push_back(piece);
    }
    std::size_t hits = 0;
    for (int round = 0; round < 600; ++round) {
        std::string text;
        while (text.size() < 80) text += pieces[random() % pieces.size()] + (random() % 2 == 0 ? " " : "");
        const auto found = sorted(both().index.find_in(text));
        hits += found.size();
        ASSERT_EQ(found, sorted(both().plain.find_in(text))) << text;
    }
    EXPECT_GT(hits, 1'000U);
}

TEST(Phrases, the_pattern_language) {
    PhraseIndex index;
    index.add("refund*; he..gone; (my|our) (lost |)card; 钱..(退|还)我", 7);
    index.close();
    struct Row {
        std::string_view text;
        std::size_t hits;
    };
    constexpr std::array rows{Row{"refunded", 1},
                              Row{"a prerefund", 0},
                              Row{"he has gone", 1},
                              Row{"hey, she is gone", 0},
                              Row{"my lost card", 1},
                              Row{"my card", 1},
                              Row{"my cards", 0},
                              Row{"our  \n lost card!", 1},
                              Row{"钱一直没有退我", 1},
                              Row{"钱", 0},
                              Row{"", 0}};
    for (const Row& row : rows) EXPECT_EQ(index.find_in(row.text).size(), row.hits) << row.text;
}

}  // namespace
}  // namespace okpay::triage
