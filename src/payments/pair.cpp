// SPDX-License-Identifier: Apache-2.0
#include "payments/pair.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <span>

#include "base/text.hpp"
#include "payments/stated.hpp"

namespace okpay::payments {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Where two equal payments in a row are everyday life.
constexpr std::array<std::string_view, 77> repeatable_words{
    "vending", "metro",   "subway",    "transit", "bus",     "train",     "tram",   "rail",     "railway",  "ferry",
    "parking", "toll",    "taxi",      "ticket",  "tickets", "turnstile", "tip",    "tips",     "donation", "charity",
    "arcade",  "laundry", "locker",    "售货",    "售貨",    "贩卖",      "販賣",   "地铁",     "地鐵",     "捷运",
    "捷運",    "公交",    "巴士",      "铁路",    "鐵路",    "停车",      "停車",   "门票",     "門票",     "票务",
    "票務",    "捐",      "慈善",      "打赏",    "小费",    "小費",      "洗衣",   "cinema",   "theatre",  "theater",
    "museum",  "zoo",     "admission", "entry",   "fare",    "gratuity",  "donate", "offering", "影院",     "戏院",
    "戲院",    "剧场",    "劇場",      "博物",    "入场",    "入場",      "车票",   "乘车",     "影城",     "影视",
    "影視",    "电影",    "電影",      "剧院",    "劇院",    "检票",      "檢票",
};
constexpr std::array<std::string_view, 5> tip_words{"tip", "tips", "gratuity", "小费", "小費"};
constexpr std::array<std::string_view, 10> instalment_words{"instalment", "instalments", "installment", "installments",
                                                            "分期",       "期付款",      "deposit",     "尾款",
                                                            "定金",       "訂金"};
constexpr std::array<std::string_view, 14> fee_words{"fee",    "fees",   "surcharge", "commission", "conversion",
                                                     "手续费", "手續費", "服务费",    "服務費",     "汇兑",
                                                     "換匯",   "换汇",   "兑换",      "兌換"};
constexpr std::array<std::string_view, 15> subscription_words{"subscription", "membership", "monthly", "premium", "plan",
                                                              "renewal",      "会员",       "會員",    "月费",    "月費",
                                                              "订阅",         "訂閱",       "续费",    "續費",    "包月"};

constexpr seconds near_enough{30};
constexpr seconds window{120};
constexpr days unequal_apart_max{7};  // a hold and what was taken of it
constexpr days month_min{27};
constexpr days month_max{32};

bool differ_and_known(std::string_view a, std::string_view b) { return !a.empty() && !b.empty() && a != b; }
bool equal_and_known(std::string_view a, std::string_view b) { return !a.empty() && a == b; }
bool took_money(const Payment& payment) { return payment.state == PaymentState::succeeded; }
bool is_hold(const Payment& payment) {
    return payment.state == PaymentState::requires_capture || payment.state == PaymentState::canceled;
}

// What a line says without the numbers in it: "Table 4 1/2" and "Table 4 2/2" are two parts, "第1期" and "第2期" as well.
std::string without_numbers(std::string_view memo) {
    constexpr std::array<std::string_view, 10> han_numbers{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    std::string rest;
    for (std::size_t at = 0; at < memo.size();) {
        const std::string_view here = memo.substr(at);
        const auto* han = std::find_if(han_numbers.begin(), han_numbers.end(),
                                       [here](std::string_view number) { return here.starts_with(number); });
        if (han != han_numbers.end()) {
            at += han->size();
        } else {
            if (memo[at] < '0' || memo[at] > '9') rest.push_back(memo[at]);
            ++at;
        }
    }
    return rest;
}

bool all_digits(std::string_view text) {
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
    }
    return !text.empty();
}

// "A-1001/2" is "A-1001" and "2".
struct Numbered {
    std::string_view root, number;
};
std::optional<Numbered> numbered(std::string_view reference) {
    const std::size_t at = reference.find_last_of("-/_#.");
    if (at == std::string_view::npos || at == 0 || reference.size() - at > 3) return std::nullopt;
    const std::string_view number = reference.substr(at + 1);
    if (!all_digits(number)) return std::nullopt;
    return Numbered{.root = reference.substr(0, at), .number = number};
}

bool is_retry_suffix(std::string_view suffix) {
    constexpr std::array<std::string_view, 9> marks{"r", "re", "r1", "r2", "retry", "retry1", "again", "dup", "重试"};
    if (suffix.empty() || suffix.size() > 8) return false;
    const bool separated = std::string_view{"-/_#. "}.find(suffix.front()) != std::string_view::npos;
    const std::string_view rest = separated ? suffix.substr(1) : suffix;
    if (separated && all_digits(rest) && rest.size() <= 2) return true;
    return std::find(marks.begin(), marks.end(), rest) != marks.end();
}

// "-TIP" where the second reference is the first and that; else empty.
std::string_view extension_of(std::string_view first, std::string_view second) {
    if (first.empty() || second.size() <= first.size() || !second.starts_with(first)) return {};
    const std::string_view rest = second.substr(first.size());
    return std::string_view{"-/_#. "}.find(rest.front()) == std::string_view::npos ? std::string_view{} : rest;
}

class Facts {
public:
    explicit Facts(const Pair& pair)
        : apart{pair.second.created - pair.first.created},
          order{relation_of(pair.first.order_ref, pair.second.order_ref)},
          equal_amount{pair.first.amount == pair.second.amount},
          same_device{equal_and_known(pair.first.device, pair.second.device)},
          other_device{differ_and_known(pair.first.device, pair.second.device)},
          same_instrument{equal_and_known(pair.first.instrument, pair.second.instrument)},
          other_instrument{differ_and_known(pair.first.instrument, pair.second.instrument)},
          other_memo{differ_and_known(pair.first.memo, pair.second.memo)},
          numbered_memo{other_memo && without_numbers(pair.first.memo) == without_numbers(pair.second.memo)},
          both_held{pair.first.hold != 0 && pair.second.hold != 0},
          memos_{pair.first.memo + " \n " + pair.second.memo + " \n " +
                 std::string{extension_of(pair.first.order_ref, pair.second.order_ref)}} {
        note(equal_amount ? Reason::same_amount : Reason::different_amount);
        switch (order) {
        case OrderRelation::same: note(Reason::same_order_reference); break;
        case OrderRelation::retried: note(Reason::retried_order_reference); break;
        case OrderRelation::numbered:
        case OrderRelation::different: note(Reason::different_order_reference); break;
        case OrderRelation::unknown: break;
        }
        note(apart <= near_enough ? Reason::within_30_seconds
             : apart <= window    ? Reason::within_2_minutes
             : apart <= hours{24} ? Reason::within_a_day
                                  : Reason::more_than_a_day);
        if (same_device) note(Reason::same_device);
        if (other_device) note(Reason::different_device);
        if (same_instrument) note(Reason::same_instrument);
        if (other_instrument) note(Reason::different_instrument);
    }

