// SPDX-License-Identifier: Apache-2.0
// What must be so after each batch, now and then, and at the end.
#include <fmt/format.h>

#include "payments/names.hpp"
#include "service_fixture.hpp"
#include "simulation.hpp"
#include "store/desk_store.hpp"
#include "store/ledger_store.hpp"
#include "store/rail_store.hpp"
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

// As the applier holds them in memory, which after a commit is what the model holds, and after a failure too.
void Simulation::check_accounts() {
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
    // Whoever waited longer than one inquiry was written to, and again when it was over, unless a person looks into it.
    for (const auto& [payment, call] : model_.calls()) {
        count("call", call.state);
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
    std::map<std::string, std::int64_t> paid_out, collected, suspense, topped_up;
    std::set<std::int64_t> moved;
    for (const VirtualRail::Moved& one : rail_.moved(now_)) {
        (one.out ? paid_out : collected)[one.currency] += one.amount;
        moved.insert(one.payment);
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
        if (call.state != "contradicted") continue;
        if (!call.critical || call.ticket != "open") wrong(fmt::format("nobody looks into payment {}", payment));
        suspense[row.currency] += call.out ? -row.amount : row.amount;
        // It sent the money back before it said that it had taken it: the books say paid out until a person has looked.
        if (!moved.contains(payment)) paid_out[row.currency] += row.amount;
    }
    for (const Model::Row& row : model_.rows()) {
        if (row.kind == "top_up" && !model_.calls().contains(row.seq) && row.state == "succeeded") {
            topped_up[row.currency] += row.amount;
        }
    }
    for (const std::string currency : {"CNY", "JPY"}) {
        const auto differs = [&](const std::string& name, std::int64_t want) {
            const std::int64_t got = model_.account(name + " " + currency).posted();
            if (got != want) wrong(fmt::format("{} {} holds {}, and the bank has moved {}", name, currency, got, want));
        };
        differs("settlement_bank", paid_out[currency] - topped_up[currency]);
        differs("acquirer_receivable", -collected[currency]);
        differs("suspense", suspense[currency]);
    }
}

}  // namespace okpay::simulator
