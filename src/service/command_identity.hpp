// SPDX-License-Identifier: Apache-2.0
// Proof of who a customer is: documents, checks, reviews. What is sealed was sealed where it came in (identity_intake.hpp).
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

struct BeginVerification {  // by the customer, who consents
    std::string verification;  // VerificationId as text
    std::int64_t customer;
    std::string purpose;   // customers::VerificationPurpose by name
    std::string document;  // customers::DocumentKind by name
    std::string country;   // ISO 3166-1 alpha-3
    std::string number_masked;
    std::string number_hash;       // hex, keyed
    std::string facts_key, facts;  // base64
    bool consent;
};
BOOST_DESCRIBE_STRUCT(BeginVerification, (),
                      (verification, customer, purpose, document, country, number_masked, number_hash, facts_key, facts,
                       consent))

struct AddIdentityFile {  // takes the place of an earlier one of its kind
    std::int64_t verification, customer;
    std::string file;  // IdentityFileId as text
    std::string kind;  // customers::IdentityFileKind by name
    std::int64_t picture_type, width, height, original_size;
    std::string original_hash;         // hex
    std::string object_key, sealed;    // base64; sealed is empty where
    std::string blob;                  // names its file
    std::string reading_key, reading;  // base64
};
BOOST_DESCRIBE_STRUCT(AddIdentityFile, (),
                      (verification, customer, file, kind, picture_type, width, height, original_size, original_hash,
                       object_key, sealed, blob, reading_key, reading))

struct CheckSaid {
    std::string kind, verdict;  // by name
};
BOOST_DESCRIBE_STRUCT(CheckSaid, (), (kind, verdict))

struct SubmitVerification {  // with what the machine found; refused where other files are there than it read
    std::int64_t verification, customer;
    std::vector<std::int64_t> files;
    std::vector<CheckSaid> checks;
    std::string document_expires;  // "2031-04-15" or empty
    bool readable;
    std::string seed;  // of a letter's id
};
BOOST_DESCRIBE_STRUCT(SubmitVerification, (), (verification, customer, files, checks, document_expires, readable, seed))

struct CancelVerification {  // by the customer
    std::int64_t verification, customer;
    bool consent_declined;
};
BOOST_DESCRIBE_STRUCT(CancelVerification, (), (verification, customer, consent_declined))

struct ViewIdentity {  // by staff, before anything is shown
    std::int64_t verification;
    std::int64_t file;    // 0: what was stated and checked
    std::string purpose;  // customers::ViewPurpose by name
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ViewIdentity, (), (verification, file, purpose, reason))

struct ReviewVerification {  // by staff, with the second factor
    std::int64_t verification;
    std::int64_t round;    // that was looked at
    std::string decision;  // customers::ReviewDecision by name
    std::string code;      // customers::VerificationCode by name; none where verified
    std::string note;      // for staff
    std::string word;      // for the customer; may be empty
    std::string totp_code;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(ReviewVerification, (), (verification, round, decision, code, note, word, totp_code, seed))

struct RequestFilesDestroyed {  // by the customer: where no law keeps them
    std::int64_t verification, customer;
};
BOOST_DESCRIBE_STRUCT(RequestFilesDestroyed, (), (verification, customer))

// Because time passed: nothing came, files are due, documents run out or will.
struct TendVerifications {
    std::int64_t verifications_max;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(TendVerifications, (), (verifications_max, seed))

struct ForgetDoomedFiles {  // their files are unlinked
    std::vector<std::int64_t> doomed;
};
BOOST_DESCRIBE_STRUCT(ForgetDoomedFiles, (), (doomed))

using IdentityCommands =
    boost::mp11::mp_list<BeginVerification, AddIdentityFile, SubmitVerification, CancelVerification, ViewIdentity,
                         ReviewVerification, RequestFilesDestroyed, TendVerifications, ForgetDoomedFiles>;

}  // namespace okpay::service