    void note(Reason reason) { reasons.push_back(reason); }
    [[nodiscard]] Judgement as(PairClass pair_class, int base) const { return {pair_class, base, reasons}; }
    bool say(std::span<const std::string_view> words) {
        if (!words_) words_.emplace(memos_);
        return words_->any_of(words);
    }
    Judgement as(PairClass pair_class, int base, Reason reason) {
        note(reason);
        return as(pair_class, base);
    }

    Millis apart;
    OrderRelation order;
    bool equal_amount, same_device, other_device, same_instrument, other_instrument, other_memo, numbered_memo;
    bool both_held;  // each was authorised and then taken
    std::vector<Reason> reasons;

private:
    std::string memos_;
    std::optional<Words> words_;  // made when first asked for: most pairs are told apart by numbers
};

// One of the two took no money for good: what it is follows from the states.
std::optional<Judgement> judge_states(const Pair& pair, Facts& facts) {
    const bool related = facts.order == OrderRelation::same || facts.order == OrderRelation::retried ||
                         (facts.equal_amount && facts.apart <= hours{24});
    const bool one_failed = pair.first.state == PaymentState::failed || pair.second.state == PaymentState::failed;
    if (one_failed) {
        if (!related || (!took_money(pair.first) && !took_money(pair.second))) return std::nullopt;
        return facts.as(PairClass::failed_then_succeeded, facts.equal_amount ? 60 : 45, Reason::one_failed);
    }
    const auto open = [](const Payment& p) {
        return p.state == PaymentState::processing || p.state == PaymentState::unknown;
    };
    if (open(pair.first) || open(pair.second)) {  // whether it is one or two the bank has not told
        return related ? std::optional{facts.as(PairClass::unclear, 45)} : std::nullopt;
    }
    if (pair.first.state == PaymentState::returned || pair.second.state == PaymentState::returned) {
        return related ? std::optional{facts.as(PairClass::already_refunded, 50, Reason::one_refunded)} : std::nullopt;
    }
    // A hold may be larger than what was taken (hotel, fuel) and lie days before it. Another order is none of its business.
    const bool held_for_it =
        related || (is_hold(pair.first) && took_money(pair.second) && facts.apart <= unequal_apart_max &&
                    facts.order != OrderRelation::different && facts.order != OrderRelation::numbered &&
                    pair.first.amount.minor() >= pair.second.amount.minor());
    if (!held_for_it && !(facts.equal_amount && facts.apart <= days{14})) return std::nullopt;
    const bool released = pair.first.state == PaymentState::canceled || pair.second.state == PaymentState::canceled;
    facts.note(Reason::one_is_a_hold);
    if (released) facts.note(Reason::one_released);
    return facts.as(PairClass::hold_and_capture, facts.equal_amount ? 60 : 40);
}

std::optional<Judgement> judge_same_order(const Pair& pair, Facts& facts) {
    // An authorisation that was raised by a further one: the room for another night, the minibar. A double authorisation,
    // taken twice, reads the same unless it came at once.
    if (facts.both_held) {
        facts.note(Reason::one_is_a_hold);
        if (!facts.equal_amount) return facts.as(PairClass::hold_and_capture, 50);
        if (facts.apart > window) return facts.as(PairClass::unclear, 50);
    }
    // One authorisation taken in two parts, or a running order that is charged period by period.
    if (pair.parts_of_a_hold) return facts.as(PairClass::hold_and_capture, 45, Reason::one_is_a_hold);
    if (facts.equal_amount) {
        if (pair.in_a_series) return facts.as(PairClass::separate_purchases, 45, Reason::instalment);
        if (facts.apart >= month_min && facts.apart <= month_max) {
            return facts.as(PairClass::subscription_cycle, 40, Reason::monthly_period);
        }
        // Two instruments may share one bill in equal halves, two numbered lines be its parts: only the merchant knows.
        if (facts.other_instrument || facts.numbered_memo) return facts.as(PairClass::unclear, 50);
        return facts.as(PairClass::true_duplicate_same_order, 80);
    }
    if (facts.say(fee_words)) return facts.as(PairClass::fee_line, 50, Reason::fee_words);
    if (facts.say(tip_words)) return facts.as(PairClass::separate_purchases, 45, Reason::repeatable_goods);
    if (facts.other_instrument) return facts.as(PairClass::separate_purchases, 40);  // a split bill
    // What the order comes to is known where it was authorised and taken whole before. Else the second may be a tip, a
    // second parcel or an addition.
    const bool taken_whole = pair.first.hold != 0 && pair.first.captured_minor >= pair.first.amount.minor();
    return taken_whole ? facts.as(PairClass::over_collection, 65) : facts.as(PairClass::unclear, 50);
}

// Equal amounts, no order reference in common: seconds and devices speak, everyday life speaks against.
std::optional<Judgement> judge_equal(const Pair& pair, Facts& facts) {
    if (facts.apart >= month_min && facts.apart <= month_max) {
        const bool named = facts.say(subscription_words);
        if (named) facts.note(Reason::subscription_words);
        return facts.as(PairClass::subscription_cycle, named ? 45 : 30, Reason::monthly_period);
    }
    const bool retried = facts.order == OrderRelation::retried;  // which outweighs how often they come here
    if (facts.apart > hours{24}) {
        // A night more at the same price, authorised a day later: as for one order.
        if (retried && facts.both_held && facts.apart <= unequal_apart_max) {
            return facts.as(PairClass::unclear, 50, Reason::one_is_a_hold);
        }
        return facts.as(PairClass::separate_purchases, 20);
    }
    const bool repeatable = facts.say(repeatable_words);
    if (repeatable) facts.note(Reason::repeatable_goods);
    if (pair.usual_rhythm) facts.note(Reason::usual_rhythm);
    if (facts.other_device && facts.other_instrument) return facts.as(PairClass::other_person, 40);
    if (facts.order == OrderRelation::numbered) return facts.as(PairClass::separate_purchases, 45);
    const bool everyday = repeatable || (pair.usual_rhythm && !retried);
    if (facts.numbered_memo && !retried) return facts.as(PairClass::separate_purchases, 45);
    if (everyday) { return retried ? facts.as(PairClass::unclear, 50) : facts.as(PairClass::separate_purchases, 45); }
    if (pair.first.kind != PaymentKind::merchant_payment) {
        // Money between people or from a bank: nothing here proves that the second was not meant.
        return facts.as(PairClass::unclear, facts.apart <= window ? 50 : 30);
    }
    if (retried && facts.both_held && facts.apart > window) {  // as for one order
        return facts.as(PairClass::unclear, 50, Reason::one_is_a_hold);
    }
    if (retried && !facts.other_device && !facts.other_instrument && !facts.numbered_memo) {
        return facts.as(PairClass::true_duplicate_same_order, facts.apart <= hours{1} ? 74 : 66);
    }
    if (facts.same_device && facts.apart <= near_enough && !facts.other_instrument && !facts.other_memo &&
        !pair.priced_goods) {
        return facts.as(PairClass::true_duplicate_same_order, facts.order == OrderRelation::different ? 56 : 64);
    }
    if (facts.apart <= window) return facts.as(PairClass::unclear, 48);
    // Minutes apart from one handset, under another reference: a merchant's retry reads like this, and so does a second
    // thing at one price.
    if (facts.same_device && facts.apart < minutes{5}) return facts.as(PairClass::unclear, 42);
    if (facts.order == OrderRelation::different || facts.other_device) {
        return facts.as(PairClass::separate_purchases, 40);
    }
    return facts.apart <= minutes{10} ? facts.as(PairClass::unclear, 42) : facts.as(PairClass::separate_purchases, 30);
}

std::optional<Judgement> judge_unequal(Facts& facts) {
    if (facts.apart <= days{2} && facts.say(fee_words)) { return facts.as(PairClass::fee_line, 50, Reason::fee_words); }
    if (facts.apart <= hours{24} && facts.say(tip_words)) {
        return facts.as(PairClass::separate_purchases, 40, Reason::repeatable_goods);
    }
    return std::nullopt;
}

}  // namespace

