// SPDX-License-Identifier: Apache-2.0
#include "paper/pdf.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <memory>

#include "base/ensure.hpp"
#include "paper/pdf_catalog.hpp"
#include "paper/plain.hpp"

#if __has_feature(address_sanitizer)
// Cairo 1.16 loses 768 octets for each font that it embeds, Fontconfig what it once read: neither is in our hands.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libcairo.so\nleak:libfontconfig.so\n"; }
#endif

namespace okpay::paper {
namespace {

// All lengths are points, 1/72 inch.
constexpr double page_width = 595.276, page_height = 841.89;
constexpr double margin = 42.5, margin_below = 54;
constexpr double text_width = page_width - 2 * margin;
constexpr double gutter = 10, row_padding = 4;
constexpr double leading_of_size = 1.42, baseline_of_leading = 0.74;  // room for Chinese, whose characters fill the square

struct Release {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
    void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
    void operator()(PangoFontMap* map) const { g_object_unref(map); }
    void operator()(PangoContext* context) const { g_object_unref(context); }
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
    void operator()(PangoFontDescription* description) const { pango_font_description_free(description); }
    void operator()(PangoAttrList* attributes) const { pango_attr_list_unref(attributes); }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;

struct Ink {
    double grey;
};
constexpr Ink black{0.08}, quiet{0.42}, rule{0.80}, faint_rule{0.90}, ground{0.955};

struct Style {
    double size;
    bool bold = false;
    Ink ink = black;
};
constexpr Style title_style{20, true}, issuer_style{10.5, true, quiet}, label_style{8, false, quiet}, value_style{9.5};
constexpr Style figure_style{12, true}, heading_style{8, true}, row_style{8.5}, strong_style{8.5, true};
constexpr Style below_style{7.2, false, quiet}, note_style{8, false, quiet}, page_style{8, false, quiet};

struct Manner {
    const char* bcp47;
    const char* pango_language;  // as Fontconfig and OpenType know it: of a region
    const char* families;
};
Manner manner_of(PaperLanguage language) {
    switch (language) {
    case PaperLanguage::en: return {"en", "en", "Noto Sans CJK SC"};
    case PaperLanguage::zh_hans: return {"zh-Hans", "zh-cn", "Noto Sans CJK SC"};
    case PaperLanguage::zh_hant: return {"zh-Hant", "zh-tw", "Noto Sans CJK TC"};
    }
    std::abort();
}

// Pango with fonts of its own: what a font map caches may be used by one thread at a time.
class Type {
public:
    explicit Type(PaperLanguage language)
        : manner_{manner_of(language)},
          map_{pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT)},
          context_{pango_font_map_create_context(map_.get())},
          look_{pango_attr_list_new()} {
        pango_context_set_language(context_.get(), pango_language_from_string(manner_.pango_language));
        pango_context_set_base_dir(context_.get(), PANGO_DIRECTION_LTR);
        pango_context_set_round_glyph_positions(context_.get(), FALSE);
        const Owned<cairo_font_options_t> options{cairo_font_options_create()};
        cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
        pango_cairo_context_set_font_options(context_.get(), options.get());
        pango_attr_list_insert(look_.get(), pango_attr_font_features_new("tnum=1"));  // figures stand in columns
        pango_attr_list_insert(look_.get(), pango_attr_insert_hyphens_new(FALSE));  // a number is not to gain a hyphen
    }

    [[nodiscard]] bool has_fonts() const {
        PangoFontFamily** families = nullptr;
        int count = 0;
        pango_font_map_list_families(map_.get(), &families, &count);
        g_free(families);
        return count > 0;
    }

    // Without a width it stays on one line.
    [[nodiscard]] Owned<PangoLayout> set(std::string_view text, const Style& style, double width = -1) const {
        const Owned<PangoFontDescription> font{pango_font_description_from_string(manner_.families)};
        pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
        pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        Owned<PangoLayout> layout{pango_layout_new(context_.get())};
        pango_layout_set_font_description(layout.get(), font.get());
        pango_layout_set_attributes(layout.get(), look_.get());
        pango_layout_set_auto_dir(layout.get(), FALSE);
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
        if (width >= 0) pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
        const std::string shown = plain(text);
        pango_layout_set_text(layout.get(), shown.data(), static_cast<int>(shown.size()));
        return layout;
    }

private:
    Manner manner_;
    Owned<PangoFontMap> map_;
    Owned<PangoContext> context_;
    Owned<PangoAttrList> look_;
};

double width_of(PangoLayoutLine* line) {
    PangoRectangle logical;
    pango_layout_line_get_extents(line, nullptr, &logical);
    return static_cast<double>(logical.width) / PANGO_SCALE;
}

// Texts below each other, as lines that can be drawn one by one.
class StackedLines {
public:
    StackedLines(const Type& type, double width) : type_{type}, width_{width} {}

