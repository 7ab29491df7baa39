// SPDX-License-Identifier: Apache-2.0
#include "search/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "search/tokens.hpp"

namespace okpay::search {
namespace {

constexpr std::uint32_t between_fields = 16;
constexpr std::size_t mark_octets_max = 300;  // an address has 254 at most

}  // namespace

std::string kind_mark(std::string_view kind) { return fmt::format("=k:{}", kind); }
std::string customer_mark(std::int64_t customer) { return fmt::format("=u:{}", customer); }
std::string from_mark(std::string_view address_or_beginning) {
    return "=f:" + ascii_lower(utf8_prefix(address_or_beginning, mark_octets_max));
}

std::vector<std::string> from_marks(std::string_view address) {
    const auto at_sign = address.rfind('@');
    if (at_sign == std::string_view::npos) return {};
    return {from_mark(address), from_mark(address.substr(at_sign))};
}

DocumentTerms document_terms(std::span<const std::string> fields, std::span<const std::string> marks) {
    struct At {
        std::string term;
        std::uint32_t place;
    };
    std::vector<At> all;
    std::uint32_t base = 0;
    for (const std::string& field : fields) {
        std::uint32_t last = 0;
        for (Token& token : tokens_of(field)) {
            last = token.position;
            all.push_back({std::move(token.term), base + token.position});
        }
        base += last + between_fields;
    }
    for (const std::string& mark : marks) all.push_back({mark, 0});
    std::ranges::sort(all, [](const At& a, const At& b) { return std::tie(a.term, a.place) < std::tie(b.term, b.place); });
    DocumentTerms terms;
    for (At& at : all) {
        if (terms.empty() || terms.back().first != at.term) terms.emplace_back(std::move(at.term), Places{});
        Places& places = terms.back().second;
        if (places.empty() || places.back() != at.place) places.push_back(at.place);
    }
    return terms;
}

}  // namespace okpay::search