OrderRelation relation_of(std::string_view first, std::string_view second) {
    const std::string a = ascii_lower(trimmed(first));
    const std::string b = ascii_lower(trimmed(second));
    if (a.empty() || b.empty()) return OrderRelation::unknown;
    if (a == b) return OrderRelation::same;
    const std::string_view shorter = a.size() < b.size() ? a : b;
    const std::string_view longer = a.size() < b.size() ? b : a;
    if (shorter.size() >= 3 && longer.starts_with(shorter) && is_retry_suffix(longer.substr(shorter.size()))) {
        return OrderRelation::retried;
    }
    const auto one = numbered(a);
    const auto two = numbered(b);
    if (one && two && one->root == two->root && one->number != two->number) return OrderRelation::numbered;
    return OrderRelation::different;
}

std::optional<Judgement> judge(const Pair& pair) {
    const bool equal_amount = pair.first.amount == pair.second.amount;
    if (!equal_amount && pair.second.created - pair.first.created > unequal_apart_max &&
        relation_of(pair.first.order_ref, pair.second.order_ref) == OrderRelation::different) {
        return std::nullopt;  // by far the most pairs of a history
    }
    Facts facts{pair};
    if (!took_money(pair.first) || !took_money(pair.second)) return judge_states(pair, facts);
    const bool one_order = facts.order == OrderRelation::same || facts.order == OrderRelation::retried;
    if (!facts.equal_amount && !one_order && facts.order != OrderRelation::numbered) return judge_unequal(facts);
    if (pair.refund_of_first || pair.refund_of_second) {
        if (pair.refunded_before_second) {
            return facts.as(PairClass::separate_purchases, 45, Reason::refunded_before_second);
        }
        if (facts.apart > hours{24} && !one_order) return std::nullopt;
        return facts.as(PairClass::already_refunded, 62,
                        pair.taken_back_by_bank ? Reason::one_taken_back : Reason::one_refunded);
    }
    if (facts.say(instalment_words)) return facts.as(PairClass::separate_purchases, 45, Reason::instalment);
    if (facts.order == OrderRelation::same) return judge_same_order(pair, facts);
    if (facts.equal_amount) return judge_equal(pair, facts);
    if (facts.order == OrderRelation::retried) return judge_same_order(pair, facts);
    return judge_unequal(facts);  // numbered parts of one order
}

}  // namespace okpay::payments
