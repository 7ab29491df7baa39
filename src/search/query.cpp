// SPDX-License-Identifier: Apache-2.0
#include "search/query.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "search/tokens.hpp"

namespace okpay::search {
namespace {

constexpr std::size_t beginning_letters_min = 3;
constexpr std::size_t beginning_letters_min_asked = 2;
constexpr std::size_t beginning_of_reference_min = 6;

constexpr std::array all_keys{FilterKey::from,     FilterKey::state,  FilterKey::category, FilterKey::assignee,
                              FilterKey::customer, FilterKey::before, FilterKey::after,    FilterKey::kind};

struct Quote {
    std::string_view opens, closes;
};
constexpr std::array quotes{Quote{"\"", "\""}, Quote{"“", "”"}, Quote{"「", "」"}, Quote{"『", "』"}};
constexpr std::array<std::string_view, 6> blanks{" ", "\t", "\n", "\r", "\u3000", "\u00A0"};

// Words apart by blanks; a quotation is one word, also behind "from:".
class Splitter {
public:
    struct Word {
        std::string_view typed;
        std::string_view key;  // before a colon; empty: none
        std::string_view text;  // without key, sign and quotation marks
        bool negated = false, quoted = false;
    };
    explicit Splitter(std::string_view typed) : typed_{typed} {}

    std::optional<Word> next() {
        while (const std::size_t blank = blank_at(at_)) at_ += blank;
        if (at_ >= typed_.size()) return std::nullopt;
        const std::size_t begin = at_;
        Word word;
        if (typed_[at_] == '-' && at_ + 1 < typed_.size() && blank_at(at_ + 1) == 0) {
            word.negated = true;
            ++at_;
        }
        if (read_quotation(word)) return finished(word, begin);
        const std::size_t text = at_;
        while (at_ < typed_.size() && blank_at(at_) == 0) {
            const std::size_t colon = colon_at(at_);
            if (colon == 0 || !word.key.empty()) {
                ++at_;
                continue;
            }
            word.key = typed_.substr(text, at_ - text);
            at_ += colon;
            const std::size_t value = at_;
            if (read_quotation(word)) return finished(word, begin);
            while (at_ < typed_.size() && blank_at(at_) == 0) ++at_;
            word.text = typed_.substr(value, at_ - value);
            return finished(word, begin);
        }
        word.text = typed_.substr(text, at_ - text);
        return finished(word, begin);
    }

private:
    [[nodiscard]] std::size_t blank_at(std::size_t at) const {
        for (const std::string_view blank : blanks) {
            if (typed_.substr(at).starts_with(blank)) return blank.size();
        }
        return 0;
    }
    [[nodiscard]] std::size_t colon_at(std::size_t at) const {
        if (typed_[at] == ':') return 1;
        return typed_.substr(at).starts_with("：") ? std::string_view{"："}.size() : 0;
    }
    // One that is never closed goes to the end.
    bool read_quotation(Word& word) {
        for (const Quote& quote : quotes) {
            if (!typed_.substr(at_).starts_with(quote.opens)) continue;
            const std::size_t begin = at_ + quote.opens.size();
            const std::size_t end = std::min(typed_.find(quote.closes, begin), typed_.size());
            word.text = typed_.substr(begin, end - begin);
            word.quoted = true;
            at_ = std::min(end + quote.closes.size(), typed_.size());
            return true;
        }
        return false;
    }
    Word finished(Word word, std::size_t begin) {
        word.typed = typed_.substr(begin, at_ - begin);
        return word;
    }

