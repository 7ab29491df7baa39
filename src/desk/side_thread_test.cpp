// SPDX-License-Identifier: Apache-2.0
#include "desk/side_thread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "desk/request_number.hpp"

namespace okpay::desk {
namespace {

using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr Moment start = moment_of_ms(1'800'000'000'000);
const Secret number_key{"side number key side number key "};
const std::vector<TokenKey> side_keys{{.id = 129, .key = Secret{"side key side key side key side k"}}};
const std::vector<TokenKey> ticket_keys{{.id = 1, .key = Secret{"ticket key ticket key ticket key"}}};
constexpr std::string_view bank = "disputes@bank.example";

SideThread thread() {
    return {.no = SideThreadNo{7},
            .number = side_number(SideThreadNo{7}, number_key),
            .ticket = TicketNo{3},
            .from_book = std::nullopt,
            .party = {.kind = CounterpartyKind::bank, .name = "Bank", .address = std::string{bank}},
            .subject = "A payment",
            .opened = start,
            .opened_by = customers::StaffNo{1},
            .updated = start,
            .due = std::nullopt,
            .closed = std::nullopt,
            .closed_by = std::nullopt};
}

TEST(SideNumber, is_never_read_as_a_requests_nor_the_other_way_round) {
    for (std::int64_t no = 1; no < 2'000; ++no) {
        const std::string number = side_number(SideThreadNo{no}, number_key);
        ASSERT_EQ(parse_side_number(number), number);
        ASSERT_FALSE(RequestNumber::find_in("Re: A payment [" + number + "]")) << number;
        const std::string request = RequestNumber::of(TicketNo{no}, number_key).text();
        ASSERT_THAT(side_numbers_in("Re: A payment [" + request + "]"), IsEmpty()) << request;
    }
}

TEST(SideNumber, is_found_as_people_leave_it_and_no_wrong_character_passes) {
    const std::string a = side_number(SideThreadNo{1}, number_key), b = side_number(SideThreadNo{2}, number_key);
    std::string lower = b;
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    EXPECT_THAT(side_numbers_in("RE: [" + a + "] and " + lower + ", " + a), ElementsAre(a, b));
    EXPECT_THAT(side_numbers_in("X" + a + " " + a + "Y"), IsEmpty()) << "within a word";
    for (std::size_t at = 3; at < a.size(); ++at) {
        std::string bad = a;
        bad[at] = bad[at] == '7' ? '8' : '7';
        EXPECT_FALSE(parse_side_number(bad)) << bad;
    }
    EXPECT_FALSE(parse_side_number(""));
    EXPECT_FALSE(parse_side_number("TP-"));
}

TEST(SideToken, is_no_tickets_token_and_a_tickets_is_none) {
    const std::string token = make_side_token(side_keys[0], SideThreadNo{7}, bank);
    const auto verified = verify_token(side_keys, token);
    ASSERT_TRUE(verified);
    EXPECT_EQ(number_of(verified->ticket), 7);
    EXPECT_TRUE(was_sent_to(side_keys, *verified, bank));
    EXPECT_FALSE(verify_token(ticket_keys, token));
    EXPECT_FALSE(verify_token(side_keys, make_token(ticket_keys[0], TicketNo{7}, bank)));
}

TEST(DecideSide, a_mail_joins_by_what_it_carries_and_who_sent_it) {
    using enum SideReason;
    constexpr auto a0 = customers::Assurance::a0_unproven, a1 = customers::Assurance::a1_aligned_mail;
    struct Row {
        bool token, number, whole_domain;
        std::string sender;
        customers::Assurance assurance;
        bool forged;
        SideReason reason;
        bool joins;
    };
    const std::string same{bank}, colleague = "ann@bank.example", stranger = "mallory@mail.example";
    const std::vector<Row> rows{
        {true, false, false, same, a0, false, token_and_party, true},
        {true, false, false, "Disputes@BANK.example", a0, false, token_and_party, true},
        {true, false, false, same, a0, true, not_of_party, false},
        {true, false, false, colleague, a1, false, not_of_party, false},
        {true, false, true, colleague, a1, false, token_and_domain, true},
        {true, false, true, colleague, a0, false, not_of_party, false},
        {true, false, true, colleague, a1, true, not_of_party, false},
        {true, false, true, "ann@mail.bank.example", a1, false, not_of_party, false},
        {true, false, true, "ann@evilbank.example", a1, false, not_of_party, false},
        {true, false, true, stranger, a1, false, not_of_party, false},
        {true, false, true, "", a1, false, not_of_party, false},
        {false, true, false, same, a1, false, number_and_party, true},
        {false, true, false, same, a0, false, not_of_party, false},
        {false, true, true, colleague, a1, false, number_and_party, true},
        {false, true, false, colleague, a1, false, not_of_party, false},
        {false, true, false, stranger, a1, false, not_of_party, false},
        {false, false, true, same, a1, false, nothing_found, false},
    };
    for (std::size_t at = 0; at < rows.size(); ++at) {
        const Row& row = rows[at];
        const KnownSide known{SideThreadNo{7}, TicketNo{3}, std::string{bank}, row.whole_domain};
        SideInput input{
            .by_token = {}, .by_number = {}, .sender = row.sender, .assurance = row.assurance, .forged = row.forged};
        if (row.token) input.by_token.push_back({known, true});
        if (row.number) input.by_number.push_back(known);
        const SideDecision decision = decide_side(input);
        EXPECT_EQ(decision.reason, row.reason) << at;
        EXPECT_EQ(decision.joins(), row.joins) << at;
        EXPECT_EQ(decision.thread.has_value(), row.token || row.number) << at;
    }
    // A token whose address is not the thread's any more: erased with the person whose request it was.
    const KnownSide erased{SideThreadNo{7}, TicketNo{3}, "", true};
    EXPECT_FALSE(decide_side({.by_token = {{erased, false}}, .by_number = {erased}, .sender = "", .assurance = a1}).joins());
}

TEST(SideThread, waits_is_answered_is_closed_and_goes_on) {
    SideThread one = thread();
    note_sent(one, start, 24);
    EXPECT_EQ(one.state, SideState::waiting);
    EXPECT_EQ(one.due, start + hours{24});
    const auto version = one.version;
    note_received(one, SideMessageKind::automatic, start + hours{1});
    EXPECT_EQ(one.state, SideState::waiting) << "a machine answers nothing";
    EXPECT_EQ(one.due, start + hours{24});
    EXPECT_EQ(one.version, version + 1);
    note_received(one, SideMessageKind::said, start + hours{2});
    EXPECT_EQ(one.state, SideState::answered);
    EXPECT_FALSE(one.due);
    EXPECT_TRUE(note_closed(one, customers::StaffNo{2}, start + hours{3}));
    EXPECT_FALSE(note_closed(one, customers::StaffNo{2}, start + hours{4}));
    EXPECT_EQ(one.closed, start + hours{3});
    note_received(one, SideMessageKind::automatic, start + hours{5});
    EXPECT_EQ(one.state, SideState::closed);
    note_received(one, SideMessageKind::said, start + hours{6});
    EXPECT_EQ(one.state, SideState::answered) << "somebody has to look at it";
    EXPECT_FALSE(one.closed || one.closed_by);
    note_closed(one, customers::StaffNo{2}, start + hours{7});
    note_sent(one, start + hours{8}, 48);
    EXPECT_EQ(one.state, SideState::waiting);
    EXPECT_FALSE(one.closed);
    EXPECT_EQ(one.due, start + hours{56});
}

TEST(SideThread, its_clock_is_told_before_at_and_after_its_end_once_each) {
    SideThread one = thread();
    EXPECT_FALSE(alarm_of(one, start + hours{999})) << "nothing is awaited";
    note_sent(one, start, 24);
    EXPECT_FALSE(alarm_of(one, start + hours{20} - Millis{1}));
    EXPECT_EQ(alarm_of(one, start + hours{20}), ClockAlarm::runs_out);
    one.told = 1;
    EXPECT_FALSE(alarm_of(one, start + hours{24} - Millis{1}));
    EXPECT_EQ(alarm_of(one, start + hours{24}), ClockAlarm::ran_out);
    one.told = 2;
    EXPECT_EQ(alarm_of(one, start + hours{25}), ClockAlarm::escalated);
    one.told = 3;
    EXPECT_FALSE(alarm_of(one, start + hours{999}));
    note_sent(one, start + hours{30}, 1);
    EXPECT_EQ(alarm_of(one, start + hours{31}), ClockAlarm::ran_out) << "a new mail has a clock of its own";
}

TEST(SideLetter, says_what_was_typed_and_the_payments_in_the_partys_language) {
    SideThread one = thread();
    const std::vector<SidePayment> payments{
        {.reference = "pay_abc",
         .figure = {.amount = money::Money::of_minor(12'850, money::Currency::cny).value(), .payment_seq = 3},
         .at = start,
         .order_ref = "A-1"}};
    const auto letter = [&](bool first) {
        return side_letter({.number = one.number,
                            .subject = "Chargeback\n of a {payment}",
                            .text = "Please look at {this}.\n",
                            .party = one.party,
                            .payments = payments,
                            .first = first});
    };
    EXPECT_EQ(letter(true).subject, "Chargeback of a {payment} [" + one.number + "]");
    EXPECT_THAT(letter(false).subject, ::testing::StartsWith("Re: Chargeback"));
    const std::string english = letter(true).body;
    EXPECT_THAT(english,
                ::testing::StartsWith("Please look at {this}.\n\nPayment: pay_abc\nAmount: CNY 128.50\nDate: 2027-01-15 "
                                      "08:00 UTC\n"));
    EXPECT_THAT(english, Not(HasSubstr("A-1"))) << "the order is between the customer and the merchant";
    one.party.kind = CounterpartyKind::merchant;
    EXPECT_THAT(letter(true).body, HasSubstr("Order number: A-1\n"));
    one.party.language = Language::zh_hant;
    EXPECT_THAT(letter(true).body, ::testing::AllOf(HasSubstr("訂單號：A-1"), HasSubstr("我方編號：" + one.number)));
    one.party.language = Language::zh_hans;
    EXPECT_THAT(letter(true).body, HasSubstr("金额：￥128.50"));
}

TEST(Counterparty, has_a_name_of_one_line_and_an_address) {
    const Counterparty good{.kind = CounterpartyKind::bank, .name = "Bank of Example", .address = std::string{bank}};
    EXPECT_EQ(fault_in(good), std::nullopt);
    const auto with = [&](std::string name, std::string address) {
        Counterparty bad = good;
        bad.name = std::move(name);
        bad.address = std::move(address);
        return fault_in(bad).value_or("");
    };
    for (const std::string& name :
         {std::string{}, std::string{" "}, std::string{"a\nb"}, std::string(121, 'a'), std::string{"\xff"}})
        EXPECT_THAT(with(name, good.address), ::testing::StartsWith("name: ")) << name;
    for (const std::string& address :
         {"", "bank", "bank.example", "a b@bank.example", "a@bank.example\nBcc: b@bank.example"})
        EXPECT_THAT(with(good.name, address), ::testing::StartsWith("address: ")) << address;
    for (const auto kind :
         {CounterpartyKind::bank, CounterpartyKind::provider, CounterpartyKind::merchant, CounterpartyKind::other})
        EXPECT_EQ(counterparty_kind_of_name(name_of(kind)), kind);
    EXPECT_EQ(counterparty_kind_of_name("shop"), std::nullopt);
}

}  // namespace
}  // namespace okpay::desk
