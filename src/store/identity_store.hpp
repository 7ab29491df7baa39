// SPDX-License-Identifier: Apache-2.0
// Rows of proof of identity (customers/verification.hpp): verifications, their sealed files, what machines and persons said
// of them, and who looked.
//
//   Sealed    What was stated (`facts`) and what was read on a picture (`reading`) are JSON, and a file is JPEG, each sealed
//             under an object key of its own with the purposes below. Erasing a key erases what it opened.
//   Erased    A file's row stays with its hash, its key empty and its octets gone. Where it lay in a file of the blob store,
//             its name is in doomed_blob until that file is unlinked.
#pragma once

#include "customers/customer.hpp"
#include "customers/identity_checks.hpp"
#include "customers/verification.hpp"
#include "store/connection.hpp"

namespace okpay::store {

inline constexpr std::string_view identity_facts_purpose = "identity facts";
inline constexpr std::string_view identity_file_purpose = "identity file";
inline constexpr std::string_view identity_reading_purpose = "identity reading";

struct VerificationRow {
    std::int64_t no = 0;
    customers::VerificationId id{};
    customers::CustomerNo customer{};
    customers::VerificationPurpose purpose{};
    customers::VerificationState state{};
    customers::VerificationCode code{};
    std::optional<customers::VerificationState> outcome;  // verified, rejected or canceled, once it was decided
    customers::DocumentKind document{};
    std::string country, number_masked;
    Bytes number_hash;  // keyed: tells two alike, no more
    Bytes facts_key, facts;  // empty once destroyed
    std::int64_t reviews_needed = 1;
    std::int64_t round = 0;  // of submissions: reviews of an earlier one do not count
    std::int64_t unreadable = 0;  // submissions that the machine gave back
    std::string word;  // of a reviewer to the customer
    Moment created, updated;
    std::optional<Moment> submitted, decided;
    std::string document_expires;  // "2031-04-15"; empty where nobody knows
    std::int64_t expiry_letter = 0;  // outgoing mail that told of it beforehand
    std::optional<Moment> input_due;  // then it is canceled
    std::optional<Moment> files_due;  // then the files are destroyed
    std::optional<Moment> files_destroyed;
};

struct IdentityFileRow {
    std::int64_t no = 0;
    customers::IdentityFileId id{};
    std::int64_t verification = 0;
    customers::IdentityFileKind kind{};
    std::int64_t picture_type = 0;  // 1 JPEG, 2 PNG: what was sent; what is kept is JPEG
    std::int64_t width = 0, height = 0, original_size = 0;
    Bytes original_hash;
    Bytes object_key;  // empty once erased
    std::optional<Bytes> sealed;
    std::optional<std::string> blob;
    Bytes reading_key, reading;
    Moment added;
    std::optional<Moment> erased;
};

struct IdentityReviewRow {
    std::int64_t no = 0, verification = 0, round = 0;
    customers::StaffNo staff{};
    customers::ReviewDecision decision{};
    customers::VerificationCode code{};
    std::string note;
    Moment at;
};

struct IdentityViewRow {
    std::int64_t no = 0, verification = 0;
    std::int64_t file = 0;  // 0: what was stated and checked
    customers::StaffNo staff{};
    customers::ViewPurpose purpose{};
    std::string reason;
    Moment at;
};

struct StoredCheck {
    customers::IdentityCheckKind kind;
    customers::CheckVerdict verdict;
};

void insert_verification(Connection& connection, const VerificationRow& row);
void update_verification(Connection& connection, const VerificationRow& row);  // all but id, customer, purpose, created
std::optional<VerificationRow> find_verification(Connection& connection, std::int64_t no);
std::optional<VerificationRow> find_verification(Connection& connection, const customers::VerificationId& id);
std::optional<VerificationRow> verification_under_way(Connection& connection, customers::CustomerNo customer);
std::vector<VerificationRow> verifications_of(Connection& connection, customers::CustomerNo customer, std::int64_t limit);
// Oldest submission first, behind the cursor (0, 0 for the first).
std::vector<VerificationRow> verifications_in(Connection& connection, customers::VerificationState state,
                                              std::int64_t after_submitted, std::int64_t after_no, std::int64_t limit);
std::int64_t count_verifications_since(Connection& connection, customers::CustomerNo customer, Moment since);
// Another customer's, not rejected or canceled before it was ever handed in.
bool number_is_elsewhere(Connection& connection, customers::CustomerNo customer, ByteView number_hash);
std::vector<VerificationRow> verifications_with_files_due(Connection& connection, Moment at, std::int64_t limit);
std::vector<VerificationRow> verifications_with_input_due(Connection& connection, Moment at, std::int64_t limit);
// Verified ones whose document's last day is `day` or earlier; where `untold`, only those that no letter told of.
std::vector<VerificationRow> verifications_expiring(Connection& connection, std::string_view day, bool untold,
                                                    std::int64_t limit);

void insert_identity_file(Connection& connection, const IdentityFileRow& row);
std::optional<IdentityFileRow> find_identity_file(Connection& connection, const customers::IdentityFileId& id);
// Erased ones too; without their sealed octets, which may be megabytes.
std::vector<IdentityFileRow> identity_files_of(Connection& connection, std::int64_t verification);
std::int64_t count_identity_files_since(Connection& connection, customers::CustomerNo customer, Moment since);
bool picture_is_elsewhere(Connection& connection, customers::CustomerNo customer, ByteView original_hash);
// Key and octets go; the name of its file, if it had one, is doomed.
void erase_identity_file(Connection& connection, const IdentityFileRow& file, std::int64_t doomed_no, Moment at);
void each_identity_file(Connection& connection, const std::function<void(const IdentityFileRow&)>& visit);

void insert_identity_check(Connection& connection, std::int64_t verification, std::int64_t round, StoredCheck check);
std::vector<StoredCheck> identity_checks_of(Connection& connection, std::int64_t verification, std::int64_t round);

void insert_identity_review(Connection& connection, const IdentityReviewRow& row);
std::vector<IdentityReviewRow> identity_reviews_of(Connection& connection, std::int64_t verification);
void insert_identity_view(Connection& connection, const IdentityViewRow& row);
std::vector<IdentityViewRow> identity_views_of(Connection& connection, std::int64_t verification);

struct DoomedBlob {
    std::int64_t no;
    std::string blob;
};
std::vector<DoomedBlob> doomed_blobs(Connection& connection, Moment before, std::int64_t limit);
void forget_doomed_blob(Connection& connection, std::int64_t no);

}  // namespace okpay::store
