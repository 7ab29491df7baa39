// SPDX-License-Identifier: Apache-2.0
#include "content/markdown.hpp"

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/text.hpp"

namespace okpay::content {
namespace {

enum class BlockKind : std::uint8_t { paragraph, heading, small_heading, bullets, numbers };

struct Block {
    BlockKind kind;
    std::vector<std::string> items;  // one for all but lists
};

// "12. words": octets up to the words, 0 where it is no such line.
std::size_t number_mark(std::string_view line) {
    std::size_t digits = 0;
    while (digits < line.size() && digits < 3 && line[digits] >= '0' && line[digits] <= '9') ++digits;
    return digits > 0 && line.substr(digits).starts_with(". ") ? digits + 2 : 0;
}

std::vector<Block> blocks_of(std::string_view text) {
    std::vector<Block> blocks;
    bool goes_on = false;  // the last block takes more lines
    const auto take = [&](BlockKind kind, std::string_view words, bool joins) {
        if (!joins || blocks.empty() || !goes_on || blocks.back().kind != kind) blocks.push_back({kind, {}});
        blocks.back().items.emplace_back(trimmed(words));
        goes_on = true;
    };
    for (std::string_view line : split(text, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        const std::string_view words = trimmed(line);
        if (words.empty()) {
            goes_on = goes_on && (blocks.back().kind == BlockKind::bullets || blocks.back().kind == BlockKind::numbers);
            continue;
        }
        if (words.starts_with("### ")) {
            take(BlockKind::small_heading, words.substr(4), false);
            goes_on = false;
        } else if (words.starts_with("## ")) {
            take(BlockKind::heading, words.substr(3), false);
            goes_on = false;
        } else if (words.starts_with("- ") || words.starts_with("* ")) {
            take(BlockKind::bullets, words.substr(2), true);
        } else if (const std::size_t mark = number_mark(words); mark > 0) {
            take(BlockKind::numbers, words.substr(mark), true);
        } else if (goes_on && (blocks.back().kind == BlockKind::paragraph || line.starts_with("  "))) {
            blocks.back().items.back().append("\n").append(words);
        } else {
            take(BlockKind::paragraph, words, false);
        }
    }
    return blocks;
}

bool is_address(std::string_view address) {
    const bool known = address.starts_with("https://") || address.starts_with("mailto:") ||
                       (address.starts_with('/') && !address.starts_with("//"));
    if (!known) return false;
    for (const char c : address) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '<' || c == '>' || c == '\\' || c == '\x7f')
            return false;
    }
    return true;
}

struct Link {
    std::string_view words, address;
    std::size_t octets;
};

std::optional<Link> link_at(std::string_view text) {
    if (!text.starts_with('[')) return std::nullopt;
    const auto middle = text.find("](");
    if (middle == std::string_view::npos || text.substr(1, middle - 1).find_first_of("[\n") != std::string_view::npos)
        return std::nullopt;
    const auto end = text.find(')', middle + 2);
    if (end == std::string_view::npos) return std::nullopt;
    return Link{text.substr(1, middle - 1), text.substr(middle + 2, end - middle - 2), end + 1};
}

// What stands between two signs of one kind, not empty.
std::optional<std::string_view> between(std::string_view text, std::string_view sign) {
    if (!text.starts_with(sign)) return std::nullopt;
    const auto end = text.find(sign, sign.size());
    if (end == std::string_view::npos || end == sign.size()) return std::nullopt;
    return text.substr(sign.size(), end - sign.size());
}

// Walks the inline signs; the writer says what becomes of each.
template <class Writer>
void write_inline(std::string_view text, Writer& to) {
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        if (rest.front() == '\\' && rest.size() > 1 && std::string_view{"\\`*[]()#-_."}.contains(rest[1])) {
            to.text(rest.substr(1, 1));
            at += 2;
        } else if (const auto code = between(rest, "`")) {
            to.code(*code);
            at += code->size() + 2;
        } else if (const auto strong = between(rest, "**")) {
            to.strong(*strong);
            at += strong->size() + 4;
        } else if (const auto link = link_at(rest); link && is_address(link->address)) {
            to.link(link->words, link->address);
            at += link->octets;
        } else {
            to.text(rest.substr(0, 1));
            ++at;
        }
    }
}

