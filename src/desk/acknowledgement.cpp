// SPDX-License-Identifier: Apache-2.0
#include "desk/acknowledgement.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/text.hpp"
#include "customers/local_time.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

constexpr std::size_t inert_octets_max = 120;

// What a customer of this category wants to know at once. Empty where nothing needs saying.
std::string_view first_help(std::string_view category, Language language) {
    if (category == "duplicate_charge") {
        return Wording{
            "We are comparing your payments now. If one of them was taken twice, it goes back to where it came from. You "
            "need "
            "not pay or cancel anything in the meantime.",
            "我们正在逐笔核对您的付款。如确属重复扣款，多扣的款项会原路退回。在此期间您无需补付，也无需取消订单。",
            "我們正在逐筆核對您的付款。如確屬重複扣款，多扣的款項會原路退回。在此期間您無需補付，也無需取消訂單。"}
            .in(language);
    }
    if (category == "payment_failed") {
        return Wording{
            "We are checking whether money was taken. Please do not pay the same order again before you hear from us.",
            "我们正在核实这笔付款是否已扣款。在收到我们的答复之前，请先不要为同一订单重复付款。",
            "我們正在核實這筆付款是否已扣款。在收到我們的答覆之前，請先不要為同一訂單重複付款。"}
            .in(language);
    }
    if (category == "refund" || category == "topup_withdrawal") {
        return Wording{"We are tracing the money in your account history and will tell you where it is.",
                       "我们正在查询这笔款项的去向，查明后会告诉您钱在哪里。",
                       "我們正在查詢這筆款項的去向，查明後會告訴您錢在哪裡。"}
            .in(language);
    }
    if (category == "account_locked") {
        return Wording{"While an account is locked the money in it is safe, and money sent to it still arrives.",
                       "账户锁定期间，里面的钱是安全的，别人转给您的款项也照常到账。",
                       "帳戶鎖定期間，裡面的錢是安全的，別人轉給您的款項也照常到帳。"}
            .in(language);
    }
    if (category == "suspicious_activity" || category == "login_security") {
        return Wording{
            "If someone else may be using your account: do not use links in mails or messages, open our website yourself "
            "and "
            "change your password there.",
            "如果怀疑有人盗用您的账户：请勿点击邮件或短信中的链接，自行打开我们的官方网站修改密码。",
            "如果懷疑有人盜用您的帳戶：請勿點擊郵件或簡訊中的連結，自行開啟我們的官方網站修改密碼。"}
            .in(language);
    }
    return "";
}

}  // namespace

std::string stranger_deadline(Language language, Moment due) {
    constexpr std::string_view east_asia = "Etc/GMT-8";  // POSIX sign: eight hours ahead of UTC
    switch (language) {
    case Language::en: return customers::local_time_text("UTC", due) + " UTC";
    case Language::zh_hans: return "北京时间 " + customers::local_time_text(east_asia, due);
    case Language::zh_hant: return customers::local_time_text(east_asia, due) + "（台北、香港時間）";
    }
    std::abort();
}

std::string inert_line(std::string_view text) {
    std::string out;
    bool space = false;
    for (const char c : utf8_prefix(trimmed(text), inert_octets_max)) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) {
            space = true;
            continue;
        }
        if (space) out.push_back(' ');
        space = false;
        out.push_back(c);
    }
    return out;
}

std::string inert(std::string_view text) {
    std::string out;
    for (const char c : inert_line(text)) {
        out.push_back(c);
        if (c == '{' || c == '}') out.push_back(c);
    }
    return out;
}

std::string greeting(Language language, std::string_view name) {
    const std::string shown = inert(name);
    switch (language) {
    case Language::en: return shown.empty() ? "Hello,\n\n" : fmt::format("Hello {},\n\n", shown);
    case Language::zh_hans:
    case Language::zh_hant: return shown.empty() ? "您好：\n\n" : fmt::format("{}，您好：\n\n", shown);
    }
    std::abort();
}

std::string signature(Language language, std::string_view house) {
    return fmt::format("\n{}{}\n", inert(house), Wording{" support", " 客服", " 客服"}.in(language));
}

std::string subject_with(RequestNumber number, std::string_view words) {
    return fmt::format("{} {}", number.in_brackets(), words);
}

std::string when(std::string_view zone, Moment at) { return customers::local_time_text(zone, at); }

std::string when_exactly(std::string_view zone, Moment at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at) - std::chrono::floor<std::chrono::minutes>(at);
    return fmt::format("{}:{:02}", when(zone, at), seconds.count());
}

std::string instrument_words(Language language, std::string_view instrument) {
    constexpr std::string_view card = "card ";
    constexpr std::size_t shown_digits = 4;
    const std::string plain = inert(instrument);
    if (!plain.starts_with(card) || plain.size() < card.size() + shown_digits) return plain;
    const std::string_view last = std::string_view{plain}.substr(plain.size() - shown_digits);
    switch (language) {
    case Language::en: return plain;
    case Language::zh_hans: return fmt::format("尾号 {} 的银行卡", last);
    case Language::zh_hant: return fmt::format("末四碼 {} 的銀行卡", last);
    }
    std::abort();
}

std::string zone_note(Language language, std::string_view zone) {
    const std::string_view shown = customers::is_zone(zone) ? zone : "UTC";
    switch (language) {
    case Language::en: return fmt::format("All times are your local time ({}).\n", shown);
    case Language::zh_hans: return fmt::format("以上时间均为您的当地时间（{}）。\n", shown);
    case Language::zh_hant: return fmt::format("以上時間均為您的當地時間（{}）。\n", shown);
    }
    std::abort();
}

