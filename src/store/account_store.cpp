// SPDX-License-Identifier: Apache-2.0
#include "store/account_store.hpp"

#include <fmt/format.h>

#include <limits>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

constexpr std::string_view select_event =
    "SELECT no, account, at, staff, from_state, to_state, reason, ledger_seq FROM account_event ";

money::AccountState state_of(std::int64_t number) {
    const auto state = money::account_state_of_number(number);
    if (!state) throw StorageFailure{StorageFault::corrupt, fmt::format("no account can be in state {}", number)};
    return *state;
}

AccountEvent event_at(const Row& row) {
    RowReader read{row};
    return {.no = read.integer(),
            .account = money::AccountNo{read.integer()},
            .at = read.moment(),
            .staff = customers::StaffNo{read.integer()},
            .from = state_of(read.integer()),
            .to = state_of(read.integer()),
            .reason = read.text(),
            .ledger_seq = read.integer()};
}

}  // namespace

void insert_account_event(Connection& connection, const AccountEvent& event) {
    connection.execute(
        "INSERT INTO account_event (no, account, at, staff, from_state, to_state, reason, ledger_seq) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {event.no, number_of(event.account), ms_of(event.at), number_of(event.staff), stored(event.from), stored(event.to),
         std::string_view{event.reason}, event.ledger_seq});
}

void each_account_event(Connection& connection, const std::function<void(const AccountEvent&)>& visit) {
    static const std::string sql = fmt::format("{}ORDER BY no", select_event);
    connection.query(sql, {}, [&visit](const Row& row) { visit(event_at(row)); });
}

std::vector<AccountEvent> account_events(Connection& connection, money::AccountNo account, std::int64_t before,
                                         std::int64_t limit) {
    static const std::string sql = fmt::format("{}WHERE account = $1 AND no < $2 ORDER BY no DESC LIMIT $3", select_event);
    std::vector<AccountEvent> found;
    connection.query(sql, {number_of(account), before, limit}, [&found](const Row& row) { found.push_back(event_at(row)); });
    return found;
}

std::int64_t last_account_event(Connection& connection, money::AccountNo account) {
    return connection.integer("SELECT max(no) FROM account_event WHERE account = $1", {number_of(account)}).value_or(0);
}

money::AccountState account_state_at(Connection& connection, money::AccountNo account, std::int64_t seq) {
    const auto state = connection.integer(
        "SELECT to_state FROM account_event WHERE account = $1 AND ledger_seq <= $2 ORDER BY no DESC LIMIT 1",
        {number_of(account), seq});
    return state ? state_of(*state) : money::AccountState::open;
}

}  // namespace okpay::store
