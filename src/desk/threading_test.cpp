// SPDX-License-Identifier: Apache-2.0
#include "desk/threading.hpp"

#include <gtest/gtest.h>

#include <random>

#include "desk/ticket_token.hpp"

namespace okpay::desk {
namespace {

const std::vector<TokenKey> keys{{.id = 1, .key = Secret{"old key old key old key old key "}},
                                 {.id = 2, .key = Secret{"new key new key new key new key "}}};
constexpr std::string_view alice = "alice@mail.example";

TEST(TicketToken, names_its_ticket_and_its_recipient) {
    for (const std::int64_t ticket : {std::int64_t{1}, std::int64_t{77}, token_ticket_max}) {
        for (const TokenKey& key : keys) {
            const std::string token = make_token(key, TicketNo{ticket}, alice);
            ASSERT_EQ(token.size(), token_characters);
            const auto verified = verify_token(keys, token);
            ASSERT_TRUE(verified);
            EXPECT_EQ(verified->ticket, TicketNo{ticket});
            EXPECT_TRUE(was_sent_to(keys, *verified, alice));
            EXPECT_TRUE(was_sent_to(keys, *verified, " Alice@MAIL.example"));
            EXPECT_FALSE(was_sent_to(keys, *verified, "mallory@mail.example"));
            EXPECT_FALSE(was_sent_to(keys, *verified, ""));
            std::string upper = token;
            for (char& c : upper) c = static_cast<char>(std::toupper(c));
            EXPECT_TRUE(verify_token(keys, upper));
        }
    }
    EXPECT_NE(make_token(keys[0], TicketNo{1}, alice), make_token(keys[0], TicketNo{2}, alice));
}

TEST(TicketToken, no_edit_of_one_character_joins) {
    const std::string token = make_token(keys[1], TicketNo{77}, alice);
    for (std::size_t at = 0; at < token.size(); ++at) {
        for (const char c : std::string_view{"abcdefghijklmnopqrstuvwxyz234567"}) {
            std::string bad = token;
            if (bad[at] == c) continue;
            bad[at] = c;
            ASSERT_FALSE(verify_token(keys, bad)) << at << c;
        }
    }
    for (const std::string& bad :
         {std::string{}, token + "a", token.substr(1), token.substr(0, 43) + " ", token.substr(0, 43) + "="}) {
        EXPECT_FALSE(verify_token(keys, bad));
    }
    EXPECT_FALSE(verify_token(std::span{keys}.first(1), token));  // its key is gone
}

TEST(TicketToken, guesses_do_not_join) {
    std::mt19937_64 random{std::random_device{}()};
    for (int round = 0; round < 20'000; ++round) {
        std::string guess;
        while (guess.size() < token_characters) guess += "abcdefghijklmnopqrstuvwxyz234567"[random() % 32];
        ASSERT_FALSE(verify_token(keys, guess)) << guess;
    }
}

TEST(TicketToken, is_found_where_mail_programs_leave_it) {
    const std::string a = make_token(keys[1], TicketNo{1}, alice);
    const std::string b = make_token(keys[1], TicketNo{2}, alice);
    const std::string c = make_token(keys[1], TicketNo{3}, alice);
    const std::string d = make_token(keys[1], TicketNo{4}, alice);
    const std::string id = message_id_with(a, "x1", "pay.example");
    EXPECT_EQ(id, "<t." + a + ".x1@pay.example>");
    const std::string address = reply_address_with(c, "support", "pay.example");
    EXPECT_EQ(address, "support+" + c + "@pay.example");
    const std::string references = "<other@x.example> <T." + b + ".y@pay.example> " + id;
    const std::string body = "thanks\r\n> Hello\r\n> " + reference_line(d) + "\r\n> OKPay";
    const std::vector<std::string> recipients{"other@pay.example", address};
    const auto found = find_tokens({.in_reply_to = id, .references = references, .recipients = recipients, .body = body});
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].token, a);
    EXPECT_EQ(found[0].place, TokenPlace::in_reply_to);
    EXPECT_EQ(found[1].token, b);
    EXPECT_EQ(found[1].place, TokenPlace::references);
    EXPECT_EQ(found[2].token, c);
    EXPECT_EQ(found[2].place, TokenPlace::recipient);
    EXPECT_EQ(found[3].token, d);
    EXPECT_EQ(found[3].place, TokenPlace::body);
    EXPECT_TRUE(find_tokens({.body = "Ref: " + a + "b"}).empty());  // longer: no token
    EXPECT_TRUE(find_tokens({.body = a}).empty());                  // nothing says that it is one
    std::string flood;
    for (int n = 1; n < 100; ++n) flood += reference_line(make_token(keys[1], TicketNo{n}, alice)) + "\n";
    EXPECT_EQ(find_tokens({.body = flood}).size(), tokens_found_max);
}

