// SPDX-License-Identifier: Apache-2.0
// What the ordered writer does with the commands that it took: decides them against the books in memory, flushes what was
// accepted in one durable commit, and answers. No thread, no queue, no clock: the writer (writer.hpp) brings those, and a
// simulator can drive it step by step.
//
//   Failures   Where the database cannot be reached the whole batch is refused at once, with nothing done.
//              A statement that fails before the commit rolls the batch back, memory is loaded again, and the commands
//              are tried one by one, so that one bad command cannot stop its neighbours. A commit of unknown outcome is
//              resolved by looking the commands up. A storage that fails at commit, or whose flush fails anywhere, ends
//              the process: `on_fatal`.
//   Fence      With several nodes each commit renews the epoch row under our epoch; when that changes nothing we are no
//              longer the writer: all is discarded and `on_fenced` is called. The books are read under the row too.
//   Threads    one at a time, but for the two counters that may be read from any.
#pragma once

#include <atomic>

#include "service/handlers.hpp"

namespace okpay::service {

struct ApplierOptions {
    BooksSizes books;
    std::optional<std::int64_t> epoch;  // none: no other node can write here
    std::function<void(const CommitNews&)> on_commit = [](const CommitNews&) {};  // after the answers
    std::function<void(const std::string&)> on_fatal;                             // must not return to business as usual
    std::function<void()> on_fenced = [] {};
};

class Applier {
public:
    struct Waiting {
        Command command;
        std::function<void(Answer)> done;
    };
    // Opens the connection that it writes by: at the start, and after each failure.
    using Open = std::function<std::unique_ptr<store::Connection>()>;

    // Loads the books. Throws StorageFailure, also where the epoch has ended already.
    Applier(Open open, Context context, ApplierOptions options);
    Applier(const Applier&) = delete;
    Applier& operator=(const Applier&) = delete;

    // One commit where nothing fails. Each command is answered once, in order.
    void process(std::vector<Waiting>& batch);
    // At the end: all balances written back, so that the next start is quick. Without it that start replays.
    void write_back();

    [[nodiscard]] std::int64_t commits() const { return commits_.load(std::memory_order_relaxed); }
    [[nodiscard]] bool money_is_read_only() const { return money_read_only_.load(std::memory_order_relaxed); }

private:
    enum class Outcome : std::uint8_t { committed, failed, unreachable, unknown, fenced };

    Outcome serve(std::span<Waiting> batch);  // answers each
    Outcome try_batch(std::span<Waiting> batch, std::vector<Answer>& answers);
    void refuse_all(std::span<Waiting> batch, std::vector<Answer>& answers);
    void answer_unknown(std::span<Waiting> batch, std::vector<Answer>& answers);
    [[nodiscard]] bool reload();  // false: our epoch has ended
    [[nodiscard]] bool holds_epoch();
    void cease();
    [[noreturn]] void die(const std::string& why);

    Open open_;
    Context context_;
    ApplierOptions options_;
    std::unique_ptr<store::Connection> connection_;
    std::unique_ptr<Books> books_;
    std::string failure_;  // why the last batch failed, for the log
    std::string failure_code_;
    std::atomic<std::int64_t> commits_{0};
    std::atomic<bool> money_read_only_{false};
    bool fenced_ = false;
};

}  // namespace okpay::service
