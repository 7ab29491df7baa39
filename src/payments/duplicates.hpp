// SPDX-License-Identifier: Apache-2.0
// "I was charged twice": which pairs of one customer's payments may be meant, what each pair is, and what would be given
// back. The mail only selects and ranks; the class comes from the ledger. Never on amount and time alone: a class that
// ends in a refund needs the order reference, the device within seconds, or a marked retry, and a person approves it;
// automatic_refund.hpp says what needs none.
//
//   Certain classes come by rule (holds, failures, refunds, equal order references), the rest by weighed features.
//   Cost        O(n log n + pairs that share payer, payee and kind within 45 days); history is capped by the caller.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "customers/local_time.hpp"
#include "payments/payment.hpp"

namespace okpay::payments {

// What the customer states of the case, as triage read it.
struct StatedAmount {
    std::string decimal;                      // "128.50", as triage prints it
    std::optional<money::Currency> currency;  // none where the mail names none
};
struct Hint {
    std::vector<StatedAmount> amounts;
    std::vector<customers::LocalSpan> times;   // customers::local_span(zone, triage's datetime)
    std::vector<std::string> transaction_ids;  // "pay_…" or a merchant's order reference
    std::string text;                          // subject and new words: searched for merchant words only
    [[nodiscard]] bool empty() const { return amounts.empty() && times.empty() && transaction_ids.empty() && text.empty(); }
};

enum class PairClass : std::uint8_t {  // payments.md calls them outcome classes; stored in evidence, append only
    same_attempt_shown_twice = 1,   // both references are one payment
    hold_and_capture = 2,           // a hold beside the charge it became, one that was released, or one that was raised
    failed_then_succeeded = 3,      // the first never took money
    true_duplicate_same_order = 4,  // refund
    over_collection = 5,            // more than the order's hold, which was taken whole: refund the later
    already_refunded = 6,
    separate_purchases = 7,
    subscription_cycle = 8,
    fee_line = 9,                   // the second line is a fee or a currency charge of the first
    other_person = 10,              // another device and another instrument: family on one account
    not_ours = 11,                  // nothing in this account matches what is stated; first = second = 0
    unclear = 12,                   // an agent looks
};
std::string_view name_of(PairClass pair_class);
bool ends_in_refund(PairClass pair_class);

enum class Reason : std::uint8_t {
    same_order_reference = 1,
    retried_order_reference,   // "A-1001" and "A-1001-2": the merchant's own retry
    different_order_reference,
    same_amount,
    different_amount,
    within_30_seconds,
    within_2_minutes,
    within_a_day,
    more_than_a_day,
    same_device,
    different_device,
    same_instrument,
    different_instrument,
    stated_amount,
    stated_time,
    stated_transaction,
    stated_merchant,
    usual_rhythm,              // this customer often pays this merchant twice within such a time
    repeatable_goods,          // transport, vending, tips, donations, tickets
    instalment,
    monthly_period,
    one_failed,
    one_is_a_hold,
    one_released,
    one_refunded,
    refunded_before_second,    // a new order after a cancelled one
    fee_words,
    subscription_words,
    nothing_matches,
    one_taken_back,            // by the bank of the card it was paid with
};
std::string_view name_of(Reason reason);

struct Finding {
    PairClass pair_class;
    int score = 0;                // 0-100: how likely this pair is what the mail is about and is as classified
    std::vector<Reason> reasons;
    std::int64_t first = 0, second = 0;  // sequences, by time
    std::int64_t give_back = 0;   // the later of a refundable pair, else 0
    std::int64_t duplicate_of = 0;  // the one that stays, else 0; of three charges of one thing always the earliest
    std::optional<money::Money> refundable;  // of give_back, now; less what is on its way back or taken back
    std::string explanation_en, explanation_zh;  // one plain sentence for the agent; no amounts
};

inline constexpr int pair_window_days = 45;
inline constexpr std::size_t findings_max = 10;

// Of a payment by card: what its bank has taken back, or holds while it decides.
struct TakenBack {
    std::int64_t payment;  // sequence
    std::int64_t minor;
};

// `history` is of one customer, any order; `taken_back` of payments in it. Best first; at most findings_max.
// Where no pair is meant, one finding may say so: same_attempt_shown_twice, or hold_and_capture of one held payment (first =
// second), or not_ours. So too where each pair of the stated amount reaches to another day than the stated one.
std::vector<Finding> find_duplicates(std::span<const Payment> history, const Hint& hint, Moment now,
                                     std::span<const TakenBack> taken_back = {});

struct Candidate {
    std::int64_t payment;  // sequence
    int score;  // 0-100
    std::vector<Reason> reasons;
};
// Single payments that a mail about a failed payment, a refund or a transfer may mean. Best first; at most findings_max,
// none where nothing stated matches.
std::vector<Candidate> candidates(std::span<const Payment> history, const Hint& hint, Moment now);

}  // namespace okpay::payments
