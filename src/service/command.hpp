// SPDX-License-Identifier: Apache-2.0
// Every change of the books, the desk and the people is one of these values. A command is serialisable (codec.hpp), so
// that another node can be handed it; it carries its id, its moment and all randomness, so that the same commands give
// the same rows and the same chain head on every engine.
//
//   Once       Money commands are made once by their key (principal and idempotency key) or by the state of what they
//              change, for ever; all others by the id of the command. The same command again gets the first answer;
//              `replayed` says so.
//   Refusals   are answers, not errors: `code` is stable, `detail` one plain sentence.
#pragma once

#include <boost/describe.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/moment.hpp"
#include "money/money.hpp"
#include "payments/payment.hpp"

namespace okpay::service {

enum class ActorKind : std::uint8_t { system = 0, staff = 1, merchant = 2, customer = 3 };
BOOST_DESCRIBE_ENUM(ActorKind, system, staff, merchant, customer)

struct Actor {
    ActorKind kind = ActorKind::system;
    std::int64_t no = 0;
};
BOOST_DESCRIBE_STRUCT(Actor, (), (kind, no))

// --- People ---------------------------------------------------------------------------------------------------------
struct RegisterCustomer {
    std::string customer;  // CustomerId as text
    std::string email, name, language, zone;
    std::vector<std::string> currencies;  // ISO 4217 codes; one wallet each
};
BOOST_DESCRIBE_STRUCT(RegisterCustomer, (), (customer, email, name, language, zone, currencies))

struct RegisterMerchant {
    std::string merchant;  // MerchantId as text
    std::string name;
    std::string api_key_hash;  // SHA-256 of the whole key, hex
    std::vector<std::string> currencies;
};
BOOST_DESCRIBE_STRUCT(RegisterMerchant, (), (merchant, name, api_key_hash, currencies))

struct AddStaff {
    std::string staff;  // StaffId as text
    std::string email, role;
    std::string enrol_token_hash;  // hex
    std::int64_t enrol_expires;    // ms
};
BOOST_DESCRIBE_STRUCT(AddStaff, (), (staff, email, role, enrol_token_hash, enrol_expires))

struct EnrolStaff {  // by the one-time link; the second factor is confirmed by ConfirmStaff
    std::string enrol_token_hash;
    std::string name, password_phc;
    std::string totp_secret_sealed;  // base64
};
BOOST_DESCRIBE_STRUCT(EnrolStaff, (), (enrol_token_hash, name, password_phc, totp_secret_sealed))

struct ConfirmStaff {
    std::string enrol_token_hash;
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(ConfirmStaff, (), (enrol_token_hash, totp_code))

struct SignInStaff {  // the password was verified on a worker; the code is checked here, against replay
    std::int64_t staff;
    std::string totp_code;
    std::string session_token_hash;  // hex
    std::int64_t session_expires;    // ms
};
BOOST_DESCRIBE_STRUCT(SignInStaff, (), (staff, totp_code, session_token_hash, session_expires))

struct CountFailedSignIn {
    std::int64_t staff;
};
BOOST_DESCRIBE_STRUCT(CountFailedSignIn, (), (staff))

struct SignOutStaff {
    std::string session_token_hash;
};
BOOST_DESCRIBE_STRUCT(SignOutStaff, (), (session_token_hash))

struct SetCustomerPassword {
    std::int64_t customer;
    std::string password_phc;
};
BOOST_DESCRIBE_STRUCT(SetCustomerPassword, (), (customer, password_phc))

struct SignInCustomer {  // the password was verified on a worker
    std::int64_t customer;
    std::string session_token_hash;  // hex
    std::int64_t session_expires;    // ms
};
BOOST_DESCRIBE_STRUCT(SignInCustomer, (), (customer, session_token_hash, session_expires))

struct CountFailedCustomerSignIn {
    std::int64_t customer;
};
BOOST_DESCRIBE_STRUCT(CountFailedCustomerSignIn, (), (customer))

struct SignOutCustomer {
    std::string session_token_hash;
};
BOOST_DESCRIBE_STRUCT(SignOutCustomer, (), (session_token_hash))

struct SetCustomerLevel {  // by staff, when identity checks have shown more or less
    std::int64_t customer;
    std::int64_t level;
    std::string note;
};
BOOST_DESCRIBE_STRUCT(SetCustomerLevel, (), (customer, level, note))

struct SetAccountState {  // by staff, with a reason; closing asks for an empty account without holds
    std::int64_t account;
    std::string state;  // open, debits_frozen, credits_frozen, frozen, closed
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(SetAccountState, (), (account, state, reason))

struct SetPayoutAccount {  // where a merchant's money goes; by staff, with the second factor
    std::int64_t merchant;
    std::string currency;
    std::string instrument;         // "bank ····6819"
    std::string sealed_instrument;  // base64
    std::string instrument_hash;    // hex
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(SetPayoutAccount, (), (merchant, currency, instrument, sealed_instrument, instrument_hash, totp_code))

struct SetExchangeRate {  // by staff; the newest of a pair counts
    std::string from, to;  // ISO 4217
    std::string rate;      // how much of `to` one `from` is, decimal
};
BOOST_DESCRIBE_STRUCT(SetExchangeRate, (), (from, to, rate))

// --- Money (once by key) --------------------------------------------------------------------------------------------
struct TopUp {
    std::string key;  // of the principal in Command::actor
    std::int64_t customer;
    std::int64_t amount_minor;
    std::string currency;
    std::string memo, instrument;
};
BOOST_DESCRIBE_STRUCT(TopUp, (), (key, customer, amount_minor, currency, memo, instrument))

struct Pay {
    std::string key;
    std::int64_t customer, merchant;
    std::int64_t amount_minor;
    std::string currency;
    std::string order_ref, memo, instrument, device;
    bool manual_capture = false;  // holds the money instead
    std::int64_t hold_ms = 7LL * 24 * 3'600'000;
    std::string sealed_instrument;  // base64; empty: out of the wallet, else from this card, by a rail
    std::string instrument_hash;    // hex
    bool not_a_duplicate = false;   // the payer was asked whether it is the same again, and said that it is not
};
BOOST_DESCRIBE_STRUCT(Pay, (),
                      (key, customer, merchant, amount_minor, currency, order_ref, memo, instrument, device, manual_capture,
                       hold_ms, sealed_instrument, instrument_hash, not_a_duplicate))

struct SendMoney {  // from one customer's wallet to another's
    std::string key;
    std::int64_t payer, payee;  // customers
    std::int64_t amount_minor;
    std::string currency;
    std::string memo;
};
BOOST_DESCRIBE_STRUCT(SendMoney, (), (key, payer, payee, amount_minor, currency, memo))

struct ExchangeMoney {  // between two wallets of one customer, at the rate that is set
    std::string key;
    std::int64_t customer;
    std::int64_t amount_minor;  // given, in `from`
    std::string from, to;
    std::int64_t expected_minor;  // received, in `to`, as the customer saw it
};
BOOST_DESCRIBE_STRUCT(ExchangeMoney, (), (key, customer, amount_minor, from, to, expected_minor))

struct CapturePayment {  // all or a part of a hold, once; the rest is released
    std::string key;
    std::int64_t payment;
    std::int64_t amount_minor;
};
BOOST_DESCRIBE_STRUCT(CapturePayment, (), (key, payment, amount_minor))

struct CancelPayment {  // releases a hold
    std::string key;
    std::int64_t payment;
};
BOOST_DESCRIBE_STRUCT(CancelPayment, (), (key, payment))

struct ExpireHolds {  // releases holds whose time is over; the numbers answered are their payments
    std::int64_t holds_max;
};
BOOST_DESCRIBE_STRUCT(ExpireHolds, (), (holds_max))

struct Refund {
    std::string key;
    std::int64_t payment;
    std::int64_t amount_minor;
    std::string reason;  // payments::RefundReason
    std::int64_t duplicate_of = 0;
    std::int64_t expected_refundable = -1;  // minor units; below zero: whatever is refundable now
};
BOOST_DESCRIBE_STRUCT(Refund, (), (key, payment, amount_minor, reason, duplicate_of, expected_refundable))

// What both directions of an outside rail are asked with. The account or card is masked for people, sealed for the rail,
// and hashed under a key of the house, so that one key with two accounts is found out.
struct RailRequest {
    std::string key;
    std::int64_t customer;
    std::int64_t amount_minor;
    std::string currency;
    std::string instrument;         // "bank ····6819"
    std::string sealed_instrument;  // base64
    std::string instrument_hash;    // hex
};
BOOST_DESCRIBE_STRUCT(RailRequest, (),
                      (key, customer, amount_minor, currency, instrument, sealed_instrument, instrument_hash))

struct CollectTopUp {  // from a card or a bank into the wallet, once the rail has it
    RailRequest request;
};
BOOST_DESCRIBE_STRUCT(CollectTopUp, (), (request))

struct Withdraw {  // from the wallet to an account outside
    RailRequest request;
};
BOOST_DESCRIBE_STRUCT(Withdraw, (), (request))

struct TakeRailCalls {  // marks what is due as sent or as inquired after, before it leaves; once by the state of the calls
    std::int64_t calls_max;
    std::string seed;  // for the ids of what is written, hex
};
BOOST_DESCRIBE_STRUCT(TakeRailCalls, (), (calls_max, seed))

struct ReleaseRailCalls {  // at the start: what another process sent and nobody reported on is unknown
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(ReleaseRailCalls, (), (seed))

struct ReportRail {  // what the rail said, to a call, to an inquiry or unasked; once by the state of the call
    std::int64_t payment;
    std::string word;  // payments::RailWord
    std::string rail_reference, detail;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(ReportRail, (), (payment, word, rail_reference, detail, seed))

struct DecideRailOutcome {  // a person found out what the rail would not say
    std::int64_t payment;
    std::string word;  // done, declined, returned
    std::string note, totp_code;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(DecideRailOutcome, (), (payment, word, note, totp_code, seed))

struct PayOutMerchant {  // from what we owe a merchant to its payout account, by a rail
    std::string key;
    std::int64_t merchant;
    std::int64_t amount_minor;  // at most; with `balancing` as much of it as there is
    std::string currency;
    bool balancing = false;
};
BOOST_DESCRIBE_STRUCT(PayOutMerchant, (), (key, merchant, amount_minor, currency, balancing))

struct ProposeCorrection {  // of the house's own accounts; moves nothing yet
    std::string correction;  // CorrectionId as text
    std::int64_t debit, credit;
    std::int64_t amount_minor;
    std::string currency, reason;
    std::int64_t reverses = 0;  // sequence of a transfer, or 0
};
BOOST_DESCRIBE_STRUCT(ProposeCorrection, (), (correction, debit, credit, amount_minor, currency, reason, reverses))

struct DecideCorrection {  // by another person, with the second factor; approved is posted in the same commit
    std::string correction;
    bool approved = false;
    std::string note, totp_code;
};
BOOST_DESCRIBE_STRUCT(DecideCorrection, (), (correction, approved, note, totp_code))

struct RequestMoney {  // a customer asks another one, or whoever holds the link
    std::string key;
    std::string request;  // MoneyRequestId as text
    std::int64_t payee;
    std::int64_t payer;  // 0 with `payer_said` empty: whoever holds the link; 0 else: nobody here has that address
    std::string payer_said;  // the address that was asked, lower case, whether or not it is anybody's
    std::int64_t amount_minor;
    std::string currency, memo;
    std::int64_t expires;  // ms
    std::string seed;  // for the ids of what is written, hex
};
BOOST_DESCRIBE_STRUCT(RequestMoney, (),
                      (key, request, payee, payer, payer_said, amount_minor, currency, memo, expires, seed))

struct PayMoneyRequest {  // once by the state of the request
    std::string key;
    std::string request;
    std::int64_t payer;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(PayMoneyRequest, (), (key, request, payer, seed))

struct EndMoneyRequest {  // declined by the payer, canceled by the payee
    std::string request;
    std::int64_t customer;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(EndMoneyRequest, (), (request, customer, seed))

struct ExpireMoneyRequests {
    std::int64_t requests_max;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(ExpireMoneyRequests, (), (requests_max, seed))

struct ScheduleTransfer {  // SendMoney at a later time, once or again and again
    std::string key;
    std::string schedule;  // ScheduleId as text
    std::int64_t payer, payee;
    std::int64_t amount_minor;
    std::string currency, memo;
    std::string first_on;  // YYYY-MM-DD in `zone`
    std::string every;  // once, day, week, month
    std::int64_t times;  // 0: until it is ended
    std::string zone;  // IANA
};
BOOST_DESCRIBE_STRUCT(ScheduleTransfer, (),
                      (key, schedule, payer, payee, amount_minor, currency, memo, first_on, every, times, zone))

struct EndSchedule {
    std::string schedule;
    std::int64_t customer;
};
BOOST_DESCRIBE_STRUCT(EndSchedule, (), (schedule, customer))

struct RunSchedules {  // what is due; each occurrence once, by its schedule and number
    std::int64_t occurrences_max;
    std::string seed;
};
BOOST_DESCRIBE_STRUCT(RunSchedules, (), (occurrences_max, seed))

struct ReportDuplicate {  // a signed-in customer says that `payment` repeats `twin`: refunded where that is certain
    std::string key;
    std::int64_t customer;
    std::int64_t payment;
    std::int64_t twin;  // 0: find it
    std::string ticket_id, message_id, outgoing_id, remedy_id;  // fresh ids as text, used where needed
    std::string text;
};
BOOST_DESCRIBE_STRUCT(ReportDuplicate, (),
                      (key, customer, payment, twin, ticket_id, message_id, outgoing_id, remedy_id, text))

struct MoveTestClock {  // in test mode alone; never back
    std::int64_t to;  // ms
};
BOOST_DESCRIBE_STRUCT(MoveTestClock, (), (to))

struct ReadAccounts {  // changes nothing: balances and history heads as of its place in the order
    std::vector<std::int64_t> accounts;
};
BOOST_DESCRIBE_STRUCT(ReadAccounts, (), (accounts))

// --- Mail -----------------------------------------------------------------------------------------------------------
struct AcceptMail {
    std::string mail;  // MailId as text
    std::string channel;  // smtp, lmtp, import
    std::string peer, mail_from;
    std::vector<std::string> recipients;
    std::int64_t size;
    std::string content_hash;  // SHA-256 of the raw octets as sent, hex
    std::string object_key;  // wrapped, base64
    std::string sealed;  // base64; empty where `blob` names a file
    std::string blob;
};
BOOST_DESCRIBE_STRUCT(AcceptMail, (),
                      (mail, channel, peer, mail_from, recipients, size, content_hash, object_key, sealed, blob))

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
};
BOOST_DESCRIBE_STRUCT(FileMail, (),
                      (mail, ticket_id, message_id, outgoing_id, from_address, from_name, subject, new_text, quoted_text,
                       mail_message_id, in_reply_to, references, recipients, assurance, forged, automatic, several_senders,
                       category, urgency, route, language, reading, missing))

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
struct ReplyToTicket {
    std::string ticket;  // request number
    std::string message_id, outgoing_id;
    std::string text, state_after;  // empty: unchanged
    std::int64_t version;
    std::vector<std::int64_t> figures;  // payments whose amounts the text may name
};
BOOST_DESCRIBE_STRUCT(ReplyToTicket, (), (ticket, message_id, outgoing_id, text, state_after, version, figures))

struct AddNote {
    std::string ticket, message_id, text;
};
BOOST_DESCRIBE_STRUCT(AddNote, (), (ticket, message_id, text))

struct AssignTicket {
    std::string ticket;
    std::int64_t staff;  // 0: nobody
};
BOOST_DESCRIBE_STRUCT(AssignTicket, (), (ticket, staff))

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

using CommandBody =
    std::variant<RegisterCustomer, RegisterMerchant, AddStaff, EnrolStaff, ConfirmStaff, SignInStaff, CountFailedSignIn,
                 SignOutStaff, SetCustomerPassword, SignInCustomer, CountFailedCustomerSignIn, SignOutCustomer,
                 SetCustomerLevel, SetAccountState, SetPayoutAccount, SetExchangeRate, TopUp, Pay, SendMoney, ExchangeMoney,
                 CapturePayment, CancelPayment, ExpireHolds, Refund, CollectTopUp, Withdraw, TakeRailCalls, ReleaseRailCalls,
                 ReportRail, DecideRailOutcome, PayOutMerchant, ProposeCorrection, DecideCorrection, RequestMoney,
                 PayMoneyRequest, EndMoneyRequest, ExpireMoneyRequests, ScheduleTransfer, EndSchedule, RunSchedules,
                 ReportDuplicate, MoveTestClock, ReadAccounts, AcceptMail, FileMail, QuarantineMail, TakeOutgoing,
                 ReleaseOutgoing, ReportDelivery, ReplyToTicket, AddNote, AssignTicket, SetTicketState, ProposeRefund,
                 ApproveRemedy, RejectRemedy>;

struct Command {
    CommandId id;
    Moment at;
    Actor actor;
    CommandBody body;
    bool dry_run = false;  // money commands: decided as if, answered, and nothing kept; the key stays free
};

// What a dry run would have posted, two postings a transfer, as the accounts would then stand.
struct Rehearsal {
    struct Posting {
        money::AccountNo account;
        money::AccountKind of;
        bool debit;
        money::Money amount;
        std::int64_t after_minor;  // posted; a hold leaves it as it is
        money::TransferKind kind;
        money::TransferCode code;
    };
    std::vector<Posting> postings;
    bool new_payment;  // the payment of the answer is one that was never made: nobody will find its id
};

struct AccountView {
    std::int64_t no;
    std::string currency;
    std::int64_t posted_minor, available_minor, last_transfer, entries;
};
BOOST_DESCRIBE_STRUCT(AccountView, (), (no, currency, posted_minor, available_minor, last_transfer, entries))

// What the rail is to be asked: the call itself, once, or what became of it.
struct RailOrder {
    std::int64_t payment;
    std::string reference;  // ours, "pay_…": the rail keeps it, and it is inquired after by it
    std::string direction;  // collect, pay_out
    std::int64_t amount_minor;
    std::string currency;
    std::string instrument;  // plain: never in a log
    std::string rail_reference;
    bool inquiry;
    std::int64_t inquiries;  // that brought nothing
};
BOOST_DESCRIBE_STRUCT(RailOrder, (),
                      (payment, reference, direction, amount_minor, currency, instrument, rail_reference, inquiry,
                       inquiries))

// `number` names the row that was made or found: the customer, merchant, staff, payment (sequence), mail, ticket, message
// or remedy. A refused payment has a number too: it is kept with its reason. `text` is the request number of a desk
// command.
struct Answer {
    std::string code;  // empty: done
    std::string detail;  // a plain sentence where code is not empty
    std::int64_t number = 0;
    std::string text;
    bool replayed = false;
    std::vector<AccountView> accounts;  // ReadAccounts
    std::vector<std::int64_t> numbers;  // TakeOutgoing: rows of outgoing_mail
    std::vector<RailOrder> rail_orders;  // TakeRailCalls
    // A money command's payment as it was first answered, so that nobody has to read the row again. Not described: it
    // does not cross to another node.
    std::shared_ptr<const payments::Payment> payment = nullptr;
    // Of a dry run that was not the repetition of a real request. Crosses to another node with its payment, which nobody
    // could read there.
    std::shared_ptr<const Rehearsal> rehearsal = nullptr;
    [[nodiscard]] bool done() const { return code.empty(); }
};
BOOST_DESCRIBE_STRUCT(Answer, (), (code, detail, number, text, replayed, accounts, numbers, rail_orders))

// Codes that any command may be answered with: nothing was done, the same command may be sent again.
namespace codes {
inline constexpr std::string_view overloaded = "overloaded";  // the queue is full
inline constexpr std::string_view storage_full = "storage_full";  // 507, 452
inline constexpr std::string_view unavailable = "storage_unavailable";  // 503, 451
inline constexpr std::string_view stopping = "stopping";  // 503, 451
inline constexpr std::string_view outcome_unknown = "outcome_unknown";  // ask again with the same id
inline constexpr std::string_view not_found = "not_found";
inline constexpr std::string_view not_permitted = "not_permitted";
inline constexpr std::string_view invalid = "invalid";  // the detail names the field
inline constexpr std::string_view key_reused = "idempotency_key_reused";  // same key, other body: 409
inline constexpr std::string_view money_read_only = "money_read_only";  // an invariant was found broken
inline constexpr std::string_view ticket_changed = "ticket_changed";  // 409: somebody wrote since
inline constexpr std::string_view unbound_amount = "unbound_amount";  // 422
inline constexpr std::string_view totp_wrong = "totp_wrong";
inline constexpr std::string_view dry_run_not_possible = "dry_run_not_possible";  // 400
inline constexpr std::string_view no_test_clock = "no_test_clock";  // 409: the books are not of a test
inline constexpr std::string_view clock_runs_forward = "clock_runs_forward";  // 422
}  // namespace codes

}  // namespace okpay::service
