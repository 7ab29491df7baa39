// SPDX-License-Identifier: Apache-2.0
// What operators do about mail: keys by which it is signed, and mail of before; and what was found in its files.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "service/command_desk.hpp"

namespace okpay::service {

struct AddDkimKey {
    std::string domain, selector, algorithm;  // algorithm: rsa, ed25519
    std::string public_key, sealed;           // base64; the private key sealed with store::dkim_key_purpose
};
BOOST_DESCRIBE_STRUCT(AddDkimKey, (), (domain, selector, algorithm, public_key, sealed))

struct RetireDkimKey {
    std::string domain, selector;
};
BOOST_DESCRIBE_STRUCT(RetireDkimKey, (), (domain, selector))

struct SignedMail {
    std::int64_t outgoing;  // its number
    std::string fields;     // DKIM-Signature fields with their line ends
};
BOOST_DESCRIBE_STRUCT(SignedMail, (), (outgoing, fields))

struct SignOutgoing {  // once, before a mail first leaves: what is tried again are the same octets
    std::vector<SignedMail> mails;
};
BOOST_DESCRIBE_STRUCT(SignOutgoing, (), (mails))

struct PutBackOutgoing {  // what was handed out and could not be made ready: it is due again, no attempt is counted
    std::vector<std::int64_t> mails;
};
BOOST_DESCRIBE_STRUCT(PutBackOutgoing, (), (mails))

struct ImportedMail {
    AcceptMail mail;         // its channel is "import"
    FileMail filing;         // as of a mail that came by itself; its number is given by the writer
    std::string quarantine;  // why it could not be read; empty: `filing` holds
    std::int64_t sent_at;    // ms: when it was written or first received
    bool ours;               // from one of our own addresses: an answer of that time
};
BOOST_DESCRIBE_STRUCT(ImportedMail, (), (mail, filing, quarantine, sent_at, ours))

// History: kept, threaded and closed, with nothing answered and no clock started. Answer::numbers has an ImportOutcome
// for each mail. All or nothing.
struct ImportMails {
    std::string mailbox;  // what the operator calls where they come from
    std::vector<ImportedMail> mails;
};
BOOST_DESCRIBE_STRUCT(ImportMails, (), (mailbox, mails))

enum class ImportOutcome : std::int64_t { already_there = 0, new_request = 1, of_known_request = 2, quarantined = 3 };

struct LiftSuppression {  // by staff: mail goes to the address again
    std::int64_t suppression;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(LiftSuppression, (), (suppression, reason))

struct ReleaseHeldMail {  // by a supervisor: a brake ends, and what it held goes
    std::int64_t brake;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReleaseHeldMail, (), (brake, reason))

struct DecideDelivery {  // by staff, of a mail that did not simply leave
    std::int64_t outgoing;
    std::string decision;  // resend, mark_sent
};
BOOST_DESCRIBE_STRUCT(DecideDelivery, (), (outgoing, decision))

struct RetryQuarantined {  // by staff: the reader takes the mail again
    std::int64_t mail;
};
BOOST_DESCRIBE_STRUCT(RetryQuarantined, (), (mail))

struct ScannedFile {
    std::string content_hash;  // SHA-256, hex
    std::string state;         // clean, infected, failed
    std::string found;         // of an infected one the signature's name; of a failed one what was said
};
BOOST_DESCRIBE_STRUCT(ScannedFile, (), (content_hash, state, found))

// What a virus scanner said of a mail's files. A scanner that is away says nothing: then this is not asked for.
struct RecordScan {
    std::int64_t mail;
    std::string engine;
    std::string reason;  // why files could not be got at or not all be scanned; empty: they were
    bool is_final;       // another try would end the same way
    std::vector<ScannedFile> files;
};
BOOST_DESCRIBE_STRUCT(RecordScan, (), (mail, engine, reason, is_final, files))

// By staff, before a file of a mail leaves.
struct TakeMailFile {
    std::int64_t mail;
    std::string ticket;        // request number: where the mail stands, or a copy of it that was split off
    std::string content_hash;  // SHA-256, hex
    std::int64_t place;        // in the list of the mail's files, from 1
    bool warned;               // who takes it was shown what is dangerous about it
    bool scanner;              // one is configured: what it has not seen is for who was warned
};
BOOST_DESCRIBE_STRUCT(TakeMailFile, (), (mail, ticket, content_hash, place, warned, scanner))

using MailCommands =
    boost::mp11::mp_list<AddDkimKey, RetireDkimKey, SignOutgoing, PutBackOutgoing, ImportMails, LiftSuppression,
                         ReleaseHeldMail, DecideDelivery, RetryQuarantined, RecordScan, TakeMailFile>;

}  // namespace okpay::service
