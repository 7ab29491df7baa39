// SPDX-License-Identifier: Apache-2.0
// Mail in and out, and the requests that it makes.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

struct AcceptMail {
    std::string mail;  // MailId as text
    std::string channel;  // smtp, lmtp, imap, import
    std::string peer, mail_from;
    std::vector<std::string> recipients;
    std::int64_t size;
    std::string content_hash;  // SHA-256 of the raw octets as sent, hex
    std::string object_key;  // wrapped, base64
    std::string sealed;  // base64; empty where `blob` names a file
    std::string blob;
    std::string helo{};  // what the peer called itself
};
BOOST_DESCRIBE_STRUCT(AcceptMail, (),
                      (mail, channel, peer, mail_from, recipients, size, content_hash, object_key, sealed, blob, helo))

struct BouncedAddress {  // what a bounce says of one recipient, mail/bounce.hpp
    std::string address;
    std::int64_t action;
    std::string status, diagnostic;
};
BOOST_DESCRIBE_STRUCT(BouncedAddress, (), (address, action, status, diagnostic))

struct FileMail {  // what the sandbox and triage read; the writer threads it and answers
    std::int64_t mail;
    std::string ticket_id, message_id, outgoing_id;  // fresh ids as text, used where needed
    std::string from_address, from_name, subject, new_text, quoted_text, mail_message_id, in_reply_to, references;
    std::vector<std::string> recipients;  // envelope, To and Cc: a token may stand there
    std::int64_t assurance = 0;
    bool forged = false;
    bool automatic = false;
    bool several_senders = false;
    std::string category, urgency, route, language;
    std::string reading;  // JSON as triage prints it
    std::vector<std::string> missing;
    std::string authentication{};  // JSON of mail_evidence.hpp; empty where nothing was judged
    bool carries_files = false;  // attachments, also pictures
    bool wants_lock = false;  // its own new words ask to lock the writer's own account
    std::vector<BouncedAddress> bounced{};  // of a bounce, and the Message-IDs that it may be about
    std::vector<std::string> returned_ids{};
    std::vector<std::string> official_codes{};  // desk/official_mail.hpp, in any of its texts
    bool answerable = false;  // as far as triage sees, a plain question that needs nobody's account
    std::string faq_slug{};   // the one article that answers it; empty: none
    std::string answer_message_id{};  // fresh, where faq_slug is not empty
    std::vector<std::string> stated{};  // facts that it gives by itself (triage::stated_in)
};
BOOST_DESCRIBE_STRUCT(FileMail, (),
                      (mail, ticket_id, message_id, outgoing_id, from_address, from_name, subject, new_text, quoted_text,
                       mail_message_id, in_reply_to, references, recipients, assurance, forged, automatic, several_senders,
                       category, urgency, route, language, reading, missing, authentication, carries_files, wants_lock,
                       bounced, returned_ids, official_codes, answerable, faq_slug, answer_message_id, stated))

struct TellClocks {  // staff of clocks that run out soon, or have; the numbers answered are those of the tickets
    std::int64_t tickets_max;
    std::string seed;  // for the ids of what is written, hex
};
BOOST_DESCRIBE_STRUCT(TellClocks, (), (tickets_max, seed))

struct CloseSolved {  // solved long enough ago, or set aside and untouched; the numbers answered are those of the tickets
    std::int64_t tickets_max;
};
BOOST_DESCRIBE_STRUCT(CloseSolved, (), (tickets_max))