    // A figure is never broken: it is set smaller where it is too long.
    void add_figure(std::string_view text, const Style& style) {
        auto layout = type_.set(text, style);
        const double natural = width_of(pango_layout_get_line_readonly(layout.get(), 0));
        if (natural > width_) layout = type_.set(text, {style.size * width_ / (natural + 0.5), style.bold, style.ink});
        layouts_.push_back(std::move(layout));
        lines_.push_back({pango_layout_get_line_readonly(layouts_.back().get(), 0), style});
    }
    // Takes the room of a line: enough for what is not drawn.
    void add_blank(const Style& style) { lines_.push_back({nullptr, style}); }
    void add(std::string_view text, const Style& style) {
        layouts_.push_back(type_.set(text, style, width_));
        const int count = pango_layout_get_line_count(layouts_.back().get());
        for (int i = 0; i < count; ++i) {
            lines_.push_back({pango_layout_get_line_readonly(layouts_.back().get(), i), style});
        }
    }
    [[nodiscard]] double height() const {
        double height = 0;
        for (std::size_t i = next_; i < lines_.size(); ++i) height += leading(lines_[i]);
        return height;
    }
    [[nodiscard]] bool done() const { return next_ == lines_.size(); }
    // As many as fit, and one at least where `force`; answers the height that they took. Without `cairo` nothing is drawn.
    double draw(cairo_t* cairo, double x, double y, double room, bool to_the_right, bool force) {
        double taken = 0;
        for (; next_ < lines_.size(); ++next_) {
            const Line& line = lines_[next_];
            const bool first = force && taken == 0;
            if (!first && taken + leading(line) > room) break;
            if (cairo != nullptr && line.line != nullptr) {
                const double from = to_the_right ? x + width_ - width_of(line.line) : x;
                cairo_set_source_rgb(cairo, line.style.ink.grey, line.style.ink.grey, line.style.ink.grey);
                cairo_move_to(cairo, from, y + taken + leading(line) * baseline_of_leading);
                pango_cairo_show_layout_line(cairo, line.line);
            }
            taken += leading(line);
        }
        return taken;
    }

private:
    struct Line {
        PangoLayoutLine* line;
        Style style;
    };
    static double leading(const Line& line) { return line.style.size * leading_of_size; }

    const Type& type_;
    double width_;
    std::vector<Owned<PangoLayout>> layouts_;  // own the lines
    std::vector<Line> lines_;
    std::size_t next_ = 0;
};

// Sets the whole document once: without Cairo to count the pages, then to draw them.
class Press {
public:
    Press(const Document& document, const Type& type, cairo_t* cairo, int pages)
        : document_{document}, type_{type}, cairo_{cairo}, pages_{pages} {
        double shares = 0;
        for (const Column& column : document.columns) shares += column.share;
        const double room = text_width - gutter * static_cast<double>(document.columns.size() - 1);
        double x = margin;
        for (const Column& column : document.columns) {
            const double width = room * column.share / shares;
            columns_.push_back({x, width});
            x += width + gutter;
        }
    }

    int run() {
        y_ = margin;
        put_front();
        put_headings();
        for (const PaperRow& row : document_.rows) put_row(row);
        put_notes();
        put_foot();
        return page_;
    }

private:
    struct Place {
        double x, width;
    };
    [[nodiscard]] static double bottom() { return page_height - margin_below; }

    void line(double x, double y, double width, Ink ink, double thickness) {
        if (cairo_ == nullptr) return;
        cairo_set_source_rgb(cairo_, ink.grey, ink.grey, ink.grey);
        cairo_rectangle(cairo_, x, y, width, thickness);
        cairo_fill(cairo_);
    }
    // One text in a box; answers its height.
    double put(std::string_view text, const Style& style, Place place, double y, bool to_the_right = false) {
        StackedLines lines{type_, place.width};
        lines.add(text, style);
        return lines.draw(cairo_, place.x, y, page_height, to_the_right, true);
    }

