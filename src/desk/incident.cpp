// SPDX-License-Identifier: Apache-2.0
#include "desk/incident.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>

#include "base/text.hpp"
#include "desk/figures.hpp"
#include "desk/letter.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::desk {
namespace {

using payments::Payment;
using payments::PaymentKind;

void add_once(std::vector<Topic>& topics, Topic topic) {
    if (topics.size() < topics_max && std::ranges::find(topics, topic) == topics.end()) topics.push_back(std::move(topic));
}

std::string_view rail_of(const Payment& payment) {
    switch (payment.kind) {
    case PaymentKind::merchant_payment: return payment.instrument.starts_with("card ") ? "card" : "";
    case PaymentKind::top_up: return payment.rail == payments::Rail::outside ? "top_up" : "";
    case PaymentKind::withdrawal: return "withdrawal";
    case PaymentKind::person_to_person:
    case PaymentKind::refund:
    case PaymentKind::capture:
    case PaymentKind::cancellation:
    case PaymentKind::exchange:
    case PaymentKind::merchant_payout:
    case PaymentKind::correction: return "";
    }
    std::abort();
}

bool has_place(const Payment& payment) { return payment.merchant.has_value() || !rail_of(payment).empty(); }

// The payments that the mail is about: those that fit best, or, where nothing fits, all of them if they went to one place.
std::vector<const Payment*> payments_meant(const TopicFacts& facts, Moment now) {
    std::vector<const Payment*> placed;
    for (const Payment& payment : facts.recent) {
        if (has_place(payment) && payment.created >= now - topic_looks_back) placed.push_back(&payment);
    }
    const auto found = payments::candidates(facts.recent, facts.hint, now);
    std::vector<const Payment*> meant;
    for (const payments::Candidate& one : found) {
        if (one.score < found.front().score) break;  // best first
        const auto at = std::ranges::find(placed, one.payment, [](const Payment* payment) { return payment->seq; });
        if (at != placed.end()) meant.push_back(*at);
    }
    if (!found.empty() || placed.empty()) return meant;
    const auto same_place = [&](const Payment* one) {
        return one->merchant == placed.front()->merchant && rail_of(*one) == rail_of(*placed.front());
    };
    return std::ranges::all_of(placed, same_place) ? placed : meant;
}

// Many requests of one sender are one voice.
class Voices {
public:
    void add(customers::CustomerNo customer) { ++said_[customer]; }
    void take(customers::CustomerNo customer) {
        const auto found = said_.find(customer);
        if (--found->second == 0) said_.erase(found);
    }
    [[nodiscard]] std::int64_t count() const { return std::ssize(said_); }

private:
    std::map<customers::CustomerNo, std::int64_t> said_;
};

}  // namespace

std::string_view name_of(TopicKind kind) {
    switch (kind) {
    case TopicKind::merchant: return "merchant";
    case TopicKind::error_code: return "error_code";
    case TopicKind::rail: return "rail";
    }
    std::abort();
}

bool is_about_money(std::string_view category) {
    constexpr std::array<std::string_view, 7> about{"payment_failed", "duplicate_charge", "refund",   "topup_withdrawal",
                                                    "card",           "fees_limits",      "complaint"};
    return std::ranges::find(about, category) != about.end();
}

