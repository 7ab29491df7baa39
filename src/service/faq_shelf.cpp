// SPDX-License-Identifier: Apache-2.0
#include "service/faq_shelf.hpp"

#include "content/markdown.hpp"
#include "desk/figures.hpp"

namespace okpay::service {

const PublishedFaq* FaqContent::find(std::string_view slug, desk::Language language) const {
    for (const PublishedFaq& one : articles) {
        if (one.article.slug == slug && one.article.language == language) return &one;
    }
    return nullptr;
}

std::shared_ptr<const FaqContent> FaqShelf::content(store::Connection& connection) {
    std::string print = store::faq_fingerprint(connection);
    {
        const std::lock_guard lock{mutex_};
        if (newest_ && newest_->fingerprint == print) return newest_;
    }
    auto made = std::make_shared<FaqContent>();
    made->fingerprint = std::move(print);
    std::vector<desk::FaqEntry> entries;
    for (store::FaqArticleRow& row : store::faq_articles(connection)) {
        if (!row.published) continue;
        auto version = store::find_faq_version(connection, row, *row.published);
        if (!version) continue;
        const desk::FaqText& text = version->text;
        entries.push_back({.slug = row.slug,
                           .category = text.category,
                           .language = row.language,
                           .title = text.title,
                           .questions = text.questions,
                           .text = content::text_of_markdown(text.body, "")});
        made->articles.push_back({std::move(row), *std::move(version)});
    }
    made->index = desk::FaqIndex{std::move(entries)};
    const std::lock_guard lock{mutex_};
    newest_ = made;
    return made;
}

void offer_faq_answer(FileMail& filing, const FaqContent& content, std::string answer_message) {
    if (!filing.answerable) return;
    const auto answer = content.index.answer_for(filing.subject, filing.new_text, desk::language_of(filing.language));
    if (!answer) return;
    const desk::FaqEntry& entry = content.index.entries()[answer->entry];
    // A question about fees gets an article about fees.
    if (filing.category == "fees_limits" && entry.category != "fees_limits") return;
    // No amount leaves that no row of the ledger bears out.
    if (!desk::amounts_in(entry.text).empty()) return;
    filing.faq_slug = entry.slug;
    filing.answer_message_id = std::move(answer_message);
}

}  // namespace okpay::service
