// SPDX-License-Identifier: Apache-2.0
#include "payments/decide.hpp"

#include <gtest/gtest.h>

#include <random>

#include "payments/names.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::payments {
namespace {

using money::AccountKind;
using money::AccountNo;
using money::Currency;
using money::Money;

unsigned test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

Money cny(std::int64_t minor) { return *Money::of_minor(minor, Currency::cny); }
Money usd(std::int64_t minor) { return *Money::of_minor(minor, Currency::usd); }

constexpr AccountNo wallet_no{1}, merchant_no{2}, fees_no{3}, bank_no{4}, other_wallet_no{5};

Wallet wallet(std::int64_t minor) { return {.account = wallet_no, .available = cny(minor)}; }

PaymentRequest request(std::int64_t has, std::int64_t asks, std::int64_t fee = 0) {
    return {
        .payer = wallet(has), .merchant_payable = merchant_no, .fee_income = fees_no, .amount = cny(asks), .fee_minor = fee};
}

Payment paid(std::int64_t seq, std::int64_t minor, std::int64_t fee = 0, std::int64_t refunded = 0) {
    return {.seq = seq,
            .id = {},
            .kind = PaymentKind::merchant_payment,
            .state = PaymentState::succeeded,
            .key = {},
            .payer = wallet_no,
            .payee = merchant_no,
            .customer = customers::CustomerNo{1},
            .merchant = customers::MerchantNo{1},
            .amount = cny(minor),
            .fee_minor = fee,
            .captured_minor = minor,
            .refunded_minor = refunded,
            .created = moment_of_ms(1'000)};
}

PaymentRefusal refusal_of(const Decided& decided) { return decided ? PaymentRefusal::none : decided.error(); }

TEST(DecidePayment, says_the_first_thing_that_is_wrong) {
    struct Case {
        std::string_view name;
        void (*change)(PaymentRequest&);
        PaymentRefusal want;
    };
    const std::array cases{
        Case{"plain", [](PaymentRequest&) {}, PaymentRefusal::none},
        Case{"all of it", [](PaymentRequest& r) { r.amount = cny(1000); }, PaymentRefusal::none},
        Case{"one more", [](PaymentRequest& r) { r.amount = cny(1001); }, PaymentRefusal::insufficient_funds},
        Case{"zero", [](PaymentRequest& r) { r.amount = cny(0); }, PaymentRefusal::not_positive},
        Case{"negative", [](PaymentRequest& r) { r.amount = cny(-1); }, PaymentRefusal::not_positive},
        Case{"other currency", [](PaymentRequest& r) { r.amount = usd(1); }, PaymentRefusal::wrong_currency},
        Case{"locked", [](PaymentRequest& r) { r.payer.standing = customers::Standing::locked; },
             PaymentRefusal::payer_locked},
        Case{"limited pays merchants", [](PaymentRequest& r) { r.payer.standing = customers::Standing::limited; },
             PaymentRefusal::none},
        Case{"locked comes before funds",
             [](PaymentRequest& r) {
                 r.payer.standing = customers::Standing::locked;
                 r.amount = cny(9999);
             },
             PaymentRefusal::payer_locked},
        Case{"closed", [](PaymentRequest& r) { r.payer.closed = true; }, PaymentRefusal::account_closed},
        Case{"merchant closed", [](PaymentRequest& r) { r.merchant_closed = true; }, PaymentRefusal::account_closed},
        Case{"frozen", [](PaymentRequest& r) { r.payer.debits_frozen = true; }, PaymentRefusal::payer_frozen},
        Case{"frozen for what comes in", [](PaymentRequest& r) { r.payer.credits_frozen = true; }, PaymentRefusal::none},
        Case{"merchant frozen", [](PaymentRequest& r) { r.merchant_frozen = true; }, PaymentRefusal::payee_frozen},
        Case{"frozen comes before funds",
             [](PaymentRequest& r) {
                 r.payer.debits_frozen = true;
                 r.amount = cny(9999);
             },
             PaymentRefusal::payer_frozen},
        Case{"order paid before", [](PaymentRequest& r) { r.order_already_paid = true; },
             PaymentRefusal::order_already_paid},
        Case{"to itself", [](PaymentRequest& r) { r.merchant_payable = wallet_no; }, PaymentRefusal::same_account},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        PaymentRequest asked = request(1000, 100);
        c.change(asked);
        EXPECT_EQ(refusal_of(decide_payment(asked)), c.want);
    }
}

TEST(DecidePayout, refuses_with_the_first_reason) {
    struct Case {
        std::string_view name;
        std::function<void(PayoutRequest&)> change;
        PaymentRefusal want;
    };
    const std::array cases{
        Case{"plain", [](PayoutRequest&) {}, PaymentRefusal::none},
        Case{"all of it", [](PayoutRequest& r) { r.amount = cny(1000); }, PaymentRefusal::none},
        Case{"one more", [](PayoutRequest& r) { r.amount = cny(1001); }, PaymentRefusal::insufficient_funds},
        Case{"as much as there is",
             [](PayoutRequest& r) {
                 r.amount = cny(1001);
                 r.balancing = true;
             },
             PaymentRefusal::none},
        Case{"as much as there is, of nothing",
             [](PayoutRequest& r) {
                 r.payable.available = cny(0);
                 r.balancing = true;
             },
             PaymentRefusal::nothing_available},
        Case{"the merchant owes us",
             [](PayoutRequest& r) {
                 r.payable.available = cny(-5);
                 r.balancing = true;
             },
             PaymentRefusal::nothing_available},
        Case{"zero", [](PayoutRequest& r) { r.amount = cny(0); }, PaymentRefusal::not_positive},
        Case{"no bank", [](PayoutRequest& r) { r.has_account = false; }, PaymentRefusal::no_payout_account},
        Case{"frozen", [](PayoutRequest& r) { r.payable.debits_frozen = true; }, PaymentRefusal::payer_frozen},
        Case{"frozen for what comes in", [](PayoutRequest& r) { r.payable.credits_frozen = true; }, PaymentRefusal::none},
        Case{"closed before frozen",
             [](PayoutRequest& r) {
                 r.payable.closed = true;
                 r.payable.debits_frozen = true;
             },
             PaymentRefusal::account_closed},
        Case{"no bank before funds",
             [](PayoutRequest& r) {
                 r.has_account = false;
                 r.amount = cny(9999);
             },
             PaymentRefusal::no_payout_account},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        PayoutRequest asked{.payable = {.account = merchant_no, .available = cny(1000)},
                            .has_account = true,
                            .in_transit = money::AccountNo{77},
                            .amount = cny(500)};
        c.change(asked);
        const auto decided = decide_payout(asked);
        EXPECT_EQ(refusal_of(decided), c.want);
        if (!decided) continue;
        ASSERT_EQ(decided->postings.size(), 1U);
        EXPECT_EQ(decided->postings[0].code, money::TransferCode::merchant_payout);
        EXPECT_EQ(decided->postings[0].balancing, asked.balancing);
    }
}

TEST(DecidePayment, posts_the_payment_and_then_the_fee) {
    const auto decided = decide_payment(request(1000, 500, 3));
    ASSERT_TRUE(decided);
    ASSERT_EQ(decided->postings.size(), 2U);
    EXPECT_EQ(decided->postings[0].code, money::TransferCode::payment);
    EXPECT_EQ(decided->postings[0].debit, wallet_no);
    EXPECT_EQ(decided->postings[0].credit, merchant_no);
    EXPECT_EQ(decided->postings[0].amount, cny(500));
    EXPECT_EQ(decided->postings[1].code, money::TransferCode::fee);
    EXPECT_EQ(decided->postings[1].debit, merchant_no);
    EXPECT_EQ(decided->postings[1].credit, fees_no);
    EXPECT_EQ(decided->postings[1].amount, cny(3));
    EXPECT_EQ(decide_payment(request(1000, 500))->postings.size(), 1U);
}

TEST(DecideTransfer, goes_to_nobody_new_while_limited_and_reaches_the_locked) {
    Wallet payee{.account = other_wallet_no, .available = cny(0), .standing = customers::Standing::locked};
    TransferRequest asked{.payer = wallet(100), .payee = payee, .amount = cny(100)};
    EXPECT_TRUE(decide_transfer(asked));
    asked.new_payee = true;
    EXPECT_TRUE(decide_transfer(asked)) << "of the open it is not asked";
    asked.payer.standing = customers::Standing::limited;
    EXPECT_EQ(refusal_of(decide_transfer(asked)), PaymentRefusal::payer_locked);
    asked.new_payee = false;
    EXPECT_TRUE(decide_transfer(asked));
    asked.payer = wallet(99);
    EXPECT_EQ(refusal_of(decide_transfer(asked)), PaymentRefusal::insufficient_funds);
    asked.payee.account = wallet_no;
    EXPECT_EQ(refusal_of(decide_transfer(asked)), PaymentRefusal::same_account);
    asked.payee = {.account = other_wallet_no, .available = usd(0)};
    EXPECT_EQ(refusal_of(decide_transfer(asked)), PaymentRefusal::wrong_currency);
}

TEST(DecideTopUp, credits_the_wallet_from_the_bank) {
    const auto decided = decide_top_up({.settlement_bank = bank_no, .payee = wallet(0), .amount = cny(5)});
    ASSERT_TRUE(decided);
    EXPECT_EQ(decided->postings[0].debit, bank_no);
    EXPECT_EQ(decided->postings[0].credit, wallet_no);
    EXPECT_EQ(refusal_of(decide_top_up({.settlement_bank = bank_no, .payee = wallet(Money::limit_minor), .amount = cny(1)})),
              PaymentRefusal::amount_out_of_range);
    EXPECT_EQ(refusal_of(decide_top_up({.settlement_bank = bank_no, .payee = wallet(0), .amount = usd(1)})),
              PaymentRefusal::wrong_currency);
}

TEST(DecideWithdrawal, takes_no_more_than_there_is) {
    EXPECT_TRUE(decide_withdrawal({.payer = wallet(5), .in_transit = bank_no, .amount = cny(5)}));
    EXPECT_EQ(refusal_of(decide_withdrawal({.payer = wallet(5), .in_transit = bank_no, .amount = cny(6)})),
              PaymentRefusal::insufficient_funds);
}

TEST(DecideRefund, says_the_first_thing_that_is_wrong) {
    struct Case {
        std::string_view name;
        void (*change)(Payment& original, Payment& twin, RefundRequest&);
        PaymentRefusal want;
    };
    const std::array cases{
        Case{"plain", [](Payment&, Payment&, RefundRequest&) {}, PaymentRefusal::none},
        Case{"a hold", [](Payment& o, Payment&, RefundRequest&) { o.state = PaymentState::requires_capture; },
             PaymentRefusal::not_refundable},
        Case{"a failed one", [](Payment& o, Payment&, RefundRequest&) { o.state = PaymentState::failed; },
             PaymentRefusal::not_refundable},
        Case{"a refund", [](Payment& o, Payment&, RefundRequest&) { o.kind = PaymentKind::refund; },
             PaymentRefusal::not_refundable},
        Case{"between people", [](Payment& o, Payment&, RefundRequest&) { o.kind = PaymentKind::person_to_person; },
             PaymentRefusal::not_refundable},
        Case{"zero", [](Payment&, Payment&, RefundRequest& r) { r.amount = cny(0); }, PaymentRefusal::not_positive},
        Case{"other currency", [](Payment&, Payment&, RefundRequest& r) { r.amount = usd(1); },
             PaymentRefusal::wrong_currency},
        Case{"too much", [](Payment&, Payment&, RefundRequest& r) { r.amount = cny(101); },
             PaymentRefusal::exceeds_refundable},
        Case{"refunded in part", [](Payment& o, Payment&, RefundRequest&) { o.refunded_minor = 1; },
             PaymentRefusal::exceeds_refundable},
        Case{"in flight counts", [](Payment&, Payment&, RefundRequest& r) { r.in_flight_minor = 1; },
             PaymentRefusal::exceeds_refundable},
        Case{"an open dispute", [](Payment&, Payment&, RefundRequest& r) { r.disputes.taken_minor = 1; },
             PaymentRefusal::disputed},
        Case{"disputed counts", [](Payment&, Payment&, RefundRequest& r) { r.disputes.lost_minor = 1; },
             PaymentRefusal::exceeds_refundable},
        Case{"expected", [](Payment&, Payment&, RefundRequest& r) { r.expected_refundable = 100; }, PaymentRefusal::none},
        Case{"changed since", [](Payment&, Payment&, RefundRequest& r) { r.expected_refundable = 99; },
             PaymentRefusal::refundable_changed},
        Case{"twin stays", [](Payment&, Payment& t, RefundRequest& r) { r.twin = &t; }, PaymentRefusal::none},
        Case{"twin failed",
             [](Payment&, Payment& t, RefundRequest& r) {
                 t.state = PaymentState::failed;
                 r.twin = &t;
             },
             PaymentRefusal::not_refundable},
        Case{"twin is itself", [](Payment& o, Payment&, RefundRequest& r) { r.twin = &o; }, PaymentRefusal::not_refundable},
        Case{"twin of another merchant",
             [](Payment&, Payment& t, RefundRequest& r) {
                 t.payee = AccountNo{9};
                 r.twin = &t;
             },
             PaymentRefusal::not_refundable},
        Case{"twin went back",
             [](Payment&, Payment& t, RefundRequest& r) {
                 t.refunded_minor = 100;
                 r.twin = &t;
             },
             PaymentRefusal::duplicate_refund},
        Case{"pair went back",
             [](Payment&, Payment& t, RefundRequest& r) {
                 r.twin = &t;
                 r.pair_refunded_before = true;
             },
             PaymentRefusal::duplicate_refund},
        Case{"receiver closed", [](Payment&, Payment&, RefundRequest& r) { r.receiver.closed = true; },
             PaymentRefusal::account_closed},
        Case{"receiver locked still gets it",
             [](Payment&, Payment&, RefundRequest& r) { r.receiver.standing = customers::Standing::locked; },
             PaymentRefusal::none},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.name);
        Payment original = paid(7, 100);
        Payment twin = paid(6, 100);
        RefundRequest asked{.original = original,
                            .amount = cny(100),
                            .receiver = wallet(0),
                            .merchant_payable = merchant_no,
                            .fee_income = fees_no};
        c.change(original, twin, asked);
        EXPECT_EQ(refusal_of(decide_refund(asked)), c.want);
    }
}

TEST(DecideRefund, keeps_the_fee_by_policy) {
    const Payment original = paid(7, 1000, 6);
    RefundRequest asked{.original = original,
                        .amount = cny(1000),
                        .receiver = wallet(0),
                        .merchant_payable = merchant_no,
                        .fee_income = fees_no};
    const auto back = decide_refund(asked);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->postings.size(), 2U);
    EXPECT_EQ(back->postings[1].code, money::TransferCode::fee_refund);
    EXPECT_EQ(back->postings[1].debit, fees_no);
    EXPECT_EQ(back->postings[1].amount, cny(6));
    asked.fee_policy = FeePolicy::keep;
    EXPECT_EQ(decide_refund(asked)->postings.size(), 1U);
}

// R1 and the fee: whatever the partial refunds, never more than was captured, and the fee comes back to the last unit.
TEST(DecideRefund, partial_refunds_add_up) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (int round = 0; round < 500; ++round) {
        const auto captured = static_cast<std::int64_t>(random() % 60) + 1;
        Payment original = paid(7, captured, static_cast<std::int64_t>(random() % 20) % (captured + 1));
        std::int64_t fee_back = 0;
        for (int step = 0; step < 40; ++step) {
            const auto asks = static_cast<std::int64_t>(random() % 12);
            const auto decided = decide_refund({.original = original,
                                                .amount = cny(asks),
                                                .receiver = wallet(0),
                                                .merchant_payable = merchant_no,
                                                .fee_income = fees_no});
            ASSERT_EQ(decided.has_value(), asks > 0 && asks <= original.refundable_minor());
            if (!decided) continue;
            ASSERT_GE(decided->fee_minor, 0);
            original.refunded_minor += asks;
            fee_back += decided->fee_minor;
            ASSERT_LE(fee_back, original.fee_minor);
        }
        ASSERT_LE(original.refunded_minor, original.captured_minor);
        if (original.refundable_minor() == 0) { ASSERT_EQ(fee_back, original.fee_minor); }
    }
}

