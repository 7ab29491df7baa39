// SPDX-License-Identifier: Apache-2.0
// The piece of a text in which a query stands, cut at characters, with what matched marked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "search/query.hpp"

namespace okpay::search {

inline constexpr std::size_t snippet_characters = 160;  // about; marked words stay whole

struct SnippetPart {
    std::string text;
    bool marked;
    friend bool operator==(const SnippetPart&, const SnippetPart&) = default;
};

// Around the first match, or the beginning where nothing of the query stands in this text. White space becomes single
// blanks; "…" stands where something was left out.
std::vector<SnippetPart> snippet_of(std::string_view text, const std::vector<Clause>& clauses);

}  // namespace okpay::search
