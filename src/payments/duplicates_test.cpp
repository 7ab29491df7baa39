// SPDX-License-Identifier: Apache-2.0
#include "payments/duplicates.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/text.hpp"
#include "payments/automatic_refund.hpp"
#include "payments/pair.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::payments {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Moment noon = *moment_of_rfc3339("2026-11-05T04:00:00Z");  // 12:00 in Shanghai
const Moment later = noon + days{3};

struct Made {
    std::int64_t seq;
    Millis after;
    std::int64_t minor = 12'800;
    std::string order = {};
    std::string device = "phone-1";
    std::string memo = "Blue Bottle Coffee, Shanghai";
    PaymentState state = PaymentState::succeeded;
    std::string instrument = "wallet";
    std::int64_t refunded = 0;
    PaymentKind kind = PaymentKind::merchant_payment;
    std::int64_t merchant = 1;
    std::int64_t hold = 0;
};

Payment payment(const Made& made) {
    Payment p{.seq = made.seq,
              .id = id_of(made.seq, noon + made.after, sha256(std::to_string(made.seq))),
              .kind = made.kind,
              .state = made.state,
              .key = {},
              .payer = money::AccountNo{1},
              .payee = money::AccountNo{100 + made.merchant},
              .customer = customers::CustomerNo{1},
              .amount = *money::Money::of_minor(made.minor, money::Currency::cny),
              .order_ref = made.order,
              .memo = made.memo,
              .instrument = made.instrument,
              .device = made.device,
              .created = noon + made.after};
    if (made.kind == PaymentKind::merchant_payment) p.merchant = customers::MerchantNo{made.merchant};
    if (made.state == PaymentState::succeeded) p.captured_minor = made.minor;
    p.refunded_minor = made.refunded;
    p.hold = made.hold;
    return p;
}

std::vector<Payment> history_of(const std::vector<Made>& made) {
    std::vector<Payment> history;
    for (const Made& m : made) history.push_back(payment(m));
    return history;
}

Payment refund_of(std::int64_t seq, std::int64_t original, Millis after) {
    Payment p = payment({.seq = seq, .after = after, .kind = PaymentKind::refund});
    p.original = original;
    return p;
}

Hint stated(std::string amount, std::string_view local_time = "2026-11-05", std::string text = {}) {
    Hint hint{.amounts = {{.decimal = std::move(amount), .currency = money::Currency::cny}},
              .times = {},
              .transaction_ids = {},
              .text = std::move(text)};
    if (const auto span = customers::local_span("Asia/Shanghai", local_time)) hint.times.push_back(*span);
    return hint;
}

