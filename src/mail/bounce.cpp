// SPDX-License-Identifier: Apache-2.0
#include "mail/bounce.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/text.hpp"
#include "mail/automatic.hpp"
#include "mail/email_address.hpp"
#include "mail/impl/charset.hpp"
#include "mail/impl/header_block.hpp"
#include "mail/message.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t address_octets_max = 320;
constexpr std::size_t text_read_octets_max = 64U << 10U;  // of a form without a delivery status: its words stand in front

struct Status {
    int cls = 0, subject = 0, detail = 0;  // 0: nothing was found
    [[nodiscard]] bool says_something() const { return cls != 0 && (subject != 0 || detail != 0); }
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// One to three digits, moved over.
std::optional<int> number_at(std::string_view text, std::size_t& at) {
    int value = 0;
    const std::size_t from = at;
    while (at < text.size() && at - from < 3 && is_digit(text[at])) value = value * 10 + (text[at++] - '0');
    if (at == from || (at < text.size() && is_digit(text[at]))) return std::nullopt;
    return value;
}

// The first "5.1.1" that is no piece of an address or a version: nothing of digits and dots stands beside it.
std::optional<Status> status_in(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c != '2' && c != '4' && c != '5') continue;
        if (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == '-')) continue;
        if (text.substr(at + 1, 1) != ".") continue;
        std::size_t next = at + 2;
        const auto subject = number_at(text, next);
        if (!subject || text.substr(next, 1) != ".") continue;
        ++next;
        const auto detail = number_at(text, next);
        if (!detail) continue;
        const bool goes_on = text.substr(next, 1) == "." && next + 1 < text.size() && is_digit(text[next + 1]);
        if (!goes_on) return Status{c - '0', *subject, *detail};
    }
    return std::nullopt;
}

// The class of the first reply of SMTP in it, "550 no such user": 4 or 5.
int reply_class_in(std::string_view text) {
    for (std::size_t at = 0; at + 3 < text.size(); ++at) {
        if (text[at] != '4' && text[at] != '5') continue;
        if (text[at + 1] < '0' || text[at + 1] > '5' || !is_digit(text[at + 2])) continue;
        const bool begins = at == 0 || std::string_view{" \t\n:;<(-#"}.contains(text[at - 1]);
        if (begins && (text[at + 3] == ' ' || text[at + 3] == '-')) return text[at] - '0';
    }
    return 0;
}

std::string text_of(const Status& status) {
    return std::to_string(status.cls) + "." + std::to_string(status.subject) + "." + std::to_string(status.detail);
}

template <std::size_t count>
bool holds_one_of(std::string_view lower, const std::array<std::string_view, count>& phrases) {
    return std::ranges::any_of(phrases, [&](std::string_view phrase) { return lower.contains(phrase); });
}

// What servers say where their numbers say nothing.
std::optional<BounceReason> reason_in_words(std::string_view words) {
    constexpr std::array<std::string_view, 6> full{"quota",      "mailbox full", "mailbox is full", "not enough space",
                                                   "收件箱已满", "邮箱空间"};
    constexpr std::array<std::string_view, 16> unknown{
        "user unknown",      "unknown user",    "no such user",      "no such recipient",   "user not found",
        "does not exist",    "doesn't exist",   "recipient unknown", "unknown recipient",   "unknown or illegal alias",
        "invalid recipient", "no mailbox here", "not listed in",     "unrouteable address", "收件人不存在",
        "邮箱不存在"};
    constexpr std::array<std::string_view, 5> domain{"host unknown", "host or domain name not found", "domain not found",
                                                     "no such domain", "name or service not known"};
    constexpr std::array<std::string_view, 5> disabled{"mailbox disabled", "account disabled", "is disabled",
                                                       "account is suspended", "deactivated"};
    const std::string lower = ascii_lower(words);
    if (holds_one_of(lower, full)) return BounceReason::mailbox_full;
    if (holds_one_of(lower, unknown)) return BounceReason::address_unknown;
    if (holds_one_of(lower, domain)) return BounceReason::domain_unknown;
    if (holds_one_of(lower, disabled)) return BounceReason::mailbox_disabled;
    return std::nullopt;
}

