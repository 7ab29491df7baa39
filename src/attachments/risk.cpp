// SPDX-License-Identifier: Apache-2.0
#include "attachments/risk.hpp"

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <span>

#include "base/text.hpp"

namespace okpay::attachments {
namespace {

using std::string_view;

constexpr std::array<string_view, 35> programs{"exe",        "com",  "scr", "pif",  "cpl",         "dll",     "sys",
                                               "msi",        "msp",  "jar", "app",  "apk",         "ipa",     "dmg",
                                               "pkg",        "deb",  "rpm", "iso",  "img",         "vhd",     "xll",
                                               "appx",       "msix", "cab", "run",  "appimage",    "vhdx",    "appxbundle",
                                               "msixbundle", "mst",  "msc", "jnlp", "application", "diagcab", "appref-ms"};
constexpr std::array<string_view, 25> scripts{"bat", "cmd", "ps1", "psm1",        "vb",      "vbs", "vbe",   "js", "jse",
                                              "mjs", "wsf", "wsh", "hta",         "sh",      "py",  "pl",    "rb", "php",
                                              "reg", "chm", "sct", "applescript", "command", "pyw", "ps1xml"};
constexpr std::array<string_view, 10> shortcuts{"lnk", "url", "scf",        "inf",    "desktop",
                                                "iqy", "slk", "library-ms", "webloc", "settingcontent-ms"};
constexpr std::array<string_view, 13> macro_documents{"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm",
                                                      "potm", "ppam", "ppsm", "sldm", "xla",  "one"};
constexpr std::array<string_view, 8> web_pages{"html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "svg"};
// Archives by their format, which a person knows as one document.
constexpr std::array<string_view, 22> office_documents{"docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm",
                                                       "xlam", "xlsb", "pptx", "pptm", "potx", "potm", "ppsx", "ppsm",
                                                       "ppam", "odt",  "ods",  "odp",  "odg",  "epub"};
constexpr std::array<string_view, 12> archives{"zip", "tar", "gz",  "tgz", "bz2", "tbz2",
                                               "xz",  "txz", "zst", "7z",  "rar", "tbz"};
// What a person opens without a thought.
constexpr std::array<string_view, 22> documents{"pdf", "doc", "docx", "xls",  "xlsx", "ppt", "pptx", "txt",
                                                "rtf", "csv", "jpg",  "jpeg", "png",  "gif", "webp", "bmp",
                                                "mp3", "mp4", "mov",  "odt",  "ods",  "eml"};

bool is_one_of(std::span<const string_view> words, string_view word) {
    return std::ranges::find(words, word) != words.end();
}

string_view last_part(string_view path) {
    const auto slash = path.find_last_of("/\\");
    return slash == string_view::npos ? path : path.substr(slash + 1);
}

// Windows drops blanks and dots at the end.
string_view without_tail(string_view name) {
    while (name.ends_with('.') || name.ends_with(' ')) name.remove_suffix(1);
    return name;
}

string_view extension_of(string_view name) {
    const auto dot = name.find_last_of('.');
    return dot == string_view::npos ? string_view{} : name.substr(dot + 1);
}

Risks risks_of_extension(string_view extension) {
    Risks risks;
    if (is_one_of(programs, extension)) risks.add(Risk::program);
    if (is_one_of(scripts, extension)) risks.add(Risk::script);
    if (is_one_of(shortcuts, extension)) risks.add(Risk::shortcut);
    if (is_one_of(macro_documents, extension)) risks.add(Risk::macros);
    if (is_one_of(web_pages, extension)) risks.add(Risk::web_page);
    return risks;
}

// What a content must be to bear the name. None: such a name says nothing that can be held against it.
bool is_of(string_view extension, FileType type) {
    if (extension == "pdf") return type == FileType::pdf;
    if (extension == "png") return type == FileType::png;
    if (extension == "jpg" || extension == "jpeg") return type == FileType::jpeg;
    if (extension == "gif") return type == FileType::gif;
    if (extension == "webp") return type == FileType::webp;
    if (extension == "docx" || extension == "xlsx" || extension == "pptx")
        return type == FileType::zip || type == FileType::old_office;  // the latter: with a password
    if (extension == "doc" || extension == "xls" || extension == "ppt") {
        if (type == FileType::zip) return false;  // what has macros may hide them behind the older name
    }
    if (extension == "zip") return type == FileType::zip;
    if (extension == "7z") return type == FileType::seven_zip;
    if (extension == "rar") return type == FileType::rar;
    const bool runs = type == FileType::program || type == FileType::script || type == FileType::shortcut;
    return !(runs && is_one_of(documents, extension));
}

std::string to_utf16_le(string_view ascii) {
    std::string wide;
    for (const char c : ascii) wide.append(1, c).append(1, '\0');
    return wide;
}

// The folder in which office programs keep macros.
bool holds_macros(ByteView ole) {
    return ole.find(to_utf16_le("_VBA_PROJECT")) != ByteView::npos || ole.find(to_utf16_le("Macros")) != ByteView::npos;
}

// How office programs keep a document with a password: MS-OFFCRYPTO 2.3.4.4.
bool holds_encrypted_document(ByteView ole) { return ole.find(to_utf16_le("EncryptedPackage")) != ByteView::npos; }

std::optional<std::string> from_gb18030(ByteView raw) {
    UErrorCode error = U_ZERO_ERROR;
    UConverter* const converter = ucnv_open("gb18030", &error);
    if (U_FAILURE(error)) return std::nullopt;
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    std::u16string wide(raw.size() + 1, u'\0');
    const auto units = ucnv_toUChars(converter, wide.data(), static_cast<std::int32_t>(wide.size()), raw.data(),
                                     static_cast<std::int32_t>(raw.size()), &error);
    ucnv_close(converter);
    if (U_FAILURE(error)) return std::nullopt;
    wide.resize(static_cast<std::size_t>(units));
    std::string text;
    for (std::size_t at = 0; at < wide.size();) {
        char32_t point = wide[at++];
        if (point >= 0xD800 && point < 0xDC00 && at < wide.size())
            point = 0x10000 + ((point - 0xD800) << 10U) + (wide[at++] - 0xDC00U);
        std::array<std::uint8_t, 4> octets{};
        std::int32_t length = 0;
        UBool bad = 0;
        U8_APPEND(octets.data(), length, 4, static_cast<UChar32>(point), bad);
        if (bad == 0) text.append(reinterpret_cast<const char*>(octets.data()), static_cast<std::size_t>(length));
    }
    return text;
}

std::string decoded(ByteView raw) {
    if (is_utf8(raw)) return std::string{raw};
    auto chinese = from_gb18030(raw);
    return chinese && is_utf8(*chinese) ? *std::move(chinese) : to_utf8_lossy(raw);
}

bool is_invisible(char32_t point) {
    const auto kind = u_charType(static_cast<UChar32>(point));
    return kind == U_CONTROL_CHAR || kind == U_FORMAT_CHAR || kind == U_LINE_SEPARATOR || kind == U_PARAGRAPH_SEPARATOR ||
           kind == U_SURROGATE || kind == U_PRIVATE_USE_CHAR;
}

bool leads_outside(string_view path) {
    if (path.starts_with('/')) return true;
    if (path.size() >= 2 && path[1] == ':' && std::isalpha(static_cast<unsigned char>(path[0])) != 0) return true;
    for (const string_view part : split(path, '/')) {
        if (part == "..") return true;
    }
    return false;
}

}  // namespace

std::string_view name_of(Risk risk) {
    switch (risk) {
    case Risk::program: return "program";
    case Risk::script: return "script";
    case Risk::shortcut: return "shortcut";
    case Risk::macros: return "macros";
    case Risk::web_page: return "web_page";
    case Risk::double_extension: return "double_extension";
    case Risk::hidden_characters: return "hidden_characters";
    case Risk::outside_path: return "outside_path";
    case Risk::encrypted: return "encrypted";
    case Risk::deeper_archive: return "deeper_archive";
    case Risk::bomb: return "bomb";
    case Risk::other_type: return "other_type";
    case Risk::not_looked_into: return "not_looked_into";
    }
    std::abort();
}

std::vector<Risk> Risks::list() const {
    std::vector<Risk> all;
    for (unsigned i = 0; i <= static_cast<unsigned>(last_risk); ++i) {
        if (has(static_cast<Risk>(i))) all.push_back(static_cast<Risk>(i));
    }
    return all;
}

ShownName shown_name(ByteView raw, std::size_t octets_max) {
    ShownName shown;
    const std::string text = decoded(raw.substr(0, octets_max * 4));
    const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto length = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < length;) {
        const std::int32_t from = at;
        UChar32 point = 0;
        U8_NEXT(octets, at, length, point);
        if (point < 0 || is_invisible(static_cast<char32_t>(point))) {
            shown.risks.add(Risk::hidden_characters);
        } else if (point == '\\') {
            shown.text += '/';  // as Windows reads it
        } else {
            shown.text.append(text, static_cast<std::size_t>(from), static_cast<std::size_t>(at - from));
        }
    }
    if (leads_outside(shown.text)) shown.risks.add(Risk::outside_path);
    if (shown.text.size() > octets_max) shown.text = std::string{utf8_prefix(shown.text, octets_max - 3)} + "…";
    return shown;
}

Risks risks_of_name(std::string_view name) {
    const std::string low = ascii_lower(without_tail(last_part(name)));
    const string_view extension = extension_of(low);
    Risks risks = risks_of_extension(extension);
    if (risks.none() || extension.empty()) return risks;
    const string_view before = without_tail(string_view{low}.substr(0, low.size() - extension.size() - 1));
    if (is_one_of(documents, extension_of(before))) risks.add(Risk::double_extension);
    return risks;
}

Risks risks_of_file(std::string_view name, FileType type, ByteView content) {
    Risks risks = risks_of_name(name);
    if (type == FileType::program) risks.add(Risk::program);
    if (type == FileType::script) risks.add(Risk::script);
    if (type == FileType::shortcut) risks.add(Risk::shortcut);
    if (type == FileType::html) risks.add(Risk::web_page);
    if (type == FileType::old_office && holds_macros(content)) risks.add(Risk::macros);
    if (type == FileType::old_office && holds_encrypted_document(content)) risks.add(Risk::encrypted);
    const std::string low = ascii_lower(without_tail(last_part(name)));
    if (!content.empty() && !is_of(extension_of(low), type)) risks.add(Risk::other_type);
    return risks;
}

bool is_office_name(std::string_view name) {
    return is_one_of(office_documents, extension_of(ascii_lower(without_tail(last_part(name)))));
}

bool is_archive_name(std::string_view name) {
    return is_one_of(archives, extension_of(ascii_lower(without_tail(last_part(name)))));
}

}  // namespace okpay::attachments
