// SPDX-License-Identifier: Apache-2.0
#include "server/tariff_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/options.hpp"

namespace okpay::server {
namespace {

using money::Currency;
using money::Money;
using payments::Operation;

TEST(TariffFile, is_read_whole) {
    const payments::Tariff tariff = parse_tariff(R"(
[[fee]]
operation = "pay"
currency = "CNY"
fixed = "0.30"
percent = "0.6"
minimum = "0.10"
maximum = "50.00"

[[fee]]
operation = "send"
level = 1
currency = "CNY"
tiers = [{up_to = "1000", percent = "0.6"}, {percent = "0.4"}]

[[limit]]
operation = "send"
level = 1
currency = "CNY"
window = "day"
amount = "5000"
count = 10

[[balance]]
level = 1
currency = "JPY"
amount = "20000"
)",
                                                 "tariff.toml");
    const auto cny = [](std::int64_t minor) { return *Money::of_minor(minor, Currency::cny); };
    EXPECT_EQ(tariff.fee_minor(Operation::pay, std::nullopt, cny(10'000)), 90);
    EXPECT_EQ(tariff.fee_minor(Operation::send, 1, cny(200'000)), 600 + 400);
    EXPECT_EQ(tariff.fee_minor(Operation::send, 2, cny(200'000)), 0);
    ASSERT_EQ(tariff.limits.size(), 1U);
    EXPECT_EQ(tariff.limits[0].amount_minor, 500'000);
    EXPECT_EQ(tariff.limits[0].count, 10);
    EXPECT_EQ(tariff.balance_limit(1, Currency::jpy), 20'000);
}

TEST(TariffFile, names_the_line_and_what_is_wrong) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"[[fee]]\noperation = \"pay\"\npercent = 0.6", "tariff.toml:3: percent is a text in quotes"},
        {"[[fee]]\noperation = \"pay\"\npercent = \"0.61234\"", "at most four decimals"},
        {"[[fee]]\noperation = \"pay\"\npercent = \"101\"", "from 0 to 100"},
        {"[[fee]]\noperation = \"pay\"\nfixed = \"0.30\"", "fixed needs a currency"},
        {"[[fee]]\noperation = \"pay\"\ncurrency = \"JPY\"\nfixed = \"0.30\"", "0.30 is no amount in JPY"},
        {"[[fee]]\noperation = \"buy\"", "operation is one of"},
        {"[[fee]]\noperation = \"pay\"\nlevel = 1", "whatever the customer's level"},
        {"[[fee]]\noperation = \"receive\"", "fees are taken of"},
        {"[[fee]]\noperation = \"send\"\nprecent = \"1\"", "tariff.toml:3: precent means nothing here"},
        {"[[fee]]\noperation = \"send\"\ncurrency = \"CNY\"\nminimum = \"2\"\nmaximum = \"1\"",
         "maximum is less than minimum"},
        {"[[fee]]\noperation = \"send\"\ncurrency = \"CNY\"\ntiers = [{percent = \"1\"}, {percent = \"2\"}]", "tiers rise"},
        {"[[fee]]\noperation = \"send\"\n[[fee]]\noperation = \"send\"", "tariff.toml:3: this operation has a fee"},
        {"[[limit]]\noperation = \"send\"\nwindow = \"day\"\namount = \"1\"", "a limit needs a currency"},
        {"[[limit]]\noperation = \"send\"\ncurrency = \"CNY\"\nwindow = \"hour\"\namount = \"1\"", "window is one of"},
        {"[[limit]]\noperation = \"send\"\ncurrency = \"CNY\"\nwindow = \"day\"", "an amount or a count"},
        {"[[limit]]\noperation = \"send\"\ncurrency = \"CNY\"\nwindow = \"day\"\namount = \"-1\"", "no amount"},
        {"[[limit]]\noperation = \"send\"\nlevel = 9\ncurrency = \"CNY\"\nwindow = \"day\"\namount = \"1\"", "from 0 to 3"},
        {"[limit]\namount = \"1\"", "write [[limit]] above each"},
        {"limits = 1", "limits means nothing here"},
        {"[[fee]\n", "tariff.toml:1: "},
    };
    for (const auto& [text, expected] : cases) {
        try {
            parse_tariff(text, "tariff.toml");
            ADD_FAILURE() << "was read: " << text;
        } catch (const UsageError& error) { EXPECT_THAT(error.what(), ::testing::HasSubstr(expected)) << text; }
    }
    EXPECT_THROW(tariff_of("/nonexistent/tariff.toml", 60), UsageError);
}

TEST(TariffFile, falls_back_to_the_flat_fee_of_merchants) {
    const Money amount = *Money::of_minor(10'000, Currency::cny);
    EXPECT_EQ(tariff_of("", 60).fee_minor(Operation::pay, std::nullopt, amount), 60);
    EXPECT_EQ(tariff_of("", 0).fee_minor(Operation::pay, std::nullopt, amount), 0);
}

}  // namespace
}  // namespace okpay::server
