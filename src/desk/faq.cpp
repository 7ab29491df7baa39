// SPDX-License-Identifier: Apache-2.0
#include "desk/faq.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "content/markdown.hpp"
#include "triage/reading.hpp"

namespace okpay::desk {
namespace {

bool is_line(std::string_view text, std::size_t octets_max) {
    return !trimmed(text).empty() && trimmed(text) == text && text.size() <= octets_max && is_utf8(text) &&
           std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

// "key: value" or "key:"; nothing where it is neither.
struct Entry {
    std::string_view key, value;
};
std::optional<Entry> entry_of(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.front() == ' ') return std::nullopt;
    return Entry{line.substr(0, colon), trimmed(line.substr(colon + 1))};
}

// YAML writers quote what holds a colon.
std::string unquoted(std::string_view value) {
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
        value = value.substr(1, value.size() - 2);
    return std::string{value};
}

class FileReader {
public:
    Result<FaqFile, FaqFileFault> read(std::string_view octets) {
        if (octets.starts_with("\xEF\xBB\xBF")) octets.remove_prefix(3);
        if (octets.size() > faq_file_octets_max) return fail(FaqFileFault{1, "the file is longer than 64 KiB"});
        if (!is_utf8(octets)) return fail(FaqFileFault{1, "the file is not UTF-8"});
        lines_ = split(octets, '\n');
        for (std::string_view& line : lines_) {
            if (line.ends_with('\r')) line.remove_suffix(1);
        }
        if (auto fault = head()) return fail(*std::move(fault));
        if (auto fault = missing()) return fail(*std::move(fault));
        if (auto fault = body()) return fail(*std::move(fault));
        if (auto why = fault_in(file_.article)) return fail(FaqFileFault{1, *std::move(why)});
        return std::move(file_);
    }

private:
    std::optional<FaqFileFault> head() {
        if (trimmed(lines_.front()) != "---") return FaqFileFault{1, "a line --- begins the file, then slug:, language: …"};
        bool in_questions = false;
        for (at_ = 1; at_ < lines_.size(); ++at_) {
            const std::string_view line = lines_[at_];
            const std::string_view words = trimmed(line);
            if (words == "---") return std::nullopt;
            if (words.empty() || words.starts_with('#')) continue;
            if (in_questions && words.starts_with("- ")) {
                file_.article.questions.push_back(unquoted(trimmed(words.substr(2))));
                continue;
            }
            const auto entry = entry_of(line);
            if (!entry) return fault("neither \"key: value\" nor a question that begins with \"- \"");
            in_questions = entry->key == "questions";
            if (auto found = take(*entry)) return found;
        }
        return FaqFileFault{static_cast<int>(lines_.size()), "a second line --- ends what stands before the text"};
    }

