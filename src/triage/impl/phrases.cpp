// SPDX-License-Identifier: Apache-2.0
#include "triage/impl/phrases.hpp"

#include <algorithm>
#include <bit>

#include "base/ensure.hpp"
#include "base/text.hpp"

namespace okpay::triage {
namespace {

constexpr std::size_t key_octets = 3;        // of plain text that a pattern starts with
constexpr std::size_t beginning_octets = 9;  // as deep as the trie goes: three Chinese characters

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

// Where the group that stands at the front is closed.
std::size_t closing_of(std::string_view pattern) {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '(') ++depth;
        if (pattern[i] == ')' && --depth == 0) return i;
    }
    ensure(false);  // a group of the lexicon that never closes
    return 0;
}

// Calls `each` with every choice between the brackets of the group that stands at the front.
template <class Each>
void each_choice(std::string_view pattern, std::size_t close, Each each) {
    std::size_t depth = 0;
    std::size_t begin = 1;
    for (std::size_t i = 1; i <= close; ++i) {
        if (depth == 0 && (pattern[i] == '|' || i == close)) {
            each(pattern.substr(begin, i - begin));
            begin = i + 1;
        }
        if (pattern[i] == '(') ++depth;
        if (pattern[i] == ')' && i != close) --depth;
    }
}

std::uint32_t hash_of(char a, char b, char c) {  // of a beginning, 8 bits
    const std::uint32_t value = static_cast<std::uint8_t>(a) * 0x9E37U + static_cast<std::uint8_t>(b) * 0x79B1U +
                                static_cast<std::uint8_t>(c) * 0x2545U;
    return (value >> 5U) & 0xFFU;
}

std::uint32_t edge_key(std::uint32_t node, char octet) { return (node << 8U) | static_cast<std::uint8_t>(octet); }
std::uint32_t key_of(char a, char b, char c) { return edge_key(edge_key(static_cast<std::uint8_t>(a), b), c); }
std::uint32_t slot_of(std::uint32_t key) { return (key * 0x9E3779B1U) >> 9U; }
std::uint32_t root_bit(std::uint32_t key) { return (key * 0x9E3779B1U) >> 20U; }

std::string joined(const std::vector<std::string_view>& pieces) {
    std::string all;
    for (const std::string_view piece : pieces) all += piece;
    return all;
}

}  // namespace

PhraseIndex::StepNumber PhraseIndex::step_of(Step step) {
    steps_.push_back(step);
    return static_cast<StepNumber>(steps_.size() - 1);
}

// The steps of `pattern`, and then `next`. A piece that several patterns end with is built once.
PhraseIndex::StepNumber PhraseIndex::steps_of(std::string_view pattern, StepNumber next) {
    if (pattern.empty()) return next;
    const std::tuple key{pattern.data(), pattern.size(), next};
    if (const auto known = known_.find(key); known != known_.end()) return known->second;
    StepNumber step = 0;
    if (pattern.front() == '(') {
        const std::size_t close = closing_of(pattern);
        step = choice_of(pattern.substr(0, close + 1), steps_of(pattern.substr(close + 1), next));
    } else if (pattern.starts_with("..")) {
        step = gap_before(steps_of(pattern.substr(2), next));
    } else if (pattern.front() == '*' || pattern.front() == ' ') {
        const Kind kind = pattern.front() == ' ' ? Kind::space : Kind::rest_of_word;
        step = step_of({kind, 0, 0, steps_of(pattern.substr(1), next)});
    } else {
        std::size_t end = pattern.find_first_of("(* ");
        end = std::min({end, pattern.find(".."), pattern.size()});
        const StepNumber after = steps_of(pattern.substr(end), next);
        step = step_of({Kind::text, static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(end), after});
        texts_ += pattern.substr(0, end);
    }
    known_.emplace(key, step);
    return step;
}

PhraseIndex::StepNumber PhraseIndex::choice_of(std::string_view group, StepNumber next) {
    std::vector<StepNumber> starts;
    each_choice(group, group.size() - 1, [&](std::string_view choice) { starts.push_back(steps_of(choice, next)); });
    const auto first = static_cast<std::uint32_t>(choices_.size());
    choices_.insert(choices_.end(), starts.begin(), starts.end());
    return step_of({Kind::choice, first, static_cast<std::uint32_t>(starts.size())});
}

