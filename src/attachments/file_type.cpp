// SPDX-License-Identifier: Apache-2.0
#include "attachments/file_type.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"

namespace okpay::attachments {
namespace {

constexpr std::size_t head_octets_max = 64U << 10U;

struct Magic {
    std::string_view octets;
    FileType type;
    std::size_t at = 0;
};
using namespace std::string_view_literals;
constexpr std::array magics{
    Magic{"%PDF-"sv, FileType::pdf},
    Magic{"\x89PNG\r\n\x1a\n"sv, FileType::png},
    Magic{"\xff\xd8\xff"sv, FileType::jpeg},
    Magic{"GIF87a"sv, FileType::gif},
    Magic{"GIF89a"sv, FileType::gif},
    Magic{"PK\x03\x04"sv, FileType::zip},
    Magic{"PK\x05\x06"sv, FileType::zip},  // an empty one
    Magic{"PK\x07\x08"sv, FileType::zip},  // a part of several
    Magic{"\x1f\x8b"sv, FileType::gzip},
    Magic{"BZh"sv, FileType::bzip2},
    Magic{"\xfd"
          "7zXZ\0"sv,
          FileType::xz},
    Magic{"\x28\xb5\x2f\xfd"sv, FileType::zstd},
    Magic{"7z\xbc\xaf\x27\x1c"sv, FileType::seven_zip},
    Magic{"Rar!\x1a\x07"sv, FileType::rar},
    Magic{"ustar"sv, FileType::tar, 257},
    Magic{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, FileType::old_office},
    Magic{"{\\rtf"sv, FileType::rtf},
    Magic{"MZ"sv, FileType::program},
    Magic{"\x7f"
          "ELF"sv,
          FileType::program},
    Magic{"\xfe\xed\xfa\xce"sv, FileType::program},
    Magic{"\xfe\xed\xfa\xcf"sv, FileType::program},
    Magic{"\xce\xfa\xed\xfe"sv, FileType::program},
    Magic{"\xcf\xfa\xed\xfe"sv, FileType::program},
    Magic{"\xca\xfe\xba\xbe"sv, FileType::program},  // of several machines, or of Java
    Magic{"dex\n"sv, FileType::program},
    Magic{"#!"sv, FileType::script},
    Magic{"L\0\0\0\x01\x14\x02\0"sv, FileType::shortcut},
    Magic{"[InternetShortcut]"sv, FileType::shortcut},
};

// As browsers guess it: a tag of a page at the start.
bool looks_like_html(ByteView head) {
    if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
    const std::string start = ascii_lower(trimmed(head.substr(0, 512)));
    constexpr std::array tags{"<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<meta"};
    if (std::ranges::any_of(tags, [&](const char* tag) { return start.starts_with(tag); })) return true;
    return start.starts_with("<?xml") && (start.contains("<svg") || start.contains("<html"));
}

bool is_text(ByteView head) {
    if (head.empty()) return false;
    for (const char c : head) {
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f') return false;
    }
    return is_utf8(utf8_prefix(head, head.size() > 4 ? head.size() - 4 : head.size()));
}

}  // namespace

std::string_view name_of(FileType type) {
    switch (type) {
    case FileType::unknown: return "unknown";
    case FileType::text: return "text";
    case FileType::html: return "html";
    case FileType::pdf: return "pdf";
    case FileType::png: return "png";
    case FileType::jpeg: return "jpeg";
    case FileType::gif: return "gif";
    case FileType::webp: return "webp";
    case FileType::zip: return "zip";
    case FileType::gzip: return "gzip";
    case FileType::bzip2: return "bzip2";
    case FileType::xz: return "xz";
    case FileType::tar: return "tar";
    case FileType::seven_zip: return "seven_zip";
    case FileType::rar: return "rar";
    case FileType::old_office: return "old_office";
    case FileType::rtf: return "rtf";
    case FileType::program: return "program";
    case FileType::script: return "script";
    case FileType::shortcut: return "shortcut";
    case FileType::zstd: return "zstd";
    }
    std::abort();
}

FileType type_of(ByteView file) {
    const ByteView head = file.substr(0, head_octets_max);
    for (const Magic& magic : magics) {
        if (head.size() >= magic.at && head.substr(magic.at).starts_with(magic.octets)) return magic.type;
    }
    if (head.starts_with("RIFF") && head.size() >= 12 && head.substr(8, 4) == "WEBP") return FileType::webp;
    if (looks_like_html(head)) return FileType::html;
    return is_text(head) ? FileType::text : FileType::unknown;
}

bool is_archive(FileType type) {
    switch (type) {
    case FileType::zip:
    case FileType::gzip:
    case FileType::bzip2:
    case FileType::xz:
    case FileType::zstd:
    case FileType::tar:
    case FileType::seven_zip:
    case FileType::rar: return true;
    case FileType::unknown:
    case FileType::text:
    case FileType::html:
    case FileType::pdf:
    case FileType::png:
    case FileType::jpeg:
    case FileType::gif:
    case FileType::webp:
    case FileType::old_office:
    case FileType::rtf:
    case FileType::program:
    case FileType::script:
    case FileType::shortcut: return false;
    }
    std::abort();
}

}  // namespace okpay::attachments
