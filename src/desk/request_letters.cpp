// SPDX-License-Identifier: Apache-2.0
#include "desk/request_letters.hpp"

#include <fmt/format.h>

#include <array>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "customers/local_time.hpp"
#include "desk/letter.hpp"

namespace okpay::desk {
namespace {

// Owns its words: they are put together from parts.
struct Words {
    std::string en, zh_hans, zh_hant;
    [[nodiscard]] std::string in(Language language) const { return std::string{Wording{en, zh_hans, zh_hant}.in(language)}; }
};

MailText closed(const LetterTo& to, const BoundFigure& amount, std::string subject, std::string_view body) {
    const std::array figures{amount};
    const auto rendered = Draft{greeting(to.language, to.name) + std::string{body} + "\n" + zone_note(to.language, to.zone) +
                                signature(to.language, to.house)}
                              .render(figures, to.language);
    ensure(rendered.has_value());  // one place, one figure of a row
    return {.subject = std::move(subject), .body = *rendered};
}

// A subject is no draft: braces stand there once. A name that looks like a link is not shown at all.
std::string person(std::string_view name, Language language) {
    if (inert(name).empty() || looks_like_link(name)) {
        return std::string{Wording{"somebody", "有人", "有人"}.in(language)};
    }
    const std::string shown = inert(name);
    return Words{fmt::format("“{}”", shown), fmt::format("“{}”", shown), fmt::format("「{}」", shown)}.in(language);
}

std::string in_subject(std::string text) {
    for (const std::string_view doubled : {"{{", "}}"}) {
        for (auto at = text.find(doubled); at != std::string::npos; at = text.find(doubled, at + 1)) text.erase(at, 1);
    }
    return text;
}

std::string note(const LetterTo& to, std::string_view memo) {
    const std::string shown = inert(memo);
    if (shown.empty()) return "";
    if (looks_like_link(memo)) {
        return Words{"There is a note with it. It looks like a link or an address, so we leave it out of this mail.\n",
                     "对方附了一条留言。其中疑似含有链接或地址，因此未列入本邮件。\n",
                     "對方附了一則留言。其中疑似含有連結或地址，因此未列入本郵件。\n"}
            .in(to.language);
    }
    return Words{fmt::format("Their words, not ours: “{}”\n", shown),
                 fmt::format("对方的留言（非本平台内容）：“{}”\n", shown),
                 fmt::format("對方的留言（非本平台內容）：「{}」\n", shown)}
        .in(to.language);
}

Words reason(ScheduleTrouble trouble) {
    switch (trouble) {
    case ScheduleTrouble::no_money:
        return {"There was not enough money in your wallet.", "您的钱包余额不足。", "您的錢包餘額不足。"};
    case ScheduleTrouble::locked: return {"Your account is locked.", "您的账户已被锁定。", "您的帳戶已被鎖定。"};
    case ScheduleTrouble::frozen:
        return {"One of the two accounts is frozen.", "其中一方的账户已被冻结。", "其中一方的帳戶已被凍結。"};
    case ScheduleTrouble::limit:
        return {"It would have passed a limit of your account.", "这笔转账会超出您账户的限额。",
                "這筆轉帳會超出您帳戶的限額。"};
    case ScheduleTrouble::payee_limit:
        return {"The other person cannot receive that much now.", "对方目前无法接收这么多款项。",
                "對方目前無法接收這麼多款項。"};
    case ScheduleTrouble::closed:
        return {"One of the two accounts is closed.", "其中一方的账户已关闭。", "其中一方的帳戶已關閉。"};
    case ScheduleTrouble::other: return {"It could not be made.", "这笔转账无法执行。", "這筆轉帳無法執行。"};
    }
    std::abort();
}

std::string headline(const LetterTo& to, const ScheduleFacts& facts) {
    const std::string whom = person(facts.payee, to.language);
    const std::string day = customers::local_day_text(to.zone, facts.due);
    return Words{fmt::format("Your scheduled transfer of {{1}} to {} of {}", whom, day),
                 fmt::format("您定于 {} 向{}转账 {{1}}", day, whom), fmt::format("您定於 {} 向{}轉帳 {{1}}", day, whom)}
        .in(to.language);
}

std::string goes_on(const LetterTo& to, const ScheduleFacts& facts) {
    if (!facts.next) {
        return Words{"It was the last one of this schedule.\n", "这是该计划的最后一笔。\n", "這是該計畫的最後一筆。\n"}.in(
            to.language);
    }
    const std::string at = when(to.zone, *facts.next);
    return Words{fmt::format("The schedule goes on: the next one is made on {}. You can end it in your account.\n", at),
                 fmt::format("计划继续有效：下一笔将于 {} 执行。您可以在账户中结束该计划。\n", at),
                 fmt::format("計畫繼續有效：下一筆將於 {} 執行。您可以在帳戶中結束該計畫。\n", at)}
        .in(to.language);
}

}  // namespace

bool looks_like_link(std::string_view text) {
    const std::string lower = ascii_lower(text);
    if (lower.find("://") != std::string::npos || lower.find('@') != std::string::npos ||
        lower.find("www.") != std::string::npos) {
        return true;
    }
    // "example.com": a letter or digit, a dot (also the wide ones that browsers read as one), two letters.
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; };
    const auto is_word = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
    std::string plain = lower;
    for (const std::string_view dot : {"。", "．", "｡"}) {
        for (auto at = plain.find(dot); at != std::string::npos; at = plain.find(dot, at)) {
            // A Chinese full stop between Chinese words is no dot of an address.
            const bool latin = at > 0 && static_cast<unsigned char>(plain[at - 1]) < 0x80 && is_word(plain[at - 1]);
            plain.replace(at, dot.size(), latin ? "." : " ");
        }
    }
    for (auto at = plain.find('.'); at != std::string::npos; at = plain.find('.', at + 1)) {
        if (at > 0 && is_word(plain[at - 1]) && at + 2 < plain.size() && is_letter(plain[at + 1]) &&
            is_letter(plain[at + 2])) {
            return true;
        }
    }
    return false;
}

