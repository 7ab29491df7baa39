// SPDX-License-Identifier: Apache-2.0
// The ordered writer: one thread takes all commands that wait (never waiting for more) and applies them (applier.hpp): each
// is decided in memory, what was accepted is flushed in one durable commit, and then all are answered.
//
//   Failures   are the applier's. `on_commit`, `on_fatal` and `on_fenced` are called on the writer's thread.
//   Limits     queue_commands_max waiting (then `overloaded`), batch_commands_max in one commit.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "service/applier.hpp"
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
    [[nodiscard]] std::int64_t commits() const { return applier_.commits(); }
    [[nodiscard]] bool money_is_read_only() const { return applier_.money_is_read_only(); }

private:
    void run();

    std::size_t queue_commands_max_, batch_commands_max_;
    Applier applier_;  // the thread's, once it runs

    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::deque<Applier::Waiting> queue_;  // under mutex_
    bool stopping_ = false;               // under mutex_
    std::thread thread_;
};

}  // namespace okpay::service
