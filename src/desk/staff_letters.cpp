// SPDX-License-Identifier: Apache-2.0
#include "desk/staff_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "desk/language.hpp"

namespace okpay::desk {
namespace {

struct ClockWords {
    std::string_view en, zh;
};
ClockWords words_of(ClockKind kind) {
    switch (kind) {
    case ClockKind::first_reply: return {"first reply", "首次回复"};
    case ClockKind::next_reply: return {"next reply", "后续回复"};
    case ClockKind::investigation: return {"investigation of the payment", "付款核查"};
    case ClockKind::promise: return {"what we promised the customer", "对客户的承诺"};
    case ClockKind::side_thread: return {"an answer from outside", "外部机构的答复"};
    }
    std::abort();
}

}  // namespace

MailText letter_of_clocks(std::span<const ClockLine> lines, std::string_view workspace) {
    const auto late = std::ranges::count_if(lines, &ClockLine::late);
    const ClockLine& first = lines.front();
    const ClockWords words = words_of(first.clock.kind);
    MailText mail;
    if (lines.size() > 1) {
        mail.subject = fmt::format("{} requests: {} overdue, {} due soon / {} 个请求：{} 个已超时，{} 个即将到期",
                                   lines.size(), late, lines.size() - static_cast<std::size_t>(late), lines.size(), late,
                                   lines.size() - static_cast<std::size_t>(late));
    } else {
        mail.subject = first.late ? fmt::format("{}: {} is overdue / {}已超时", first.number, words.en, words.zh)
                                  : fmt::format("{}: {} is due soon / {}即将到期", first.number, words.en, words.zh);
    }
    mail.body = "Please see to it, or hand it on. 请处理或转交同事。\n\n";
    for (const ClockLine& line : lines) {
        const ClockWords what = words_of(line.clock.kind);
        mail.body +=
            fmt::format("{}  {} {} {}{}  {}{}\n", line.number, what.en, line.late ? "was due" : "is due",
                        rfc3339(line.clock.due).substr(0, 16) + "Z", line.escalated ? ", still not done" : "", what.zh,
                        line.escalated ? "已超时，仍未处理"
                        : line.late    ? "已超时"
                                       : "即将到期");
        if (!workspace.empty()) mail.body += fmt::format("    {}/tickets/{}\n", workspace, line.number);
    }
    mail.body += "\nAn answer to this mail is not read. 请勿直接回复本邮件。\n";
    return mail;
}

namespace {

constexpr std::size_t minutes_of_rfc3339 = 16;

std::string time_line(Moment at) { return rfc3339(at).substr(0, minutes_of_rfc3339) + "Z"; }

std::string page_line(const AloneRemedy& remedy, std::string_view workspace) {
    const std::string page = workspace.empty() ? "" : fmt::format("\n    {}/tickets/{}\n", workspace, remedy.number);
    return page + "\nAn answer to this mail is not read. 请勿直接回复本邮件。\n";
}

}  // namespace

MailText letter_of_alone_proposal(const AloneRemedy& remedy, std::string_view workspace) {
    const std::string en = shown_amount(remedy.amount, Language::en), zh = shown_amount(remedy.amount, Language::zh_hans);
    MailText mail;
    mail.subject =
        fmt::format("{}: a refund of {} that one person may approve alone / 一人可自行审批的退款 {}", remedy.number, en, zh);
    mail.body = fmt::format(
        "{} proposed a refund of {}. Nobody else is enrolled who could approve it, so they may approve it themselves 24 "
        "hours after this letter left us, {} at the earliest.\nIf that is not right, have their access switched off before "
        "then, or enrol a second person: then only that "
        "person can approve.\n\n"
        "{} 提交了一笔 {} 的退款。目前没有其他人可以审批，因此本信发出 24 小时后（最早 {}）此人可以自行审批。\n"
        "如有不妥，请在此之前停用其账号，或加入第二位审批人：届时只有第二位审批人可以审批。\n",
        remedy.person, en, time_line(remedy.may_from), remedy.person, zh, time_line(remedy.may_from));
    mail.body += page_line(remedy, workspace);
    return mail;
}

MailText letter_of_alone_approval(const AloneRemedy& remedy, std::int64_t count, std::string_view workspace) {
    const std::string en = shown_amount(remedy.amount, Language::en), zh = shown_amount(remedy.amount, Language::zh_hans);
    MailText mail;
    mail.subject =
        fmt::format("{}: a refund of {} was approved by one person alone / 一人自行审批了退款 {}", remedy.number, en, zh);
    mail.body = fmt::format(
        "{} approved a refund of {} that they had proposed themselves. It was the number {} of the last 30 "
        "days.\n\n{} 自行审批了本人提交的退款 {}，为近 30 天内的第 {} 笔。\n",
        remedy.person, en, count, remedy.person, zh, count);
    mail.body += page_line(remedy, workspace);
    return mail;
}

}  // namespace okpay::desk