MailText letter_money_asked(const LetterTo& to, const MoneyRequestFacts& facts, Moment expires) {
    const std::string who = person(facts.other, to.language);
    const std::string until = when(to.zone, expires);
    const std::string house = inert(to.house);
    std::string body = Words{fmt::format("Another customer, who goes by the name of {}, asks you for {{1}}.\n", who),
                             fmt::format("另一位用户（自称{}）向您请求付款 {{1}}。\n", who),
                             fmt::format("另一位用戶（自稱{}）向您請求付款 {{1}}。\n", who)}
                           .in(to.language);
    body += note(to, facts.memo);
    body += "\n";
    body +=
        Words{fmt::format("This is not a demand of {0}, and {0} has not looked into it. Pay only somebody you know. "
                          "Nothing happens unless you pay it in your account, which you open yourself; you can decline "
                          "it there. It ends by itself on {1}.\n",
                          house, until),
              fmt::format("这不是 {0} 的收款要求，{0} 也未核实其内容。请只向您认识的人付款。除非您自行登录账户并付款，否则"
                          "不会发生任何扣款；您也可以在账户中拒绝。该请求将于 {1} 自动失效。\n",
                          house, until),
              fmt::format("這不是 {0} 的收款要求，{0} 也未查證其內容。請只向您認識的人付款。除非您自行登入帳戶並付款，否則"
                          "不會發生任何扣款；您也可以在帳戶中拒絕。該請求將於 {1} 自動失效。\n",
                          house, until)}
            .in(to.language);
    return closed(to, facts.amount,
                  in_subject(Words{fmt::format("{} asks you for money", who), fmt::format("{}向您请求付款", who),
                                   fmt::format("{}向您請求付款", who)}
                                 .in(to.language)),
                  body);
}

MailText letter_request_paid(const LetterTo& to, const MoneyRequestFacts& facts) {
    const std::string who = person(facts.other, to.language);
    const std::string house = inert(to.house);
    const std::string body =
        Words{fmt::format("{} has paid your request for {{1}}. The money is in your {} wallet.\n", who, house),
              fmt::format("{}已支付您请求的 {{1}}，款项已在您的 {} 钱包中。\n", who, house),
              fmt::format("{}已支付您請求的 {{1}}，款項已在您的 {} 錢包中。\n", who, house)}
            .in(to.language);
    return closed(to, facts.amount,
                  in_subject(Words{fmt::format("{} has paid your request", who), fmt::format("{}已支付您的收款请求", who),
                                   fmt::format("{}已支付您的收款請求", who)}
                                 .in(to.language)),
                  body);
}

