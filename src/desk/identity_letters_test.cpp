// SPDX-License-Identifier: Apache-2.0
#include "desk/identity_letters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "desk/figures.hpp"

namespace okpay::desk {
namespace {

using customers::VerificationCode;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array languages{Language::en, Language::zh_hans, Language::zh_hant};

LetterTo to(Language language) {
    return {.language = language, .name = "Zoe {1}", .zone = "Asia/Shanghai", .house = "OKPay"};
}
Moment moment() { return moment_of_ms(1'793'872'080'000); }

TEST(IdentityLetters, each_is_in_the_customers_language_and_names_the_customer) {
    std::set<std::string> subjects;
    for (const Language language : languages) {
        for (const MailText& letter :
             {letter_identity_received(to(language)), letter_identity_verified(to(language)),
              letter_identity_rejected(to(language), VerificationCode::manipulated, ""),
              letter_identity_input_needed(to(language), VerificationCode::document_unreadable, "", moment()),
              letter_identity_nothing_came(to(language)), letter_document_expires(to(language), "2031-04-15"),
              letter_document_expired(to(language), "2031-04-15")}) {
            EXPECT_THAT(letter.body, HasSubstr("Zoe {1}"));
            EXPECT_THAT(letter.body, HasSubstr("OKPay"));
            EXPECT_THAT(letter.body, Not(HasSubstr("{{")));
            EXPECT_TRUE(amounts_in(letter.body).empty()) << letter.body;
            EXPECT_THAT(letter.body, Not(HasSubstr("://"))) << "papers are never asked for by a link";
            EXPECT_TRUE(subjects.insert(letter.subject).second) << letter.subject;
        }
    }
}

TEST(IdentityLetters, the_reason_and_the_reviewers_word_are_said) {
    for (const Language language : languages) {
        for (const VerificationCode code : customers::all_verification_codes) {
            EXPECT_EQ(identity_reason(code, language).empty(), code == VerificationCode::none);
        }
        const MailText letter =
            letter_identity_rejected(to(language), VerificationCode::under_age, "The photo {is} from another page.");
        EXPECT_THAT(letter.body, HasSubstr(identity_reason(VerificationCode::under_age, language)));
        EXPECT_THAT(letter.body, HasSubstr("The photo {is} from another page."));
        EXPECT_THAT(letter_identity_input_needed(to(language), VerificationCode::face_mismatch, "", moment()).body,
                    HasSubstr("2026-11-05"));
        EXPECT_THAT(letter_document_expires(to(language), "2031-04-15").body, HasSubstr("2031-04-15"));
    }
}

}  // namespace
}  // namespace okpay::desk
