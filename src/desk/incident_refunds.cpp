// SPDX-License-Identifier: Apache-2.0
#include "desk/incident_refunds.hpp"

#include <algorithm>
#include <cstdlib>

namespace okpay::desk {

std::string_view code_of(TogetherRefusal refusal) {
    switch (refusal) {
    case TogetherRefusal::none_named: return "nothing_to_approve";
    case TogetherRefusal::too_many: return "too_many_refunds";
    case TogetherRefusal::not_alike: return "refunds_not_alike";
    case TogetherRefusal::off: return "approval_together_off";
    case TogetherRefusal::above_item_cap: return "refund_above_cap";
    case TogetherRefusal::above_total_cap: return "refunds_above_cap";
    }
    std::abort();
}

std::string_view sentence_en(TogetherRefusal refusal) {
    switch (refusal) {
    case TogetherRefusal::none_named: return "name the proposals that are to be approved";
    case TogetherRefusal::too_many: return "50 proposals are the most in one approval";
    case TogetherRefusal::not_alike: return "these refunds differ in reason, currency or kind; approve each by itself";
    case TogetherRefusal::off: return "the house allows no approval together in this currency; approve each by itself";
    case TogetherRefusal::above_item_cap: return "one of these refunds is too large to be approved together with others";
    case TogetherRefusal::above_total_cap: return "together these refunds are too much for one approval; approve fewer";
    }
    std::abort();
}

std::optional<TogetherRefusal> may_approve_together(std::span<const Remedy> remedies, std::span<const TogetherCaps> caps) {
    if (remedies.empty()) return TogetherRefusal::none_named;
    if (remedies.size() > approved_together_max) return TogetherRefusal::too_many;
    const Remedy& first = remedies.front();
    const auto is_alike = [&first](const Remedy& one) {
        return one.kind == RemedyKind::refund && one.reason == first.reason &&
               one.amount.currency() == first.amount.currency() && (one.duplicate_of == 0) == (first.duplicate_of == 0);
    };
    if (!std::ranges::all_of(remedies, is_alike)) return TogetherRefusal::not_alike;
    const auto cap = std::ranges::find(caps, first.amount.currency(), &TogetherCaps::currency);
    if (cap == caps.end()) return TogetherRefusal::off;
    std::int64_t left = cap->total_minor;
    for (const Remedy& one : remedies) {
        if (one.amount.minor() > cap->per_item_minor) return TogetherRefusal::above_item_cap;
        left -= one.amount.minor();
    }
    return left < 0 ? std::optional{TogetherRefusal::above_total_cap} : std::nullopt;
}

}  // namespace okpay::desk
