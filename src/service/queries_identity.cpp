// SPDX-License-Identifier: Apache-2.0
// Proof of identity, as customers and reviewers are shown it. Nothing sealed is opened here.
#include "service/queries_parts.hpp"
#include "store/identity_store.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using store::Connection;
using store::VerificationRow;

VerificationView view_of(Connection& connection, VerificationRow row) {
    const auto customer = store::find_customer(connection, row.customer);
    if (!customer) parts::missing("customer", number_of(row.customer));
    VerificationView view{
        .row = std::move(row), .customer = *customer, .files = {}, .checks = {}, .reviews = {}, .views = {}};
    for (store::IdentityFileRow& file : store::identity_files_of(connection, view.row.no)) {
        if (!file.erased) view.files.push_back(std::move(file));
    }
    view.checks = store::identity_checks_of(connection, view.row.no, view.row.round);
    parts::People people{connection};
    for (store::IdentityReviewRow& review : store::identity_reviews_of(connection, view.row.no)) {
        const auto staff = people.find(review.staff);
        if (!staff) parts::missing("staff", number_of(review.staff));
        view.reviews.push_back({std::move(review), *staff});
    }
    for (store::IdentityViewRow& seen : store::identity_views_of(connection, view.row.no)) {
        const auto staff = people.find(seen.staff);
        if (!staff) parts::missing("staff", number_of(seen.staff));
        view.views.push_back({std::move(seen), *staff});
    }
    view.readings.number_elsewhere = store::number_is_elsewhere(connection, view.row.customer, view.row.number_hash);
    for (const store::IdentityFileRow& file : view.files) {
        view.readings.picture_elsewhere = view.readings.picture_elsewhere ||
                                          store::picture_is_elsewhere(connection, view.row.customer, file.original_hash);
    }
    return view;
}

}  // namespace

Read<std::optional<VerificationView>> Queries::verification(const customers::VerificationId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<VerificationView> {
        const Snapshot snapshot{connection};
        auto row = store::find_verification(connection, id);
        if (!row) return std::nullopt;
        return view_of(connection, *std::move(row));
    });
}

Read<std::vector<VerificationView>> Queries::verifications_of(customers::CustomerNo customer, std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        std::vector<VerificationView> found;
        for (VerificationRow& row : store::verifications_of(connection, customer, limit)) {
            found.push_back(view_of(connection, std::move(row)));
        }
        return found;
    });
}

Read<VerificationPage> Queries::verifications(customers::VerificationState state, VerificationCursor after,
                                              std::int64_t limit) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        auto rows = store::verifications_in(connection, state, after.submitted, after.no, limit + 1);
        VerificationPage page;
        const bool more = std::ssize(rows) > limit;
        if (more) rows.pop_back();
        if (more) page.next = VerificationCursor{ms_of(*rows.back().submitted), rows.back().no};
        for (VerificationRow& row : rows) page.items.push_back(view_of(connection, std::move(row)));
        return page;
    });
}

Read<std::optional<store::IdentityFileRow>> Queries::identity_file(const customers::IdentityFileId& id) {
    return pool_.read([&](Connection& connection) { return store::find_identity_file(connection, id); });
}

Read<std::vector<store::DoomedBlob>> Queries::doomed_files(Moment before, std::int64_t limit) {
    return pool_.read([&](Connection& connection) { return store::doomed_blobs(connection, before, limit); });
}

}  // namespace okpay::service