PhraseIndex::StepNumber PhraseIndex::gap_before(StepNumber next) {
    Mask mask{};
    collect_beginnings(next, mask);
    masks_.push_back(mask);
    const bool anything = std::ranges::all_of(mask, [](std::uint64_t word) { return word == ~std::uint64_t{0}; });
    return step_of({Kind::gap, static_cast<std::uint32_t>(masks_.size() - 1), anything ? 0U : 1U, next});
}

// Calls `each` with the plain text that a match from `at` starts with, as far as it is known and `octets` are wanted.
template <class Each>
void PhraseIndex::each_beginning(StepNumber at, std::string& before, std::size_t octets, Each each) const {
    const Step& step = steps_[at];
    const std::size_t size = before.size();
    if (size >= octets || step.kind == Kind::end || step.kind == Kind::gap || step.kind == Kind::rest_of_word) {
        each(std::string_view{before}.substr(0, octets));
        return;
    }
    if (step.kind == Kind::choice) {
        for (std::uint32_t i = 0; i < step.count; ++i) each_beginning(choices_[step.first + i], before, octets, each);
        return;
    }
    before += step.kind == Kind::space ? std::string_view{" "} : std::string_view{texts_}.substr(step.first, step.count);
    each_beginning(step.next, before, octets, each);
    before.resize(size);
}

void PhraseIndex::collect_beginnings(StepNumber at, Mask& mask) const {
    std::string before;
    each_beginning(at, before, key_octets, [&mask](std::string_view beginning) {
        if (beginning.size() < key_octets || beginning.find(' ') != std::string_view::npos) {
            mask.fill(~std::uint64_t{0});  // too short to tell, or white space of any length
            return;
        }
        const std::uint32_t hash = hash_of(beginning[0], beginning[1], beginning[2]);
        mask[hash / 64] |= std::uint64_t{1} << (hash % 64);
    });
}

void PhraseIndex::insert(std::string_view beginning, std::uint32_t form) {
    ensure(beginning.size() >= key_octets);
    const std::uint32_t key = key_of(beginning[0], beginning[1], beginning[2]);
    const auto next_node = [this] { return static_cast<std::uint32_t>(forms_of_node_.size()); };
    const auto [root, first] = root_of_key_.emplace(key, next_node());
    if (first) forms_of_node_.emplace_back();
    std::uint32_t node = root->second;
    for (const char octet : beginning.substr(key_octets)) {
        const auto [child, added] = children_.emplace(edge_key(node, octet), next_node());
        if (added) forms_of_node_.emplace_back();
        node = child->second;
    }
    std::vector<std::uint32_t>& forms = forms_of_node_[node];
    if (forms.empty() || forms.back() != form) forms.push_back(form);
}

// The pieces with their leading groups written out, until each form starts with plain text.
void PhraseIndex::add_forms(const std::vector<std::string_view>& pieces, std::uint32_t tag) {
    const std::string flat = joined(pieces);
    const auto open = flat.substr(0, key_octets).find('(');
    if (open != std::string::npos) {
        std::vector<std::string_view> before;
        std::size_t octets = 0;
        std::size_t i = 0;
        for (; octets + pieces[i].size() <= open; ++i) {
            before.push_back(pieces[i]);
            octets += pieces[i].size();
        }
        before.push_back(pieces[i].substr(0, open - octets));
        const std::string_view group = pieces[i].substr(open - octets);
        const std::size_t close = closing_of(group);
        each_choice(group, close, [&](std::string_view choice) {
            std::vector<std::string_view> form = before;
            form.push_back(choice);
            form.push_back(group.substr(close + 1));
            form.insert(form.end(), pieces.begin() + static_cast<std::ptrdiff_t>(i) + 1, pieces.end());
            add_forms(form, tag);
        });
        return;
    }
    std::vector<std::string_view> parts = pieces;
    if (flat.find("..") == key_octets - 1) {  // "he.." is "he .."
        std::size_t octets = 0;
        std::size_t i = 0;
        for (; octets + parts[i].size() <= key_octets - 1; ++i) octets += parts[i].size();
        const std::size_t cut = key_octets - 1 - octets;
        const std::string_view cut_piece = parts[i];
        parts[i] = cut_piece.substr(cut);
        parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i), {cut_piece.substr(0, cut), " "});
    }
    const std::string beginning = joined(parts).substr(0, key_octets);
    ensure(beginning.size() == key_octets && beginning.find_first_of("*)|.") == std::string::npos);
    StepNumber start = 0;
    for (std::size_t i = parts.size(); i-- > 0;) start = steps_of(parts[i], start);
    const auto form = static_cast<std::uint32_t>(forms_.size());
    forms_.push_back({start, tag});
    std::string before;
    each_beginning(start, before, beginning_octets, [&](std::string_view octets) { insert(octets, form); });
}

