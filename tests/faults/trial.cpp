// SPDX-License-Identifier: Apache-2.0
#include "trial.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "base/ensure.hpp"
#include "service_fixture.hpp"
#include "store/verify.hpp"

namespace okpay::faults {
namespace {

constexpr int could_not_start_status = 43;
constexpr int writer_stopped_status = 1;      // Writer::die
constexpr unsigned hangs_after_seconds = 120;  // a life takes milliseconds

}  // namespace

Trial::Trial(const Setting& setting) : setting_{setting}, vfs_{disk_, "faulty"} {
    constexpr std::array<std::int64_t, 3> run_payments{6, 20, 200};
    constexpr std::array<std::int64_t, 3> write_back{4, 16, 60};
    constexpr std::array<int, 3> checkpoint_pages{10, 40, 120};
    std::mt19937_64 random{setting.seed};
    house_.database.location = "okpay.db";
    house_.database.sqlite = {.vfs = vfs_.name(),
                              .flush_each_commit = setting.flush_each_commit,
                              .wal_checkpoint_pages = checkpoint_pages[random() % 3],
                              .writer_cache_kib = random() % 3 == 0 || setting.spills ? 40 : 262'144};
    if (setting.spills) house_.database.sqlite.wal_checkpoint_pages = checkpoint_pages.front();  // the WAL begins anew often
    house_.books = {.once_run_payments = run_payments[random() % 3],
                    .write_back_transfers = write_back[random() % 3],
                    .append_ahead_payments = random() % 2 == 0 ? 1U : 32U};
}

template <class Work>
Ending Trial::run(Work work, bool must_start) {
    std::fflush(nullptr);
    const pid_t child = fork();
    ensure(child >= 0);
    if (child == 0) {
        alarm(hangs_after_seconds);
        spdlog::set_level(spdlog::level::off);  // what is planted here is logged by the hundred
        try {
            work();
        } catch (const store::StorageFailure& failure) {
            if (must_start) promises_.report(fmt::format("could not start: {}", failure.what()));
            std::_Exit(could_not_start_status);
        } catch (const std::exception& error) {
            promises_.report(fmt::format("an exception: {}", error.what()));
            std::abort();
        }
        std::_Exit(0);
    }
    int status = 0;
    ensure(waitpid(child, &status, 0) == child);
    if (!WIFEXITED(status)) return Ending::died;
    switch (WEXITSTATUS(status)) {
    case 0: return Ending::peace;
    case power_cut_status: return Ending::power_cut;
    case writer_stopped_status: return Ending::stopped_itself;
    case could_not_start_status: return Ending::could_not_start;
    default: return Ending::died;
    }
}

void Trial::found() {
    disk_.restore({});
    promises_.restore({});
    const Ending ending = run([this] {
        Clients clients{house_, promises_, setting_.seed};
        clients.settle();
        clients.stop();
    });
    if (ending != Ending::peace) throw std::runtime_error{"the house could not be founded: " + promises_.reported()};
    founded_ = disk_.image();
    first_promises_ = promises_.all();
}

void Trial::begin_again() {
    disk_.restore(founded_);
    promises_.restore(first_promises_);
}

LifeEnd Trial::live(std::initializer_list<Plan> plans, std::uint64_t seed) {
    disk_.plan(plans);
    const auto work = [this, seed] {
        Clients clients{house_, promises_, seed};
        clients.ask_again();
        clients.live(setting_.rounds);
        clients.stop();
        disk_.mark_closing();
    };
    const Ending ending = run(work, false);
    LifeEnd end{.ending = ending,
                .calls = {},
                .flushes_before_closing = disk_.count_before_closing(Call::flush),
                .troubles = disk_.troubles(),
                .flushes_after_failure = disk_.flushes_after_failure(),
                .refusals = promises_.refusals()};
    for (std::size_t i = 0; i < calls_count; ++i) end.calls[i] = disk_.count(static_cast<Call>(i));
    disk_.plan({});
    return end;
}

void Trial::cut_power(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    disk_.cut_power(random);
}

std::string Trial::judge(std::uint64_t seed) {
    disk_.plan({});
    const Ending ending = run([this, seed] {
        const auto find_faults = [this](std::string_view when) {
            const auto reader = store::open(house_.database, store::Access::reader);
            for (const std::string& fault : testing::faults_in(store::verify(*reader, {}))) {
                promises_.report(fmt::format("{}: verify: {}", when, fault));
            }
        };
        {
            Clients clients{house_, promises_, seed};
            find_faults("as it was found");
            clients.ask_again();
            find_faults("after everything was asked again");
            for (const std::string& broken : clients.broken_promises()) promises_.report(broken);
            clients.live(2);
            clients.stop();
        }
        Clients clients{house_, promises_, seed + 1};
        find_faults("a life later");
        for (const std::string& broken : clients.broken_promises()) promises_.report("a life later: " + broken);
    });
    std::string wrong = promises_.reported();
    if (ending != Ending::peace) wrong += fmt::format("the judge could not end his work ({})\n", static_cast<int>(ending));
    return wrong;
}

std::int64_t Trial::integer(std::string_view sql) {
    // Looked at in a child: this process opens no database, so that what it forks begins without one.
    const Disk::Image rest = disk_.image();
    std::array<int, 2> ends{};
    std::int64_t found = 0;
    ensure(pipe(ends.data()) == 0);
    const Ending ending = run([&] {
        const std::int64_t seen = store::open(house_.database, store::Access::writer)->integer(sql).value_or(0);
        ensure(write(ends[1], &seen, sizeof seen) == sizeof seen);
    });
    ensure(ending == Ending::peace && ::read(ends[0], &found, sizeof found) == sizeof found);
    for (const int end : ends) close(end);
    disk_.restore(rest);
    return found;
}

}  // namespace okpay::faults
