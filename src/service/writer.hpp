// SPDX-License-Identifier: Apache-2.0
// The ordered writer: one thread takes all commands that wait (never waiting for more), decides each in memory, flushes
// what was accepted in one durable commit, and then answers them all.
//
//   Failures   A statement that fails before the commit rolls the batch back, memory is loaded again, and the commands
//              are tried one by one, so that one bad command cannot stop its neighbours. A commit of unknown outcome is
//              resolved by looking the commands up. A storage that fails at commit, or whose flush fails anywhere, ends
//              the process: `on_fatal`.
//   Limits     queue_commands_max waiting (then `overloaded`), batch_commands_max in one commit.
//   Fence      With several nodes each commit renews the epoch row under our epoch; when that changes nothing we are no
//              longer the writer: all is discarded and `on_fenced` is called. The books are read under the row too.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "service/handlers.hpp"
#include "service/service.hpp"

namespace okpay::service {

struct WriterOptions {
    std::size_t queue_commands_max = 16'384;
    std::size_t batch_commands_max = 4'096;
    BooksSizes books;
    std::optional<std::int64_t> epoch;  // none: no other node can write here
    std::function<void(const CommitNews&)> on_commit = [](const CommitNews&) {};  // on the writer's thread, after answers
    std::function<void(const std::string&)> on_fatal;                             // must not return to business as usual
    std::function<void()> on_fenced = [] {};
};

class Writer final : public Service {
public:
    // Opens its own connection and loads the books. Throws StorageFailure, also where the epoch has ended already.
    Writer(store::Database database, Context context, WriterOptions options);
    ~Writer() override;
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void submit(Command command, std::function<void(Answer)> done) override;
    // Finishes what waits, writes all balances back, stops. Later commands are answered `stopping`.
    void stop();

    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::int64_t commits() const { return commits_.load(std::memory_order_relaxed); }
    [[nodiscard]] bool money_is_read_only() const { return money_read_only_.load(std::memory_order_relaxed); }

private:
    struct Waiting {
        Command command;
        std::function<void(Answer)> done;
    };
    enum class Outcome : std::uint8_t { committed, failed, unknown, fenced };

    void run();
    void process(std::vector<Waiting>& batch);
    Outcome try_batch(std::span<Waiting> batch, std::vector<Answer>& answers);
    void answer_unknown(std::span<Waiting> batch, std::vector<Answer>& answers);
    [[nodiscard]] bool reload();  // false: our epoch has ended
    [[nodiscard]] bool holds_epoch();
    void cease();
    [[noreturn]] void die(const std::string& why);

    store::Database database_;
    Context context_;
    WriterOptions options_;
    std::unique_ptr<store::Connection> connection_;
    std::unique_ptr<Books> books_;
    std::string failure_;  // why the last batch failed, for the log
    std::string failure_code_;

    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::deque<Waiting> queue_;  // under mutex_
    bool stopping_ = false;      // under mutex_
    std::atomic<std::int64_t> commits_{0};
    std::atomic<bool> money_read_only_{false};
    bool fenced_ = false;  // writer's thread
    std::thread thread_;
};

}  // namespace okpay::service
