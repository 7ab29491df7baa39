// SPDX-License-Identifier: Apache-2.0
// Side threads: what staff write about a request to a bank, a provider or a merchant, and what comes back. They have a
// number, a clock and a mark of their own, and the customer sees nothing of them. Why: docs/decisions/0046.
//
//   Number   "TP-7F3K9Q2": made and checked as request numbers are (request_number.hpp), by a key of its own. The prefix
//   tells
//            the two apart, so neither is ever read as the other.
//   Mark     a token as ticket_token.hpp has it, at the same places, by keys whose ids no ticket's key has: a token of a
//   side
//            thread never verifies as a request's, nor the other way round.
//   Joins    a mail by its token and the counterparty's address; by the token, or the number, and aligned authentication
//            where the address, or the domain of one of the book that vouches for its whole domain, is the counterparty's.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/acknowledgement.hpp"
#include "desk/figures.hpp"
#include "desk/language.hpp"
#include "desk/lifecycle.hpp"
#include "desk/ticket.hpp"
#include "desk/ticket_token.hpp"

namespace okpay::desk {

enum class SideThreadNo : std::int64_t {};
enum class CounterpartyNo : std::int64_t {};
constexpr std::int64_t number_of(SideThreadNo no) { return static_cast<std::int64_t>(no); }
constexpr std::int64_t number_of(CounterpartyNo no) { return static_cast<std::int64_t>(no); }

inline constexpr std::size_t counterparty_name_octets_max = 120;
inline constexpr std::int64_t counterparties_max = 500;         // of the book, the retired ones too
inline constexpr std::int64_t side_threads_of_ticket_max = 20;
inline constexpr std::int64_t side_messages_max = 200;          // ours, in one thread
inline constexpr std::size_t side_subject_octets_max = 200;
inline constexpr std::size_t side_payments_max = 10;            // named by one mail
inline constexpr std::int64_t side_hours_min = 1, side_hours_max = 30 * 24;  // until an answer is expected

enum class CounterpartyKind : std::uint8_t { bank = 1, provider = 2, merchant = 3, other = 4 };  // stored, append only
std::string_view name_of(CounterpartyKind kind);
std::optional<CounterpartyKind> counterparty_kind_of_name(std::string_view name);

enum class SideState : std::uint8_t { waiting = 1, answered = 2, closed = 3 };  // stored, append only
std::string_view name_of(SideState state);

struct Counterparty {
    CounterpartyKind kind = CounterpartyKind::other;
    std::string name, address;
    Language language = Language::en;
    bool whole_domain = false;  // whoever writes from its domain, and proves that, may answer
    friend bool operator==(const Counterparty&, const Counterparty&) = default;
};
std::optional<std::string> fault_in(const Counterparty& party);  // "name: …"

// Its counterparty is frozen when it is opened: what the book says later changes no thread.
struct SideThread {
    SideThreadNo no;
    std::string number;  // "TP-7F3K9Q2"
    TicketNo ticket;
    std::optional<CounterpartyNo> from_book;  // none: the address was typed
    Counterparty party;
    std::string subject;
    SideState state = SideState::waiting;
    Moment opened;
    customers::StaffNo opened_by;
    Moment updated;
    std::optional<Moment> due;  // an answer is expected by; while waiting
    std::int64_t told = 0;      // the last ClockAlarm of `due` that staff were told
    std::optional<Moment> closed;
    std::optional<customers::StaffNo> closed_by;
    std::int64_t version = 1;  // raised by each message and each change of state
};

enum class SideMessageKind : std::uint8_t {  // stored, append only
    said = 1,
    automatic = 2,  // machine mail of theirs: kept, and answers nothing
};
std::string_view name_of(SideMessageKind kind);

std::string side_number(SideThreadNo no, const Secret& key);
std::optional<std::string> parse_side_number(std::string_view text);  // as it is kept; nothing else around it
std::vector<std::string> side_numbers_in(std::string_view text);      // as they are kept, each once, at most 10

std::string make_side_token(const TokenKey& key, SideThreadNo thread, std::string_view recipient);

// --- What comes in
struct KnownSide {
    SideThreadNo no;
    TicketNo ticket;
    std::string address;
    bool whole_domain = false;
};
struct SideMatch {
    KnownSide thread;
    bool sent_to_party;  // the token was made for the thread's address
};
struct SideInput {
    std::vector<SideMatch> by_token;  // verified ones only, in the order found
    std::vector<KnownSide> by_number;
    std::string sender;  // the one From address; empty where there is none or more than one
    customers::Assurance assurance = customers::Assurance::a0_unproven;
    bool forged = false;
    bool is_customer = false;  // the sender: who has a request or an account here speaks for no counterparty's domain
};
enum class SideReason : std::uint8_t { token_and_party, token_and_domain, number_and_party, not_of_party, nothing_found };
std::string_view code_of(SideReason reason);
struct SideDecision {
    SideReason reason = SideReason::nothing_found;
    // Joins this one; of `not_of_party`: names this one and is none of its, which only staff are told.
    std::optional<KnownSide> thread;
    [[nodiscard]] bool joins() const { return thread && reason != SideReason::not_of_party; }
};
SideDecision decide_side(const SideInput& input);

// --- What becomes of a thread. None of it touches the clocks of the request.
void note_sent(SideThread& thread, Moment at, std::int64_t hours);  // also of one that was closed
void note_received(SideThread& thread, SideMessageKind kind, Moment at);
bool note_closed(SideThread& thread, customers::StaffNo by, Moment at);  // false: it is closed already
std::optional<ClockAlarm> alarm_of(const SideThread& thread, Moment now);  // as the house's clocks: lifecycle.hpp

// --- What goes out
enum class SideRefusal : std::uint8_t {
    own_address,        // a mail of ours to ourselves
    customers_address,  // it would come to the customer, or to another one
    too_many_threads,
    too_many_messages,
    hours,
};
std::string_view code_of(SideRefusal refusal);
std::string_view sentence_en(SideRefusal refusal);

// What may be told of a payment: what its counterparty needs to find it, and nothing of the customer.
struct SidePayment {
    std::string reference;  // "pay_…"
    BoundFigure figure;
    Moment at;
    std::string order_ref;  // the merchant's own number; told to merchants alone
};
struct SideLetter {
    std::string_view number, subject, text;
    const Counterparty& party;
    std::span<const SidePayment> payments;
    bool first = true;  // else "Re: " stands before the subject
};
// Plain text, LF, ends with LF; the caller adds what ends every mail.
MailText side_letter(const SideLetter& letter);

}  // namespace okpay::desk
