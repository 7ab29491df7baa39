// SPDX-License-Identifier: Apache-2.0
#include "desk/figures.hpp"

#include <algorithm>

namespace okpay::desk {
namespace {

bool may_be(const FoundAmount& found, money::Currency currency) {
    if (found.foreign) return false;
    return found.currencies.empty() ||
           std::find(found.currencies.begin(), found.currencies.end(), currency) != found.currencies.end();
}

bool is_figure(const FoundAmount& found, const BoundFigure& figure) {
    if (!figure.is_bound() || !may_be(found, figure.amount.currency())) return false;
    const std::int64_t size = figure.amount.minor() < 0 ? -figure.amount.minor() : figure.amount.minor();
    const auto shown = money::Money::parse(found.decimal, figure.amount.currency());
    return shown && shown->minor() == size;  // "-CNY 5" and "minus" are words around the same figure
}

bool is_quote(const FoundAmount& found, const FoundAmount& quoted) {
    if (found.decimal != quoted.decimal) return false;
    if (found.foreign || quoted.foreign) return found.foreign == quoted.foreign;
    if (found.currencies.empty() || quoted.currencies.empty()) return true;
    return std::any_of(found.currencies.begin(), found.currencies.end(),
                       [&](money::Currency currency) { return may_be(quoted, currency); });
}

}  // namespace

std::vector<FoundAmount> unbound_amounts(std::string_view text, std::span<const BoundFigure> figures,
                                         std::span<const FoundAmount> quoted) {
    std::vector<FoundAmount> unbound;
    for (FoundAmount& found : amounts_in(text)) {
        const bool bound = std::any_of(figures.begin(), figures.end(), [&](const auto& f) { return is_figure(found, f); });
        const bool said = std::any_of(quoted.begin(), quoted.end(), [&](const auto& q) { return is_quote(found, q); });
        if (!bound && !said) unbound.push_back(std::move(found));
    }
    return unbound;
}

Result<std::string, DraftError> Draft::render(std::span<const BoundFigure> figures, Language language) const {
    std::string out;
    for (std::size_t at = 0; at < text_.size(); ++at) {
        const char c = text_[at];
        if (c != '{' && c != '}') {
            out.push_back(c);
            continue;
        }
        if (at + 1 < text_.size() && text_[at + 1] == c) {  // doubled: the brace itself
            out.push_back(c);
            ++at;
            continue;
        }
        const std::size_t close = text_.find('}', at);
        if (c == '}' || close == std::string::npos || close == at + 1 || close > at + 3)
            return fail(DraftError::stray_brace);
        std::size_t place = 0;
        for (std::size_t digit = at + 1; digit < close; ++digit) {
            if (text_[digit] < '0' || text_[digit] > '9') return fail(DraftError::stray_brace);
            place = place * 10 + static_cast<std::size_t>(text_[digit] - '0');
        }
        if (place == 0 || place > figures.size()) return fail(DraftError::figure_missing);
        const BoundFigure& figure = figures[place - 1];
        if (!figure.is_bound()) return fail(DraftError::figure_not_bound);
        out += shown_amount(figure.amount, language);
        at = close;
    }
    return out;
}

}  // namespace okpay::desk