// Through the real ledger: what is decided is accepted, and no money is made or lost.
TEST(Decisions, are_what_the_ledger_accepts) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (int round = 0; round < 200; ++round) {
        money::Ledger ledger;
        const AccountNo customer = ledger.open_account(AccountKind::customer_wallet, Currency::cny);
        const AccountNo merchant = ledger.open_account(AccountKind::merchant_payable, Currency::cny);
        const AccountNo fees = ledger.open_account(AccountKind::fee_income, Currency::cny);
        const AccountNo bank = ledger.open_account(AccountKind::settlement_bank, Currency::cny);
        const auto wallet_now = [&] {
            return Wallet{.account = customer, .available = cny(ledger.find(customer)->available_minor())};
        };
        std::vector<Payment> made;
        for (std::int64_t step = 1; step <= 30; ++step) {
            const Money amount = cny(static_cast<std::int64_t>(random() % 30));
            Decided decided = fail(PaymentRefusal::not_refundable);
            const auto choice = random() % 3;
            Payment* original = nullptr;
            if (choice == 0) decided = decide_top_up({.settlement_bank = bank, .payee = wallet_now(), .amount = amount});
            if (choice == 1) {
                decided = decide_payment({.payer = wallet_now(),
                                          .merchant_payable = merchant,
                                          .fee_income = fees,
                                          .amount = amount,
                                          .fee_minor = amount.minor() <= 0 ? 0 : share_half_even(amount.minor(), 6, 100)});
            }
            if (choice == 2 && !made.empty()) {
                original = &made[random() % made.size()];
                decided = decide_refund({.original = *original,
                                         .amount = amount,
                                         .receiver = wallet_now(),
                                         .merchant_payable = merchant,
                                         .fee_income = fees});
            }
            if (!decided) continue;
            ASSERT_TRUE(ledger.apply(decided->postings, step, moment_of_ms(step)));
            if (choice == 1) made.push_back(paid(step, amount.minor(), decided->fee_minor));
            if (choice == 2) original->refunded_minor += amount.minor();
            std::int64_t sum = 0;
            for (const money::Account& account : ledger.accounts()) sum += account.posted_minor();
            ASSERT_EQ(sum, 0);
            ASSERT_GE(ledger.find(customer)->posted_minor(), 0);
        }
    }
}