bool has(const std::vector<Reason>& reasons, Reason reason) {
    return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

// One row per class and per false positive of the field: what a pair is, and whether money would go back.
struct PairCase {
    std::string_view name;
    std::vector<Made> made;
    std::optional<PairClass> want;  // of the best finding between the last two; none where nothing may be found
};

const std::vector<PairCase>& pair_cases() {
    using enum PairClass;
    static const std::vector<PairCase> cases{
        // Refundable.
        {"same order", {{1, seconds{0}, 12'800, "A-1"}, {2, seconds{4}, 12'800, "A-1"}}, true_duplicate_same_order},
        {"same order, other case",
         {{1, seconds{0}, 12'800, "ord-77"}, {2, hours{5}, 12'800, "ORD-77"}},
         true_duplicate_same_order},
        {"merchant's own retry with new order id",
         {{1, seconds{0}, 12'800, "A-1001"}, {2, minutes{3}, 12'800, "A-1001-retry"}},
         true_duplicate_same_order},
        {"no reference, seconds, same device", {{1, seconds{0}}, {2, seconds{6}}}, true_duplicate_same_order},
        {"other references, seconds, same device",
         {{1, seconds{0}, 12'800, "8831"}, {2, seconds{6}, 12'800, "8842"}},
         true_duplicate_same_order},
        {"over-collection: more than was authorised for the order",
         {{.seq = 1, .after = seconds{0}, .order = "A-1", .hold = 7}, {2, hours{1}, 3'000, "A-1"}},
         over_collection},
        {"two unequal charges of one order", {{1, seconds{0}, 12'800, "A-1"}, {2, hours{1}, 3'000, "A-1"}}, unclear},
        // Explained by the states.
        {"failed, then succeeded",
         {{1, seconds{0}, 12'800, "", "phone-1", "Cafe", PaymentState::failed},
          {2, seconds{40}, 12'800, "", "phone-1", "Cafe"}},
         failed_then_succeeded},
        {"hold and capture",
         {{1, seconds{0}, 50'000, "H-9", "pos", "Hotel Sun", PaymentState::requires_capture},
          {2, days{2}, 41'000, "H-9", "pos", "Hotel Sun"}},
         hold_and_capture},
        {"incremental authorisation",
         {{1, seconds{0}, 50'000, "H-9", "pos", "Hotel Sun", PaymentState::requires_capture},
          {2, hours{20}, 50'000, "H-9", "pos", "Hotel Sun", PaymentState::requires_capture}},
         hold_and_capture},
        {"the authorisation was raised, and both were taken",
         {{.seq = 1, .after = seconds{0}, .minor = 50'000, .order = "H-9", .memo = "Hotel Sun", .hold = 7},
          {.seq = 2, .after = hours{20}, .minor = 21'000, .order = "H-9-2", .memo = "Hotel Sun", .hold = 8}},
         hold_and_capture},
        {"another night at the same price was authorised, and both were taken",
         {{.seq = 1, .after = seconds{0}, .minor = 50'000, .order = "H-9", .memo = "Hotel Sun", .hold = 7},
          {.seq = 2, .after = hours{20}, .minor = 50'000, .order = "H-9-2", .memo = "Hotel Sun", .hold = 8}},
         unclear},
        {"another night, authorised more than a day later",
         {{.seq = 1, .after = seconds{0}, .minor = 50'000, .order = "H-9", .memo = "Hotel Sun", .hold = 7},
          {.seq = 2, .after = hours{26}, .minor = 50'000, .order = "H-9-2", .memo = "Hotel Sun", .hold = 8}},
         unclear},
        {"the same under one reference",
         {{.seq = 1, .after = seconds{0}, .minor = 50'000, .order = "H-9", .memo = "Hotel Sun", .hold = 7},
          {.seq = 2, .after = hours{20}, .minor = 50'000, .order = "H-9", .memo = "Hotel Sun", .hold = 8}},
         unclear},
        {"an authorisation retried at once, and both were taken",
         {{.seq = 1, .after = seconds{0}, .minor = 50'000, .order = "H-9", .memo = "Hotel Sun", .hold = 7},
          {.seq = 2, .after = seconds{9}, .minor = 50'000, .order = "H-9-2", .memo = "Hotel Sun", .hold = 8}},
         true_duplicate_same_order},
        {"a tip that only its reference tells of",
         {{1, seconds{0}, 24'000, "CK-17"}, {2, minutes{40}, 3'600, "CK-17-TIP"}},
         separate_purchases},
        {"a charge for changing money, in Chinese",
         {{1, seconds{0}, 24'000, "CK-17", "phone-1", "云上航空"},
          {2, seconds{4}, 360, "CK-18", "phone-1", "云上航空 货币兑换费"}},
         fee_line},
        {"a shop in a street called after a gate is no gate",
         {{1, seconds{0}, 4'635, "", "phone-1", "Green Market North Gate"},
          {2, seconds{7}, 4'635, "", "phone-1", "Green Market North Gate"}},
         true_duplicate_same_order},
        {"a retry three minutes later under another reference",
         {{1, seconds{0}, 12'800, "8831"}, {2, seconds{150}, 12'800, "8842"}},
         unclear},
        {"re-order after a cancelled hold",
         {{1, seconds{0}, 12'800, "", "phone-1", "Cafe", PaymentState::canceled},
          {2, minutes{9}, 12'800, "", "phone-1", "Cafe"}},
         hold_and_capture},
        {"already refunded",
         {{1, seconds{0}, 12'800, "A-1"},
          {2, seconds{4}, 12'800, "A-1", "phone-1", "Cafe", PaymentState::succeeded, "wallet", 12'800}},
         already_refunded},
        // False positives.
        {"two tickets at the gate",
         {{1, seconds{0}, 400, "G-1", "gate-7", "Metro Line 2 gate"},
          {2, seconds{5}, 400, "G-2", "gate-7", "Metro Line 2 gate"}},
         separate_purchases},
        {"two tickets at the gate, in Chinese",
         {{1, seconds{0}, 400, "", "gate-7", "上海地铁 2 号线"}, {2, seconds{5}, 400, "", "gate-7", "上海地铁 2 号线"}},
         separate_purchases},
        {"two equal donations",
         {{1, seconds{0}, 10'000, "", "phone-1", "Red Cross donation"},
          {2, seconds{20}, 10'000, "", "phone-1", "Red Cross donation"}},
         separate_purchases},
        {"vending",
         {{1, seconds{0}, 350, "", "phone-1", "友宝自动售货机"}, {2, seconds{25}, 350, "", "phone-1", "友宝自动售货机"}},
         separate_purchases},
        {"tip added later",
         {{1, seconds{0}, 20'000, "T-5", "pos", "Bistro Nord"}, {2, minutes{30}, 3'000, "T-5", "pos", "Bistro Nord tip"}},
         separate_purchases},
        {"split tender",
         {{1, seconds{0}, 9'000, "T-5"},
          {2, seconds{30}, 3'800, "T-5", "phone-1", "Blue Bottle Coffee, Shanghai", PaymentState::succeeded,
           "card ····4242"}},
         separate_purchases},
        {"split in equal halves",
         {{1, seconds{0}, 6'400, "T-5"},
          {2, seconds{30}, 6'400, "T-5", "phone-1", "Blue Bottle Coffee, Shanghai", PaymentState::succeeded,
           "card ····4242"}},
         unclear},
        {"instalments by number", {{1, seconds{0}, 50'000, "L-8/1"}, {2, seconds{20}, 50'000, "L-8/2"}}, separate_purchases},
        {"instalments by word",
         {{1, seconds{0}, 50'000, "", "web", "家电城 分期"}, {2, seconds{20}, 50'000, "", "web", "家电城 分期"}},
         separate_purchases},
        {"family sharing an account",
         {{1, seconds{0}},
          {2, seconds{20}, 12'800, "", "phone-2", "Blue Bottle Coffee, Shanghai", PaymentState::succeeded, "card ····4242"}},
         other_person},
        {"monthly fee on the 1st and on the 31st",
         {{1, days{0}, 2'500, "", "", "Cloud Music membership"}, {2, days{30}, 2'500, "", "", "Cloud Music membership"}},
         subscription_cycle},
        {"fee line",
         {{1, seconds{0}, 20'000, "", "web", "Overseas Books"},
          {2, seconds{1}, 300, "", "web", "Overseas Books conversion fee"}},
         fee_line},
        {"top-up and payment of equal amount",
         {{1, seconds{0}, 12'800, "", "", "", PaymentState::succeeded, "wallet", 0, PaymentKind::top_up}, {2, seconds{5}}},
         std::nullopt},
        {"two merchants",
         {{1, seconds{0}},
          {2, seconds{5}, 12'800, "", "phone-1", "Cafe", PaymentState::succeeded, "wallet", 0, PaymentKind::merchant_payment,
           2}},
         std::nullopt},
        {"to a person twice",
         {{1, seconds{0}, 12'800, "", "phone-1", "Li", PaymentState::succeeded, "wallet", 0, PaymentKind::person_to_person},
          {2, seconds{5}, 12'800, "", "phone-1", "Li", PaymentState::succeeded, "wallet", 0, PaymentKind::person_to_person}},
         unclear},
        {"morning and evening coffee", {{1, hours{0}, 3'200, "501"}, {2, hours{8}, 3'200, "733"}}, separate_purchases},
        {"amount and time alone", {{1, seconds{0}, 12'800, "", ""}, {2, seconds{20}, 12'800, "", ""}}, unclear},
        {"a bank has not told of one",
         {{.seq = 1, .after = seconds{0}}, {.seq = 2, .after = minutes{5}, .state = PaymentState::unknown}},
         unclear},
        {"one came back from the bank",
         {{.seq = 1, .after = seconds{0}, .state = PaymentState::returned}, {.seq = 2, .after = hours{2}}},
         already_refunded},
        {"a minute apart, no reference", {{1, seconds{0}}, {2, seconds{70}}}, unclear},
        {"other amounts", {{1, seconds{0}, 12'800}, {2, seconds{5}, 12'900}}, std::nullopt},
        {"two months apart", {{1, days{0}}, {2, days{60}}}, std::nullopt},
        {"both failed",
         {{1, seconds{0}, 1, "", "", "", PaymentState::failed}, {2, seconds{5}, 1, "", "", "", PaymentState::failed}},
         std::nullopt},
    };
    return cases;
}

TEST(FindDuplicates, says_what_each_pair_is) {
    for (const PairCase& c : pair_cases()) {
        SCOPED_TRACE(c.name);
        const auto history = history_of(c.made);
        const auto found = find_duplicates(history, Hint{}, history.back().created + days{1});
        if (!c.want) {
            EXPECT_TRUE(found.empty()) << name_of(found.front().pair_class);
            continue;
        }
        ASSERT_EQ(found.size(), 1U);
        const Finding& finding = found.front();
        EXPECT_EQ(name_of(finding.pair_class), name_of(*c.want));
        EXPECT_EQ(finding.first, 1);
        EXPECT_EQ(finding.second, 2);
        EXPECT_EQ(finding.give_back, ends_in_refund(*c.want) ? 2 : 0);
        EXPECT_EQ(finding.duplicate_of, ends_in_refund(*c.want) ? 1 : 0);
        EXPECT_EQ(finding.refundable.has_value(), ends_in_refund(*c.want));
        if (finding.refundable) { EXPECT_EQ(*finding.refundable, history.back().amount); }
        EXPECT_FALSE(finding.reasons.empty());
        EXPECT_TRUE(finding.explanation_en.ends_with('.')) << finding.explanation_en;
        EXPECT_TRUE(finding.explanation_zh.ends_with("。")) << finding.explanation_zh;
    }
}

// Money goes back only where more than amount and time speaks for it.
TEST(FindDuplicates, never_refunds_on_amount_and_time_alone) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (int round = 0; round < 300; ++round) {
        std::vector<Payment> history;
        for (std::int64_t seq = 1; seq <= 12; ++seq) {
            history.push_back(payment({.seq = seq,
                                       .after = seconds{static_cast<std::int64_t>(random() % 200)},
                                       .minor = static_cast<std::int64_t>(random() % 2 + 1) * 100,
                                       .order = random() % 2 == 0 ? "" : "order-" + std::to_string(random() % 4 + 10),
                                       .device = random() % 2 == 0 ? "" : "d" + std::to_string(random() % 2),
                                       .memo = "Cafe"}));
        }
        for (const Finding& finding : find_duplicates(history, stated("1.00"), later)) {
            ASSERT_GE(finding.score, 0);
            ASSERT_LE(finding.score, 100);
            if (finding.give_back == 0) continue;
            ASSERT_TRUE(has(finding.reasons, Reason::same_order_reference) ||
                        has(finding.reasons, Reason::retried_order_reference) ||
                        (has(finding.reasons, Reason::same_device) && has(finding.reasons, Reason::within_30_seconds)));
            ASSERT_GT(finding.give_back, 0);
            ASSERT_LE(finding.refundable->minor(), history[static_cast<std::size_t>(finding.give_back - 1)].captured_minor);
        }
    }
}

TEST(FindDuplicates, the_order_of_the_history_changes_nothing) {
    std::vector<Payment> history;
    for (const PairCase& c : pair_cases()) {
        for (const Payment& p : history_of(c.made)) {
            Payment copy = p;
            copy.seq = static_cast<std::int64_t>(history.size()) + 1;
            history.push_back(copy);
        }
    }
    const auto summary = [](const std::vector<Finding>& findings) {
        std::vector<std::tuple<std::int64_t, std::int64_t, PairClass, int>> rows;
        for (const Finding& f : findings) rows.emplace_back(f.first, f.second, f.pair_class, f.score);
        return rows;
    };
    const auto before = summary(find_duplicates(history, stated("128.00"), later));
    EXPECT_EQ(before.size(), findings_max);
    std::mt19937_64 random{7};
    for (int round = 0; round < 20; ++round) {
        std::shuffle(history.begin(), history.end(), random);
        ASSERT_EQ(summary(find_duplicates(history, stated("128.00"), later)), before);
    }
}

// The doubled coffee among a life of other payments: found first, by what the mail states.
TEST(FindDuplicates, the_stated_pair_comes_first) {
    std::vector<Made> made;
    for (std::int64_t day = 0; day < 20; ++day) {
        made.push_back(
            {.seq = day * 3 + 1, .after = -days{day}, .minor = 3'200 + day, .order = "L" + std::to_string(100 + day)});
        made.push_back({.seq = day * 3 + 2,
                        .after = -days{day} + hours{1},
                        .minor = 9'900,
                        .order = "Z" + std::to_string(100 + day),
                        .memo = "全家便利店",
                        .merchant = 2});
        made.push_back({.seq = day * 3 + 3,
                        .after = -days{day} + hours{2},
                        .minor = 9'900,
                        .order = "Z" + std::to_string(300 + day),
                        .memo = "全家便利店",
                        .merchant = 2});
    }
    made.push_back({.seq = 100, .after = hours{5}, .minor = 12'800, .order = "A-1001"});
    made.push_back({.seq = 101, .after = hours{5} + seconds{7}, .minor = 12'800, .order = "A-1001-2"});
    const auto found =
        find_duplicates(history_of(made), stated("128", "2026-11-05T17:00", "Blue Bottle charged me twice"), later);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].first, 100);
    EXPECT_EQ(found[0].give_back, 101);
    EXPECT_EQ(found[0].pair_class, PairClass::true_duplicate_same_order);
    EXPECT_GE(found[0].score, 90);
    for (const Reason reason : {Reason::stated_amount, Reason::stated_time, Reason::stated_merchant, Reason::same_device}) {
        EXPECT_TRUE(has(found[0].reasons, reason)) << name_of(reason);
    }
    if (found.size() > 1) { EXPECT_LT(found[1].score + 20, found[0].score); }
}

TEST(FindDuplicates, the_sum_of_both_counts_as_stated) {
    const auto history = history_of({{1, seconds{0}, 12'800, "A-1"}, {2, seconds{4}, 12'800, "A-1"}});
    EXPECT_TRUE(has(find_duplicates(history, stated("256.00"), later)[0].reasons, Reason::stated_amount));
}

TEST(FindDuplicates, another_stated_amount_or_day_lowers_the_score) {
    const auto history = history_of({{1, seconds{0}, 12'800, "A-1"}, {2, seconds{4}, 12'800, "A-1"}});
    const int plain = find_duplicates(history, Hint{}, later)[0].score;
    EXPECT_GT(find_duplicates(history, stated("128.00"), later)[0].score, plain);
    EXPECT_LT(find_duplicates(history, stated("128.00", "2026-10-01"), later)[0].score, plain);
    for (const Finding& finding : find_duplicates(history, stated("55.00", "2026-10-01"), later)) {
        EXPECT_LT(finding.score, plain);
    }
}

TEST(FindDuplicates, the_customers_usual_rhythm_makes_two_purchases_likelier) {
    std::vector<Made> made;
    for (std::int64_t day = 1; day <= 5; ++day) {  // two teas within seconds every day, for two people
        made.push_back({.seq = day * 2, .after = -days{day}, .minor = 1'800, .memo = "Tea House"});
        made.push_back({.seq = day * 2 + 1, .after = -days{day} + seconds{20}, .minor = 1'800, .memo = "Tea House"});
    }
    made.push_back({.seq = 20, .after = seconds{0}, .minor = 1'800, .memo = "Tea House"});
    made.push_back({.seq = 21, .after = seconds{15}, .minor = 1'800, .memo = "Tea House"});
    const auto found = find_duplicates(history_of(made), stated("18.00"), later);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].second, 21);
    EXPECT_EQ(found[0].pair_class, PairClass::separate_purchases);
    EXPECT_TRUE(has(found[0].reasons, Reason::usual_rhythm));
    // Once is no rhythm.
    const auto once =
        find_duplicates(history_of({{1, -days{1}}, {2, -days{1} + hours{8}}, {3, seconds{0}}, {4, seconds{9}}}),
                        stated("128.00"), later);
    EXPECT_EQ(once[0].second, 4);
    EXPECT_EQ(once[0].pair_class, PairClass::true_duplicate_same_order);
}

TEST(FindDuplicates, a_new_order_after_a_refund_is_a_purchase) {
    auto history = history_of({{1, seconds{0}}, {2, minutes{20}}});
    history[0].refunded_minor = history[0].captured_minor;
    history.push_back(refund_of(3, 1, minutes{10}));
    const auto before = find_duplicates(history, Hint{}, later);
    ASSERT_EQ(before.size(), 1U);
    EXPECT_EQ(before[0].pair_class, PairClass::separate_purchases);
    EXPECT_TRUE(has(before[0].reasons, Reason::refunded_before_second));
    history[2].created = noon + hours{2};
    EXPECT_EQ(find_duplicates(history, Hint{}, later)[0].pair_class, PairClass::already_refunded);
}

TEST(FindDuplicates, what_the_bank_of_the_card_took_back_is_not_given_back_again) {
    const auto history = history_of({{1, seconds{0}, 12'800, "A-1"}, {2, seconds{20}, 12'800, "A-1"}});
    ASSERT_EQ(find_duplicates(history, Hint{}, later)[0].pair_class, PairClass::true_duplicate_same_order);
    for (const std::int64_t which : {1, 2}) {
        const TakenBack whole{.payment = which, .minor = 12'800};
        const Finding found = find_duplicates(history, Hint{}, later, {&whole, 1})[0];
        EXPECT_EQ(found.pair_class, PairClass::already_refunded);
        EXPECT_TRUE(has(found.reasons, Reason::one_taken_back));
        EXPECT_FALSE(has(found.reasons, Reason::one_refunded));
        EXPECT_EQ(found.give_back, 0);
        EXPECT_FALSE(certain(found));
        EXPECT_NE(found.explanation_en.find("bank"), std::string::npos);
    }
    const TakenBack part{.payment = 2, .minor = 800};
    const Finding rest = find_duplicates(history, Hint{}, later, {&part, 1})[0];
    EXPECT_EQ(rest.pair_class, PairClass::true_duplicate_same_order);
    EXPECT_EQ(rest.refundable->minor(), 12'000);
}

TEST(FindDuplicates, money_sent_back_and_forth_is_no_pair) {
    auto history = history_of(
        {{1, seconds{0}, 12'800, "", "", "Li", PaymentState::succeeded, "wallet", 0, PaymentKind::person_to_person},
         {2, seconds{30}, 12'800, "", "", "Li", PaymentState::succeeded, "wallet", 0, PaymentKind::person_to_person}});
    std::swap(history[1].payer, history[1].payee);
    EXPECT_TRUE(find_duplicates(history, Hint{}, later).empty());
}

TEST(FindDuplicates, partly_refunded_gives_back_what_is_left) {
    auto history = history_of({{1, seconds{0}, 12'800, "A-1"}, {2, seconds{4}, 12'800, "A-1"}});
    history[1].refunded_minor = 800;
    const auto found = find_duplicates(history, Hint{}, later);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].refundable->minor(), 12'000);
}

TEST(FindDuplicates, says_so_where_no_pair_is_meant) {
    const auto history = history_of({{1, seconds{0}, 12'800, "A-1"}, {2, hours{5}, 5'000, "B-7", "phone-1", "Books"}});
    const auto shown = find_duplicates(history, stated("128.00"), later);
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].pair_class, PairClass::same_attempt_shown_twice);
    EXPECT_EQ(shown[0].first, 1);
    EXPECT_EQ(shown[0].second, 1);
    const auto elsewhere = find_duplicates(history, stated("77.00"), later);
    ASSERT_EQ(elsewhere.size(), 1U);
    EXPECT_EQ(elsewhere[0].pair_class, PairClass::not_ours);
    EXPECT_EQ(elsewhere[0].first, 0);
    EXPECT_EQ(elsewhere[0].give_back, 0);
    EXPECT_TRUE(find_duplicates(history, Hint{}, later).empty());
    const auto nothing_paid = find_duplicates({}, stated("77.00"), later);  // for weeks, and yet a charge is spoken of
    ASSERT_EQ(nothing_paid.size(), 1U);
    EXPECT_EQ(nothing_paid[0].pair_class, PairClass::not_ours);
    EXPECT_FALSE(nothing_paid[0].explanation_en.empty());
    EXPECT_TRUE(find_duplicates({}, Hint{}, later).empty());
}

// The same sum at the same shop in another week explains nothing of what was seen on the day that the customer names.
TEST(FindDuplicates, one_payment_of_the_stated_day_is_told_before_a_pair_that_reaches_to_another) {
    const auto history = history_of(
        {{.seq = 1, .after = seconds{0}, .order = "A-1", .hold = 7}, {.seq = 2, .after = days{13}, .order = "B-9"}});
    const auto found = find_duplicates(history, stated("128.00", "2026-11-05"), later + days{20});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].pair_class, PairClass::hold_and_capture);
    EXPECT_EQ(std::pair(found[0].first, found[0].second), std::pair(std::int64_t{1}, std::int64_t{1}));
    EXPECT_EQ(found[1].pair_class, PairClass::separate_purchases);
    // Without a day either may be meant.
    const auto any_day = find_duplicates(history, stated("128.00", ""), later + days{20});
    ASSERT_EQ(any_day.size(), 1U);
    EXPECT_EQ(any_day[0].pair_class, PairClass::separate_purchases);
}

TEST(FindDuplicates, explains_without_amounts) {
    for (const PairCase& c : pair_cases()) {
        for (const Finding& f : find_duplicates(history_of(c.made), Hint{}, later + days{60})) {
            EXPECT_EQ(f.explanation_en.find("128"), std::string::npos);
            EXPECT_EQ(f.explanation_zh.find("128"), std::string::npos);
            EXPECT_TRUE(is_utf8(f.explanation_zh));
        }
    }
}

struct OrderCase {
    std::string_view first, second;
    OrderRelation want;
};
TEST(OrderRelation, tells_retries_from_parts) {
    for (const OrderCase& c : {
             OrderCase{"", "", OrderRelation::unknown},
             OrderCase{"A-1", "", OrderRelation::unknown},
             OrderCase{"A-1", "a-1 ", OrderRelation::same},
             OrderCase{"A-1001", "A-1001-2", OrderRelation::retried},
             OrderCase{"A-1001", "A-1001R", OrderRelation::retried},
             OrderCase{"A-1001_retry", "A-1001", OrderRelation::retried},
             OrderCase{"A-1001", "A-10012", OrderRelation::different},
             OrderCase{"A-1001/1", "A-1001/2", OrderRelation::numbered},
             OrderCase{"A-1", "A-2", OrderRelation::numbered},
             OrderCase{"A-1001", "A-1002", OrderRelation::different},
             OrderCase{"A-1001", "A-1001-20261105", OrderRelation::different},
             OrderCase{"A", "A-1", OrderRelation::different},
         }) {
        EXPECT_EQ(relation_of(c.first, c.second), c.want) << c.first << ' ' << c.second;
        EXPECT_EQ(relation_of(c.second, c.first), c.want) << c.second << ' ' << c.first;
    }
}

TEST(Candidates, rank_what_is_stated) {
    auto history = history_of({{1, seconds{0}, 12'800, "A-1"},
                               {2, hours{5}, 5'000, "B-7", "phone-1", "全家便利店（人民广场店）"},
                               {3, -days{4}, 12'800, "A-9", "phone-1", "Books"},
                               {4, -days{9}, 700, "C-1", "phone-1", "Metro"}});
    const auto best = [&](const Hint& hint) {
        const auto found = candidates(history, hint, later);
        return found.empty() ? 0 : found.front().payment;
    };
    EXPECT_EQ(best(stated("128.00")), 1);
    EXPECT_EQ(best(stated("128.00", "2026-11-01")), 3);
    EXPECT_EQ(best(stated("50", "", "昨天在全家便利店付款失败")), 2);
    EXPECT_EQ(best(Hint{.transaction_ids = {"c-1"}}), 4);
    EXPECT_EQ(best(Hint{.transaction_ids = {text_of(history[3].id)}}), 4);
    EXPECT_EQ(best(Hint{.text = "my purchase at Books went wrong"}), 3);
    EXPECT_EQ(best(Hint{}), 0);
    EXPECT_EQ(best(stated("1.00", "2026-01-01")), 0);
    const auto many = candidates(history, stated("128.00"), later);
    for (std::size_t n = 1; n < many.size(); ++n) EXPECT_GE(many[n - 1].score, many[n].score);
    EXPECT_TRUE(has(many[0].reasons, Reason::stated_amount) && has(many[0].reasons, Reason::stated_time));
}

TEST(Candidates, an_id_of_another_key_is_not_this_payment) {
    const auto history = history_of({{1, seconds{0}}});
    const PaymentId made_up = id_of(1, noon, sha256("guessed"));
    EXPECT_TRUE(candidates(history, Hint{.transaction_ids = {text_of(made_up)}}, later).empty());
}

}  // namespace
}  // namespace okpay::payments
