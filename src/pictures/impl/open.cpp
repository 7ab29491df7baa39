// SPDX-License-Identifier: Apache-2.0
#include "pictures/impl/open.hpp"

#include <algorithm>

namespace okpay::pictures {
namespace {

const l_uint8* octets_of(ByteView bytes) { return reinterpret_cast<const l_uint8*>(bytes.data()); }

// JPEG is decoded smaller where it is much larger than what is kept: the decoder leaves out what would be thrown away.
int reduction_of(const PictureHead& head, int side) {
    int reduction = 1;
    while (reduction < 8 && std::max(head.width, head.height) / (reduction * 2) >= side) reduction *= 2;
    return reduction;
}

Picture decoded(ByteView file, const PictureHead& head, int side) {
    Picture raw;
    if (head.type == PictureType::jpeg) {
        l_int32 warnings = 0;
        raw.reset(pixReadMemJpeg(octets_of(file), file.size(), 0, reduction_of(head, side), &warnings, 0));
        if (warnings != 0) return nullptr;  // cut off, or broken in the middle: the rest would be grey
    } else {
        raw.reset(pixReadMemPng(octets_of(file), file.size()));
    }
    if (raw == nullptr) return nullptr;
    if (pixGetSpp(raw.get()) == 4) {
        Picture opaque{pixAlphaBlendUniform(raw.get(), 0xFFFFFF00)};  // on white
        if (opaque == nullptr) return nullptr;
        raw = std::move(opaque);
    }
    return Picture{pixConvertTo32(raw.get())};
}

// EXIF 2.32, tag 0x0112: how the picture was held.
Picture upright(Picture picture, int orientation) {
    const auto turned = [&](int quarters) { return Picture{pixRotateOrth(picture.get(), quarters)}; };
    const auto mirrored = [](const Picture& of) { return Picture{pixFlipLR(nullptr, of.get())}; };
    switch (orientation) {
    case 2: return mirrored(picture);
    case 3: return turned(2);
    case 4: return mirrored(turned(2));
    case 5: return mirrored(turned(1));
    case 6: return turned(1);
    case 7: return mirrored(turned(3));
    case 8: return turned(3);
    default: return picture;
    }
}

Picture at_most(Picture picture, int side) {
    const int longest = std::max(pixGetWidth(picture.get()), pixGetHeight(picture.get()));
    if (longest <= side) return picture;
    const auto factor = static_cast<float>(side) / static_cast<float>(longest);
    return Picture{pixScale(picture.get(), factor, factor)};
}

}  // namespace

Result<Picture, PictureFault> opened(ByteView file, int side) {
    const auto head = head_of(file);
    if (!head) return fail(head.error());
    Picture picture = decoded(file, *head, side);
    if (picture != nullptr) picture = upright(std::move(picture), head->orientation);
    if (picture != nullptr) picture = at_most(std::move(picture), side);
    if (picture == nullptr) return fail(PictureFault::unreadable);
    return picture;
}

}  // namespace okpay::pictures
