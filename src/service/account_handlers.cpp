// SPDX-License-Identifier: Apache-2.0
// Staff freeze, open and close accounts of the ledger, each time with a reason that is kept for ever.
#include <fmt/format.h>

#include "base/text.hpp"
#include "desk/threading.hpp"
#include "service/money_parts.hpp"
#include "store/rail_store.hpp"

namespace okpay::service {
namespace {

using money::AccountState;

// A top-up or withdrawal that is under way will want to come home to the wallet.
bool is_awaited(Books& books, const std::optional<store::AccountOwner>& owner, money::Currency currency) {
    if (!owner) return false;
    const auto calls = owner->customer ? store::live_rail_calls_of(books.connection(), *owner->customer)
                                       : store::live_rail_calls_of(books.connection(), owner->merchant.value());
    return std::ranges::any_of(calls,
                               [currency](const payments::RailCall& call) { return call.amount.currency() == currency; });
}

// Why the account may not go there; nothing where it may.
std::optional<Answer> not_there(Books& books, const money::Account& account, AccountState to,
                                const std::optional<store::AccountOwner>& owner) {
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
    if (is_awaited(books, owner, account.currency)) {
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
    const auto customer =
        owner && owner->customer ? store::find_customer(books.connection(), *owner->customer) : std::nullopt;
    if (customer && desk::same_mailbox(customer->email, staff->email)) {
        return refused("own_account", "this is your own account; ask a colleague");
    }
    if (auto refusal = not_there(books, *account, *to, owner)) return *refusal;
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
