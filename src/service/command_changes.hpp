// SPDX-License-Identifier: Apache-2.0
// Changes of what stands of a customer, and the case sessions of those who cannot sign in. Links are made by the house from
// the id of what they are for (change_links.hpp): no command carries one, only the hash of one that came in.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

// By the customer, signed in, and stepped up where the kind asks for it: the API has looked.
struct AskChange {
    std::string change;  // ChangeId as text
    std::int64_t customer;
    std::string kind, value;  // contact, language, zone
    std::int64_t session;     // number of the session that asks
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(AskChange, (), (change, customer, kind, value, session, seed))

struct ProveChange {  // by whoever has the link at the new address
    std::string link_hash;  // hex
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(ProveChange, (), (link_hash, seed))

// By the link at the old address: sessions end, a request of the risk team is opened. Without one, by the customer.
struct CancelChange {
    std::string link_hash;  // hex
    std::string change;
    std::int64_t customer;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(CancelChange, (), (link_hash, change, customer, seed))

struct FinishChanges {  // what time does to them
    std::int64_t changes_max;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(FinishChanges, (), (changes_max, seed))

// The guided case: proposed by one person of staff, decided by another with the second factor.
struct ProposeChange {
    std::string change, ticket, email, note;
};
BOOST_DESCRIBE_STRUCT(ProposeChange, (), (change, ticket, email, note))

struct DecideChange {
    std::string change;
    bool approve;
    std::string totp_code, note;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(DecideChange, (), (change, approve, totp_code, note, seed))

// A customer who is signed in says that a request is theirs: it is as sure as the session then.
struct ProveTicket {
    std::string ticket;
    std::int64_t customer, session;
};
BOOST_DESCRIBE_STRUCT(ProveTicket, (), (ticket, customer, session))

struct SendCaseLink {  // by staff: to the stored address of the request's customer, and nowhere else
    std::string access;  // CaseId as text
    std::string ticket, seed;
};
BOOST_DESCRIBE_STRUCT(SendCaseLink, (), (access, ticket, seed))

struct OpenCase {
    std::string link_hash, session_hash;  // hex
};
BOOST_DESCRIBE_STRUCT(OpenCase, (), (link_hash, session_hash))

struct AnswerCase {
    std::string session_hash, message_id, text;
    std::vector<std::string> facts{};  // that the text gives: desk/ask_facts.hpp
    std::string payment{};  // of their own history, as people name it; empty: none was picked
};
BOOST_DESCRIBE_STRUCT(AnswerCase, (), (session_hash, message_id, text, facts, payment))

struct HandInFile {  // sealed already
    std::string session_hash, file;  // CaseId as text
    std::string name, media_type;
    std::int64_t size;
    std::string content_hash;        // hex
    std::string object_key, sealed;  // base64
    std::string blob;                // its name, then `sealed` is empty
};
BOOST_DESCRIBE_STRUCT(HandInFile, (), (session_hash, file, name, media_type, size, content_hash, object_key, sealed, blob))

struct EndCase {
    std::string session_hash;
};
BOOST_DESCRIBE_STRUCT(EndCase, (), (session_hash))

// Staff open one masked item of one customer, with a reason; the answer is that they may, and it is on record.
struct RevealItem {
    std::int64_t customer;
    std::string item;  // email, phone
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(RevealItem, (), (customer, item, reason))

// A member of staff has looked at more customers than the work asks for.
struct ReportBulkRead {
    std::int64_t staff, customers;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(ReportBulkRead, (), (staff, customers, seed))

using ChangeCommands =
    boost::mp11::mp_list<AskChange, ProveChange, CancelChange, FinishChanges, ProposeChange, DecideChange, ProveTicket,
                         SendCaseLink, OpenCase, AnswerCase, HandInFile, EndCase, RevealItem, ReportBulkRead>;

}  // namespace okpay::service