std::vector<Topic> topics_of(const TopicFacts& facts, Moment now) {
    std::vector<Topic> topics;
    if (is_about_money(facts.category)) {
        const auto meant = payments_meant(facts, now);
        for (const Payment* payment : meant) {
            if (payment->merchant)
                add_once(topics, {TopicKind::merchant, std::to_string(customers::number_of(*payment->merchant))});
        }
        for (const Payment* payment : meant) {
            if (const std::string_view rail = rail_of(*payment); !rail.empty())
                add_once(topics, {TopicKind::rail, std::string{rail}});
        }
    }
    for (const std::string& stated : facts.error_codes) {
        const std::string_view code = trimmed(stated);
        if (code.empty() || code.size() > error_code_octets_max || !is_utf8(code)) continue;
        std::string upper{code};
        std::ranges::transform(upper, upper.begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        add_once(topics, {TopicKind::error_code, std::move(upper)});
    }
    return topics;
}

Part part_of(const RequestFacts& facts) {
    if (facts.automatic || facts.forged || facts.route == no_action_team) return Part::none;
    if (facts.category == "spam" || facts.category == "auto_generated") return Part::none;
    return is_guarded(facts) ? Part::apart : Part::full;
}

bool is_guarded(const RequestFacts& facts) {
    if (facts.wants_lock || facts.route == "risk_team" || facts.category == "suspicious_activity") return true;
    constexpr std::array<std::string_view, 4> alarming{"account_takeover", "social_engineering", "forwarded_phishing",
                                                       "prompt_injection"};
    return std::ranges::any_of(facts.flags,
                               [&](const std::string& flag) { return std::ranges::find(alarming, flag) != alarming.end(); });
}

std::int64_t customers_needed(Usual usual, const IncidentRules& rules) {
    if (usual.days <= 0 || usual.requests <= 0) return rules.customers_min;
    const auto windows_a_day = static_cast<double>(Millis{std::chrono::days{1}} / rules.window);
    const double busy = static_cast<double>(usual.requests) * static_cast<double>(rules.busy_factor) /
                        (static_cast<double>(usual.days) * windows_a_day);
    const double needed = busy + static_cast<double>(rules.deviations) * std::sqrt(busy);
    return std::max(rules.customers_min, static_cast<std::int64_t>(std::ceil(needed)));
}

std::optional<Burst> burst_of(std::span<const Arrival> arrivals, Usual usual, const IncidentRules& rules) {
    std::vector<Arrival> in_order{arrivals.begin(), arrivals.end()};
    std::ranges::sort(in_order, [](const Arrival& a, const Arrival& b) {
        return a.at != b.at ? a.at < b.at : number_of(a.ticket) < number_of(b.ticket);
    });
    Voices voices;
    std::int64_t most = 0;
    std::size_t from = 0, best_from = 0, best_to = 0;  // [from, to)
    for (std::size_t to = 0; from < in_order.size(); ++from) {
        for (; to < in_order.size() && in_order[to].at - in_order[from].at < rules.window; ++to)
            voices.add(in_order[to].customer);
        if (voices.count() > most) {
            most = voices.count();
            best_from = from;
            best_to = to;
        }
        voices.take(in_order[from].customer);
    }
    if (most == 0 || most < customers_needed(usual, rules)) return std::nullopt;
    Burst burst{.requests = {}, .customers = most, .since = in_order[best_from].at};
    for (std::size_t at = best_from; at < best_to; ++at) burst.requests.push_back(in_order[at].ticket);
    return burst;
}

std::string_view name_of(IncidentState state) {
    switch (state) {
    case IncidentState::open: return "open";
    case IncidentState::told: return "told";
    case IncidentState::closed: return "closed";
    }
    std::abort();
}

std::optional<IncidentState> incident_state_of_name(std::string_view name) {
    for (const IncidentState state : {IncidentState::open, IncidentState::told, IncidentState::closed}) {
        if (name_of(state) == name) return state;
    }
    return std::nullopt;
}

std::string_view name_of(IncidentStep step) {
    switch (step) {
    case IncidentStep::opened: return "opened";
    case IncidentStep::joined: return "joined";
    case IncidentStep::added: return "added";
    case IncidentStep::removed: return "removed";
    case IncidentStep::told: return "told";
    case IncidentStep::closed: return "closed";
    case IncidentStep::reopened: return "reopened";
    }
    std::abort();
}

std::string_view code_of(IncidentRefusal refusal) {
    switch (refusal) {
    case IncidentRefusal::closed: return "incident_closed";
    case IncidentRefusal::not_closed: return "incident_not_closed";
    case IncidentRefusal::told_already: return "incident_told";
    case IncidentRefusal::nobody_to_tell: return "nobody_to_tell";
    case IncidentRefusal::is_member: return "incident_member";
    case IncidentRefusal::in_another: return "in_another_incident";
    case IncidentRefusal::no_member: return "no_incident_member";
    case IncidentRefusal::request_closed: return "ticket_closed";
    case IncidentRefusal::another_stands: return "incident_stands";
    case IncidentRefusal::being_told: return "incident_being_told";
    case IncidentRefusal::nothing_proven: return "nothing_proven";
    }
    std::abort();
}

std::string_view sentence_en(IncidentRefusal refusal) {
    switch (refusal) {
    case IncidentRefusal::closed: return "this incident is closed; open it again first";
    case IncidentRefusal::not_closed: return "this incident is not closed";
    case IncidentRefusal::told_already: return "this incident was told with another text; what was sent stays as it is";
    case IncidentRefusal::nobody_to_tell: return "nobody of this incident is left to tell";
    case IncidentRefusal::is_member: return "this request belongs to the incident already";
    case IncidentRefusal::in_another: return "this request belongs to another incident; take it out there first";
    case IncidentRefusal::no_member: return "this request does not belong to the incident";
    case IncidentRefusal::request_closed: return "this request is closed";
    case IncidentRefusal::another_stands: return "another incident about the same thing is open; go on there";
    case IncidentRefusal::being_told: return "its text is still being sent; try again in a moment";
    case IncidentRefusal::nothing_proven: return "the ledger proves no refund for any of these requests";
    }
    std::abort();
}

std::optional<IncidentTextFault> fault_in(const IncidentText& text) {
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        const std::string_view said = text.in(language), tag = tag_of(language);
        if (trimmed(said).empty()) return IncidentTextFault{false, fmt::format("{}: write it in this language too", tag)};
        if (said.size() > incident_text_octets_max || !is_utf8(said))
            return IncidentTextFault{false, fmt::format("{}: longer than 16 KiB, or not UTF-8", tag)};
        if (const auto amounts = amounts_in(said); !amounts.empty()) {
            return IncidentTextFault{
                true, fmt::format("{}: \"{}\" is a figure that no row of the ledger can prove to everybody; leave it out",
                                  tag, amounts.front().text)};
        }
        if (!payments::payment_refs_in(said).empty() || !RequestNumber::all_in(said).empty()) {
            return IncidentTextFault{false,
                                     fmt::format("{}: it goes to everybody, so it names no payment and no request of one",
                                                 tag)};
        }
    }
    return std::nullopt;
}

