// SPDX-License-Identifier: Apache-2.0
// What must be so after each batch, now and then, and at the end.
#include <fmt/format.h>

#include "payments/names.hpp"
#include "service_fixture.hpp"
#include "simulation.hpp"
#include "store/desk_store.hpp"
#include "store/dispute_store.hpp"
#include "store/ledger_store.hpp"
#include "store/money_request_store.hpp"
#include "store/rail_store.hpp"
#include "store/schedule_store.hpp"
#include "store/verify.hpp"

namespace okpay::simulator {

using namespace okpay::service;  // the commands

namespace {

std::string name_of_kind(money::AccountKind kind) {
    switch (kind) {
    case money::AccountKind::customer_wallet: return "wallet";
    case money::AccountKind::merchant_payable: return "payable";
    case money::AccountKind::settlement_bank: return "settlement_bank";
    case money::AccountKind::fee_income: return "fee_income";
    case money::AccountKind::suspense: return "suspense";
    case money::AccountKind::rounding: return "rounding";
    case money::AccountKind::goodwill: return "goodwill";
    case money::AccountKind::payout_in_transit: return "payout_in_transit";
    case money::AccountKind::acquirer_receivable: return "acquirer_receivable";
    case money::AccountKind::fx_liquidity: return "fx_liquidity";
    case money::AccountKind::dispute_receivable: return "dispute_receivable";
    case money::AccountKind::dispute_loss: return "dispute_loss";
    }
    std::abort();
}

std::string name_of_state(desk::TicketState state) {
    switch (state) {
    case desk::TicketState::fresh: return "new";
    case desk::TicketState::open: return "open";
    case desk::TicketState::pending_customer: return "pending_customer";
    case desk::TicketState::on_hold: return "on_hold";
    case desk::TicketState::solved: return "solved";
    case desk::TicketState::closed: return "closed";
    }
    std::abort();
}

std::string text_of(const std::optional<Moment>& at) { return at ? rfc3339(*at) : "never"; }

}  // namespace

store::Connection& Simulation::reader() {
    if (!reader_) reader_ = storage_.open_plain(store::Access::reader);
    return *reader_;
}

void Simulation::name_accounts() {
    if (std::cmp_less(names_.size(), reader().integer("SELECT max(no) FROM account").value_or(0))) {
        reader().query(
            "SELECT a.no, a.kind, a.currency, coalesce(o.customer, o.merchant) FROM account a "
            "LEFT JOIN account_owner o ON o.account = a.no",
            {}, [this](const store::Row& row) {
                const auto kind = static_cast<money::AccountKind>(row.integer(1));
                const std::string_view currency = money::code_of(static_cast<money::Currency>(row.integer(2)));
                names_[row.integer(0)] = row.is_null(3)
                                             ? fmt::format("{} {}", name_of_kind(kind), currency)
                                             : fmt::format("{} {} {}", name_of_kind(kind), row.integer(3), currency);
            });
    }
    model_.name_accounts(names_);
}

// As the applier holds them in memory, which after a commit is what the model holds, and after a failure too.
void Simulation::check_accounts() {
    name_accounts();
    ReadAccounts all;
    for (const auto& [no, name] : names_) all.accounts.push_back(no);
    Answer answer;
    std::vector<Applier::Waiting> batch;
    batch.push_back({{CommandId{}, now_, {}, std::move(all)}, [&](Answer given) { answer = std::move(given); }});
    applier_->process(batch);
    if (!answer.done()) wrong("the accounts cannot be read: " + answer.detail);
    for (const AccountView& view : answer.accounts) {
        const std::string& name = names_.at(view.no);
        const Model::Account& want = model_.account(name);
        if (view.posted_minor != want.posted() || view.available_minor != want.available()) {
            wrong(fmt::format("{} holds {} ({} available), and must hold {} ({})", name, view.posted_minor,
                              view.available_minor, want.posted(), want.available()));
        }
    }
    for (const auto& [name, account] : model_.accounts()) {
        const bool moved = account.debits != 0 || account.credits != 0 || account.held_from != 0;
        const auto is_this = [&name](const auto& known) { return known.second == name; };
        if (moved && std::ranges::none_of(names_, is_this)) wrong(fmt::format("there is no account for {}", name));
    }
}

void Simulation::check_row(store::Connection& reader, const Model::Row& row) {
    const auto found = store::find_payment(reader, row.seq);
    if (!found) wrong(fmt::format("payment {} is not there", row.seq));
    const auto differs = [&](std::string_view what, const auto& got, const auto& want) {
        if (got != want) wrong(fmt::format("the {} of payment {} is {}, and must be {}", what, row.seq, got, want));
    };
    differs("kind", name_of(found->kind), row.kind);
    differs("state", name_of(found->state), row.state);
    differs("refusal", code_of(found->refusal), row.refusal);
    differs("amount", found->amount.minor(), row.amount);
    differs("captured amount", found->captured_minor, row.captured);
    differs("refunded amount", found->refunded_minor, row.refunded);
    differs("fee", found->fee_minor, row.fee);
    differs("moment", rfc3339(found->created), rfc3339(row.created));
    differs("payer", found->payer ? names_.at(number_of(*found->payer)) : "", row.payer);
    differs("payee", found->payee ? names_.at(number_of(*found->payee)) : "", row.payee);
}

void Simulation::check_call(store::Connection& reader, const Model::Call& call) {
    const auto found = store::find_rail_call(reader, call.payment);
    if (!found) wrong(fmt::format("payment {} has no call to the bank", call.payment));
    const auto differs = [&](std::string_view what, const auto& got, const auto& want) {
        if (got != want) {
            wrong(fmt::format("the {} of the bank's call for payment {} is {}, and must be {}", what, call.payment, got,
                              want));
        }
    };
    differs("state", name_of(found->state), call.state);
    differs("count of inquiries", found->inquiries, call.inquiries);
    differs("inquiry", found->inquiring, call.inquiring);
    differs("next moment", text_of(found->next_at), text_of(call.next));
    differs("moment of sending", text_of(found->sent_at), text_of(call.sent));
    differs("request", found->ticket != 0, !call.ticket.empty());
    if (found->ticket == 0) return;
    const auto ticket = store::find_ticket(reader, desk::TicketNo{found->ticket});
    if (!ticket) wrong(fmt::format("payment {} names a request that is not there", call.payment));
    differs("request's state", name_of_state(ticket->ticket.state), call.ticket);
    differs("request's urgency", ticket->ticket.urgency, call.critical ? "critical" : "high");
    const auto letters = [&](std::string_view kind) {
        return reader.integer("SELECT count(*) FROM outgoing_mail WHERE ticket = $1 AND kind = $2", {found->ticket, kind})
            .value_or(0);
    };
    differs("count of letters that it is unknown", letters("rail_unknown"), call.letters_unknown);
    differs("count of letters about its outcome", letters("rail_outcome"), call.letters_outcome);
}

void Simulation::check_wishes() {
    std::int64_t asked_letters = 0;
    std::int64_t no = 0;
    for (const Model::Wish& wish : model_.wishes()) {
        const auto found = store::find_money_request(reader(), ++no);
        if (!found) wrong(fmt::format("request for money {} is not there", no));
        const auto differs = [&](std::string_view what, const auto& got, const auto& want) {
            if (got != want) wrong(fmt::format("the {} of request for money {} is {}, and must be {}", what, no, got, want));
        };
        differs("state", name_of(found->state), wish.state);
        differs("payment", found->payment, wish.payment);
        differs("letter that it was asked for", found->asked_mail != 0, wish.asked_letter);
        differs("letter how it ended", found->outcome_mail != 0, wish.outcome_letter);
        asked_letters += wish.asked_letter ? 1 : 0;
    }
    const auto count = [this](std::string_view sql) { return reader().integer(sql).value_or(0); };
    if (count("SELECT count(*) FROM money_request") != no) wrong("there are other requests for money than were made");
    if (count("SELECT count(*) FROM outgoing_mail WHERE kind = 'money_request_asked'") != asked_letters) {
        wrong("other letters than those of requests for money were written");
    }
}

void Simulation::check_laters() {
    std::int64_t letters = 0;
    std::int64_t no = 0;
    for (const Model::Later& later : model_.laters()) {
        ++no;
        const auto found = store::find_schedule(reader(), ScheduleId::parse(later.id).value());
        if (!found || found->no != no) wrong(fmt::format("schedule {} is not there", no));
        const auto differs = [&](std::string_view what, const auto& got, const auto& want) {
            if (got != want) wrong(fmt::format("the {} of schedule {} is {}, and must be {}", what, no, got, want));
        };
        differs("state", name_of(found->state), later.state);
        differs("count of occurrences behind it", found->behind, later.behind);
        differs("count of tries", found->tries, later.tries);
        differs("next moment", text_of(found->next_at), text_of(later.next));
        for (const auto& [how, number] : {std::pair{"made", 1}, {"skipped", 3}, {"missed", 4}, {"stopped", 5}}) {
            const auto times = later.outcomes.find(how);
            differs(fmt::format("count of occurrences {}", how),
                    reader()
                        .integer("SELECT count(*) FROM schedule_run WHERE schedule = $1 AND outcome = $2",
                                 {no, std::int64_t{number}})
                        .value_or(0),
                    times == later.outcomes.end() ? 0 : times->second);
        }
        letters += later.letters;
    }
    const auto count = [this](std::string_view sql) { return reader().integer(sql).value_or(0); };
    if (count("SELECT count(*) FROM transfer_schedule") != no) wrong("there are other schedules than were made");
    if (count("SELECT count(*) FROM outgoing_mail WHERE kind LIKE 'schedule_%'") != letters) {
        wrong("other letters than those of schedules were written");
    }
}

void Simulation::check_disputes() {
    for (const auto& [reference, dispute] : model_.disputes()) {
        const auto found = store::find_dispute_by_reference(reader(), reference);
        if (!found || found->no != dispute.no) wrong(fmt::format("dispute {} is not there", reference));
        const auto differs = [&](std::string_view what, const auto& got, const auto& want) {
            if (got != want) wrong(fmt::format("the {} of dispute {} is {}, and must be {}", what, reference, got, want));
        };
        differs("stage", static_cast<int>(found->stage), dispute.stage);
        differs("status", name_of(found->status), dispute.status);
        differs("held amount", found->taken_minor(), dispute.held ? dispute.amount : 0);
        differs("lost amount", found->lost_minor(), dispute.lost ? dispute.amount : 0);
        differs("bearer", found->house_pays, dispute.house_pays);
    }
    if (reader().integer("SELECT count(*) FROM dispute").value_or(0) != std::ssize(model_.disputes())) {
        wrong("there are other disputes than were opened");
    }
}

void Simulation::check_changed() {
    for (const std::int64_t seq : model_.take_changed()) {
        check_row(reader(), model_.rows()[static_cast<std::size_t>(seq - 1)]);
        if (const auto call = model_.calls().find(seq); call != model_.calls().end()) check_call(reader(), call->second);
    }
}

void Simulation::check_everything() {
    const std::int64_t rows = reader().integer("SELECT count(*) FROM payment").value_or(0);
    if (rows != std::ssize(model_.rows()))
        wrong(fmt::format("there are {} payments, and must be {}", rows, model_.rows().size()));
    for (const Model::Row& row : model_.rows()) check_row(reader(), row);
    for (const auto& [payment, call] : model_.calls()) check_call(reader(), call);
    check_wishes();
    check_laters();
    check_disputes();
    const service::Context context = house_context();
    for (const std::string& fault : testing::faults_in(store::verify(reader(), {.keyring = &context.keyring()}))) {
        wrong("verify: " + fault);
    }
}

void Simulation::check_healed() {
    for (const auto& [name, account] : model_.accounts()) {
        if (name.starts_with("payout_in_transit") && account.posted() != 0) {
            wrong(fmt::format("{} is left in transit in {}", account.posted(), name));
        }
        if (account.held_from != 0 || account.held_for != 0)
            wrong(fmt::format("{} is still on hold in {}", account.held_from, name));
    }
    for (const Model::Row& row : model_.rows()) {
        if (row.state == "requires_capture" || row.state == "processing" || row.state == "unknown") {
            wrong(fmt::format("payment {} is still {}", row.seq, row.state));
        }
    }
    for (const Model::Wish& wish : model_.wishes()) {
        if (wish.state == "pending") wrong(fmt::format("request for money {} is still pending", wish.id));
        count("wish", wish.state);
    }
    for (const Model::Later& later : model_.laters()) {
        if (later.state == "active") wrong(fmt::format("schedule {} is still active", later.id));
        count("later", later.state);
        for (const auto& [how, times] : later.outcomes) count("occurrence", how);
    }
    for (const auto& [reference, dispute] : model_.disputes()) {
        if (dispute.status == "needs_response") wrong(fmt::format("dispute {} still waits for an answer", reference));
        count("dispute", dispute.status);
        if (dispute.house_pays) count("dispute", "borne by the house");
    }
    // Whoever waited longer than one inquiry was written to, and again when it was over, unless a person looks into it.
    for (const auto& [payment, call] : model_.calls()) {
        count("call", call.state);
        const std::string& kind = model_.rows()[static_cast<std::size_t>(payment - 1)].kind;
        count(kind, call.state);
        if (call.set_aside != 0) count("set aside");
        if (kind == "merchant_payout") continue;  // letters go to customers alone
        if (call.inquiries > 0 && (call.letters_unknown == 0 || call.ticket.empty())) {
            wrong(fmt::format("nobody has written about payment {}", payment));
        }
        if (call.inquiries > 0 && call.state != "contradicted" && call.letters_outcome == 0) {
            wrong(fmt::format("nobody has written how payment {} ended", payment));
        }
    }
}

// What the bank did, by its own reckoning, against the accounts.
void Simulation::check_bank() {
    std::map<std::string, std::int64_t> paid_out, collected, suspense, topped_up, kept;
    std::set<std::int64_t> moved;
    for (const VirtualRail::Moved& one : rail_.moved(now_)) {
        moved.insert(one.payment);
        // What goes back to a card the acquirer takes from what it collected.
        const bool to_card = model_.rows()[static_cast<std::size_t>(one.payment - 1)].kind == "refund";
        if (to_card) collected[one.currency] -= one.amount;
        else (one.out ? paid_out : collected)[one.currency] += one.amount;
        const Model::Call& call = model_.calls().at(one.payment);
        if (call.state != "succeeded" && call.state != "contradicted") {
            wrong(fmt::format("the bank has carried out payment {}, which is {} in the books", one.payment, call.state));
        }
    }
    for (const auto& [payment, call] : model_.calls()) {
        const Model::Row& row = model_.rows()[static_cast<std::size_t>(payment - 1)];
        if (call.state == "succeeded" && !moved.contains(payment)) {
            wrong(fmt::format("payment {} succeeded in the books, and the bank has nothing of it", payment));
        }
        // Of a wallet that took nothing: set aside until somebody has looked.
        suspense[row.currency] += call.set_aside;
        if (call.state != "contradicted") continue;
        if (row.kind != "merchant_payout" && (!call.critical || call.ticket != "open"))
            wrong(fmt::format("nobody looks into payment {}", payment));
        suspense[row.currency] += call.out ? -row.amount : row.amount;
        // It sent the money back before it said that it had taken it: the books say paid out until a person has looked.
        if (moved.contains(payment)) continue;
        if (row.kind == "refund") collected[row.currency] -= row.amount;
        else paid_out[row.currency] += row.amount;
    }
    for (const Model::Row& row : model_.rows()) {
        if (row.kind == "top_up" && !model_.calls().contains(row.seq) && row.state == "succeeded") {
            topped_up[row.currency] += row.amount;
        }
    }
    std::map<std::string, std::int64_t> disputed;
    for (const auto& [reference, dispute] : model_.disputes()) {
        const std::string& currency = model_.rows()[static_cast<std::size_t>(dispute.payment - 1)].currency;
        if (dispute.lost) kept[currency] += dispute.amount;
        if (dispute.held) disputed[currency] += dispute.amount;
    }
    for (const std::string currency : {"CNY", "JPY"}) {
        suspense[currency] += model_.set_aside_of_disputes(currency);
        const auto differs = [&](const std::string& name, std::int64_t want) {
            const std::int64_t got = model_.account(name + " " + currency).posted();
            if (got != want) wrong(fmt::format("{} {} holds {}, and the bank has moved {}", name, currency, got, want));
        };
        differs("settlement_bank", paid_out[currency] - topped_up[currency]);
        differs("acquirer_receivable", kept[currency] - collected[currency]);
        differs("dispute_receivable", disputed[currency]);
        differs("suspense", suspense[currency]);
    }
}

}  // namespace okpay::simulator
