// SPDX-License-Identifier: Apache-2.0
// Letters about proof of identity. They name no document number, no birth date and no picture: whoever reads the mail learns
// what happened and what to do, in the account that the customer opens by hand.
#pragma once

#include "customers/verification.hpp"
#include "desk/request_letters.hpp"

namespace okpay::desk {

MailText letter_identity_received(const LetterTo& to);
MailText letter_identity_verified(const LetterTo& to);
// `word` is a reviewer's sentence to this customer; may be empty.
MailText letter_identity_rejected(const LetterTo& to, customers::VerificationCode code, std::string_view word);
MailText letter_identity_input_needed(const LetterTo& to, customers::VerificationCode code, std::string_view word,
                                      Moment until);
MailText letter_identity_nothing_came(const LetterTo& to);
// `day`: "2031-04-15", the last day of the document.
MailText letter_document_expires(const LetterTo& to, std::string_view day);
MailText letter_document_expired(const LetterTo& to, std::string_view day);

// The sentence that says what is wrong, and what mends it.
std::string identity_reason(customers::VerificationCode code, Language language);

}  // namespace okpay::desk
