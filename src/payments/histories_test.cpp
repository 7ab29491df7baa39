// SPDX-License-Identifier: Apache-2.0
// Histories written to lead the classifier astray, in words that its lists do not all know. Each says what the last two
// rows are to each other, and whether any refund may be proposed, or made without a person, in the whole history.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "payments/automatic_refund.hpp"
#include "payments/pair.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::payments {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using enum PaymentState;
using enum PaymentKind;

const Moment morning = *moment_of_rfc3339("2026-09-01T01:30:00Z");

struct Row {
    Millis after{0};
    std::int64_t minor = 0;
    std::string order = {};
    std::string memo = "Harbour Stores";
    std::string device = "handset-a";
    std::string instrument = "wallet";
    PaymentState state = succeeded;
    PaymentKind kind = merchant_payment;
    std::int64_t merchant = 3;
    money::Currency currency = money::Currency::cny;
    std::int64_t refunded = 0;
    std::int64_t original = 0;
    std::int64_t hold = 0;
    bool back = false;  // between people: the other way
};

enum class Refund : std::uint8_t { none, proposed, automatic };

struct Case {
    std::string_view name;
    std::vector<Row> rows;                // sequences from 1; the last two that are no refunds are the pair
    std::optional<PairClass> pair_class;  // none: nothing may be said of them
    Refund refund = Refund::none;
};

std::vector<Payment> history_of(const std::vector<Row>& rows) {
    std::vector<Payment> history;
    for (const Row& row : rows) {
        const auto seq = static_cast<std::int64_t>(history.size()) + 1;
        Payment p{.seq = seq,
                  .id = id_of(seq, morning + row.after, sha256(std::to_string(seq))),
                  .kind = row.kind,
                  .state = row.state,
                  .key = {},
                  .payer = money::AccountNo{row.back ? 9 : 1},
                  .payee = money::AccountNo{row.back                       ? 1
                                            : row.kind == person_to_person ? 9
                                                                           : 100 + row.merchant},
                  .customer = customers::CustomerNo{1},
                  .amount = *money::Money::of_minor(row.minor, row.currency),
                  .order_ref = row.order,
                  .memo = row.memo,
                  .instrument = row.instrument,
                  .device = row.device,
                  .original = row.original,
                  .hold = row.hold,
                  .created = morning + row.after};
        if (row.kind == merchant_payment) p.merchant = customers::MerchantNo{row.merchant};
        if (row.state == succeeded && row.kind != refund) p.captured_minor = row.minor;
        p.refunded_minor = row.refunded;
        history.push_back(std::move(p));
    }
    return history;
}

// --- Charged twice --------------------------------------------------------------------------------------------------

