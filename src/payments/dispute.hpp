// SPDX-License-Identifier: Apache-2.0
// A payment by card that its holder has the bank take back: what the card scheme says of it, what we answer, and what it
// moves (payments.md 5.3). Pure: moments are arguments.
//
//   stages  inquiry -> chargeback -> pre-arbitration -> arbitration, never back
//   in each needs_response --contested--> under_review --> won | lost
//           needs_response --accepted--> accepted, --nobody answered in time--> expired
//           either         --the holder gave up--> withdrawn
//   next    a later stage begins out of an open one or a won one; what else has ended has ended for good
//
//   Money   an inquiry moves nothing. A later stage takes the amount from the merchant into disputes receivable, once; won
//           and withdrawn give exactly it back; lost, accepted and expired leave it with the acquirer. So the moves of a
//           dispute add up to nothing, or to its amount.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/moment.hpp"
#include "base/result.hpp"
#include "customers/customer.hpp"
#include "money/ledger.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

enum class DisputeStage : std::uint8_t { inquiry = 1, chargeback = 2, pre_arbitration = 3, arbitration = 4 };  // stored

enum class DisputeStatus : std::uint8_t {  // stored, append only
    needs_response = 1,
    under_review = 2,
    won = 3,
    lost = 4,
    accepted = 5,
    expired = 6,
    withdrawn = 7,
};
constexpr bool is_open(DisputeStatus status) {
    return status == DisputeStatus::needs_response || status == DisputeStatus::under_review;
}
// The merchant's money is gone: the holder's bank keeps it.
constexpr bool is_lost(DisputeStatus status) {
    return status == DisputeStatus::lost || status == DisputeStatus::accepted || status == DisputeStatus::expired;
}

enum class DisputeReason : std::uint8_t {  // stored, append only
    duplicate = 1,
    fraudulent = 2,
    not_received = 3,
    not_as_described = 4,
    credit_not_processed = 5,  // a refund was promised and did not come
    subscription_canceled = 6,
    unrecognized = 7,
    other = 8,
};

struct Dispute {
    std::int64_t no;
    DisputeId id;
    std::int64_t payment;
    customers::MerchantNo merchant;
    std::string reference;  // the acquirer's own number of the case, unique
    DisputeStage stage = DisputeStage::inquiry;
    DisputeStatus status = DisputeStatus::needs_response;
    DisputeReason reason = DisputeReason::other;
    money::Money amount;
    bool house_pays = false;  // the merchant's account let nothing out when it was taken
    std::string answer;       // what we told the acquirer last
    Moment opened, updated;
    Moment due;               // until when an answer is heard

    // In disputes receivable, minor units.
    [[nodiscard]] std::int64_t taken_minor() const {
        return stage != DisputeStage::inquiry && is_open(status) ? amount.minor() : 0;
    }
    [[nodiscard]] std::int64_t lost_minor() const {
        return stage != DisputeStage::inquiry && is_lost(status) ? amount.minor() : 0;
    }
    // A refund beside it would pay twice. An inquiry may be settled by one.
    [[nodiscard]] bool bars_refunds() const { return taken_minor() != 0; }
};

// What disputes leave of a payment by card.
struct DisputesStanding {
    std::int64_t taken_minor = 0;  // held while they are decided: no refund goes beside it
    std::int64_t lost_minor = 0;   // its holder has it back for good
    [[nodiscard]] bool bars_refunds() const { return taken_minor != 0; }
};
DisputesStanding standing_of(std::span<const Dispute> of_one_payment);

// What a refund may take now (R1): what was captured, less what was given back, is on its way to a card (`in_flight_minor`:
// processing or unknown) or was lost to its holder's bank. Zero while that bank decides, and of what was not paid to a
// merchant.
std::int64_t refundable_minor(const Payment& payment, std::int64_t in_flight_minor, const DisputesStanding& disputes);

enum class DisputeMove : std::uint8_t { none = 0, take = 1, give_back = 2, lose = 3 };  // stored, append only

enum class DisputeRefusal : std::uint8_t {
    stage_goes_back,
    already_ended,   // with another outcome, or for good
    answered,        // nothing is asked of us now
    too_late,        // the time to answer is over
    due_in_the_past,
};

struct DisputeStep {
    Dispute after;
    DisputeMove move = DisputeMove::none;
    bool changed = false;  // false: it was told before
};

// What the acquirer says of the dispute. `due` counts with needs_response alone.
struct DisputeNotice {
    DisputeStage stage;
    DisputeStatus status;  // needs_response, under_review, won, lost or withdrawn
    Moment due;
};
// The first notice; its status is needs_response.
[[nodiscard]] Result<DisputeStep, DisputeRefusal> open_dispute(Dispute fresh, const DisputeNotice& notice, Moment at);
[[nodiscard]] Result<DisputeStep, DisputeRefusal> hear(const Dispute& dispute, const DisputeNotice& notice, Moment at);
// Ours, while an answer is asked for. `accepts`: the merchant lets it go.
[[nodiscard]] Result<DisputeStep, DisputeRefusal> answer(const Dispute& dispute, bool accepts, std::string_view words,
                                                         Moment at);
// Nothing where an answer is not asked for, or not overdue.
[[nodiscard]] std::optional<DisputeStep> expire(const Dispute& dispute, Moment at);

struct DisputeAccounts {
    money::AccountNo merchant;  // payable
    money::AccountNo loss;      // the house's, where the merchant's account is shut
    money::AccountNo receivable, acquirer, suspense;
    bool merchant_shut_out = false;  // nothing may leave the payable: the house bears it
    bool merchant_shut_in = false;   // nothing may come into it: what is given back goes to suspense
};
// What the move posts; nothing for none. Sets `after.house_pays` when it takes.
[[nodiscard]] std::optional<money::Posting> posting_of(DisputeStep& step, const DisputeAccounts& accounts);

std::string_view name_of(DisputeStage stage);
std::string_view name_of(DisputeStatus status);
std::string_view name_of(DisputeReason reason);
std::string_view name_of(DisputeMove move);
std::optional<DisputeStage> dispute_stage_of_name(std::string_view name);
std::optional<DisputeStatus> dispute_status_of_name(std::string_view name);
std::optional<DisputeReason> dispute_reason_of_name(std::string_view name);

}  // namespace okpay::payments