void PhraseIndex::add(std::string_view patterns, std::uint32_t tag) {
    for (const std::string_view part : split(patterns, ';')) {
        if (const std::string_view one = trimmed(part); !one.empty()) add_forms({one}, tag);
    }
}

void PhraseIndex::close() {
    edges_ = table_of(children_);
    roots_ = table_of(root_of_key_);
    for (const auto& [key, node] : root_of_key_) may_start_[root_bit(key) / 64] |= std::uint64_t{1} << (root_bit(key) % 64);
    for (const auto& forms : forms_of_node_) {
        first_forms_.push_back(static_cast<std::uint32_t>(forms_in_order_.size()));
        forms_in_order_.insert(forms_in_order_.end(), forms.begin(), forms.end());
    }
    first_forms_.push_back(static_cast<std::uint32_t>(forms_in_order_.size()));
    children_.clear();
    root_of_key_.clear();
    forms_of_node_.clear();
    known_.clear();
}

PhraseIndex::Table PhraseIndex::table_of(const std::unordered_map<std::uint32_t, std::uint32_t>& from) {
    Table table(std::bit_ceil(from.size() * 2 + 1), {0, 0});
    for (const auto& [key, node] : from) {
        std::size_t slot = slot_of(key) & (table.size() - 1);
        while (table[slot].node != 0) slot = (slot + 1) & (table.size() - 1);
        table[slot] = {key, node};
    }
    return table;
}

std::uint32_t PhraseIndex::node_in(const Table& table, std::uint32_t key) {  // 0: none
    for (std::size_t slot = slot_of(key) & (table.size() - 1);; slot = (slot + 1) & (table.size() - 1)) {
        if (table[slot].node == 0 || table[slot].key == key) return table[slot].node;
    }
}

// The node of the first three octets at `at`, white space taken as one; moves `at` behind them.
std::uint32_t PhraseIndex::root_at(std::string_view text, std::size_t& at) const {
    std::array<char, key_octets> octets{};
    for (char& octet : octets) {
        if (at >= text.size()) return 0;
        const bool space = is_space(text[at]);
        octet = space ? ' ' : text[at];
        ++at;
        while (space && at < text.size() && is_space(text[at])) ++at;
    }
    const std::uint32_t key = key_of(octets[0], octets[1], octets[2]);
    if ((may_start_[root_bit(key) / 64] >> (root_bit(key) % 64) & 1U) == 0) return 0;
    return node_in(roots_, key);
}