struct HtmlWriter {
    std::string out;
    void text(std::string_view words) {
        for (const char c : words) {
            switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
            }
        }
    }
    void code(std::string_view words) {
        out += "<code>";
        text(words);
        out += "</code>";
    }
    void strong(std::string_view words) {
        out += "<strong>";
        text(words);
        out += "</strong>";
    }
    void link(std::string_view words, std::string_view address) {
        out += "<a rel=\"noopener\" href=\"";
        text(address);
        out += "\">";
        text(words);
        out += "</a>";
    }
};

struct TextWriter {
    std::string_view site;
    std::string out;
    void text(std::string_view words) { out += words; }
    void code(std::string_view words) { out += words; }
    void strong(std::string_view words) { out += words; }
    void link(std::string_view words, std::string_view address) {
        if (address.starts_with("mailto:")) address.remove_prefix(7);
        out += words;
        if (words == address) return;
        out += " (";
        if (address.starts_with('/')) out += site;
        out += address;
        out += ")";
    }
};

std::string_view tag_of(BlockKind kind) {
    switch (kind) {
    case BlockKind::paragraph: return "p";
    case BlockKind::heading: return "h3";
    case BlockKind::small_heading: return "h4";
    case BlockKind::bullets: return "ul";
    case BlockKind::numbers: return "ol";
    }
    std::abort();
}

bool begins_tag(char c) { return c == '/' || c == '!' || c == '?' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::optional<std::string> fault_of_line(std::string_view line) {
    const std::string_view words = trimmed(line);
    if (words.starts_with("# ")) return "a heading begins with ##: the title stands in its own place";
    if (words.starts_with("|")) return "tables are not known here: write a list";
    if (words.starts_with("```")) return "blocks of code are not known here: write `code` in a line";
    for (std::size_t at = 0; at < words.size(); ++at) {
        const std::string_view rest = words.substr(at);
        if (rest.front() == '\\') {
            ++at;
        } else if (const auto code = between(rest, "`")) {
            at += code->size() + 1;
        } else if (rest.starts_with("![")) {
            return "pictures are not known here";
        } else if (rest.front() == '<' && rest.size() > 1 && begins_tag(rest[1])) {
            return "HTML is not known here: leave the tag out, or put a blank behind the sign";
        } else if (const auto link = link_at(rest); link && !is_address(link->address)) {
            return "a link goes to https://…, mailto:… or /… of this site";
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<MarkdownFault> fault_in_markdown(std::string_view text) {
    if (text.size() > markdown_octets_max) return MarkdownFault{1, "the text is longer than 16 KiB"};
    if (!is_utf8(text)) return MarkdownFault{1, "the text is not UTF-8"};
    int line = 0;
    for (const std::string_view words : split(text, '\n')) {
        ++line;
        if (auto why = fault_of_line(words)) return MarkdownFault{line, *std::move(why)};
    }
    return std::nullopt;
}

std::string html_of_markdown(std::string_view text) {
    HtmlWriter to;
    for (const Block& block : blocks_of(text)) {
        const bool list = block.kind == BlockKind::bullets || block.kind == BlockKind::numbers;
        to.out.append("<").append(tag_of(block.kind)).append(">");
        for (const std::string& item : block.items) {
            if (list) to.out += "<li>";
            write_inline(item, to);
            if (list) to.out += "</li>";
        }
        to.out.append("</").append(tag_of(block.kind)).append(">");
    }
    return std::move(to.out);
}

std::string text_of_markdown(std::string_view text, std::string_view site) {
    TextWriter to{site, {}};
    for (const Block& block : blocks_of(text)) {
        if (!to.out.empty()) to.out += "\n";
        std::size_t number = 0;
        for (const std::string& item : block.items) {
            ++number;
            if (block.kind == BlockKind::bullets) to.out += "- ";
            if (block.kind == BlockKind::numbers) to.out += std::to_string(number) + ". ";
            write_inline(item, to);
            to.out += "\n";
        }
    }
    return std::move(to.out);
}

}  // namespace okpay::content
