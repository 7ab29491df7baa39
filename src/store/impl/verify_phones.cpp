// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "store/impl/verify_checks.hpp"

namespace okpay::store {
namespace {

void faults(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

}  // namespace

// A telephone number stands by the last change that was made, which proved it; a code exists while its change waits for it;
// what is queued has its moment; and no row holds the digits of a code.
CheckReport check_phones(Connection& connection) {
    CheckReport report{.name = "phones"};
    report.looked_at = connection.integer("SELECT count(*) FROM customer_phone").value_or(0) +
                       connection.integer("SELECT count(*) FROM customer_change WHERE kind = 4").value_or(0) +
                       connection.integer("SELECT count(*) FROM short_message").value_or(0);
    faults(
        connection, report,
        "SELECT p.customer FROM customer_phone p JOIN customer_change c ON c.no = p.change WHERE c.customer <> p.customer "
        "OR c.kind <> 4 OR c.state <> 4 OR c.proven IS NULL OR c.wanted <> p.number",
        "the phone number of customer {} was proven by no change");
    faults(
        connection, report,
        "SELECT c.no FROM customer_change c LEFT JOIN customer_phone p ON p.customer = c.customer WHERE c.kind = 4 AND "
        "c.state = 4 AND c.no = (SELECT max(n.no) FROM customer_change n WHERE n.customer = c.customer AND n.kind = 4 AND "
        "n.state = 4) AND ((c.wanted <> '' AND (p.change IS NULL OR p.change <> c.no)) OR (c.wanted = '' AND p.change IS "
        "NOT NULL))",
        "change {} was the last of a phone number and another one stands, or none");
    faults(
        connection, report,
        "SELECT p.change FROM phone_code p LEFT JOIN customer_change c ON c.no = p.change WHERE c.no IS NULL OR c.kind <> "
        "4 OR c.state <> 2",
        "a code was sent for change {}, which does not wait for one");
    faults(
        connection, report,
        "SELECT c.no FROM customer_change c LEFT JOIN phone_code p ON p.change = c.no WHERE c.kind = 4 AND c.state = 2 AND "
        "p.change IS NULL",
        "change {} waits for a code that was never made");
    faults(connection, report,
           "SELECT no FROM short_message WHERE (state = 1 AND next_at IS NULL) OR (state <> 1 AND next_at IS NOT NULL) OR "
           "state NOT IN (1, 2, 3, 4, 5)",
           "short message {} has a next try and no use for it, or the other way round");
    faults(connection, report,
           "SELECT m.no FROM short_message m LEFT JOIN customer_change c ON c.no = m.change WHERE m.code <> 0 AND (c.no IS "
           "NULL OR c.customer <> m.customer OR c.kind <> 4 OR (m.text <> '' AND m.text NOT LIKE '%{code}%'))",
           "short message {} carries a code of no change, or holds its digits");
    return report;
}

}  // namespace okpay::store
