// SPDX-License-Identifier: Apache-2.0
#include "desk/side_thread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/ensure.hpp"
#include "base/text.hpp"
#include "customers/local_time.hpp"
#include "desk/letter.hpp"
#include "desk/request_number.hpp"
#include "desk/threading.hpp"
#include "mail/email_address.hpp"

namespace okpay::desk {
namespace {

constexpr std::string_view prefix = "TP-";
constexpr std::string_view request_prefix = "OK-";
constexpr std::size_t number_characters = 7;
constexpr std::size_t numbers_found_max = 10;

// The seven characters behind a prefix are those of a request number.
std::optional<std::string> read_number(std::string_view characters) {
    const auto number = RequestNumber::parse(std::string{request_prefix} + std::string{characters});
    if (!number) return std::nullopt;
    return std::string{prefix} + number->text().substr(request_prefix.size());
}

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::string_view domain_of(std::string_view address) {
    const auto at = trimmed(address).rfind('@');
    return at == std::string_view::npos ? std::string_view{} : trimmed(address).substr(at + 1);
}

bool same_domain(std::string_view a, std::string_view b) {
    return !domain_of(a).empty() && equal_ignoring_ascii_case(domain_of(a), domain_of(b));
}

// Domains at which strangers have addresses beside the counterparty's: the large ones, in the West and in China.
bool gives_mailboxes_to_all(std::string_view domain) {
    constexpr std::array<std::string_view, 26> domains{"gmail.com",      "googlemail.com", "outlook.com", "hotmail.com",
                                                       "live.com",       "msn.com",        "yahoo.com",   "yahoo.co.uk",
                                                       "ymail.com",      "icloud.com",     "me.com",      "aol.com",
                                                       "gmx.de",         "gmx.net",        "web.de",      "proton.me",
                                                       "protonmail.com", "mail.ru",        "yandex.ru",   "qq.com",
                                                       "foxmail.com",    "163.com",        "126.com",     "yeah.net",
                                                       "sina.com",       "aliyun.com"};
    return std::ranges::any_of(domains, [&](std::string_view one) { return equal_ignoring_ascii_case(one, domain); });
}

std::string figure_words(const SidePayment& payment, Language language) {
    const Draft draft{"{1}"};
    auto text = draft.render(std::span{&payment.figure, 1}, language);
    ensure(text.has_value());  // a bound figure in a text of ours
    return *std::move(text);
}

std::string payment_words(const SidePayment& payment, const Counterparty& party) {
    constexpr Wording reference{"Payment", "支付", "支付"}, amount{"Amount", "金额", "金額"}, date{"Date", "日期", "日期"},
        order{"Order number", "订单号", "訂單號"};
    const auto line = [&](const Wording& name, std::string_view value) {
        constexpr Wording form{": ", "：", "："};
        return fmt::format("{}{}{}\n", name.in(party.language), form.in(party.language), value);
    };
    std::string text = line(reference, payment.reference) + line(amount, figure_words(payment, party.language)) +
                       line(date, customers::local_time_text("UTC", payment.at) + " UTC");
    if (party.kind == CounterpartyKind::merchant && !payment.order_ref.empty())
        text += line(order, inert_line(payment.order_ref));
    return text;
}

}  // namespace

std::string_view name_of(CounterpartyKind kind) {
    switch (kind) {
    case CounterpartyKind::bank: return "bank";
    case CounterpartyKind::provider: return "provider";
    case CounterpartyKind::merchant: return "merchant";
    case CounterpartyKind::other: return "other";
    }
    std::abort();
}

std::optional<CounterpartyKind> counterparty_kind_of_name(std::string_view name) {
    for (const CounterpartyKind kind :
         {CounterpartyKind::bank, CounterpartyKind::provider, CounterpartyKind::merchant, CounterpartyKind::other}) {
        if (name_of(kind) == name) return kind;
    }
    return std::nullopt;
}

std::string_view name_of(SideState state) {
    switch (state) {
    case SideState::waiting: return "waiting";
    case SideState::answered: return "answered";
    case SideState::closed: return "closed";
    }
    std::abort();
}

std::string_view name_of(SideMessageKind kind) {
    switch (kind) {
    case SideMessageKind::said: return "said";
    case SideMessageKind::automatic: return "automatic";
    }
    std::abort();
}

std::optional<std::string> fault_in(const Counterparty& party) {
    if (trimmed(party.name).empty() || party.name.size() > counterparty_name_octets_max || !is_utf8(party.name) ||
        inert_line(party.name) != party.name)
        return "name: one line of 1 to 120 octets";
    if (!mail::EmailAddress::parse(party.address)) return "address: no mail address";
    if (party.whole_domain && gives_mailboxes_to_all(domain_of(party.address)))
        return "whole_domain: anybody can have an address at this domain";
    return std::nullopt;
}

std::string side_number(SideThreadNo no, const Secret& key) {
    return std::string{prefix} + RequestNumber::of(TicketNo{number_of(no)}, key).text().substr(request_prefix.size());
}

std::optional<std::string> parse_side_number(std::string_view text) {
    const std::string_view core = trimmed(text);
    if (core.size() != prefix.size() + number_characters ||
        !equal_ignoring_ascii_case(core.substr(0, prefix.size()), prefix))
        return std::nullopt;
    return read_number(core.substr(prefix.size()));
}

std::vector<std::string> side_numbers_in(std::string_view text) {
    std::vector<std::string> found;
    for (std::size_t at = 0; at + prefix.size() + number_characters <= text.size(); ++at) {
        const std::size_t end = at + prefix.size() + number_characters;
        if ((at > 0 && is_word(text[at - 1])) || (end < text.size() && is_word(text[end]))) continue;
        auto number = parse_side_number(text.substr(at, end - at));
        if (!number || std::ranges::find(found, *number) != found.end()) continue;
        found.push_back(*std::move(number));
        if (found.size() == numbers_found_max) break;
    }
    return found;
}

std::string make_side_token(const TokenKey& key, SideThreadNo thread, std::string_view recipient) {
    return make_token(key, TicketNo{number_of(thread)}, recipient);
}

std::string_view code_of(SideReason reason) {
    switch (reason) {
    case SideReason::token_and_party: return "token_and_party";
    case SideReason::token_and_domain: return "token_and_domain";
    case SideReason::number_and_party: return "number_and_party";
    case SideReason::not_of_party: return "not_of_party";
    case SideReason::nothing_found: return "nothing_found";
    }
    std::abort();
}

SideDecision decide_side(const SideInput& input) {
    const bool proven = input.assurance >= customers::Assurance::a1_aligned_mail;
    const auto from_its_domain = [&](const KnownSide& thread) {
        return proven && !input.is_customer && thread.whole_domain && same_domain(input.sender, thread.address);
    };
    if (!input.forged) {
        for (const SideMatch& match : input.by_token) {
            if (!match.sent_to_party) continue;
            if (same_mailbox(input.sender, match.thread.address)) return {SideReason::token_and_party, match.thread};
            if (from_its_domain(match.thread)) return {SideReason::token_and_domain, match.thread};
        }
        for (const KnownSide& thread : input.by_number) {
            if (from_its_domain(thread) || (proven && same_mailbox(input.sender, thread.address)))
                return {SideReason::number_and_party, thread};
        }
    }
    if (!input.by_token.empty()) return {SideReason::not_of_party, input.by_token.front().thread};
    if (!input.by_number.empty()) return {SideReason::not_of_party, input.by_number.front()};
    return {};
}

void note_sent(SideThread& thread, Moment at, std::int64_t hours) {
    thread.state = SideState::waiting;
    thread.due = at + std::chrono::hours{hours};
    thread.told = 0;
    thread.closed.reset();
    thread.closed_by.reset();
    thread.updated = std::max(thread.updated, at);
    thread.version += 1;
}

void note_received(SideThread& thread, SideMessageKind kind, Moment at) {
    thread.updated = std::max(thread.updated, at);
    thread.version += 1;
    if (kind == SideMessageKind::automatic) return;
    thread.state = SideState::answered;
    thread.due.reset();
    thread.told = 0;
    thread.closed.reset();
    thread.closed_by.reset();
}

bool note_closed(SideThread& thread, customers::StaffNo by, Moment at) {
    if (thread.state == SideState::closed) return false;
    thread.state = SideState::closed;
    thread.due.reset();
    thread.told = 0;
    thread.closed = at;
    thread.closed_by = by;
    thread.updated = std::max(thread.updated, at);
    thread.version += 1;
    return true;
}

std::optional<ClockAlarm> alarm_of(const SideThread& thread, Moment now) {
    return thread.due ? alarm_at(*thread.due, thread.told, now) : std::nullopt;
}

std::string_view code_of(SideRefusal refusal) {
    switch (refusal) {
    case SideRefusal::own_address: return "side_own_address";
    case SideRefusal::customers_address: return "side_customers_address";
    case SideRefusal::too_many_threads: return "too_many_side_threads";
    case SideRefusal::too_many_messages: return "too_many_side_messages";
    case SideRefusal::hours: return "invalid";
    }
    std::abort();
}

std::string_view sentence_en(SideRefusal refusal) {
    switch (refusal) {
    case SideRefusal::own_address: return "address: this is an address of ours; nobody outside would read it";
    case SideRefusal::customers_address: return "address: this is a customer's; answer customers with a reply";
    case SideRefusal::too_many_threads: return "20 side threads are the most that one request has";
    case SideRefusal::too_many_messages: return "200 mails are the most in one side thread; open another one";
    case SideRefusal::hours: return "answer_within_hours: from 1 to 720";
    }
    std::abort();
}

MailText side_letter(const SideLetter& letter) {
    MailText mail{.subject = fmt::format("{}{} [{}]", letter.first ? "" : "Re: ", inert_line(letter.subject), letter.number),
                  .body = std::string{trimmed(letter.text)} + "\n"};
    for (const SidePayment& payment : letter.payments) mail.body += "\n" + payment_words(payment, letter.party);
    constexpr Wording note{"Our number: {0}. Please answer to this mail and keep the subject.",
                           "我方编号：{0}。请直接回复本邮件，并保留邮件主题。",
                           "我方編號：{0}。請直接回覆本郵件，並保留郵件主旨。"};
    mail.body += "\n" + fmt::format(fmt::runtime(note.in(letter.party.language)), letter.number) + "\n";
    return mail;
}

}  // namespace okpay::desk
