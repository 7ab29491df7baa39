// SPDX-License-Identifier: Apache-2.0
#include "desk/request_number.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace okpay::desk {
namespace {

const Secret key{"0123456789abcdef0123456789abcdef"};
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string text_of(std::int64_t ticket) { return RequestNumber::of(TicketNo{ticket}, key).text(); }

TEST(RequestNumber, comes_back_to_its_ticket) {
    std::set<std::string> seen;
    for (std::int64_t ticket = 1; ticket <= 3000; ++ticket) {
        const auto number = RequestNumber::of(TicketNo{ticket}, key);
        ASSERT_EQ(number.ticket(key), TicketNo{ticket});
        ASSERT_EQ(number.text().size(), 10U);
        ASSERT_EQ(number.text().find_first_not_of(alphabet, 3), std::string::npos);
        ASSERT_EQ(RequestNumber::parse(number.text()), number);
        ASSERT_TRUE(seen.insert(number.text()).second);
    }
    EXPECT_EQ(RequestNumber::of(TicketNo{request_numbers_max - 1}, key).ticket(key), TicketNo{request_numbers_max - 1});
    EXPECT_NE(RequestNumber::of(TicketNo{1}, key), RequestNumber::of(TicketNo{1}, Secret{"another"}));
}

// Every wrong character and every two exchanged ones of many numbers: none may read as a number.
TEST(RequestNumber, check_finds_each_substitution_and_each_exchange) {
    for (std::int64_t ticket = 1; ticket <= 400; ++ticket) {
        const std::string good = text_of(ticket);
        for (std::size_t at = 3; at < good.size(); ++at) {
            for (const char c : alphabet) {
                if (c == good[at]) continue;
                std::string bad = good;
                bad[at] = c;
                ASSERT_FALSE(RequestNumber::parse(bad)) << good << ' ' << bad;
            }
            for (std::size_t other = at + 1; other < good.size(); ++other) {
                if (good[other] == good[at]) continue;
                std::string bad = good;
                std::swap(bad[at], bad[other]);
                ASSERT_FALSE(RequestNumber::parse(bad)) << good << ' ' << bad;
            }
        }
    }
}

TEST(RequestNumber, is_read_as_people_write_it) {
    std::int64_t ticket = 1;  // one with 0 and 1, which people write as O, I and L, and with a letter
    while (text_of(ticket).find('0') == std::string::npos || text_of(ticket).find('1') == std::string::npos) ++ticket;
    const std::string good = text_of(ticket);
    const auto want = RequestNumber::of(TicketNo{ticket}, key);
    const auto with = [&](char from, char to) {
        std::string text = good;
        for (std::size_t at = 3; at < text.size(); ++at) text[at] = text[at] == from ? to : text[at];
        return text;
    };
    std::string lower = good;
    for (char& c : lower) c = static_cast<char>(std::tolower(c));
    const std::string core = good.substr(3);
    for (const std::string& form : {good,
                                    lower,
                                    "[" + good + "]",
                                    "Re: [" + good + "] your request",
                                    with('0', 'O'),
                                    with('0', 'o'),
                                    with('1', 'I'),
                                    with('1', 'l'),
                                    "OK " + core,
                                    "ok" + core,
                                    "OK - " + core,
                                    "OK\u2013" + core,
                                    "OK\uff0d" + core,
                                    "回复：[" + good + "]您好",
                                    "编号" + good + "的请求",
                                    "OK-" + core.substr(0, 3) + " " + core.substr(3),
                                    "OK-" + core.substr(0, 3) + "-" + core.substr(3),
                                    "0K-" + core,
                                    good + ".",
                                    "(" + good + ")",
                                    good + " please",
                                    "ok then: " + good}) {
        EXPECT_EQ(RequestNumber::find_in(form), want) << form;
    }
    for (const std::string& form :
         {std::string{}, core, "XOK-" + core, good + "X", "OK-" + core.substr(1), "OK-U" + core.substr(1), std::string{"OK"},
          std::string{"OK-"}, "OK-" + core.substr(0, 3) + "  " + core.substr(3)}) {
        EXPECT_FALSE(RequestNumber::find_in(form)) << form;
    }
    EXPECT_FALSE(RequestNumber::parse("see " + good));
    EXPECT_EQ(RequestNumber::parse("[" + good + "]"), want);
}

TEST(RequestNumber, words_behind_ok_are_no_numbers) {
    // All seven-letter words pass as characters; one in 32 has a right check. Without a hyphen a digit is asked for.
    std::mt19937_64 random{11};
    for (int round = 0; round < 5000; ++round) {
        std::string word;
        for (int n = 0; n < 7; ++n) word += "abcdefghjkmnpqrstvwxyz"[random() % 22];
        ASSERT_FALSE(RequestNumber::find_in("ok " + word)) << word;
    }
}

TEST(RequestNumber, finds_all_of_a_text_once) {
    const auto found = RequestNumber::all_in(text_of(5) + " and [" + text_of(9) + "], again " + text_of(5));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].ticket(key), TicketNo{5});
    EXPECT_EQ(found[1].ticket(key), TicketNo{9});
    std::string many;
    for (std::int64_t ticket = 1; ticket < 40; ++ticket) many += text_of(ticket) + " ";
    EXPECT_EQ(RequestNumber::all_in(many).size(), RequestNumber::found_max);
}

}  // namespace
}  // namespace okpay::desk