// The attacks of the field, one row each. "T…" names the threat.
KnownTicket ticket(std::int64_t no, TicketState state = TicketState::open) {
    return {.no = TicketNo{no}, .party_address = std::string{alice}, .state = state};
}
TokenMatch token(std::int64_t no, bool sent_to_sender, TicketState state = TicketState::open) {
    return {.ticket = ticket(no, state), .sent_to_sender = sent_to_sender};
}

struct ThreadCase {
    std::string_view name;
    ThreadInput input;
    ThreadTarget target;
    ThreadReason reason;
    std::int64_t ticket = 0;
    TicketState after = TicketState::fresh;
    bool reopens = false;
};

const std::vector<ThreadCase>& thread_cases() {
    using enum ThreadTarget;
    using enum ThreadReason;
    using enum customers::Assurance;
    const std::string party{alice};
    const std::string mallory = "mallory@evil.example";
    static const std::vector<ThreadCase> cases{
        {"a new mail", {.sender = party}, new_ticket, nothing_found},
        {"reply with our token",
         {.by_token = {token(1, true)}, .sender = party},
         append,
         token_and_party,
         1,
         TicketState::open},
        {"reply with the address in capitals",
         {.by_token = {token(1, true)}, .sender = "ALICE@Mail.Example"},
         append,
         token_and_party,
         1,
         TicketState::open},
        {"headers stripped, number and party at A1",
         {.by_number = {ticket(1)}, .sender = party, .assurance = a1_aligned_mail},
         append,
         number_and_party,
         1,
         TicketState::open},
        {"answers while we wait",
         {.by_token = {token(1, true, TicketState::pending_customer)}, .sender = party},
         append,
         token_and_party,
         1,
         TicketState::open},
        {"reply to a solved request",
         {.by_token = {token(1, true, TicketState::solved)}, .sender = party},
         append,
         token_and_party,
         1,
         TicketState::open,
         true},
        {"late reply to a closed request",
         {.by_token = {token(1, true, TicketState::closed)}, .sender = party},
         new_linked,
         ticket_closed,
         1},
        {"late reply by number",
         {.by_number = {ticket(1, TicketState::closed)}, .sender = party, .assurance = a1_aligned_mail},
         new_linked,
         ticket_closed,
         1},
        {"out of office on a solved request",
         {.by_token = {token(1, true, TicketState::solved)}, .sender = party, .automatic = true},
         append,
         token_and_party,
         1,
         TicketState::solved},
        {"thanks on a solved request",
         {.by_token = {token(1, true, TicketState::solved)}, .sender = party, .only_thanks = true},
         append,
         token_and_party,
         1,
         TicketState::solved},
        {"thanks on a closed request, by number",
         {.by_number = {ticket(1, TicketState::closed)}, .sender = party, .assurance = a1_aligned_mail, .only_thanks = true},
         append,
         number_and_party,
         1,
         TicketState::closed},
        {"thanks where an answer is awaited",
         {.by_token = {token(1, true, TicketState::pending_customer)}, .sender = party, .only_thanks = true},
         append,
         token_and_party,
         1,
         TicketState::pending_customer},
        {"thanks of a stranger",
         {.by_number = {ticket(1)}, .sender = mallory, .only_thanks = true},
         new_linked,
         number_without_proof,
         1},
        {"out of office on a closed request",
         {.by_token = {token(1, true, TicketState::closed)}, .sender = party, .automatic = true},
         append,
         token_and_party,
         1,
         TicketState::closed},
        {"T01 forged In-Reply-To with a known Message-ID, no valid token", {.sender = mallory}, new_ticket, nothing_found},
        {"T02 number in the subject by a stranger",
         {.by_number = {ticket(1)}, .sender = mallory, .assurance = a1_aligned_mail},
         new_linked,
         number_without_proof,
         1},
        {"T02 number and a spoofed party",
         {.by_number = {ticket(1)}, .sender = party, .assurance = a0_unproven},
         new_linked,
         number_without_proof,
         1},
        {"T03 a copied recipient replies",
         {.by_token = {token(1, false)}, .sender = "cc@evil.example"},
         new_linked,
         token_of_another_person,
         1},
        {"T05 spoofed From that DMARC refuses, with a stolen token",
         {.by_token = {token(1, true)}, .sender = party, .forged = true},
         new_linked,
         sender_forged,
         1},
        {"T05 spoofed From that DMARC refuses, with a number",
         {.by_number = {ticket(1)}, .sender = party, .assurance = a1_aligned_mail, .forged = true},
         new_linked,
         sender_forged,
         1},
        {"T08 token replayed by another person",
         {.by_token = {token(1, false)}, .sender = mallory, .assurance = a1_aligned_mail},
         new_linked,
         token_of_another_person,
         1},
        {"T09 reply from a new address of the same person",
         {.by_token = {token(1, false)}, .sender = "alice2@mail.example"},
         new_linked,
         token_of_another_person,
         1},
        {"T10 no From or two", {.by_token = {token(1, true)}, .sender = ""}, new_linked, token_of_another_person, 1},
        {"a token sent to someone who is no longer the party",
         {.by_token = {{.ticket = {.no = TicketNo{1}, .party_address = "new@mail.example", .state = TicketState::open},
                        .sent_to_sender = true}},
          .sender = party},
         new_linked,
         token_of_another_person,
         1},
        {"a foreign token first, the own one second",
         {.by_token = {token(1, false), token(2, true)}, .sender = party},
         append,
         token_and_party,
         2,
         TicketState::open},
        {"a foreign token and an own number at A1",
         {.by_token = {token(1, false)}, .by_number = {ticket(2)}, .sender = party, .assurance = a1_aligned_mail},
         append,
         number_and_party,
         2,
         TicketState::open},
        {"token before number",
         {.by_token = {token(1, true)}, .by_number = {ticket(2)}, .sender = party, .assurance = a1_aligned_mail},
         append,
         token_and_party,
         1,
         TicketState::open},
    };
    return cases;
}

