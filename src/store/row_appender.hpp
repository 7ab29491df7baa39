// SPDX-License-Identifier: Apache-2.0
// Appends rows of payments and transfers on a thread of its own, so that the writer decides the next commands of a batch
// meanwhile. The connection has one user at a time: between `start` and `finish` it is the appender's.
//
//   Threads   all members are called by one thread, the writer's.
//   Failure   what the rows failed of is thrown by the `finish` that waits for them, once, on the caller's thread; until
//             then nothing more is taken. Nothing is durable before the caller commits.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "money/ledger.hpp"
#include "payments/payment.hpp"
#include "store/connection.hpp"

namespace okpay::store {

class RowAppender {
public:
    explicit RowAppender(Connection& connection) : connection_{connection} {}
    ~RowAppender();  // waits for what is under way, and forgets what it failed of
    RowAppender(const RowAppender&) = delete;
    RowAppender& operator=(const RowAppender&) = delete;

    // False until what was started has been appended or has failed.
    [[nodiscard]] bool is_idle() const;
    // Must be idle. Takes both, and leaves the vectors empty.
    void start(std::vector<payments::Payment>& payments, std::vector<money::Transfer>& transfers);
    // Returns when the connection is the caller's again.
    void finish();
    void wait_quietly() noexcept;  // the same, for who is giving up anyway

private:
    enum class State : std::uint8_t { idle, working, stopping };
    void run();

    Connection& connection_;
    std::vector<payments::Payment> payments_;
    std::vector<money::Transfer> transfers_;
    bool started_ = false;  // since the last finish: the writer's own, so that an unused appender costs no lock
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    State state_ = State::idle;
    std::exception_ptr failure_;
    std::thread thread_;  // begun at the first start
};

}  // namespace okpay::store
