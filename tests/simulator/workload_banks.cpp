// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "workload.hpp"

namespace okpay::simulator {

using namespace okpay::service;  // the commands

namespace {

Command of(Actor actor, CommandBody body) { return {CommandId{}, Moment{}, actor, std::move(body)}; }

}  // namespace

Command Workload::next_at_banks(Moment now, const std::function<std::string(std::int64_t staff)>& code) {
    const std::int64_t drawn = dice_.below(100);
    if (drawn < 55) return pay_by_card();
    if (drawn < 70) return pay_out();
    return dispute(now, code);
}

Command Workload::pay_by_card() {
    const std::int64_t who = 1 + dice_.zipf(std::ssize(model_.house().customers));
    const House::Customer& owner = model_.house().customers[static_cast<std::size_t>(who - 1)];
    const std::int64_t merchant = 1 + dice_.zipf(model_.house().merchants);
    Pay body{.key = key(),
             .customer = who,
             .merchant = merchant,
             .amount_minor = dice_.one_in(12)  ? dice_.between(-1, 1)
                             : dice_.one_in(2) ? 1'000 * dice_.between(1, 3)
                                               : dice_.between(1, 9'000),
             .currency = currency(),
             .order_ref = dice_.one_in(3) ? fmt::format("o{}", dice_.below(12)) : "",
             .memo = "Shop",
             .instrument = dice_.one_in(4) ? "card ····1111" : "card ····4242",
             .device = "phone",
             .manual_capture = dice_.one_in(30)};
    body.sealed_instrument = owner.sealed_instrument;  // as good as any: the bank here reads none
    body.instrument_hash = owner.instrument_hash;
    body.not_a_duplicate = dice_.one_in(3);
    return of({ActorKind::merchant, merchant}, body);
}

Command Workload::pay_out() {
    const std::int64_t merchant = dice_.one_in(30) ? 99 : 1 + dice_.zipf(model_.house().merchants);
    PayOutMerchant body{.key = key(), .merchant = merchant, .amount_minor = 0, .currency = currency()};
    body.balancing = dice_.one_in(3);
    const std::int64_t owed = model_.account(Model::payable(merchant, body.currency)).available();
    switch (dice_.below(6)) {
    case 0: body.amount_minor = owed + 1; break;
    case 1: body.amount_minor = dice_.between(-1, 0); break;
    case 2: body.amount_minor = largest_minor + (dice_.one_in(3) ? 1 : 0); break;
    case 3: body.amount_minor = owed; break;
    default: body.amount_minor = dice_.between(1, std::max<std::int64_t>(owed, 1)); break;
    }
    return of({ActorKind::staff, dice_.one_in(8) ? 2 : 1}, body);
}

// A new one, the next word about one that is known, or our answer.
Command Workload::dispute(Moment now, const std::function<std::string(std::int64_t staff)>& code) {
    const std::int64_t staff = dice_.one_in(12) ? 2 : dice_.one_in(6) ? 3 : 1;
    const std::string typed = dice_.one_in(10) ? "000000" : code(staff);
    const std::string due_id = DisputeId::of(now, dice_.octets(10)).text();
    const bool known = !model_.disputes().empty() && !dice_.one_in(3);
    if (known && dice_.one_in(3)) {
        std::vector<std::string> ids;
        for (const auto& [reference, dispute] : model_.disputes()) ids.push_back(dispute.id);
        return of({ActorKind::staff, staff}, AnswerDispute{.dispute = dice_.one_in(15) ? due_id : dice_.pick(ids),
                                                           .accepts = dice_.one_in(3),
                                                           .text = "Delivered and signed for.",
                                                           .totp_code = typed});
    }
    constexpr std::array<std::string_view, 5> stages{"inquiry", "chargeback", "chargeback", "pre_arbitration",
                                                     "arbitration"};
    constexpr std::array<std::string_view, 6> ends{"won", "lost", "withdrawn", "under_review", "needs_response", "accepted"};
    const auto stage = [&] { return std::string{stages[static_cast<std::size_t>(dice_.below(std::ssize(stages)))]}; };
    const auto end = [&] { return std::string{ends[static_cast<std::size_t>(dice_.below(std::ssize(ends)))]}; };
    ReportDispute body{.dispute = due_id,
                       .payment = 1 + dice_.below(std::ssize(model_.rows()) + 1),
                       .reference = fmt::format("CB-{}", dice_.below(40)),
                       .stage = stage(),
                       .status = "needs_response",
                       .reason = "not_received",
                       .amount_minor = 1'000,
                       .currency = "CNY",
                       .due = ms_of(now + Millis{dice_.one_in(15) ? -1 : dice_.between(1, 12) * 86'400'000}),
                       .totp_code = typed};
    if (known) {
        std::vector<std::string> references;
        for (const auto& [reference, dispute] : model_.disputes()) references.push_back(reference);
        body.reference = dice_.pick(references);
        const Model::Dispute& dispute = model_.disputes().at(body.reference);
        body.payment = dispute.payment;
        body.amount_minor = dispute.amount + (dice_.one_in(20) ? 1 : 0);
        body.currency = model_.rows()[static_cast<std::size_t>(dispute.payment - 1)].currency;
        constexpr std::array<std::string_view, 4> in_order{"inquiry", "chargeback", "pre_arbitration", "arbitration"};
        if (!dice_.one_in(3)) body.stage = in_order[static_cast<std::size_t>(dispute.stage - 1)];
        if (!dice_.one_in(4)) body.status = end();
        return of({ActorKind::staff, staff}, body);
    }
    std::vector<const Model::Row*> by_card;
    for (const Model::Row& row : model_.rows()) {
        if (row.kind == "merchant_payment" && row.outside && row.state == "succeeded") by_card.push_back(&row);
    }
    if (!by_card.empty() && !dice_.one_in(10)) {
        const Model::Row& row = *dice_.pick_lately(by_card);
        body.payment = row.seq;
        body.currency = row.currency;
        body.amount_minor = dice_.one_in(3) ? std::max<std::int64_t>(row.captured / 2, 1) : row.captured;
        if (dice_.one_in(15)) body.amount_minor = row.captured + 1;
    }
    return of({ActorKind::staff, staff}, body);
}

}  // namespace okpay::simulator
