// SPDX-License-Identifier: Apache-2.0
// A payment is anything that moves money for somebody and may be asked about later: top-ups, payments to merchants,
// transfers between people, refunds. It is decided once; what was refused is kept with its reason, because support
// has to explain it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "customers/customer.hpp"
#include "money/account.hpp"
#include "money/money.hpp"

namespace okpay::payments {

enum class PaymentKind : std::uint8_t {  // stored, append only
    top_up = 1,
    merchant_payment = 2,
    person_to_person = 3,
    refund = 4,
    withdrawal = 5,
    // What was done to a held payment, kept as rows of their own so that each is made once by its key and a refusal is
    // known later. `original` names the held payment, whose transfers they made; they stand in no history.
    capture = 6,
    cancellation = 7,
    exchange = 8,         // between two wallets of one customer; `amount` is what was given
    merchant_payout = 9,  // what we owe a merchant, to its bank
    correction = 10,      // between accounts of the house, by two persons
};
// Whether transfers of the ledger carry this payment's own sequence.
constexpr bool has_own_transfers(PaymentKind kind) {
    return kind != PaymentKind::capture && kind != PaymentKind::cancellation;
}

enum class PaymentState : std::uint8_t {  // stored, append only
    succeeded = 1,
    failed = 2,            // moved no money, or all of it went back
    requires_capture = 3,  // holds the money
    canceled = 4,          // released it
    processing = 5,        // an outside rail was asked, or is about to be
    unknown = 6,           // the rail has not told: it may or may not be done (rail_call.hpp)
    returned = 7,          // a withdrawal that was paid out and came back
};

// Why it failed; stored, append only.
enum class PaymentRefusal : std::uint8_t {
    none = 0,
    not_positive = 1,
    wrong_currency = 2,
    insufficient_funds = 3,
    payer_locked = 4,
    same_account = 5,
    account_not_found = 6,
    order_already_paid = 7,      // the merchant's order reference was paid before
    payment_not_found = 8,
    exceeds_refundable = 9,      // refunded + in flight + disputed would pass captured
    refundable_changed = 10,     // expected_refundable no longer holds
    not_refundable = 11,         // wrong kind or state
    duplicate_refund = 12,       // the same pair was refunded before
    amount_out_of_range = 13,
    account_closed = 14,
    declined_by_issuer = 15,     // an outside instrument said no
    not_capturable = 16,         // holds no money (any more)
    exceeds_hold = 17,           // more than what is held
    not_cancelable = 18,         // holds no money (any more)
    attempt_unresolved = 19,     // the same was asked before and its outcome is not known yet: `duplicate_of`
    never_arrived = 20,          // the rail has no such order
    destination_refused = 21,    // of a withdrawal: the bank there said no
    limit_per_item = 22,         // tariff.hpp: the customer's level allows no more
    limit_per_day = 23,
    limit_per_week = 24,
    limit_per_month = 25,
    limit_per_year = 26,
    limit_balance = 27,          // the wallet would hold more than its level allows
    payee_limit = 28,            // the same of the payee's wallet, or what the payee may receive
    no_rate = 29,                // nobody has set one for this pair
    rate_changed = 30,           // it makes another amount than the customer saw
    payer_frozen = 31,           // the house let nothing leave the account
    payee_frozen = 32,           // the house let nothing come into the account
    payee_cannot_receive = 33,   // has no account in this currency
    nothing_available = 34,      // "as much as there is", and there is nothing
    request_not_open = 35,       // a request for money that was paid, declined, canceled or has expired
    possible_duplicate = 36,     // the same was paid a moment ago: `duplicate_of`; the payer is asked
    no_payout_account = 37,      // nobody has said to which bank
    disputed = 38,               // the card's bank has it back already, or takes it back: a refund would pay twice
};

enum class Rail : std::uint8_t { none = 0, outside = 1 };  // stored: who carries it out, our books alone or a bank

struct Payment {
    std::int64_t seq;  // gapless from 1; PaymentRef (payment_ref.hpp) carries it
    PaymentId id;
    PaymentKind kind;
    PaymentState state;
    PaymentRefusal refusal = PaymentRefusal::none;
    Hash256 key;                          // SHA-256 of principal and idempotency key: for ever unique
    std::int64_t body_fingerprint = 0;    // of the request, to tell a replay from another request with the same key
    std::optional<money::AccountNo> payer, payee;
    std::optional<customers::CustomerNo> customer;  // whose history it stands in (the payer; for a refund the receiver)
    std::optional<customers::MerchantNo> merchant;
    money::Money amount;
    std::int64_t fee_minor = 0;           // paid by the merchant out of the amount
    std::int64_t captured_minor = 0;
    std::int64_t refunded_minor = 0;      // of this payment, by later refunds
    std::string order_ref;                // the merchant's; empty for none; unique per merchant among succeeded payments
    std::string memo;                     // what the customer sees: "Blue Bottle Coffee, Shanghai"
    std::string instrument;               // "wallet", or a masked card such as "card ····4242"
    std::string device;                   // opaque, from the request; one feature of a double charge
    std::int64_t original = 0;            // of a refund: sequence of the payment it gives back
    std::int64_t duplicate_of = 0;        // of a refund: the twin that stays; of attempt_unresolved: the first attempt
    std::int64_t hold = 0;                // of an authorised payment: sequence of the pending transfer
    Rail rail = Rail::none;               // outside: begun, and ended by what the rail says
    Moment created;

    [[nodiscard]] std::int64_t refundable_minor() const { return captured_minor - refunded_minor; }
    // As it was when it was made, whatever was captured, released or refunded since: the answer to a repeated request.
    [[nodiscard]] Payment as_made() const;
};

}  // namespace okpay::payments