std::vector<Case> doubles() {
    using enum PairClass;
    return {
        {"one order, one second apart",
         {{seconds{0}, 8'835, "HS5521"}, {seconds{1}, 8'835, "HS5521"}},
         true_duplicate_same_order,
         Refund::automatic},
        {"one order, hours apart",
         {{hours{0}, 8'835, "HS5521"}, {hours{7}, 8'835, "hs5521 "}},
         true_duplicate_same_order,
         Refund::automatic},
        {"one order, from a server that names no device",
         {{hours{0}, 8'835, "单号20260901-77", "港口百货", ""}, {hours{2}, 8'835, "单号20260901-77", "港口百货", ""}},
         true_duplicate_same_order,
         Refund::automatic},
        {"one order, the second line worded otherwise",
         {{seconds{0}, 8'835, "HS5521", "Harbour Stores"}, {seconds{9}, 8'835, "HS5521", "HARBOURSTORES*WEB"}},
         true_duplicate_same_order,
         Refund::automatic},
        {"one order, two days apart",
         {{days{0}, 8'835, "HS5521"}, {days{2}, 8'835, "HS5521"}},
         true_duplicate_same_order,
         Refund::proposed},
        {"one order from two handsets",
         {{hours{0}, 8'835, "HS5521"}, {hours{1}, 8'835, "HS5521", "Harbour Stores", "handset-b"}},
         true_duplicate_same_order,
         Refund::proposed},
        {"one order, of which a part went back",
         {{hours{0}, 8'835, "HS5521"}, {.after = hours{1}, .minor = 8'835, .order = "HS5521", .refunded = 335}},
         true_duplicate_same_order,
         Refund::automatic},
        {"a retry marked by the merchant",
         {{seconds{0}, 8'835, "HS5521"}, {seconds{14}, 8'835, "HS5521-retry"}},
         true_duplicate_same_order,
         Refund::proposed},
        {"a retry with a count",
         {{seconds{0}, 8'835, "HS5521"}, {minutes{4}, 8'835, "HS5521_2"}},
         true_duplicate_same_order,
         Refund::proposed},
        {"a retry in Chinese",
         {{seconds{0}, 8'835, "HS5521", "港口百货"}, {minutes{4}, 8'835, "HS5521-重试", "港口百货"}},
         true_duplicate_same_order,
         Refund::proposed},
        {"a retry that the clock puts before the first",
         {{seconds{3}, 8'835, "HS5521"}, {milliseconds{2'600}, 8'835, "HS5521-2"}},
         true_duplicate_same_order,
         Refund::proposed},
        {"a retry by a guest who comes twice a day",
         {{days{0}, 8'835, "HS5001"},
          {days{0} + hours{3}, 8'835, "HS5002"},
          {days{1}, 8'835, "HS5101"},
          {days{1} + hours{3}, 8'835, "HS5102"},
          {days{2}, 8'835, "HS5201"},
          {days{2} + hours{3}, 8'835, "HS5201-R1", "Harbour Stores", ""}},
         true_duplicate_same_order,
         Refund::proposed},
        {"the merchant's retry under a new order, in seconds",
         {{seconds{0}, 8'835, "HS5521"}, {seconds{6}, 8'835, "HS5530"}},
         true_duplicate_same_order,
         Refund::proposed},
        {"a till without references, two taps",
         {{seconds{0}, 8'835}, {seconds{5}, 8'835}},
         true_duplicate_same_order,
         Refund::proposed},
        {"a refund that failed stops nothing",
         {{hours{0}, 8'835, "HS5521"},
          {.after = hours{2}, .minor = 8'835, .state = failed, .kind = refund, .original = 3},
          {hours{1}, 8'835, "HS5521"}},
         true_duplicate_same_order,
         Refund::automatic},
        {"beyond what was authorised and taken",
         {{.after = hours{0}, .minor = 50'000, .order = "R-9", .memo = "Inn by the Lake", .hold = 4},
          {hours{9}, 7'000, "R-9", "Inn by the Lake"}},
         over_collection,
         Refund::proposed},
        {"three charges of one order",
         {{seconds{0}, 8'835, "HS5521"}, {seconds{5}, 8'835, "HS5521"}, {seconds{9}, 8'835, "HS5521"}},
         std::nullopt,
         Refund::automatic},
    };
}

// --- Read from the states -------------------------------------------------------------------------------------------

std::vector<Case> states() {
    using enum PairClass;
    return {
        {"refused, then paid",
         {{.after = seconds{0}, .minor = 4'410, .order = "K1", .state = failed}, {seconds{50}, 4'410, "K1"}},
         failed_then_succeeded},
        {"paid, then refused",
         {{seconds{0}, 4'410, "K1"}, {.after = seconds{50}, .minor = 4'410, .order = "K1", .state = failed}},
         failed_then_succeeded},
        {"two refusals",
         {{.after = seconds{0}, .minor = 4'410, .state = failed}, {.after = seconds{5}, .minor = 4'410, .state = failed}},
         std::nullopt},
        {"a hold and what was taken of it, under a reference",
         {{.after = days{0}, .minor = 90'000, .order = "ROOM-4", .memo = "湖畔客栈", .state = requires_capture},
          {days{3}, 71'500, "ROOM-4", "湖畔客栈"}},
         hold_and_capture},
        {"the petrol pump asks for more than it takes",
         {{.after = seconds{0}, .minor = 60'000, .memo = "Northway Fuel", .state = canceled},
          {minutes{6}, 31'277, "", "Northway Fuel"}},
         hold_and_capture},
        {"the authorisation raised on the second night",
         {{.after = hours{0}, .minor = 90'000, .order = "ROOM-4", .state = requires_capture},
          {.after = hours{22}, .minor = 90'000, .order = "ROOM-4", .state = requires_capture}},
         hold_and_capture},
        {"a hold taken in two equal parts",
         {{.after = hours{0}, .minor = 20'000, .order = "BX-2", .state = canceled},
          {hours{20}, 10'000, "BX-2"},
          {hours{30}, 10'000, "BX-2"}},
         hold_and_capture},
        {"a hold taken in two unequal parts",
         {{.after = hours{0}, .minor = 20'000, .order = "BX-2", .state = requires_capture},
          {hours{20}, 12'000, "BX-2"},
          {hours{30}, 6'000, "BX-2"}},
         hold_and_capture},
        {"a hold of one order, a smaller purchase under another",
         {{.after = days{0}, .minor = 90'000, .order = "ROOM-4", .state = canceled}, {days{3}, 71'500, "ROOM-9X"}},
         std::nullopt},
        {"let go, ordered anew",
         {{.after = minutes{0}, .minor = 4'410, .order = "K1", .state = canceled}, {minutes{30}, 4'410, "K2"}},
         hold_and_capture},
        {"the double went back",
         {{seconds{0}, 8'835, "HS5521"}, {.after = seconds{8}, .minor = 8'835, .order = "HS5521", .refunded = 8'835}},
         already_refunded},
        {"the first went back",
         {{.after = seconds{0}, .minor = 8'835, .order = "HS5521", .refunded = 8'835}, {seconds{8}, 8'835, "HS5521"}},
         already_refunded},
        {"the refund is on its way",
         {{seconds{0}, 8'835, "HS5521"},
          {.after = hours{1}, .minor = 8'835, .state = PaymentState::processing, .kind = refund, .original = 3},
          {seconds{8}, 8'835, "HS5521"}},
         already_refunded},
        {"one part went back and the rest is on its way",
         {{seconds{0}, 8'835, "HS5521"},
          {.after = hours{1}, .minor = 8'000, .state = requires_capture, .kind = refund, .original = 3},
          {.after = seconds{8}, .minor = 8'835, .order = "HS5521", .refunded = 835}},
         already_refunded},
        {"given back, then bought again",
         {{.after = hours{0}, .minor = 8'835, .order = "HS5521", .refunded = 8'835},
          {.after = hours{3}, .minor = 8'835, .kind = refund, .original = 1},
          {hours{5}, 8'835, "HS5577"}},
         separate_purchases},
    };
}

// --- Only look like it ----------------------------------------------------------------------------------------------

std::vector<Case> look_alikes() {
    using enum PairClass;
    return {
        {"two seats, by number",
         {{seconds{0}, 9'000, "", "Opera House seat 14"}, {seconds{8}, 9'000, "", "Opera House seat 15"}},
         separate_purchases},
        {"two seats, in Chinese",
         {{seconds{0}, 9'000, "", "大观楼 七排"}, {seconds{8}, 9'000, "", "大观楼 八排"}},
         separate_purchases},
        {"a child and an adult at one price",
         {{seconds{0}, 9'000, "", "Ferry adult"}, {seconds{8}, 9'000, "", "Ferry child"}},
         separate_purchases},
        {"two lines that name two things",
         {{seconds{0}, 9'000, "", "Fairground swings"}, {seconds{8}, 9'000, "", "Fairground slide"}},
         unclear},
        {"two admissions to a park",
         {{seconds{0}, 6'000, "", "Botanic garden admission"}, {seconds{4}, 6'000, "", "Botanic garden admission"}},
         separate_purchases},
        {"two at the turnstile",
         {{seconds{0}, 300, "", "轻轨 入场"}, {seconds{3}, 300, "", "轻轨 入场"}},
         separate_purchases},
        {"boat trips, one device for two persons, as every week",
         {{days{0}, 1'500, "", "Riverboat"},
          {days{7}, 1'500, "", "Riverboat"},
          {days{14}, 1'500, "", "Riverboat"},
          {days{14} + seconds{12}, 1'500, "", "Riverboat"}},
         unclear},
        {"two offerings at the temple",
         {{seconds{0}, 8'800, "", "灵山寺 捐香火"}, {seconds{15}, 8'800, "", "灵山寺 捐香火"}},
         separate_purchases},
        {"two offerings in church",
         {{seconds{0}, 2'000, "", "St Mary offering"}, {seconds{15}, 2'000, "", "St Mary offering"}},
         separate_purchases},
        {"gratuity under the same bill",
         {{minutes{0}, 42'000, "T31", "Osteria"}, {minutes{25}, 5'000, "T31", "Osteria gratuity"}},
         separate_purchases},
        {"a round of thanks without the word",
         {{minutes{0}, 42'000, "T31", "Osteria"}, {minutes{25}, 4'200, "T31", "Osteria"}},
         unclear},
        {"two parcels of one order", {{hours{0}, 6'000, "W-12"}, {hours{26}, 4'000, "W-12"}}, unclear},
        {"two parcels, equal, by number", {{hours{0}, 5'000, "W12-1"}, {hours{26}, 5'000, "W12-2"}}, separate_purchases},
        {"parts in the memo",
         {{seconds{0}, 7'700, "", "Trattoria 1/2"}, {seconds{22}, 7'700, "", "Trattoria 2/2"}},
         separate_purchases},
        {"parts in the memo, one bill",
         {{seconds{0}, 7'700, "B8", "Trattoria 1/2"}, {seconds{22}, 7'700, "B8", "Trattoria 2/2"}},
         unclear},
        {"a bill on two instruments, equal",
         {{seconds{0}, 7'700, "B8"}, {seconds{22}, 7'700, "B8", "Harbour Stores", "handset-a", "card ····1881"}},
         unclear},
        {"a bill on two instruments, unequal",
         {{seconds{0}, 7'700, "B8"}, {seconds{22}, 2'300, "B8", "Harbour Stores", "handset-a", "card ····1881"}},
         separate_purchases},
        {"periods in Chinese",
         {{seconds{0}, 30'000, "", "驾校 第一期"}, {seconds{20}, 30'000, "", "驾校 第二期"}},
         separate_purchases},
        {"first and second of three", {{days{0}, 30'000, "DRV-1"}, {days{14}, 30'000, "DRV-2"}}, separate_purchases},
        {"every two weeks under one contract",
         {{days{0}, 30'000, "C77"}, {days{14}, 30'000, "C77"}, {days{28}, 30'000, "C77"}},
         separate_purchases},
        {"monthly under one contract", {{days{0}, 30'000, "C77"}, {days{30}, 30'000, "C77"}}, subscription_cycle},
        {"down payment and the rest in two equal halves",
         {{hours{0}, 30'000, "", "婚纱摄影 定金"}, {hours{5}, 30'000, "", "婚纱摄影 尾款"}},
         separate_purchases},
        {"the gym on the 1st and the 31st",
         {{days{0}, 19'900, "G1", "Iron Gym", ""}, {days{30}, 19'900, "G2", "Iron Gym", ""}},
         subscription_cycle},
        {"the gym in February",
         {{days{0}, 19'900, "", "健身房", ""}, {days{28}, 19'900, "", "健身房", ""}},
         subscription_cycle},
        {"a charge for changing money",
         {{seconds{0}, 52'000, "", "Atelier Sud"}, {seconds{2}, 780, "", "Atelier Sud currency conversion"}},
         fee_line},
        {"a charge for changing money under the same order",
         {{seconds{0}, 52'000, "AS4"}, {seconds{2}, 780, "AS4", "货币换汇"}},
         fee_line},
        {"a service charge in Chinese",
         {{seconds{0}, 52'000, "", "飞行票"}, {seconds{2}, 780, "", "飞行票 手续费"}},
         fee_line},
        {"somebody else of the household",
         {{seconds{0}, 5'600}, {minutes{12}, 5'600, "", "Harbour Stores", "handset-b", "card ····1881"}},
         other_person},
        {"the household's other handset on the wallet",
         {{seconds{0}, 5'600}, {minutes{12}, 5'600, "", "Harbour Stores", "handset-b"}},
         separate_purchases},
        {"the household's other handset in the same minute",
         {{seconds{0}, 5'600}, {seconds{15}, 5'600, "", "Harbour Stores", "handset-b"}},
         unclear},
        {"the same instant, nothing else known",
         {{seconds{0}, 5'600, "", "Harbour Stores", ""}, {seconds{0}, 5'600, "", "Harbour Stores", ""}},
         unclear},
        {"half a minute and one second", {{seconds{0}, 5'600}, {seconds{31}, 5'600}}, unclear},
        {"lunch and supper", {{hours{0}, 5'600, "501"}, {hours{6}, 5'600, "588"}}, separate_purchases},
        {"yesterday and today", {{days{0}, 5'600, "501"}, {hours{25}, 5'600, "588"}}, separate_purchases},
        {"another shop, same second",
         {{seconds{0}, 5'600}, {.after = seconds{0}, .minor = 5'600, .merchant = 4}},
         std::nullopt},
        {"another shop, same order reference",
         {{seconds{0}, 5'600, "1001"}, {.after = seconds{4}, .minor = 5'600, .order = "1001", .merchant = 4}},
         std::nullopt},
        {"the same digits in another currency",
         {{seconds{0}, 5'600, "1001"},
          {.after = seconds{4}, .minor = 5'600, .order = "1001", .currency = money::Currency::usd}},
         std::nullopt},
        {"almost the same amount", {{seconds{0}, 5'600}, {seconds{4}, 5'601}}, std::nullopt},
        {"in from the bank and out to the shop",
         {{.after = seconds{0}, .minor = 5'600, .memo = "Top-up", .kind = top_up}, {seconds{20}, 5'600}},
         std::nullopt},
        {"two top-ups",
         {{.after = seconds{0}, .minor = 5'600, .memo = "Top-up", .kind = top_up},
          {.after = seconds{20}, .minor = 5'600, .memo = "Top-up", .kind = top_up}},
         unclear},
        {"lent and given back",
         {{.after = seconds{0}, .minor = 5'600, .memo = "Mei", .kind = person_to_person},
          {.after = minutes{1}, .minor = 5'600, .memo = "Mei", .kind = person_to_person, .back = true}},
         std::nullopt},
        {"sent to a friend twice",
         {{.after = seconds{0}, .minor = 5'600, .memo = "红包", .kind = person_to_person},
          {.after = seconds{6}, .minor = 5'600, .memo = "红包", .kind = person_to_person}},
         unclear},
        {"neighbouring invoices",
         {{minutes{0}, 5'600, "INV-2026-41"}, {minutes{5}, 5'600, "INV-2026-42"}},
         separate_purchases},
        {"a reference that only begins alike",
         {{minutes{0}, 5'600, "HS5521"}, {minutes{5}, 5'600, "HS55213"}},
         separate_purchases},
        {"two quarters apart", {{days{0}, 5'600}, {days{91}, 5'600}}, std::nullopt},
        {"a memo that asks for a refund",
         {{seconds{0}, 5'600, "", "duplicate, refund both at once", ""},
          {seconds{40}, 5'600, "", "duplicate, refund both at once", ""}},
         unclear},
    };
}

void expect_as_told(const Case& c) {
    SCOPED_TRACE(c.name);
    const auto history = history_of(c.rows);
    Moment now = morning;
    for (const Payment& payment : history) now = std::max(now, payment.created + days{1});
    const auto findings = find_duplicates(history, Hint{}, now);
    std::vector<std::int64_t> purchases;
    for (const Payment& payment : history) {
        if (payment.kind != refund) purchases.push_back(payment.seq);
    }
    const std::int64_t a = purchases[purchases.size() - 2], b = purchases.back();
    const auto pair = std::ranges::find_if(findings, [&](const Finding& finding) {
        return std::minmax(finding.first, finding.second) == std::minmax(a, b);
    });
    const bool some = std::ranges::any_of(findings, [](const Finding& finding) { return finding.give_back != 0; });
    EXPECT_EQ(some, c.refund != Refund::none);
    EXPECT_EQ(std::ranges::any_of(findings, certain), c.refund == Refund::automatic);
    if (c.pair_class) {
        ASSERT_NE(pair, findings.end());
        EXPECT_EQ(name_of(pair->pair_class), name_of(*c.pair_class));
    } else {
        EXPECT_EQ(pair, findings.end()) << name_of(pair->pair_class);
    }
}

TEST(Histories, charged_twice) {
    for (const Case& c : doubles()) expect_as_told(c);
}
TEST(Histories, read_from_the_states) {
    for (const Case& c : states()) expect_as_told(c);
}
TEST(Histories, only_look_like_it) {
    for (const Case& c : look_alikes()) {
        ASSERT_EQ(c.refund, Refund::none);
        expect_as_told(c);
    }
}

TEST(Histories, are_many) { EXPECT_GE(doubles().size() + states().size() + look_alikes().size(), 60U); }

// Of three charges of one order the first stays and each other goes back once.
TEST(Histories, three_charges_leave_one) {
    for (const std::string order : {"HS5521", ""}) {
        const auto history =
            history_of({{seconds{0}, 8'835, order}, {seconds{20}, 8'835, order}, {seconds{40}, 8'835, order}});
        std::vector<std::pair<std::int64_t, std::int64_t>> back;
        for (const Finding& finding : find_duplicates(history, Hint{}, morning + days{1})) {
            if (finding.give_back != 0) back.emplace_back(finding.give_back, finding.duplicate_of);
        }
        std::ranges::sort(back);
        EXPECT_EQ(back, (std::vector<std::pair<std::int64_t, std::int64_t>>{{2, 1}, {3, 1}})) << order;
    }
}

// What is not a pair: the same payment seen twice, and a charge of somebody else's.
TEST(Histories, no_pair_is_meant) {
    const auto history = history_of({{hours{0}, 8'835, "HS5521"}, {hours{3}, 1'200, "HS5522"}});
    const auto stating = [&](std::string decimal) {
        return find_duplicates(history, Hint{.amounts = {{std::move(decimal), money::Currency::cny}}}, morning + days{1});
    };
    const auto shown = stating("88.35");
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].pair_class, PairClass::same_attempt_shown_twice);
    const auto elsewhere = stating("640");
    ASSERT_EQ(elsewhere.size(), 1U);
    EXPECT_EQ(elsewhere[0].pair_class, PairClass::not_ours);
    for (const auto* found : {&shown, &elsewhere}) {
        EXPECT_EQ(found->front().give_back, 0);
        EXPECT_FALSE(certain(found->front()));
    }
}

// One held payment, which shows as a hold and as a charge, or as a hold that went away.
TEST(Histories, one_hold_is_told_from_a_charge_shown_twice) {
    struct HoldCase {
        std::string_view name, stated;
        Row row;
        PairClass want;
    };
    for (const HoldCase& c : {
             HoldCase{"taken whole", "900", {.minor = 90'000, .hold = 4}, PairClass::hold_and_capture},
             HoldCase{"released", "900", {.minor = 90'000, .state = canceled, .hold = 4}, PairClass::hold_and_capture},
             HoldCase{
                 "under way", "900", {.minor = 90'000, .state = requires_capture, .hold = 4}, PairClass::hold_and_capture},
             HoldCase{"taken in part, and that is stated", "715", {.minor = 90'000, .hold = 4}, PairClass::hold_and_capture},
             HoldCase{"no hold", "900", {.minor = 90'000}, PairClass::same_attempt_shown_twice},
         }) {
        SCOPED_TRACE(c.name);
        auto history = history_of({c.row, {.after = hours{3}, .minor = 1'200, .order = "HS5522", .merchant = 4}});
        if (c.stated == "715") history.front().captured_minor = 71'500;
        const Hint hint{.amounts = {{std::string{c.stated}, money::Currency::cny}}};
        const auto findings = find_duplicates(history, hint, morning + days{1});
        ASSERT_EQ(findings.size(), 1U);
        EXPECT_EQ(name_of(findings[0].pair_class), name_of(c.want));
        EXPECT_EQ(findings[0].first, findings[0].second);
        EXPECT_EQ(findings[0].give_back, 0);
    }
}

}  // namespace
}  // namespace okpay::payments
