// SPDX-License-Identifier: Apache-2.0
#include "search/tokens.hpp"

#include <algorithm>
#include <tuple>

#include "search/fold.hpp"

namespace okpay::search {
namespace {

constexpr std::size_t request_number_characters = 7;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

struct Part {
    std::size_t begin, end;  // characters
};

class Reader {
public:
    explicit Reader(std::string_view source) : folded_{fold(source)} {}

    std::vector<Chunk> read() {
        const std::u32string& text = folded_.text;
        for (std::size_t at = 0; at < text.size() && tokens_ < tokens_max;) {
            switch (letter_of(text[at])) {
            case Letter::none: ++at; break;
            case Letter::packed: at = packed(at); break;
            case Letter::word: at = joined(at); break;
            }
        }
        return std::move(chunks_);
    }

private:
    [[nodiscard]] bool is_word(std::size_t at) const {
        return at < folded_.text.size() && letter_of(folded_.text[at]) == Letter::word;
    }
    [[nodiscard]] bool all_digits(Part part) const {
        return std::all_of(folded_.text.begin() + static_cast<std::ptrdiff_t>(part.begin),
                           folded_.text.begin() + static_cast<std::ptrdiff_t>(part.end), is_digit);
    }
    [[nodiscard]] std::string term(Part part) const {
        std::string made;
        const std::size_t end = std::min(part.end, part.begin + word_characters_max);
        for (std::size_t i = part.begin; i < end; ++i) append_utf8(made, folded_.text[i]);
        return made;
    }
    Token token(std::string made, Part part, std::uint32_t position) {
        ++tokens_;
        return {std::move(made), position, folded_.at[part.begin], folded_.at[part.end]};
    }

    std::size_t packed(std::size_t begin) {
        std::size_t end = begin;
        while (end < folded_.text.size() && letter_of(folded_.text[end]) == Letter::packed) ++end;
        Chunk chunk{.kind = Chunk::Kind::packed, .parts = {}, .singles = {}, .whole = std::nullopt};
        if (end - begin == 1) {
            chunk.parts.push_back(token(term({begin, end}), {begin, end}, position_));
        } else {
            for (std::size_t i = begin; i < end && tokens_ < tokens_max; ++i) {
                const auto position = static_cast<std::uint32_t>(position_ + (i - begin));
                chunk.singles.push_back(token(term({i, i + 1}), {i, i + 1}, position));
                if (i + 1 < end) chunk.parts.push_back(token(term({i, i + 2}), {i, i + 2}, position));
            }
        }
        position_ += static_cast<std::uint32_t>(end - begin);
        chunks_.push_back(std::move(chunk));
        return end;
    }

    // The characters that join two parts, where both are there.
    [[nodiscard]] bool joins(std::size_t at, bool digit_before) const {
        if (at + 1 >= folded_.text.size() || !is_word(at + 1)) return false;
        switch (folded_.text[at]) {
        case U'-':
        case U'_':
        case U'@':
        case U'+':
        case U'.': return true;
        // Only the ASCII comma stands within numbers: "100，200" is two.
        case U',': return digit_before && is_digit(folded_.text[at + 1]) && folded_.at[at + 1] - folded_.at[at] == 1;
        default: return false;
        }
    }
    // "don't": the apostrophe belongs to the word.
    [[nodiscard]] bool is_inner_apostrophe(std::size_t at) const {
        return (folded_.text[at] == U'\'' || folded_.text[at] == U'’') && is_word(at + 1) && at > 0 &&
               !is_digit(folded_.text[at - 1]) && !is_digit(folded_.text[at + 1]);
    }

    std::size_t joined(std::size_t begin) {
        std::vector<Part> parts;
        std::u32string joiners;
        std::size_t at = begin;
        while (true) {
            const std::size_t part = at;
            while (is_word(at) || (at < folded_.text.size() && at > part && is_inner_apostrophe(at))) ++at;
            parts.push_back({part, at});
            if (at >= folded_.text.size() || !joins(at, is_digit(folded_.text[at - 1]))) break;
            joiners += folded_.text[at];
            ++at;
        }
        Chunk chunk{.kind = Chunk::Kind::words, .parts = {}, .singles = {}, .whole = std::nullopt};
        if (const auto number = number_of(parts, joiners)) {
            chunk.parts.push_back(token(*number, {begin, at}, position_++));
            chunks_.push_back(std::move(chunk));
            return at;
        }
        const std::uint32_t first = position_;
        for (const Part part : parts) {
            if (tokens_ >= tokens_max) break;
            chunk.parts.push_back(token(word(part), part, position_++));
        }
        if (auto whole = whole_of(parts, joiners)) chunk.whole = token(*std::move(whole), {begin, at}, first);
        chunks_.push_back(std::move(chunk));
        return at;
    }

