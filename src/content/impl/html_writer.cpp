// SPDX-License-Identifier: Apache-2.0
#include "content/impl/html_writer.hpp"

#include <algorithm>

namespace okpay::content {
namespace {

// As it is read: runs of blanks are one.
void append_read(std::string& line, std::string_view words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool no_break = words.compare(i, 2, "\xC2\xA0") == 0;
        const char c = words[i];
        if (no_break) ++i;
        if (no_break || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            if (!line.empty() && !line.ends_with(' ')) line += ' ';
        } else {
            line += c;
        }
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        case '`': result += "&#96;"; break;  // a quote to some readers
        case '\n':
        case '\t': result += c; break;
        default:
            if (static_cast<unsigned char>(c) >= ' ' && c != '\x7F') result += c;
        }
    }
    return result;
}

std::string attribute_text(std::string_view name, std::string_view value) {
    return " " + std::string{name} + "=\"" + escaped(value) + "\"";
}

std::size_t HtmlWriter::open(std::string_view name, std::string_view attributes) {
    pieces_.push_back({"<" + std::string{name} + std::string{attributes} + ">", false, line_});
    return pieces_.size();
}

void HtmlWriter::close(std::string_view name) { pieces_.push_back({"</" + std::string{name} + ">", false, line_}); }

void HtmlWriter::text(std::string_view words) {
    // The parser takes the first end of line of a <pre> for its layout.
    const bool first =
        words.starts_with('\n') && !pieces_.empty() && !pieces_.back().is_text && pieces_.back().octets.starts_with("<pre");
    if (!words.empty()) pieces_.push_back({(first ? "\n" : "") + std::string{words}, true, line_});
}

void HtmlWriter::end_line() { ++line_; }

void HtmlWriter::cell() { pieces_.push_back({"", false, line_}); }

std::string HtmlWriter::line_text(std::size_t from, std::size_t to) const {
    std::string line;
    for (std::size_t i = from; i < to; ++i) {
        if (pieces_[i].is_text) append_read(line, pieces_[i].octets);
        else if (pieces_[i].octets.empty()) append_read(line, " ");
    }
    return line;
}

std::string HtmlWriter::text_since(std::size_t place) const { return line_text(place, pieces_.size()); }

std::vector<SecretKind> HtmlWriter::mask_lines() {
    std::vector<SecretKind> found;
    for (std::size_t from = 0; from < pieces_.size();) {
        std::size_t to = from;
        while (to < pieces_.size() && pieces_[to].line == pieces_[from].line) ++to;
        const std::string line = line_text(from, to);
        MaskedText masked = mask_secrets(line);
        if (masked.text != line) {
            found.insert(found.end(), masked.found.begin(), masked.found.end());
            for (std::size_t i = from; i < to; ++i) {
                if (!pieces_[i].is_text) continue;
                pieces_[i].octets = std::move(masked.text);
                masked.text.clear();
            }
        }
        from = to;
    }
    std::ranges::sort(found);
    const auto twice = std::ranges::unique(found);
    found.erase(twice.begin(), twice.end());
    return found;
}

bool HtmlWriter::has_secret_across_lines() const {
    std::string all;
    for (std::size_t from = 0; from < pieces_.size();) {
        std::size_t to = from;
        while (to < pieces_.size() && pieces_[to].line == pieces_[from].line) ++to;
        if (const std::string line = line_text(from, to); !line.empty()) all += line + "\n";
        from = to;
    }
    return mask_secrets(all).text != all;
}

std::string HtmlWriter::finish() {
    std::string html;
    for (const Piece& piece : pieces_) html += piece.is_text ? escaped(piece.octets) : piece.octets;
    return html;
}

}  // namespace okpay::content
