// SPDX-License-Identifier: Apache-2.0
// The model's half about what outside rails carry out.
#include <fmt/format.h>

#include <array>

#include "customers/totp.hpp"
#include "model.hpp"

namespace okpay::simulator {
namespace {

using service::ActorKind;
using service::Command;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<Millis, 8> waits{seconds{30}, minutes{5}, hours{1}, days{1}, days{1}, days{1}, days{1}, days{1}};

Expected no(std::string code) { return {.code = std::move(code), .shown = std::nullopt, .numbers = {}, .orders = {}}; }

}  // namespace

Model::Call* Model::call_of(std::int64_t payment) {
    const auto found = calls_.find(payment);
    return found == calls_.end() ? nullptr : &found->second;
}

Expected Model::handle(const Command& command, const service::CollectTopUp& body) {
    return begin_rail(command, body.request, false);
}
Expected Model::handle(const Command& command, const service::Withdraw& body) {
    return begin_rail(command, body.request, true);
}

Expected Model::begin_rail(const Command& command, const service::RailRequest& request, bool out) {
    if (request.amount_minor < -largest_minor || request.amount_minor > largest_minor) return no("invalid");
    const std::string key = fmt::format("{} {} {}", static_cast<int>(command.actor.kind), command.actor.no, request.key);
    const std::string said =
        fmt::format("{} {} {} {} {} {}", out ? "withdraw" : "collect", request.customer, request.amount_minor,
                    request.currency, request.instrument, request.instrument_hash);
    if (const Row* known = by_key(key)) return known->body == said ? shown_again(*known) : no("idempotency_key_reused");
    if (!is_customer(request.customer)) return no("not_found");
    const std::string own = wallet(request.customer, request.currency);
    const std::string house = (out ? "payout_in_transit " : "acquirer_receivable ") + request.currency;
    Row row = new_row(out ? "withdrawal" : "top_up", key, said, request.amount_minor, request.currency, command.at);
    row.customer = request.customer;
    if (!has_wallet(request.customer, request.currency)) return keep(std::move(row), "wrong_currency");
    row.payer = out ? own : house;
    row.payee = out ? house : own;
    for (const auto& [payment, call] : calls_) {
        const Row& other = rows_[static_cast<std::size_t>(payment - 1)];
        if (call.open() && other.kind == row.kind && other.customer == request.customer &&
            other.currency == request.currency && other.amount == request.amount_minor) {
            return keep(std::move(row), "attempt_unresolved");
        }
    }
    std::string refusal;
    const std::int64_t fee = out ? fee_of_withdrawal(request.currency, request.amount_minor) : 0;
    if (out) {
        refusal = payer_refusal(own, request.customer, request.amount_minor);
        if (refusal.empty() && accounts_[own].available() < request.amount_minor + fee) refusal = "insufficient_funds";
    } else if (!payee_refusal(own).empty()) {
        refusal = payee_refusal(own);
    } else if (request.amount_minor <= 0) {
        refusal = "not_positive";
    } else if (accounts_[own].available() + request.amount_minor > largest_minor) {
        refusal = "amount_out_of_range";
    }
    if (refusal.empty()) {
        refusal = limit_refusal(out ? Doing::withdraw : Doing::top_up, request.customer, request.currency,
                                request.amount_minor, row.created);
    }
    if (refusal.empty() && out) {
        std::vector<Move> moves{{own, house, request.amount_minor}};
        if (fee > 0) moves.push_back({own, "fee_income " + request.currency, fee});
        refusal = move(moves, row.created);
        if (refusal.empty()) use(own, Doing::withdraw, request.amount_minor, 1, row.created);
        row.captured = request.amount_minor;
        row.fee = fee;
    }
    if (!refusal.empty()) return keep(std::move(row), refusal);
    row.state = "processing";
    Expected answer = keep(std::move(row), "");
    Call& call = calls_[answer.number];
    call.payment = answer.number;
    call.out = out;
    call.next = command.at;
    return answer;
}

// The first inquiry that brought nothing is told, and from the fourth on each. Of payouts nobody is told by letter.
void Model::write_unknown(Call& call, bool person) {
    if (rows_[static_cast<std::size_t>(call.payment - 1)].kind == "merchant_payout") return;
    if (!person && call.inquiries != 1 && call.inquiries < 4) return;
    if (call.ticket.empty()) call.ticket = "on_hold";
    ++call.letters_unknown;
    if (person) call.ticket = "open";
}

void Model::write_outcome(Call& call) {
    const Row& row = rows_[static_cast<std::size_t>(call.payment - 1)];
    if (row.kind == "merchant_payout") return;
    ++call.letters_outcome;
    if (call.ticket.empty() || call.ticket == "on_hold") call.ticket = "solved";
    if (row.kind == "refund" && call.state != "succeeded") call.ticket = "open";  // the customer is still owed it
}

void Model::not_told(Call& call, Moment at) {
    const bool was_known = call.state != "unknown";
    const bool asked = !was_known && call.inquiring;
    if (asked) ++call.inquiries;
    call.inquiring = false;
    call.state = "unknown";
    rows_[static_cast<std::size_t>(call.payment - 1)].state = "unknown";
    changed_.insert(call.payment);
    if (was_known || asked) {
        call.next.reset();
        if (call.inquiries < 8) call.next = at + waits[static_cast<std::size_t>(call.inquiries)];
    }
    if (asked) write_unknown(call, !call.next);
}

void Model::end_call(Call& call, std::string state, Moment at, const std::vector<Move>& moves, const std::string& refusal,
                     std::int64_t captured) {
    if (const std::string refused = move(moves, at); !refused.empty())
        throw std::logic_error{"the model's ledger: " + refused};
    Row& row = rows_[static_cast<std::size_t>(call.payment - 1)];
    call.state = std::move(state);
    call.next.reset();
    call.inquiring = false;
    row.state = call.state == "contradicted" ? "failed" : call.state;
    if (row.state == "failed" && row.refusal == "none") row.refusal = refusal;
    row.captured = captured;
    changed_.insert(call.payment);
}

// What comes to an account that takes nothing waits for a person to look. A merchant's fee leaves where the money came to.
std::string Model::home_of(const std::string& own, const Row& row) const {
    const bool charged = row.kind == "merchant_payment" || row.kind == "refund";
    return lets_in(own) && (!charged || lets_out(own)) ? own : "suspense " + row.currency;
}

// It comes home: a withdrawal's fee with it; a refund's, that was done, is paid again.
void Model::give_back(Call& call, Moment at, const std::string& from, const std::string& state, const std::string& refusal) {
    const Row row = rows_[static_cast<std::size_t>(call.payment - 1)];
    const std::string own = row.payer;
    const std::string income = "fee_income " + row.currency;
    const std::string home = home_of(own, row);
    std::vector<Move> moves{{from, home, row.amount}};
    std::int64_t came = row.amount;
    if (row.kind == "withdrawal" && row.fee > 0) {
        moves.push_back({income, home, row.fee});
        came += row.fee;
    }
    if (row.kind == "refund" && state == "returned") {
        if (row.fee > 0) moves.push_back({home, income, row.fee});
        came -= row.fee;
        rows_[static_cast<std::size_t>(row.original - 1)].refunded -= row.amount;
        changed_.insert(row.original);
    }
    end_call(call, state, at, moves, refusal, 0);
    if (home != own) call.set_aside = came;
    else if (row.kind == "withdrawal") use(own, Doing::withdraw, -row.amount, -1, at);
}

// The bank has done it.
void Model::arrive(Call& call, Moment at, const std::string& outside) {
    Row& row = rows_[static_cast<std::size_t>(call.payment - 1)];
    const std::string income = "fee_income " + row.currency;
    const std::string home = home_of(call.out ? row.payer : row.payee, row);
    const bool comes_home = home == (call.out ? row.payer : row.payee);
    std::vector<Move> moves{call.out ? Move{"payout_in_transit " + row.currency, outside, row.amount}
                                     : Move{outside, home, row.amount}};
    if (row.kind == "merchant_payment") {
        row.fee = fee_of_payment(row.currency, row.amount);
        if (row.fee > 0) moves.push_back({home, income, row.fee});
    }
    if (row.kind == "refund") {
        Row& original = rows_[static_cast<std::size_t>(row.original - 1)];
        row.fee = comes_home ? part_of_fee(original, row.amount) : 0;
        if (row.fee > 0) moves.push_back({income, row.payer, row.fee});
        original.refunded += row.amount;
        changed_.insert(original.seq);
    }
    end_call(call, "succeeded", at, moves, "", row.amount);
    if (!call.out && !comes_home) call.set_aside = row.amount - row.fee;
    if (row.kind == "top_up" && comes_home) use(row.payee, Doing::top_up, row.amount, 1, at);
}

bool Model::hear(Call& call, const std::string& word, Moment at) {
    const Row& row = rows_[static_cast<std::size_t>(call.payment - 1)];
    const bool at_bank = row.kind == "withdrawal" || row.kind == "merchant_payout";
    const std::string in_transit = "payout_in_transit " + row.currency;
    const std::string outside = (at_bank ? "settlement_bank " : "acquirer_receivable ") + row.currency;
    const std::string suspense = "suspense " + row.currency;
    const std::int64_t amount = row.amount;
    if (call.open()) {
        // A call may be on its way for five minutes: who was asked before that and knew nothing has said nothing.
        const bool never_came = word == "not_known" && call.state == "unknown" && call.inquiring && call.sent &&
                                call.asked - *call.sent >= minutes{5};
        if (word == "done") {
            const bool told = !call.ticket.empty();
            arrive(call, at, outside);
            if (told) write_outcome(call);
        } else if (word == "declined" || word == "returned" || never_came) {
            const bool told = !call.ticket.empty();
            const std::string refused = at_bank ? "destination_refused" : "declined_by_issuer";
            if (call.out) give_back(call, at, in_transit, "failed", never_came ? "never_arrived" : refused);
            else end_call(call, "failed", at, {}, never_came ? "never_arrived" : "declined_by_issuer", 0);
            if (told || call.out) write_outcome(call);
        } else {
            const bool news = call.state != "unknown" || call.inquiring;
            not_told(call, at);
            return news;
        }
        return true;
    }
    if (call.state == "succeeded" && word == "returned" && call.out) {
        give_back(call, at, outside, "returned", "");
        write_outcome(call);
        return true;
    }
    if (call.state == "failed" && word == "done") {
        end_call(call, "contradicted", at, {call.out ? Move{suspense, outside, amount} : Move{outside, suspense, amount}},
                 "", 0);
        if (row.kind != "merchant_payout") {
            call.ticket = "open";
            call.critical = true;
        }
        return true;
    }
    return false;
}

Expected Model::handle(const Command& command, const service::TakeRailCalls& body) {
    std::vector<Call*> due;
    for (auto& [payment, call] : calls_) {
        if (call.open() && call.next && *call.next <= command.at) due.push_back(&call);
    }
    std::ranges::sort(due, {}, [](const Call* call) { return std::pair{*call->next, call->payment}; });
    Expected answer;
    for (std::size_t i = 0; i < due.size() && std::cmp_less(i, body.calls_max); ++i) {
        Call& call = *due[i];
        changed_.insert(call.payment);
        const Row& row = rows_.at(static_cast<std::size_t>(call.payment - 1));
        const bool may_be_held_back = row.kind == "withdrawal" || row.kind == "merchant_payment";
        if (call.state == "created" && may_be_held_back && customer_of(row.customer).standing == 2) {
            call.next = command.at + seconds{300};  // waits while a lock stands
            continue;
        }
        if (call.state == "sent" || call.inquiring) {  // asked, and silent for a minute
            not_told(call, command.at);
            continue;
        }
        call.next = command.at + seconds{60};
        if (call.state == "created") {
            call.state = "sent";
            call.sent = command.at;
        } else {
            call.inquiring = true;
            call.asked = command.at;
        }
        answer.orders.push_back({call.payment, call.inquiries, call.inquiring});
    }
    return answer;
}

Expected Model::handle(const Command& command, const service::ReleaseRailCalls&) {
    for (auto& [payment, call] : calls_) {
        if (call.state == "sent") {
            not_told(call, command.at);
            call.next = command.at;
        } else if (call.state == "unknown" && call.inquiring) {
            call.inquiring = false;
            call.next = command.at;
            changed_.insert(payment);
        }
    }
    return {};
}

Expected Model::handle(const Command& command, const service::ReportRail& body) {
    Call* call = call_of(body.payment);
    if (call == nullptr) return no("not_found");
    const bool news = hear(*call, body.word, command.at);
    return {.code = "", .number = body.payment, .replayed = !news, .shown = std::nullopt, .numbers = {}, .orders = {}};
}

std::string Model::code_refusal(std::int64_t staff_no, const std::string& code, Moment at) {
    House::Staff& staff = house_.staff[static_cast<std::size_t>(staff_no - 1)];
    Codes& codes = codes_[staff_no];
    if (codes.blocked_until > at) return "blocked";
    const std::int64_t now = ms_of(at) / 30'000;
    std::optional<std::int64_t> step;
    for (const std::int64_t candidate : {now - 1, now, now + 1}) {
        if (candidate > staff.last_step && !step && customers::totp_code(Secret{staff.totp_secret}, candidate) == code) {
            step = candidate;
        }
    }
    if (!step) {
        if (++codes.failed >= 10) codes = {0, at + minutes{15}};
        return "totp_wrong";
    }
    codes.failed = 0;
    staff.last_step = *step;
    return "";
}

Expected Model::handle(const Command& command, const service::DecideRailOutcome& body) {
    const bool is_staff =
        command.actor.kind == ActorKind::staff && command.actor.no >= 1 && command.actor.no <= std::ssize(house_.staff);
    if (!is_staff || !house_.staff[static_cast<std::size_t>(command.actor.no - 1)].may_settle) return no("not_permitted");
    if (body.word != "done" && body.word != "declined" && body.word != "returned") return no("invalid");
    if (body.note.empty()) return no("invalid");
    Call* call = call_of(body.payment);
    if (call == nullptr) return no("not_found");
    const bool news = call->open() || (call->state == "succeeded" && body.word == "returned" && call->out) ||
                      (call->state == "failed" && body.word == "done");
    if (!news) return no("outcome_known");
    if (const std::string wrong = code_refusal(command.actor.no, body.totp_code, command.at); !wrong.empty())
        return no(wrong);
    hear(*call, body.word, command.at);
    return {.code = "", .number = body.payment, .shown = std::nullopt, .numbers = {}, .orders = {}};
}

}  // namespace okpay::simulator
