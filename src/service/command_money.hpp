// SPDX-License-Identifier: Apache-2.0
// What moves money or gives account of it. Once by key, or by the state of what it changes.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

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

struct ReportDispute {  // what the acquirer says of a payment by card; once by its reference, stage and status
    std::string dispute;  // DisputeId as text, used where the reference is new
    std::int64_t payment;
    std::string reference;  // the acquirer's own number of the case
    std::string stage, status, reason;  // payments::DisputeStage, DisputeStatus, DisputeReason
    std::int64_t amount_minor;
    std::string currency;
    std::int64_t due;  // ms: until when an answer is heard
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(ReportDispute, (),
                      (dispute, payment, reference, stage, status, reason, amount_minor, currency, due, totp_code))

struct AnswerDispute {  // while one is asked for
    std::string dispute;
    bool accepts;  // the merchant lets it go
    std::string text, totp_code;
};
BOOST_DESCRIBE_STRUCT(AnswerDispute, (), (dispute, accepts, text, totp_code))

struct ExpireDisputes {  // nobody answered in time; the numbers answered are theirs
    std::int64_t disputes_max;
};
BOOST_DESCRIBE_STRUCT(ExpireDisputes, (), (disputes_max))

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

using MoneyCommands =
    boost::mp11::mp_list<TopUp, Pay, SendMoney, ExchangeMoney, CapturePayment, CancelPayment, ExpireHolds, Refund,
                         CollectTopUp, Withdraw, TakeRailCalls, ReleaseRailCalls, ReportRail, DecideRailOutcome,
                         PayOutMerchant, ReportDispute, AnswerDispute, ExpireDisputes, ProposeCorrection, DecideCorrection,
                         RequestMoney, PayMoneyRequest, EndMoneyRequest, ExpireMoneyRequests, ScheduleTransfer, EndSchedule,
                         RunSchedules, ReportDuplicate, MoveTestClock, ReadAccounts>;

}  // namespace okpay::service
