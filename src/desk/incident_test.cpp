// SPDX-License-Identifier: Apache-2.0
#include "desk/incident.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <set>

#include "desk/request_number.hpp"
#include "payments/payment_ref.hpp"

namespace okpay::desk {
namespace {

using customers::CustomerNo;
using customers::MerchantNo;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using namespace std::chrono_literals;

constexpr Moment noon = moment_of_ms(1'790'000'000'000);
constexpr IncidentRules rules{};

unsigned test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

Arrival arrival(std::int64_t ticket, std::int64_t customer, Millis after) {
    return {TicketNo{ticket}, CustomerNo{customer}, noon + after};
}

// One request a minute of another customer each.
std::vector<Arrival> crowd(std::int64_t count, Millis apart) {
    std::vector<Arrival> all;
    for (std::int64_t i = 0; i < count; ++i) all.push_back(arrival(i + 1, 100 + i, apart * i));
    return all;
}

TEST(Incident, ten_customers_within_ten_minutes_are_one) {
    const auto burst = burst_of(crowd(10, 1min), {}, rules);
    ASSERT_TRUE(burst);
    EXPECT_EQ(burst->customers, 10);
    EXPECT_EQ(burst->since, noon);
    EXPECT_THAT(burst->requests, testing::SizeIs(10));
    EXPECT_FALSE(burst_of(crowd(9, 1min), {}, rules)) << "one fewer";
    EXPECT_FALSE(burst_of(crowd(10, 66'667ms), {}, rules)) << "the tenth comes when the window is over";
    EXPECT_TRUE(burst_of(crowd(10, 66'666ms), {}, rules));
    EXPECT_FALSE(burst_of({}, {}, {.customers_min = 0})) << "nobody wrote";
}

TEST(Incident, who_writes_thirty_times_is_one_voice) {
    std::vector<Arrival> all;
    for (std::int64_t i = 0; i < 30; ++i) all.push_back(arrival(i + 1, 7, Millis{1'000} * i));
    EXPECT_FALSE(burst_of(all, {}, rules));
    for (const Arrival& one : crowd(9, 1s)) all.push_back({TicketNo{number_of(one.ticket) + 100}, one.customer, one.at});
    const auto burst = burst_of(all, {}, rules);
    ASSERT_TRUE(burst);
    EXPECT_EQ(burst->customers, 10);
    EXPECT_THAT(burst->requests, testing::SizeIs(39)) << "all that they wrote belongs to it";
}

TEST(Incident, a_busy_merchant_is_compared_with_itself) {
    EXPECT_EQ(customers_needed({}, rules), 10);
    EXPECT_EQ(customers_needed({.requests = 28, .days = 28}, rules), 10) << "one a day";
    // 720 a day are 5 in ten minutes, 20 when it is busy, and 20 + 6 * 4.47… is no chance.
    EXPECT_EQ(customers_needed({.requests = 28 * 720, .days = 28}, rules), 47);
    EXPECT_EQ(customers_needed({.requests = 720, .days = 1}, rules), 47) << "a day of history says the same";
    EXPECT_FALSE(burst_of(crowd(46, 1s), {.requests = 720, .days = 1}, rules));
    EXPECT_TRUE(burst_of(crowd(47, 1s), {.requests = 720, .days = 1}, rules));
}

// The definition, word by word: each window that begins with an arrival, its customers counted in a set, against a history
// that is summed up day by day.
std::optional<Burst> naive(const std::vector<Arrival>& arrivals, Usual usual, const IncidentRules& by) {
    const double mean = usual.days == 0 ? 0
                                        : static_cast<double>(usual.requests) / static_cast<double>(usual.days) /
                                              (86'400'000.0 / static_cast<double>(by.window.count()));
    const double busy = mean * static_cast<double>(by.busy_factor);
    std::optional<Burst> best;
    std::vector<Moment> starts;
    for (const Arrival& one : arrivals) starts.push_back(one.at);
    std::ranges::sort(starts);
    for (const Moment start : starts) {
        std::set<CustomerNo> customers;
        std::vector<std::pair<Moment, std::int64_t>> inside;
        for (const Arrival& one : arrivals) {
            if (one.at < start || one.at >= start + by.window) continue;
            customers.insert(one.customer);
            inside.emplace_back(one.at, number_of(one.ticket));
        }
        const auto count = std::ssize(customers);
        if (count < by.customers_min) continue;
        if (static_cast<double>(count) < busy + static_cast<double>(by.deviations) * std::sqrt(busy) - 1e-9) continue;
        if (best && best->customers >= count) continue;
        std::ranges::sort(inside);
        best = Burst{.requests = {}, .customers = count, .since = start};
        for (const auto& [at, ticket] : inside) best->requests.push_back(TicketNo{ticket});
    }
    return best;
}

TEST(Incident, the_sliding_window_agrees_with_its_definition) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937 dice{seed};
    const auto upto = [&](int top) { return std::uniform_int_distribution<int>{0, top}(dice); };
    int found = 0, nothing = 0;
    for (int round = 0; round < 1'500; ++round) {
        const IncidentRules by{.customers_min = 1 + upto(6),
                               .window = Millis{1 + upto(40)},
                               .busy_factor = 1 + upto(4),
                               .deviations = upto(6)};
        std::vector<Arrival> arrivals;
        const int count = upto(24), people = 1 + upto(12), span = 1 + upto(120);
        for (int i = 0; i < count; ++i) arrivals.push_back(arrival(i + 1, upto(people), Millis{upto(span)}));
        std::ranges::shuffle(arrivals, dice);
        const Usual usual = upto(3) == 0 ? Usual{} : Usual{.requests = upto(40'000'000), .days = 1 + upto(27)};
        const auto want = naive(arrivals, usual, by);
        EXPECT_EQ(burst_of(arrivals, usual, by), want) << "round " << round;
        ++(want ? found : nothing);
    }
    EXPECT_GT(found, 100);
    EXPECT_GT(nothing, 100);
}

TEST(Incident, whoever_may_have_been_robbed_stands_apart_and_machines_take_no_part) {
    const auto part = [](RequestFacts facts) { return part_of(facts); };
    EXPECT_EQ(part({.category = "payment_failed", .route = "agent", .flags = {}}), Part::full);
    EXPECT_EQ(part({.category = "payment_failed", .route = "agent", .flags = {"needs_ocr", "hidden_html"}}), Part::full);
    for (const char* flag : {"account_takeover", "social_engineering", "forwarded_phishing", "prompt_injection"})
        EXPECT_EQ(part({.category = "refund", .route = "agent", .flags = {"needs_ocr", flag}}), Part::apart) << flag;
    EXPECT_EQ(part({.category = "refund", .route = "risk_team", .flags = {}}), Part::apart);
    EXPECT_EQ(part({.category = "suspicious_activity", .route = "agent", .flags = {}}), Part::apart);
    EXPECT_EQ(part({.category = "refund", .route = "agent", .flags = {}, .wants_lock = true}), Part::apart);
    EXPECT_EQ(part({.category = "refund", .route = "agent", .flags = {}, .automatic = true}), Part::none);
    EXPECT_EQ(part({.category = "refund", .route = "agent", .flags = {"account_takeover"}, .forged = true}), Part::none);
    EXPECT_EQ(part({.category = "refund", .route = "no_action", .flags = {}}), Part::none);
    for (const char* category : {"spam", "auto_generated"})
        EXPECT_EQ(part({.category = category, .route = "agent", .flags = {}}), Part::none) << category;
    EXPECT_TRUE(is_guarded({.category = "spam", .route = "risk_team", .flags = {}})) << "though it takes no part";
    EXPECT_FALSE(is_guarded({.category = "spam", .route = "no_action", .flags = {"needs_ocr"}}));
}

payments::Payment payment(std::int64_t seq, std::int64_t merchant, std::int64_t minor, Moment at,
                          payments::PaymentKind kind = payments::PaymentKind::merchant_payment) {
    payments::Payment one{.seq = seq,
                          .id = PaymentId{},
                          .kind = kind,
                          .state = payments::PaymentState::failed,
                          .key = Hash256{},
                          .amount = money::Money::of_minor(minor, money::Currency::cny).value(),
                          .created = at};
    if (merchant != 0) one.merchant = MerchantNo{merchant};
    one.instrument = "wallet";
    return one;
}

std::vector<std::string> shown(const std::vector<Topic>& topics) {
    std::vector<std::string> all;
    for (const Topic& topic : topics) all.push_back(std::string{name_of(topic.kind)} + ":" + topic.thing);
    return all;
}

TEST(Incident, what_a_mail_is_about_comes_from_the_senders_own_payments) {
    payments::Payment tea = payment(1, 4, 1'280, noon - 1h);
    tea.memo = "Jasmine Tea House";
    payments::Payment book = payment(2, 9, 5'000, noon - 2h);
    book.memo = "Page One Books";
    TopicFacts facts{.category = "payment_failed", .error_codes = {}, .hint = {}, .recent = {tea, book}};
    EXPECT_THAT(topics_of(facts, noon), IsEmpty()) << "either may be meant";
    facts.hint.amounts = {{"12.80", money::Currency::cny}};
    EXPECT_THAT(shown(topics_of(facts, noon)), ElementsAre("merchant:4"));
    facts.hint = {.amounts = {}, .times = {}, .transaction_ids = {}, .text = "Page One Books did not take my payment"};
    EXPECT_THAT(shown(topics_of(facts, noon)), ElementsAre("merchant:9"));
    facts.hint = {};
    facts.recent = {tea, tea};
    EXPECT_THAT(shown(topics_of(facts, noon)), ElementsAre("merchant:4")) << "there is but one place";
    facts.recent = {payment(1, 4, 1'280, noon - 49h)};
    EXPECT_THAT(topics_of(facts, noon), IsEmpty()) << "long ago";
    facts.recent = {tea};
    facts.category = "general_howto";
    EXPECT_THAT(topics_of(facts, noon), IsEmpty()) << "no question of money";
}

TEST(Incident, rails_and_error_codes_are_things_too) {
    payments::Payment card = payment(1, 4, 1'280, noon - 1h);
    card.instrument = "card ····4242";
    payments::Payment top_up = payment(2, 0, 5'000, noon - 1h, payments::PaymentKind::top_up);
    top_up.rail = payments::Rail::outside;
    const payments::Payment out = payment(3, 0, 5'000, noon - 1h, payments::PaymentKind::withdrawal);
    const payments::Payment person = payment(4, 0, 5'000, noon - 1h, payments::PaymentKind::person_to_person);
    TopicFacts facts{.category = "payment_failed", .error_codes = {" e-1042", "E-1042", ""}, .hint = {}, .recent = {card}};
    EXPECT_THAT(shown(topics_of(facts, noon)), ElementsAre("merchant:4", "rail:card", "error_code:E-1042"));
    facts = {.category = "topup_withdrawal", .error_codes = {}, .hint = {}, .recent = {top_up, person}};
    EXPECT_THAT(shown(topics_of(facts, noon)), ElementsAre("rail:top_up"));
    facts.recent = {out};
    EXPECT_THAT(shown(topics_of(facts, noon)), ElementsAre("rail:withdrawal"));
    facts.recent = {out, top_up};
    EXPECT_THAT(topics_of(facts, noon), IsEmpty());
    facts.recent = {};
    facts.error_codes = {"a", "b", "c", "d", "e", "f", "g", std::string(41, 'x')};
    EXPECT_THAT(topics_of(facts, noon), testing::SizeIs(topics_max));
}

struct LeftOutCase {
    std::string_view name;
    MemberNow member;
    LeftOut want;
};
const std::vector<LeftOutCase> left_out_cases{
    {"a member", {}, LeftOut::no},
    {"one that is new", {.state = TicketState::fresh}, LeftOut::no},
    {"told", {.told = true, .chosen = true}, LeftOut::told},
    {"taken out", {.standing = false, .chosen = true}, LeftOut::removed},
    {"apart, also where it is chosen", {.apart = true, .chosen = true}, LeftOut::apart},
    {"a machine", {.chosen = true, .unanswerable = true}, LeftOut::unanswerable},
    {"solved", {.chosen = true, .state = TicketState::solved}, LeftOut::ended},
    {"closed", {.chosen = true, .state = TicketState::closed}, LeftOut::ended},
    {"goes on elsewhere", {.merged = true, .chosen = true}, LeftOut::merged},
    {"answered by a person", {.answered = true}, LeftOut::answered},
    {"answered by a person and chosen", {.answered = true, .chosen = true}, LeftOut::no},
};

TEST(Incident, who_is_told) {
    for (const auto& [name, member, want] : left_out_cases) EXPECT_EQ(left_out(member), want) << name;
}

TEST(Incident, one_text_in_three_languages_names_nobodys_figures) {
    const IncidentText good{"Payments at one shop fail. We are on it.", "个别商户付款失败，我们正在处理。",
                            "個別商戶付款失敗，我們正在處理。"};
    EXPECT_FALSE(fault_in(good));
    const auto with = [&](auto member, std::string text) {
        IncidentText changed = good;
        changed.*member = std::move(text);
        return fault_in(changed);
    };
    for (const auto member : {&IncidentText::en, &IncidentText::zh_hans, &IncidentText::zh_hant}) {
        EXPECT_FALSE(with(member, " ").value().says_figure) << "each language is written";
        EXPECT_FALSE(with(member, std::string(incident_text_octets_max + 1, 'a')).value().says_figure);
        EXPECT_FALSE(with(member, "\xff").value().says_figure);
    }
    EXPECT_TRUE(with(&IncidentText::en, "You get CNY 5 back.").value().says_figure);
    EXPECT_TRUE(with(&IncidentText::zh_hans, "已退款 128 元。").value().says_figure);
    EXPECT_TRUE(with(&IncidentText::zh_hant, "已退款 128 元。").value().says_figure);
    const RequestNumber number = RequestNumber::of(TicketNo{1}, Secret{std::string(32, 'k')});
    EXPECT_FALSE(with(&IncidentText::en, "See " + number.text() + ".").value().says_figure);
    const std::string reference = payments::text_of(payments::id_of(7, noon, Hash256{}));
    EXPECT_FALSE(with(&IncidentText::en, "See " + reference + ".").value().says_figure);
}

TEST(Incident, a_late_one_is_told_in_its_confirmation) {
    const RequestNumber number = RequestNumber::of(TicketNo{1}, Secret{std::string(32, 'k')});
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        const MailText mail = acknowledge_in_incident(
            {.number = number, .language = language, .name = "Li", .text = "\nWe are on it.\n", .house = "OKPay"});
        EXPECT_THAT(mail.subject, HasSubstr(number.in_brackets()));
        EXPECT_THAT(mail.body, HasSubstr(number.text()));
        EXPECT_THAT(mail.body, HasSubstr("\n\nWe are on it.\n\n"));
        EXPECT_THAT(mail.body, HasSubstr("Li"));
        EXPECT_THAT(mail.body, testing::EndsWith("\n"));
    }
    const MailText stranger = acknowledge_in_incident(
        {.number = number, .language = Language::en, .name = "", .text = "We are on it.", .house = "OKPay"});
    EXPECT_THAT(stranger.body, testing::StartsWith("Hello,\n"));
}

TEST(Incident, it_lives_by_its_table) {
    using enum IncidentState;
    EXPECT_TRUE(may_become(open, told));
    EXPECT_TRUE(may_become(open, closed));
    EXPECT_TRUE(may_become(told, closed));
    EXPECT_TRUE(may_become(closed, open));
    EXPECT_TRUE(may_become(closed, told));
    EXPECT_FALSE(may_become(told, open));
    EXPECT_FALSE(may_become(open, open));
    for (const IncidentState state : {open, told, closed}) EXPECT_EQ(incident_state_of_name(name_of(state)), state);
    EXPECT_FALSE(incident_state_of_name("gone"));
}

}  // namespace
}  // namespace okpay::desk
