// SPDX-License-Identifier: Apache-2.0
// A document as an index takes it: its terms, each with where it stands. Fields stand apart, so that no phrase reaches from
// one into the next. Marks are terms that no text can hold: what kind it is, whose, from which address.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "search/postings.hpp"

namespace okpay::search {

using DocumentTerms = std::vector<std::pair<std::string, Places>>;  // in order of the term's octets

DocumentTerms document_terms(std::span<const std::string> fields, std::span<const std::string> marks);

std::string kind_mark(std::string_view kind);
std::string customer_mark(std::int64_t customer);
// "=f:lin@example.org" of an address, "=f:@example.org" of all of a host; a name before the at sign is a beginning of marks.
std::string from_mark(std::string_view address_or_beginning);
std::vector<std::string> from_marks(std::string_view address);

}  // namespace okpay::search
