// SPDX-License-Identifier: Apache-2.0
#include "desk/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

using customers::Act;

// What is told to whom stands in one table.
bool may(const Addressee& to, Act act) { return to.assurance >= needed_for(act); }

// Collects a body whose amounts are places of a Draft.
class Letter {
public:
    explicit Letter(const Addressee& to) : to_{to}, body_{greeting(to.language, to.name)} {}

    void say(std::string_view text) { body_ += text; }
    void say(Wording wording) { body_ += wording.in(to_.language); }
    [[nodiscard]] std::string place(const BoundFigure& figure) {
        figures_.push_back(figure);
        return fmt::format("{{{}}}", figures_.size());
    }
    [[nodiscard]] std::string time(Moment at) const { return when(to_.zone, at); }

    // One payment in one line: "CNY 128.00, Blue Bottle Coffee, 2026-11-05 17:48:07, number …k3f2ab".
    [[nodiscard]] std::string line(const PaymentFacts& facts) {
        const std::string_view comma = Wording{", ", "，", "，"}.in(to_.language);
        std::string text = place(facts.amount);
        if (!facts.merchant.empty()) text += fmt::format("{}{}", comma, inert(facts.merchant));
        text += fmt::format("{}{}", comma, when_exactly(to_.zone, facts.at));
        if (!facts.reference.empty()) {
            text +=
                fmt::format("{}{}", Wording{", number ", "，交易号 ", "，交易號 "}.in(to_.language), shown(facts.reference));
        }
        return text;
    }

    [[nodiscard]] Result<MailText, AnswerError> closed_with(std::string_view subject) {
        body_ += "\n" + zone_note(to_.language, to_.zone) + signature(to_.language, to_.house);
        const auto rendered = Draft{body_}.render(figures_, to_.language);
        if (!rendered) {
            ensure(rendered.error() == DraftError::figure_not_bound);  // places are made here, braces doubled
            return fail(AnswerError::figure_not_bound);
        }
        return MailText{.subject = subject_with(to_.number, subject), .body = *rendered};
    }

private:
    // Whole for who may read unmasked; before, its end: enough to recognise, not enough to quote elsewhere.
    [[nodiscard]] std::string shown(std::string_view reference) const {
        constexpr std::size_t tail = 6;
        if (may(to_, Act::read_unmasked) || reference.size() <= tail) return inert(reference);
        return "…" + inert(reference.substr(reference.size() - tail));
    }

    const Addressee& to_;
    std::string body_;
    std::vector<BoundFigure> figures_;
};

bool is_wallet(std::string_view instrument) { return instrument.empty() || instrument == "wallet"; }

void say_where_the_money_is(Letter& letter, const Addressee& to, const RefundDone& facts) {
    const std::string at = letter.time(facts.refunded_at);
    if (is_wallet(facts.instrument)) {
        const std::string house = inert(to.house);
        letter.say(Wording{fmt::format("Where the money is: in your {} wallet since {}. You can use it now.\n", house, at),
                           fmt::format("钱在哪里：已于 {} 退回您的 {} 钱包，现在即可使用。\n", at, house),
                           fmt::format("錢在哪裡：已於 {} 退回您的 {} 錢包，現在即可使用。\n", at, house)});
        return;
    }
    const std::string card = instrument_words(to.language, facts.instrument);
    letter.say(Wording{
        fmt::format("Where the money is: on its way to {} since {}. Banks usually show it within 1 to 7 business days.\n",
                    card, at),
        fmt::format("钱在哪里：已于 {} 原路退回{}，银行一般在 1 至 7 个工作日内入账。\n", at, card),
        fmt::format("錢在哪裡：已於 {} 原路退回{}，銀行一般在 1 至 7 個工作日內入帳。\n", at, card)});
}

