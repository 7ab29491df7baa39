// SPDX-License-Identifier: Apache-2.0
#include "content/safe_html.hpp"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "base/text.hpp"
#include "content/impl/css_filter.hpp"
#include "content/impl/html_bounds.hpp"
#include "content/impl/html_writer.hpp"
#include "content/impl/shown_link.hpp"
#include "content/impl/style.hpp"
#include "content/impl/visibility.hpp"

namespace okpay::content {
namespace {

constexpr std::size_t link_text_max = 200;
constexpr std::size_t words_attribute_max = 1'000;
// A backstop: the parser may nest a little deeper than was counted, by elements it adds itself.
constexpr std::size_t depth_backstop = 1'000;

enum class Kind : std::uint8_t {
    kept,       // inline
    block,      // kept, and begins a line
    cell,       // kept, within the line of its row
    empty,      // kept, has no end tag
    line,       // br, hr
    boxed,      // a block of another name: shown as a div
    unwrapped,  // its children stay
    dropped,
};

Kind kind_of(GumboTag tag) {
    switch (tag) {  // of 150 tags
    case GUMBO_TAG_A:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BIG:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_S:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRIKE:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_TT:
    case GUMBO_TAG_U:
    case GUMBO_TAG_VAR: return Kind::kept;
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_COLGROUP:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_P:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TBODY:
    case GUMBO_TAG_TFOOT:
    case GUMBO_TAG_THEAD:
    case GUMBO_TAG_TR:
    case GUMBO_TAG_UL: return Kind::block;
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_BODY:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_DIR:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_HGROUP:
    case GUMBO_TAG_LEGEND:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_MENU:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_SUMMARY: return Kind::boxed;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH: return Kind::cell;
    case GUMBO_TAG_COL:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_WBR: return Kind::empty;
    case GUMBO_TAG_BR:
    case GUMBO_TAG_HR: return Kind::line;
    case GUMBO_TAG_APPLET:
    case GUMBO_TAG_AREA:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_BASE:
    case GUMBO_TAG_CANVAS:
    case GUMBO_TAG_DATALIST:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_FRAME:
    case GUMBO_TAG_FRAMESET:
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_KEYGEN:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_LISTING:
    case GUMBO_TAG_MAP:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_META:
    case GUMBO_TAG_NOEMBED:
    case GUMBO_TAG_NOFRAMES:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_PARAM:
    case GUMBO_TAG_PLAINTEXT:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_TRACK:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_XMP: return Kind::dropped;
    default: return Kind::unwrapped;
    }
}

enum class Value : std::uint8_t { none, number, word, colour, words };

Value value_of(std::string_view name) {
    struct Row {
        std::string_view name;
        Value value;
    };
    constexpr std::array rows{
        Row{"align", Value::word},    Row{"alt", Value::words},          Row{"bgcolor", Value::colour},
        Row{"border", Value::number}, Row{"cellpadding", Value::number}, Row{"cellspacing", Value::number},
        Row{"color", Value::colour},  Row{"colspan", Value::number},     Row{"dir", Value::word},
        Row{"face", Value::word},     Row{"height", Value::number},      Row{"hspace", Value::number},
        Row{"lang", Value::word},     Row{"rowspan", Value::number},     Row{"size", Value::number},
        Row{"start", Value::number},  Row{"title", Value::words},        Row{"type", Value::word},
        Row{"valign", Value::word},   Row{"vspace", Value::number},      Row{"width", Value::number},
    };
    const auto* const row = std::ranges::find_if(rows, [&](const Row& one) { return one.name == name; });
    return row == rows.end() ? Value::none : row->value;
}

bool is_made_of(std::string_view value, std::size_t octets_max, std::string_view more) {
    return !value.empty() && value.size() <= octets_max && std::ranges::all_of(value, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || more.contains(c);
    });
}

bool is_number(std::string_view value) {
    if (value.starts_with('+') || value.starts_with('-')) value.remove_prefix(1);
    if (value.ends_with('%')) value.remove_suffix(1);
    return !value.empty() && value.size() <= 4 && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

// A picture that the text carries itself, of a kind that cannot hold a script.
bool is_inline_picture(std::string_view address) {
    if (address.size() > inline_picture_octets_max) return false;
    constexpr std::array kinds{"data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,",
                               "data:image/webp;base64,"};
    const std::string start = ascii_lower(address.substr(0, 32));
    const auto* const kind = std::ranges::find_if(kinds, [&](std::string_view one) { return start.starts_with(one); });
    return kind != kinds.end() &&
           is_made_of(address.substr(std::string_view{*kind}.size()), inline_picture_octets_max, "+/=");
}

std::optional<std::string> content_id_of(std::string_view address) {
    if (!ascii_lower(address.substr(0, 4)).starts_with("cid:")) return std::nullopt;
    const std::string_view id = address.substr(4);
    if (!is_made_of(id, 250, "@.-_+$%=!#")) return std::nullopt;
    return std::string{id};
}

struct Lists {
    std::vector<std::string> remote, content_ids;
    std::vector<ShownLink> links;
    bool hidden_found = false;
};

class Sanitiser {
public:
    Sanitiser(const Hiding& hiding, Lists& lists) : hiding_{hiding}, lists_{lists} {}

    void node(const GumboNode& node, Visibility sight, std::size_t depth) {
        switch (node.type) {
        case GUMBO_NODE_DOCUMENT: return children(node.v.document.children, sight, depth);
        case GUMBO_NODE_ELEMENT:
        case GUMBO_NODE_TEMPLATE: return element(node.v.element, sight, depth + 1);
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_CDATA:
        case GUMBO_NODE_WHITESPACE: return text(node.v.text.text, sight);
        case GUMBO_NODE_COMMENT: return;
        }
    }

    HtmlWriter& writer() { return writer_; }

private:
    void children(const GumboVector& nodes, const Visibility& sight, std::size_t depth) {
        for (unsigned i = 0; i < nodes.length; ++i) node(*static_cast<const GumboNode*>(nodes.data[i]), sight, depth);
    }

    void text(std::string_view words, const Visibility& sight) {
        if (is_seen(sight)) return writer_.text(words);
        lists_.hidden_found |= has_ink(words);
        if (!has_ink(words)) writer_.text(words);  // blanks between words, of whatever colour
    }

    void element(const GumboElement& element, Visibility sight, std::size_t depth) {
        note_remote(element);
        const bool foreign = element.tag_namespace != GUMBO_NAMESPACE_HTML;
        const Kind kind = foreign || depth > depth_backstop ? Kind::dropped : kind_of(element.tag);
        if (kind == Kind::dropped) return note_dropped(element, depth);
        hiding_.apply(element, sight);
        if (sight.hidden) return hidden(element, depth);
        std::string address;
        if (element.tag == GUMBO_TAG_A) address = safe_address(attribute_of(element, "href")).value_or("");
        if (kind == Kind::unwrapped) return children(element.children, sight, depth);
        const std::string attributes = attributes_of(element, address);
        // The page's own colours become those of a box; without any it needs none.
        if (element.tag == GUMBO_TAG_BODY && attributes.empty()) return children(element.children, sight, depth);
        const std::string_view name = kind == Kind::boxed ? "div" : gumbo_normalized_tagname(element.tag);
        const bool lines = kind == Kind::block || kind == Kind::boxed || kind == Kind::line;
        if (lines) writer_.end_line();
        if (kind == Kind::cell) writer_.cell();
        const std::size_t begun = writer_.open(name, attributes);
        if (kind == Kind::empty || kind == Kind::line) return;
        children(element.children, sight, depth);
        writer_.close(name);
        if (lines) writer_.end_line();
        if (!address.empty()) note_link(address, begun);
    }

    void hidden(const GumboElement& element, std::size_t depth) {
        for (unsigned i = 0; i < element.children.length; ++i) {
            const auto& node = *static_cast<const GumboNode*>(element.children.data[i]);
            if (node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE) {
                note_remote(node.v.element);
                if (depth < depth_backstop && kind_of(node.v.element.tag) != Kind::dropped)
                    hidden(node.v.element, depth + 1);
            } else if (node.type != GUMBO_NODE_COMMENT) {
                lists_.hidden_found |= has_ink(node.v.text.text);
            }
        }
    }

    // Scripts and sheets are not looked into but for what they would load.
    void note_dropped(const GumboElement& element, std::size_t depth) {
        for (unsigned i = 0; depth < depth_backstop && i < element.children.length; ++i) {
            const auto& node = *static_cast<const GumboNode*>(element.children.data[i]);
            if (node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE) {
                note_remote(node.v.element);
                note_dropped(node.v.element, depth + 1);
            } else if (element.tag == GUMBO_TAG_STYLE && node.type != GUMBO_NODE_COMMENT) {
                for (const std::string& address : addresses_in_css(node.v.text.text)) remote(address);
            }
        }
    }

    void note_remote(const GumboElement& element) {
        for (unsigned i = 0; i < element.attributes.length; ++i) {
            const auto& one = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
            const std::string_view name = one.name, value = one.value;
            constexpr std::array loading{"src", "background", "poster", "data", "lowsrc", "dynsrc", "longdesc", "manifest"};
            const bool linked = (name == "href" || name == "xlink:href") && element.tag != GUMBO_TAG_A &&
                                element.tag != GUMBO_TAG_AREA && element.tag != GUMBO_TAG_BASE;
            if (linked || std::ranges::any_of(loading, [&](std::string_view each) { return each == name; })) remote(value);
            if (name == "srcset" || name == "imagesrcset") {
                for (const std::string_view candidate : split(value.substr(0, 8'192), ',')) {
                    const std::string_view address = trimmed(candidate);
                    remote(address.substr(0, address.find_first_of(" \t\r\n")));
                }
            }
            if (name == "style") {
                for (const std::string& address : addresses_in_css(value.substr(0, 8'192))) remote(address);
            }
        }
    }

    void remote(std::string_view address) {
        address = trimmed(address);
        const std::string start = ascii_lower(address.substr(0, 5));
        if (address.empty() || start.starts_with("cid:") || start.starts_with("data:") || start.starts_with('#')) return;
        std::string kept{utf8_prefix(address, 500)};
        if (lists_.remote.size() < remote_listed_max) add_once(lists_.remote, std::move(kept));
    }

    std::string attributes_of(const GumboElement& element, const std::string& address) {
        std::string kept;
        const auto add = [&](std::string_view name, std::string_view value) { kept += attribute_text(name, value); };
        if (!address.empty()) {
            // Where it leads shows on it, whatever its text says.
            add("href", address);
            add("title", utf8_prefix(address, words_attribute_max));
            add("target", "_blank");
            add("rel", "noopener noreferrer nofollow");
        }
        for (unsigned i = 0; i < element.attributes.length; ++i) {
            const auto& one = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
            const std::string_view name = one.name;
            const std::string_view value = trimmed(one.value);
            if (element.tag == GUMBO_TAG_A && name == "title") continue;
            switch (value_of(name)) {
            case Value::none: break;
            case Value::number:
                if (is_number(value)) add(name, value);
                break;
            case Value::word:
                if (is_made_of(value, 100, "- ,")) add(name, value);
                break;
            case Value::colour:
                if (element.tag != GUMBO_TAG_BODY && is_made_of(value, 40, "#")) add(name, value);
                break;
            case Value::words: add(name, mask_secrets(utf8_prefix(value, words_attribute_max)).text); break;
            }
        }
        add_style(element, add);
        if (element.tag == GUMBO_TAG_IMG) add_picture(element, add);
        return kept;
    }

    template <typename Add>
    void add_style(const GumboElement& element, const Add& add) {
        const std::string_view given = attribute_of(element, "style");
        std::string style = safe_declarations(given);
        if (const auto behind = attribute_of(element, "bgcolor"); element.tag == GUMBO_TAG_BODY && !behind.empty()) {
            style = safe_declarations("background-color: " + std::string{behind} + "; " + style);
        }
        // An image behind the text goes, and light text would go with it.
        const bool image =
            read_style(given).background == unknown_background || !attribute_of(element, "background").empty();
        if (image && !read_style(style).background) style += style.empty() ? grey : std::string{"; "} + grey;
        if (!style.empty()) add("style", style);
    }

    template <typename Add>
    void add_picture(const GumboElement& element, const Add& add) {
        const std::string_view address = trimmed(attribute_of(element, "src"));
        if (is_inline_picture(address)) return add("src", address);
        if (auto id = content_id_of(address)) {
            add("src", "cid:" + *id);
            add_once(lists_.content_ids, *std::move(id));
        }
    }

    static void add_once(std::vector<std::string>& list, std::string one) {
        if (std::ranges::find(list, one) == list.end()) list.push_back(std::move(one));
    }

    void note_link(const std::string& address, std::size_t begun) {
        if (lists_.links.size() >= links_listed_max) return;
        const std::string shown = writer_.text_since(begun);
        lists_.links.push_back({address, std::string{utf8_prefix(shown, link_text_max)}, deceives(shown, address)});
    }

    static constexpr const char* grey = "background-color: #808080";
    const Hiding& hiding_;
    Lists& lists_;
    HtmlWriter writer_;
};

struct Round {
    std::string html;
    std::vector<SecretKind> masked;
    bool torn = false;  // a secret stands across lines: no formatting can be kept
};

std::optional<Round> once(std::string_view html, const HtmlLimits& limits, Lists& lists) {
    if (!is_within(html, limits)) return std::nullopt;
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    const auto destroy = [&options](GumboOutput* output) { gumbo_destroy_output(&options, output); };
    const std::unique_ptr<GumboOutput, decltype(destroy)> output{gumbo_parse_with_options(&options, html.data(),
                                                                                          html.size()),
                                                                 destroy};
    if (output == nullptr) return std::nullopt;
    const Hiding hiding{html};
    Sanitiser sanitiser{hiding, lists};
    sanitiser.node(*output->document, {}, 0);
    Round round;
    round.masked = sanitiser.writer().mask_lines();
    round.torn = sanitiser.writer().has_secret_across_lines();
    round.html = sanitiser.writer().finish();
    return round;
}

SafeHtml as_text(std::string_view html, const HtmlLimits& limits, SafeHtml answer) {
    const HtmlText plain = text_of_html(html, limits);
    MaskedText masked = mask_secrets(plain.text);
    answer.html = "<pre>" + escaped(masked.text.starts_with('\n') ? "\n" + masked.text : masked.text) + "</pre>";
    answer.hidden_found |= plain.hidden_found;
    answer.masked = std::move(masked.found);
    answer.content_ids.clear();
    answer.simplified = true;
    return answer;
}

}  // namespace

SafeHtml safe_html(std::string_view html, const HtmlLimits& limits) {
    const std::string given = to_utf8_lossy(utf8_prefix(html, limits.octets_max));
    SafeHtml answer;
    Lists lists, later;
    auto round = once(given, limits, lists);
    answer.remote = lists.remote;
    answer.links = std::move(lists.links);
    answer.hidden_found = lists.hidden_found;
    for (int rounds = 1; round && !round->torn && rounds < sanitising_rounds_max; ++rounds) {
        if (rounds == 1) answer.masked = round->masked;
        later = {};
        auto next = once(round->html, limits, later);
        answer.hidden_found |= later.hidden_found;
        if (next && next->html == round->html && !next->torn) {
            answer.html = std::move(next->html);
            answer.content_ids = std::move(later.content_ids);
            return answer;
        }
        round = std::move(next);
    }
    return as_text(given, limits, std::move(answer));
}

}  // namespace okpay::content
