// SPDX-License-Identifier: Apache-2.0
#include "customers/verification.hpp"

#include <algorithm>
#include <cstdlib>

namespace okpay::customers {
namespace {

using S = VerificationState;

template <class Enum, std::size_t size>
std::optional<Enum> of_name(const std::array<Enum, size>& all, std::string_view name) {
    const auto found = std::ranges::find_if(all, [name](Enum one) { return name_of(one) == name; });
    return found == all.end() ? std::nullopt : std::optional{*found};
}

}  // namespace

bool may_become(VerificationState from, VerificationState to) {
    switch (from) {
    case S::requires_input: return to == S::processing || to == S::canceled;
    case S::processing: return to == S::in_review || to == S::requires_input;
    case S::in_review: return to == S::verified || to == S::rejected || to == S::requires_input || to == S::canceled;
    case S::verified: return to == S::expired || to == S::redacted;
    case S::rejected:
    case S::canceled:
    case S::expired: return to == S::redacted;
    case S::redacted: return to == S::expired;  // a document runs out whether or not its picture is still here
    }
    std::abort();
}

bool is_under_way(VerificationState state) {
    return state == S::requires_input || state == S::processing || state == S::in_review;
}

bool can_be_mended(VerificationCode code) {
    switch (code) {
    case VerificationCode::document_expired:
    case VerificationCode::document_unreadable:
    case VerificationCode::name_mismatch:
    case VerificationCode::birth_date_mismatch:
    case VerificationCode::id_number_mismatch:
    case VerificationCode::face_mismatch: return true;
    case VerificationCode::none:
    case VerificationCode::under_age:
    case VerificationCode::country_not_supported:
    case VerificationCode::manipulated:
    case VerificationCode::consent_declined: return false;
    }
    std::abort();
}

int reviews_needed(VerificationPurpose purpose, int configured_min) {
    switch (purpose) {
    case VerificationPurpose::raise_level:
    case VerificationPurpose::renewal: return std::clamp(configured_min, 1, 2);
    case VerificationPurpose::after_lock:
    case VerificationPurpose::lost_factor: return 2;
    }
    std::abort();
}

std::span<const IdentityFileKind> files_needed(DocumentKind document) {
    static constexpr std::array one_side{IdentityFileKind::document_front, IdentityFileKind::selfie};
    switch (document) {
    case DocumentKind::passport: return one_side;
    case DocumentKind::identity_card:
    case DocumentKind::chinese_resident_id: return all_identity_file_kinds;
    }
    std::abort();
}

std::string_view name_of(VerificationState state) {
    switch (state) {
    case S::requires_input: return "requires_input";
    case S::processing: return "processing";
    case S::in_review: return "in_review";
    case S::verified: return "verified";
    case S::rejected: return "rejected";
    case S::canceled: return "canceled";
    case S::expired: return "expired";
    case S::redacted: return "redacted";
    }
    std::abort();
}

std::string_view name_of(VerificationCode code) {
    switch (code) {
    case VerificationCode::none: return "none";
    case VerificationCode::document_expired: return "document_expired";
    case VerificationCode::document_unreadable: return "document_unreadable";
    case VerificationCode::name_mismatch: return "name_mismatch";
    case VerificationCode::birth_date_mismatch: return "birth_date_mismatch";
    case VerificationCode::id_number_mismatch: return "id_number_mismatch";
    case VerificationCode::face_mismatch: return "face_mismatch";
    case VerificationCode::under_age: return "under_age";
    case VerificationCode::country_not_supported: return "country_not_supported";
    case VerificationCode::manipulated: return "manipulated";
    case VerificationCode::consent_declined: return "consent_declined";
    }
    std::abort();
}

std::string_view name_of(VerificationPurpose purpose) {
    switch (purpose) {
    case VerificationPurpose::raise_level: return "raise_level";
    case VerificationPurpose::after_lock: return "after_lock";
    case VerificationPurpose::renewal: return "renewal";
    case VerificationPurpose::lost_factor: return "lost_factor";
    }
    std::abort();
}

std::string_view name_of(DocumentKind kind) {
    switch (kind) {
    case DocumentKind::passport: return "passport";
    case DocumentKind::identity_card: return "identity_card";
    case DocumentKind::chinese_resident_id: return "chinese_resident_id";
    }
    std::abort();
}

std::string_view name_of(IdentityFileKind kind) {
    switch (kind) {
    case IdentityFileKind::document_front: return "document_front";
    case IdentityFileKind::document_back: return "document_back";
    case IdentityFileKind::selfie: return "selfie";
    }
    std::abort();
}

std::string_view name_of(ViewPurpose purpose) {
    switch (purpose) {
    case ViewPurpose::review: return "review";
    case ViewPurpose::second_review: return "second_review";
    case ViewPurpose::lock_case: return "lock_case";
    case ViewPurpose::complaint: return "complaint";
    case ViewPurpose::audit: return "audit";
    }
    std::abort();
}

std::string_view name_of(ReviewDecision decision) {
    switch (decision) {
    case ReviewDecision::verified: return "verified";
    case ReviewDecision::rejected: return "rejected";
    case ReviewDecision::requires_input: return "requires_input";
    }
    std::abort();
}

std::optional<VerificationState> verification_state_of_name(std::string_view name) {
    return of_name(all_verification_states, name);
}
std::optional<VerificationCode> verification_code_of_name(std::string_view name) {
    return of_name(all_verification_codes, name);
}
std::optional<DocumentKind> document_kind_of_name(std::string_view name) { return of_name(all_document_kinds, name); }
std::optional<IdentityFileKind> identity_file_kind_of_name(std::string_view name) {
    return of_name(all_identity_file_kinds, name);
}
std::optional<ViewPurpose> view_purpose_of_name(std::string_view name) { return of_name(all_view_purposes, name); }
std::optional<ReviewDecision> review_decision_of_name(std::string_view name) {
    return of_name(std::array{ReviewDecision::verified, ReviewDecision::rejected, ReviewDecision::requires_input}, name);
}

}  // namespace okpay::customers
