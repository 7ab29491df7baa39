// SPDX-License-Identifier: Apache-2.0
#include "payments/instrument.hpp"

#include <gtest/gtest.h>

namespace okpay::payments {
namespace {

constexpr auto out = RailDirection::pay_out;
constexpr auto in = RailDirection::collect;

TEST(Instrument, reads_and_masks_accounts) {
    const auto iban = parse_instrument(out, " gb29 NWBK 6016 1331 9268 19 ");
    ASSERT_TRUE(iban);
    EXPECT_EQ(iban->canonical, "GB29NWBK60161331926819");
    EXPECT_EQ(iban->masked, "bank ····6819");
    EXPECT_EQ(parse_instrument(out, "6222-0212345")->masked, "bank ····2345");
    EXPECT_EQ(parse_instrument(in, "tok_4eC39HqLyjWD")->masked, "card");
    EXPECT_EQ(parse_instrument(in, "tok_4eC39HqLyjWD")->canonical, "tok_4eC39HqLyjWD") << "tokens keep their case";
    EXPECT_EQ(parse_instrument(in, "sandbox:late")->canonical, "sandbox:late");
}

TEST(Instrument, refuses_with_the_reason) {
    EXPECT_EQ(parse_instrument(out, "GB28NWBK60161331926819").error(), InstrumentError::wrong_check_digits);
    EXPECT_EQ(parse_instrument(out, "4242 4242 4242 4242").error(), InstrumentError::card_number);
    EXPECT_EQ(parse_instrument(in, "4242-4242-4242-4242").error(), InstrumentError::card_number);
    for (const std::string_view text :
         {"", "   ", "12345", "abcdefgh", "12345678\n9", "１２３４５６７８", "tok_", "=1+1|cmd"}) {
        EXPECT_FALSE(parse_instrument(out, text)) << text;
        EXPECT_FALSE(parse_instrument(in, text)) << text;
    }
    EXPECT_FALSE(parse_instrument(in, "GB29NWBK60161331926819")) << "money is collected by the acquirer's token alone";
    EXPECT_FALSE(parse_instrument(out, std::string(65, '1')));
}

}  // namespace
}  // namespace okpay::payments
