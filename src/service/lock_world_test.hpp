// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "service_fixture.hpp"

namespace okpay::service {

// A lock of the customer's own that was ended, one that two persons released, one that waits for the second, one that has
// expired; and money that moved in between.
inline void lock_and_release(okpay::testing::ServiceFixture& f, std::int64_t li, std::int64_t zoe,
                             const okpay::testing::StaffMember& ann, const okpay::testing::StaffMember& boss) {
    const auto send = [&](const std::string& key) {
        return f.ask(SendMoney{.key = key, .payer = li, .payee = zoe, .amount_minor = 100, .currency = "CNY", .memo = ""},
                     {ActorKind::customer, li});
    };
    const auto own =
        f.done(PlaceLock{.customer = li, .scope = "debits", .message_code = "", .reason = ""}, {ActorKind::customer, li});
    EXPECT_EQ(send("locked").code, "payer_locked");
    f.done(ReleaseOwnLock{.customer = li, .lock = own.number}, {ActorKind::customer, li});
    EXPECT_TRUE(send("between").done());
    const auto lock = [&](std::int64_t customer, std::int64_t expires_at) {
        return f
            .done(PlaceLock{.customer = customer,
                            .scope = "debits",
                            .message_code = "unusual_payments",
                            .reason = "looks odd",
                            .expires_at = expires_at},
                  ann.actor())
            .number;
    };
    const auto propose = [&](std::int64_t no) {
        const std::string id = f.fresh<customers::LockReleaseId>().text();
        f.done(ProposeLockRelease{.release = id,
                                  .lock = no,
                                  .checklist = {"customer_reached", "movements_confirmed", "contact_unchanged",
                                                "cause_understood"},
                                  .evidence = "spoke by telephone"},
               ann.actor());
        return id;
    };
    f.pass(std::chrono::seconds{30});  // a code works once
    f.done(DecideLockRelease{.release = propose(lock(li, 0)), .approved = true, .note = "", .totp_code = f.totp(boss)},
           boss.actor());
    EXPECT_TRUE(send("after").done());
    lock(zoe, ms_of(f.at() + std::chrono::hours{1}));
    f.pass(std::chrono::hours{2});
    f.done(ExpireLocks{.locks_max = 9});
    propose(lock(f.customer("kim@example.org", "Kim"), 0));
}

}  // namespace okpay::service