std::string_view safety_note(Language language) {
    return Wording{"Please never send passwords, one-time codes or full card numbers. We do not ask for them.",
                   "请勿在邮件中发送密码、验证码或完整卡号，我们不会向您索要这些信息。",
                   "請勿在郵件中提供密碼、驗證碼或完整卡號，我們不會向您索取這些資訊。"}
        .in(language);
}

MailText acknowledge_stranger(const StrangerAcknowledgement& facts) {
    const std::string number = facts.number.text();
    const std::string due = stranger_deadline(facts.language, facts.first_reply_due);
    const std::string_view safety = safety_note(facts.language);
    MailText mail;
    mail.subject =
        subject_with(facts.number, Wording{"We have received your message", "我们已收到您的来信", "我們已收到您的來信"}.in(
                                       facts.language));
    mail.body = greeting(facts.language, "");
    switch (facts.language) {
    case Language::en:
        mail.body += fmt::format(
            "We have received your message. Its request number is {0}.\n\n"
            "What happens next: we read it and reply to this address by {1} at the latest.\n\n"
            "To add something, reply to this mail and leave {0} in the subject. {2}\n\n"
            "If you did not write to us, you need not do anything.\n",
            number, due, safety);
        break;
    case Language::zh_hans:
        mail.body += fmt::format(
            "我们已收到您的来信，请求编号为 {0}。\n\n"
            "接下来：我们会查看您的来信，最迟于{1} 前回复至此邮箱。\n\n"
            "如需补充，请直接回复本邮件，并在主题中保留 {0}。{2}\n\n"
            "如果您没有联系过我们，请忽略本邮件。\n",
            number, due, safety);
        break;
    case Language::zh_hant:
        mail.body += fmt::format(
            "我們已收到您的來信，請求編號為 {0}。\n\n"
            "接下來：我們會查看您的來信，最遲於 {1}前回覆至此信箱。\n\n"
            "如需補充，請直接回覆本郵件，並在主旨中保留 {0}。{2}\n\n"
            "如果您沒有聯絡過我們，請忽略本郵件。\n",
            number, due, safety);
        break;
    }
    mail.body += signature(facts.language, facts.house);
    return mail;
}

MailText acknowledge_customer(const CustomerAcknowledgement& facts) {
    const std::string number = facts.number.text();
    const std::string reply_due = when(facts.zone, facts.first_reply_due);
    const std::string_view help = first_help(facts.category, facts.language);
    MailText mail;
    mail.subject = subject_with(facts.number,
                                Wording{"We are on it", "我们已收到您的来信，正在处理", "我們已收到您的來信，正在處理"}.in(
                                    facts.language));
    mail.body = greeting(facts.language, facts.name);
    switch (facts.language) {
    case Language::en:
        mail.body +=
            fmt::format("Thank you for writing. We have received your message; its request number is {}.\n\n", number);
        if (!help.empty()) mail.body += fmt::format("{}\n\n", help);
        mail.body += fmt::format("What happens next: you hear from us by {} at the latest.", reply_due);
        if (facts.investigation_due) {
            mail.body +=
                fmt::format(" We will have looked into the payment by {}.", when(facts.zone, *facts.investigation_due));
        }
        mail.body += "\n\nTo add something, reply to this mail. ";
        break;
    case Language::zh_hans:
        mail.body += fmt::format("您的来信我们已经收到，请求编号为 {}。\n\n", number);
        if (!help.empty()) mail.body += fmt::format("{}\n\n", help);
        mail.body += fmt::format("接下来：我们最迟于 {} 前回复您", reply_due);
        mail.body += facts.investigation_due
                         ? fmt::format("，并于 {} 前给出这笔款项的核查结果。", when(facts.zone, *facts.investigation_due))
                         : "。";
        mail.body += "\n\n如需补充，直接回复本邮件即可。";
        break;
    case Language::zh_hant:
        mail.body += fmt::format("您的來信我們已經收到，請求編號為 {}。\n\n", number);
        if (!help.empty()) mail.body += fmt::format("{}\n\n", help);
        mail.body += fmt::format("接下來：我們最遲於 {} 前回覆您", reply_due);
        mail.body += facts.investigation_due
                         ? fmt::format("，並於 {} 前告知這筆款項的查核結果。", when(facts.zone, *facts.investigation_due))
                         : "。";
        mail.body += "\n\n如需補充，直接回覆本郵件即可。";
        break;
    }
    mail.body += fmt::format("{}\n\n{}", safety_note(facts.language), zone_note(facts.language, facts.zone));
    mail.body += signature(facts.language, facts.house);
    return mail;
}

std::string shape_of(std::string_view text) {
    const auto is_word = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    };
    std::string shape;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_word(text[end])) ++end;
        const std::string_view word = text.substr(at, end - at);
        if (word.find_first_of("0123456789") == std::string_view::npos) shape += ascii_lower(word);
        for (at = end; at < text.size() && !is_word(text[at]); ++at) {
            const bool blank = text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r';
            if (!blank) shape += text[at];
            else if (!shape.ends_with(' ')) shape += ' ';
        }
    }
    return std::string{trimmed(shape)};
}

}  // namespace okpay::desk