TEST(ShareHalfEven, rounds_half_to_even) {
    struct Case {
        std::int64_t amount, numerator, denominator, want;
    };
    for (const Case& c : {Case{5, 1, 2, 2}, Case{7, 1, 2, 4}, Case{1, 1, 2, 0}, Case{3, 1, 2, 2}, Case{10, 1, 3, 3},
                          Case{20, 1, 3, 7}, Case{0, 9, 7, 0}, Case{Money::limit_minor, 9999, 10000, 999900000000000},
                          Case{Money::limit_minor, Money::limit_minor, Money::limit_minor, Money::limit_minor}}) {
        EXPECT_EQ(share_half_even(c.amount, c.numerator, c.denominator), c.want) << c.amount << '*' << c.numerator;
    }
}

TEST(RefundKey, is_one_for_one_intent) {
    const Hash256 key = refund_key(7, 6, RefundReason::duplicate, 100);
    EXPECT_EQ(key, refund_key(7, 6, RefundReason::duplicate, 50));  // a pair goes back once, whatever was left
    EXPECT_NE(key, refund_key(6, 7, RefundReason::duplicate, 100));
    EXPECT_NE(key, refund_key(7, 6, RefundReason::error, 100));
    EXPECT_NE(refund_key(7, 0, RefundReason::goodwill, 100), refund_key(7, 0, RefundReason::goodwill, 50));
    EXPECT_EQ(refund_key(7, 0, RefundReason::goodwill, 100), refund_key(7, 0, RefundReason::goodwill, 100));
    for (int n = 1; n <= 5; ++n) {
        const auto reason = static_cast<RefundReason>(n);
        EXPECT_EQ(refund_reason_of_name(name_of(reason)), reason);
    }
}

