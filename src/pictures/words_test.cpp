// SPDX-License-Identifier: Apache-2.0
// Words on screens. Screenshots with Chinese in a real typeface are in tests/story/screens_test.py.
#include "pictures/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "pictures/impl/open.hpp"

namespace okpay::pictures {
namespace {

using ::testing::HasSubstr;

// Leptonica's own letters, made as large as an app shows them.
Picture screen(std::string_view words, int factor) {
    Picture picture{pixCreate(500, 300, 32)};
    pixSetAll(picture.get());
    L_BMF* font = bmfCreate(nullptr, 20);
    pixSetTextline(picture.get(), font, std::string{words}.c_str(), 0, 30, 120, nullptr, nullptr);
    bmfDestroy(&font);
    const auto scale = static_cast<float>(factor);
    return Picture{pixScale(picture.get(), scale, scale)};
}
Bytes png(const Picture& picture) {
    l_uint8* octets = nullptr;
    std::size_t size = 0;
    EXPECT_EQ(pixWriteMemPng(&octets, &size, picture.get(), 0), 0);
    const std::unique_ptr<l_uint8, Release> owned{octets};
    return Bytes{reinterpret_cast<const char*>(octets), size};
}

class Words : public ::testing::Test {
protected:
    static void SetUpTestSuite() { ASSERT_TRUE(warm_up_words()) << "a language of tesseract-ocr is missing"; }
};

TEST_F(Words, are_read_large_and_small) {
    for (const int factor : {1, 3}) {
        const auto read = words_on(png(screen("Error 30217", factor)));
        ASSERT_TRUE(read.has_value());
        EXPECT_THAT(*read, HasSubstr("30217")) << factor;
        EXPECT_TRUE(is_utf8(*read));
    }
}

TEST_F(Words, are_not_where_there_are_none) {
    const auto read = words_on(png(screen("", 2)));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, "");
}

TEST_F(Words, of_what_is_no_good_picture_are_refused_by_name) {
    const Bytes good = png(screen("Payment", 2));
    EXPECT_EQ(words_on(good.substr(0, good.size() / 2)).error(), PictureFault::unreadable);
    EXPECT_EQ(words_on("GIF89a").error(), PictureFault::unknown_type);
    EXPECT_EQ(words_on(png(Picture{pixCreate(side_min - 1, 400, 32)})).error(), PictureFault::too_small);
    Bytes bomb = png(Picture{pixCreate(400, 400, 1)});
    bomb.replace(16, 8, std::string("\0\0\x3A\x98\0\0\x3A\x98", 8));  // its head says 15,000 by 15,000
    EXPECT_EQ(words_on(bomb).error(), PictureFault::too_many_pixels);
}

}  // namespace
}  // namespace okpay::pictures
