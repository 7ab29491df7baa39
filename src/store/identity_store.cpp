// SPDX-License-Identifier: Apache-2.0
#include "store/identity_store.hpp"

#include "store/object_keys.hpp"
#include "store/row_reader.hpp"

namespace okpay::store {
namespace {

using customers::CustomerNo;
using customers::VerificationId;
using customers::VerificationState;
using std::string_view;

constexpr string_view verification_columns =
    "no, id, customer, purpose, state, code, outcome, document, country, number_masked, number_hash, facts, "
    "reviews_needed, round, unreadable, word, created, updated, submitted, decided, document_expires, expiry_letter, "
    "input_due, files_due, files_destroyed";
constexpr string_view file_columns =
    "no, id, verification, kind, picture_type, width, height, original_size, original_hash, sealed, blob, reading, added, "
    "erased";
constexpr string_view facts_key =  // behind the columns, where a row is read
    ", coalesce((SELECT k.wrapped FROM object_key k WHERE k.kind = 5 AND k.owner = identity_verification.no), '')";
constexpr string_view file_keys =
    ", coalesce((SELECT k.wrapped FROM object_key k WHERE k.kind = 3 AND k.owner = identity_file.no), ''), "
    "coalesce((SELECT k.wrapped FROM object_key k WHERE k.kind = 4 AND k.owner = identity_file.no), '')";
constexpr string_view file_columns_without_octets =
    "no, id, verification, kind, picture_type, width, height, original_size, original_hash, NULL, blob, reading, added, "
    "erased";

VerificationRow verification_at(const Row& row) {
    RowReader read{row};
    VerificationRow v{.no = read.integer(),
                      .id = read.id<VerificationId>(),
                      .customer = CustomerNo{read.integer()},
                      .purpose = read.as<customers::VerificationPurpose>(),
                      .state = read.as<VerificationState>(),
                      .code = read.as<customers::VerificationCode>(),
                      .outcome = std::nullopt,
                      .country = "",
                      .number_masked = "",
                      .number_hash = {},
                      .facts_key = {},
                      .facts = {},
                      .word = "",
                      .submitted = {},
                      .decided = {},
                      .document_expires = "",
                      .input_due = {},
                      .files_due = {},
                      .files_destroyed = {}};
    if (const std::int64_t outcome = read.integer(); outcome != 0) v.outcome = static_cast<VerificationState>(outcome);
    v.document = read.as<customers::DocumentKind>();
    v.country = read.text();
    v.number_masked = read.text();
    v.number_hash = read.text();
    v.facts = read.text();
    v.reviews_needed = read.integer();
    v.round = read.integer();
    v.unreadable = read.integer();
    v.word = read.text();
    v.created = read.moment();
    v.updated = read.moment();
    v.submitted = read.maybe_moment();
    v.decided = read.maybe_moment();
    v.document_expires = read.text();
    v.expiry_letter = read.integer();
    v.input_due = read.maybe_moment();
    v.files_due = read.maybe_moment();
    v.files_destroyed = read.maybe_moment();
    v.facts_key = read.text();
    return v;
}

IdentityFileRow file_at(const Row& row) {
    RowReader read{row};
    IdentityFileRow f{.no = read.integer(),
                      .id = read.id<customers::IdentityFileId>(),
                      .verification = read.integer(),
                      .kind = read.as<customers::IdentityFileKind>(),
                      .picture_type = read.integer(),
                      .width = read.integer(),
                      .height = read.integer(),
                      .original_size = read.integer(),
                      .original_hash = read.text(),
                      .object_key = {},
                      .sealed = read.maybe_text(),
                      .blob = read.maybe_text(),
                      .reading_key = {},
                      .reading = read.text(),
                      .added = read.moment(),
                      .erased = read.maybe_moment()};
    f.object_key = read.text();
    f.reading_key = read.text();
    return f;
}

std::vector<VerificationRow> verifications(Connection& connection, string_view tail, std::initializer_list<Value> values) {
    const std::string sql = "SELECT " + std::string{verification_columns} + std::string{facts_key} +
                            " FROM identity_verification " + std::string{tail};
    std::vector<VerificationRow> found;
    connection.query(sql, values, [&found](const Row& row) { found.push_back(verification_at(row)); });
    return found;
}

std::optional<VerificationRow> one(std::vector<VerificationRow> rows) {
    return rows.empty() ? std::nullopt : std::optional{std::move(rows.front())};
}

std::vector<IdentityFileRow> files(Connection& connection, string_view columns, string_view tail,
                                   std::initializer_list<Value> values) {
    const std::string sql =
        "SELECT " + std::string{columns} + std::string{file_keys} + " FROM identity_file " + std::string{tail};
    std::vector<IdentityFileRow> found;
    connection.query(sql, values, [&found](const Row& row) { found.push_back(file_at(row)); });
    return found;
}

Value octets_or_null(const std::optional<Bytes>& bytes) { return bytes ? Value{Octets{*bytes}} : Value{nullptr}; }
Value text_or_null(const std::optional<std::string>& text) { return text ? Value{string_view{*text}} : Value{nullptr}; }
std::int64_t outcome_of(const VerificationRow& v) { return v.outcome ? stored(*v.outcome) : 0; }

}  // namespace

void insert_verification(Connection& connection, const VerificationRow& v) {
    static const std::string sql = "INSERT INTO identity_verification (" + std::string{verification_columns} +
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
                                   "$18, $19, $20, $21, $22, $23, $24, $25)";
    connection.execute(sql, {v.no,
                             Octets{v.id.view()},
                             number_of(v.customer),
                             stored(v.purpose),
                             stored(v.state),
                             stored(v.code),
                             outcome_of(v),
                             stored(v.document),
                             string_view{v.country},
                             string_view{v.number_masked},
                             Octets{v.number_hash},
                             Octets{v.facts},
                             v.reviews_needed,
                             v.round,
                             v.unreadable,
                             string_view{v.word},
                             ms_of(v.created),
                             ms_of(v.updated),
                             moment_or_null(v.submitted),
                             moment_or_null(v.decided),
                             string_view{v.document_expires},
                             v.expiry_letter,
                             moment_or_null(v.input_due),
                             moment_or_null(v.files_due),
                             moment_or_null(v.files_destroyed)});
    put_object_key(connection, KeyOf::identity_facts, v.no, v.facts_key);
}

void update_verification(Connection& connection, const VerificationRow& v) {
    connection.execute(
        "UPDATE identity_verification SET state = $2, code = $3, outcome = $4, document = $5, country = $6, "
        "number_masked = $7, number_hash = $8, facts = $9, reviews_needed = $10, round = $11, unreadable = $12, word = $13, "
        "updated = $14, submitted = $15, decided = $16, document_expires = $17, expiry_letter = $18, input_due = $19, "
        "files_due = $20, files_destroyed = $21 WHERE no = $1",
        {v.no,
         stored(v.state),
         stored(v.code),
         outcome_of(v),
         stored(v.document),
         string_view{v.country},
         string_view{v.number_masked},
         Octets{v.number_hash},
         Octets{v.facts},
         v.reviews_needed,
         v.round,
         v.unreadable,
         string_view{v.word},
         ms_of(v.updated),
         moment_or_null(v.submitted),
         moment_or_null(v.decided),
         string_view{v.document_expires},
         v.expiry_letter,
         moment_or_null(v.input_due),
         moment_or_null(v.files_due),
         moment_or_null(v.files_destroyed)});
    if (v.facts_key.empty()) {
        erase_object_key(connection, KeyOf::identity_facts, v.no, v.updated);
    } else {
        put_object_key(connection, KeyOf::identity_facts, v.no, v.facts_key);
    }
}

std::optional<VerificationRow> find_verification(Connection& connection, std::int64_t no) {
    return one(verifications(connection, "WHERE no = $1", {no}));
}

std::optional<VerificationRow> find_verification(Connection& connection, const VerificationId& id) {
    return one(verifications(connection, "WHERE id = $1", {Octets{id.view()}}));
}

std::optional<VerificationRow> verification_under_way(Connection& connection, CustomerNo customer) {
    return one(verifications(connection, "WHERE customer = $1 AND state IN (1, 2, 3)", {number_of(customer)}));
}

std::vector<VerificationRow> verifications_of(Connection& connection, CustomerNo customer, std::int64_t limit) {
    return verifications(connection, "WHERE customer = $1 ORDER BY no DESC LIMIT $2", {number_of(customer), limit});
}

std::vector<VerificationRow> verifications_in(Connection& connection, VerificationState state, std::int64_t after_submitted,
                                              std::int64_t after_no, std::int64_t limit) {
    return verifications(connection,
                         "WHERE state = $1 AND submitted IS NOT NULL AND (submitted > $2 OR (submitted = $2 AND no > $3)) "
                         "ORDER BY submitted, no LIMIT $4",
                         {stored(state), after_submitted, after_no, limit});
}

std::int64_t count_verifications_since(Connection& connection, CustomerNo customer, Moment since) {
    return connection
        .integer("SELECT count(*) FROM identity_verification WHERE customer = $1 AND created > $2",
                 {number_of(customer), ms_of(since)})
        .value_or(0);
}

bool number_is_elsewhere(Connection& connection, CustomerNo customer, ByteView number_hash) {
    return connection
        .integer(
            "SELECT no FROM identity_verification WHERE number_hash = $1 AND customer <> $2 AND submitted IS NOT NULL "
            "LIMIT 1",
            {Octets{number_hash}, number_of(customer)})
        .has_value();
}

std::vector<VerificationRow> verifications_with_files_due(Connection& connection, Moment at, std::int64_t limit) {
    return verifications(connection, "WHERE files_due IS NOT NULL AND files_due <= $1 ORDER BY files_due, no LIMIT $2",
                         {ms_of(at), limit});
}

std::vector<VerificationRow> verifications_with_input_due(Connection& connection, Moment at, std::int64_t limit) {
    return verifications(connection, "WHERE state = 1 AND input_due <= $1 ORDER BY input_due, no LIMIT $2",
                         {ms_of(at), limit});
}

std::vector<VerificationRow> verifications_expiring(Connection& connection, string_view day, bool untold,
                                                    std::int64_t limit) {
    const std::string tail = "WHERE outcome = 4 AND state <> 7 AND document_expires <> '' AND document_expires <= $1 " +
                             std::string{untold ? "AND expiry_letter = 0 " : ""} + "ORDER BY document_expires, no LIMIT $2";
    return verifications(connection, tail, {day, limit});
}

void insert_identity_file(Connection& connection, const IdentityFileRow& f) {
    static const std::string sql = "INSERT INTO identity_file (" + std::string{file_columns} +
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    connection.execute(sql, {f.no, Octets{f.id.view()}, f.verification, stored(f.kind), f.picture_type, f.width, f.height,
                             f.original_size, Octets{f.original_hash}, octets_or_null(f.sealed), text_or_null(f.blob),
                             Octets{f.reading}, ms_of(f.added), moment_or_null(f.erased)});
    put_object_key(connection, KeyOf::identity_file, f.no, f.object_key);
    put_object_key(connection, KeyOf::identity_reading, f.no, f.reading_key);
}

std::optional<IdentityFileRow> find_identity_file(Connection& connection, const customers::IdentityFileId& id) {
    auto rows = files(connection, file_columns, "WHERE id = $1", {Octets{id.view()}});
    return rows.empty() ? std::nullopt : std::optional{std::move(rows.front())};
}

std::vector<IdentityFileRow> identity_files_of(Connection& connection, std::int64_t verification) {
    return files(connection, file_columns_without_octets, "WHERE verification = $1 ORDER BY no", {verification});
}

std::int64_t count_identity_files_since(Connection& connection, CustomerNo customer, Moment since) {
    return connection
        .integer(
            "SELECT count(*) FROM identity_file f JOIN identity_verification v ON v.no = f.verification "
            "WHERE v.customer = $1 AND f.added > $2",
            {number_of(customer), ms_of(since)})
        .value_or(0);
}

bool picture_is_elsewhere(Connection& connection, CustomerNo customer, ByteView original_hash) {
    return connection
        .integer(
            "SELECT f.no FROM identity_file f JOIN identity_verification v ON v.no = f.verification "
            "WHERE f.original_hash = $1 AND v.customer <> $2 LIMIT 1",
            {Octets{original_hash}, number_of(customer)})
        .has_value();
}

void erase_identity_file(Connection& connection, const IdentityFileRow& file, std::int64_t doomed_no, Moment at) {
    if (file.blob) {
        connection.execute("INSERT INTO doomed_blob (no, blob, since) VALUES ($1, $2, $3)",
                           {doomed_no, string_view{*file.blob}, ms_of(at)});
    }
    connection.execute("UPDATE identity_file SET sealed = NULL, blob = NULL, reading = $2, erased = $3 WHERE no = $1",
                       {file.no, Octets{}, ms_of(at)});
    erase_object_key(connection, KeyOf::identity_file, file.no, at);
    erase_object_key(connection, KeyOf::identity_reading, file.no, at);
}

void each_identity_file(Connection& connection, const std::function<void(const IdentityFileRow&)>& visit) {
    std::vector<std::int64_t> numbers;
    connection.query("SELECT no FROM identity_file ORDER BY no", {},
                     [&](const Row& row) { numbers.push_back(row.integer(0)); });
    for (const std::int64_t no : numbers) {  // one at a time: each may hold megabytes
        for (const IdentityFileRow& file : files(connection, file_columns, "WHERE no = $1", {no})) visit(file);
    }
}

void insert_identity_check(Connection& connection, std::int64_t verification, std::int64_t round, StoredCheck check) {
    connection.execute("INSERT INTO identity_check (verification, round, kind, verdict) VALUES ($1, $2, $3, $4)",
                       {verification, round, stored(check.kind), stored(check.verdict)});
}

std::vector<StoredCheck> identity_checks_of(Connection& connection, std::int64_t verification, std::int64_t round) {
    std::vector<StoredCheck> found;
    connection.query("SELECT kind, verdict FROM identity_check WHERE verification = $1 AND round = $2 ORDER BY kind",
                     {verification, round}, [&found](const Row& row) {
                         RowReader read{row};
                         const auto kind = read.as<customers::IdentityCheckKind>();
                         found.push_back({kind, read.as<customers::CheckVerdict>()});
                     });
    return found;
}

void insert_identity_review(Connection& connection, const IdentityReviewRow& r) {
    connection.execute(
        "INSERT INTO identity_review (no, verification, round, staff, decision, code, note, at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        {r.no, r.verification, r.round, number_of(r.staff), stored(r.decision), stored(r.code), string_view{r.note},
         ms_of(r.at)});
}

