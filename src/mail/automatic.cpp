// SPDX-License-Identifier: Apache-2.0
#include "mail/automatic.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "base/text.hpp"
#include "mail/reply.hpp"

namespace okpay::mail {
namespace {

template <class Predicate>
bool any_header(const ParsedMail& mail, std::string_view name, Predicate predicate) {
    return std::ranges::any_of(mail.headers, [&](const Header& header) {
        return header.name == name && predicate(std::string_view{header.value});
    });
}

// The value before parameters and comments, in lower case: "auto-replied; owner-email=x" gives "auto-replied".
std::string keyword(std::string_view value) { return ascii_lower(trimmed(value.substr(0, value.find_first_of(";(")))); }

bool is_bulk(std::string_view value) {
    constexpr std::array words{"bulk", "junk", "list", "auto_reply", "auto-reply", "autoreply"};
    return std::ranges::find(words, keyword(value)) != words.end();
}

bool suppresses_replies(std::string_view value) {  // the other values concern receipts and delivery reports alone
    for (const std::string_view one : split(value, ',')) {
        const std::string word = keyword(one);
        if (word == "all" || word == "autoreply" || word == "oof") return true;
    }
    return false;
}

bool is_robot(std::string_view local_part) {
    constexpr std::array whole{"mailer-daemon", "mailerdaemon", "postmaster", "daemon",     "bounce",   "bounces",
                               "nobody",        "autoreply",    "auto-reply", "automailer", "listserv", "majordomo"};
    constexpr std::array within{"noreply",      "no-reply", "no_reply",      "donotreply", "do-not-reply",
                                "do_not_reply", "no.reply", "mailer-daemon", "notreply"};
    constexpr std::array prefixes{"bounce-", "bounces-", "bounce+", "bounces+", "prvs=bounce", "owner-"};
    const std::string local = ascii_lower(local_part);
    return std::ranges::any_of(whole, [&](std::string_view name) { return local == name; }) ||
           std::ranges::any_of(within, [&](std::string_view name) { return local.find(name) != std::string::npos; }) ||
           std::ranges::any_of(prefixes, [&](std::string_view name) { return local.starts_with(name); });
}

// A phrase counts in front and only where it is the whole subject or set off from the rest, so that a question *about*
// automatic replies stays a person's.
bool opens_with(std::string_view subject, auto const& phrases) {
    const std::string low = ascii_lower(subject);
    return std::ranges::any_of(phrases, [&](std::string_view phrase) {
        if (!low.starts_with(phrase)) return false;
        const std::string_view rest = trimmed(std::string_view{low}.substr(phrase.size()));
        constexpr std::array marks{":", "：", "(", "（", "-", "[", "【", "]", "】", ")", "）", "!", "！", "re:", "—"};
        return rest.empty() || std::ranges::any_of(marks, [&](std::string_view mark) { return rest.starts_with(mark); });
    });
}

std::string_view unbracketed(std::string_view subject) {
    for (const std::string_view open : {"[", "【", "(", "（"}) {
        if (subject.starts_with(open)) return subject.substr(open.size());
    }
    return subject;
}

bool has_out_of_office_subject(const ParsedMail& mail) {
    constexpr std::array phrases{"automatic reply",
                                 "auto reply",
                                 "auto-reply",
                                 "autoreply",
                                 "auto response",
                                 "auto-response",
                                 "autoresponse",
                                 "out of office",
                                 "out of the office",
                                 "out-of-office",
                                 "vacation reply",
                                 "away from my mail",
                                 "ooo",
                                 "自动回复",
                                 "自動回復",
                                 "自動回覆",
                                 "自动答复",
                                 "自動答覆",
                                 "自动应答",
                                 "不在办公室",
                                 "不在辦公室",
                                 "外出自动回复",
                                 "休假自动回复",
                                 "休假通知",
                                 "abwesenheitsnotiz",
                                 "automatische antwort",
                                 "réponse automatique",
                                 "respuesta automática",
                                 "自動返信"};
    return opens_with(unbracketed(mail.subject), phrases) ||
           opens_with(unbracketed(without_prefixes(mail.subject)), phrases);
}

bool has_bounce_subject(const ParsedMail& mail) {
    constexpr std::array phrases{"undeliverable",
                                 "undelivered mail returned to sender",
                                 "delivery status notification",
                                 "mail delivery failed",
                                 "returned mail",
                                 "failure notice",
                                 "mail delivery subsystem",
                                 "系统退信",
                                 "系統退信",
                                 "退信通知",
                                 "未送达",
                                 "未傳遞"};
    return opens_with(unbracketed(mail.subject), phrases);
}

}  // namespace

bool is_out_of_office(const ParsedMail& mail) {
    return has_out_of_office_subject(mail) ||
           any_header(mail, "x-ms-exchange-inbox-rules-loop", [](auto) { return true; }) ||
           any_header(mail, "auto-submitted", [](std::string_view value) { return keyword(value) == "auto-replied"; });
}

bool is_of_mail_system(const ParsedMail& mail) {
    const auto is_report = [](std::string_view value) { return keyword(value) == "multipart/report"; };
    const auto is_daemon = [](const Mailbox& box) {
        const std::string local = ascii_lower(box.address.local_part());
        return local == "mailer-daemon" || local == "mailerdaemon" || local == "postmaster";
    };
    return any_header(mail, "content-type", is_report) || std::ranges::any_of(mail.from, is_daemon) ||
           any_header(mail, "x-failed-recipients", [](auto) { return true; }) || has_bounce_subject(mail);
}

std::optional<AutomaticReason> is_automatic(const ParsedMail& mail, std::optional<std::string_view> envelope_sender) {
    const bool null_path = envelope_sender ? trimmed(*envelope_sender).empty() || trimmed(*envelope_sender) == "<>"
                                           : trimmed(header_of(mail, "return-path")) == "<>";
    if (null_path) return AutomaticReason::null_return_path;

    const auto is_report = [](std::string_view value) { return keyword(value) == "multipart/report"; };
    if (any_header(mail, "content-type", is_report)) return AutomaticReason::report;
    const auto says_automatic = [](std::string_view value) { return !keyword(value).empty() && keyword(value) != "no"; };
    if (any_header(mail, "auto-submitted", says_automatic)) return AutomaticReason::auto_submitted;
    if (any_header(mail, "precedence", is_bulk) || any_header(mail, "x-precedence", is_bulk)) {
        return AutomaticReason::precedence;
    }
    const auto present = [](std::string_view value) { return !trimmed(value).empty(); };
    constexpr std::array list_fields{"list-id",    "list-post",    "list-unsubscribe", "list-help",
                                     "list-owner", "mailing-list", "x-mailing-list"};
    for (const std::string_view name : list_fields) {
        if (any_header(mail, name, present)) return AutomaticReason::mailing_list;
    }
    if (any_header(mail, "x-auto-response-suppress", suppresses_replies)) return AutomaticReason::response_suppressed;
    constexpr std::array reply_fields{"x-autoreply", "x-autorespond",    "x-autoresponse", "x-autoreply-from",
                                      "x-loop",      "x-mail-autoreply", "x-qq-autoreply", "x-failed-recipients"};
    for (const std::string_view name : reply_fields) {
        if (any_header(mail, name, [&](std::string_view value) { return present(value) && keyword(value) != "no"; })) {
            return AutomaticReason::auto_response_header;
        }
    }
    const auto is_robot_box = [](const Mailbox& box) { return is_robot(box.address.local_part()); };
    if (std::ranges::any_of(mail.from, is_robot_box)) return AutomaticReason::robot_sender;
    if (envelope_sender && is_robot(envelope_sender->substr(0, envelope_sender->rfind('@')))) {
        return AutomaticReason::robot_sender;
    }
    if (has_out_of_office_subject(mail) || has_bounce_subject(mail)) return AutomaticReason::out_of_office_subject;
    return std::nullopt;
}

std::string_view name_of(AutomaticReason reason) {
    switch (reason) {
    case AutomaticReason::null_return_path: return "null_return_path";
    case AutomaticReason::report: return "report";
    case AutomaticReason::auto_submitted: return "auto_submitted";
    case AutomaticReason::precedence: return "precedence";
    case AutomaticReason::mailing_list: return "mailing_list";
    case AutomaticReason::response_suppressed: return "response_suppressed";
    case AutomaticReason::auto_response_header: return "auto_response_header";
    case AutomaticReason::robot_sender: return "robot_sender";
    case AutomaticReason::out_of_office_subject: return "out_of_office_subject";
    }
    std::abort();
}

}  // namespace okpay::mail
