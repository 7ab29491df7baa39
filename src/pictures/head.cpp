// SPDX-License-Identifier: Apache-2.0
// What a file is, read by hand: so that nothing is decoded of what is too large, and EXIF needs no library.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "pictures/picture.hpp"

namespace okpay::pictures {
namespace {

using namespace std::string_view_literals;

unsigned octet(ByteView bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }
unsigned big16(ByteView bytes, std::size_t at) { return octet(bytes, at) << 8U | octet(bytes, at + 1); }

// ISO/IEC 14496-12: a box "ftyp" with the brands of HEIF, HEVC or AV1 pictures.
bool is_heic(ByteView file) {
    if (file.size() < 12 || file.substr(4, 4) != "ftyp"sv) return false;
    constexpr std::array brands{"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv, "mif1"sv, "msf1"sv, "avif"sv};
    return std::ranges::find(brands, file.substr(8, 4)) != brands.end();
}

// TIFF 6.0 inside an APP1 segment; 1 where it says nothing that can be obeyed.
int orientation_of(ByteView exif) {
    if (!exif.starts_with("Exif\0\0"sv)) return 1;
    const ByteView tiff = exif.substr(6);
    if (tiff.size() < 8) return 1;
    const bool little = tiff.starts_with("II"sv);
    if (!little && !tiff.starts_with("MM"sv)) return 1;
    const auto number = [&](std::size_t at, std::size_t count) -> std::size_t {
        std::size_t value = 0;
        for (std::size_t i = 0; i < count; ++i) value = value << 8U | octet(tiff, little ? at + count - 1 - i : at + i);
        return value;
    };
    const std::size_t directory = number(4, 4);
    if (directory > tiff.size() || tiff.size() - directory < 2) return 1;
    const std::size_t entries = number(directory, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t at = directory + 2 + i * 12;
        if (at + 12 > tiff.size()) return 1;
        if (number(at, 2) != 0x0112) continue;
        const std::size_t value = number(at + 8, 2);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

std::optional<PictureHead> jpeg_head(ByteView file) {
    PictureHead head{.type = PictureType::jpeg, .width = 0, .height = 0};
    std::size_t at = 2;
    while (at + 4 <= file.size()) {
        if (octet(file, at) != 0xFF) return std::nullopt;
        const unsigned marker = octet(file, at + 1);
        if (marker == 0xFF) {  // fill octets
            ++at;
            continue;
        }
        if (marker == 0xD8 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
            at += 2;
            continue;
        }
        if (marker == 0xD9 || marker == 0xDA) return std::nullopt;  // no frame before the scan
        const std::size_t length = big16(file, at + 2);
        if (length < 2 || at + 2 + length > file.size()) return std::nullopt;
        const ByteView segment = file.substr(at + 4, length - 2);
        if (marker == 0xE1 && head.orientation == 1) head.orientation = orientation_of(segment);
        const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            if (segment.size() < 6) return std::nullopt;
            head.height = static_cast<int>(big16(segment, 1));
            head.width = static_cast<int>(big16(segment, 3));
            return head;
        }
        at += 2 + length;
    }
    return std::nullopt;
}

std::optional<PictureHead> png_head(ByteView file) {
    if (file.size() < 24 || file.substr(12, 4) != "IHDR"sv) return std::nullopt;
    const std::uint32_t width = read_u32(file.substr(16)), height = read_u32(file.substr(20));
    constexpr std::uint32_t shown_max = 0x7FFFFFFF;
    if (width > shown_max || height > shown_max) return std::nullopt;
    return PictureHead{.type = PictureType::png, .width = static_cast<int>(width), .height = static_cast<int>(height)};
}

}  // namespace

Result<PictureHead, PictureFault> head_of(ByteView file) {
    std::optional<PictureHead> head;
    if (file.starts_with("\xFF\xD8\xFF"sv)) {
        head = jpeg_head(file);
    } else if (file.starts_with("\x89PNG\r\n\x1A\n"sv)) {
        head = png_head(file);
    } else {
        return fail(is_heic(file) ? PictureFault::heic : PictureFault::unknown_type);
    }
    if (!head || head->width <= 0 || head->height <= 0) return fail(PictureFault::unreadable);
    const std::int64_t pixels = std::int64_t{head->width} * head->height;
    const std::int64_t pixels_max = head->type == PictureType::jpeg ? jpeg_pixels_max : png_pixels_max;
    if (pixels > pixels_max || head->width > side_max || head->height > side_max) return fail(PictureFault::too_many_pixels);
    if (head->width < side_min || head->height < side_min) return fail(PictureFault::too_small);
    return *head;
}

std::string_view name_of(PictureFault fault) {
    switch (fault) {
    case PictureFault::unknown_type: return "unknown_type";
    case PictureFault::heic: return "heic";
    case PictureFault::too_many_pixels: return "too_many_pixels";
    case PictureFault::too_small: return "too_small";
    case PictureFault::unreadable: return "unreadable";
    }
    std::abort();
}

std::string_view name_of(PictureType type) {
    switch (type) {
    case PictureType::jpeg: return "jpeg";
    case PictureType::png: return "png";
    }
    std::abort();
}

}  // namespace okpay::pictures
