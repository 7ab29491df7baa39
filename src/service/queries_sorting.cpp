// SPDX-License-Identifier: Apache-2.0
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "service/queries.hpp"
#include "store/sorting_store.hpp"

namespace okpay::service {
namespace {

namespace json = boost::json;

// As triage printed it. Nothing where no mail opened the request: its reading then says no certainty.
std::optional<desk::SortedRequest> read_by_triage(const store::SortedRequest& row) {
    boost::system::error_code error;
    const json::value parsed = json::parse(row.reading, error);
    const json::object* reading = error ? nullptr : parsed.if_object();
    const json::value* category = reading != nullptr ? reading->if_contains("category") : nullptr;
    const json::value* confidence = reading != nullptr ? reading->if_contains("confidence") : nullptr;
    if (category == nullptr || !category->is_string() || confidence == nullptr || !confidence->is_number())
        return std::nullopt;
    return desk::SortedRequest{.opened = row.opened,
                               .read = std::string{category->get_string()},
                               .now = row.category,
                               .set_by_people = row.set_by_people,
                               .answered = row.answered,
                               .confidence = confidence->to_number<double>()};
}

}  // namespace

Read<desk::SortingFigures> Queries::sorting_figures(Moment from, Moment now) {
    return pool_.read([&](store::Connection& connection) {
        std::vector<desk::SortedRequest> requests;
        store::each_sorted(connection, from - (now - from), sorted_requests_max, [&](const store::SortedRequest& row) {
            if (auto one = read_by_triage(row)) requests.push_back(*std::move(one));
        });
        return desk::sorting_figures(requests, from, now);
    });
}

}  // namespace okpay::service
