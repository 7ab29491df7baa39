// SPDX-License-Identifier: Apache-2.0
#include "desk/rail_letters.hpp"

#include <fmt/format.h>

#include <array>

#include "base/ensure.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

// Owns its words: they are put together from parts.
struct Words {
    std::string en, zh_hans, zh_hant;
    [[nodiscard]] std::string in(Language language) const { return std::string{Wording{en, zh_hans, zh_hant}.in(language)}; }
};

Words thing(const RailLetterFacts& facts) {
    switch (facts.thing) {
    case RailThing::top_up: return {"top-up", "充值", "儲值"};
    case RailThing::withdrawal: return {"withdrawal", "提现", "提領"};
    case RailThing::card_payment: return {"card payment", "银行卡付款", "刷卡付款"};
    case RailThing::card_refund: return {"refund", "退款", "退款"};
    }
    std::abort();
}

// "Your top-up of {1} by card ending in 4242 at 2026-11-05 17:48": the figure is the only place.
std::string headline(const RailLetterTo& to, const RailLetterFacts& facts) {
    const std::string what = thing(facts).in(to.language);
    const std::string at = when(to.zone, facts.asked_for);
    const std::string by = inert(instrument_words(to.language, facts.instrument));
    const std::string way = by.empty() ? "" : fmt::format(" ({})", by);
    return Words{fmt::format("Your {} of {{1}}{} of {}", what, way, at),
                 fmt::format("您于 {} 发起的{} {{1}}{}", at, what, way),
                 fmt::format("您於 {} 發起的{} {{1}}{}", at, what, way)}
        .in(to.language);
}

MailText closed(const RailLetterTo& to, const RailLetterFacts& facts, std::string_view subject, std::string_view body) {
    const std::array figures{facts.amount};
    const auto rendered = Draft{greeting(to.language, to.name) + std::string{body} + "\n" + zone_note(to.language, to.zone) +
                                signature(to.language, to.house)}
                              .render(figures, to.language);
    ensure(rendered.has_value());  // one place, one figure of a row
    return {.subject = subject_with(to.number, subject), .body = *rendered};
}

Words done_words(const RailLetterFacts& facts, const std::string& house) {
    switch (facts.thing) {
    case RailThing::top_up:
        return {fmt::format("The money is in your {} wallet. You can use it now.\n", house),
                fmt::format("款项已在您的 {} 钱包中，现在即可使用。\n", house),
                fmt::format("款項已在您的 {} 錢包中，現在即可使用。\n", house)};
    case RailThing::withdrawal:
        return {"The bank has taken the order. Banks usually show the money within 1 to 3 business days.\n",
                "银行已受理，一般在 1 至 3 个工作日内到账。\n", "銀行已受理，一般在 1 至 3 個工作日內入帳。\n"};
    case RailThing::card_payment:
        return {"The shop has its money. You need not pay again.\n", "商户已收到款项，您无需再次付款。\n",
                "商家已收到款項，您無需再次付款。\n"};
    case RailThing::card_refund:
        return {"The bank has taken the order. Cards usually show a refund within 3 to 7 business days.\n",
                "银行已受理，银行卡一般在 3 至 7 个工作日内显示退款。\n",
                "銀行已受理，卡片一般在 3 至 7 個工作日內顯示退款。\n"};
    }
    std::abort();
}

