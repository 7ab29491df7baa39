// SPDX-License-Identifier: Apache-2.0
// Locks as people see them.
#include "service/queries_parts.hpp"
#include "store/people_store.hpp"

namespace okpay::service {
namespace {

using customers::Lock;
using customers::LockRelease;
using store::Connection;

LockReleaseView release_view(parts::People& people, LockRelease release) {
    auto proposer = people.find(release.proposer);
    if (!proposer) parts::missing("staff", number_of(release.proposer));
    auto decider = people.find(release.decider);
    return {.release = std::move(release), .proposer = *std::move(proposer), .decider = std::move(decider)};
}

LockView lock_view(Connection& connection, Lock lock) {
    auto customer = store::find_customer(connection, lock.customer);
    if (!customer) parts::missing("customer", number_of(lock.customer));
    LockView view{.lock = std::move(lock),
                  .customer = *std::move(customer),
                  .request_number = {},
                  .events = {},
                  .releases = {},
                  .decisions = {}};
    if (view.lock.ticket != 0) {
        const auto row = store::find_ticket(connection, desk::TicketNo{view.lock.ticket});
        if (!row) parts::missing("ticket", view.lock.ticket);
        view.request_number = row->ticket.request_number;
    }
    return view;
}

}  // namespace

Read<LockPage> Queries::locks(store::LockFilter filter) {
    return pool_.read([&](Connection& connection) {
        const Snapshot snapshot{connection};
        const std::int64_t limit = filter.limit;
        ++filter.limit;  // is there another?
        auto found = store::list_locks(connection, filter);
        LockPage page;
        if (std::ssize(found) > limit) {
            found.pop_back();
            page.next = number_of(found.back().no);
        }
        parts::People people{connection};
        for (Lock& lock : found) {
            LockView view = lock_view(connection, std::move(lock));
            auto releases = store::lock_releases(connection, view.lock.no);
            if (!releases.empty()) view.releases.push_back(release_view(people, std::move(releases.back())));
            page.items.push_back(std::move(view));
        }
        return page;
    });
}

Read<std::optional<LockView>> Queries::lock(customers::LockNo no) {
    return pool_.read([&](Connection& connection) -> std::optional<LockView> {
        const Snapshot snapshot{connection};
        auto found = store::find_lock(connection, no);
        if (!found) return std::nullopt;
        LockView view = lock_view(connection, *std::move(found));
        view.events = store::lock_events(connection, no);
        view.decisions = store::risk_decisions_of(connection, no);
        parts::People people{connection};
        for (LockRelease& release : store::lock_releases(connection, no)) {
            view.releases.push_back(release_view(people, std::move(release)));
        }
        return view;
    });
}

Read<std::optional<customers::LockNo>> Queries::lock_of_release(const customers::LockReleaseId& id) {
    return pool_.read([&](Connection& connection) -> std::optional<customers::LockNo> {
        const auto release = store::find_lock_release(connection, id);
        return release ? std::optional{release->lock} : std::nullopt;
    });
}

}  // namespace okpay::service
