// SPDX-License-Identifier: Apache-2.0
// Finds the phrases of a lexicon in folded text (sheet.hpp). A lexicon is lines of patterns, parted by ";":
//
//   (a|b|)   one of these, the last here being nothing; may nest
//   *        the rest of an English word
//   ..       a gap within the sentence, at most `gap_octets_max`
//   space    white space, at least one
//
// An English word in a pattern is a whole word. A pattern starts with three octets of plain text.
//   Search   a trie over the first octets of all patterns names the few that may match at a place; each is a graph of
//            steps that is then walked. What follows a gap is looked for only where its first octets may stand.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace okpay::triage {

struct PhraseHit {
    std::uint32_t tag;         // of the lexicon's line
    std::size_t begin, end;    // in the text searched
    friend bool operator==(const PhraseHit&, const PhraseHit&) = default;
};

class PhraseIndex {
public:
    static constexpr std::size_t gap_octets_max = 36;

    void add(std::string_view patterns, std::uint32_t tag);  // which must live until `close`
    void close();                                            // after the last `add`, before the first search
    // In the order of the text. Several patterns may overlap; one pattern is found once from each start.
    [[nodiscard]] std::vector<PhraseHit> find_in(std::string_view sentence) const;

private:
    using StepNumber = std::uint32_t;
    enum class Kind : std::uint8_t { end, text, space, rest_of_word, gap, choice };
    struct Step {
        Kind kind;
        std::uint32_t first = 0, count = 0;  // text: octets of texts_; choice: of choices_; gap: of masks_, 0 if all
        StepNumber next = 0;
    };
    using Mask = std::array<std::uint64_t, 4>;  // a set of hashed beginnings

    struct Form {  // a pattern with its leading groups written out
        StepNumber start;
        std::uint32_t tag;
    };

    StepNumber step_of(Step step);
    StepNumber steps_of(std::string_view pattern, StepNumber next);
    StepNumber choice_of(std::string_view group, StepNumber next);
    StepNumber gap_before(StepNumber next);
    void add_forms(const std::vector<std::string_view>& pieces, std::uint32_t tag);
    template <class Each>
    void each_beginning(StepNumber at, std::string& before, std::size_t octets, Each each) const;
    void collect_beginnings(StepNumber at, Mask& mask) const;
    void insert(std::string_view beginning, std::uint32_t form);
    struct Entry {
        std::uint32_t key, node;  // node 0: free
    };
    using Table = std::vector<Entry>;  // open addressing, a power of two
    static Table table_of(const std::unordered_map<std::uint32_t, std::uint32_t>& from);
    static std::uint32_t node_in(const Table& table, std::uint32_t key);
    [[nodiscard]] std::uint32_t root_at(std::string_view text, std::size_t& at) const;

    [[nodiscard]] bool match(StepNumber at_step, std::string_view text, std::size_t& at, bool in_word) const;

    std::string texts_;
    std::vector<Step> steps_{{Kind::end}};
    std::vector<StepNumber> choices_;
    std::vector<Mask> masks_;
    std::map<std::tuple<const char*, std::size_t, StepNumber>, StepNumber> known_;  // while patterns are added
    std::vector<Form> forms_;
    std::unordered_map<std::uint32_t, std::uint32_t> root_of_key_, children_;  // while patterns are added
    std::vector<std::vector<std::uint32_t>> forms_of_node_{{}};                // of the trie; none is numbered 0

    Table roots_, edges_;                      // by three octets; by node and octet
    std::array<std::uint64_t, 64> may_start_{};  // a set of hashed roots
    std::vector<std::uint32_t> first_forms_, forms_in_order_;  // of each node, and where the next one's begin
};

// Sentences in order, without the white space around them; together they hold all that is not white space.
struct Span {
    std::size_t begin, end;
    friend bool operator==(const Span&, const Span&) = default;
};
std::vector<Span> sentences_of(std::string_view text);

constexpr bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace okpay::triage
