// SPDX-License-Identifier: Apache-2.0
// One trial on PostgreSQL: a life of OKPay behind a proxy that does harm at a chosen statement, and at the end a judge who
// starts OKPay again by the straight way, asks everything again, and says what was promised and is not so. A trial is a
// function of its seed.
#pragma once

#include "clients.hpp"
#include "postgres_proxy.hpp"

namespace okpay::faults {

struct PostgresLife {
    std::int64_t counted = 0;  // acts that came to the proxy
    std::string met;           // the SQL of what was cut, empty where the life ended before
};

class PostgresTrial {
public:
    PostgresTrial(std::uint64_t seed, int rounds);  // founds the house

    PostgresLife live(const std::optional<CutPlan>& plan);  // on a copy of the house as it was founded
    // What is wrong after the last life, a sentence a line; empty where every promise is kept.
    std::string judge();

private:
    House house_on(const store::Database& database) const;

    std::uint64_t seed_;
    int rounds_;
    service::BooksSizes books_;
    testing::TemporaryDatabase founded_;
    std::vector<Promises::Promise> first_promises_;
    Promises promises_;
    std::unique_ptr<testing::CopiedDatabase> copy_;
};

// Takes over as a node of a cluster does: whoever wrote before writes nothing more. Answers the new epoch.
std::int64_t raise_epoch(const store::Database& database);

}  // namespace okpay::faults
