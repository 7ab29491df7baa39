// SPDX-License-Identifier: Apache-2.0
// Pictures as strangers send them: bombs, cut-off files, two files in one, places of home in EXIF; and good ones, which come
// out with nothing but what can be seen on them.
#include "pictures/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <leptonica/allheaders.h>
#include <sys/resource.h>

#include <chrono>
#include <memory>
#include <random>

#include "pictures/job.hpp"

namespace okpay::pictures {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using ::testing::HasSubstr;

struct Release {
    void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using Picture = std::unique_ptr<Pix, Release>;

// White, with a red square in the upper left corner, so that one sees how it was turned.
Picture drawn(int width, int height, std::string_view words = "") {
    Picture picture{pixCreate(width, height, 32)};
    pixSetAll(picture.get());
    for (int y = 0; y < height / 4; ++y) {
        for (int x = 0; x < width / 4; ++x) pixSetRGBPixel(picture.get(), x, y, 220, 0, 0);
    }
    if (!words.empty()) {
        L_BMF* font = bmfCreate(nullptr, 20);
        pixSetTextline(picture.get(), font, std::string{words}.c_str(), 0, 40, height / 2 + height / 4, nullptr, nullptr);
        bmfDestroy(&font);
    }
    return picture;
}
Bytes jpeg(const Picture& picture) {
    l_uint8* octets = nullptr;
    std::size_t size = 0;
    EXPECT_EQ(pixWriteMemJpeg(&octets, &size, picture.get(), 92, 0), 0);
    Bytes file{reinterpret_cast<const char*>(octets), size};
    std::free(octets);
    return file;
}
Bytes png(const Picture& picture) {
    l_uint8* octets = nullptr;
    std::size_t size = 0;
    EXPECT_EQ(pixWriteMemPng(&octets, &size, picture.get(), 0), 0);
    Bytes file{reinterpret_cast<const char*>(octets), size};
    std::free(octets);
    return file;
}
Picture read(ByteView file) { return Picture{pixReadMem(reinterpret_cast<const l_uint8*>(file.data()), file.size())}; }
bool is_red(const Picture& picture, int x, int y) {
    l_int32 red = 0, green = 0, blue = 0;
    pixGetRGBPixel(picture.get(), x, y, &red, &green, &blue);
    return red > 150 && green < 90 && blue < 90;
}

// TIFF in APP1: an orientation, and a place in degrees, as phones write them.
Bytes with_exif(const Bytes& file, int orientation) {
    Bytes tiff = "MM\0\x2A\0\0\0\x08"s;
    tiff += "\0\x02"s;  // two entries
    tiff += "\x01\x12\0\x03\0\0\0\x01\0"s + static_cast<char>(orientation) + "\0\0"s;  // orientation
    tiff += "\x88\x25\0\x04\0\0\0\x01\0\0\0\x26"s;  // the GPS directory
    tiff += "\0\0\0\0GPSLatitude 52.5163 GPSLongitude 13.3777 Pixel 9 SECRET-PLACE"s;
    const Bytes body = "Exif\0\0"s + tiff;
    const std::size_t length = body.size() + 2;
    const Bytes segment = "\xFF\xE1"s + static_cast<char>(length >> 8U) + static_cast<char>(length & 0xFFU) + body;
    return file.substr(0, 2) + segment + file.substr(2);
}

PictureFault fault(ByteView file) {
    const auto clean = clean_picture(file, false, {});
    EXPECT_FALSE(clean.has_value());
    return clean ? PictureFault{} : clean.error();
}

class Pictures : public ::testing::Test {
protected:
    static void SetUpTestSuite() { setMsgSeverity(L_SEVERITY_NONE); }
};

TEST_F(Pictures, are_typed_by_their_content_alone) {
    EXPECT_EQ(head_of(jpeg(drawn(400, 300)))->type, PictureType::jpeg);
    EXPECT_EQ(head_of(png(drawn(400, 300)))->type, PictureType::png);
    EXPECT_EQ(fault("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), PictureFault::unknown_type);
    EXPECT_EQ(fault("GIF89a\x01\0\x01\0"sv), PictureFault::unknown_type);
    EXPECT_EQ(fault("%PDF-1.7\n"), PictureFault::unknown_type);
    EXPECT_EQ(fault("<html>" + jpeg(drawn(400, 300))), PictureFault::unknown_type);
    EXPECT_EQ(fault(""), PictureFault::unknown_type);
    EXPECT_EQ(fault("\0\0\0\x18"
                    "ftypheic\0\0\0\0mif1heic"sv),
              PictureFault::heic);
    EXPECT_EQ(fault("\0\0\0\x18"
                    "ftypmif1\0\0\0\0mif1heic"sv),
              PictureFault::heic);
    EXPECT_EQ(fault("\0\0\0\x18"
                    "ftypisom\0\0\0\0isommp42"sv),
              PictureFault::unknown_type)
        << "a film";
}

TEST_F(Pictures, a_bomb_is_refused_by_its_head) {
    Bytes bomb = png(drawn(400, 300));
    for (const std::size_t at : {16U, 20U}) bomb.replace(at, 4, "\0\1\0\0"s);  // 65,536 by 65,536: 17 GB of pixels
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(fault(bomb), PictureFault::too_many_pixels);
    getrusage(RUSAGE_SELF, &after);
    EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 8'192) << "KiB";
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1});
    Bytes narrow = png(drawn(400, 300));
    narrow.replace(16, 4, "\0\0\x4E\x20"s);  // 20,000 wide, 300 high: few pixels, too long a side
    EXPECT_EQ(fault(narrow), PictureFault::too_many_pixels);
    Bytes flood = jpeg(drawn(400, 300));
    const auto frame = flood.find("\xFF\xC0"sv);
    ASSERT_NE(frame, Bytes::npos);
    flood.replace(frame + 5, 4, "\x3F\xFF\x3F\xFF"s);  // 16,383 by 16,383
    EXPECT_EQ(fault(flood), PictureFault::too_many_pixels);
}

TEST_F(Pictures, a_small_one_is_refused) {
    EXPECT_EQ(fault(jpeg(drawn(239, 600))), PictureFault::too_small);
    EXPECT_EQ(fault(png(drawn(1, 1))), PictureFault::too_small);
    EXPECT_TRUE(clean_picture(jpeg(drawn(240, 240)), false, {}));
}

TEST_F(Pictures, one_that_is_cut_off_is_refused_at_any_place) {
    for (const Bytes& whole : {jpeg(drawn(500, 400, "NOT ALL OF IT")), png(drawn(500, 400, "NOT ALL OF IT"))}) {
        ASSERT_TRUE(clean_picture(whole, false, {}));
        for (std::size_t part = 1; part < 20; ++part) {
            const auto clean = clean_picture(ByteView{whole}.substr(0, whole.size() * part / 20), false, {});
            EXPECT_FALSE(clean.has_value()) << part << "/20 of " << whole.size();
        }
    }
}

TEST_F(Pictures, what_hangs_behind_or_in_between_is_gone) {
    const Bytes evil = "PK\x03\x04<script>alert(document.cookie)</script>";
    Bytes file = jpeg(drawn(600, 400));
    const Bytes comment = "\xFF\xFE"s + '\0' + static_cast<char>(evil.size() + 2) + evil;
    file = file.substr(0, 2) + comment + file.substr(2) + evil;
    const auto clean = clean_picture(file, false, {});
    ASSERT_TRUE(clean);
    EXPECT_EQ(clean->jpeg.find("script"), Bytes::npos);
    EXPECT_EQ(clean->jpeg.find("PK\x03\x04"), Bytes::npos);
}

TEST_F(Pictures, the_place_where_it_was_taken_is_gone) {
    const Bytes file = with_exif(jpeg(drawn(800, 600)), 1);
    ASSERT_NE(file.find("SECRET-PLACE"), Bytes::npos);
    const auto clean = clean_picture(file, false, {});
    ASSERT_TRUE(clean);
    for (const Bytes& out : {clean->jpeg, preview_of(clean->jpeg, "risk ben@pay.example").value()}) {
        EXPECT_EQ(out.find("SECRET-PLACE"), Bytes::npos);
        EXPECT_EQ(out.find("Exif"), Bytes::npos);
        EXPECT_EQ(out.find("GPS"), Bytes::npos);
    }
}

TEST_F(Pictures, stand_upright_however_the_phone_was_held) {
    struct Case {
        int orientation;
        bool turned, right, low;  // where the red corner is to be seen
    };
    for (const Case& one :
         {Case{1, false, false, false}, Case{2, false, true, false}, Case{3, false, true, true}, Case{4, false, false, true},
          Case{5, true, false, false}, Case{6, true, true, false}, Case{7, true, true, true}, Case{8, true, false, true}}) {
        SCOPED_TRACE(one.orientation);
        const auto clean = clean_picture(with_exif(jpeg(drawn(800, 600)), one.orientation), false, {});
        ASSERT_TRUE(clean);
        EXPECT_EQ(clean->width, one.turned ? 600 : 800);
        EXPECT_EQ(clean->height, one.turned ? 800 : 600);
        const Picture seen = read(clean->jpeg);
        EXPECT_TRUE(is_red(seen, one.right ? clean->width - 30 : 30, one.low ? clean->height - 30 : 30));
    }
    EXPECT_EQ(head_of(with_exif(jpeg(drawn(800, 600)), 77))->orientation, 1) << "what says nothing is not obeyed";
}

TEST_F(Pictures, a_large_one_is_kept_smaller) {
    const auto clean = clean_picture(jpeg(drawn(6'000, 4'000)), false, {});
    ASSERT_TRUE(clean);
    EXPECT_EQ(clean->width, kept_side_max);
    EXPECT_NEAR(clean->height, kept_side_max * 2 / 3, 2);
    EXPECT_TRUE(is_red(read(clean->jpeg), 50, 50));
}

TEST_F(Pictures, a_preview_has_its_words_all_over_it) {
    const Bytes file = jpeg(drawn(1'200, 800));
    const auto with = preview_of(file, "risk ben@pay.example 2026-11-28 review");
    const auto other = preview_of(file, "agent ana@pay.example 2026-11-28 audit");
    ASSERT_TRUE(with && other);
    EXPECT_NE(*with, *other);
    const Picture seen = read(*with);
    int bands = 0;
    for (int band = 0; band < 8; ++band) {  // the lower half is white but for the words
        bool marked = false;
        for (int y = 400 + band * 50; y < 450 + band * 50 && !marked; ++y) {
            for (int x = 0; x < 1'200 && !marked; ++x) {
                l_int32 red = 0, green = 0, blue = 0;
                pixGetRGBPixel(seen.get(), x, y, &red, &green, &blue);
                marked = green < 200;
            }
        }
        bands += marked ? 1 : 0;
    }
    EXPECT_EQ(bands, 8);
    EXPECT_TRUE(preview_of(file, "")) << "words are the caller's";
    EXPECT_FALSE(preview_of("no picture", "risk").has_value());
}

TEST_F(Pictures, what_is_written_on_one_is_read) {
    if (!warm_up()) GTEST_SKIP() << "tesseract-ocr-eng is not installed";
    const auto clean = clean_picture(jpeg(drawn(1'400, 900, "AB1234567 UTOPIA 740812")), true,
                                     [](std::string_view text) { return text.find("1234567") != std::string_view::npos; });
    ASSERT_TRUE(clean);
    ASSERT_FALSE(clean->texts.empty());
    EXPECT_THAT(clean->texts.back(), HasSubstr("1234567"));
    EXPECT_LT(clean->texts.size(), 5U) << "no further try once it will do";
}

TEST_F(Pictures, jobs_go_over_the_wire_and_back) {
    const Bytes file = png(drawn(640, 480));
    const auto clean = clean_answer(do_job(clean_request(file, false), {}));
    ASSERT_TRUE(clean);
    EXPECT_EQ(clean->was, PictureType::png);
    EXPECT_EQ(clean->jpeg, clean_picture(file, false, {})->jpeg);
    EXPECT_TRUE(preview_answer(do_job(preview_request(clean->jpeg, "risk"), {})));
    EXPECT_EQ(clean_answer(do_job(clean_request("GIF89a", false), {})).error(), PictureFault::unknown_type);
    EXPECT_EQ(clean_answer(do_job("", {})).error(), PictureFault::unreadable);
    EXPECT_EQ(clean_answer(do_job("x" + file, {})).error(), PictureFault::unreadable);
    EXPECT_EQ(preview_answer(do_job("p\xFF\xFF\xFF\xFFrisk"s, {})).error(), PictureFault::unreadable);
}

// Whoever sent the picture may have taken the child over: what it answers is not believed.
TEST_F(Pictures, an_answer_is_believed_only_where_it_is_one) {
    const Bytes good = do_job(clean_request(jpeg(drawn(640, 480)), false), {});
    ASSERT_TRUE(clean_answer(good));
    for (std::size_t length = 0; length < 40; ++length) EXPECT_FALSE(clean_answer(good.substr(0, length)).has_value());
    EXPECT_FALSE(clean_answer(good.substr(0, 14) + "<html>").has_value());
    EXPECT_FALSE(preview_answer("\0<html><script>"s).has_value());
    std::mt19937 random{7};
    for (int round = 0; round < 2'000; ++round) {
        Bytes changed = good.substr(0, 200);
        for (int i = 0; i < 4; ++i) changed[random() % 40] = static_cast<char>(random());
        static_cast<void>(clean_answer(changed));  // under sanitizers: nothing is overrun
        static_cast<void>(preview_answer(changed));
    }
}

}  // namespace
}  // namespace okpay::pictures