MailText letter_request_declined(const LetterTo& to, const MoneyRequestFacts& facts) {
    const std::string who = person(facts.other, to.language);
    const std::string body = Words{fmt::format("{} has declined your request for {{1}}. No money moved.\n", who),
                                   fmt::format("{}拒绝了您请求的 {{1}}。没有发生任何转账。\n", who),
                                   fmt::format("{}拒絕了您請求的 {{1}}。沒有發生任何轉帳。\n", who)}
                                 .in(to.language);
    return closed(to, facts.amount,
                  in_subject(Words{fmt::format("{} has declined your request", who),
                                   fmt::format("{}拒绝了您的收款请求", who), fmt::format("{}拒絕了您的收款請求", who)}
                                 .in(to.language)),
                  body);
}

MailText letter_transfer_tried_again(const LetterTo& to, const ScheduleFacts& facts) {
    ensure(facts.next.has_value());
    const std::string at = when(to.zone, *facts.next);
    std::string body = headline(to, facts);
    body += Words{" was not made.\n\n", "，这笔转账未能执行。\n\n", "，這筆轉帳未能執行。\n\n"}.in(to.language);
    body += reason(ScheduleTrouble::no_money).in(to.language);
    body +=
        Words{fmt::format(" We try again on {}, and once more the day after if need be. Top up your wallet before then.\n",
                          at),
              fmt::format("我们将于 {} 再试一次，必要时次日再试最后一次。请在此之前充值。\n", at),
              fmt::format("我們將於 {} 再試一次，必要時次日再試最後一次。請在此之前儲值。\n", at)}
            .in(to.language);
    return closed(to, facts.amount,
                  Words{"Your scheduled transfer was not made, we try again", "您的定期转账未能执行，我们会再试",
                        "您的定期轉帳未能執行，我們會再試"}
                      .in(to.language),
                  body);
}

MailText letter_transfer_skipped(const LetterTo& to, const ScheduleFacts& facts, ScheduleTrouble trouble) {
    std::string body = headline(to, facts);
    body += Words{" was not made, and it is not tried again.\n\n", "，这笔转账未能执行，也不会再试。\n\n",
                  "，這筆轉帳未能執行，也不會再試。\n\n"}
                .in(to.language);
    body += reason(trouble).in(to.language) + "\n" + goes_on(to, facts);
    return closed(to, facts.amount,
                  Words{"Your scheduled transfer was not made", "您的定期转账未能执行", "您的定期轉帳未能執行"}.in(
                      to.language),
                  body);
}

MailText letter_transfers_missed(const LetterTo& to, const ScheduleFacts& facts, std::int64_t missed) {
    const std::string whom = person(facts.payee, to.language);
    const std::string day = customers::local_day_text(to.zone, facts.due);
    std::string body =
        missed == 1
            ? headline(to, facts) + Words{" was not made, and it is not tried again.\n\n",
                                          "，这笔转账未执行，也不会补做。\n\n", "，這筆轉帳未執行，也不會補做。\n\n"}
                                        .in(to.language)
            : Words{fmt::format("{} of your scheduled transfers of {{1}} to {}, from {} on, were not made, and they are not "
                                "made up for.\n\n",
                                missed, whom, day),
                    fmt::format("您向{}转账 {{1}} 的计划中，自 {} 起有 {} 笔未执行，也不会补做。\n\n", whom, day, missed),
                    fmt::format("您向{}轉帳 {{1}} 的計畫中，自 {} 起有 {} 筆未執行，也不會補做。\n\n", whom, day, missed)}
                  .in(to.language);
    body +=
        Words{
            "Several were due at once, and we make only the latest of them. If the money is still owed, please send it "
            "yourself.\n",
            "同时有多笔到期，我们只执行其中最近的几笔。如仍需付款，请您自行转账。\n",
            "同時有多筆到期，我們只執行其中最近的幾筆。如仍需付款，請您自行轉帳。\n"}
            .in(to.language);
    return closed(to, facts.amount,
                  Words{"Scheduled transfers were not made", "部分定期转账未执行", "部分定期轉帳未執行"}.in(to.language),
                  body);
}

MailText letter_schedule_stopped(const LetterTo& to, const ScheduleFacts& facts, ScheduleTrouble trouble) {
    std::string body = headline(to, facts);
    body += Words{" was not made, and we have ended the schedule.\n\n", "，这笔转账未能执行，我们已结束该计划。\n\n",
                  "，這筆轉帳未能執行，我們已結束該計畫。\n\n"}
                .in(to.language);
    body += reason(trouble).in(to.language) + "\n";
    return closed(to, facts.amount,
                  Words{"Your scheduled transfer was ended", "您的定期转账已结束", "您的定期轉帳已結束"}.in(to.language),
                  body);
}

}  // namespace okpay::desk
