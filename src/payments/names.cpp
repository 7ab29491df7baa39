// SPDX-License-Identifier: Apache-2.0
#include "payments/names.hpp"

namespace okpay::payments {

std::string_view name_of(PaymentKind kind) {
    switch (kind) {
    case PaymentKind::top_up: return "top_up";
    case PaymentKind::merchant_payment: return "merchant_payment";
    case PaymentKind::person_to_person: return "person_to_person";
    case PaymentKind::refund: return "refund";
    case PaymentKind::withdrawal: return "withdrawal";
    case PaymentKind::capture: return "capture";
    case PaymentKind::cancellation: return "cancellation";
    case PaymentKind::exchange: return "exchange";
    case PaymentKind::merchant_payout: return "merchant_payout";
    case PaymentKind::correction: return "correction";
    }
    std::abort();
}

std::string_view name_of(PaymentState state) {
    switch (state) {
    case PaymentState::succeeded: return "succeeded";
    case PaymentState::failed: return "failed";
    case PaymentState::requires_capture: return "requires_capture";
    case PaymentState::canceled: return "canceled";
    case PaymentState::processing: return "processing";
    case PaymentState::unknown: return "unknown";
    case PaymentState::returned: return "returned";
    }
    std::abort();
}

std::string_view code_of(PaymentRefusal refusal) {
    switch (refusal) {
    case PaymentRefusal::none: return "none";
    case PaymentRefusal::not_positive: return "not_positive";
    case PaymentRefusal::wrong_currency: return "wrong_currency";
    case PaymentRefusal::insufficient_funds: return "insufficient_funds";
    case PaymentRefusal::payer_locked: return "payer_locked";
    case PaymentRefusal::same_account: return "same_account";
    case PaymentRefusal::account_not_found: return "account_not_found";
    case PaymentRefusal::order_already_paid: return "order_already_paid";
    case PaymentRefusal::payment_not_found: return "payment_not_found";
    case PaymentRefusal::exceeds_refundable: return "exceeds_refundable";
    case PaymentRefusal::refundable_changed: return "refundable_changed";
    case PaymentRefusal::not_refundable: return "not_refundable";
    case PaymentRefusal::duplicate_refund: return "duplicate_refund";
    case PaymentRefusal::amount_out_of_range: return "amount_out_of_range";
    case PaymentRefusal::account_closed: return "account_closed";
    case PaymentRefusal::declined_by_issuer: return "declined_by_issuer";
    case PaymentRefusal::not_capturable: return "not_capturable";
    case PaymentRefusal::exceeds_hold: return "exceeds_hold";
    case PaymentRefusal::not_cancelable: return "not_cancelable";
    case PaymentRefusal::attempt_unresolved: return "attempt_unresolved";
    case PaymentRefusal::never_arrived: return "never_arrived";
    case PaymentRefusal::destination_refused: return "destination_refused";
    case PaymentRefusal::limit_per_item: return "limit_per_item";
    case PaymentRefusal::limit_per_day: return "limit_per_day";
    case PaymentRefusal::limit_per_week: return "limit_per_week";
    case PaymentRefusal::limit_per_month: return "limit_per_month";
    case PaymentRefusal::limit_per_year: return "limit_per_year";
    case PaymentRefusal::limit_balance: return "limit_balance";
    case PaymentRefusal::payee_limit: return "payee_limit";
    case PaymentRefusal::no_rate: return "no_rate";
    case PaymentRefusal::rate_changed: return "rate_changed";
    case PaymentRefusal::payer_frozen: return "payer_frozen";
    case PaymentRefusal::payee_frozen: return "payee_frozen";
    case PaymentRefusal::payee_cannot_receive: return "payee_cannot_receive";
    case PaymentRefusal::nothing_available: return "nothing_available";
    case PaymentRefusal::request_not_open: return "request_not_open";
    case PaymentRefusal::possible_duplicate: return "possible_duplicate";
    case PaymentRefusal::no_payout_account: return "no_payout_account";
    case PaymentRefusal::disputed: return "payment_disputed";
    }
    std::abort();
}

std::optional<PaymentKind> kind_of_number(std::int64_t number) {
    if (number < 1 || number > 10) return std::nullopt;
    return static_cast<PaymentKind>(number);
}

std::optional<PaymentState> state_of_number(std::int64_t number) {
    if (number < 1 || number > 7) return std::nullopt;
    return static_cast<PaymentState>(number);
}

std::optional<PaymentRefusal> refusal_of_number(std::int64_t number) {
    if (number < 0 || number > 38) return std::nullopt;
    return static_cast<PaymentRefusal>(number);
}

std::string_view sentence_en(PaymentRefusal refusal) {
    switch (refusal) {
    case PaymentRefusal::none: return "The payment was made.";
    case PaymentRefusal::not_positive: return "The amount must be more than zero.";
    case PaymentRefusal::wrong_currency:
        return "The account is kept in another currency. Choose the account of this currency.";
    case PaymentRefusal::insufficient_funds:
        return "The balance was not enough, and no money was taken. Top up and pay again.";
    case PaymentRefusal::payer_locked:
        return "The account is locked, and no money was taken. Write to support to unlock it.";
    case PaymentRefusal::same_account: return "Payer and payee are the same account. Choose another payee.";
    case PaymentRefusal::account_not_found: return "There is no such account. Check the details of the payee.";
    case PaymentRefusal::order_already_paid: return "This order was paid before, so no money was taken again.";
    case PaymentRefusal::payment_not_found: return "There is no such payment. Check the number.";
    case PaymentRefusal::exceeds_refundable:
        return "More than what is left to refund was asked for. Load the payment again.";
    case PaymentRefusal::refundable_changed:
        return "The payment was refunded or disputed in the meantime. Load it again before you decide.";
    case PaymentRefusal::not_refundable: return "This payment took no money from the customer that could be given back.";
    case PaymentRefusal::duplicate_refund: return "One of these two payments was given back before.";
    case PaymentRefusal::amount_out_of_range: return "The amount is larger than one payment can be.";
    case PaymentRefusal::account_closed: return "The account is closed, and no money was moved.";
    case PaymentRefusal::declined_by_issuer: return "The bank of the card declined. Ask the bank, or pay in another way.";
    case PaymentRefusal::not_capturable:
        return "This payment holds no money any more, and only a hold can be captured, once. Load it again.";
    case PaymentRefusal::exceeds_hold: return "The amount is more than what is held. Capture at most the held amount.";
    case PaymentRefusal::not_cancelable:
        return "This payment holds no money that could be released. If it was captured, refund it instead.";
    case PaymentRefusal::attempt_unresolved:
        return "The bank has not told us yet what came of an earlier attempt of this amount. Do not repeat it: we write to "
               "you as soon as we know.";
    case PaymentRefusal::never_arrived: return "The order never reached the bank, and no money was moved. Try again.";
    case PaymentRefusal::destination_refused:
        return "The bank of that account refused the money, and it is back in the wallet. Check the account.";
    case PaymentRefusal::limit_per_item:
        return "This is more than one payment may be at the account's level. Pay less at once, or raise the level.";
    case PaymentRefusal::limit_per_day:
        return "The account's level allows no more today. Try again tomorrow (UTC), or raise the level.";
    case PaymentRefusal::limit_per_week:
        return "The account's level allows no more within seven days. Wait, or raise the level.";
    case PaymentRefusal::limit_per_month:
        return "The account's level allows no more within thirty days. Wait, or raise the level.";
    case PaymentRefusal::limit_per_year: return "The account's level allows no more within a year. Raise the level.";
    case PaymentRefusal::limit_balance:
        return "The wallet would hold more than its level allows. Bring in less, or raise the level.";
    case PaymentRefusal::payee_limit: return "The payee's account may not receive this now. Send less, or ask the payee.";
    case PaymentRefusal::no_rate: return "These currencies cannot be exchanged here now.";
    case PaymentRefusal::rate_changed:
        return "The rate has changed, and nothing was exchanged. Look at the new amount, then decide again.";
    case PaymentRefusal::payer_frozen:
        return "We have stopped money from leaving this account, and no money was taken. Write to support to learn why.";
    case PaymentRefusal::payee_frozen:
        return "The account that the money would go to may not take any in now, and nothing was moved. If it is your own, "
               "write to support to learn why; else ask the payee.";
    case PaymentRefusal::payee_cannot_receive:
        return "The payee has no account in this currency. Ask which currency to send.";
    case PaymentRefusal::nothing_available: return "There is nothing on the account that could be moved.";
    case PaymentRefusal::request_not_open:
        return "This request for money was paid, declined, canceled or has expired. No money was moved.";
    case PaymentRefusal::possible_duplicate:
        return "The same amount was paid to the same merchant a moment ago. If you meant to pay twice, confirm it.";
    case PaymentRefusal::disputed:
        return "The holder of the card has asked the bank for this payment. A refund now would pay twice; answer the "
               "dispute.";
    case PaymentRefusal::no_payout_account: return "No bank account is set for the payouts. Set one first.";
    }
    std::abort();
}

std::string_view sentence_zh(PaymentRefusal refusal) {
    switch (refusal) {
    case PaymentRefusal::none: return "付款成功。";
    case PaymentRefusal::not_positive: return "金额必须大于零。";
    case PaymentRefusal::wrong_currency: return "账户币种不符，请改用该币种的账户。";
    case PaymentRefusal::insufficient_funds: return "余额不足，未扣款。请充值后重新付款。";
    case PaymentRefusal::payer_locked: return "账户已锁定，未扣款。请联系客服解锁。";
    case PaymentRefusal::same_account: return "付款方与收款方是同一账户，请更换收款方。";
    case PaymentRefusal::account_not_found: return "账户不存在，请核对收款信息。";
    case PaymentRefusal::order_already_paid: return "该订单此前已支付，这次没有重复扣款。";
    case PaymentRefusal::payment_not_found: return "没有这笔交易，请核对交易号。";
    case PaymentRefusal::exceeds_refundable: return "退款金额超过可退余额，请刷新后重试。";
    case PaymentRefusal::refundable_changed: return "这笔交易的可退金额刚刚发生变化，请刷新后再决定。";
    case PaymentRefusal::not_refundable: return "这笔交易没有向客户扣款，无款可退。";
    case PaymentRefusal::duplicate_refund: return "这两笔中的一笔此前已退款。";
    case PaymentRefusal::amount_out_of_range: return "金额超过单笔上限。";
    case PaymentRefusal::account_closed: return "账户已注销，款项未变动。";
    case PaymentRefusal::declined_by_issuer: return "发卡行拒绝了这笔交易。请咨询发卡行或更换付款方式。";
    case PaymentRefusal::not_capturable: return "这笔交易已不再冻结资金；冻结只能请款一次，请刷新后查看。";
    case PaymentRefusal::exceeds_hold: return "金额超过冻结金额，请款不得超过冻结的数额。";
    case PaymentRefusal::not_cancelable: return "这笔交易没有可解冻的资金；若已请款，请改为退款。";
    case PaymentRefusal::attempt_unresolved:
        return "此前一笔相同金额的操作，银行尚未告知结果。请勿重复操作，一有结果我们会立即写信给您。";
    case PaymentRefusal::never_arrived: return "指令没有到达银行，款项未变动。请重试。";
    case PaymentRefusal::destination_refused: return "收款银行拒绝入账，款项已退回钱包。请核对收款账户。";
    case PaymentRefusal::limit_per_item: return "金额超过该账户等级的单笔限额。请减少金额或提升等级。";
    case PaymentRefusal::limit_per_day: return "已达该账户等级的当日限额。请明天（UTC）再试或提升等级。";
    case PaymentRefusal::limit_per_week: return "已达该账户等级的七日限额。请稍后再试或提升等级。";
    case PaymentRefusal::limit_per_month: return "已达该账户等级的三十日限额。请稍后再试或提升等级。";
    case PaymentRefusal::limit_per_year: return "已达该账户等级的年度限额。请提升等级。";
    case PaymentRefusal::limit_balance: return "钱包余额将超过该账户等级的上限。请减少金额或提升等级。";
    case PaymentRefusal::payee_limit: return "收款方账户目前不能接收这笔款项。请减少金额或联系收款方。";
    case PaymentRefusal::no_rate: return "目前不能兑换这两种货币。";
    case PaymentRefusal::rate_changed: return "汇率已变化，未作兑换。请查看新的金额后再决定。";
    case PaymentRefusal::payer_frozen: return "我们已暂停该账户的支出，未扣款。如需了解原因，请写信给客服。";
    case PaymentRefusal::payee_frozen:
        return "收款账户目前不能入账，款项未变动。如为您本人的账户，请写信给客服了解原因；否则请与收款方联系。";
    case PaymentRefusal::payee_cannot_receive: return "对方没有该币种的账户，请询问可用的币种。";
    case PaymentRefusal::nothing_available: return "账户中没有可转出的款项。";
    case PaymentRefusal::request_not_open: return "该收款请求已支付、已拒绝、已取消或已过期，未转出任何款项。";
    case PaymentRefusal::possible_duplicate: return "刚刚已向同一商户支付了相同金额。如确需再次支付，请确认。";
    case PaymentRefusal::disputed: return "持卡人已就该笔付款向发卡行提出争议，现在退款会重复赔付，请先处理争议。";
    case PaymentRefusal::no_payout_account: return "尚未设置打款的银行账户，请先设置。";
    }
    std::abort();
}

}  // namespace okpay::payments
