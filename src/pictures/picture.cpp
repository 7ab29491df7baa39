// SPDX-License-Identifier: Apache-2.0
#include "pictures/picture.hpp"

#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "pictures/impl/open.hpp"

namespace okpay::pictures {
namespace {

constexpr int kept_quality = 88, preview_quality = 80;

Result<Bytes, PictureFault> as_jpeg(const Picture& picture, int quality) {
    pixSetText(picture.get(), nullptr);  // Leptonica carries the comment of a JPEG from file to file
    l_uint8* written = nullptr;
    std::size_t size = 0;
    const auto failed = pixWriteMemJpeg(&written, &size, picture.get(), quality, 0);
    const std::unique_ptr<l_uint8, Release> owned{written};
    if (failed != 0 || written == nullptr) return fail(PictureFault::unreadable);
    return Bytes{reinterpret_cast<const char*>(written), size};
}

// The recogniser, one of the process; null where its data are missing. It lives until the process ends.
tesseract::TessBaseAPI* recogniser() {
    static tesseract::TessBaseAPI* const shared = []() -> tesseract::TessBaseAPI* {
        auto made = std::make_unique<tesseract::TessBaseAPI>();
        if (made->Init(nullptr, "eng", tesseract::OEM_LSTM_ONLY) != 0) return nullptr;
        made->SetPageSegMode(tesseract::PSM_SINGLE_BLOCK);
        made->SetVariable("tessedit_char_whitelist", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<");
        made->SetVariable("load_system_dawg", "0");  // no line of these is a word
        made->SetVariable("load_freq_dawg", "0");
        made->SetVariable("debug_file", "/dev/null");
        return made.release();
    }();
    return shared;
}

std::string text_on(const Picture& grey, int width) {
    const auto factor = static_cast<float>(width) / static_cast<float>(pixGetWidth(grey.get()));
    const Picture scaled{pixScale(grey.get(), factor, factor)};
    if (scaled == nullptr) return {};
    recogniser()->SetImage(scaled.get());
    recogniser()->SetSourceResolution(300);
    const std::unique_ptr<char, Release> text{recogniser()->GetUTF8Text()};
    recogniser()->Clear();
    return text == nullptr ? std::string{} : std::string{text.get()}.substr(0, text_octets_max);
}

// The zone stands at the lower end of a passport and of the back of a card; a phone may have been held any way round.
std::vector<std::string> texts_on(const Picture& picture, const IsEnough& is_enough) {
    std::vector<std::string> texts;
    if (recogniser() == nullptr) return texts;
    const Picture grey{pixConvertTo8(picture.get(), 0)};
    if (grey == nullptr) return texts;
    const int width = pixGetWidth(grey.get()), height = pixGetHeight(grey.get());
    Box* lower_half = boxCreate(0, height * 11 / 20, width, height - height * 11 / 20);
    const Picture lower{pixClipRectangle(grey.get(), lower_half, nullptr)};
    boxDestroy(&lower_half);
    struct Try {
        const Picture* of;
        int width, quarters;
    };
    for (const Try& one :
         {Try{&lower, 1'800, 0}, Try{&grey, 1'600, 0}, Try{&lower, 2'600, 0}, Try{&grey, 1'600, 1}, Try{&grey, 1'600, 3}}) {
        if (*one.of == nullptr) continue;
        const Picture turned{one.quarters == 0 ? pixClone(one.of->get()) : pixRotateOrth(one.of->get(), one.quarters)};
        if (turned == nullptr) continue;
        texts.push_back(text_on(turned, one.width));
        if (is_enough && is_enough(texts.back())) break;
    }
    return texts;
}

// The words once in each band, slanted, so that no part of the picture is without them.
Picture watermark_mask(int width, int height, const std::string& words) {
    const std::unique_ptr<L_BMF, Release> font{bmfCreate(nullptr, 8)};
    const int side = static_cast<int>(std::hypot(width, height)) + 2;
    Picture mask{pixCreate(side, side, 8)};
    if (font == nullptr || mask == nullptr) return nullptr;
    std::string line;
    while (line.size() < 400) line += words + "    ";
    const int step = 120;
    for (int y = 40, row = 0; y < side; y += step, ++row) {
        const std::size_t shift = static_cast<std::size_t>(row) * 23 % (words.size() + 4);
        pixSetTextline(mask.get(), font.get(), line.substr(shift, 260).c_str(), 255, 4, y, nullptr, nullptr);
    }
    Picture slanted{pixRotate(mask.get(), 0.38F, L_ROTATE_AREA_MAP, L_BRING_IN_BLACK, 0, 0)};
    if (slanted == nullptr) return nullptr;
    Box* middle = boxCreate((side - width) / 2, (side - height) / 2, width, height);
    Picture cut{pixClipRectangle(slanted.get(), middle, nullptr)};
    boxDestroy(&middle);
    return cut;
}

void burn_in(Pix* picture, Pix* mask) {
    constexpr std::uint32_t share = 115;  // of 255: to be read, and the face behind it still to be known
    const int width = std::min(pixGetWidth(picture), pixGetWidth(mask));
    const int height = std::min(pixGetHeight(picture), pixGetHeight(mask));
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            l_uint32 covered = 0, pixel = 0;
            pixGetPixel(mask, x, y, &covered);
            if (covered == 0) continue;
            pixGetPixel(picture, x, y, &pixel);
            l_int32 red = 0, green = 0, blue = 0;
            extractRGBValues(pixel, &red, &green, &blue);
            const auto blended = [part = covered * share / 255](l_int32 from, std::uint32_t to) {
                return static_cast<l_int32>((static_cast<std::uint32_t>(from) * (255 - part) + to * part) / 255);
            };
            composeRGBPixel(blended(red, 200), blended(green, 0), blended(blue, 40), &pixel);
            pixSetPixel(picture, x, y, pixel);
        }
    }
}

}  // namespace

bool warm_up() {
    setMsgSeverity(L_SEVERITY_NONE);  // its words go to standard error, picked by whoever sent the picture
    // One of each kind of work, so that whatever loads lazily is there before the process is locked in.
    Picture page{pixCreate(400, 300, 32)};
    if (page == nullptr || pixSetAll(page.get()) != 0) return false;
    const auto made = as_jpeg(page, kept_quality);
    if (!made || !preview_of(*made, "warm up")) return false;
    return clean_picture(*made, true, {}).has_value() && recogniser() != nullptr;
}

Result<CleanPicture, PictureFault> clean_picture(ByteView file, bool read_text, const IsEnough& is_enough) {
    const auto head = head_of(file);
    if (!head) return fail(head.error());
    const auto picture = opened(file, kept_side_max);
    if (!picture) return fail(picture.error());
    auto jpeg = as_jpeg(*picture, kept_quality);
    if (!jpeg) return fail(jpeg.error());
    return CleanPicture{.jpeg = *std::move(jpeg),
                        .width = pixGetWidth(picture->get()),
                        .height = pixGetHeight(picture->get()),
                        .was = head->type,
                        .texts = read_text ? texts_on(*picture, is_enough) : std::vector<std::string>{}};
}

Result<Bytes, PictureFault> preview_of(ByteView jpeg, std::string_view watermark) {
    const auto picture = opened(jpeg, preview_side_max);
    if (!picture) return fail(picture.error());
    std::string words;
    for (const char c : watermark.substr(0, watermark_octets_max)) words += c >= ' ' && c <= '~' ? c : '?';
    const Picture mask = watermark_mask(pixGetWidth(picture->get()), pixGetHeight(picture->get()), words);
    if (mask == nullptr) return fail(PictureFault::unreadable);  // never without the words
    burn_in(picture->get(), mask.get());
    return as_jpeg(*picture, preview_quality);
}

}  // namespace okpay::pictures
