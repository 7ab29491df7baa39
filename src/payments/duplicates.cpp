// SPDX-License-Identifier: Apache-2.0
#include "payments/duplicates.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <tuple>

#include "payments/pair.hpp"
#include "payments/stated.hpp"

namespace okpay::payments {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::size_t neighbours_max = 60;  // pairs of one group are sought among so many before; bounds the cost
constexpr int score_min = 15;

constexpr int agreeing_amount = 12;
constexpr int agreeing_time = 10;
constexpr int agreeing_id = 15;
constexpr int agreeing_merchant = 5;
constexpr int other_amount = 35;
constexpr int other_time = 25;
constexpr int other_id = 30;
constexpr int long_ago = 15;

// One payer and one payee, one kind, one currency: only such two can be one charge made twice.
using GroupKey = std::tuple<PaymentKind, std::int64_t, std::int64_t, std::uint16_t>;
using Group = std::vector<const Payment*>;

std::int64_t payee_of(const Payment& payment) {
    if (payment.merchant) return -customers::number_of(*payment.merchant);  // also where a failed one has no payee
    return payment.payee ? money::number_of(*payment.payee) : 0;
}

std::map<GroupKey, Group> grouped(std::span<const Payment> history, Moment now) {
    std::map<GroupKey, Group> groups;
    for (const Payment& payment : history) {
        if (payment.kind == PaymentKind::refund || payment.created > now) continue;
        const std::int64_t payer = payment.payer ? money::number_of(*payment.payer) : 0;
        groups[{payment.kind, payer, payee_of(payment), static_cast<std::uint16_t>(payment.amount.currency())}].push_back(
            &payment);
    }
    for (auto& [key, group] : groups) {
        std::sort(group.begin(), group.end(), [](const Payment* a, const Payment* b) {
            return std::tie(a->created, a->seq) < std::tie(b->created, b->seq);
        });
    }
    return groups;
}

// What went back of each payment, or is on its way.
struct GivenBack {
    std::optional<Moment> last;  // of those that are through
    std::int64_t under_way_minor = 0;  // to whom paid, from the merchant or by the card's bank
    bool by_its_bank = false;
};
using Refunds = std::map<std::int64_t, GivenBack>;
Refunds refunds_of(std::span<const Payment> history, std::span<const TakenBack> taken_back) {
    Refunds refunds;
    for (const TakenBack& taken : taken_back) {
        GivenBack& of_one = refunds[taken.payment];
        of_one.under_way_minor += taken.minor;
        of_one.by_its_bank = true;
    }
    for (const Payment& payment : history) {
        if (payment.kind != PaymentKind::refund) continue;
        GivenBack& of_one = refunds[payment.original];
        if (payment.state == PaymentState::succeeded) {
            of_one.last = std::max(of_one.last.value_or(payment.created), payment.created);
        } else if (payment.state == PaymentState::processing || payment.state == PaymentState::unknown ||
                   payment.state == PaymentState::requires_capture) {
            of_one.under_way_minor += payment.amount.minor();
        }
    }
    return refunds;
}
// Of what was captured, less what went back and what is on its way.
std::int64_t refundable_minor(const Payment& payment, const Refunds& refunds) {
    const auto found = refunds.find(payment.seq);
    return payment.refundable_minor() - (found == refunds.end() ? 0 : found->second.under_way_minor);
}

// Whether this customer's other purchases in the group often stand as close together. The later of each close two must
// belong to neither payment at hand.
bool is_usual_rhythm(const Group& group, const Payment& first, const Payment& second) {
    constexpr int often = 2;
    const Millis apart = second.created - first.created;
    const Millis close = std::max<Millis>(apart * 2, std::chrono::minutes{1});
    int seen = 0;
    const Payment* before = nullptr;
    for (const Payment* payment : group) {
        if (payment->state != PaymentState::succeeded || payment == &first || payment == &second) continue;
        if (before != nullptr && payment->created - before->created <= close) ++seen;
        before = payment;
    }
    return seen >= often;
}

// Whether this amount was paid here on at least two days other than that of the pair.
bool is_priced_goods(const Group& group, const Pair& pair) {
    constexpr std::size_t often = 2;
    std::set<std::int64_t> other_days;
    for (const Payment* payment : group) {
        if (payment->state != PaymentState::succeeded || payment->amount != pair.first.amount) continue;
        const bool same_day =
            pair.first.created - payment->created < hours{12} && payment->created - pair.second.created < hours{12};
        if (same_day) continue;
        other_days.insert(std::chrono::floor<days>(payment->created).time_since_epoch().count());
        if (other_days.size() >= often) return true;
    }
    return false;
}

// Whether a third of this amount stands as far before the first or behind the second as they stand apart, within a tenth.
bool is_in_a_series(const Group& group, const Pair& pair) {
    const Millis apart = pair.second.created - pair.first.created;
    if (apart < hours{20}) return false;
    const auto fits = [apart](Millis other) { return other >= apart - apart / 10 && other <= apart + apart / 10; };
    return std::any_of(group.begin(), group.end(), [&](const Payment* payment) {
        return payment->state == PaymentState::succeeded && payment->amount == pair.first.amount &&
               (fits(pair.first.created - payment->created) || fits(payment->created - pair.second.created));
    });
}

// Whether both were taken of one hold, which keeps its own row.
bool are_parts_of_a_hold(const Group& group, const Pair& pair) {
    return std::any_of(group.begin(), group.end(), [&](const Payment* payment) {
        const bool held = payment->state == PaymentState::requires_capture || payment->state == PaymentState::canceled;
        return held && payment->created <= pair.first.created &&
               payment->amount.minor() >= pair.first.captured_minor + pair.second.captured_minor &&
               relation_of(payment->order_ref, pair.first.order_ref) == OrderRelation::same;
    });
}

Pair pair_of(const Group& group, const Payment& first, const Payment& second, const Refunds& refunds) {
    Pair pair{.first = first, .second = second};
    const auto whole = [&refunds](const Payment& payment) {
        return payment.captured_minor > 0 && refundable_minor(payment, refunds) <= 0;
    };
    const auto by_its_bank = [&refunds](const Payment& payment) {
        const auto found = refunds.find(payment.seq);
        return found != refunds.end() && found->second.by_its_bank;
    };
    pair.taken_back_by_bank = by_its_bank(first) || by_its_bank(second);
    pair.refund_of_first = whole(first);
    pair.refund_of_second = whole(second);
    const auto of_first = refunds.find(first.seq);
    pair.refunded_before_second = of_first != refunds.end() && of_first->second.last && first.refundable_minor() <= 0 &&
                                  *of_first->second.last <= second.created;
    const Millis apart = second.created - first.created;
    const bool equal = first.amount == second.amount;
    pair.usual_rhythm = equal && apart <= days{1} && is_usual_rhythm(group, first, second);
    pair.priced_goods = equal && apart <= std::chrono::minutes{1} && is_priced_goods(group, pair);
    if (relation_of(first.order_ref, second.order_ref) == OrderRelation::same) {
        pair.in_a_series = equal && is_in_a_series(group, pair);
        pair.parts_of_a_hold = are_parts_of_a_hold(group, pair);
    }
    return pair;
}

// Of three charges of one thing the first stays: none goes back twice, and none stays that goes back itself.
void keep_the_root(std::vector<Finding>& findings) {
    std::map<std::int64_t, std::int64_t> stays;  // for each that goes back, the earliest it doubles
    for (const Finding& finding : findings) {
        if (finding.give_back == 0) continue;
        std::int64_t& twin = stays.try_emplace(finding.give_back, finding.duplicate_of).first->second;
        twin = std::min(twin, finding.duplicate_of);
    }
    std::erase_if(findings, [&stays](const Finding& finding) {
        return finding.give_back != 0 && finding.duplicate_of != stays.at(finding.give_back);
    });
    for (Finding& finding : findings) {
        if (finding.give_back == 0) continue;
        for (auto at = stays.find(finding.duplicate_of); at != stays.end(); at = stays.find(finding.duplicate_of)) {
            finding.duplicate_of = at->second;  // ends: each step leads to an earlier payment
        }
    }
}

struct Stated {
    const Hint& hint;
    Words words;
    bool some_id_known;  // a stated id is in this history
};

// What the customer's words add to a pair, or take from it.
int weigh(const Payment& first, const Payment& second, const Stated& stated, std::vector<Reason>& reasons) {
    int weight = 0;
    const std::int64_t both = first.amount.minor() + second.amount.minor();
    const auto first_amount = amount_agrees(stated.hint, first, first.amount.minor());
    const auto second_amount = amount_agrees(stated.hint, second, second.amount.minor());
    if (first_amount == Agreement::agrees || second_amount == Agreement::agrees ||
        amount_agrees(stated.hint, first, both) == Agreement::agrees) {
        reasons.push_back(Reason::stated_amount);
        weight += agreeing_amount;
    } else if (first_amount == Agreement::contradicts) {
        weight -= other_amount;
    }
    const auto first_time = time_agrees(stated.hint, first);
    const auto second_time = time_agrees(stated.hint, second);
    if (first_time == Agreement::agrees || second_time == Agreement::agrees) {
        reasons.push_back(Reason::stated_time);
        weight += agreeing_time;
    } else if (first_time == Agreement::contradicts) {
        weight -= other_time;
    }
    if (id_stated(stated.hint, first) || id_stated(stated.hint, second)) {
        reasons.push_back(Reason::stated_transaction);
        weight += agreeing_id;
    } else if (stated.some_id_known) {
        weight -= other_id;
    }
    if (stated.words.shares_name_with(first.memo)) {
        reasons.push_back(Reason::stated_merchant);
        weight += agreeing_merchant;
    }
    return weight;
}

Finding finding_of(const Judgement& judgement, const Pair& pair, const Refunds& refunds) {
    auto [en, zh] = explain(judgement.pair_class, pair);
    Finding finding{.pair_class = judgement.pair_class,
                    .reasons = judgement.reasons,
                    .first = pair.first.seq,
                    .second = pair.second.seq,
                    .refundable = std::nullopt,
                    .explanation_en = std::move(en),
                    .explanation_zh = std::move(zh)};
    if (ends_in_refund(judgement.pair_class)) {
        const auto refundable =
            money::Money::of_minor(refundable_minor(pair.second, refunds), pair.second.amount.currency());
        if (refundable && refundable->minor() > 0) {
            finding.give_back = pair.second.seq;
            finding.duplicate_of = pair.first.seq;
            finding.refundable = *refundable;
        }
    }
    return finding;
}

Finding nothing_of_it_here() {
    auto [en, zh] = explain_not_ours();
    return {.pair_class = PairClass::not_ours,
            .score = 40,
            .reasons = {Reason::nothing_matches},
            .first = 0,
            .second = 0,
            .refundable = std::nullopt,
            .explanation_en = std::move(en),
            .explanation_zh = std::move(zh)};
}

// No pair is meant: the customer saw one payment twice, perhaps as a hold and as a charge, or one that is not in this
// account, unless some pair is of the stated amount.
void add_finding_without_pair(std::span<const Payment> history, const Hint& hint, bool some_pair_fits,
                              std::vector<Finding>& findings) {
    std::vector<const Payment*> fitting;
    for (const Payment& payment : history) {
        const bool shown = payment.state == PaymentState::succeeded || payment.state == PaymentState::requires_capture ||
                           payment.state == PaymentState::canceled;
        if (payment.kind == PaymentKind::refund || !shown) continue;
        const bool by_id = id_stated(hint, payment);
        const bool by_amount = amount_agrees(hint, payment, payment.amount.minor()) == Agreement::agrees ||
                               (payment.hold != 0 && payment.captured_minor > 0 &&
                                amount_agrees(hint, payment, payment.captured_minor) == Agreement::agrees);
        if (by_id || (by_amount && time_agrees(hint, payment) != Agreement::contradicts)) fitting.push_back(&payment);
    }
    if (fitting.size() > 1) return;
    if (fitting.empty()) {
        if (!some_pair_fits) findings.push_back(nothing_of_it_here());
        return;
    }
    const Payment& one = *fitting.front();
    const bool held = one.hold != 0 || one.state != PaymentState::succeeded;
    Judgement judgement{held ? PairClass::hold_and_capture : PairClass::same_attempt_shown_twice, 0, {}};
    if (held) judgement.reasons.push_back(Reason::one_is_a_hold);
    if (held && one.state == PaymentState::canceled) judgement.reasons.push_back(Reason::one_released);
    Finding finding = finding_of(judgement, Pair{.first = one, .second = one}, {});
    weigh(one, one, {hint, Words{hint.text}, false}, finding.reasons);
    finding.score = 55;
    findings.push_back(std::move(finding));
}

bool has(const Finding& finding, Reason reason) {
    return std::find(finding.reasons.begin(), finding.reasons.end(), reason) != finding.reasons.end();
}

bool agrees_with_stated(const Finding& finding) {
    return has(finding, Reason::stated_amount) || has(finding, Reason::stated_transaction);
}

// A pair that reaches from the stated day to another one explains nothing of what was seen on that day.
bool is_meant(const Finding& finding, const Pair& pair, const Hint& hint) {
    if (has(finding, Reason::stated_transaction)) return true;
    return agrees_with_stated(finding) && time_agrees(hint, pair.first) != Agreement::contradicts &&
           time_agrees(hint, pair.second) != Agreement::contradicts;
}

}  // namespace

