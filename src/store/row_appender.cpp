// SPDX-License-Identifier: Apache-2.0
#include "store/row_appender.hpp"

#include "base/ensure.hpp"
#include "store/ledger_store.hpp"

namespace okpay::store {

RowAppender::~RowAppender() {
    if (!thread_.joinable()) return;
    wait_quietly();
    {
        const std::scoped_lock lock{mutex_};
        state_ = State::stopping;
    }
    changed_.notify_all();
    thread_.join();
}

bool RowAppender::is_idle() const {
    if (!started_) return failure_ == nullptr;
    const std::scoped_lock lock{mutex_};
    return state_ == State::idle && failure_ == nullptr;
}

void RowAppender::start(std::vector<payments::Payment>& payments, std::vector<money::Transfer>& transfers) {
    ensure(is_idle());
    payments_.clear();
    transfers_.clear();
    payments_.swap(payments);
    transfers_.swap(transfers);
    started_ = true;
    {
        const std::scoped_lock lock{mutex_};
        state_ = State::working;
    }
    if (thread_.joinable()) {
        changed_.notify_all();
    } else {
        thread_ = std::thread{[this] { run(); }};
    }
}

void RowAppender::finish() {
    wait_quietly();
    if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void RowAppender::wait_quietly() noexcept {
    if (!started_) return;
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return state_ == State::idle; });
    started_ = false;
}

void RowAppender::run() {
    std::unique_lock lock{mutex_};
    for (;;) {
        changed_.wait(lock, [this] { return state_ != State::idle; });
        if (state_ == State::stopping) return;
        lock.unlock();
        std::exception_ptr failure;
        try {
            if (!payments_.empty()) append_payments(connection_, payments_);
            if (!transfers_.empty()) append_transfers(connection_, transfers_);
        } catch (...) {  // whatever it is, the writer is told
            failure = std::current_exception();
        }
        lock.lock();
        failure_ = failure;
        state_ = State::idle;
        changed_.notify_all();
    }
}

}  // namespace okpay::store
