// SPDX-License-Identifier: Apache-2.0
// Pictures from outside: typed by their content, decoded within limits, encoded again. Call it in the sandbox child only.
//
//   Kept      what can be seen, upright (EXIF orientation is obeyed), at most `kept_side_max` wide or high, as JPEG.
//   Gone      EXIF with place and device, comments, profiles, thumbnails, other images of the file, and all that hangs
//   behind. Refused   what is neither JPEG nor PNG, HEIC by its own word; what has more pixels or fewer than the limits,
//   before
//             anything is decoded; what is cut off or broken.
//   Threads   one at a time: the recogniser is one object of the process.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace okpay::pictures {

inline constexpr std::size_t picture_octets_max = 12UL * 1024 * 1024;
inline constexpr std::int64_t jpeg_pixels_max = 60'000'000;  // what the newest phones take
inline constexpr std::int64_t png_pixels_max = 20'000'000;   // decoded at once, with eight octets each at worst
inline constexpr int side_max = 16'384;
inline constexpr int side_min = 240;
inline constexpr int kept_side_max = 2'600;
inline constexpr int preview_side_max = 1'400;
inline constexpr std::size_t watermark_octets_max = 240;
inline constexpr std::size_t text_octets_max = 16'384;  // of one reading

enum class PictureFault : std::uint8_t { unknown_type = 1, heic = 2, too_many_pixels = 3, too_small = 4, unreadable = 5 };
enum class PictureType : std::uint8_t { jpeg = 1, png = 2 };
std::string_view name_of(PictureFault fault);
std::string_view name_of(PictureType type);  // "jpeg", "png"

// By content alone, and its size as the head of the file states it. Decodes nothing.
struct PictureHead {
    PictureType type;
    int width, height;
    int orientation = 1;  // EXIF, 1 to 8
};
Result<PictureHead, PictureFault> head_of(ByteView file);

struct CleanPicture {
    Bytes jpeg;
    int width = 0, height = 0;
    PictureType was{};
    std::vector<std::string> texts;  // one for each try of the recogniser
    friend bool operator==(const CleanPicture&, const CleanPicture&) = default;
};
// Says of a reading whether it will do, so that no further try is made.
using IsEnough = std::function<bool(std::string_view text)>;

Result<CleanPicture, PictureFault> clean_picture(ByteView file, bool read_text, const IsEnough& is_enough);

// At most preview_side_max, `watermark` (ASCII) all over it.
Result<Bytes, PictureFault> preview_of(ByteView jpeg, std::string_view watermark);

// Loads the recogniser and its data; false where there are none: pictures are then taken and no text is read.
bool warm_up();

}  // namespace okpay::pictures