Words not_done_words(const RailLetterFacts& facts, const std::string& house) {
    switch (facts.thing) {
    case RailThing::top_up:
        return {
            "No money was taken. If your bank shows a reserved amount, it is released by itself, usually within 7 "
            "business days. You can try again, or use another card.\n",
            "没有扣款。若银行显示预授权占用，一般会在 7 个工作日内自动解除。您可以重试或换一张卡。\n",
            "沒有扣款。若銀行顯示預授權保留，一般會在 7 個工作日內自動解除。您可以重試或換一張卡。\n"};
    case RailThing::withdrawal:
        return {fmt::format("All of the money is back in your {} wallet. Check the account you gave before you try again.\n",
                            house),
                fmt::format("款项已全额退回您的 {} 钱包。重试前请核对收款账户。\n", house),
                fmt::format("款項已全額退回您的 {} 錢包。重試前請核對收款帳戶。\n", house)};
    case RailThing::card_payment:
        return {
            "No money was taken, and the shop was not paid. If your bank shows a reserved amount, it is released by itself, "
            "usually within 7 business days. You can pay again, or use another card.\n",
            "没有扣款，商户也未收到款项。若银行显示预授权占用，一般会在 7 个工作日内自动解除。您可以重新付款或换一张卡。\n",
            "沒有扣款，商家也未收到款項。若銀行顯示預授權保留，一般會在 7 個工作日內自動解除。您可以重新付款或換一張卡。\n"};
    case RailThing::card_refund:
        return {
            "The money is not lost: it is set aside for you again. Your request is open again, and a colleague looks for "
            "another way to give it back. You need not do anything.\n",
            "款项没有丢失：该金额仍可退还给您。您的请求已重新打开，同事会寻找其他退款方式，您无需任何操作。\n",
            "款項沒有遺失：該金額仍可退還給您。您的請求已重新開啟，同事會尋找其他退款方式，您無需任何操作。\n"};
    }
    std::abort();
}

Words refused_words(const RailLetterFacts& facts) {
    switch (facts.thing) {
    case RailThing::top_up:
    case RailThing::card_payment: return {" was declined by the bank.\n", "被银行拒绝。\n", "被銀行拒絕。\n"};
    case RailThing::withdrawal:
        return {" was refused by the bank of the account.\n", "被收款银行拒绝。\n", "被收款銀行拒絕。\n"};
    case RailThing::card_refund:
        return {" was refused by the bank of the card.\n", "被发卡银行拒绝。\n", "被發卡銀行拒絕。\n"};
    }
    std::abort();
}

Words what_happened(const RailLetterFacts& facts, RailOutcome outcome) {
    switch (outcome) {
    case RailOutcome::done: return {" went through, once.\n", "已成功，且只执行了一次。\n", "已成功，且只執行了一次。\n"};
    case RailOutcome::refused: return refused_words(facts);
    case RailOutcome::never_arrived: return {" never reached the bank.\n", "没有到达银行。\n", "沒有送達銀行。\n"};
    case RailOutcome::came_back:
        return {" was paid out, and the bank has sent it back.\n", "已汇出，但被银行退回。\n", "已匯出，但被銀行退回。\n"};
    }
    std::abort();
}

// What is not known, and what follows from either answer.
Words unknown_words(const RailLetterFacts& facts) {
    switch (facts.thing) {
    case RailThing::top_up:
        return {
            "What happened: the bank has not told us whether it took the money. If it did, the money comes into "
            "your wallet, once. If it did not, nothing was taken.\n",
            "发生了什么：银行尚未告知是否已扣款。若已扣款，款项会计入您的钱包，且只计一次；若未扣款，则没有任何损失。\n",
            "發生了什麼：銀行尚未告知是否已扣款。若已扣款，款項會計入您的錢包，且只計一次；若未扣款，則沒有任何損失。\n"};
    case RailThing::withdrawal:
        return {
            "What happened: the bank has our order and has not told us whether it carried it out. The money has "
            "left your wallet and waits; it goes to the account you gave, or comes back to you whole.\n",
            "发生了什么：银行收到了我们的指令，但尚未告知是否执行。款项已离开您的钱包并暂存，最终要么到达收款账户，要么全额"
            "退回给您。\n",
            "發生了什麼：銀行收到了我們的指令，但尚未告知是否執行。款項已離開您的錢包並暫存，最終要麼入帳收款帳戶，要麼全額"
            "退回給您。\n"};
    case RailThing::card_payment:
        return {
            "What happened: the bank of your card has not told us whether it took the money. If it did, the shop is paid, "
            "once. If it did not, nothing was taken and you can pay again.\n",
            "发生了什么：发卡银行尚未告知是否已扣款。若已扣款，商户会收到款项，且只收一次；若未扣款，则没有任何损失，您可重"
            "新付款。\n",
            "發生了什麼：發卡銀行尚未告知是否已扣款。若已扣款，商家會收到款項，且只收一次；若未扣款，則沒有任何損失，您可重"
            "新付款。\n"};
    case RailThing::card_refund:
        return {
            "What happened: the bank has our order and has not told us whether it carried it out. The money has left the "
            "shop's account and waits; it reaches your card, or we give it back to you in another way.\n",
            "发生了什么：银行收到了我们的指令，但尚未告知是否执行。款项已离开商户账户并暂存，最终要么退到您的银行卡，要么以"
            "其他方式退还给您。\n",
            "發生了什麼：銀行收到了我們的指令，但尚未告知是否執行。款項已離開商家帳戶並暫存，最終要麼退到您的卡片，要麼以其"
            "他方式退還給您。\n"};
    }
    std::abort();
}

}  // namespace

