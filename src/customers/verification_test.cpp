// SPDX-License-Identifier: Apache-2.0
// The life of a verification: one table, and what follows from it.
#include "customers/verification.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

namespace okpay::customers {
namespace {

using S = VerificationState;
using ::testing::ElementsAre;

TEST(Verification, goes_where_the_reference_lets_it_and_nowhere_else) {
    const std::set<std::pair<S, S>> allowed{{S::requires_input, S::processing}, {S::requires_input, S::canceled},
                                            {S::processing, S::in_review},      {S::processing, S::requires_input},
                                            {S::in_review, S::verified},        {S::in_review, S::rejected},
                                            {S::in_review, S::requires_input},  {S::in_review, S::canceled},
                                            {S::verified, S::expired},          {S::verified, S::redacted},
                                            {S::rejected, S::redacted},         {S::canceled, S::redacted},
                                            {S::expired, S::redacted},          {S::redacted, S::expired}};
    for (const S from : all_verification_states) {
        for (const S to : all_verification_states) {
            EXPECT_EQ(may_become(from, to), allowed.contains({from, to})) << name_of(from) << " to " << name_of(to);
        }
    }
}

// Whatever is tried in whatever order: nothing is verified that was not in review, and what was decided is never under way.
TEST(Verification, is_verified_only_out_of_a_review) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    for (int life = 0; life < 2'000; ++life) {
        S state = S::requires_input;
        bool decided = false;
        for (int step = 0; step < 30; ++step) {
            const S to = all_verification_states[random() % all_verification_states.size()];
            if (!may_become(state, to)) continue;
            if (to == S::verified || to == S::rejected) { ASSERT_EQ(state, S::in_review); }
            if (to == S::in_review) { ASSERT_EQ(state, S::processing); }
            state = to;
            decided = decided || !is_under_way(state);
            ASSERT_FALSE(decided && is_under_way(state));
        }
    }
}

TEST(Verification, names_are_read_as_they_are_written) {
    for (const S state : all_verification_states) EXPECT_EQ(verification_state_of_name(name_of(state)), state);
    for (const auto code : all_verification_codes) EXPECT_EQ(verification_code_of_name(name_of(code)), code);
    for (const auto kind : all_document_kinds) EXPECT_EQ(document_kind_of_name(name_of(kind)), kind);
    for (const auto kind : all_identity_file_kinds) EXPECT_EQ(identity_file_kind_of_name(name_of(kind)), kind);
    for (const auto purpose : all_view_purposes) EXPECT_EQ(view_purpose_of_name(name_of(purpose)), purpose);
    EXPECT_EQ(verification_state_of_name("Verified"), std::nullopt);
    EXPECT_EQ(review_decision_of_name("expired"), std::nullopt);
}

TEST(Verification, two_persons_look_where_the_account_may_be_somebody_elses) {
    EXPECT_EQ(reviews_needed(VerificationPurpose::raise_level, 1), 1);
    EXPECT_EQ(reviews_needed(VerificationPurpose::renewal, 2), 2);
    EXPECT_EQ(reviews_needed(VerificationPurpose::after_lock, 1), 2);
    EXPECT_EQ(reviews_needed(VerificationPurpose::lost_factor, 0), 2);
    EXPECT_EQ(reviews_needed(VerificationPurpose::raise_level, 0), 1) << "never by nobody";
}

TEST(Verification, a_passport_has_no_back) {
    EXPECT_THAT(files_needed(DocumentKind::passport),
                ElementsAre(IdentityFileKind::document_front, IdentityFileKind::selfie));
    EXPECT_EQ(files_needed(DocumentKind::identity_card).size(), 3U);
    EXPECT_EQ(files_needed(DocumentKind::chinese_resident_id).size(), 3U);
}

TEST(Verification, only_what_a_better_picture_mends_is_asked_for_again) {
    for (const auto code : all_verification_codes) {
        const bool hopeless = code == VerificationCode::none || code == VerificationCode::under_age ||
                              code == VerificationCode::country_not_supported || code == VerificationCode::manipulated ||
                              code == VerificationCode::consent_declined;
        EXPECT_EQ(can_be_mended(code), !hopeless) << name_of(code);
    }
}

}  // namespace
}  // namespace okpay::customers