    std::optional<FaqFileFault> take(const Entry& entry) {
        if (std::ranges::find(seen_, entry.key) != seen_.end()) return fault(fmt::format("{} stands here twice", entry.key));
        seen_.push_back(entry.key);
        if (entry.key == "slug") {
            file_.article.slug = unquoted(entry.value);
            if (!is_faq_slug(file_.article.slug)) return fault("slug: small letters, digits and hyphens, 64 at most");
        } else if (entry.key == "language") {
            const auto language = faq_language_of(unquoted(entry.value));
            if (!language) return fault("language: en, zh-Hans or zh-Hant");
            file_.article.language = *language;
        } else if (entry.key == "category") {
            file_.article.category = unquoted(entry.value);
            if (!is_faq_category(file_.article.category))
                return fault(fmt::format("category: {} is none that an article can have", file_.article.category));
        } else if (entry.key == "title") {
            file_.article.title = unquoted(entry.value);
            if (!is_line(file_.article.title, faq_title_octets_max)) return fault("title: empty, or longer than 300 octets");
        } else if (entry.key == "state") {
            if (entry.value != "draft" && entry.value != "published") return fault("state: draft or published");
            file_.draft = entry.value == "draft";
        } else if (entry.key == "questions") {
            if (!entry.value.empty()) return fault("questions: each on a line of its own that begins with \"  - \"");
        } else {
            return fault(fmt::format("{} is not known: slug, language, category, title, state, questions", entry.key));
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<FaqFileFault> missing() const {
        for (const std::string_view key : {"slug", "language", "category", "title"}) {
            if (std::ranges::find(seen_, key) == seen_.end()) return FaqFileFault{1, fmt::format("{}: is missing", key)};
        }
        return std::nullopt;
    }

    std::optional<FaqFileFault> body() {
        const std::size_t first = at_ + 1;
        std::string text;
        for (std::size_t i = first; i < lines_.size(); ++i) text.append(lines_[i]).append("\n");
        if (const auto wrong = content::fault_in_markdown(text))
            return FaqFileFault{static_cast<int>(first) + wrong->line, wrong->why};
        file_.article.body = std::string{trimmed(text)};
        if (file_.article.body.empty()) return FaqFileFault{static_cast<int>(lines_.size()), "the text is missing"};
        return std::nullopt;
    }

    [[nodiscard]] FaqFileFault fault(std::string why) const { return {static_cast<int>(at_) + 1, std::move(why)}; }

    std::vector<std::string_view> lines_;
    std::size_t at_ = 0;
    std::vector<std::string_view> seen_;
    FaqFile file_;
};

}  // namespace

bool is_faq_category(std::string_view category) {
    const auto known = triage::category_of_name(category);
    if (!known) return false;
    switch (*known) {
    case triage::Category::account_locked:
    case triage::Category::account_info_change:
    case triage::Category::payment_failed:
    case triage::Category::duplicate_charge:
    case triage::Category::refund:
    case triage::Category::topup_withdrawal:
    case triage::Category::card:
    case triage::Category::fees_limits:
    case triage::Category::identity_verification:
    case triage::Category::login_security:
    case triage::Category::suspicious_activity:
    case triage::Category::general_howto:
    case triage::Category::complaint: return true;
    case triage::Category::off_topic:
    case triage::Category::spam:
    case triage::Category::auto_generated:
    case triage::Category::unclear: return false;
    }
    std::abort();
}

std::optional<Language> faq_language_of(std::string_view tag) {
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        if (tag_of(language) == tag) return language;
    }
    return std::nullopt;
}

bool is_faq_slug(std::string_view slug) {
    if (slug.empty() || slug.size() > faq_slug_octets_max || slug.front() == '-' || slug.back() == '-') return false;
    if (slug == "search") return false;  // an address of the search
    return std::ranges::all_of(slug, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::optional<std::string> fault_in(const FaqText& article) {
    if (!is_faq_slug(article.slug)) return "slug: small letters, digits and hyphens, 64 at most";
    if (!is_faq_category(article.category)) return "category: none that an article can have";
    if (!is_line(article.title, faq_title_octets_max)) return "title: one line of 1 to 300 octets";
    if (trimmed(article.body).empty()) return "body: empty";
    if (const auto wrong = content::fault_in_markdown(article.body))
        return fmt::format("body: line {}: {}", wrong->line, wrong->why);
    if (article.questions.size() > faq_questions_max) return "questions: 20 at most";
    for (const std::string& question : article.questions) {
        if (!is_line(question, faq_question_octets_max)) return "questions: each one line of 1 to 300 octets";
    }
    return std::nullopt;
}

Result<FaqFile, FaqFileFault> parse_faq_file(std::string_view octets) { return FileReader{}.read(octets); }

std::string faq_file_text(const FaqFile& file) {
    const FaqText& article = file.article;
    std::string text = fmt::format("---\nslug: {}\nlanguage: {}\ncategory: {}\ntitle: {}\n", article.slug,
                                   tag_of(article.language), article.category, article.title);
    if (file.draft) text += "state: draft\n";
    if (!article.questions.empty()) text += "questions:\n";
    for (const std::string& question : article.questions) text += fmt::format("  - {}\n", question);
    return text + "---\n" + article.body + "\n";
}

std::vector<Language> drifted(const std::vector<FaqSide>& sides) {
    std::int64_t newest = 0;
    for (const FaqSide& side : sides) newest = std::max(newest, side.revision);
    std::vector<Language> behind;
    for (const Language language : {Language::en, Language::zh_hans, Language::zh_hant}) {
        const auto side = std::ranges::find(sides, language, &FaqSide::language);
        const bool needed = language != Language::zh_hant;
        if (side == sides.end() ? needed : side->revision < newest) behind.push_back(language);
    }
    return behind;
}

}  // namespace okpay::desk
