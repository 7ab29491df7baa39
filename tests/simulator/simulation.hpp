// SPDX-License-Identifier: Apache-2.0
// One run, a function of its seed alone: OKPay's applier over a disk in memory, a bank, clients and jobs, in one thread
// under a virtual clock.
//
//   Safety     Anything may fail, between any two steps; nothing may be wrong. After each batch every answer, every balance
//              and what was touched is compared with the model.
//   Healing    Nothing fails any more and the clock goes on: every unknown outcome must be resolved, nothing may be left in
//              transit or on hold, and what the bank moved is what the books moved, or stands in suspense before a person.
//   Failure    throws Wrong: what is not as it must be, and the last steps that led there.
#pragma once

#include <deque>
#include <memory>

#include "founding.hpp"
#include "service/applier.hpp"
#include "storage.hpp"
#include "virtual_rail.hpp"
#include "workload.hpp"

namespace okpay::simulator {

class Wrong : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Outcome {
    std::int64_t transfers = 0;
    std::string head;     // of the ledger's chain
    std::string answers;  // hash over all of them
    // What happened, and how it ended: shows that a run is worth its name.
    std::map<std::pair<std::string, std::string>, std::int64_t> seen;
};

class Simulation {
public:
    explicit Simulation(std::uint64_t seed, bool traces = false);  // to standard output
    Outcome run();

private:
    struct Asked {  // a command of a batch, and who waits for its answer
        service::Command command;
        enum class By : std::uint8_t { client, bank, job, nobody } by = By::nobody;
        bool again = false;  // a repetition: the answer may be lost
        std::optional<Delivery> told;
        std::optional<service::Answer> answer;
        std::optional<Expected> expected;
    };

    // --- steps
    void live();
    void pass_time();
    std::vector<Asked> gather();
    void process(std::vector<Asked> batch, FaultPlan fault = {});
    FaultPlan some_fault(std::size_t commands);
    void crash();
    void start();
    void heal();
    void settle_by_person(std::int64_t payment);
    bool heal_once();

    Asked asked(service::CommandBody body, Asked::By by = Asked::By::job);
    service::ReportRail report_of(const Delivery& delivery);
    std::string code_of_staff(std::int64_t staff) const;
    void check_disputes();
    service::DecideRailOutcome decision(std::int64_t payment, std::int64_t staff);
    std::string some_seed() { return hex_of(dice_.octets(32)); }

    // --- what follows from a batch
    void learn_commits(std::vector<Asked>& batch);
    void check_answer(const Asked& one);
    void follow_up(std::vector<Asked>& batch);

    // --- checks (checks.cpp)
    void name_accounts();
    void check_accounts();
    void check_row(store::Connection& reader, const Model::Row& row);
    void check_call(store::Connection& reader, const Model::Call& call);
    void check_wishes();
    void check_laters();
    void check_changed();
    void check_everything();
    void check_healed();
    void check_bank();
    store::Connection& reader();

    [[noreturn]] void wrong(const std::string& what) const;
    void note(std::string line, std::optional<service::Command> command = std::nullopt);
    void count(std::string_view what, std::string_view how = "") { ++outcome_.seen[{std::string{what}, std::string{how}}]; }

    bool traces_;
    Dice dice_;
    std::int64_t steps_;  // of the first phase
    Storage& storage_;
    service::BooksSizes sizes_;
    Model model_;
    Workload workload_;
    VirtualRail rail_;
    std::unique_ptr<service::Applier> applier_;
    std::unique_ptr<store::Connection> reader_;
    Moment now_;
    std::vector<std::int64_t> unlocked_at_crash_;  // customers, all at the end
    bool safe_ = false;  // nothing fails any more
    bool with_wishes_;   // money is asked for and sent later too
    bool with_banks_;    // cards, disputes and payouts too
    std::vector<service::Command> wishes_;    // that nobody has answered
    std::vector<service::Command> answered_;  // that may be asked again
    std::vector<Delivery> untold_;            // the bank's words that could not be stored yet
    struct Note {
        Moment at;
        std::string line;
        std::optional<service::Command> command;  // written out only when somebody reads it
        [[nodiscard]] std::string text() const;
    };
    std::deque<Note> notes_;                     // the last steps
    std::map<std::int64_t, std::string> names_;  // of accounts, as the model calls them
    Hash256 answers_{};
    Outcome outcome_;
};

}  // namespace okpay::simulator
