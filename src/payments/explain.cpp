// SPDX-License-Identifier: Apache-2.0
// What a finding means, in one sentence for the agent: the ground and the consequence, no amounts.
#include <fmt/format.h>

#include "payments/pair.hpp"

namespace okpay::payments {
namespace {

std::string apart_en(Millis apart) {
    const auto count = [](std::int64_t n, std::string_view unit) {
        return fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s");
    };
    const auto seconds = std::chrono::floor<std::chrono::seconds>(apart).count();
    if (seconds < 120) return count(seconds, "second");
    if (seconds < 7200) return count(seconds / 60, "minute");
    if (seconds < 172'800) return count(seconds / 3600, "hour");
    return count(seconds / 86'400, "day");
}

std::string apart_zh(Millis apart) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(apart).count();
    if (seconds < 120) return fmt::format("{} 秒", seconds);
    if (seconds < 7200) return fmt::format("{} 分钟", seconds / 60);
    if (seconds < 172'800) return fmt::format("{} 小时", seconds / 3600);
    return fmt::format("{} 天", seconds / 86'400);
}

Explanation duplicate(const Pair& pair, std::string_view en, std::string_view zh) {
    switch (relation_of(pair.first.order_ref, pair.second.order_ref)) {
    case OrderRelation::same:
        return {fmt::format("Both payments carry order {} and were made {} apart: the order was paid twice, and the later "
                            "can be given back.",
                            pair.first.order_ref, en),
                fmt::format("两笔付款的订单号都是 {}，相隔 {}，属于重复扣款，可退还后一笔。", pair.first.order_ref, zh)};
    case OrderRelation::retried:
        return {fmt::format("The second order reference repeats the first {} later: the merchant tried again although the "
                            "first had succeeded, so the later can be given back.",
                            en),
                fmt::format("第二笔的订单号是第一笔的重试，相隔 {}，而第一笔其实已成功，可退还后一笔。", zh)};
    case OrderRelation::unknown:
    case OrderRelation::numbered:
    case OrderRelation::different: break;
    }
    return {fmt::format("Same merchant, amount and device, {} apart, with nothing that makes two purchases likely: probably "
                        "one charge made twice; ask the merchant if in doubt.",
                        en),
            fmt::format(
                "同一商户、同一金额、同一设备，相隔 {}，没有迹象表明是两次消费，很可能是重复扣款；如有疑问请与商户核实。",
                zh)};
}

Explanation hold(const Pair& pair) {
    const bool released = pair.first.state == PaymentState::canceled;
    if (pair.first.seq == pair.second.seq && released) {
        return {"Only one payment fits what is stated: a hold that was released and took no money.",
                "符合描述的只有一笔预授权，已解除，没有扣款。"};
    }
    if (pair.first.seq == pair.second.seq) {
        return {
            "Only one payment fits what is stated: it shows first as a hold and then as the charge, and takes money once.",
            "符合描述的付款只有一笔：先显示为预授权，后显示为扣款，只扣一次。"};
    }
    if (pair.first.captured_minor > 0 && pair.second.captured_minor > 0) {
        return {
            "The order was authorised a second time for more, and each authorisation was taken once; the merchant can say "
            "what the second was for.",
            "同一订单追加了预授权，两笔预授权各扣款一次；追加的原因可向商户核实。"};
    }
    return {"One of the two is a hold, which takes no money of its own and is released by itself.",
            "其中一笔是预授权，本身不扣款，到期会自动解除。"};
}

}  // namespace

Explanation explain_not_ours() {
    return {"Nothing in this account matches what is stated; the charge may be on a card or account elsewhere.",
            "该账户中没有与描述相符的交易，扣款可能发生在其他卡或账户上。"};
}

Explanation explain(PairClass pair_class, const Pair& pair) {
    const Millis apart = pair.second.created - pair.first.created;
    const std::string en = apart_en(apart);
    const std::string zh = apart_zh(apart);
    switch (pair_class) {
    case PairClass::same_attempt_shown_twice:
        return {"Only one payment fits what is stated: it may be shown twice, but money left the account once.",
                "符合描述的付款只有一笔：可能显示了两次，但只扣了一次款。"};
    case PairClass::hold_and_capture: return hold(pair);
    case PairClass::failed_then_succeeded:
        return {fmt::format("One attempt failed and took no money; the other, {} apart, is the only charge.", en),
                fmt::format("其中一笔付款失败，未扣款；相隔 {} 的另一笔才是唯一的扣款。", zh)};
    case PairClass::true_duplicate_same_order: return duplicate(pair, en, zh);
    case PairClass::over_collection:
        return {
            fmt::format("Both payments belong to order {}, whose hold was taken whole by the first: the later was collected "
                        "on top and can be given back.",
                        pair.first.order_ref),
            fmt::format("两笔付款都属于订单 {}，第一笔已按预授权全额扣款，后一笔属于多收，可退还。", pair.first.order_ref)};
    case PairClass::already_refunded:
        if (pair.taken_back_by_bank) {
            return {"The card's bank has taken one of the two back, or holds it while it decides; a refund would pay twice.",
                    "其中一笔已由发卡行追回，或在其裁定期间被冻结；若再退款会重复赔付。"};
        }
        return {"One of the two was given back before; show the customer that refund.",
                "其中一笔此前已全额退款，请把退款记录告知客户。"};
    case PairClass::separate_purchases:
        if (pair.refunded_before_second) {
            return {"The first was given back before the second was made: a cancelled order that was placed again.",
                    "第一笔在第二笔之前就已退款，属于取消后重新下单。"};
        }
        return {fmt::format("These look like two purchases, {} apart; show the customer both.", en),
                fmt::format("看起来是两次不同的消费，相隔 {}，请把两笔明细都告知客户。", zh)};
    case PairClass::subscription_cycle:
        return {fmt::format("Same merchant and amount, {} apart: two periods of a subscription.", en),
                fmt::format("同一商户、同一金额，相隔 {}，是订阅的两个周期。", zh)};
    case PairClass::fee_line:
        return {"The second line is a fee or a conversion charge that goes with the first, not a second purchase.",
                "第二笔是随第一笔收取的手续费或换汇费用，不是重复扣款。"};
    case PairClass::other_person:
        return {"Another device and another instrument: perhaps someone of the family paid; ask first.",
                "两笔使用了不同的设备和支付方式，可能是家人付款；退款前请先向客户确认。"};
    case PairClass::not_ours: return explain_not_ours();
    case PairClass::unclear:
        return {fmt::format("Same merchant and amount, {} apart, but the records do not tell whether it is one purchase or "
                            "two; ask the merchant.",
                            en),
                fmt::format("同一商户、同一金额，相隔 {}，但记录不足以判断是一次还是两次消费，请与商户核实。", zh)};
    }
    std::abort();
}

}  // namespace okpay::payments