BounceReason reason_of(const Status& status) {
    switch (status.subject) {
    case 1:
        switch (status.detail) {
        case 1:
        case 3:
        case 6: return BounceReason::address_unknown;
        case 2:
        case 10: return BounceReason::domain_unknown;
        default: return BounceReason::other;  // 7 and 8 are about our own address, 4 about two people of one name
        }
    case 2:
        switch (status.detail) {
        case 1: return BounceReason::mailbox_disabled;
        case 2: return BounceReason::mailbox_full;
        case 3: return BounceReason::too_large;
        default: return BounceReason::other;
        }
    case 3: return status.detail == 4 ? BounceReason::too_large : BounceReason::not_reached;
    case 4: return BounceReason::not_reached;
    case 7: return BounceReason::refused;
    default: return BounceReason::other;
    }
}

bool ends_the_address(BounceReason reason) {
    switch (reason) {
    case BounceReason::address_unknown:
    case BounceReason::domain_unknown:
    case BounceReason::mailbox_disabled: return true;
    case BounceReason::other:
    case BounceReason::mailbox_full:
    case BounceReason::too_large:
    case BounceReason::refused:
    case BounceReason::not_reached: return false;
    }
    std::abort();
}

std::string one_line(std::string_view text, std::size_t octets_max) {
    return std::string{utf8_prefix(clean_line(to_utf8_lossy(text)), octets_max)};
}

// "rfc822; <ana@example.org>" is ana@example.org (RFC 3464 2.1.2). What is no address is no address.
std::string address_in(std::string_view value) {
    if (const auto type = value.find(';'); type != std::string_view::npos) value.remove_prefix(type + 1);
    value = trimmed(value);
    if (value.starts_with('<')) value = value.substr(1, value.find('>') - 1);
    value = value.substr(0, value.find_first_of(" \t("));
    if (value.size() > address_octets_max) return {};
    const auto address = EmailAddress::parse(value);
    return address ? address->text() : std::string{};
}

std::optional<BounceAction> action_of(std::string_view value) {
    const std::string word = ascii_lower(trimmed(value.substr(0, value.find_first_of(" \t(;"))));
    if (word == "failed" || word == "failure") return BounceAction::failed;
    if (word == "delayed") return BounceAction::delayed;
    if (word == "delivered" || word == "relayed" || word == "expanded") return BounceAction::arrived;
    return std::nullopt;
}

// RFC 3464 2.3: groups of fields behind empty lines. The first group speaks of the mail, those with a Final-Recipient of
// one recipient each.
std::vector<BouncedRecipient> recipients_of(std::string_view delivery_status) {
    std::vector<BouncedRecipient> found;
    bool group_is_open = false;
    std::string* last = nullptr;  // what a folded line goes on with
    BouncedRecipient now;
    std::optional<BounceAction> action;
    const auto close = [&] {
        if (group_is_open && action && found.size() < bounced_recipients_max) {
            now.action = *action;
            now.diagnostic = one_line(now.diagnostic, diagnostic_octets_max);
            found.push_back(now);
        }
        now = {};
        action.reset();
        group_is_open = false;
        last = nullptr;
    };
    for (const std::string_view line : split(delivery_status, '\n')) {
        if (trimmed(line).empty()) {
            close();
            continue;
        }
        if (line.starts_with(' ') || line.starts_with('\t')) {
            if (last != nullptr && last->size() < diagnostic_octets_max) last->append(" ").append(trimmed(line));
            continue;
        }
        last = nullptr;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string name = ascii_lower(trimmed(line.substr(0, colon)));
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (name == "final-recipient" || (name == "original-recipient" && now.address.empty())) {
            group_is_open = true;
            if (auto address = address_in(value); !address.empty()) now.address = std::move(address);
        } else if (name == "action") {
            action = action_of(value);
        } else if (name == "status") {
            if (const auto status = status_in(value)) now.status = text_of(*status);
        } else if (name == "diagnostic-code") {
            const auto type = value.find(';');
            now.diagnostic = trimmed(type == std::string_view::npos ? value : value.substr(type + 1));
            last = &now.diagnostic;
        }
    }
    close();
    return found;
}

// The line of a text that tells why: the first with a status, a reply or words that we know.
struct Telling {
    std::string status, line;
    bool found = false;
};
Telling telling_line_of(std::string_view text) {
    Telling telling;
    for (const std::string_view line : split(text.substr(0, text_read_octets_max), '\n')) {
        const auto status = status_in(line);
        const bool tells = status || reply_class_in(line) != 0 || reason_in_words(line);
        if (!tells) continue;
        if (!telling.found) telling.line = one_line(line, diagnostic_octets_max);
        telling.found = true;
        if (!status) continue;
        telling.status = text_of(*status);
        telling.line = one_line(line, diagnostic_octets_max);
        break;
    }
    return telling;
}

