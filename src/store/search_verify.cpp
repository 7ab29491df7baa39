// SPDX-License-Identifier: Apache-2.0
#include "store/search_verify.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "store/search_feed.hpp"

namespace okpay::store {
namespace {

constexpr std::int64_t sampled_documents = 64;
constexpr std::string_view remedy = "run `okpay admin search rebuild`";

void check_sample(Connection& books, Connection& index, const SearchPositions& positions, CheckReport& report) {
    SearchReader reader{index};
    const std::int64_t newest = reader.newest();
    const std::int64_t step = std::max<std::int64_t>(1, newest / sampled_documents);
    for (std::int64_t at = newest; at > 0; at -= step) {
        const std::array one{at};
        const auto found = reader.look_up(one);
        if (found.empty()) continue;  // gone
        const auto document = search_document(books, found.front().kind, found.front().source);
        if (!document) {
            // Erased, or emptied, and the audit log was not read that far.
            if (position_of(positions, "audit") == position_of(search_heads(books), "audit"))
                report.fault(
                    fmt::format("document {} is of a {} that is not there; {}", at, name_of(found.front().kind), remedy));
            continue;
        }
        if (document->hash != found.front().hash) continue;  // changed since: the index comes to it
        for (const auto& [term, places] : document->terms) {
            const auto walk = reader.walk(term);
            if (walk->at_or_below(at) == at) continue;
            report.fault(fmt::format("{} {} is not found by all of its words; {}", name_of(document->kind), document->source,
                                     remedy));
            break;
        }
    }
}

}  // namespace

CheckReport check_search_index(const Database& books_place, const Database& place) {
    CheckReport report{.name = "search_index"};
    if (place.engine == Engine::sqlite && !std::filesystem::exists(place.location)) return report;  // made when it is served
    try {
        const auto index = open(place, Access::reader);
        if (!has_search_tables(*index)) return report;
        Transaction snapshot{*index};
        const SearchPositions positions = search_positions(*index);
        // Opened after it: so the books cannot be behind, whatever is served meanwhile.
        const auto books = open(books_place, Access::reader);
        for (const auto& [feed, head] : search_heads(*books)) {
            if (position_of(positions, feed) > head)
                report.fault(fmt::format("the search index has read {} {} and there are {}; {}", feed,
                                         position_of(positions, feed), head, remedy));
        }
        report.looked_at = check_search_blocks(*index, [&report](std::string fault) {
            report.fault(fmt::format("{}; {}", fault, remedy));
        });
        if (report.faults_found == 0) check_sample(*books, *index, positions, report);
    } catch (const StorageFailure& failure) {
        if (failure.fault() != StorageFault::corrupt) throw;
        report.fault(fmt::format("{}; {}", failure.what(), remedy));
    }
    return report;
}

}  // namespace okpay::store
