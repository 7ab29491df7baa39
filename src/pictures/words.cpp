// SPDX-License-Identifier: Apache-2.0
#include "pictures/words.hpp"

#include <tesseract/baseapi.h>

#include <algorithm>

#include "base/text.hpp"
#include "pictures/impl/open.hpp"

namespace okpay::pictures {
namespace {

// Null where its data are missing. It lives until the process ends.
tesseract::TessBaseAPI* recogniser() {
    static tesseract::TessBaseAPI* const shared = []() -> tesseract::TessBaseAPI* {
        auto made = std::make_unique<tesseract::TessBaseAPI>();
        if (made->Init(nullptr, "chi_sim+chi_tra+eng", tesseract::OEM_LSTM_ONLY) != 0) return nullptr;
        made->SetPageSegMode(tesseract::PSM_AUTO);  // columns and lines as the app set them
        made->SetVariable("debug_file", "/dev/null");
        return made.release();
    }();
    return shared;
}

}  // namespace

Result<std::string, PictureFault> words_on(ByteView file) {
    const auto picture = opened(file, read_side_max);
    if (!picture) return fail(picture.error());
    if (recogniser() == nullptr) return std::string{};
    Picture grey{pixConvertTo8(picture->get(), 0)};
    if (grey != nullptr && std::max(pixGetWidth(grey.get()), pixGetHeight(grey.get())) < read_side_small)
        grey.reset(pixScale(grey.get(), 2, 2));
    if (grey == nullptr) return fail(PictureFault::unreadable);
    recogniser()->SetImage(grey.get());
    recogniser()->SetSourceResolution(300);
    const std::unique_ptr<char, Release> text{recogniser()->GetUTF8Text()};
    recogniser()->Clear();
    if (text == nullptr) return std::string{};
    return std::string{utf8_prefix(to_utf8_lossy(text.get()), text_octets_max)};
}

bool warm_up_words() {
    setMsgSeverity(L_SEVERITY_NONE);  // its words go to standard error, picked by whoever sent the picture
    // Some words, so that whatever loads lazily is there before the process is locked in.
    Picture page{pixCreate(600, 400, 32)};
    L_BMF* font = bmfCreate(nullptr, 20);
    if (page == nullptr || font == nullptr || pixSetAll(page.get()) != 0) return false;
    pixSetTextline(page.get(), font, "Payment failed 12:30", 0, 40, 200, nullptr, nullptr);
    bmfDestroy(&font);
    for (const int format : {IFF_PNG, IFF_JFIF_JPEG}) {
        l_uint8* written = nullptr;
        std::size_t size = 0;
        if (pixWriteMem(&written, &size, page.get(), format) != 0) return false;
        const std::unique_ptr<l_uint8, Release> owned{written};
        const auto read = words_on({reinterpret_cast<const char*>(written), size});
        if (!read || read->empty()) return false;
    }
    return true;
}

}  // namespace okpay::pictures
