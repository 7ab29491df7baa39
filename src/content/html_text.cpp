// SPDX-License-Identifier: Apache-2.0
#include "content/html_text.hpp"

#include <gumbo.h>

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"
#include "content/impl/html_bounds.hpp"
#include "content/impl/visibility.hpp"

namespace okpay::content {
namespace {

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
    explicit Printer(const Hiding& hiding) : hiding_{hiding} {}

    struct Scene {
        Visibility sight;
        std::size_t depth = 0;
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

    void element(const GumboElement& element, Scene scene) {
        const Shape shape = shape_of(element.tag);
        if (shape == Shape::dropped || ++scene.depth > depth_backstop) return;
        hiding_.apply(element, scene.sight);
        std::size_t numbers = 0;
        std::size_t* const around = scene.item_number;
        if (shape == Shape::list) scene.item_number = element.tag == GUMBO_TAG_OL ? &numbers : nullptr;
        scene.preformatted |= element.tag == GUMBO_TAG_PRE;
        if (!scene.sight.hidden) open(shape, element, around);
        for (unsigned i = 0; i < element.children.length; ++i) child(element.children, i, scene);
        if (!scene.sight.hidden) close(shape, element);
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
            if (const auto words = trimmed(attribute_of(element, "alt")); !words.empty()) text(words, Scene{});
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

    void text(std::string_view words, const Scene& scene) {
        if (!is_seen(scene.sight)) {
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

    const Hiding& hiding_;
    std::string text_, line_;
    std::size_t quote_depth_ = 0;
    bool gap_ = false;
    bool hidden_found_ = false;
};

}  // namespace

HtmlText text_of_html(std::string_view html, const HtmlLimits& limits) {
    html = utf8_prefix(html, limits.octets_max);
    if (!is_within(html, limits)) return {.text = without_tags(html), .hidden_found = false, .simplified = true};
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    GumboOutput* const output = gumbo_parse_with_options(&options, html.data(), html.size());
    if (output == nullptr) return {.text = without_tags(html), .hidden_found = false, .simplified = true};
    const Hiding hiding{html};
    Printer printer{hiding};
    printer.node(*output->document, {});
    gumbo_destroy_output(&options, output);
    return std::move(printer).finish();
}

}  // namespace okpay::content
