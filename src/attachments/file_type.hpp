// SPDX-License-Identifier: Apache-2.0
// What a file is, by its first octets alone: what its name and its sender say of it are claims.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace okpay::attachments {

enum class FileType : std::uint8_t {
    unknown = 0,
    text = 1,  // UTF-8 without control characters
    html = 2,
    pdf = 3,
    png = 4,
    jpeg = 5,
    gif = 6,
    webp = 7,
    zip = 8,  // also the documents of today's office programs
    gzip = 9,
    bzip2 = 10,
    xz = 11,
    tar = 12,
    seven_zip = 13,
    rar = 14,
    old_office = 15,  // OLE compound files: .doc, .xls, .ppt, .msg, .msi
    rtf = 16,
    program = 17,  // of Windows, Linux, macOS, Java, Android
    script = 18,   // begins with "#!"
    shortcut = 19,
    zstd = 20,
};
inline constexpr auto last_file_type = FileType::zstd;

std::string_view name_of(FileType type);  // "seven_zip"
// Looks at the first 64 KiB.
FileType type_of(ByteView file);
bool is_archive(FileType type);

}  // namespace okpay::attachments
