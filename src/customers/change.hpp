// SPDX-License-Identifier: Apache-2.0
// A change of what stands of a customer, as an object with a life of its own.
//
//   requested --approve--> proving    by a second person, where staff propose it in a guided case
//   proving   --prove----> held       by the one-time link at the new address
//   held      --finish---> done       by time, once: only now it stands
//   any open  --cancel---> canceled   by the customer, or by the link at the old address, which works to the end of the hold
//   any open  --refuse---> refused    by staff, or because the address is somebody else's by then
//   requested, proving --expire--> expired   by time
//
// Language and zone are done at once. A change of the mail address takes the longest way: the new address proves itself,
// both are told, and money to new places waits with it. A telephone number goes the same way where one stands already: the
// new one proves itself by a code, and a removal is held at once. The first number of a customer stands once it is proven.
//
//   Privacy  Whoever asks learns nothing of whose the new address is: to an address that has an account the letter says so,
//            to its owner alone, and the change ends by time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "customers/customer.hpp"

namespace okpay::customers {

using ChangeId = Id<struct ChangeTag>;

enum class ChangeKind : std::uint8_t { contact = 1, language = 2, zone = 3, phone = 4 };  // stored, append only
enum class ChangeState : std::uint8_t {  // stored, append only
    requested = 1,
    proving = 2,
    held = 3,
    done = 4,
    canceled = 5,
    refused = 6,
    expired = 7,
};
enum class ChangeEvent : std::uint8_t { approve = 1, prove, finish, cancel, refuse, expire };

inline constexpr std::array all_change_kinds{ChangeKind::contact, ChangeKind::language, ChangeKind::zone, ChangeKind::phone};
inline constexpr std::array all_change_states{ChangeState::requested, ChangeState::proving,  ChangeState::held,
                                              ChangeState::done,      ChangeState::canceled, ChangeState::refused,
                                              ChangeState::expired};
inline constexpr std::array all_change_events{ChangeEvent::approve, ChangeEvent::prove,  ChangeEvent::finish,
                                              ChangeEvent::cancel,  ChangeEvent::refuse, ChangeEvent::expire};

// Nothing where the event may not happen in this state.
std::optional<ChangeState> after(ChangeState state, ChangeEvent event);
bool is_open(ChangeState state);  // something may still happen
std::string_view name_of(ChangeKind kind);
std::string_view name_of(ChangeState state);
std::optional<ChangeKind> change_kind_of_name(std::string_view name);
std::optional<ChangeKind> change_kind_of_number(std::int64_t number);
std::optional<ChangeState> change_state_of_number(std::int64_t number);

// Why it ended as it did, for the customer's page. Stored, append only.
enum class ChangeReason : std::uint8_t {
    none = 0,
    by_customer = 1,  // signed in
    by_old_address = 2,  // "this was not me"
    by_staff = 3,
    address_in_use = 4,  // somebody came by it while it was held
    replaced = 5,  // the address had changed by another way
    not_proven = 6,  // the link was not used in time
};
std::string_view name_of(ChangeReason reason);
std::optional<ChangeReason> change_reason_of_number(std::int64_t number);

struct Change {
    std::int64_t no;
    ChangeId id;
    CustomerNo customer;
    ChangeKind kind;
    ChangeState state;
    ChangeReason reason = ChangeReason::none;
    std::string from, to;  // what stood, what is to stand; of a phone empty where there was or will be none
    bool taken = false;  // the new address had an account when it was asked for: nothing can prove it
    Hash256 prove_hash;  // SHA-256 of the links' tokens
    Hash256 cancel_hash;
    std::int64_t ticket = 0;  // the guided case; 0: asked for in the account
    std::optional<StaffNo> proposer = {}, decider = {};
    std::string note = {};  // of the proposer: the evidence that was seen
    std::int64_t lock = 0;  // of money to new places
    std::int64_t session = 0;  // number of the customer's session that asked; 0 for none
    Moment asked;
    std::optional<Moment> due = {};  // when time acts on it: the end of the link, then of the hold
    std::optional<Moment> proven = {}, ended = {};
};

// Limits. "A day" is the last 24 hours.
inline constexpr std::int64_t contact_changes_a_day_max = 3;  // of one customer
inline constexpr std::int64_t change_letters_to_address_a_day_max = 3;  // whoever asks; beyond it none is sent, nobody told
inline constexpr std::chrono::hours change_link_lasts{24};
inline constexpr std::chrono::days change_proposal_lasts{7};
inline constexpr std::chrono::hours contact_hold_default{48};
inline constexpr std::chrono::hours contact_hold_min{24};
inline constexpr std::chrono::hours contact_hold_max{72};

// --- Case sessions: whoever is locked out answers one request, by a one-time link at the stored address.

using CaseId = Id<struct CaseTag>;

inline constexpr std::chrono::minutes case_link_lasts{10};
inline constexpr std::chrono::hours case_session_lasts{1};
inline constexpr std::int64_t case_links_a_day_max = 5;  // of one request
inline constexpr std::int64_t case_files_max = 10;  // of one session
inline constexpr std::int64_t case_answers_max = 20;

struct CaseAccess {
    std::int64_t no;
    CaseId id;
    std::int64_t ticket;
    CustomerNo customer;
    Hash256 link_hash;
    Moment sent, link_expires;
    std::optional<Moment> opened = {};  // once
    std::optional<Hash256> session_hash = {};
    std::optional<Moment> session_expires = {}, ended = {};
    std::int64_t files = 0, answers = 0;
};
bool link_opens(const CaseAccess& access, Moment at);
bool session_lives(const CaseAccess& access, Moment at);

// A file that was handed in. Its octets are sealed; nobody sees them but through a preview.
struct CaseFile {
    std::int64_t no;
    CaseId id;
    std::int64_t access, ticket;
    std::string name, media_type;  // the type is the content's, not what was said
    std::int64_t size;
    Hash256 content_hash;
    std::string object_key;
    std::optional<std::string> sealed, blob;
    Moment at;
};

}  // namespace okpay::customers
