// SPDX-License-Identifier: Apache-2.0
#include "store/exchange_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

constexpr std::string_view select_rate =
    "SELECT r.no, r.from_currency, r.to_currency, r.numerator, r.denominator, r.said, r.set_at, r.staff FROM exchange_rate "
    "r ";
constexpr std::string_view select_exchange = "SELECT payment, to_currency, received, rate FROM exchange ";

money::Currency currency_of(std::int64_t number) {
    const auto currency = money::currency_of_number(number);
    if (!currency) throw StorageFailure{StorageFault::corrupt, fmt::format("unknown currency {}", number)};
    return *currency;
}

RateRow rate_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    const money::Currency from = currency_of(read.integer());
    const money::Currency to = currency_of(read.integer());
    const std::int64_t numerator = read.integer();
    const std::int64_t denominator = read.integer();
    if (numerator <= 0 || denominator <= 0) {
        throw StorageFailure{StorageFault::corrupt, fmt::format("exchange rate {} is not above zero", no)};
    }
    return {.no = no,
            .rate = {from, to, numerator, denominator},
            .decimal = read.text(),
            .set_at = read.moment(),
            .staff = customers::StaffNo{read.integer()}};
}

ExchangeRow exchange_at(const Row& row) {
    RowReader read{row};
    const std::int64_t payment = read.integer();
    const money::Currency to = currency_of(read.integer());
    const auto received = money::Money::of_minor(read.integer(), to);
    if (!received) throw StorageFailure{StorageFault::corrupt, fmt::format("exchange {} cannot be read", payment)};
    return {.payment = payment, .received = *received, .rate = read.integer()};
}

}  // namespace

void insert_rate(Connection& connection, const RateRow& row) {
    connection.execute(
        "INSERT INTO exchange_rate (no, from_currency, to_currency, numerator, denominator, said, set_at, staff) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {row.no, stored(row.rate.from), stored(row.rate.to), row.rate.numerator, row.rate.denominator,
         std::string_view{row.decimal}, ms_of(row.set_at), number_of(row.staff)});
}

std::vector<RateRow> current_rates(Connection& connection) {
    std::vector<RateRow> rates;
    connection.query(fmt::format("{}WHERE NOT EXISTS (SELECT 1 FROM exchange_rate n WHERE n.from_currency = r.from_currency "
                                 "AND n.to_currency = r.to_currency AND n.no > r.no) ORDER BY r.no",
                                 select_rate),
                     {}, [&rates](const Row& row) { rates.push_back(rate_at(row)); });
    return rates;
}

std::optional<RateRow> find_rate(Connection& connection, std::int64_t no) {
    std::optional<RateRow> found;
    connection.query(fmt::format("{}WHERE r.no = $1", select_rate), {no},
                     [&found](const Row& row) { found = rate_at(row); });
    return found;
}

void insert_exchange(Connection& connection, const ExchangeRow& row) {
    connection.execute("INSERT INTO exchange (payment, to_currency, received, rate) VALUES ($1, $2, $3, $4)",
                       {row.payment, stored(row.received.currency()), row.received.minor(), row.rate});
}

std::optional<ExchangeRow> find_exchange(Connection& connection, std::int64_t payment) {
    std::optional<ExchangeRow> found;
    connection.query(fmt::format("{}WHERE payment = $1", select_exchange), {payment},
                     [&found](const Row& row) { found = exchange_at(row); });
    return found;
}

void each_exchange(Connection& connection, const std::function<void(const ExchangeRow&)>& visit) {
    connection.query(fmt::format("{}ORDER BY payment", select_exchange), {},
                     [&visit](const Row& row) { visit(exchange_at(row)); });
}

}  // namespace okpay::store
