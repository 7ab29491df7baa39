// SPDX-License-Identifier: Apache-2.0
#include "desk/ask_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "desk/letter.hpp"
#include "desk/lifecycle.hpp"

namespace okpay::desk {
namespace {

struct MissingFact {
    std::string_view name;
    Wording words;
};
constexpr std::array missing_facts{
    MissingFact{"transaction_id",
                {"the number of the payment (pay_…), or the merchant's order number", "交易号（以 pay_ 开头）或商户订单号",
                 "交易號（以 pay_ 開頭）或商戶訂單號"}},
    MissingFact{"amount", {"the amount and its currency", "金额和币种", "金額和幣別"}},
    MissingFact{"transaction_time",
                {"the day, and the time if you know it", "付款日期，如果记得，也请写明时间",
                 "付款日期，如果記得，也請寫明時間"}},
    MissingFact{"error_code_or_message",
                {"the error code or message on the screen, word for word or as a picture",
                 "屏幕上的错误代码或提示原文，截图也可以", "螢幕上的錯誤代碼或提示原文，截圖也可以"}},
    MissingFact{"problem_description",
                {"what you did, and what happened instead", "您做了哪些操作，出现了什么情况",
                 "您做了哪些操作，出現了什麼情況"}},
    MissingFact{"account_identifier",
                {"the mail address or phone number of your account", "您账户的注册邮箱或手机号",
                 "您帳戶的註冊信箱或手機號碼"}},
    MissingFact{"new_value", {"what it should be changed to", "希望更改成什么内容", "希望更改成什麼內容"}},
    MissingFact{"card_last4",
                {"the last four digits of the card, and no more", "卡号后四位（只要后四位）", "卡號末四碼（只要末四碼）"}},
};

bool stands_in(std::string_view name, std::span<const std::string> facts) {
    return std::ranges::find(facts, name) != facts.end();
}

}  // namespace

bool is_fact(std::string_view name) {
    return std::ranges::find(missing_facts, name, &MissingFact::name) != missing_facts.end();
}

std::vector<std::string> facts_to_ask(const Ticket& ticket, std::span<const std::string> missing) {
    std::vector<std::string> facts;
    if (ticket.route != asking_route) return facts;
    for (const MissingFact& fact : missing_facts) {
        if (stands_in(fact.name, missing)) facts.emplace_back(fact.name);
    }
    return facts;
}

std::vector<std::string> still_missing(std::span<const std::string> asked, std::span<const std::string> given) {
    const bool by_number = stands_in("transaction_id", given);
    // Of amount and time one may have been told before it was asked for.
    const auto told = [&](std::string_view name) { return stands_in(name, given) || !stands_in(name, asked); };
    const bool by_amount_and_time =
        told("amount") && told("transaction_time") && (stands_in("amount", given) || stands_in("transaction_time", given));
    std::vector<std::string> missing;
    for (const std::string& fact : asked) {
        const bool one_way = fact == "amount" || fact == "transaction_time";
        if (stands_in(fact, given) || (by_number && one_way) || (by_amount_and_time && fact == "transaction_id")) continue;
        missing.push_back(fact);
    }
    return missing;
}

MailText ask_for_facts(const FactsQuestion& question) {
    const Language language = question.language;
    const std::string number = question.number.text();
    const bool known = !question.zone.empty();
    const std::string due =
        known ? when(question.zone, question.first_reply_due) : stranger_deadline(language, question.first_reply_due);
    MailText mail;
    mail.subject = subject_with(question.number,
                                Wording{"We need a few details from you", "请补充几项信息", "請補充幾項資訊"}.in(language));
    mail.body = greeting(language, question.name);
    mail.body +=
        Wording{fmt::format("We have received your message. Its request number is {}. To help you we still need:\n\n",
                            number),
                fmt::format("我们已收到您的来信，请求编号为 {}。为了尽快帮您处理，还需要您补充：\n\n", number),
                fmt::format("我們已收到您的來信，請求編號為 {}。為了盡快幫您處理，還需要您補充：\n\n", number)}
            .in(language);
    for (const MissingFact& fact : missing_facts) {
        if (stands_in(fact.name, question.facts)) mail.body += fmt::format("  · {}\n", fact.words.in(language));
    }
    if (!question.link.empty()) {
        const bool picks = stands_in("transaction_id", question.facts);
        mail.body +=
            (picks ? Wording{"\nHere you can pick the payment from your own list, and add a picture.",
                             "\n您可以在下面的页面直接选择相关交易，也可以上传截图。",
                             "\n您可以在下面的頁面直接選擇相關交易，也可以上傳截圖。"}
                   : Wording{"\nHere you can fill it in, and add a picture.", "\n您可以在下面的页面填写，也可以上传截图。",
                             "\n您可以在下面的頁面填寫，也可以上傳截圖。"})
                .in(language);
        mail.body += Wording{" The link works once, within three days:\n\n", "链接三天内有效，只能使用一次：\n\n",
                             "連結三天內有效，只能使用一次：\n\n"}
                         .in(language);
        mail.body += fmt::format("{}\n", question.link);
    }
    mail.body += question.link.empty() ? Wording{"\nJust reply to this mail; what you do not know you can leave out.\n\n",
                                                 "\n直接回复本邮件即可，不清楚的项目可以不填。\n\n",
                                                 "\n直接回覆本郵件即可，不清楚的項目可以不填。\n\n"}
                                             .in(language)
                                       : Wording{"\nOr just reply to this mail. What you do not know you can leave out.\n\n",
                                                 "\n也可以直接回复本邮件，不清楚的项目可以不填。\n\n",
                                                 "\n也可以直接回覆本郵件，不清楚的項目可以不填。\n\n"}
                                             .in(language);
    mail.body +=
        Wording{fmt::format(
                    "What happens next: as soon as we have it, we go on. Without it a person looks at your request all the "
                    "same, and you hear from us by {} at the latest.\n\n",
                    due),
                fmt::format(
                    "接下来：收到后我们会马上继续处理。即使您暂时无法补充，我们也会安排人工查看，最迟于 {} 前回复您。\n\n",
                    due),
                fmt::format(
                    "接下來：收到後我們會馬上繼續處理。即使您暫時無法補充，我們也會安排專人查看，最遲於 {} 前回覆您。\n\n",
                    due)}
            .in(language);
    mail.body += fmt::format("{}\n", safety_note(language));
    if (known) mail.body += fmt::format("\n{}", zone_note(language, question.zone));
    mail.body += signature(language, question.house);
    return mail;
}

}  // namespace okpay::desk