// Moves `at` to the end of the match that starts there. `in_word`: what was matched ended in an octet of a word, which
// must end in the text too unless the pattern goes on with it.
bool PhraseIndex::match(StepNumber at_step, std::string_view text, std::size_t& at, bool in_word) const {
    while (true) {
        const Step& step = steps_[at_step];
        switch (step.kind) {
        case Kind::end: return !(in_word && at < text.size() && is_word(text[at]));
        case Kind::text: {
            const char* const wanted = texts_.data() + step.first;
            if (text.size() - at < step.count) return false;
            for (std::uint32_t i = 0; i < step.count; ++i) {  // mostly a few octets, and the first one differs
                if (text[at + i] != wanted[i]) return false;
            }
            at += step.count;
            in_word = is_word(wanted[step.count - 1]);
            break;
        }
        case Kind::space:
            if (at >= text.size() || !is_space(text[at])) return false;
            while (at < text.size() && is_space(text[at])) ++at;
            in_word = false;
            break;
        case Kind::rest_of_word:
            while (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || text[at] == '\'')) ++at;
            in_word = false;
            break;
        case Kind::choice:
            for (std::uint32_t i = 0; i < step.count; ++i) {
                const Step& choice = steps_[choices_[step.first + i]];
                if (choice.kind == Kind::text && (at >= text.size() || text[at] != texts_[choice.first])) continue;
                std::size_t end = at;
                if (match(choices_[step.first + i], text, end, in_word)) {
                    at = end;
                    return true;
                }
            }
            return false;
        case Kind::gap: {
            if (in_word && at < text.size() && is_word(text[at])) return false;
            const Mask& mask = masks_[step.first];
            const std::size_t last = std::min(text.size(), at + gap_octets_max);
            for (std::size_t next = at; next <= last; ++next) {
                if (step.count != 0) {
                    if (next + key_octets > text.size()) break;
                    const std::uint32_t hash = hash_of(text[next], text[next + 1], text[next + 2]);
                    if ((mask[hash / 64] >> (hash % 64) & 1U) == 0) continue;
                }
                const bool inside_word = next > 0 && next < text.size() && is_word(text[next]) && is_word(text[next - 1]);
                const bool inside_character = next < text.size() && (static_cast<std::uint8_t>(text[next]) & 0xC0U) == 0x80U;
                if (inside_word || inside_character) continue;
                std::size_t end = next;
                if (match(step.next, text, end, false)) {
                    at = end;
                    return true;
                }
            }
            return false;
        }
        }
        at_step = step.next;
    }
}

std::vector<PhraseHit> PhraseIndex::find_in(std::string_view sentence) const {
    std::vector<PhraseHit> hits;
    std::vector<std::uint32_t> candidates;
    for (std::size_t at = 0; at + key_octets <= sentence.size(); ++at) {
        if ((static_cast<std::uint8_t>(sentence[at]) & 0xC0U) == 0x80U) continue;    // inside a character
        if (at > 0 && is_word(sentence[at]) && is_word(sentence[at - 1])) continue;  // inside a word
        std::size_t next = at;
        std::uint32_t node = root_at(sentence, next);
        if (node == 0) continue;
        candidates.clear();
        while (true) {
            for (std::uint32_t i = first_forms_[node]; i < first_forms_[node + 1]; ++i)
                candidates.push_back(forms_in_order_[i]);
            if (next >= sentence.size()) break;
            const bool space = is_space(sentence[next]);
            node = node_in(edges_, edge_key(node, space ? ' ' : sentence[next]));
            if (node == 0) break;
            ++next;
            while (space && next < sentence.size() && is_space(sentence[next])) ++next;
        }
        if (candidates.empty()) continue;
        std::ranges::sort(candidates);
        const auto repeated = std::ranges::unique(candidates);
        candidates.erase(repeated.begin(), repeated.end());
        for (const std::uint32_t form : candidates) {
            std::size_t end = at;
            if (match(forms_[form].start, sentence, end, false)) hits.push_back({forms_[form].tag, at, end});
        }
    }
    return hits;
}

std::vector<Span> sentences_of(std::string_view text) {
    constexpr std::size_t wrapped_line_octets = 50;  // a line this long was broken by the mail program, not by the writer
    constexpr std::string_view full_stop = "。";
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
        if (c == '\n') {
            const bool blank_follows = at + 1 < text.size() && text[at + 1] == '\n';
            if (blank_follows || at - line_begin < wrapped_line_octets) close(at + 1);
            line_begin = at + 1;
        } else if (c == '!' || c == '?' || c == ';') {
            close(at + 1);
        } else if (c == '.') {
            if (at + 1 >= text.size() || is_space(text[at + 1])) close(at + 1);
        } else if (c == full_stop[0] && text.substr(at).starts_with(full_stop)) {
            close(at + full_stop.size());
        }
    }
    close(text.size());
    return sentences;
}

}  // namespace okpay::triage
