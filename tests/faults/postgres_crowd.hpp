// SPDX-License-Identifier: Apache-2.0
// Clients on threads of their own, and the nodes that they ask: those of a cluster, each with its writer, its epoch and
// its way to PostgreSQL. A client asks whom he knows, who may not be who writes by now; where he gets no answer he asks
// again with the same key, or goes away and never learns.
//
//   Bank         money is sent to and fro between customers: what they hold together never changes, in the writers' memory
//                and in the readers' eyes, and nobody owes.
//   Twins        several send the same with the same key at the same time, and some something else with that key.
//   Silent       clients who go away before their answer comes.
//
// What they draw comes from a seed; how they meet does not.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "postgres_proxy.hpp"
#include "service/queries.hpp"
#include "service/writer.hpp"

namespace okpay::faults {

// A node of a cluster. It stays who it is when another takes over: that it is told by the database alone.
class Node {
public:
    // Throws StorageFailure where the books cannot be loaded under this epoch.
    Node(const store::Database& database, const service::Context& context, service::BooksSizes books, std::int64_t epoch);
    [[nodiscard]] PostgresProxy& proxy() { return proxy_; }
    [[nodiscard]] service::Writer& writer() { return *writer_; }
    [[nodiscard]] bool fenced() const { return fenced_; }

private:
    PostgresProxy proxy_;
    std::atomic<bool> fenced_ = false;
    std::unique_ptr<service::Writer> writer_;  // last made, first gone
};

struct CrowdSetting {
    std::uint64_t seed = 1;
    int bankers = 4, twins = 3, silent = 1;
    // Runs are sealed all the time; and not so many that the judge, who asks for everything again, reads for minutes.
    service::BooksSizes books{.once_run_payments = 400, .write_back_transfers = 30, .append_ahead_payments = 2};
};

class Crowd {
public:
    explicit Crowd(const CrowdSetting& setting);  // founds a house on a fresh database, and one node that writes
    ~Crowd();
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    [[nodiscard]] const store::Database& database() const { return temporary_.database(); }  // the straight way

    void begin();                      // all clients at their work, until judge()
    void wait_for_answers(int count);  // so many more, of whatever kind
    void take_over();                  // another node raises the epoch, loads and writes; the last one does not know
    [[nodiscard]] std::shared_ptr<Node> newest() const;
    // One more transfer, through the newest node, by the caller's own hand; waits for its answer.
    service::Answer send_one();
    void close_doors();  // clients begin nothing new until open_doors(): the server is not there
    void open_doors();

    // Ends the work and looks: what is wrong, each a sentence.
    std::vector<std::string> judge();

    [[nodiscard]] std::int64_t answers() const { return answers_; }
    [[nodiscard]] std::int64_t refusals() const { return refusals_; }  // by the storage, outcome known
    [[nodiscard]] std::int64_t unknown() const { return unknown_; }
    [[nodiscard]] std::int64_t sums() const { return sums_; }  // full sums that were read

private:
    struct Asked {
        service::Command command;
        std::optional<service::Answer> answer;  // for ever
        bool may_be_done = false;               // by an attempt that ended without an answer, or by a twin
    };
    struct Diary {  // of one client
        std::vector<Asked> asked;
    };

    void bank(std::uint64_t seed, Diary& diary);
    void be_twin(std::size_t twin, std::uint64_t seed, Diary& diary);
    void be_silent(std::uint64_t seed, Diary& diary);
    void sum_up();  // by the readers' way, again and again

    [[nodiscard]] service::Command transfer(std::mt19937_64& random, std::string key) const;
    std::shared_ptr<Node> any_node(std::mt19937_64& random) const;
    service::Answer submit_and_wait(Node& node, const service::Command& command);
    service::Read<std::int64_t> rows_of(const service::Command& command);  // with its key; 0 or 1
    void ask(Asked& asked, std::mt19937_64& random);
    void read_all(std::mt19937_64& random);
    bool goes_on();  // waits where the doors are closed
    void complain(std::string sentence);
    static std::map<Hash256, int> rows_by_key(store::Connection& reader);
    void judge_asked(service::Writer& last, store::Connection& reader);
    void judge_keys();
    void judge_balances(service::Writer& last, store::Connection& reader, std::string_view when);
    void find_faults(std::string_view when);

    CrowdSetting setting_;
    testing::TemporaryDatabase temporary_;
    service::Context context_;
    service::Queries queries_;
    service::ReaderPool readers_;
    std::vector<std::int64_t> customers_, wallets_;
    std::int64_t total_ = 0;
    std::vector<std::atomic<std::int64_t>> entries_seen_;  // by wallet: no later answer may show fewer

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::shared_ptr<Node>> nodes_;   // under mutex_, as the rest up to complaints_
    bool doors_open_ = true, over_ = false;
    std::vector<std::string> complaints_;

    std::atomic<std::int64_t> answers_ = 0, refusals_ = 0, unknown_ = 0, sums_ = 0;
    std::vector<Diary> diaries_;
    std::mt19937_64 random_;  // the caller's
    std::vector<std::thread> threads_;
};

}  // namespace okpay::faults
