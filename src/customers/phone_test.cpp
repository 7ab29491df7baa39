// SPDX-License-Identifier: Apache-2.0
#include "customers/phone.hpp"

#include <gtest/gtest.h>

#include <set>

namespace okpay::customers {
namespace {

TEST(Phone, is_read_as_people_type_it_and_kept_as_e164_writes_it) {
    struct Given {
        std::string_view typed, number;
    };
    for (const auto& [typed, number] :
         {Given{"+86 138 0013 8000", "+8613800138000"}, Given{"+86-138-0013-8000", "+8613800138000"},
          Given{" +1 (212) 555.0123 ", "+12125550123"}, Given{"＋８６　１３８００１３８０００", "+8613800138000"},
          Given{"+12345678", "+12345678"}, Given{"+123456789012345", "+123456789012345"}}) {
        const auto read = PhoneNumber::parse(typed);
        ASSERT_TRUE(read) << typed;
        EXPECT_EQ(read->text(), number);
    }
}

TEST(Phone, without_its_country_too_short_too_long_or_with_other_signs_it_is_none) {
    for (const std::string_view typed :
         {"", "+", "13800138000", "008613800138000", "+0 138 0013 8000", "+44 (0)20 7946 0958", "+44（0）20 7946 0958",
          "+1234567", "+1234567890123456", "+86 138x", "+86 138 0013 8000;ext=1", "++8613800138000", "+86\n13800138000",
          "\xEF\xBC", "+8613800138000\xEF\xBC"}) {
        EXPECT_FALSE(PhoneNumber::parse(typed)) << typed;
    }
    EXPECT_FALSE(PhoneNumber::parse("+86 138 0013 8000" + std::string(200, ' ')));
}

TEST(Phone, masked_it_is_known_to_its_owner_and_called_by_nobody) {
    EXPECT_EQ(masked_phone("+8613800138000"), "+86***00");
    EXPECT_EQ(masked_phone("+12345678"), "+12***78");
    EXPECT_EQ(masked_phone(""), "");
    EXPECT_EQ(masked_phone("+123"), "***");
}

TEST(Phone, a_code_has_six_digits_of_its_mac_and_is_read_as_people_type_it) {
    std::set<std::string> codes;
    for (int i = 0; i < 1'000; ++i) {
        const std::string code = phone_code_of(sha256(std::to_string(i)));
        ASSERT_EQ(code.size(), phone_code_digits) << code;
        ASSERT_EQ(typed_phone_code(code), code);
        codes.insert(code);
    }
    EXPECT_GT(codes.size(), 990U);
    Hash256 small{};
    small[7] = 42;
    EXPECT_EQ(phone_code_of(small), "000042");
    EXPECT_EQ(typed_phone_code("123 456"), "123456");
    EXPECT_EQ(typed_phone_code("123-456"), "123456");
    EXPECT_EQ(typed_phone_code("１２３４５６"), "123456");
    for (const std::string_view typed : {"", "12345", "1234567", "12345a", "12.3456"}) {
        EXPECT_FALSE(typed_phone_code(typed)) << typed;
    }
}

}  // namespace
}  // namespace okpay::customers