    void put_front() {
        y_ += put(document_.issuer, issuer_style, {margin, text_width}, y_);
        y_ +=
            put(document_.heading.empty() ? document_.title : document_.heading, title_style, {margin, text_width}, y_) + 8;
        put_fields();
        put_figures();
    }
    // Two beside each other, a label above each.
    void put_fields() {
        constexpr double width = (text_width - gutter) / 2;
        for (std::size_t i = 0; i < document_.fields.size(); i += 2) {
            double height = 0;
            for (std::size_t side = 0; side < 2 && i + side < document_.fields.size(); ++side) {
                const Field& field = document_.fields[i + side];
                const Place place{margin + static_cast<double>(side) * (width + gutter), width};
                double taken = put(field.label, label_style, place, y_);
                taken += put(field.value, value_style, place, y_ + taken);
                height = std::max(height, taken);
            }
            y_ += height + 5;
        }
        y_ += 6;
    }
    void put_figures() {
        if (document_.figures.empty()) return;
        constexpr double inset = 9;
        const double each = text_width / static_cast<double>(document_.figures.size());
        const double height = inset * 2 + (label_style.size + figure_style.size) * leading_of_size;
        line(margin, y_, text_width, ground, height);
        const double room = each - 2 * inset;
        Style style = figure_style;  // all of them smaller where one is too long
        for (const Field& field : document_.figures) {
            const auto alone = type_.set(field.value, figure_style);
            const double width = width_of(pango_layout_get_line_readonly(alone.get(), 0)) + 0.5;
            style.size = std::min(style.size, figure_style.size * room / width);
        }
        double x = margin + inset;
        for (const Field& field : document_.figures) {
            const double label = put(field.label, label_style, {x, room}, y_ + inset);
            put(field.value, style, {x, room}, y_ + inset + label);
            x += each;
        }
        y_ += height + 16;
    }
    void put_headings() {
        double height = 0;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const Column& column = document_.columns[i];
            height = std::max(height, put(column.heading, heading_style, columns_[i], y_, column.figures));
        }
        y_ += height + 3;
        line(margin, y_, text_width, black, 0.8);
        y_ += 0.8;
    }
    void put_foot() {
        if (cairo_ == nullptr) return;
        const double y = page_height - margin_below + 18;
        put(document_.issuer, page_style, {margin, text_width * 0.7}, y);
        put(fmt::format("{} / {}", page_, pages_), page_style, {margin + text_width * 0.7, text_width * 0.3}, y, true);
    }
    void turn_page(bool with_headings) {
        put_foot();
        if (cairo_ != nullptr) cairo_show_page(cairo_);
        ++page_;
        y_ = margin;
        y_ += put(document_.title, page_style, {margin, text_width}, y_) + 8;
        if (with_headings) put_headings();
    }

    void put_row(const PaperRow& row) {
        ensure(row.cells.size() == columns_.size());
        std::vector<StackedLines> cells;
        cells.reserve(columns_.size());
        double height = 0;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            cells.emplace_back(type_, columns_[i].width);
            const Style& style = row.strong ? strong_style : row_style;
            const std::string& text = row.cells[i].text;
            if (text.empty()) cells.back().add_blank(style);
            else if (document_.columns[i].figures && cairo_ == nullptr) cells.back().add_blank(style);
            else if (document_.columns[i].figures) cells.back().add_figure(text, style);
            else cells.back().add(text, style);
            for (const std::string& below : row.cells[i].below) cells.back().add(below, below_style);
            height = std::max(height, cells.back().height());
        }
        const bool fits = y_ + height + 2 * row_padding <= bottom();
        // A row that half a page holds is not torn; one that no page holds begins where there is room for a few lines.
        const double some_lines = 5 * row_style.size * leading_of_size;
        if (!fits && (height < (bottom() - margin) / 2 || y_ + some_lines > bottom())) turn_page(true);
        while (true) {
            const double top = y_ + row_padding;
            double taken = 0;
            bool done = true;
            for (std::size_t i = 0; i < cells.size(); ++i) {
                const bool figures = document_.columns[i].figures;
                taken =
                    std::max(taken, cells[i].draw(cairo_, columns_[i].x, top, bottom() - top - row_padding, figures, true));
                done = done && cells[i].done();
            }
            y_ = top + taken + row_padding;
            line(margin, y_, text_width, row.strong ? rule : faint_rule, 0.5);
            if (done) return;
            turn_page(true);
        }
    }
    void put_notes() {
        y_ += 10;
        for (const std::string& note : document_.notes) {
            StackedLines lines{type_, text_width};
            lines.add(note, note_style);
            if (y_ + std::min(lines.height(), 40.0) > bottom()) turn_page(false);
            while (true) {
                y_ += lines.draw(cairo_, margin, y_, bottom() - y_, false, true);
                if (lines.done()) break;
                turn_page(false);
            }
            y_ += 3;
        }
    }

    const Document& document_;
    const Type& type_;
    cairo_t* cairo_;
    int pages_;
    std::vector<Place> columns_;
    double y_ = 0;
    int page_ = 1;
};

cairo_status_t append(void* to, const unsigned char* octets, unsigned int count) {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(octets), count);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Result<std::string, PaperError> pdf_of(const Document& document) {
    ensure(!document.columns.empty());
    const Type type{document.language};
    if (!type.has_fonts()) return fail(PaperError::not_rendered);
    const int pages = Press{document, type, nullptr, 0}.run();

    std::string pdf;
    const Owned<cairo_surface_t> surface{cairo_pdf_surface_create_for_stream(append, &pdf, page_width, page_height)};
    cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_4);  // with a table of objects that is text
    const std::string title = plain(document.title);
    const std::string issuer = plain(document.issuer);
    const std::string made = rfc3339(std::chrono::floor<std::chrono::seconds>(document.made));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_AUTHOR, issuer.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "OKPay");
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, made.c_str());
    {
        const Owned<cairo_t> cairo{cairo_create(surface.get())};
        Press{document, type, cairo.get(), pages}.run();
        cairo_show_page(cairo.get());
        if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS) return fail(PaperError::not_rendered);
    }
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return fail(PaperError::not_rendered);
    return with_language(std::move(pdf), manner_of(document.language).bcp47);
}

}  // namespace okpay::paper
