// SPDX-License-Identifier: Apache-2.0
// Whether money may move, and how: pure decisions from values to the postings the ledger is asked to apply. The ledger
// keeps its own limits as well; these say no earlier and with the word that the customer is told.
//
//   Refusals  in the order of the checks in each function: the first that holds is the answer. All are kept.
//   Fees      are said by the tariff (tariff.hpp): of a payment out of the amount, of all else on top of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "money/ledger.hpp"
#include "payments/dispute.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

struct Wallet {
    money::AccountNo account;
    money::Money available;  // pending debits taken off
    customers::Standing standing = customers::Standing::open;
    bool closed = false;
    bool debits_frozen = false, credits_frozen = false;
};

struct Decision {
    std::vector<money::Posting> postings;  // all or none, in this order
    std::int64_t fee_minor = 0;            // of a payment: kept; of a refund: given back to the merchant
};
using Decided = Result<Decision, PaymentRefusal>;

// numerator * amount / denominator, rounded half to even. All >= 0 and at most Money::limit_minor, denominator > 0.
std::int64_t share_half_even(std::int64_t amount, std::int64_t numerator, std::int64_t denominator);

struct PaymentRequest {
    Wallet payer;
    money::AccountNo merchant_payable;
    bool merchant_closed = false;
    bool merchant_frozen = false;  // may take nothing in, or may not part with the fee
    money::AccountNo fee_income;
    money::Money amount;
    std::int64_t fee_minor = 0;  // 0 to amount
    bool order_already_paid = false;  // this merchant's order reference is on a succeeded payment
};
// wallet -> merchant payable, then merchant payable -> fee income where there is a fee.
[[nodiscard]] Decided decide_payment(const PaymentRequest& request);

struct TransferRequest {
    Wallet payer;
    Wallet payee;  // a locked payee still receives: incoming money is never lost
    money::Money amount;
    std::int64_t fee_minor = 0;  // on top, paid by the payer
    money::AccountNo fee_income{};  // where there is a fee
    bool new_payee = false;         // nobody the payer has paid lately; looked up only while limited
};
// wallet -> wallet, then wallet -> fee income; while limited only to whom was paid before
[[nodiscard]] Decided decide_transfer(const TransferRequest& request);

struct TopUpRequest {
    money::AccountNo settlement_bank;
    Wallet payee;  // credits stay open while locked
    money::Money amount;
};
[[nodiscard]] Decided decide_top_up(const TopUpRequest& request);  // settlement bank -> wallet

struct WithdrawalRequest {
    Wallet payer;
    money::AccountNo in_transit;
    money::Money amount;
    std::int64_t fee_minor = 0;  // on top
    money::AccountNo fee_income{};
};
// wallet -> in transit, then wallet -> fee income; not while limited
[[nodiscard]] Decided decide_withdrawal(const WithdrawalRequest& request);

struct PayoutRequest {
    Wallet payable;  // what we owe the merchant
    bool has_account = false;  // of the merchant, outside: where the money goes
    money::AccountNo in_transit;
    money::Money amount;  // at most, where balancing
    bool balancing = false;
};
// merchant payable -> in transit; balancing: as much of it as there is
[[nodiscard]] Decided decide_payout(const PayoutRequest& request);

struct ExchangeRequest {
    Wallet payer, payee;  // of one customer, in two currencies
    money::AccountNo liquidity_from, liquidity_to;
    money::Money amount, received;
};
// wallet -> liquidity, liquidity -> wallet, linked: each within its currency. It stays with the customer: also while limited
[[nodiscard]] Decided decide_exchange(const ExchangeRequest& request);

enum class FeePolicy : std::uint8_t { keep = 1, give_back = 2 };  // stored in the configuration

// `original` and `twin` are read on the ordered writer, so that what is checked stays true until it is posted.
struct RefundRequest {
    const Payment& original;
    money::Money amount;
    std::optional<std::int64_t> expected_refundable;  // what the proposer saw, minor units
    const Payment* twin = nullptr;  // duplicate_of: the payment that stays
    bool pair_refunded_before = false;  // a succeeded refund of this original names this twin
    std::int64_t in_flight_minor = 0;  // refunds of the original that an outside rail has not answered
    DisputesStanding disputes;  // of the original
    Wallet receiver;  // the original's payer
    money::AccountNo merchant_payable;
    bool merchant_frozen = false;  // nothing may leave it
    money::AccountNo fee_income;
    FeePolicy fee_policy = FeePolicy::give_back;
};
// Not while a dispute is open. R1: refunded + in flight + disputed + this <= captured. Posts merchant payable -> wallet,
// then fee income -> merchant payable for the share of the fee. Shares of partial refunds add up to exactly the fee.
[[nodiscard]] Decided decide_refund(const RefundRequest& request);

enum class RefundReason : std::uint8_t {  // stored, append only
    duplicate = 1,
    requested_by_customer = 2,
    error = 3,
    goodwill = 4,
    fraudulent = 5,
};
std::string_view name_of(RefundReason reason);
std::optional<RefundReason> refund_reason_of_name(std::string_view name);

// The key under which a refund is asked for: two agents, a rule and a retry make one refund. With a twin it depends on
// the pair and the reason alone; without, also on what was refundable, so that two partial refunds stay two.
Hash256 refund_key(std::int64_t payment, std::int64_t duplicate_of, RefundReason reason, std::int64_t expected_refundable);

}  // namespace okpay::payments
