// SPDX-License-Identifier: Apache-2.0
// What somebody typed into the search box. Nothing is an error: what cannot be understood is said back and left out.
//
//   refund card      both must stand in it; a word of three letters or more is found by its beginning
//   refun*           by its beginning, however short (two letters at least)
//   "charged twice"  these words in this order; also “…” and 「…」
//   退款             as it stands, within any sentence
//   -word -"a b"     must not stand in the same document: a message, or the subject of a request
//   from: state: category: assignee: customer: before: after: kind:   filters; -state:closed is the opposite
//   Limits           clauses_max and phrase_terms_max; what is beyond is said back
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::search {

inline constexpr std::size_t clauses_max = 16;
inline constexpr std::size_t phrase_terms_max = 32;
inline constexpr std::size_t filters_max = 16;

// Terms at their places relative to the first one. One term, or several that stand so to each other.
struct Clause {
    struct At {
        std::string term;
        std::uint32_t offset;
        friend bool operator==(const At&, const At&) = default;
    };
    std::vector<At> terms;  // never empty
    bool by_beginning = false;  // of one term: what begins with it is meant too
    bool negated = false;
    friend bool operator==(const Clause&, const Clause&) = default;
};

enum class FilterKey : std::uint8_t { from, state, category, assignee, customer, before, after, kind };
std::string_view name_of(FilterKey key);

struct Filter {
    FilterKey key;
    std::string value;  // as typed, without quotes; never empty
    bool negated = false;
    std::string typed;  // the whole of it, to be said back
    friend bool operator==(const Filter&, const Filter&) = default;
};

struct Query {
    std::vector<Clause> clauses;
    std::vector<Filter> filters;
    std::vector<std::string> not_understood;
    [[nodiscard]] bool asks_for_nothing() const { return clauses.empty() && filters.empty(); }
};

Query parse_query(std::string_view typed);

}  // namespace okpay::search