std::vector<IdentityReviewRow> identity_reviews_of(Connection& connection, std::int64_t verification) {
    std::vector<IdentityReviewRow> found;
    connection.query(
        "SELECT no, verification, round, staff, decision, code, note, at FROM identity_review WHERE verification = $1 "
        "ORDER BY no",
        {verification}, [&found](const Row& row) {
            RowReader read{row};
            found.push_back({.no = read.integer(),
                             .verification = read.integer(),
                             .round = read.integer(),
                             .staff = customers::StaffNo{read.integer()},
                             .decision = read.as<customers::ReviewDecision>(),
                             .code = read.as<customers::VerificationCode>(),
                             .note = read.text(),
                             .at = read.moment()});
        });
    return found;
}

void insert_identity_view(Connection& connection, const IdentityViewRow& v) {
    connection.execute(
        "INSERT INTO identity_view (no, verification, file, staff, purpose, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        {v.no, v.verification, v.file, number_of(v.staff), stored(v.purpose), string_view{v.reason}, ms_of(v.at)});
}

std::vector<IdentityViewRow> identity_views_of(Connection& connection, std::int64_t verification) {
    std::vector<IdentityViewRow> found;
    connection.query(
        "SELECT no, verification, file, staff, purpose, reason, at FROM identity_view WHERE verification = $1 ORDER BY no",
        {verification}, [&found](const Row& row) {
            RowReader read{row};
            found.push_back({.no = read.integer(),
                             .verification = read.integer(),
                             .file = read.integer(),
                             .staff = customers::StaffNo{read.integer()},
                             .purpose = read.as<customers::ViewPurpose>(),
                             .reason = read.text(),
                             .at = read.moment()});
        });
    return found;
}

std::vector<DoomedBlob> doomed_blobs(Connection& connection, Moment before, std::int64_t limit) {
    std::vector<DoomedBlob> found;
    connection.query("SELECT no, blob FROM doomed_blob WHERE since <= $1 ORDER BY no LIMIT $2", {ms_of(before), limit},
                     [&found](const Row& row) { found.push_back({row.integer(0), row.string(1)}); });
    return found;
}

void forget_doomed_blob(Connection& connection, std::int64_t no) {
    connection.execute("DELETE FROM doomed_blob WHERE no = $1", {no});
}

}  // namespace okpay::store