    [[nodiscard]] std::string word(Part part) const {
        std::string made = term(part);
        std::erase(made, '\'');
        for (auto found = made.find("’"); found != std::string::npos; found = made.find("’")) made.erase(found, 3);
        return as_request_number(std::move(made));
    }

    // "ok7f3k9q2": what is read out loud and typed again comes with letters for digits.
    static std::string as_request_number(std::string made) {
        if (made.size() != 2 + request_number_characters || !made.starts_with("ok")) return made;
        if (std::none_of(made.begin() + 2, made.end(), [](char c) { return c >= '0' && c <= '9'; })) return made;
        for (std::size_t i = 2; i < made.size(); ++i) {
            if (made[i] == 'o') made[i] = '0';
            if (made[i] == 'i' || made[i] == 'l') made[i] = '1';
        }
        return made;
    }

    [[nodiscard]] std::optional<std::string> number_of(const std::vector<Part>& parts, const std::u32string& joiners) const {
        if (joiners.empty() || !std::ranges::all_of(parts, [this](Part part) { return all_digits(part); })) return {};
        const auto dots = std::ranges::count(joiners, U'.');
        if (dots > 1 || (dots == 1 && joiners.back() != U'.')) return {};
        if (std::ranges::any_of(joiners, [](char32_t c) { return c != U'.' && c != U','; })) return {};
        const std::size_t whole_parts = parts.size() - static_cast<std::size_t>(dots);
        for (std::size_t i = 1; i < whole_parts; ++i) {
            if (parts[i].end - parts[i].begin != 3) return {};
        }
        if (whole_parts > 1 && parts[0].end - parts[0].begin > 3) return {};
        std::string made;
        for (std::size_t i = 0; i < whole_parts; ++i) made += term(parts[i]);
        if (dots == 0) return made;
        std::string decimals = term(parts.back());
        while (decimals.ends_with('0')) decimals.pop_back();
        return decimals.empty() ? made : made + '.' + decimals;
    }

    [[nodiscard]] std::optional<std::string> whole_of(const std::vector<Part>& parts, const std::u32string& joiners) const {
        const std::size_t characters = parts.back().end - parts.front().begin;
        if (joiners.empty() || characters > 2 * word_characters_max) return std::nullopt;
        const auto at_sign = joiners.find(U'@');
        if (at_sign != std::u32string::npos) {
            if (joiners.find(U'@', at_sign + 1) != std::u32string::npos ||
                joiners.find(U'.', at_sign) == std::u32string::npos)
                return std::nullopt;
            std::string made;
            for (std::size_t i = parts.front().begin; i < parts.back().end; ++i) append_utf8(made, folded_.text[i]);
            return made;
        }
        if (std::ranges::any_of(joiners, [](char32_t c) { return c != U'-' && c != U'_'; })) return std::nullopt;
        std::string made;
        for (const Part part : parts) made += term(part);
        return as_request_number(std::move(made));
    }

    Folded folded_;
    std::vector<Chunk> chunks_;
    std::uint32_t position_ = 0;
    std::size_t tokens_ = 0;
};

}  // namespace

std::vector<Chunk> chunks_of(std::string_view text) { return Reader{text}.read(); }

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    for (Chunk& chunk : chunks_of(text)) {
        const std::size_t from = tokens.size();
        for (auto* some : {&chunk.parts, &chunk.singles}) std::ranges::move(*some, std::back_inserter(tokens));
        if (chunk.whole) tokens.push_back(*std::move(chunk.whole));
        std::sort(tokens.begin() + static_cast<std::ptrdiff_t>(from), tokens.end(), [](const Token& a, const Token& b) {
            return std::tie(a.position, a.end, a.term) < std::tie(b.position, b.end, b.term);
        });
    }
    return tokens;
}

}  // namespace okpay::search