MailText letter_outcome_unknown(const RailLetterTo& to, const RailLetterFacts& facts, Moment next_word) {
    const std::string what = thing(facts).in(to.language);
    const std::string by = when(to.zone, next_word);
    std::string body = headline(to, facts);
    body += Words{" is not clear yet.\n", "目前结果还不明确。\n", "目前結果還不明確。\n"}.in(to.language);
    const bool theirs = facts.thing != RailThing::card_refund;  // a customer cannot make a refund again
    if (theirs) {
        body += Words{fmt::format("\nPlease do not make this {} again: it might be done twice.\n", what),
                      fmt::format("\n请不要再次发起这笔{}，以免重复。\n", what),
                      fmt::format("\n請不要再次發起這筆{}，以免重複。\n", what)}
                    .in(to.language);
    }
    body += "\n" + unknown_words(facts).in(to.language);
    body += Words{fmt::format("What happens next: we keep asking the bank and write to you as soon as we know, by {} at the "
                              "latest. You need not do anything.\n",
                              by),
                  fmt::format("接下来：我们会持续向银行查询，一有结果立即写信给您，最晚不超过 {}。您无需任何操作。\n", by),
                  fmt::format("接下來：我們會持續向銀行查詢，一有結果立即寫信給您，最晚不超過 {}。您無需任何操作。\n", by)}
                .in(to.language);
    const Words subject = theirs ? Words{fmt::format("Your {} is not clear yet, please do not repeat it", what),
                                         fmt::format("您的{}结果尚不明确，请勿重复操作", what),
                                         fmt::format("您的{}結果尚不明確，請勿重複操作", what)}
                                 : Words{"Your refund is on its way and not confirmed yet", "您的退款已在途中，尚未确认",
                                         "您的退款已在途中，尚未確認"};
    return closed(to, facts, subject.in(to.language), body);
}

MailText letter_refund_on_its_way(const RailLetterTo& to, const RailLetterFacts& facts) {
    std::string body = headline(to, facts);
    body += Words{" is on its way.\n\n", "已在途中。\n\n", "已在途中。\n\n"}.in(to.language);
    body +=
        Words{
            "It goes back to where it was taken from. We write to you when the bank has taken the order; cards usually "
            "show a refund within 3 to 7 business days after that. You need not do anything.\n",
            "款项将原路退回。银行受理后我们会写信告知，之后银行卡一般在 3 至 7 个工作日内显示退款。您无需任何操作。\n",
            "款項將原路退回。銀行受理後我們會寫信告知，之後卡片一般在 3 至 7 個工作日內顯示退款。您無需任何操作。\n"}
            .in(to.language);
    return closed(to, facts, Words{"Your refund is on its way", "您的退款已在途中", "您的退款已在途中"}.in(to.language),
                  body);
}

MailText letter_outcome(const RailLetterTo& to, const RailLetterFacts& facts, RailOutcome outcome) {
    const std::string what = thing(facts).in(to.language);
    const std::string house = inert(to.house);
    std::string body = headline(to, facts) + what_happened(facts, outcome).in(to.language) + "\n";
    body += (outcome == RailOutcome::done ? done_words(facts, house) : not_done_words(facts, house)).in(to.language);
    const Words subject =
        outcome == RailOutcome::done ? Words{fmt::format("Your {} went through", what), fmt::format("您的{}已成功", what),
                                             fmt::format("您的{}已成功", what)}
        : outcome == RailOutcome::came_back ? Words{fmt::format("Your {} came back", what),
                                                    fmt::format("您的{}已被退回", what), fmt::format("您的{}已被退回", what)}
                                            : Words{fmt::format("Your {} was not made", what),
                                                    fmt::format("您的{}未成功", what), fmt::format("您的{}未成功", what)};
    return closed(to, facts, subject.in(to.language), body);
}

}  // namespace okpay::desk