TEST(Names, every_number_has_its_words) {
    for (int n = 0; n <= 38; ++n) {
        const auto refusal = refusal_of_number(n);
        ASSERT_TRUE(refusal);
        EXPECT_FALSE(code_of(*refusal).empty() || sentence_en(*refusal).empty() || sentence_zh(*refusal).empty());
    }
    EXPECT_FALSE(refusal_of_number(39));
    EXPECT_FALSE(kind_of_number(0) || kind_of_number(11) || state_of_number(0) || state_of_number(8));
    EXPECT_EQ(name_of(*kind_of_number(2)), "merchant_payment");
    EXPECT_EQ(name_of(*state_of_number(3)), "requires_capture");
}

TEST(PaymentRef, carries_sequence_and_moment) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    std::vector<std::int64_t> sequences{1, 2, 63, 64, 65, payment_seq_max - 1, payment_seq_max};
    for (int n = 0; n < 1000; ++n) {
        sequences.push_back(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(payment_seq_max)) + 1);
    }
    for (const std::int64_t seq : sequences) {
        const Moment at = moment_of_ms(static_cast<std::int64_t>(random() % (std::uint64_t{1} << 48U)));
        const PaymentId id = id_of(seq, at, sha256(std::to_string(seq)));
        ASSERT_EQ(seq_of(id), seq);
        ASSERT_EQ(created_of(id), at);
        ASSERT_TRUE(is_payment_id(id));
        ASSERT_EQ(id.text()[14], '8');  // version
        ASSERT_NE(std::string_view{"89ab"}.find(id.text()[19]), std::string_view::npos);  // variant
        ASSERT_EQ(parse_payment_ref(text_of(id)), id);
        ASSERT_EQ(id, id_of(seq, at, sha256(std::to_string(seq))));
        ASSERT_NE(id, id_of(seq, at, sha256("another key")));
    }
}

