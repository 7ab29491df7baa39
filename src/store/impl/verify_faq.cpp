// SPDX-License-Identifier: Apache-2.0
// The FAQ: an article's versions are all there, what is published is one of them, and each request that was answered from it
// says so once, with the mail that carried it.
#include <fmt/format.h>

#include "store/impl/verify_checks.hpp"

namespace okpay::store {
namespace {

void faults_of(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

}  // namespace

CheckReport check_faq(Connection& connection) {
    CheckReport report{.name = "faq"};
    report.looked_at = connection.integer("SELECT count(*) FROM faq_version").value_or(0) +
                       connection.integer("SELECT count(*) FROM faq_answer").value_or(0);
    faults_of(
        connection, report,
        "SELECT a.no FROM faq_article a WHERE a.version <> (SELECT count(*) FROM faq_version v WHERE v.article = a.no) "
        "OR a.version <> (SELECT max(v.version) FROM faq_version v WHERE v.article = a.no)",
        "of FAQ article {} not all versions are there");
    faults_of(connection, report,
              "SELECT a.no FROM faq_article a WHERE a.published IS NOT NULL AND NOT EXISTS (SELECT 1 FROM faq_version v "
              "WHERE v.article = a.no AND v.version = a.published)",
              "FAQ article {} shows a version that is not there");
    faults_of(connection, report,
              "SELECT n.ticket FROM faq_answer n WHERE NOT EXISTS (SELECT 1 FROM faq_version v WHERE v.article = n.article "
              "AND v.version = n.version)",
              "request {} was answered from an article that is not there");
    faults_of(connection, report,
              "SELECT n.ticket FROM faq_answer n WHERE (SELECT count(*) FROM ticket_event e WHERE e.ticket = n.ticket AND "
              "e.kind = 'answered_from_faq') <> 1 OR NOT EXISTS (SELECT 1 FROM outgoing_mail o WHERE o.ticket = n.ticket)",
              "request {} was answered from the FAQ, and not by one mail that says so");
    faults_of(connection, report,
              "SELECT n.ticket FROM faq_answer n WHERE n.state NOT IN (1, 2, 3, 4) OR (n.state = 1) <> (n.ended IS NULL)",
              "the answer to request {} is in no state");
    faults_of(connection, report,
              "SELECT e.ticket FROM ticket_event e WHERE e.kind = 'answered_from_faq' AND NOT EXISTS (SELECT 1 FROM "
              "faq_answer n WHERE n.ticket = e.ticket)",
              "request {} says that it was answered from the FAQ and is not counted");
    return report;
}

}  // namespace okpay::store
