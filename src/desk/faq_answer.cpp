// SPDX-License-Identifier: Apache-2.0
#include "desk/faq_answer.hpp"

#include <fmt/format.h>

#include "desk/letter.hpp"

namespace okpay::desk {

MailText answer_from_faq(const FaqAnswer& facts) {
    const std::string number = facts.number.text();
    MailText mail;
    mail.subject =
        subject_with(facts.number,
                     Wording{"An answer to your question", "您的问题的解答", "您的問題的解答"}.in(facts.language));
    mail.body = greeting(facts.language, facts.name);
    switch (facts.language) {
    case Language::en:
        mail.body += fmt::format(
            "Thank you for writing. Your request number is {0}. Our help pages answer this question, so here it is at "
            "once:\n\n{1}\n\n{2}\nThe same on our website: {3}\n\n"
            "Did this help? Then you need not do anything.\n"
            "If not, reply to this mail in your own words. A person reads your reply and answers within 24 hours. {4}\n",
            number, facts.title, facts.text, facts.link, safety_note(facts.language));
        break;
    case Language::zh_hans:
        mail.body += fmt::format(
            "您的来信我们已经收到，请求编号为 {0}。您问的内容帮助中心已有解答，先附在这里：\n\n"
            "{1}\n\n{2}\n网页版：{3}\n\n"
            "这个回答有帮助吗？如果有，您无需再做什么。\n"
            "如果没有，请直接回复本邮件说明情况。您的回复由工作人员阅读，并在 24 小时内答复。{4}\n",
            number, facts.title, facts.text, facts.link, safety_note(facts.language));
        break;
    case Language::zh_hant:
        mail.body += fmt::format(
            "您的來信我們已經收到，請求編號為 {0}。您問的內容說明中心已有解答，先附在這裡：\n\n"
            "{1}\n\n{2}\n網頁版：{3}\n\n"
            "這個回答有幫助嗎？如果有，您無需再做什麼。\n"
            "如果沒有，請直接回覆本郵件說明情況。您的回覆由專人閱讀，並在 24 小時內答覆。{4}\n",
            number, facts.title, facts.text, facts.link, safety_note(facts.language));
        break;
    }
    mail.body += signature(facts.language, facts.house);
    return mail;
}

bool may_be_answered_from_faq(const FaqQuestion& question) {
    if (question.route != "auto_answer" || question.confidence < faq_confidence_min) return false;
    if (question.category != "general_howto" && question.category != "fees_limits") return false;
    if (question.automatic || question.forged || question.several_senders || question.flagged) return false;
    if (question.names_a_case || question.urgent || question.other_issues > 0) return false;
    return !question.names_amounts || question.category == "fees_limits";  // "what does it cost to withdraw 500?"
}

}  // namespace okpay::desk