std::string_view name_of(LeftOut why) {
    switch (why) {
    case LeftOut::no: return "";
    case LeftOut::told: return "told";
    case LeftOut::removed: return "removed";
    case LeftOut::apart: return "apart";
    case LeftOut::unanswerable: return "unanswerable";
    case LeftOut::ended: return "ended";
    case LeftOut::merged: return "merged";
    case LeftOut::answered: return "answered";
    }
    std::abort();
}

LeftOut left_out(const MemberNow& member) {
    if (member.told) return LeftOut::told;
    if (!member.standing) return LeftOut::removed;
    if (member.apart) return LeftOut::apart;
    if (member.unanswerable) return LeftOut::unanswerable;
    if (member.state == TicketState::solved || member.state == TicketState::closed) return LeftOut::ended;
    if (member.merged) return LeftOut::merged;
    if (member.answered && !member.chosen) return LeftOut::answered;
    return LeftOut::no;
}

MailText acknowledge_in_incident(const IncidentAcknowledgement& facts) {
    const std::string number = facts.number.text();
    MailText mail{.subject =
                      subject_with(facts.number, Wording{"We know of this", "此情况我们已经知晓", "此情況我們已經知悉"}.in(
                                                     facts.language)),
                  .body = greeting(facts.language, facts.name)};
    switch (facts.language) {
    case Language::en:
        mail.body += fmt::format(
            "We have received your message; its request number is {}. Others have written about the same thing. This is "
            "what we can say now:\n\n{}\n\nTo add something, reply to this mail. ",
            number, trimmed(facts.text));
        break;
    case Language::zh_hans:
        mail.body += fmt::format(
            "您的来信我们已经收到，请求编号为 {}。其他客户也反映了同样的情况，目前的说明如下：\n\n{}\n\n"
            "如需补充，直接回复本邮件即可。",
            number, trimmed(facts.text));
        break;
    case Language::zh_hant:
        mail.body += fmt::format(
            "您的來信我們已經收到，請求編號為 {}。其他客戶也反映了同樣的情況，目前的說明如下：\n\n{}\n\n"
            "如需補充，直接回覆本郵件即可。",
            number, trimmed(facts.text));
        break;
    }
    mail.body += fmt::format("{}\n", safety_note(facts.language));
    mail.body += signature(facts.language, facts.house);
    return mail;
}

}  // namespace okpay::desk