// The ground, in the customer's terms; what it means for the money; nothing that sounds like blame.
struct Ground {
    Wording subject, words;
};
Ground ground_of(NoRefundReason reason) {
    switch (reason) {
    case NoRefundReason::hold_not_charge:
        return {
            {"One of the two is a hold, not a charge", "其中一笔是预授权，并非扣款", "其中一筆是預授權，並非扣款"},
            {"You were charged once. The other line is a hold: the merchant reserved the amount, no money has left your "
             "account for it, and it is released by itself, usually within 7 business days.\n",
             "您只被扣了一次款。另一笔是预授权：商户只是暂时占用了这个额度，没有真正扣款，一般 7 个工作日内会自动解除。\n",
             "您只被扣了一次款。另一筆是預授權：商戶只是暫時保留了這個額度，沒有真正扣款，一般 7 個工作日內會自動解除。\n"}};
    case NoRefundReason::first_attempt_failed:
        return {{"You were charged once", "您只被扣了一次款", "您只被扣了一次款"},
                {"You were charged once. The other attempt failed and took no money from you.\n",
                 "您只被扣了一次款。另一次付款没有成功，也没有从您账户扣钱。\n",
                 "您只被扣了一次款。另一次付款沒有成功，也沒有從您帳戶扣錢。\n"}};
    case NoRefundReason::already_refunded:
        return {{"The payment went back to you already", "这笔款项此前已退给您", "這筆款項此前已退給您"},
                {"You are right that you were charged twice, and one of the two has gone back to you already.\n",
                 "您说得对，确实扣了两次，其中一笔此前已经退给您了。\n",
                 "您說得對，確實扣了兩次，其中一筆此前已經退給您了。\n"}};
    case NoRefundReason::two_orders:
        return {
            {"Two orders, one payment each", "是两笔不同的订单", "是兩筆不同的訂單"},
            {"We looked at both payments. They belong to two different orders, so each was charged once. If you placed only "
             "one of them, please ask the merchant and send us their answer; we take it up again at once.\n",
             "我们核对了两笔付款，它们分属两笔不同的订单，各扣款一次。如果其中一笔不是您下的单，请先向商户核实，"
             "把商户的答复转给我们，我们会立即继续处理。\n",
             "我們核對了兩筆付款，它們分屬兩筆不同的訂單，各扣款一次。如果其中一筆不是您下的單，請先向商戶核實，"
             "把商戶的答覆轉給我們，我們會立即繼續處理。\n"}};
    case NoRefundReason::subscription:
        return {
            {"Two periods of a subscription", "是订阅的两期费用", "是訂閱的兩期費用"},
            {"The two payments are two periods of the same subscription. To stop it, cancel with the merchant before the "
             "next period begins.\n",
             "这两笔是同一订阅的两期费用。如不想继续，请在下一期开始前到商户处取消订阅。\n",
             "這兩筆是同一訂閱的兩期費用。如不想繼續，請在下一期開始前到商戶處取消訂閱。\n"}};
    case NoRefundReason::fee:
        return {{"The second line is a fee", "第二笔是手续费", "第二筆是手續費"},
                {"The second line is not another charge for the purchase but a fee that belongs to it.\n",
                 "第二笔不是重复扣款，而是随这笔交易收取的费用。\n", "第二筆不是重複扣款，而是隨這筆交易收取的費用。\n"}};
    case NoRefundReason::nothing_found:
        return {
            {"We cannot find this payment", "没有查到这笔付款", "沒有查到這筆付款"},
            {"We searched your account and found no payment like the one you describe. It may have been made with another "
             "card or account. Please send us the payment number, or a screenshot of the line, and we search again.\n",
             "我们查询了您的账户，没有找到与您描述相符的付款，可能是用其他卡或账户支付的。"
             "请把交易号或账单截图发给我们，我们会再查一次。\n",
             "我們查詢了您的帳戶，沒有找到與您描述相符的付款，可能是用其他卡或帳戶支付的。"
             "請把交易號或帳單截圖傳給我們，我們會再查一次。\n"}};
    case NoRefundReason::other:
        return {{"About your refund", "关于您的退款申请", "關於您的退款申請"},
                {"We looked into it carefully and cannot refund this payment.\n", "我们仔细核查了这笔付款，目前无法退款。\n",
                 "我們仔細查核了這筆付款，目前無法退款。\n"}};
    }
    std::abort();
}

}  // namespace

