// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <fmt/format.h>

#include <chrono>

namespace okpay::simulator {
namespace {

using service::Actor;
using service::ActorKind;
using service::Command;

std::string principal(const Actor& actor) { return fmt::format("{} {} ", static_cast<int>(actor.kind), actor.no); }
bool is_amount(std::int64_t minor) { return minor >= -largest_minor && minor <= largest_minor; }
std::int64_t day_of(Moment at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }
Expected no(std::string code) { return {.code = std::move(code), .shown = std::nullopt, .numbers = {}, .orders = {}}; }
Shown shown(const Model::Row& row) { return {row.state, row.refusal, row.captured, 0, row.fee}; }

}  // namespace

Model::Model(House house) : house_{std::move(house)} {}

std::string Model::wallet(std::int64_t customer, std::string_view currency) {
    return fmt::format("wallet {} {}", customer, currency);
}
std::string Model::payable(std::int64_t merchant, std::string_view currency) {
    return fmt::format("payable {} {}", merchant, currency);
}

int Model::level_of(std::int64_t customer) const {
    const auto found = levels_.find(customer);
    return found == levels_.end() ? 1 : found->second;
}

bool Model::has_wallet(std::int64_t customer, const std::string& currency) const {
    if (!is_customer(customer)) return false;
    const auto& held = house_.customers[static_cast<std::size_t>(customer - 1)].currencies;
    return std::ranges::find(held, currency) != held.end();
}

bool Model::is_customer(std::int64_t customer) const { return customer >= 1 && customer <= std::ssize(house_.customers); }

Expected Model::apply(const Command& command) {
    const bool once_by_id = command.body.is<service::SetCustomerLevel>() || command.body.is<service::RequestMoney>() ||
                            command.body.is<service::EndMoneyRequest>() || command.body.is<service::ScheduleTransfer>() ||
                            command.body.is<service::EndSchedule>() || command.body.is<service::SetAccountState>();
    if (const auto known = desk_commands_.find(command.id); once_by_id && known != desk_commands_.end()) {
        Expected again = known->second;
        again.replayed = true;
        return again;
    }
    Expected answer = command.body.visit([&](const auto& body) -> Expected {
        if constexpr (requires { handle(command, body); }) return handle(command, body);
        throw std::logic_error{"the model does not know this command"};
    });
    if (once_by_id) desk_commands_[command.id] = answer;
    return answer;
}

Model::Row* Model::by_key(const std::string& key) {
    const auto found = std::ranges::find_if(rows_, [&](const Row& row) { return row.key == key; });
    return found == rows_.end() ? nullptr : &*found;
}

Model::Row* Model::seen_by(const Actor& actor, std::int64_t payment) {
    if (payment < 1 || payment > std::ssize(rows_)) return nullptr;
    Row& row = rows_[static_cast<std::size_t>(payment - 1)];
    if (row.kind == "capture" || row.kind == "cancellation") return nullptr;
    if (actor.kind == ActorKind::merchant && row.merchant != actor.no) return nullptr;
    return &row;
}

bool Model::paid_a_moment_ago(const Row& wanted) const {
    constexpr std::chrono::seconds window{120};
    return wanted.order_ref.empty() && std::ranges::any_of(rows_, [&](const Row& row) {
               const bool stands =
                   row.state == "requires_capture" || (row.state == "succeeded" && row.captured > row.refunded);
               return row.kind == "merchant_payment" && !row.outside && stands && row.order_ref.empty() &&
                      row.customer == wanted.customer && row.merchant == wanted.merchant &&
                      row.currency == wanted.currency && row.amount == wanted.amount &&
                      row.created >= wanted.created - window;
           });
}

bool Model::order_is_paid(std::int64_t merchant, const std::string& order_ref) const {
    return !order_ref.empty() && std::ranges::any_of(rows_, [&](const Row& row) {
        return row.kind == "merchant_payment" && row.merchant == merchant && row.order_ref == order_ref &&
               (row.state == "succeeded" || row.state == "requires_capture");
    });
}

bool Model::order_is_open(std::int64_t merchant, const std::string& order_ref) const {
    return !order_ref.empty() && std::ranges::any_of(rows_, [&](const Row& row) {
        return row.kind == "merchant_payment" && row.merchant == merchant && row.order_ref == order_ref &&
               (row.state == "processing" || row.state == "unknown");
    });
}

Model::Row Model::new_row(std::string kind, std::string key, std::string body, std::int64_t amount, std::string currency,
                          Moment at) {
    Row row;
    row.kind = std::move(kind);
    row.key = std::move(key);
    row.body = std::move(body);
    row.amount = amount;
    row.currency = std::move(currency);
    row.created = std::max(at, ledger_at_);
    return row;
}

Expected Model::keep(Row row, const std::string& refusal) {
    row.seq = std::ssize(rows_) + 1;
    if (!refusal.empty()) {
        row.state = "failed";
        row.refusal = refusal;
        row.captured = 0;
        row.fee = 0;
        row.expires.reset();
    }
    row.first = shown(row);
    changed_.insert(row.seq);
    rows_.push_back(row);
    return {.code = refusal, .number = row.seq, .shown = row.first, .numbers = {}, .orders = {}};
}

Expected Model::shown_again(const Row& row) {
    return {.code = row.first.state == "failed" ? row.first.refusal : "",
            .number = row.seq,
            .replayed = true,
            .shown = row.first,
            .numbers = {},
            .orders = {}};
}

std::string Model::move(const std::vector<Move>& moves, Moment at) {
    auto after = accounts_;
    for (const Move& one : moves) {
        if (one.from == one.to) return "same_account";
        Account& from = after[one.from];
        Account& to = after[one.to];
        from.held_from += one.holds - one.releases;
        to.held_for += one.holds - one.releases;
        from.debits += one.amount;
        to.credits += one.amount;
        for (const auto& [name, account] : {std::pair{one.from, from}, std::pair{one.to, to}}) {
            if (name.starts_with("wallet") && account.debits + account.held_from > account.credits)
                return "insufficient_funds";
        }
        for (const Account& account : {from, to}) {
            for (const std::int64_t counter : {account.debits, account.credits, account.held_from, account.held_for}) {
                if (counter > largest_minor) return "amount_out_of_range";
            }
        }
    }
    accounts_ = std::move(after);
    if (!moves.empty()) ledger_at_ = std::max(ledger_at_, at);
    return "";
}

std::string Model::state_of(const std::string& account) const {
    const auto found = states_.find(account);
    return found == states_.end() ? "open" : found->second;
}
bool Model::lets_out(const std::string& account) const {
    return state_of(account) == "open" || state_of(account) == "credits_frozen";
}
bool Model::lets_in(const std::string& account) const {
    return state_of(account) == "open" || state_of(account) == "debits_frozen";
}

std::string Model::payee_refusal(const std::string& account) const {
    if (state_of(account) == "closed") return "account_closed";
    return lets_in(account) ? "" : "payee_frozen";
}

std::string Model::payer_refusal(const std::string& account, std::int64_t customer, std::int64_t amount) {
    if (state_of(account) == "closed") return "account_closed";
    if (!lets_out(account)) return "payer_frozen";
    if (customer_of(customer).standing == 2) return "payer_locked";
    return amount <= 0 ? "not_positive" : "";
}

void Model::use(const std::string& wallet, Doing doing, std::int64_t amount, std::int64_t count, Moment at) {
    used_[wallet].push_back({doing, day_of(std::max(at, ledger_at_)), amount, count});
}

std::string Model::limit_refusal(Doing doing, std::int64_t customer, const std::string& currency, std::int64_t amount,
                                 Moment at) {
    const std::string account = wallet(customer, currency);
    const int level = level_of(customer);
    if (doing == Doing::top_up || doing == Doing::receive) {
        const auto most = most_in_wallet(level, currency);
        if (most && accounts_[account].posted() + amount > *most) {
            return doing == Doing::receive ? "payee_limit" : "limit_balance";
        }
    }
    for (const Limit& limit : limits_of(doing, level, currency)) {
        std::int64_t used = 0;
        std::int64_t times = 0;
        for (const Used& one : used_[account]) {
            if (limit.days == 0 || one.doing != doing || one.day <= day_of(at) - limit.days) continue;
            used += one.amount;
            times += one.count;
        }
        used = std::max<std::int64_t>(used, 0);
        times = std::max<std::int64_t>(times, 0);
        if (limit.amount && used + amount > *limit.amount) return std::string{limit.refusal};
        if (limit.count && times + 1 > *limit.count) return std::string{limit.refusal};
    }
    return "";
}

Expected Model::handle(const Command& command, const service::TopUp& body) {
    if (!is_amount(body.amount_minor)) return no("invalid");
    const std::string key = principal(command.actor) + body.key;
    const std::string said = fmt::format("top_up {} {} {}", body.customer, body.amount_minor, body.currency);
    if (const Row* known = by_key(key)) return known->body == said ? shown_again(*known) : no("idempotency_key_reused");
    if (!is_customer(body.customer)) return no("not_found");
    Row row = new_row("top_up", key, said, body.amount_minor, body.currency, command.at);
    row.customer = body.customer;
    if (!has_wallet(body.customer, body.currency)) return keep(std::move(row), "wrong_currency");
    row.payer = "settlement_bank " + body.currency;
    row.payee = wallet(body.customer, body.currency);
    row.captured = body.amount_minor;
    std::string refusal = payee_refusal(row.payee);
    if (!refusal.empty()) return keep(std::move(row), refusal);
    if (body.amount_minor <= 0) refusal = "not_positive";
    else if (accounts_[row.payee].available() + body.amount_minor > largest_minor) refusal = "amount_out_of_range";
    else refusal = move({{row.payer, row.payee, body.amount_minor}}, row.created);
    if (refusal.empty()) use(row.payee, Doing::top_up, body.amount_minor, 1, row.created);
    return keep(std::move(row), refusal);
}

Expected Model::handle(const Command& command, const service::Pay& body) {
    if (!is_amount(body.amount_minor)) return no("invalid");
    const std::string key = principal(command.actor) + body.key;
    const std::string said =
        fmt::format("pay {} {} {} {} {} {} {} {}", body.customer, body.merchant, body.amount_minor, body.manual_capture,
                    body.currency, body.memo, body.order_ref,
                    body.not_a_duplicate || !body.sealed_instrument.empty()
                        ? fmt::format("{} by {} {}", body.not_a_duplicate, body.instrument, body.instrument_hash)
                        : "");
    if (const Row* known = by_key(key)) return known->body == said ? shown_again(*known) : no("idempotency_key_reused");
    if (!is_customer(body.customer)) return no("not_found");
    if (body.merchant < 1 || body.merchant > house_.merchants) return no("not_found");
    Row row = new_row("merchant_payment", key, said, body.amount_minor, body.currency, command.at);
    row.payee = payable(body.merchant, body.currency);
    row.customer = body.customer;
    row.merchant = body.merchant;
    row.order_ref = body.order_ref;
    if (!body.sealed_instrument.empty()) return pay_by_card(std::move(row), body);
    if (!has_wallet(body.customer, body.currency)) return keep(std::move(row), "wrong_currency");
    row.payer = wallet(body.customer, body.currency);
    if (order_is_open(body.merchant, body.order_ref)) return keep(std::move(row), "attempt_unresolved");
    const std::int64_t fee = body.manual_capture ? 0 : fee_of_payment(body.currency, body.amount_minor);
    std::string refusal = payer_refusal(row.payer, body.customer, body.amount_minor);
    if (refusal.empty()) refusal = payee_refusal(row.payee);
    if (refusal.empty() && fee > 0 && !lets_out(row.payee)) refusal = "payee_frozen";
    if (refusal.empty() && order_is_paid(body.merchant, body.order_ref)) refusal = "order_already_paid";
    if (refusal.empty() && accounts_[row.payer].available() < body.amount_minor) refusal = "insufficient_funds";
    if (refusal.empty()) {
        refusal = limit_refusal(Doing::pay, body.customer, body.currency, body.amount_minor, row.created);
    }
    if (refusal.empty() && !body.not_a_duplicate && paid_a_moment_ago(row)) refusal = "possible_duplicate";
    if (refusal.empty() && body.manual_capture) {
        refusal = move({{.from = row.payer, .to = row.payee, .amount = 0, .holds = body.amount_minor}}, row.created);
        row.state = "requires_capture";
        row.expires = row.created + Millis{body.hold_ms};
        row.hold_order = ++holds_;
    } else if (refusal.empty()) {
        row.fee = fee;
        row.captured = body.amount_minor;
        std::vector<Move> moves{{row.payer, row.payee, body.amount_minor}};
        if (row.fee > 0) moves.push_back({row.payee, "fee_income " + body.currency, row.fee});
        refusal = move(moves, row.created);
    }
    if (refusal.empty()) use(row.payer, Doing::pay, body.amount_minor, 1, row.created);
    return keep(std::move(row), refusal);
}

Expected Model::handle(const Command& command, const service::SendMoney& body) {
    if (!is_amount(body.amount_minor)) return no("invalid");
    const std::string key = principal(command.actor) + body.key;
    const std::string said =
        fmt::format("send {} {} {} {} {}", body.payer, body.payee, body.amount_minor, body.currency, body.memo);
    if (const Row* known = by_key(key)) return known->body == said ? shown_again(*known) : no("idempotency_key_reused");
    if (!is_customer(body.payer)) return no("not_found");
    Row row = new_row("person_to_person", key, said, body.amount_minor, body.currency, command.at);
    return transfer(std::move(row), body.payer, body.payee, "");
}

Expected Model::transfer(Row row, std::int64_t payer, std::int64_t payee, const std::string& refused) {
    row.customer = payer;
    if (has_wallet(payee, row.currency)) row.payee = wallet(payee, row.currency);
    if (!has_wallet(payer, row.currency)) return keep(std::move(row), "wrong_currency");
    row.payer = wallet(payer, row.currency);
    if (row.payee.empty()) return keep(std::move(row), "payee_cannot_receive");
    if (!refused.empty()) return keep(std::move(row), refused);
    row.captured = row.amount;
    const std::int64_t fee = fee_of_transfer(level_of(payer), row.amount);
    std::string refusal = payer_refusal(row.payer, payer, row.amount);
    if (refusal.empty()) refusal = payee_refusal(row.payee);
    if (refusal.empty() && payer == payee) refusal = "same_account";
    if (refusal.empty() && accounts_[row.payer].available() < row.amount + fee) refusal = "insufficient_funds";
    if (refusal.empty()) refusal = limit_refusal(Doing::send, payer, row.currency, row.amount, row.created);
    if (refusal.empty()) refusal = limit_refusal(Doing::receive, payee, row.currency, row.amount, row.created);
    if (refusal.empty()) {
        row.fee = fee;
        std::vector<Move> moves{{row.payer, row.payee, row.amount}};
        if (fee > 0) moves.push_back({row.payer, "fee_income " + row.currency, fee});
        refusal = move(moves, row.created);
    }
    if (refusal.empty()) {
        use(row.payer, Doing::send, row.amount, 1, row.created);
        use(row.payee, Doing::receive, row.amount, 1, row.created);
    }
    return keep(std::move(row), refusal);
}

void Model::end_hold(Row& row) {
    row.expires.reset();
    changed_.insert(row.seq);
}

// The held payment as this capture or cancellation left it, now and whenever it is asked again.
Expected Model::hold_answer(const Row& held, const Row& row) {
    Shown left{"canceled", "none", 0, 0, held.fee};
    if (row.kind == "capture") {
        left.state = "succeeded";
        left.captured = row.amount;
    }
    return {.code = "", .number = held.seq, .shown = left, .numbers = {}, .orders = {}};
}

Expected Model::handle(const Command& command, const service::CapturePayment& body) {
    Row* held = seen_by(command.actor, body.payment);
    if (held == nullptr || held->kind != "merchant_payment") return no("not_found");
    if (!is_amount(body.amount_minor)) return no("invalid");
    const std::string key = principal(command.actor) + "capture " + body.key;
    const std::string said = fmt::format("capture {} {}", body.payment, body.amount_minor);
    if (const Row* known = by_key(key)) {
        if (known->body != said) return no("idempotency_key_reused");
        if (known->state == "failed") return shown_again(*known);
        Expected again = hold_answer(*held, *known);
        again.replayed = true;
        return again;
    }
    Row row = new_row("capture", key, said, body.amount_minor, held->currency, command.at);
    row.payer = held->payer;
    row.payee = held->payee;
    row.merchant = held->merchant;
    row.original = held->seq;
    std::string refusal;
    if (held->state != "requires_capture") refusal = "not_capturable";
    else if (customer_of(held->customer).standing == 2) refusal = "payer_locked";
    else if (body.amount_minor <= 0) refusal = "not_positive";
    else if (!lets_out(held->payer)) refusal = "payer_frozen";
    else if (!lets_in(held->payee)) refusal = "payee_frozen";
    else if (*held->expires <= std::max(command.at, ledger_at_)) refusal = "not_capturable";
    else if (body.amount_minor > held->amount) refusal = "exceeds_hold";
    const std::int64_t fee = fee_of_payment(held->currency, body.amount_minor);
    if (refusal.empty()) {
        std::vector<Move> moves{
            {.from = held->payer, .to = held->payee, .amount = body.amount_minor, .releases = held->amount}};
        if (fee > 0) moves.push_back({held->payee, "fee_income " + held->currency, fee});
        if (fee > 0 && !lets_out(held->payee)) refusal = "payee_frozen";
        else refusal = move(moves, command.at);
    }
    if (!refusal.empty()) return keep(std::move(row), refusal);
    held->state = "succeeded";
    held->captured = body.amount_minor;
    held->fee = fee;
    end_hold(*held);
    const Expected answer = hold_answer(*held, row);
    keep(std::move(row), "");
    return answer;
}

Expected Model::handle(const Command& command, const service::CancelPayment& body) {
    Row* held = seen_by(command.actor, body.payment);
    if (held == nullptr || held->kind != "merchant_payment") return no("not_found");
    const std::string key = principal(command.actor) + "cancel " + body.key;
    const std::string said = fmt::format("cancel {}", body.payment);
    if (const Row* known = by_key(key)) {
        if (known->body != said) return no("idempotency_key_reused");
        if (known->state == "failed") return shown_again(*known);
        Expected again = hold_answer(*held, *known);
        again.replayed = true;
        return again;
    }
    Row row = new_row("cancellation", key, said, held->amount, held->currency, command.at);
    row.payer = held->payer;
    row.payee = held->payee;
    row.merchant = held->merchant;
    row.original = held->seq;
    if (held->state != "requires_capture") return keep(std::move(row), "not_cancelable");
    move({{.from = held->payer, .to = held->payee, .amount = 0, .releases = held->amount}}, command.at);
    use(held->payer, Doing::pay, -held->amount, -1, command.at);
    held->state = "canceled";
    end_hold(*held);
    const Expected answer = hold_answer(*held, row);
    keep(std::move(row), "");
    return answer;
}

Expected Model::handle(const Command& command, const service::ExpireHolds& body) {
    std::vector<Row*> over;
    for (Row& row : rows_) {
        if (row.state == "requires_capture" && *row.expires <= command.at) over.push_back(&row);
    }
    std::ranges::sort(over, {}, [](const Row* row) { return std::pair{*row->expires, row->hold_order}; });
    Expected answer;
    for (Row* row : over) {
        if (std::ssize(answer.numbers) == body.holds_max) break;
        move({{.from = row->payer, .to = row->payee, .amount = 0, .releases = row->amount}}, command.at);
        use(row->payer, Doing::pay, -row->amount, -1, command.at);
        row->state = "canceled";
        end_hold(*row);
        answer.numbers.push_back(row->seq);
    }
    return answer;
}

Expected Model::handle(const Command& command, const service::Refund& body) {
    const Row* seen = seen_by(command.actor, body.payment);
    if (seen == nullptr) return no("not_found");
    if (!is_amount(body.amount_minor)) return no("invalid");
    const std::string key = principal(command.actor) + "refund " + body.key;
    if (const Row* known = by_key(key)) {
        const bool same = known->original == body.payment && known->amount == body.amount_minor &&
                          known->currency == seen->currency && known->twin == body.duplicate_of;
        return same ? shown_again(*known) : no("idempotency_key_reused");
    }
    if (seen->kind != "merchant_payment") return no("not_refundable");
    if (body.duplicate_of != 0 && (body.duplicate_of < 1 || body.duplicate_of > std::ssize(rows_))) {
        return no("payment_not_found");
    }
    const Row original = *seen;
    Row row = new_row("refund", key, "", body.amount_minor, original.currency, command.at);
    row.payer = original.payee;
    row.payee = original.outside ? "payout_in_transit " + original.currency : original.payer;
    row.customer = original.customer;
    row.merchant = original.merchant;
    row.outside = original.outside;
    row.original = original.seq;
    row.twin = body.duplicate_of;
    row.captured = body.amount_minor;
    const auto refusal_of_twin = [&]() -> std::string {
        if (body.duplicate_of == 0) return "";
        const Row& twin = rows_[static_cast<std::size_t>(body.duplicate_of - 1)];
        if (twin.state != "succeeded" || twin.seq == original.seq || twin.payer != original.payer ||
            twin.payee != original.payee || twin.customer != original.customer) {
            return "not_refundable";
        }
        const bool before = std::ranges::any_of(rows_, [&](const Row& other) {
            const bool stands = other.state == "succeeded" || other.state == "processing" || other.state == "unknown";
            return other.kind == "refund" && stands && other.original == original.seq && other.twin == twin.seq;
        });
        return before || twin.captured - twin.refunded <= 0 ? "duplicate_refund" : "";
    };
    std::int64_t left = original.captured - original.refunded - on_its_way_back(original.seq);
    bool disputed = false;
    for (const auto& [reference, dispute] : disputes_) {
        if (dispute.payment != original.seq) continue;
        if (dispute.lost) left -= dispute.amount;
        disputed = disputed || dispute.held;
    }
    std::string refusal;
    if (original.state != "succeeded") refusal = "not_refundable";
    else if (body.amount_minor <= 0) refusal = "not_positive";
    else if (disputed) refusal = "payment_disputed";
    else if (!lets_out(original.payee) && state_of(original.payee) != "closed") refusal = "payer_frozen";
    else refusal = payee_refusal(row.payee);
    if (refusal.empty()) refusal = refusal_of_twin();
    if (refusal.empty() && body.expected_refundable >= 0 && body.expected_refundable != left) {
        refusal = "refundable_changed";
    }
    if (refusal.empty() && body.amount_minor > left) refusal = "exceeds_refundable";
    if (original.outside) return refund_to_card(std::move(row), original, refusal);
    if (refusal.empty()) {
        row.fee = part_of_fee(original, body.amount_minor);
        std::vector<Move> moves{{row.payer, row.payee, body.amount_minor}};
        if (row.fee > 0) moves.push_back({"fee_income " + row.currency, row.payer, row.fee});
        if (state_of(row.payer) == "closed") refusal = "account_closed";
        else if (row.fee > 0 && !lets_in(row.payer)) refusal = "payer_frozen";
        else refusal = move(moves, row.created);
    }
    if (refusal.empty()) {
        rows_[static_cast<std::size_t>(original.seq - 1)].refunded += body.amount_minor;
        changed_.insert(original.seq);
    }
    return keep(std::move(row), refusal);
}

bool Model::is_awaited(const std::string& account) const {
    const bool disputed = std::ranges::any_of(disputes_, [&](const auto& known) {
        return known.second.held && rows_[static_cast<std::size_t>(known.second.payment - 1)].payee == account;
    });
    return disputed || std::ranges::any_of(calls_, [&](const auto& known) {
               const Row& row = rows_[static_cast<std::size_t>(known.first - 1)];
               return known.second.open() && (row.payer == account || row.payee == account);
           });
}

Expected Model::handle(const Command& command, const service::SetAccountState& body) {
    const bool is_staff =
        command.actor.kind == ActorKind::staff && command.actor.no >= 1 && command.actor.no <= std::ssize(house_.staff);
    if (!is_staff || !house_.staff[static_cast<std::size_t>(command.actor.no - 1)].may_change_levels) {
        return no("not_permitted");
    }
    const auto named = account_names_.find(body.account);
    if (named == account_names_.end()) return no("not_found");
    const std::string& name = named->second;
    if (body.state == "asleep") return no("invalid");
    if (body.reason.empty()) return no("reason_missing");
    const std::string before = state_of(name);
    if (before == "closed") return no("account_is_closed");
    if (before == body.state) return no("account_unchanged");
    if (!name.starts_with("wallet") && !name.starts_with("payable")) return no("house_account");
    const Account& account = accounts_[name];
    const bool is_empty = account.posted() == 0 && account.held_from == 0 && account.held_for == 0;
    if (body.state == "closed" && (!is_empty || is_awaited(name))) return no("account_not_empty");
    states_[name] = body.state;
    Expected answer = no("");
    answer.number = body.account;
    return answer;
}

Expected Model::handle(const Command& command, const service::SetCustomerLevel& body) {
    Expected answer = no("");
    const bool is_staff =
        command.actor.kind == ActorKind::staff && command.actor.no >= 1 && command.actor.no <= std::ssize(house_.staff);
    if (!is_staff || !house_.staff[static_cast<std::size_t>(command.actor.no - 1)].may_change_levels) {
        answer.code = "not_permitted";
    } else if (body.customer < 1 || body.customer > std::ssize(house_.customers)) {
        answer.code = "not_found";
    } else if (body.level < 0 || body.level > 3) {
        answer.code = "invalid";
    } else if (body.note.empty()) {
        answer.code = "note_missing";
    } else {
        answer.number = body.customer;
        levels_[body.customer] = static_cast<int>(body.level);
    }
    return answer;
}

}  // namespace okpay::simulator
