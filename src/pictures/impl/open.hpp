// SPDX-License-Identifier: Apache-2.0
// A picture from outside as Leptonica's, decoded within the limits of picture.hpp.
#pragma once

#include <leptonica/allheaders.h>

#include <cstdlib>
#include <memory>

#include "pictures/picture.hpp"

namespace okpay::pictures {

struct Release {
    void operator()(Pix* pix) const { pixDestroy(&pix); }
    void operator()(L_BMF* font) const { bmfDestroy(&font); }
    void operator()(l_uint8* octets) const { std::free(octets); }
    void operator()(char* text) const { delete[] text; }  // as Tesseract gives it
};
using Picture = std::unique_ptr<Pix, Release>;

// In colour, upright, on white where it was transparent; at most `side` wide or high.
Result<Picture, PictureFault> opened(ByteView file, int side);

}  // namespace okpay::pictures
