// SPDX-License-Identifier: Apache-2.0
// The model's half about cards: payments and refunds that an acquirer carries out, what holders have taken back, and what
// merchants are paid out.
#include <fmt/format.h>

#include <array>

#include "model.hpp"

namespace okpay::simulator {
namespace {

using service::ActorKind;
using service::Command;

constexpr std::chrono::seconds a_moment{120};
constexpr std::array<std::string_view, 4> stages{"inquiry", "chargeback", "pre_arbitration", "arbitration"};
constexpr std::array<std::string_view, 5> said_by_acquirers{"needs_response", "under_review", "won", "lost", "withdrawn"};

Expected no(std::string code) { return {.code = std::move(code), .shown = std::nullopt, .numbers = {}, .orders = {}}; }
Expected done(std::int64_t number, bool again = false) {
    return {.code = "", .number = number, .replayed = again, .shown = std::nullopt, .numbers = {}, .orders = {}};
}

// Of `whole`, the part that `done` of `all` stands for: to the nearest, where two are as near to the even one.
std::int64_t part_of(std::int64_t whole, std::int64_t done, std::int64_t all) {
    const std::int64_t down = whole * done / all;
    const std::int64_t to_down = whole * done - down * all;
    const std::int64_t to_up = (down + 1) * all - whole * done;
    if (to_down != to_up) return to_down < to_up ? down : down + 1;
    return down % 2 == 0 ? down : down + 1;
}

}  // namespace

std::int64_t Model::part_of_fee(const Row& original, std::int64_t refund) const {
    return part_of(original.fee, original.refunded + refund, original.captured) -
           part_of(original.fee, original.refunded, original.captured);
}

std::int64_t Model::on_its_way_back(std::int64_t original) const {
    std::int64_t sum = 0;
    for (const auto& [payment, call] : calls_) {
        const Row& row = rows_[static_cast<std::size_t>(payment - 1)];
        if (call.open() && row.kind == "refund" && row.original == original) sum += row.amount;
    }
    return sum;
}

std::string Model::alike_by_card(const Row& wanted, const service::Pay& body) const {
    const auto same = [&wanted](const Row& row) {
        return row.kind == "merchant_payment" && row.outside && row.customer == wanted.customer &&
               row.merchant == wanted.merchant && row.currency == wanted.currency && row.amount == wanted.amount &&
               row.instrument == wanted.instrument;
    };
    for (const auto& [payment, call] : calls_) {
        if (call.open() && same(rows_[static_cast<std::size_t>(payment - 1)])) return "attempt_unresolved";
    }
    if (body.not_a_duplicate || !body.order_ref.empty()) return "";
    const bool a_moment_ago = std::ranges::any_of(rows_, [&](const Row& row) {
        return same(row) && row.state == "succeeded" && row.captured > row.refunded && row.order_ref.empty() &&
               row.created >= wanted.created - a_moment;
    });
    return a_moment_ago ? "possible_duplicate" : "";
}

Expected Model::pay_by_card(Row row, const service::Pay& body) {
    if (body.manual_capture) return no("invalid");
    row.payer = "acquirer_receivable " + row.currency;
    row.instrument = body.instrument;
    if (order_is_open(body.merchant, body.order_ref)) return keep(std::move(row), "attempt_unresolved");
    std::string refusal;
    if (customer_of(body.customer).standing == 2) refusal = "payer_locked";
    else if (row.amount <= 0) refusal = "not_positive";
    else if (state_of(row.payee) == "closed") refusal = "account_closed";
    else if (order_is_paid(body.merchant, body.order_ref)) refusal = "order_already_paid";
    else refusal = alike_by_card(row, body);
    if (!refusal.empty()) return keep(std::move(row), refusal);
    row.state = "processing";
    row.outside = true;
    const Moment created = row.created;
    Expected answer = keep(std::move(row), "");
    Call& call = calls_[answer.number];
    call.payment = answer.number;
    call.next = created;
    return answer;
}

Expected Model::refund_to_card(Row row, const Row& original, std::string refusal) {
    row.instrument = original.instrument;
    if (refusal.empty()) {
        refusal =
            state_of(row.payer) == "closed" ? "account_closed" : move({{row.payer, row.payee, row.amount}}, row.created);
    }
    if (!refusal.empty()) {
        row.outside = false;
        return keep(std::move(row), refusal);
    }
    row.state = "processing";
    const Moment created = row.created;
    Expected answer = keep(std::move(row), "");
    Call& call = calls_[answer.number];
    call.payment = answer.number;
    call.out = true;
    call.next = created;
    return answer;
}

Expected Model::handle(const Command& command, const service::PayOutMerchant& body) {
    const bool may = command.actor.kind == ActorKind::staff && command.actor.no >= 1 &&
                     command.actor.no <= std::ssize(house_.staff) &&
                     house_.staff[static_cast<std::size_t>(command.actor.no - 1)].may_settle;
    if (!may) return no("not_permitted");
    if (body.amount_minor < -largest_minor || body.amount_minor > largest_minor) return no("invalid");
    const std::string key = fmt::format("{} {} payout {}", static_cast<int>(command.actor.kind), command.actor.no, body.key);
    const std::string said =
        fmt::format("payout {} {} {} {}", body.merchant, body.amount_minor, body.balancing, body.currency);
    if (const Row* known = by_key(key)) return known->body == said ? shown_again(*known) : no("idempotency_key_reused");
    if (body.merchant < 1 || body.merchant > house_.merchants) return no("not_found");
    const std::string own = payable(body.merchant, body.currency);
    const std::int64_t there = std::max<std::int64_t>(accounts_[own].available(), 0);
    const std::int64_t amount = body.balancing ? std::min(body.amount_minor, there) : body.amount_minor;
    Row row = new_row("merchant_payout", key, said, amount, body.currency, command.at);
    row.payer = own;
    row.payee = "payout_in_transit " + body.currency;
    row.merchant = body.merchant;
    for (const auto& [payment, call] : calls_) {
        const Row& other = rows_[static_cast<std::size_t>(payment - 1)];
        if (call.open() && other.kind == "merchant_payout" && other.payer == own) {
            return keep(std::move(row), "attempt_unresolved");
        }
    }
    std::string refusal;
    if (state_of(own) == "closed") refusal = "account_closed";
    else if (!lets_out(own)) refusal = "payer_frozen";
    else if (body.amount_minor <= 0) refusal = "not_positive";
    else if (!house_.payout_accounts.contains({body.merchant, body.currency})) refusal = "no_payout_account";
    else if (body.balancing && there == 0) refusal = "nothing_available";
    else if (!body.balancing && accounts_[own].available() < body.amount_minor) refusal = "insufficient_funds";
    else refusal = move({{own, row.payee, amount}}, row.created);
    if (!refusal.empty()) return keep(std::move(row), refusal);
    row.state = "processing";
    row.captured = amount;
    Expected answer = keep(std::move(row), "");
    Call& call = calls_[answer.number];
    call.payment = answer.number;
    call.out = true;
    call.next = command.at;
    return answer;
}

void Model::take(Dispute& dispute, Moment at) {
    const Row& row = rows_[static_cast<std::size_t>(dispute.payment - 1)];
    dispute.held = true;
    dispute.house_pays = !lets_out(row.payee);
    const std::string from = dispute.house_pays ? "dispute_loss " + row.currency : row.payee;
    if (!move({{from, "dispute_receivable " + row.currency, dispute.amount}}, at).empty()) {
        throw std::logic_error{"the model's ledger: a dispute"};
    }
}

// To a later stage, or to its end.
void Model::change(Dispute& dispute, int stage, const std::string& status, Moment at) {
    const Row& row = rows_[static_cast<std::size_t>(dispute.payment - 1)];
    dispute.stage = stage;
    dispute.status = status;
    if (dispute.open()) {
        if (stage > 1 && !dispute.held) take(dispute, at);
        return;
    }
    if (!dispute.held) return;
    dispute.held = false;
    dispute.lost = status == "lost" || status == "accepted" || status == "expired";
    std::string to = "acquirer_receivable " + row.currency;
    if (!dispute.lost) to = dispute.house_pays ? "dispute_loss " + row.currency : row.payee;
    if (to == row.payee && !lets_in(row.payee)) {
        to = "suspense " + row.currency;
        disputes_set_aside_[row.currency] += dispute.amount;
    }
    if (!move({{"dispute_receivable " + row.currency, to, dispute.amount}}, at).empty()) {
        throw std::logic_error{"the model's ledger: a dispute"};
    }
}

std::int64_t Model::set_aside_of_disputes(const std::string& currency) const {
    const auto found = disputes_set_aside_.find(currency);
    return found == disputes_set_aside_.end() ? 0 : found->second;
}

Expected Model::handle(const Command& command, const service::ReportDispute& body) {
    if (body.payment < 1 || body.payment > std::ssize(rows_)) return no("not_found");
    const Row& row = rows_[static_cast<std::size_t>(body.payment - 1)];
    const std::int64_t staff = command.actor.kind == ActorKind::staff ? command.actor.no : 0;
    if (staff == 0 || !house_.staff[static_cast<std::size_t>(staff - 1)].may_settle) return no("not_permitted");
    const auto stage_found = std::ranges::find(stages, body.stage);
    if (stage_found == stages.end() || std::ranges::find(said_by_acquirers, body.status) == said_by_acquirers.end()) {
        return no("invalid");
    }
    const int stage = 1 + static_cast<int>(stage_found - stages.begin());
    const auto known = disputes_.find(body.reference);
    const bool asks = body.status == "needs_response";
    if (known != disputes_.end() && known->second.payment != body.payment) return no("dispute_reference_used");
    if (known == disputes_.end()) {
        if (row.kind != "merchant_payment" || !row.outside || row.state != "succeeded") return no("not_disputable");
        if (!asks) return no("not_found");
        for (const auto& [reference, other] : disputes_) {
            if (other.payment == body.payment && other.open()) return no("dispute_open");
        }
    }
    if (body.amount_minor <= 0 || body.currency != row.currency || body.amount_minor > row.captured) return no("invalid");
    const bool late = moment_of_ms(body.due) <= command.at;
    if (known == disputes_.end()) {
        if (late) return no("invalid");
        if (const std::string wrong = code_refusal(staff, body.totp_code, command.at); !wrong.empty()) return no(wrong);
        Dispute dispute{.no = std::ssize(disputes_) + 1,
                        .payment = body.payment,
                        .id = body.dispute,
                        .stage = stage,
                        .status = "needs_response",
                        .amount = body.amount_minor,
                        .due = moment_of_ms(body.due)};
        if (stage > 1) take(dispute, command.at);
        return done(disputes_.emplace(body.reference, dispute).first->second.no);
    }
    Dispute& dispute = known->second;
    if (dispute.amount != body.amount_minor) return no("invalid");
    if (stage < dispute.stage) return no("dispute_goes_back");
    if (stage > dispute.stage) {
        if (!asks || (!dispute.open() && dispute.status != "won")) return no("dispute_ended");
        if (late) return no("invalid");
    } else {
        if (dispute.status == body.status) return done(dispute.no, true);
        if (!dispute.open()) return no("dispute_ended");
        if (asks) return no("dispute_answered");
    }
    if (const std::string wrong = code_refusal(staff, body.totp_code, command.at); !wrong.empty()) return no(wrong);
    if (stage > dispute.stage) dispute.due = moment_of_ms(body.due);
    change(dispute, stage, body.status, command.at);
    return done(dispute.no);
}

Expected Model::handle(const Command& command, const service::AnswerDispute& body) {
    const auto found = std::ranges::find_if(disputes_, [&](const auto& one) { return one.second.id == body.dispute; });
    if (found == disputes_.end()) return no("not_found");
    const std::int64_t staff = command.actor.kind == ActorKind::staff ? command.actor.no : 0;
    if (staff == 0 || !house_.staff[static_cast<std::size_t>(staff - 1)].may_settle) return no("not_permitted");
    Dispute& dispute = found->second;
    if (!dispute.open()) return no("dispute_ended");
    if (dispute.status != "needs_response") return no("dispute_answered");
    if (command.at >= dispute.due) return no("dispute_too_late");
    if (const std::string wrong = code_refusal(staff, body.totp_code, command.at); !wrong.empty()) return no(wrong);
    change(dispute, dispute.stage, body.accepts ? "accepted" : "under_review", command.at);
    return done(dispute.no);
}

Expected Model::handle(const Command& command, const service::ExpireDisputes& body) {
    std::vector<Dispute*> over;
    for (auto& [reference, dispute] : disputes_) {
        if (dispute.status == "needs_response" && dispute.due <= command.at) over.push_back(&dispute);
    }
    std::ranges::sort(over, {}, [](const Dispute* dispute) { return std::pair{dispute->due, dispute->no}; });
    Expected answer;
    for (Dispute* dispute : over) {
        if (std::ssize(answer.numbers) == body.disputes_max) break;
        change(*dispute, dispute->stage, "expired", command.at);
        answer.numbers.push_back(dispute->no);
    }
    return answer;
}

}  // namespace okpay::simulator
