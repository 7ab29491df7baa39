// SPDX-License-Identifier: Apache-2.0
// The proof of who a customer is, as an object with a life of its own: what is asked for, what was decided and by how many
// persons, when its files are destroyed. A machine checks (identity_checks.hpp); only persons verify.
//
//   requires_input → processing → in_review → verified | rejected(code) | requires_input(code)
//   canceled   by the customer, or because nothing came within `input_waits`
//   redacted   the files and what was stated are destroyed; the decision and the hashes stay
//   expired    the document of a verified one ran out: the level it gave falls, a new verification is asked for
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/moment.hpp"

namespace okpay::customers {

using VerificationId = Id<struct VerificationTag>;
using IdentityFileId = Id<struct IdentityFileTag>;

// All enums here are stored, append only.
enum class VerificationState : std::uint8_t {
    requires_input = 1,
    processing = 2,
    in_review = 3,
    verified = 4,
    rejected = 5,
    canceled = 6,
    expired = 7,
    redacted = 8,
};
inline constexpr std::array all_verification_states{VerificationState::requires_input, VerificationState::processing,
                                                    VerificationState::in_review,      VerificationState::verified,
                                                    VerificationState::rejected,       VerificationState::canceled,
                                                    VerificationState::expired,        VerificationState::redacted};

// The one table.
bool may_become(VerificationState from, VerificationState to);
bool is_under_way(VerificationState state);  // a customer has at most one such

// Why it was rejected, or what must be handed in again. After Stripe Identity.
enum class VerificationCode : std::uint8_t {
    none = 0,
    document_expired = 1,
    document_unreadable = 2,
    name_mismatch = 3,
    birth_date_mismatch = 4,
    id_number_mismatch = 5,
    face_mismatch = 6,
    under_age = 7,
    country_not_supported = 8,
    manipulated = 9,
    consent_declined = 10,
};
inline constexpr std::array all_verification_codes{
    VerificationCode::none,          VerificationCode::document_expired,    VerificationCode::document_unreadable,
    VerificationCode::name_mismatch, VerificationCode::birth_date_mismatch, VerificationCode::id_number_mismatch,
    VerificationCode::face_mismatch, VerificationCode::under_age,           VerificationCode::country_not_supported,
    VerificationCode::manipulated,   VerificationCode::consent_declined};
// What a better picture or another document can mend. The rest is for a rejection alone.
bool can_be_mended(VerificationCode code);

enum class VerificationPurpose : std::uint8_t { raise_level = 1, after_lock = 2, renewal = 3, lost_factor = 4 };
// How many persons must say yes: one, and two where somebody may have stolen the account; never fewer than configured.
int reviews_needed(VerificationPurpose purpose, int configured_min);

enum class DocumentKind : std::uint8_t { passport = 1, identity_card = 2, chinese_resident_id = 3 };
enum class IdentityFileKind : std::uint8_t { document_front = 1, document_back = 2, selfie = 3 };
inline constexpr std::array all_document_kinds{DocumentKind::passport, DocumentKind::identity_card,
                                               DocumentKind::chinese_resident_id};
inline constexpr std::array all_identity_file_kinds{IdentityFileKind::document_front, IdentityFileKind::document_back,
                                                    IdentityFileKind::selfie};
std::span<const IdentityFileKind> files_needed(DocumentKind document);

// Why a member of staff looks at somebody's papers: said each time, kept for ever.
enum class ViewPurpose : std::uint8_t { review = 1, second_review = 2, lock_case = 3, complaint = 4, audit = 5 };
inline constexpr std::array all_view_purposes{ViewPurpose::review, ViewPurpose::second_review, ViewPurpose::lock_case,
                                              ViewPurpose::complaint, ViewPurpose::audit};

enum class ReviewDecision : std::uint8_t { verified = 1, rejected = 2, requires_input = 3 };

// Limits, each with its answer.
inline constexpr int verified_level = 2;
inline constexpr int minimum_age_years = 18;
inline constexpr std::int64_t identity_files_a_verification_max = 24;  // retakes included
inline constexpr std::int64_t identity_files_a_day_max = 40;           // of one customer
inline constexpr std::int64_t verifications_a_day_max = 5;             // of one customer
inline constexpr std::int64_t unreadable_submissions_max = 2;  // then a person looks, whatever the machine could read
inline constexpr std::chrono::days input_waits{30};            // nothing came: canceled
inline constexpr std::chrono::days files_kept_after_decision{90};
inline constexpr std::chrono::days expiry_letter_before{30};

// Words outside: stable, used in JSON, audit and letters.
std::string_view name_of(VerificationState state);
std::string_view name_of(VerificationCode code);  // "none" for none
std::string_view name_of(VerificationPurpose purpose);
std::string_view name_of(DocumentKind kind);
std::string_view name_of(IdentityFileKind kind);
std::string_view name_of(ViewPurpose purpose);
std::string_view name_of(ReviewDecision decision);
std::optional<VerificationState> verification_state_of_name(std::string_view name);
std::optional<VerificationCode> verification_code_of_name(std::string_view name);
std::optional<DocumentKind> document_kind_of_name(std::string_view name);
std::optional<IdentityFileKind> identity_file_kind_of_name(std::string_view name);
std::optional<ViewPurpose> view_purpose_of_name(std::string_view name);
std::optional<ReviewDecision> review_decision_of_name(std::string_view name);

}  // namespace okpay::customers
