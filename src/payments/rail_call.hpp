// SPDX-License-Identifier: Apache-2.0
// What an outside rail (a bank, a card acquirer) was asked to do for a top-up, a withdrawal, a payment by card or a refund
// to one, or a merchant's payout, and what is known of it.
// `unknown` is a state: the rail may or may not have moved the money. It ends by an inquiry, a notice or a person, never
// by a second attempt. Pure: moments are arguments.
//
//   created --taken--> sent --done------------------------> succeeded --returned (withdrawals)--> returned
//                      sent --declined--------------------> failed
//                      sent --no answer, pending--> unknown --done / declined / never arrived--> succeeded / failed
//
//   Once       a call is handed to the rail at most once: `sent` is durable before it leaves, and what was sent when the
//              process ended is `unknown`.
//   Inquiries  30 s, 5 min, 1 h, then daily five times; then a person decides (payments.md 5.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/moment.hpp"
#include "customers/customer.hpp"
#include "money/ledger.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

// Stored, append only. From outside: a top-up, a payment by card. To there: a withdrawal, a refund to a card, a merchant's
// payout.
enum class RailDirection : std::uint8_t { collect = 1, pay_out = 2 };

enum class RailCallState : std::uint8_t {  // stored, append only
    created = 1,
    sent = 2,
    unknown = 3,
    succeeded = 4,
    failed = 5,
    returned = 6,      // paid out, and the money came back
    contradicted = 7,  // failed, and the rail said later that it was done: suspense, and a person
};
constexpr bool is_live(RailCallState state) {
    return state == RailCallState::created || state == RailCallState::sent || state == RailCallState::unknown;
}

// What the rail says, to the call itself, to an inquiry or unasked.
enum class RailWord : std::uint8_t {
    done = 1,
    declined = 2,
    pending = 3,    // it knows the call and has not decided
    no_answer = 4,  // time out, broken connection, an answer that cannot be read
    not_known = 5,  // it has no call of this reference
    returned = 6,
};
std::string_view name_of(RailCallState state);
std::string_view name_of(RailWord word);
std::optional<RailWord> rail_word_of_name(std::string_view name);
std::optional<RailCallState> rail_call_state_of_number(std::int64_t number);
std::optional<RailDirection> rail_direction_of_number(std::int64_t number);

struct RailCall {
    std::int64_t payment;  // one call a payment
    std::optional<customers::CustomerNo> customer;  // whose it is, or
    std::optional<customers::MerchantNo> merchant = std::nullopt;  // that of a payout
    RailDirection direction;
    RailCallState state = RailCallState::created;
    money::Money amount;
    std::string instrument;       // as people may see it: "card ····4242"
    Bytes sealed_instrument;      // as the rail needs it
    std::string rail_reference;   // the rail's own, once it told one
    std::string detail;           // the rail's last words
    std::int64_t inquiries = 0;   // that brought nothing
    bool inquiring = false;       // one is under way
    std::optional<Moment> next_at;  // when it is sent, or inquired after; none: nothing is due
    std::optional<Moment> sent_at;
    std::int64_t ticket = 0;      // a customer's, opened while the outcome was unknown; 0 for none
    Moment created, updated;  // while `inquiring`, `updated` is when it was asked
};

enum class RailEffect : std::uint8_t {
    none,             // told before, or nothing new
    became_unknown,   // the customer sees it; nothing is posted
    still_unknown,    // after an inquiry: the first one has the customer written to
    needs_person,     // the last inquiry brought nothing
    completed,
    refused,          // the rail said no
    never_arrived,    // the rail has no such call, long enough after it was sent
    came_back,        // a withdrawal that was paid out
    contradicted,     // it says done where it said no before: the money goes to suspense, a person looks
};
struct RailStep {
    RailCall after;
    RailEffect effect = RailEffect::none;
};

inline constexpr Millis rail_answer_timeout{60'000};  // sent and silent for longer: no answer
// A call that was younger when it was inquired after may still have been on its way: "not known" then means "not yet".
inline constexpr Millis rail_arrival_grace{5 * 60'000};
inline constexpr std::int64_t rail_inquiries_max = 8;

// After `made` inquiries that brought nothing; none: a person decides.
std::optional<Moment> next_inquiry(std::int64_t made, Moment now);

// Takes what is due at `at`: created is sent, unknown is inquired after, sent without an answer for too long is unknown.
// None where nothing is due.
std::optional<RailStep> take(const RailCall& call, Moment at);
RailStep hear(const RailCall& call, RailWord word, Moment at);
// At the start of a process: what was sent by another one and not answered is unknown, and inquired after at once.
RailStep interrupted(const RailCall& call, Moment at);

// Standard postings. In transit is what left a wallet and is not at its destination yet.
struct RailAccounts {
    money::AccountNo wallet;      // of the customer, or payable of the merchant
    money::AccountNo outside;     // collect, and back to a card: acquirer receivable; pay out: settlement bank
    money::AccountNo in_transit;  // payout in transit
    money::AccountNo suspense;
    money::TransferCode arrives = money::TransferCode::top_up;  // what is collected: a top-up, or a payment by card
};
// What the effect moves; nothing for most. `wallet_shut`: it is closed or takes nothing in, so what would go there goes to
// suspense.
std::optional<money::Posting> posting_of(RailEffect effect, const RailCall& before, const RailAccounts& accounts,
                                         bool wallet_shut);
PaymentState payment_state_of(RailCallState state);

}  // namespace okpay::payments