TEST(PaymentRef, ids_sort_by_time) {
    const Hash256 key = sha256("k");
    EXPECT_LT(id_of(9, moment_of_ms(1000), key), id_of(2, moment_of_ms(1001), key));
    EXPECT_LT(id_of(1, moment_of_ms(1000), key), id_of(2, moment_of_ms(1000), key));
}

TEST(PaymentRef, is_read_forgivingly) {
    const PaymentId id = id_of(42, *moment_of_rfc3339("2026-11-05T09:48:00Z"), sha256("k"));
    const std::string text = text_of(id);
    ASSERT_EQ(text.size(), 30U);
    std::string upper = text;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    const std::string spaced = text.substr(0, 10) + " " + text.substr(10, 5) + "-" + text.substr(15);
    for (const std::string& form : {text, upper, spaced, " " + text + " ", "pay-" + text.substr(4)}) {
        EXPECT_EQ(parse_payment_ref(form), id) << form;
        EXPECT_EQ(payment_refs_in("see " + form + ", please"), std::vector{id}) << form;
        EXPECT_EQ(payment_refs_in("交易号" + form + "，请核实"), std::vector{id}) << form;
    }
    EXPECT_EQ(payment_refs_in(text + " and again " + upper), std::vector{id});
    for (const std::string& form : {std::string{}, text.substr(0, 29), text + "a", text.substr(4), "x" + text,
                                    "pay_" + std::string(26, 'a'), "pay_" + std::string(26, '1')}) {
        EXPECT_EQ(parse_payment_ref(form), std::nullopt) << form;
        EXPECT_TRUE(payment_refs_in(form).empty()) << form;
    }
    std::string other_spare_bits = text;  // the last character has two bits that no id uses
    other_spare_bits.back() = static_cast<char>(other_spare_bits.back() + 1);
    EXPECT_EQ(parse_payment_ref(other_spare_bits), std::nullopt);
}

}  // namespace
}  // namespace okpay::payments