TEST(DecideThread, answers_each_attack_as_it_must) {
    for (const ThreadCase& c : thread_cases()) {
        SCOPED_TRACE(c.name);
        const ThreadDecision got = decide_thread(c.input);
        EXPECT_EQ(got.target, c.target);
        EXPECT_EQ(code_of(got.reason), code_of(c.reason));
        EXPECT_EQ(got.ticket, c.ticket == 0 ? std::nullopt : std::optional{TicketNo{c.ticket}});
        EXPECT_EQ(got.state_after, c.after);
        EXPECT_EQ(got.reopens, c.reopens);
    }
}

// Law: nobody but the party ever joins, whatever is found in the mail.
TEST(DecideThread, only_the_party_joins) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    const std::array addresses{std::string{alice}, std::string{"bob@mail.example"}, std::string{}};
    for (int round = 0; round < 20'000; ++round) {
        ThreadInput input{.sender = addresses[random() % 3],
                          .assurance = static_cast<customers::Assurance>(random() % 3),
                          .forged = random() % 4 == 0,
                          .automatic = random() % 4 == 0,
                          .only_thanks = random() % 4 == 0};
        std::vector<KnownTicket> all;
        for (std::int64_t no = 1; no <= 4; ++no) {
            const KnownTicket known{.no = TicketNo{no},
                                    .party_address = addresses[random() % 3],
                                    .state = static_cast<TicketState>(random() % 6 + 1)};
            all.push_back(known);
            if (random() % 2 == 0) input.by_token.push_back({.ticket = known, .sent_to_sender = random() % 2 == 0});
            if (random() % 2 == 0) input.by_number.push_back(known);
        }
        const ThreadDecision got = decide_thread(input);
        if (got.target != ThreadTarget::append) continue;
        const KnownTicket& joined = all[static_cast<std::size_t>(number_of(*got.ticket) - 1)];
        ASSERT_EQ(joined.party_address, input.sender);
        ASSERT_FALSE(input.sender.empty());
        ASSERT_FALSE(input.forged);
        if (input.automatic || input.only_thanks) { ASSERT_EQ(got.state_after, joined.state); }
    }
}

}  // namespace
}  // namespace okpay::desk
