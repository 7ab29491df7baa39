// SPDX-License-Identifier: Apache-2.0
#include "desk/staff_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

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

}  // namespace okpay::desk
