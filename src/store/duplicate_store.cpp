// SPDX-License-Identifier: Apache-2.0
#include "store/duplicate_store.hpp"

#include <fmt/format.h>

#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

constexpr std::string_view select_report =
    "SELECT no, once_key, body, customer, payment, other, class, outcome, verdict, ticket, refund, amount, currency, at "
    "FROM duplicate_report ";

DuplicateReport report_at(const Row& row) {
    RowReader read{row};
    const std::int64_t no = read.integer();
    const auto key = hash_of(read.text());
    const std::int64_t body = read.integer();
    const auto customer = customers::CustomerNo{read.integer()};
    const std::int64_t payment = read.integer();
    const std::int64_t other = read.integer();
    const std::int64_t pair_class = read.integer();
    const std::int64_t outcome = read.integer();
    std::string verdict = read.text();
    const std::int64_t ticket = read.integer();
    const std::int64_t refund = read.integer();
    const std::int64_t minor = read.integer();
    const auto currency = money::currency_of_number(read.integer());
    const auto amount = currency ? money::Money::of_minor(minor, *currency) : fail(money::MoneyError::out_of_range);
    const bool known = pair_class >= static_cast<std::int64_t>(payments::PairClass::same_attempt_shown_twice) &&
                       pair_class <= static_cast<std::int64_t>(payments::PairClass::unclear) &&
                       outcome >= static_cast<std::int64_t>(ReportOutcome::refunded) &&
                       outcome <= static_cast<std::int64_t>(ReportOutcome::request_opened);
    if (!key || !amount || !known) {
        throw StorageFailure{StorageFault::corrupt, fmt::format("the report {} of a double charge cannot be read", no)};
    }
    return {.no = no,
            .key = *key,
            .body = body,
            .customer = customer,
            .payment = payment,
            .other = other,
            .pair_class = static_cast<payments::PairClass>(pair_class),
            .outcome = static_cast<ReportOutcome>(outcome),
            .verdict = std::move(verdict),
            .ticket = ticket,
            .refund = refund,
            .amount = *amount,
            .at = read.moment()};
}

std::vector<DuplicateReport> reports(Connection& connection, const std::string& sql,
                                     std::initializer_list<Value> parameters) {
    std::vector<DuplicateReport> found;
    connection.query(sql, parameters, [&found](const Row& row) { found.push_back(report_at(row)); });
    return found;
}

}  // namespace

std::string_view name_of(ReportOutcome outcome) {
    switch (outcome) {
    case ReportOutcome::refunded: return "refunded";
    case ReportOutcome::explained: return "explained";
    case ReportOutcome::request_opened: return "request_opened";
    }
    std::abort();
}

void insert_duplicate_report(Connection& connection, const DuplicateReport& report) {
    connection.execute(
        "INSERT INTO duplicate_report (no, once_key, body, customer, payment, other, class, outcome, verdict, ticket, "
        "refund, "
        "amount, currency, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        {report.no, Octets{view_of(report.key)}, report.body, number_of(report.customer), report.payment, report.other,
         std::int64_t{static_cast<std::uint8_t>(report.pair_class)}, std::int64_t{static_cast<std::uint8_t>(report.outcome)},
         std::string_view{report.verdict}, report.ticket, report.refund, report.amount.minor(),
         static_cast<std::int64_t>(report.amount.currency()), ms_of(report.at)});
}

std::optional<DuplicateReport> find_duplicate_report(Connection& connection, const Hash256& key) {
    auto found = reports(connection, fmt::format("{}WHERE once_key = $1", select_report), {Octets{view_of(key)}});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::vector<DuplicateReport> duplicate_reports_of(Connection& connection, std::int64_t payment, std::int64_t other) {
    return reports(connection, fmt::format("{}WHERE payment IN ($1, $2) ORDER BY no DESC", select_report), {payment, other});
}

std::int64_t automatically_refunded(Connection& connection, money::Currency currency, Moment since,
                                    std::optional<customers::CustomerNo> customer) {
    return connection
        .integer(
            "SELECT CAST(coalesce(sum(d.amount), 0) AS BIGINT) FROM duplicate_report d JOIN payment p ON p.seq = d.refund "
            "WHERE d.refund <> 0 AND d.currency = $1 AND d.at > $2 AND ($3 = 0 OR d.customer = $3) AND p.state IN (1, 5, 6)",
            {static_cast<std::int64_t>(currency), ms_of(since), customer ? number_of(*customer) : std::int64_t{0}})
        .value_or(0);
}

}  // namespace okpay::store
