// SPDX-License-Identifier: Apache-2.0
// Requests as they are read, in lists and whole: beside the row, what stands in other tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customers/customer.hpp"
#include "desk/ticket.hpp"
#include "money/ledger.hpp"
#include "service/payment_views.hpp"
#include "store/delivery_store.hpp"
#include "store/desk_store.hpp"
#include "store/facts_store.hpp"
#include "store/file_scan_store.hpp"
#include "store/follow_store.hpp"
#include "store/incident_store.hpp"
#include "store/promise_store.hpp"
#include "store/side_store.hpp"
#include "store/ticket_link_store.hpp"

namespace okpay::service {

struct Person {
    StaffId id;
    std::string name;
};

enum class TicketList : std::uint8_t {
    open,  // new, open or on hold
    mine,  // those of them assigned to me
    technical,  // those of them that are with the technical team
    risk,       // and with the risk team
    unclear,    // those of them that triage could not tell what they are
    spam,       // set aside: spam and machine mail, the newest first; in no list of those above but `mine`
    approvals,  // with a proposed remedy
    waiting,  // for the customer
    solved,  // solved or closed
    snoozed,  // asleep, by the moment they come back
    mentions,   // with a note that names me, in any state
    following,  // that I follow, in any state
    all,
};
std::optional<TicketList> ticket_list_of_name(std::string_view name);

inline constexpr std::size_t colleagues_shown_max = 20;

struct TicketCursor {  // opaque text outside
    std::int64_t key;  // what the list is sorted by
    std::int64_t no;
    static std::optional<TicketCursor> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

struct TicketQuery {
    TicketList list = TicketList::open;
    customers::StaffNo me;
    std::string words;  // a request number (then the list does not matter), an address, a name, words
    std::optional<TicketCursor> after;
    std::int64_t limit = 50;
};

struct TicketView {
    store::TicketRow row;
    std::optional<customers::Customer> customer;
    std::optional<Person> assignee;
    std::optional<desk::Remedy> open_remedy;  // the newest that is not rejected, voided or failed
    std::optional<Moment> snoozed_until{};
    std::optional<store::Unseen> unseen{};  // of a list, where its reader follows the request
    store::SideCounts sides{};              // its own side threads that are not closed
};

struct TicketCounts {
    std::int64_t open = 0, mine = 0, approvals = 0, waiting = 0, snoozed = 0;
    std::int64_t technical = 0, risk = 0, unclear = 0, spam = 0;
    std::int64_t incidents = 0;  // that stand
    store::UnseenRequests unseen{};
};

struct TicketPage {
    std::vector<TicketView> items;
    std::optional<TicketCursor> next;
    TicketCounts counts;
};

struct Delivery {
    store::OutgoingState state;
    std::int64_t attempts;
    Moment updated;
    bool held = false;         // it waits for a person
    std::string answer{};      // of the relay, or of the server that sent it back
    std::optional<mail::BounceReason> bounced{};
};

struct MessageView {
    desk::Message message;
    std::optional<Person> staff;
    std::optional<Delivery> delivery;  // of what we sent
    std::optional<store::ScanState> files{};  // of a mail known to have files: what was said of them; else none
    std::string authentication{};  // of a mail: who really sent it, JSON of mail_evidence.hpp; else empty
    std::string request{};     // number of the merged request that it stands in; empty: in this one
    std::string went_on_in{};  // number of the request into which it was split off; empty: in none
    std::vector<Person> mentions{};  // whom a note names
};

struct TicketLinkView {
    std::string number;  // of the other request
    desk::LinkKind kind;
    bool from_here;  // this request is … the other one; else the other way round
    desk::TicketState state;
    std::string reason;
    Moment made;
    std::optional<Person> made_by;
};

struct EventView {
    Moment at;
    std::string kind;
    std::optional<Person> staff;
    std::string detail;  // JSON
    std::optional<Person> assigned_to;  // of `assigned`; nobody where the ticket was given back
};

struct RemedyView {
    desk::Remedy remedy;
    TicketView ticket;
    PaymentView payment;
    std::optional<PaymentView> duplicate_of;
    Person proposer;
    std::optional<Person> decider;
    std::optional<PaymentId> executed;  // the refund
    std::optional<MessageId> answer;  // the message that told the customer
    std::vector<money::Transfer> transfers;  // of the refund, once executed
    std::optional<money::AccountNo> fee_income;  // of its currency
    std::optional<Moment> owner_told = {};  // of a house of one person, while it waits: alone_approval.hpp
};

struct PromiseView {
    store::PromiseRow row;
    Person staff;
    std::optional<Person> ended_by;
    std::optional<MessageId> message = {};  // the answer that says it
};

// An incident in a list.
struct IncidentLine {
    store::IncidentRow row;
    std::string thing;  // as people know it: a merchant by its name
    std::int64_t members = 0, told = 0;
};
// The one that a request belongs to.
struct TicketIncident {
    IncidentLine line;
    bool apart;  // looked at by itself, and not told with the others
    std::optional<Moment> told;
};

struct TicketDetail {
    TicketView ticket;
    std::vector<MessageView> messages;  // oldest first
    std::vector<EventView> events;  // oldest first
    std::vector<RemedyView> remedies;  // newest first
    std::vector<PromiseView> promises;  // in the order they were made
    std::optional<std::string> linked_to;
    std::vector<TicketLinkView> links{};  // that stand, oldest first
    std::optional<std::string> merged_into{};  // the one it goes on in, through chains
    std::vector<Person> followers{};           // who work here, the longest first
    desk::SeenMark seen_mark{};                // of who has seen all of this
    std::optional<TicketIncident> incident{};
    std::optional<store::AskedFacts> asked{};
};

struct ApprovalPage {
    std::vector<RemedyView> items;  // by the 48-hour clock
    std::optional<TicketCursor> next;
};

}  // namespace okpay::service