    std::string_view typed_;
    std::size_t at_ = 0;
};

std::optional<FilterKey> key_of(std::string_view name) {
    const std::string lower = ascii_lower(name);
    for (const FilterKey key : all_keys) {
        if (name_of(key) == lower) return key;
    }
    return std::nullopt;
}

// A run of packed characters of any length by as few pairs as cover it.
void append_packed(const Chunk& chunk, std::uint32_t base, std::vector<Clause::At>& to) {
    const std::size_t count = chunk.parts.size();
    for (std::size_t i = 0; i < count; i += 2) {
        const Token& token = chunk.parts[i];
        to.push_back({token.term, token.position - base});
        if (i + 2 == count) to.push_back({chunk.parts[count - 1].term, chunk.parts[count - 1].position - base});
    }
}

bool begins_with_letter(std::string_view term) {
    return !term.empty() && ((term[0] >= 'a' && term[0] <= 'z') || static_cast<unsigned char>(term[0]) >= 0x80);
}

class Parser {
public:
    Query parse(std::string_view typed) {
        Splitter splitter{typed};
        while (const auto word = splitter.next()) {
            if (word->key.empty() || !take_filter(*word)) take_words(*word);
        }
        return std::move(query_);
    }

private:
    // False: the word before the colon is none of ours, and its text is looked for.
    bool take_filter(const Splitter::Word& word) {
        const auto key = key_of(word.key);
        if (!key) return false;
        if (trimmed(word.text).empty() || query_.filters.size() == filters_max) {
            query_.not_understood.emplace_back(word.typed);
            return true;
        }
        query_.filters.push_back({*key, std::string{trimmed(word.text)}, word.negated, std::string{word.typed}});
        return true;
    }

    void take_words(const Splitter::Word& word) {
        const std::string_view text = word.key.empty() ? word.text : word.typed.substr(word.negated ? 1 : 0);
        const std::vector<Chunk> chunks = chunks_of(text);
        std::vector<Clause> made;
        if (word.quoted && word.key.empty()) {
            if (auto phrase = phrase_of(chunks)) made.push_back(*std::move(phrase));
        } else {
            const bool asked = text.ends_with('*');
            for (std::size_t i = 0; i < chunks.size(); ++i)
                made.push_back(clause_of(chunks[i], asked && i + 1 == chunks.size()));
        }
        if (made.empty() || query_.clauses.size() + made.size() > clauses_max) {
            query_.not_understood.emplace_back(word.typed);
            return;
        }
        for (Clause& clause : made) {
            clause.negated = word.negated;
            query_.clauses.push_back(std::move(clause));
        }
    }

    static std::optional<Clause> phrase_of(const std::vector<Chunk>& chunks) {
        if (chunks.empty()) return std::nullopt;
        Clause clause;
        const std::uint32_t base = chunks.front().parts.front().position;
        for (const Chunk& chunk : chunks) {
            if (chunk.kind == Chunk::Kind::packed) {
                append_packed(chunk, base, clause.terms);
            } else {
                for (const Token& token : chunk.parts) clause.terms.push_back({token.term, token.position - base});
            }
        }
        if (clause.terms.size() > phrase_terms_max) clause.terms.resize(phrase_terms_max);
        return clause;
    }

    static Clause clause_of(const Chunk& chunk, bool asked) {
        Clause clause;
        if (chunk.kind == Chunk::Kind::packed) {
            append_packed(chunk, chunk.parts.front().position, clause.terms);
            if (clause.terms.size() > phrase_terms_max) clause.terms.resize(phrase_terms_max);
            return clause;
        }
        if (chunk.whole || chunk.parts.size() == 1) {
            const std::string& term = chunk.whole ? chunk.whole->term : chunk.parts.front().term;
            const bool letter = begins_with_letter(term);
            const bool reference = term.size() >= beginning_of_reference_min &&
                                   std::ranges::any_of(term, [](char c) { return c >= 'a' && c <= 'z'; });
            clause.by_beginning = (asked && term.size() >= beginning_letters_min_asked) ||
                                  (letter && term.size() >= beginning_letters_min) || reference;
            clause.terms.push_back({term, 0});
            return clause;
        }
        for (const Token& token : chunk.parts)
            clause.terms.push_back({token.term, token.position - chunk.parts.front().position});
        if (clause.terms.size() > phrase_terms_max) clause.terms.resize(phrase_terms_max);
        return clause;
    }

    Query query_;
};

}  // namespace

std::string_view name_of(FilterKey key) {
    switch (key) {
    case FilterKey::from: return "from";
    case FilterKey::state: return "state";
    case FilterKey::category: return "category";
    case FilterKey::assignee: return "assignee";
    case FilterKey::customer: return "customer";
    case FilterKey::before: return "before";
    case FilterKey::after: return "after";
    case FilterKey::kind: return "kind";
    }
    std::abort();
}

Query parse_query(std::string_view typed) { return Parser{}.parse(typed); }

}  // namespace okpay::search
