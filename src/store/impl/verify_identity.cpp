// SPDX-License-Identifier: Apache-2.0
// Proof of identity: no file without its key and none with half of it, nothing left of what was destroyed, and nobody
// verified by fewer persons than the object asks for, or by one who did not look.
#include <fmt/format.h>

#include "store/identity_store.hpp"
#include "store/impl/verify_checks.hpp"
#include "store/object_keys.hpp"

namespace okpay::store {
namespace {

void faults_of(Connection& connection, CheckReport& report, std::string_view sql, std::string_view sentence) {
    connection.query(sql, {}, [&](const Row& row) { report.fault(fmt::format(fmt::runtime(sentence), row.integer(0))); });
}

void check_file(Connection& connection, const IdentityFileRow& file, const VerifyRequest& request, CheckReport& report) {
    if (file.erased) {
        if (!file.object_key.empty() || file.sealed || file.blob || !file.reading_key.empty() || !file.reading.empty()) {
            report.fault(fmt::format("identity file {} counts as erased and something of it is left", file.no));
        }
        return;
    }
    // Old data beside newer keys: the picture came back, and nothing opens it any more.
    if (is_key_erased(connection, KeyOf::identity_file, file.no)) return;
    if (file.object_key.empty() || file.sealed.has_value() == file.blob.has_value()) {
        report.fault(fmt::format("identity file {} has no key, no octets, or octets in two places", file.no));
        return;
    }
    std::optional<Bytes> sealed = file.sealed;
    if (file.blob) {
        if (!request.blobs) return;
        sealed = request.blobs->get(*file.blob);
        if (!sealed) {
            report.fault(fmt::format("the file of identity file {} is missing or was changed: {}", file.no, *file.blob));
            return;
        }
    }
    if (request.keyring == nullptr) return;
    if (!request.keyring->unseal_object(*sealed, file.object_key, identity_file_purpose) ||
        !request.keyring->unseal_object(file.reading, file.reading_key, identity_reading_purpose)) {
        report.fault(fmt::format("identity file {} cannot be unsealed: its octets or its key were changed", file.no));
    }
}

}  // namespace

CheckReport check_identity(Connection& connection, const VerifyRequest& request) {
    CheckReport report{.name = "identity"};
    report.looked_at = connection.integer("SELECT count(*) FROM identity_verification").value_or(0);
    each_identity_file(connection, [&](const IdentityFileRow& file) {
        ++report.looked_at;
        check_file(connection, file, request, report);
    });
    faults_of(connection, report, "SELECT no FROM identity_verification WHERE state NOT IN (1, 2, 3, 4, 5, 6, 7, 8)",
              "verification {} is in no state");
    faults_of(connection, report,
              "SELECT no FROM identity_verification WHERE (state IN (4, 5, 6) AND outcome <> state) OR (state = 7 AND "
              "outcome <> 4) OR (state = 8 AND outcome NOT IN (4, 5, 6)) OR (state IN (1, 2, 3) AND outcome <> 0)",
              "verification {} is in a state that its outcome does not allow");
    faults_of(connection, report,
              "SELECT v.no FROM identity_verification v WHERE v.outcome = 4 AND v.reviews_needed > "
              "(SELECT count(DISTINCT r.staff) FROM identity_review r WHERE r.verification = v.no AND r.round = v.round AND "
              "r.decision = 1)",
              "verification {} was verified by fewer persons than it asks for");
    faults_of(connection, report,
              "SELECT DISTINCT r.verification FROM identity_review r WHERE NOT EXISTS (SELECT 1 FROM identity_view w WHERE "
              "w.verification = r.verification AND w.staff = r.staff AND w.at <= r.at)",
              "verification {} was decided by somebody who did not look");
    faults_of(connection, report,
              "SELECT v.no FROM identity_verification v WHERE v.files_destroyed IS NOT NULL AND (EXISTS (SELECT 1 FROM "
              "object_key k WHERE k.kind = 5 AND k.owner = v.no AND k.erased IS NULL) OR length(v.facts) > 0 OR EXISTS "
              "(SELECT 1 FROM identity_file f WHERE f.verification = v.no AND f.erased IS NULL))",
              "verification {} counts as destroyed and something of it is left");
    faults_of(connection, report,
              "SELECT v.no FROM identity_verification v WHERE v.files_destroyed IS NULL AND v.state NOT IN (1, 2, 3) AND "
              "v.files_due IS NULL",
              "verification {} has ended, and nobody knows when its files are destroyed");
    faults_of(connection, report,
              "SELECT d.no FROM doomed_blob d WHERE EXISTS (SELECT 1 FROM identity_file f WHERE f.blob = d.blob) OR EXISTS "
              "(SELECT 1 FROM inbound_mail m WHERE m.blob = d.blob)",
              "doomed file {} is one that a row still names");
    faults_of(connection, report,
              "SELECT v.no FROM identity_verification v WHERE v.state = 3 AND NOT EXISTS (SELECT 1 FROM identity_check c "
              "WHERE c.verification = v.no AND c.round = v.round)",
              "verification {} is in review and nothing of it was checked");
    return report;
}

}  // namespace okpay::store
