// SPDX-License-Identifier: Apache-2.0
#include "paper/pdf_catalog.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>

namespace okpay::paper {
namespace {

std::optional<std::int64_t> number_behind(std::string_view text, std::string_view word) {
    const auto found = text.rfind(word);
    if (found == std::string_view::npos) return std::nullopt;
    text.remove_prefix(found + word.size());
    while (text.starts_with(' ') || text.starts_with('\n') || text.starts_with('\r')) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} ? std::optional{number} : std::nullopt;
}

}  // namespace

std::string with_language(std::string pdf, std::string_view bcp47) {
    const std::string_view whole = pdf;
    const auto trailer_at = whole.rfind("trailer");
    if (trailer_at == std::string_view::npos) return pdf;
    const std::string_view trailer = whole.substr(trailer_at);
    const auto size = number_behind(trailer, "/Size");
    const auto root = number_behind(trailer, "/Root");
    const auto info = number_behind(trailer, "/Info");
    const auto table_at = number_behind(trailer, "startxref");
    if (!size || !root || !info || !table_at) return pdf;
    const std::string head = fmt::format("\n{} 0 obj\n", *root);
    const auto found = whole.rfind(head);
    if (found == std::string_view::npos) return pdf;
    const std::string_view object = whole.substr(found + 1, whole.find("endobj", found) - found - 1);
    const auto end = object.rfind(">>");
    if (!object.contains("/Catalog") || end == std::string_view::npos) return pdf;

    const std::string changed =
        fmt::format("{}   /Lang ({})\n   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n",
                    object.substr(0, end), bcp47);
    const std::size_t object_at = pdf.size();
    const std::string table = fmt::format(
        "xref\n{} 1\n{:010} 00000 n \ntrailer\n<< /Size {}\n   /Root {} 0 R\n   /Info {} 0 R\n   /Prev {}\n>>\n"
        "startxref\n{}\n%%EOF\n",
        *root, object_at, *size, *root, *info, *table_at, object_at + changed.size());
    return pdf + changed + table;
}

}  // namespace okpay::paper