std::vector<Finding> find_duplicates(std::span<const Payment> history, const Hint& hint, Moment now,
                                     std::span<const TakenBack> taken_back) {
    const auto groups = grouped(history, now);
    const Refunds refunds = refunds_of(history, taken_back);
    const bool some_id_known =
        std::any_of(history.begin(), history.end(), [&](const Payment& payment) { return id_stated(hint, payment); });
    const Stated stated{hint, Words{hint.text}, some_id_known};

    std::vector<Finding> findings;
    bool some_pair_is_meant = false;
    for (const auto& [key, group] : groups) {
        for (std::size_t later = 1; later < group.size(); ++later) {
            const std::size_t from = later > neighbours_max ? later - neighbours_max : 0;
            for (std::size_t earlier = from; earlier < later; ++earlier) {
                const Payment& first = *group[earlier];
                const Payment& second = *group[later];
                if (second.created - first.created > days{pair_window_days}) continue;
                const Pair pair = pair_of(group, first, second, refunds);
                const auto judgement = judge(pair);
                if (!judgement) continue;
                Finding finding = finding_of(*judgement, pair, refunds);
                int score = judgement->base + weigh(pair.first, pair.second, stated, finding.reasons);
                if (hint.times.empty() && now - pair.second.created > days{pair_window_days}) score -= long_ago;
                finding.score = std::clamp(score, 0, 100);
                if (finding.score < score_min) continue;
                some_pair_is_meant = some_pair_is_meant || is_meant(finding, pair, hint);
                findings.push_back(std::move(finding));
            }
        }
    }
    keep_the_root(findings);
    const bool something_stated = !hint.amounts.empty() || !hint.transaction_ids.empty();
    const bool some_pair_fits = std::any_of(findings.begin(), findings.end(), agrees_with_stated);
    if (something_stated && !some_pair_is_meant) add_finding_without_pair(history, hint, some_pair_fits, findings);

    std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
        if (a.score != b.score) return a.score > b.score;
        return std::pair{a.second, a.first} > std::pair{b.second, b.first};  // newer first
    });
    if (findings.size() > findings_max) findings.erase(findings.begin() + findings_max, findings.end());
    return findings;
}

