// SPDX-License-Identifier: Apache-2.0
#include "postgres_trial.hpp"

#include <fmt/format.h>

#include <array>

#include "service_fixture.hpp"
#include "store/schema.hpp"
#include "store/verify.hpp"

namespace okpay::faults {

std::int64_t raise_epoch(const store::Database& database) {
    const auto connection = store::open(database, store::Access::writer);
    const auto before = connection->integer("SELECT epoch FROM epoch WHERE id = 1");
    if (!before || connection->execute("UPDATE epoch SET epoch = epoch + 1 WHERE id = 1 AND epoch = $1", {*before}) != 1) {
        throw std::runtime_error{"another node took the epoch"};
    }
    return *before + 1;
}

PostgresTrial::PostgresTrial(std::uint64_t seed, int rounds)
    : seed_{seed}, rounds_{rounds}, founded_{store::Engine::postgres} {
    constexpr std::array<std::int64_t, 3> run_payments{6, 20, 200};
    constexpr std::array<std::int64_t, 3> write_back{4, 16, 60};
    std::mt19937_64 random{seed};
    books_ = {.once_run_payments = run_payments[random() % 3], .write_back_transfers = write_back[random() % 3]};
    Clients clients{house_on(founded_.database()), promises_, seed};
    clients.settle();
    clients.live(2);
    clients.stop();
    first_promises_ = promises_.all();
}

House PostgresTrial::house_on(const store::Database& database) const {
    return {.database = database, .books = books_, .epoch = 0, .looked_at = {}};
}

PostgresLife PostgresTrial::live(const std::optional<CutPlan>& plan) {
    copy_ = std::make_unique<testing::CopiedDatabase>(founded_.database());
    promises_.restore(first_promises_);
    PostgresProxy proxy{copy_->database()};
    House house = house_on(proxy.database());
    house.looked_at = copy_->database();
    house.epoch = raise_epoch(copy_->database());
    PostgresLife life;
    if (plan) proxy.plan(*plan);
    try {
        Clients clients{house, promises_, seed_};
        clients.live(rounds_);
        clients.stop();
    } catch (const store::StorageFailure&) {}  // the cut met the writer while it read its first books
    life.counted = proxy.counted();
    life.met = proxy.met();
    return life;
}

std::string PostgresTrial::judge() {
    House house = house_on(copy_->database());
    const auto find_faults = [&](std::string_view when) {
        const auto reader = store::open(house.database, store::Access::reader);
        for (const std::string& fault : testing::faults_in(store::verify(*reader, {}))) {
            promises_.report(fmt::format("{}: verify: {}", when, fault));
        }
    };
    try {
        {
            house.epoch = raise_epoch(house.database);
            Clients clients{house, promises_, seed_ + 1};
            find_faults("as it was found");
            clients.ask_again();
            find_faults("after everything was asked again");
            for (const std::string& broken : clients.broken_promises()) promises_.report(broken);
            clients.live(1);
            clients.stop();
        }
        house.epoch = raise_epoch(house.database);
        Clients clients{house, promises_, seed_ + 2};
        for (const std::string& broken : clients.broken_promises()) promises_.report("a life later: " + broken);
    } catch (const std::exception& error) {
        promises_.report(fmt::format("the judge could not end his work: {}", error.what()));
    }
    return promises_.reported();
}

}  // namespace okpay::faults
