// SPDX-License-Identifier: Apache-2.0
// Locks on customers, what the monitor judges, and the way back.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

// By the customer of the own account, or by staff. Whoever asks is Command::actor.
struct PlaceLock {
    std::int64_t customer;
    std::string scope;         // customers::LockScope; the customer's own: debits or full
    std::string message_code;  // staff's: what the customer is told
    std::string reason;        // staff's: why, for staff
    bool legal = false;        // staff's: an authority or a court asks for it
    std::int64_t review_at = 0, expires_at = 0;  // ms; 0: as usual, and never
};
BOOST_DESCRIBE_STRUCT(PlaceLock, (), (customer, scope, message_code, reason, legal, review_at, expires_at))

struct ReleaseOwnLock {  // by the customer, who has shown the second factor
    std::int64_t customer, lock;
};
BOOST_DESCRIBE_STRUCT(ReleaseOwnLock, (), (customer, lock))

struct ProposeLockRelease {
    std::string release;  // customers::LockReleaseId as text
    std::int64_t lock;
    std::vector<std::string> checklist;  // customers::ReleaseCheck
    std::string evidence;
};
BOOST_DESCRIBE_STRUCT(ProposeLockRelease, (), (release, lock, checklist, evidence))

struct DecideLockRelease {  // and does it, in the same commit
    std::string release;
    bool approved;
    std::string note;  // needed where it is not approved
    std::string totp_code;
};
BOOST_DESCRIBE_STRUCT(DecideLockRelease, (), (release, approved, note, totp_code))

struct ExpireLocks {  // those whose time is over; the numbers answered are theirs
    std::int64_t locks_max;
};
BOOST_DESCRIBE_STRUCT(ExpireLocks, (), (locks_max))

using LockCommands = boost::mp11::mp_list<PlaceLock, ReleaseOwnLock, ProposeLockRelease, DecideLockRelease, ExpireLocks>;

}  // namespace okpay::service
