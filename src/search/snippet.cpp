// SPDX-License-Identifier: Apache-2.0
#include "search/snippet.hpp"

#include <algorithm>

#include "search/tokens.hpp"

namespace okpay::search {
namespace {

constexpr std::size_t before_match_octets = 60;
constexpr std::size_t octets_a_character = 2;  // between Latin and Han

struct Range {
    std::uint32_t begin, end;
};

bool matches(const Clause& clause, const Token& token) {
    return std::ranges::any_of(clause.terms, [&](const Clause::At& at) {
        return clause.by_beginning ? token.term.starts_with(at.term) : token.term == at.term;
    });
}

// A phrase is marked where it stands whole; so a word of it elsewhere is not.
void append_matches(const Clause& clause, const std::vector<Token>& tokens, std::vector<Range>& to) {
    if (clause.terms.size() == 1) {
        for (const Token& token : tokens) {
            if (matches(clause, token)) to.push_back({token.begin, token.end});
        }
        return;
    }
    const auto at = [&tokens](const std::string& term, std::uint32_t position) -> const Token* {
        auto found = std::ranges::lower_bound(tokens, position, {}, &Token::position);
        for (; found != tokens.end() && found->position == position; ++found) {
            if (found->term == term) return &*found;
        }
        return nullptr;
    };
    for (const Token& first : tokens) {
        if (first.term != clause.terms.front().term) continue;
        std::uint32_t end = first.end;
        const bool whole = std::all_of(clause.terms.begin() + 1, clause.terms.end(), [&](const Clause::At& term) {
            const Token* token = at(term.term, first.position - clause.terms.front().offset + term.offset);
            if (token != nullptr) end = std::max(end, token->end);
            return token != nullptr;
        });
        if (whole) to.push_back({first.begin, end});
    }
}

std::vector<Range> merged(std::vector<Range> ranges) {
    std::ranges::sort(ranges, [](Range a, Range b) { return a.begin < b.begin; });
    std::vector<Range> made;
    for (const Range range : ranges) {
        if (!made.empty() && range.begin <= made.back().end) {
            made.back().end = std::max(made.back().end, range.end);
        } else {
            made.push_back(range);
        }
    }
    return made;
}

bool is_inside_character(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

std::string on_one_line(std::string_view text, bool& after_blank) {
    std::string made;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank) {
            made += c;
        } else if (!after_blank) {
            made += ' ';
        }
        after_blank = blank;
    }
    return made;
}

}  // namespace

std::vector<SnippetPart> snippet_of(std::string_view text, const std::vector<Clause>& clauses) {
    const std::vector<Token> tokens = tokens_of(text);
    std::vector<Range> found;
    for (const Clause& clause : clauses) {
        if (!clause.negated) append_matches(clause, tokens, found);
    }
    found = merged(std::move(found));
    std::size_t begin =
        found.empty() || found.front().begin < before_match_octets ? 0 : found.front().begin - before_match_octets;
    while (is_inside_character(text, begin)) ++begin;
    if (begin > 0) {  // a word is not begun in its middle, where its beginning is near
        const std::size_t blank = text.find_first_of(" \n", begin);
        if (blank != std::string_view::npos && blank < found.front().begin) begin = blank + 1;
    }
    std::size_t end = std::min(text.size(), begin + snippet_characters * octets_a_character);
    for (const Range range : found) {
        if (range.begin < end && range.end > end) end = range.end;
    }
    while (is_inside_character(text, end)) ++end;
    std::vector<SnippetPart> parts;
    bool after_blank = true;
    const auto add = [&](std::size_t from, std::size_t to, bool marked) {
        if (std::string piece = on_one_line(text.substr(from, to - from), after_blank); !piece.empty())
            parts.push_back({std::move(piece), marked});
    };
    if (begin > 0) parts.push_back({"…", false});
    std::size_t at = begin;
    for (const Range range : found) {
        if (range.begin >= end) break;
        if (range.begin < at) continue;
        add(at, range.begin, false);
        add(range.begin, range.end, true);
        at = range.end;
    }
    if (at < end) add(at, end, false);
    if (end < text.size()) parts.push_back({"…", false});
    return parts;
}

}  // namespace okpay::search
