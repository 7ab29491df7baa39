// SPDX-License-Identifier: Apache-2.0
// Incidents: many customers write about one thing within minutes. What a request is about comes from the sender's own ledger
// and from the error codes it states; an incident opens where requests of enough different customers stand close together
// and the thing usually brings far fewer. One text then answers them all. Why: docs/decisions/0045.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "desk/acknowledgement.hpp"
#include "desk/language.hpp"
#include "desk/ticket.hpp"
#include "payments/duplicates.hpp"

namespace okpay::desk {

enum class IncidentNo : std::int64_t {};
constexpr std::int64_t number_of(IncidentNo no) { return static_cast<std::int64_t>(no); }

// --- What a request is about

enum class TopicKind : std::uint8_t {  // stored, append only
    merchant = 1,  // the thing is the merchant's number
    error_code = 2,  // as stated, in upper case
    rail = 3,  // "card", "top_up", "withdrawal"
};
std::string_view name_of(TopicKind kind);

struct Topic {
    TopicKind kind;
    std::string thing;
    friend bool operator==(const Topic&, const Topic&) = default;
};
inline constexpr std::size_t topics_max = 6;  // of one request
inline constexpr std::size_t error_code_octets_max = 40;
inline constexpr std::chrono::hours topic_looks_back{48};  // people write soon; what is older is no incident of now
inline constexpr std::size_t topic_payments_max = 24;  // of a wallet's newest movements, looked at for one request

struct TopicFacts {
    std::string_view category;  // as triage prints it
    std::vector<std::string> error_codes;
    payments::Hint hint;  // what the mail states
    std::vector<payments::Payment> recent;  // the sender's own, not older than topic_looks_back
};
bool is_about_money(std::string_view category);  // whether the ledger is asked at all
// Merchants first, then rails, then error codes; each once. Payments are those that fit best what is stated; where nothing
// is stated and all went to one place, that place.
std::vector<Topic> topics_of(const TopicFacts& facts, Moment now);

// --- Who counts

struct RequestFacts {
    std::string_view category, route;
    std::vector<std::string> flags;  // as triage prints them
    bool automatic = false, forged = false, wants_lock = false;
};
// The part it takes in incidents.
enum class Part : std::uint8_t { full, apart, none };
// `apart`: somebody may be inside the account. It is looked at by whoever is responsible for that, opens no incident and is
// never told in bulk. `none`: machine mail, spam, a forged sender.
Part part_of(const RequestFacts& facts);
// Whatever else it is, it is with the risk team or alarms: what rules and agents may not calm (sorting.hpp). Spam that the
// risk team has is guarded and takes no part.
bool is_guarded(const RequestFacts& facts);

// --- The detector

struct Arrival {
    TicketNo ticket;
    customers::CustomerNo customer;
    Moment at;
};
struct Usual {  // what the thing brought on whole days before, without what belonged to incidents
    std::int64_t requests = 0;
    std::int64_t days = 0;  // 0: nothing is known of before
    friend bool operator==(const Usual&, const Usual&) = default;
};
struct IncidentRules {
    std::int64_t customers_min = 10;
    Millis window = std::chrono::minutes{10};
    // Requests come by day and not by night: so many times the average is a usual busy window.
    std::int64_t busy_factor = 4;
    // And so many standard deviations (of a Poisson distribution, the root of its mean) above that is no chance any more.
    std::int64_t deviations = 6;
    // After its last request nothing more joins one that nobody closed: the next is about something new.
    Millis goes_on = std::chrono::hours{24};
};
inline constexpr std::chrono::days usual_looks_back{28};

struct Burst {
    std::vector<TicketNo> requests;  // of the window, in order of arrival
    std::int64_t customers;
    Moment since;  // the first of them
    friend bool operator==(const Burst&, const Burst&) = default;
};
// How many different customers within a window make an incident of a thing with this history.
std::int64_t customers_needed(Usual usual, const IncidentRules& rules);
// Of the arrivals about one thing, any order: the window with the most customers, the earliest of those, where there are as
// many as are needed. A window holds what arrived less than rules.window after its first.
std::optional<Burst> burst_of(std::span<const Arrival> arrivals, Usual usual, const IncidentRules& rules);

// --- The life of an incident

enum class IncidentState : std::uint8_t { open = 1, told = 2, closed = 3 };  // stored, append only
std::string_view name_of(IncidentState state);
std::optional<IncidentState> incident_state_of_name(std::string_view name);
constexpr bool may_become(IncidentState from, IncidentState to) {
    switch (from) {
    case IncidentState::open: return to == IncidentState::told || to == IncidentState::closed;
    case IncidentState::told: return to == IncidentState::closed;
    case IncidentState::closed: return to == IncidentState::open || to == IncidentState::told;  // as it was before
    }
    std::abort();
}

enum class IncidentStep : std::uint8_t {  // stored, append only
    opened = 1,
    joined = 2,  // by itself
    added = 3,  // by a person
    removed = 4,
    told = 5,  // the text was written; who was told stands beside it
    closed = 6,
    reopened = 7,
};
std::string_view name_of(IncidentStep step);

enum class IncidentRefusal : std::uint8_t {
    closed,  // and takes nothing until it is opened again
    not_closed,
    told_already,  // with another text
    nobody_to_tell,
    is_member,
    in_another,  // a request belongs to one incident that stands
    no_member,
    request_closed,
    another_stands,  // of the same thing
    being_told,  // some still wait for its text
    nothing_proven,  // no refund that the ledger proves
};
std::string_view code_of(IncidentRefusal refusal);
std::string_view sentence_en(IncidentRefusal refusal);

// --- One text for all

inline constexpr std::size_t incident_text_octets_max = 16UL * 1024;  // of each language
struct IncidentText {
    std::string en, zh_hans, zh_hant;
    [[nodiscard]] std::string_view in(Language language) const { return Wording{en, zh_hans, zh_hant}.in(language); }
    friend bool operator==(const IncidentText&, const IncidentText&) = default;
};
struct IncidentTextFault {
    bool says_figure;  // an amount: no row of the ledger can prove one figure to everybody
    std::string why;  // "en: …"
};
// It is sent to everybody, so it names no amount, no payment and no request.
std::optional<IncidentTextFault> fault_in(const IncidentText& text);

// Why a member is not sent the text; `no`: it is.
enum class LeftOut : std::uint8_t { no, told, removed, apart, unanswerable, ended, merged, answered };
std::string_view name_of(LeftOut why);
struct MemberNow {
    bool standing = true;  // not removed
    bool apart = false, told = false, merged = false;
    bool answered = false;  // by a person, or by an earlier text
    bool chosen = false;  // a person wants it told although it was answered
    bool unanswerable = false;  // machine mail, or nobody to write to
    TicketState state = TicketState::open;
};
LeftOut left_out(const MemberNow& member);

// The confirmation of a request that came after the text was sent: the text is in it.
struct IncidentAcknowledgement {
    RequestNumber number;
    Language language;
    std::string_view name;  // empty where the sender proved nothing
    std::string_view text;
    std::string_view house;
};
MailText acknowledge_in_incident(const IncidentAcknowledgement& facts);

}  // namespace okpay::desk