void add_ids(std::string_view value, std::vector<std::string>& ids) {
    for (std::string& id : read_message_ids(value, returned_ids_max)) {
        if (ids.size() >= returned_ids_max) return;
        id = clean_line(id);
        if (!id.empty() && std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
    }
}

// Header copies that stand in the text itself: "Message-ID: <...>" at the start of a line, quoted or not.
void add_ids_in_text(std::string_view text, std::vector<std::string>& ids) {
    constexpr std::string_view field = "message-id:";
    for (std::string_view line : split(text, '\n')) {
        while (!line.empty() && (line.front() == '>' || line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
        if (equal_ignoring_ascii_case(line.substr(0, field.size()), field)) add_ids(line.substr(field.size()), ids);
    }
}

BounceAction action_in_words(const ParsedMail& mail, const Telling& telling) {
    constexpr std::array<std::string_view, 5> waits{"delayed", "warning: ", "will continue to try", "not yet been delivered",
                                                    "will be retried"};
    const std::string subject = ascii_lower(mail.subject);
    const std::string text = ascii_lower(utf8_prefix(mail.text, 4'096));
    const bool says_so = holds_one_of(subject, waits) || text.contains("do not need to resend") ||
                         text.contains("will continue to try") || text.contains("this is a warning message only");
    return says_so && !telling.status.starts_with('5') ? BounceAction::delayed : BounceAction::failed;
}

}  // namespace

std::string_view name_of(BounceReason reason) {
    switch (reason) {
    case BounceReason::other: return "other";
    case BounceReason::address_unknown: return "address_unknown";
    case BounceReason::domain_unknown: return "domain_unknown";
    case BounceReason::mailbox_disabled: return "mailbox_disabled";
    case BounceReason::mailbox_full: return "mailbox_full";
    case BounceReason::too_large: return "too_large";
    case BounceReason::refused: return "refused";
    case BounceReason::not_reached: return "not_reached";
    }
    std::abort();
}

BounceMeaning meaning_of(const BouncedRecipient& recipient) {
    if (recipient.action == BounceAction::arrived) return {BounceKind::none, BounceReason::other};
    Status status = status_in(recipient.status).value_or(Status{});
    const int cls_said = status.cls;
    if (!status.says_something()) {
        if (const auto in_words = status_in(recipient.diagnostic); in_words && in_words->says_something())
            status = *in_words;
    }
    BounceReason reason = status.says_something() ? reason_of(status) : BounceReason::other;
    if (!status.says_something()) reason = reason_in_words(recipient.diagnostic).value_or(BounceReason::other);
    if (recipient.action == BounceAction::delayed) return {BounceKind::delayed, reason};
    int cls = cls_said != 0 ? cls_said : status.cls;
    if (cls == 0) cls = reply_class_in(recipient.diagnostic);
    // A server that gave up on what it called temporary says nothing of the address.
    const bool permanent = cls == 5 || (cls == 0 && reason != BounceReason::other);
    return {permanent && ends_the_address(reason) ? BounceKind::hard : BounceKind::soft, reason};
}

BounceReport read_bounce(const ParsedMail& mail, BounceParts parts) {
    BounceReport report;
    report.recipients = recipients_of(parts.delivery_status);
    if (report.recipients.empty()) {
        if (!is_of_mail_system(mail)) return {};
        const Telling telling = telling_line_of(mail.text);
        const std::string_view failed = header_of(mail, "x-failed-recipients");
        if (!telling.found && failed.empty()) return {};
        report.recipients.push_back({.address = address_in(failed.substr(0, failed.find(','))),
                                     .action = action_in_words(mail, telling),
                                     .status = telling.status,
                                     .diagnostic = telling.line});
    }
    for (const std::string& id : parts.returned_ids) {
        const bool known = std::ranges::find(report.returned_ids, id) != report.returned_ids.end();
        if (!known && report.returned_ids.size() < returned_ids_max) report.returned_ids.push_back(id);
    }
    add_ids_in_text(mail.text, report.returned_ids);
    add_ids_in_text(mail.quoted_text, report.returned_ids);
    if (!mail.in_reply_to.empty()) add_ids("<" + mail.in_reply_to + ">", report.returned_ids);
    for (const std::string& id : mail.references) add_ids("<" + id + ">", report.returned_ids);
    return report;
}

}  // namespace okpay::mail
