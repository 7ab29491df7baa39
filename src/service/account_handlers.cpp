// SPDX-License-Identifier: Apache-2.0
// Staff freeze, open and close accounts of the ledger, each time with a reason that is kept for ever.
#include <fmt/format.h>

#include <limits>

#include "base/text.hpp"
#include "service/money_parts.hpp"
#include "store/dispute_store.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using money::AccountState;

constexpr std::int64_t all_of_them = std::numeric_limits<std::int64_t>::max();

// What a bank still works on, or holds until a dispute is decided, will want to come home to the account.
bool is_awaited(Books& books, money::AccountNo account) {
    const auto touches = [&books, account](std::int64_t payment) {
        const auto found = books.find_payment(payment);
        return found && (found->payer == account || found->payee == account);
    };
    for (const payments::RailCall& call : store::live_rail_calls(books.connection())) {
        if (touches(call.payment)) return true;
    }
    for (const payments::Dispute& dispute : store::open_disputes(books.connection(), all_of_them)) {
        if (dispute.taken_minor() != 0 && touches(dispute.payment)) return true;
    }
    return false;
}

// Why the account may not go there; nothing where it may.
std::optional<Answer> not_there(Books& books, const money::Account& account, AccountState to) {
    if (account.closed) return refused("account_is_closed", "a closed account is never opened again; open a new one");
    if (account.state() == to) return refused("account_unchanged", "the account is in this state already; load it again");
    if (is_house(account.kind) && to == AccountState::closed) {
        return refused("house_account", "an account of the house is never closed");
    }
    if (!may_be_frozen(account.kind)) {
        return refused("house_account", "what banks have done is booked here, so this account is never frozen");
    }
    if (to != AccountState::closed) return std::nullopt;
    if (!account.is_empty()) {
        return refused("account_not_empty", "only an account with nothing on it and nothing on hold can be closed");
    }
    if (is_awaited(books, account.no)) {
        return refused("account_not_empty", "a bank still works on money of this account; wait for the outcome");
    }
    return std::nullopt;
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const SetAccountState& body) {
    std::optional<store::StaffRow> staff;
    if (auto no = not_permitted(books, command.actor, customers::Permission::change_accounts, staff)) return *no;
    const auto no = money::AccountNo{body.account};
    const money::Account* account = books.ledger().find(no);
    if (account == nullptr) return refused(codes::not_found, "there is no such account");
    const auto to = money::account_state_of_name(body.state);
    if (!to) return refused(codes::invalid, "state: one of open, debits_frozen, credits_frozen, frozen, closed");
    if (trimmed(body.reason).empty()) return refused("reason_missing", "say why, it is kept");
    const auto owner = store::find_account_owner(books.connection(), no);
    if (owner && owner->customer && has_to_do_with(books, *staff, *owner->customer)) {
        return refused("own_account", "you have to do with this customer; ask a colleague");
    }
    if (auto refusal = not_there(books, *account, *to)) return *refusal;
    const AccountState from = account->state();
    const std::int64_t event = books.set_account_state(no, *to, staff->no, trimmed(body.reason), command.at);
    books.audit(command.at, command.actor, "set_account_state", fmt::format("account:{}", body.account),
                json_text({{"from", std::string{name_of(from)}},
                           {"to", body.state},
                           {"event", std::to_string(event)},
                           {"reason", std::string{trimmed(body.reason)}}}));
    return Answer{.number = body.account};
}

}  // namespace okpay::service