struct QuarantineMail {
    std::int64_t mail;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(QuarantineMail, (), (mail, reason))

struct TakeOutgoing {  // marks what is due as handed out, so that nothing is sent twice unseen
    std::int64_t mails_max;
};
BOOST_DESCRIBE_STRUCT(TakeOutgoing, (), (mails_max))

struct ReleaseOutgoing {};  // at the start of a sender: what was handed out and never reported on was interrupted
BOOST_DESCRIBE_STRUCT(ReleaseOutgoing, (), ())

struct ReportDelivery {
    std::string outgoing;  // OutgoingId as text
    std::string state;  // sent, queued, uncertain, failed
    std::string text;  // the relay's last word, or ours
    std::int64_t next_at;  // ms; of queued, or of uncertain that may be tried again; 0: a person decides
    bool attempted = true;
};
BOOST_DESCRIBE_STRUCT(ReportDelivery, (), (outgoing, state, text, next_at, attempted))

// --- Desk -----------------------------------------------------------------------------------------------------------
struct ConfirmedPromise {
    std::string text;   // the deadline as the reply says it
    std::int64_t due;  // ms
};
BOOST_DESCRIBE_STRUCT(ConfirmedPromise, (), (text, due))

struct ReplyToTicket {
    std::string ticket;  // request number
    std::string message_id, outgoing_id;
    std::string text, state_after;  // empty: unchanged
    std::int64_t version;
    std::vector<std::int64_t> figures;  // payments whose amounts the text may name
    std::vector<ConfirmedPromise> promises{};  // that its writer confirmed
    std::int64_t macro = 0, macro_version = 0;  // what it does beside its text and state is done along; 0: none
};
BOOST_DESCRIBE_STRUCT(ReplyToTicket, (),
                      (ticket, message_id, outgoing_id, text, state_after, version, figures, promises, macro, macro_version))

struct KeepPromise {  // done, in time or not
    std::string ticket;  // request number
    std::int64_t promise;
};
BOOST_DESCRIBE_STRUCT(KeepPromise, (), (ticket, promise))

struct WithdrawPromise {  // before its end
    std::string ticket;  // request number
    std::int64_t promise;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(WithdrawPromise, (), (ticket, promise, reason))

struct AddNote {
    std::string ticket, message_id, text;
    std::vector<std::int64_t> mentions{};  // staff whom it names; they follow the request from then on
};
BOOST_DESCRIBE_STRUCT(AddNote, (), (ticket, message_id, text, mentions))

struct AssignTicket {
    std::string ticket;
    std::int64_t staff;  // 0: nobody
};
BOOST_DESCRIBE_STRUCT(AssignTicket, (), (ticket, staff))

struct SortTicket {  // empty words stay as they are; the parts of the form and the note become a note
    std::string ticket;
    std::string category, urgency, team;
    std::string note, what_happens, steps, error_code, since, device, tried;
    std::string language;    // of its headings
    std::string message_id;  // fresh, of that note
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(SortTicket, (),
                      (ticket, category, urgency, team, note, what_happens, steps, error_code, since, device, tried,
                       language, message_id, version))

struct SetTicketState {
    std::string ticket, state;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(SetTicketState, (), (ticket, state, version))

struct ProposeRefund {
    std::string ticket;
    std::string remedy_id;
    std::int64_t payment, duplicate_of;
    std::int64_t amount_minor;
    std::string currency;
    std::int64_t expected_refundable;
    std::string reason, note;
    std::string evidence;  // JSON
};
BOOST_DESCRIBE_STRUCT(ProposeRefund, (),
                      (ticket, remedy_id, payment, duplicate_of, amount_minor, currency, expected_refundable, reason, note,
                       evidence))

struct ApproveRemedy {  // and does it, in the same commit
    std::string remedy_id;
    std::string totp_code;
    std::string message_id, outgoing_id;
};
BOOST_DESCRIBE_STRUCT(ApproveRemedy, (), (remedy_id, totp_code, message_id, outgoing_id))

struct RejectRemedy {
    std::string remedy_id, note;
};
BOOST_DESCRIBE_STRUCT(RejectRemedy, (), (remedy_id, note))

using DeskCommands =
    boost::mp11::mp_list<AcceptMail, FileMail, QuarantineMail, TakeOutgoing, ReleaseOutgoing, ReportDelivery, ReplyToTicket,
                         AddNote, AssignTicket, SortTicket, SetTicketState, ProposeRefund, ApproveRemedy, RejectRemedy,
                         TellClocks, CloseSolved, KeepPromise, WithdrawPromise>;

}  // namespace okpay::service
