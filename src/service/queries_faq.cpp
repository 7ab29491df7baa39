// SPDX-License-Identifier: Apache-2.0
#include "service/queries_parts.hpp"

namespace okpay::service {
namespace {

using desk::Language;
using store::Connection;

FaqSideView side_of(Connection& connection, store::FaqArticleRow row) {
    auto newest = store::find_faq_version(connection, row, row.version);
    if (!newest) parts::missing("version of FAQ article", row.no);
    const store::FaqAnswerCounts answers = store::faq_answers_of(connection, row.no);
    return {.article = std::move(row), .newest = *std::move(newest), .answers = answers, .history = {}};
}

void note_drift(FaqPairView& pair) {
    std::vector<desk::FaqSide> sides;
    for (const FaqSideView& side : pair.sides) sides.push_back({side.article.language, side.article.revision});
    pair.drifted = desk::drifted(sides);
}

}  // namespace

Read<std::shared_ptr<const FaqContent>> Queries::faq() {
    return pool_.read([this](Connection& connection) { return faq_.content(connection); });
}

Read<std::vector<FaqPairView>> Queries::faq_pairs() {
    return pool_.read([](Connection& connection) {
        const Snapshot snapshot{connection};
        std::vector<FaqPairView> pairs;
        for (store::FaqArticleRow& row : store::faq_articles(connection)) {
            if (pairs.empty() || pairs.back().slug != row.slug) pairs.push_back({row.slug, {}, {}});
            pairs.back().sides.push_back(side_of(connection, std::move(row)));
        }
        for (FaqPairView& pair : pairs) note_drift(pair);
        return pairs;
    });
}

Read<std::optional<FaqPairView>> Queries::faq_pair(std::string_view slug) {
    return pool_.read([slug](Connection& connection) {
        const Snapshot snapshot{connection};
        std::optional<FaqPairView> found;
        for (store::FaqArticleRow& row : store::faq_articles_of(connection, slug)) {
            if (!found) found = FaqPairView{row.slug, {}, {}};
            auto history = store::faq_versions(connection, row);
            found->sides.push_back(side_of(connection, std::move(row)));
            found->sides.back().history = std::move(history);
        }
        if (found) note_drift(*found);
        return found;
    });
}

}  // namespace okpay::service
