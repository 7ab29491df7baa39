// SPDX-License-Identifier: Apache-2.0
#include "content/html_text.hpp"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "content/impl/style.hpp"

namespace okpay::content {
namespace {

constexpr std::uint32_t white = 0xFFFFFF;
constexpr std::uint32_t black = 0;

std::string_view tag_name(std::string_view after_angle) {
    std::size_t length = 0;
    while (length < after_angle.size() && length < 16 &&
           ((after_angle[length] >= 'a' && after_angle[length] <= 'z') ||
            (after_angle[length] >= 'A' && after_angle[length] <= 'Z') ||
            (after_angle[length] >= '0' && after_angle[length] <= '9'))) {
        ++length;
    }
    return after_angle.substr(0, length);
}

// Elements that need no end tag do not deepen the tree by standing in a row.
bool may_stay_open(std::string_view name) {
    constexpr std::array names{"p",    "li",   "td",    "tr",    "th",     "dt",    "dd",    "br",    "img",   "hr",
                               "meta", "link", "input", "col",   "area",   "base",  "wbr",   "tbody", "thead", "option",
                               "html", "body", "head",  "tfoot", "source", "embed", "param", "track"};
    return std::ranges::any_of(names, [&](std::string_view one) { return equal_ignoring_ascii_case(one, name); });
}

// An upper bound of what the parser would build, from one pass over the angle brackets.
bool is_within(std::string_view html, const HtmlLimits& limits) {
    std::size_t tags = 0, depth = 0;
    for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
        if (++tags > limits.tags_max) return false;
        std::string_view rest = html.substr(at + 1, 17);
        const bool closes = rest.starts_with('/');
        if (closes) rest.remove_prefix(1);
        const std::string_view name = tag_name(rest);
        if (name.empty() || may_stay_open(name)) continue;
        if (!closes && ++depth > limits.depth_max) return false;
        if (closes && depth > 0) --depth;
    }
    return true;
}

// For what is over the limits: no tree, just the text between the tags, without scripts and styles.
std::string stripped(std::string_view html) {
    std::string text;
    std::size_t at = 0;
    while (at < html.size()) {
        const auto open = std::min(html.find('<', at), html.size());
        text += html.substr(at, open - at);
        if (open == html.size()) break;
        const std::string_view name = tag_name(html.substr(open + 1, 17));
        auto close = html.find('>', open);
        for (const std::string_view dropped : {"script", "style"}) {
            if (!equal_ignoring_ascii_case(name, dropped)) continue;
            const std::string end = "</" + std::string{dropped};
            const auto found = html.find(end, open);
            close = found == std::string_view::npos ? found : html.find('>', found);
        }
        if (close == std::string_view::npos) break;
        text += name.empty() || name == "b" || name == "i" || name == "span" ? "" : "\n";
        at = close + 1;
    }
    return text;
}

enum class Shape : std::uint8_t { inline_text, block, list, item, row, cell, line_break, rule, quote, dropped, image };

Shape shape_of(GumboTag tag) {
    switch (tag) {  // of 150 tags these are not inline; the rest is, unknown ones too
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_CANVAS: return Shape::dropped;
    case GUMBO_TAG_P:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_CAPTION: return Shape::block;
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL: return Shape::list;
    case GUMBO_TAG_LI: return Shape::item;
    case GUMBO_TAG_TR: return Shape::row;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH: return Shape::cell;
    case GUMBO_TAG_BR: return Shape::line_break;
    case GUMBO_TAG_HR: return Shape::rule;
    case GUMBO_TAG_BLOCKQUOTE: return Shape::quote;
    case GUMBO_TAG_IMG: return Shape::image;
    default: return Shape::inline_text;
    }
}

class Printer {
public:
    explicit Printer(std::set<std::string> hiding) : hiding_{std::move(hiding)} {}

    struct Scene {
        std::uint32_t colour = black;
        std::uint32_t background = white;
        std::size_t depth = 0;
        bool hidden = false;
        bool preformatted = false;
        std::size_t* item_number = nullptr;  // of the list around, null for bullets
    };