Result<MailText, AnswerError> answer_refund_done(const Addressee& to, const RefundDone& facts) {
    if (!may(to, Act::read_own_request)) return fail(AnswerError::assurance_too_low);
    Letter letter{to};
    const std::string refund = letter.place(facts.refund);
    const std::string merchant = inert(facts.returned.merchant);
    if (facts.kept) {
        letter.say(Wording{
            fmt::format(
                "You were right: the payment was taken twice. We have given back {}. We are sorry for the trouble.\n\n",
                refund),
            fmt::format("您说得对，这笔付款确实重复扣款了。我们已退还 {}，给您添麻烦了，非常抱歉。\n\n", refund),
            fmt::format("您說得對，這筆付款確實重複扣款了。我們已退還 {}，造成您的不便，非常抱歉。\n\n", refund)});
        letter.say(
            fmt::format("{}{}\n", Wording{"Stays:      ", "保留：", "保留："}.in(to.language), letter.line(*facts.kept)));
        letter.say(fmt::format("{}{}\n\n", Wording{"Given back: ", "退还：", "退還："}.in(to.language),
                               letter.line(facts.returned)));
    } else {
        letter.say(Wording{
            fmt::format("We have given back {}{}.\n\n", refund, merchant.empty() ? "" : " for your payment to " + merchant),
            fmt::format("您的退款已完成，我们已退还 {}{}。\n\n", refund, merchant.empty() ? "" : "（" + merchant + "）"),
            fmt::format("您的退款已完成，我們已退還 {}{}。\n\n", refund, merchant.empty() ? "" : "（" + merchant + "）")});
        letter.say(fmt::format("{}{}\n\n", Wording{"Payment: ", "原付款：", "原付款："}.in(to.language),
                               letter.line(facts.returned)));
    }
    say_where_the_money_is(letter, to, facts);
    if (facts.balance && may(to, Act::read_unmasked)) {
        const std::string balance = letter.place(*facts.balance);
        letter.say(Wording{fmt::format("Your balance after it: {}.\n", balance), fmt::format("退款后余额：{}。\n", balance),
                           fmt::format("退款後餘額：{}。\n", balance)});
    }
    letter.say(Wording{"\nYou need not do anything more. If anything still looks wrong, reply to this mail.\n",
                       "\n您无需再做任何操作。如果仍有疑问，直接回复本邮件即可。\n",
                       "\n您無需再做任何操作。如果仍有疑問，直接回覆本郵件即可。\n"});
    return letter.closed_with(Wording{"Your money has been given back", "您的退款已完成", "您的退款已完成"}.in(to.language));
}

Result<MailText, AnswerError> answer_no_refund(const Addressee& to, const NoRefund& facts) {
    if (!may(to, Act::read_own_request)) return fail(AnswerError::assurance_too_low);
    const Ground ground = ground_of(facts.reason);
    Letter letter{to};
    letter.say(ground.words);
    const auto show = [&](const std::optional<PaymentFacts>& payment, Wording label) {
        if (payment) letter.say(fmt::format("{}{}\n", label.in(to.language), letter.line(*payment)));
    };
    if (facts.first || facts.second || facts.refund) letter.say("\n");
    show(facts.first, {"First:  ", "第一笔：", "第一筆："});
    show(facts.second, {"Second: ", "第二笔：", "第二筆："});
    show(facts.refund, {"Refund: ", "退款：", "退款："});
    if (!trimmed(facts.agent_words).empty()) {
        std::string words;  // several lines are theirs to write; braces are not places
        for (const char c : trimmed(facts.agent_words)) words.append(c == '{' || c == '}' ? 2 : 1, c);
        letter.say("\n" + words + "\n");
    }
    letter.say(Wording{"\nIf you see it differently, reply to this mail: a person looks at it again.\n",
                       "\n如果您对结果有异议，请直接回复本邮件，我们会安排人工复核。\n",
                       "\n如果您對結果有異議，請直接回覆本郵件，我們會安排專人複核。\n"});
    return letter.closed_with(ground.subject.in(to.language));
}

}  // namespace okpay::desk