bool ends_in_refund(PairClass pair_class) {
    return pair_class == PairClass::true_duplicate_same_order || pair_class == PairClass::over_collection;
}

std::string_view name_of(PairClass pair_class) {
    switch (pair_class) {
    case PairClass::same_attempt_shown_twice: return "same_attempt_shown_twice";
    case PairClass::hold_and_capture: return "hold_and_capture";
    case PairClass::failed_then_succeeded: return "failed_then_succeeded";
    case PairClass::true_duplicate_same_order: return "true_duplicate_same_order";
    case PairClass::over_collection: return "over_collection";
    case PairClass::already_refunded: return "already_refunded";
    case PairClass::separate_purchases: return "separate_purchases";
    case PairClass::subscription_cycle: return "subscription_cycle";
    case PairClass::fee_line: return "fee_line";
    case PairClass::other_person: return "other_person";
    case PairClass::not_ours: return "not_ours";
    case PairClass::unclear: return "unclear";
    }
    std::abort();
}

std::string_view name_of(Reason reason) {
    switch (reason) {
    case Reason::same_order_reference: return "same_order_reference";
    case Reason::retried_order_reference: return "retried_order_reference";
    case Reason::different_order_reference: return "different_order_reference";
    case Reason::same_amount: return "same_amount";
    case Reason::different_amount: return "different_amount";
    case Reason::within_30_seconds: return "within_30_seconds";
    case Reason::within_2_minutes: return "within_2_minutes";
    case Reason::within_a_day: return "within_a_day";
    case Reason::more_than_a_day: return "more_than_a_day";
    case Reason::same_device: return "same_device";
    case Reason::different_device: return "different_device";
    case Reason::same_instrument: return "same_instrument";
    case Reason::different_instrument: return "different_instrument";
    case Reason::stated_amount: return "stated_amount";
    case Reason::stated_time: return "stated_time";
    case Reason::stated_transaction: return "stated_transaction";
    case Reason::stated_merchant: return "stated_merchant";
    case Reason::usual_rhythm: return "usual_rhythm";
    case Reason::repeatable_goods: return "repeatable_goods";
    case Reason::instalment: return "instalment";
    case Reason::monthly_period: return "monthly_period";
    case Reason::one_failed: return "one_failed";
    case Reason::one_is_a_hold: return "one_is_a_hold";
    case Reason::one_released: return "one_released";
    case Reason::one_refunded: return "one_refunded";
    case Reason::one_taken_back: return "one_taken_back";
    case Reason::refunded_before_second: return "refunded_before_second";
    case Reason::fee_words: return "fee_words";
    case Reason::subscription_words: return "subscription_words";
    case Reason::nothing_matches: return "nothing_matches";
    }
    std::abort();
}

}  // namespace okpay::payments
