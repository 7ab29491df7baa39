// SPDX-License-Identifier: Apache-2.0
#include "payments/dispute.hpp"

#include <array>
#include <cstdlib>

namespace okpay::payments {
namespace {

using money::TransferCode;

constexpr std::array all_stages{DisputeStage::inquiry, DisputeStage::chargeback, DisputeStage::pre_arbitration,
                                DisputeStage::arbitration};
constexpr std::array all_statuses{DisputeStatus::needs_response, DisputeStatus::under_review, DisputeStatus::won,
                                  DisputeStatus::lost,           DisputeStatus::accepted,     DisputeStatus::expired,
                                  DisputeStatus::withdrawn};
constexpr std::array all_reasons{DisputeReason::duplicate,
                                 DisputeReason::fraudulent,
                                 DisputeReason::not_received,
                                 DisputeReason::not_as_described,
                                 DisputeReason::credit_not_processed,
                                 DisputeReason::subscription_canceled,
                                 DisputeReason::unrecognized,
                                 DisputeReason::other};

template <class All>
auto of_name(const All& all, std::string_view name) -> std::optional<typename All::value_type> {
    for (const auto one : all) {
        if (name_of(one) == name) return one;
    }
    return std::nullopt;
}

// What ends a stage that holds the amount does with it.
DisputeMove move_at_end(const Dispute& before, DisputeStatus end) {
    if (before.taken_minor() == 0) return DisputeMove::none;
    return is_lost(end) ? DisputeMove::lose : DisputeMove::give_back;
}

DisputeStep ended(const Dispute& before, DisputeStatus end, Moment at) {
    DisputeStep step{.after = before, .move = move_at_end(before, end), .changed = true};
    step.after.status = end;
    step.after.updated = at;
    return step;
}

}  // namespace

Result<DisputeStep, DisputeRefusal> open_dispute(Dispute fresh, const DisputeNotice& notice, Moment at) {
    if (notice.due <= at) return fail(DisputeRefusal::due_in_the_past);
    fresh.stage = notice.stage;
    fresh.status = DisputeStatus::needs_response;
    fresh.opened = fresh.updated = at;
    fresh.due = notice.due;
    const auto move = notice.stage == DisputeStage::inquiry ? DisputeMove::none : DisputeMove::take;
    return DisputeStep{.after = std::move(fresh), .move = move, .changed = true};
}

Result<DisputeStep, DisputeRefusal> hear(const Dispute& dispute, const DisputeNotice& notice, Moment at) {
    if (notice.stage < dispute.stage) return fail(DisputeRefusal::stage_goes_back);
    if (notice.stage > dispute.stage) {
        const bool goes_on = is_open(dispute.status) || dispute.status == DisputeStatus::won;
        if (!goes_on || notice.status != DisputeStatus::needs_response) return fail(DisputeRefusal::already_ended);
        if (notice.due <= at) return fail(DisputeRefusal::due_in_the_past);
        DisputeStep step{.after = dispute,
                         .move = dispute.taken_minor() == 0 ? DisputeMove::take : DisputeMove::none,
                         .changed = true};
        step.after.stage = notice.stage;
        step.after.status = DisputeStatus::needs_response;
        step.after.updated = at;
        step.after.due = notice.due;
        return step;
    }
    if (notice.status == dispute.status) return DisputeStep{.after = dispute};
    if (!is_open(dispute.status)) return fail(DisputeRefusal::already_ended);
    if (notice.status == DisputeStatus::needs_response) return fail(DisputeRefusal::answered);
    if (notice.status == DisputeStatus::under_review) {
        DisputeStep step{.after = dispute, .changed = true};
        step.after.status = DisputeStatus::under_review;
        step.after.updated = at;
        return step;
    }
    return ended(dispute, notice.status, at);
}

Result<DisputeStep, DisputeRefusal> answer(const Dispute& dispute, bool accepts, std::string_view words, Moment at) {
    if (!is_open(dispute.status)) return fail(DisputeRefusal::already_ended);
    if (dispute.status != DisputeStatus::needs_response) return fail(DisputeRefusal::answered);
    if (at >= dispute.due) return fail(DisputeRefusal::too_late);
    DisputeStep step = ended(dispute, accepts ? DisputeStatus::accepted : DisputeStatus::under_review, at);
    if (!accepts) step.move = DisputeMove::none;
    step.after.answer = words;
    return step;
}

std::optional<DisputeStep> expire(const Dispute& dispute, Moment at) {
    if (dispute.status != DisputeStatus::needs_response || at < dispute.due) return std::nullopt;
    return ended(dispute, DisputeStatus::expired, at);
}

std::optional<money::Posting> posting_of(DisputeStep& step, const DisputeAccounts& accounts) {
    const auto posting = [&step](TransferCode code, money::AccountNo debit, money::AccountNo credit) {
        return money::Posting{
            .code = code, .debit = debit, .credit = credit, .amount = step.after.amount, .expires_at = std::nullopt};
    };
    switch (step.move) {
    case DisputeMove::none: return std::nullopt;
    case DisputeMove::take:
        step.after.house_pays = accounts.merchant_shut_out;
        return posting(TransferCode::dispute_taken, step.after.house_pays ? accounts.loss : accounts.merchant,
                       accounts.receivable);
    case DisputeMove::give_back: {
        const money::AccountNo merchant = accounts.merchant_shut_in ? accounts.suspense : accounts.merchant;
        return posting(TransferCode::dispute_returned, accounts.receivable,
                       step.after.house_pays ? accounts.loss : merchant);
    }
    case DisputeMove::lose: return posting(TransferCode::dispute_lost, accounts.receivable, accounts.acquirer);
    }
    std::abort();
}

DisputesStanding standing_of(std::span<const Dispute> of_one_payment) {
    DisputesStanding standing;
    for (const Dispute& dispute : of_one_payment) {
        standing.taken_minor += dispute.taken_minor();
        standing.lost_minor += dispute.lost_minor();
    }
    return standing;
}

std::int64_t refundable_minor(const Payment& payment, std::int64_t in_flight_minor, const DisputesStanding& disputes) {
    if (payment.kind != PaymentKind::merchant_payment || disputes.bars_refunds()) return 0;
    return payment.refundable_minor() - in_flight_minor - disputes.lost_minor;
}

std::string_view name_of(DisputeStage stage) {
    switch (stage) {
    case DisputeStage::inquiry: return "inquiry";
    case DisputeStage::chargeback: return "chargeback";
    case DisputeStage::pre_arbitration: return "pre_arbitration";
    case DisputeStage::arbitration: return "arbitration";
    }
    std::abort();
}

std::string_view name_of(DisputeStatus status) {
    switch (status) {
    case DisputeStatus::needs_response: return "needs_response";
    case DisputeStatus::under_review: return "under_review";
    case DisputeStatus::won: return "won";
    case DisputeStatus::lost: return "lost";
    case DisputeStatus::accepted: return "accepted";
    case DisputeStatus::expired: return "expired";
    case DisputeStatus::withdrawn: return "withdrawn";
    }
    std::abort();
}

std::string_view name_of(DisputeReason reason) {
    switch (reason) {
    case DisputeReason::duplicate: return "duplicate";
    case DisputeReason::fraudulent: return "fraudulent";
    case DisputeReason::not_received: return "not_received";
    case DisputeReason::not_as_described: return "not_as_described";
    case DisputeReason::credit_not_processed: return "credit_not_processed";
    case DisputeReason::subscription_canceled: return "subscription_canceled";
    case DisputeReason::unrecognized: return "unrecognized";
    case DisputeReason::other: return "other";
    }
    std::abort();
}

std::string_view name_of(DisputeMove move) {
    switch (move) {
    case DisputeMove::none: return "none";
    case DisputeMove::take: return "taken";
    case DisputeMove::give_back: return "given_back";
    case DisputeMove::lose: return "lost";
    }
    std::abort();
}

std::optional<DisputeStage> dispute_stage_of_name(std::string_view name) { return of_name(all_stages, name); }
std::optional<DisputeStatus> dispute_status_of_name(std::string_view name) { return of_name(all_statuses, name); }
std::optional<DisputeReason> dispute_reason_of_name(std::string_view name) { return of_name(all_reasons, name); }

}  // namespace okpay::payments
