// SPDX-License-Identifier: Apache-2.0
#include "customers/access.hpp"

#include <gtest/gtest.h>

namespace okpay::customers {
namespace {

using std::chrono::days;
using std::chrono::minutes;

const Moment start = moment_of_ms(1'700'000'000'000);

TEST(SignInTries, ten_strangers_wait_a_quarter_of_an_hour) {
    SignInTries tries;
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(take_try(tries, false, start).has_value()) << i;
    EXPECT_EQ(take_try(tries, false, start), start + minutes{15});
    EXPECT_EQ(tries.strangers, 10) << "what was not made is not counted";
    EXPECT_TRUE(take_try(tries, false, start + minutes{15} - Millis{1}).has_value());
    EXPECT_FALSE(take_try(tries, false, start + minutes{15}).has_value());
}

TEST(SignInTries, a_device_that_is_known_has_tries_of_its_own) {
    SignInTries tries;
    for (int i = 0; i < 10; ++i) take_try(tries, false, start);
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(take_try(tries, true, start).has_value()) << i;
    EXPECT_TRUE(take_try(tries, true, start).has_value()) << "then it is as any stranger";
}

// However long somebody guesses, and from whatever: at most a hundred in a row.
TEST(SignInTries, never_more_than_a_hundred_in_a_row) {
    SignInTries tries;
    int made = 0;
    for (int i = 0; i < 2'000; ++i) {
        for (const bool known : {false, true}) made += take_try(tries, known, start + minutes{15} * i) ? 0 : 1;
    }
    EXPECT_EQ(made, 100);
    EXPECT_TRUE(take_try(tries, false, start + days{3'650}).has_value());
    forgive(tries, false);
    EXPECT_EQ(tries, SignInTries{});
}

TEST(SignInTries, the_customers_own_sign_in_does_not_let_strangers_go_on_at_once) {
    SignInTries tries;
    for (int i = 0; i < 10; ++i) take_try(tries, false, start);
    EXPECT_FALSE(take_try(tries, true, start).has_value());
    forgive(tries, true);
    EXPECT_TRUE(take_try(tries, false, start + minutes{14}).has_value());
    EXPECT_FALSE(take_try(tries, true, start).has_value());
}

TEST(Device, words_of_what_browsers_say) {
    const auto mozilla = [](std::string rest) { return device_words("Mozilla/5.0 " + rest); };
    EXPECT_EQ(mozilla("(Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"),
              "Chrome on Android");
    EXPECT_EQ(mozilla("(iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"),
              "Safari on iPhone");
    EXPECT_EQ(mozilla("(Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"),
              "Edge on Windows");
    EXPECT_EQ(mozilla("(X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"), "Firefox on Linux");
    EXPECT_EQ(mozilla("(Linux; Android 12) Chrome/111 Mobile Safari/537.36 MicroMessenger/8.0.49"), "WeChat on Android");
    EXPECT_EQ(device_words("curl/8.5 Linux"), "Browser on Linux");
    EXPECT_EQ(device_words("<script>alert(1)</script>"), "") << "nothing of what was said is repeated";
}

TEST(Device, addresses_are_shortened_and_counted_by_network) {
    EXPECT_EQ(shortened_address("203.0.113.77"), "203.0.113.x");
    EXPECT_EQ(shortened_address("::ffff:203.0.113.77"), "203.0.113.x");
    EXPECT_EQ(shortened_address("2001:db8:1:2:3:4:5:6"), "2001:db8:1::x");
    EXPECT_EQ(shortened_address("test"), "");
    EXPECT_EQ(client_of_address("203.0.113.77"), "203.0.113.77");
    EXPECT_EQ(client_of_address("2001:db8:1:2:3:4:5:6"), client_of_address("2001:db8:1:2::9"));
    EXPECT_NE(client_of_address("2001:db8:1:2::9"), client_of_address("2001:db8:1:3::9"));
}

}  // namespace
}  // namespace okpay::customers