    void node(const GumboNode& node, Scene scene) {
        switch (node.type) {
        case GUMBO_NODE_DOCUMENT:
            for (unsigned i = 0; i < node.v.document.children.length; ++i) child(node.v.document.children, i, scene);
            return;
        case GUMBO_NODE_ELEMENT:
        case GUMBO_NODE_TEMPLATE: return element(node.v.element, scene);
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_CDATA:
        case GUMBO_NODE_WHITESPACE: return text(node.v.text.text, scene);
        case GUMBO_NODE_COMMENT: return;
        }
    }

    HtmlText finish() && {
        end_line();
        return {.text = std::move(text_), .hidden_found = hidden_found_, .simplified = false};
    }

private:
    // A backstop: the parser may nest a little deeper than was counted, by elements it adds itself.
    static constexpr std::size_t depth_backstop = 1'000;

    void child(const GumboVector& children, unsigned index, const Scene& scene) {
        node(*static_cast<const GumboNode*>(children.data[index]), scene);
    }

    static std::string_view attribute(const GumboElement& element, const char* name) {
        const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
        return found == nullptr ? std::string_view{} : std::string_view{found->value};
    }

    bool is_hidden_by_rule(const GumboElement& element) const {
        if (hiding_.empty()) return false;
        if (hiding_.contains(gumbo_normalized_tagname(element.tag))) return true;
        const auto id = attribute(element, "id");
        if (!id.empty() && hiding_.contains("#" + ascii_lower(id))) return true;
        for (const std::string_view name : split(attribute(element, "class").substr(0, 1'000), ' ')) {
            if (!name.empty() && hiding_.contains("." + ascii_lower(name))) return true;
        }
        return false;
    }

    void apply_style(const GumboElement& element, Scene& scene) const {
        const Style style = read_style(attribute(element, "style"));
        if (const auto colour = read_colour(ascii_lower(attribute(element, "color")))) scene.colour = *colour;
        if (const auto colour = read_colour(ascii_lower(attribute(element, "bgcolor")))) scene.background = *colour;
        if (!attribute(element, "background").empty()) scene.background = 0x808081U;
        scene.colour = style.colour.value_or(scene.colour);
        scene.background = style.background.value_or(scene.background);
        scene.hidden |= style.hidden || is_hidden_by_rule(element) || attribute(element, "aria-hidden") == "true" ||
                        gumbo_get_attribute(&element.attributes, "hidden") != nullptr;
    }

    void element(const GumboElement& element, Scene scene) {
        const Shape shape = shape_of(element.tag);
        if (shape == Shape::dropped || ++scene.depth > depth_backstop) return;
        if (element.attributes.length > 0 || !hiding_.empty()) apply_style(element, scene);
        std::size_t numbers = 0;
        std::size_t* const around = scene.item_number;
        if (shape == Shape::list) scene.item_number = element.tag == GUMBO_TAG_OL ? &numbers : nullptr;
        scene.preformatted |= element.tag == GUMBO_TAG_PRE;
        if (!scene.hidden) open(shape, element, around);
        for (unsigned i = 0; i < element.children.length; ++i) child(element.children, i, scene);
        if (!scene.hidden) close(shape, element);
    }

    void open(Shape shape, const GumboElement& element, std::size_t* item_number) {
        switch (shape) {
        case Shape::line_break: return break_line();
        case Shape::rule:
            end_line();
            raw("----------");
            return end_line();
        case Shape::block:
        case Shape::list:
        case Shape::row: return end_line();
        case Shape::item: end_line(); return raw(item_number == nullptr ? "- " : std::to_string(++*item_number) + ". ");
        case Shape::quote:
            end_line();
            ++quote_depth_;
            return;
        case Shape::cell:
            if (!line_.empty()) {
                line_ += '\t';
                gap_ = false;
            }
            return;
        case Shape::image:
            if (const auto words = trimmed(attribute(element, "alt")); !words.empty()) text(words, Scene{});
            return;
        case Shape::inline_text:
        case Shape::dropped: return;
        }
    }

    void close(Shape shape, const GumboElement& element) {
        switch (shape) {
        case Shape::block:
            end_line();
            if (element.tag == GUMBO_TAG_P || (element.tag >= GUMBO_TAG_H1 && element.tag <= GUMBO_TAG_H6)) blank_line();
            return;
        case Shape::list:
        case Shape::item:
        case Shape::row: return end_line();
        case Shape::quote:
            end_line();
            if (quote_depth_ > 0) --quote_depth_;
            return;
        case Shape::inline_text:
        case Shape::cell:
        case Shape::line_break:
        case Shape::rule:
        case Shape::dropped:
        case Shape::image: return;
        }
    }

    // Text whose colour differs from its background by less than an eye can tell.
    static bool vanishes(const Scene& scene) {
        for (const unsigned shift : {0U, 8U, 16U}) {
            const int a = static_cast<int>((scene.colour >> shift) & 0xFFU);
            const int b = static_cast<int>((scene.background >> shift) & 0xFFU);
            if (std::abs(a - b) > 8) return false;
        }
        return true;
    }

    void text(std::string_view words, const Scene& scene) {
        if (scene.hidden || vanishes(scene)) {
            hidden_found_ |= has_ink(words);
            return;
        }
        for (std::size_t i = 0; i < words.size(); ++i) {
            const char c = words[i];
            if (scene.preformatted && c == '\n') break_line();
            else if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') gap_ = true;
            else if (words.compare(i, 2, "\xC2\xA0") == 0) {
                gap_ = true;
                ++i;
            } else {
                if (gap_ && !line_.empty() && !line_.ends_with(' ') && !line_.ends_with('\t')) line_ += ' ';
                gap_ = false;
                line_ += c;
            }
        }
    }

    static bool has_ink(std::string_view words) {  // preheaders are padded with characters that show nothing
        for (std::size_t i = 0; i < words.size(); ++i) {
            const auto octet = static_cast<std::uint8_t>(words[i]);
            if (octet <= ' ') continue;
            if (octet == 0xC2 || octet == 0xCD) {  // U+00A0, U+00AD, U+034F
                ++i;
            } else if (octet == 0xE2 && words.substr(i + 1, 1) == "\x80") {  // U+2000 to U+203F: blanks, joiners
                i += 2;
            } else if (words.compare(i, 3, "\xEF\xBB\xBF") == 0) {
                i += 2;
            } else {
                return true;
            }
        }
        return false;
    }

    void raw(std::string_view words) {
        line_ += words;
        gap_ = false;
    }

    void end_line() {
        gap_ = false;
        if (!line_.empty()) break_line();
    }
    void break_line() {
        gap_ = false;
        const std::string_view line = line_;
        if (line.empty() && (text_.empty() || text_.ends_with("\n\n"))) return;
        for (std::size_t i = 0; i < std::min<std::size_t>(quote_depth_, 10); ++i) text_ += "> ";
        text_ += line;
        while (text_.ends_with(' ') || text_.ends_with('\t')) text_.pop_back();
        text_ += '\n';
        line_.clear();
    }
    void blank_line() {
        if (!text_.empty() && !text_.ends_with("\n\n")) text_ += '\n';
    }

    std::set<std::string> hiding_;
    std::string text_, line_;
    std::size_t quote_depth_ = 0;
    bool gap_ = false;
    bool hidden_found_ = false;
};

// The style sheets of the document, found in the text: at this point they are only read, never applied.
std::set<std::string> rules_of(std::string_view html) {
    constexpr std::size_t sheets_max = 20;
    std::set<std::string> hiding;
    const std::string low = ascii_lower(html);
    std::size_t at = 0;
    for (std::size_t sheet = 0; sheet < sheets_max; ++sheet) {
        const auto open = low.find("<style", at);
        const auto body = open == std::string::npos ? open : low.find('>', open);
        if (body == std::string::npos) break;
        const auto end = std::min(low.find("</style", body), low.size());
        hiding.merge(hiding_selectors(std::string_view{low}.substr(body + 1, end - body - 1)));
        at = end;
    }
    return hiding;
}

}  // namespace

HtmlText text_of_html(std::string_view html, const HtmlLimits& limits) {
    html = utf8_prefix(html, limits.octets_max);
    if (!is_within(html, limits)) return {.text = stripped(html), .hidden_found = false, .simplified = true};
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    GumboOutput* const output = gumbo_parse_with_options(&options, html.data(), html.size());
    if (output == nullptr) return {.text = stripped(html), .hidden_found = false, .simplified = true};
    Printer printer{rules_of(html)};
    printer.node(*output->document, {});
    gumbo_destroy_output(&options, output);
    return std::move(printer).finish();
}

}  // namespace okpay::content
