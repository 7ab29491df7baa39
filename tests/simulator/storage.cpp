// SPDX-License-Identifier: Apache-2.0
#include "storage.hpp"

#include "base/ensure.hpp"

namespace okpay::simulator {

using store::CommitError;
using store::StorageFailure;
using store::StorageFault;

class Storage::Faulty final : public store::Connection {
public:
    Faulty(Storage& storage, std::unique_ptr<store::Connection> inner) : storage_{storage}, inner_{std::move(inner)} {}

    [[nodiscard]] store::Engine engine() const override { return inner_->engine(); }
    [[nodiscard]] bool is_usable() override { return true; }
    void begin() override {
        statement();
        if (loaded_) {
            if (!std::exchange(storage_.loading_, false)) storage_.attempts_.emplace_back();
        }
        inner_->begin();
    }
    [[nodiscard]] Result<void, CommitError> commit() override {
        if (!std::exchange(loaded_, true)) return inner_->commit();  // of the loading: it writes next to nothing
        ++storage_.commits_;
        const FaultPlan& plan = storage_.plan_;
        const bool met = storage_.commits_ >= plan.first && storage_.commits_ < plan.first + plan.times;
        switch (met ? plan.fault : Fault::none) {
        case Fault::none:
        case Fault::statement_unavailable:
        case Fault::statement_full:
        case Fault::statement_crash: return really_commit();
        case Fault::commit_full: return lost(CommitError::full);
        case Fault::commit_unknown_lost: return lost(CommitError::outcome_unknown);
        case Fault::commit_unknown_done: return done(CommitError::outcome_unknown);
        case Fault::commit_failed_lost: return lost(CommitError::storage_failed);
        case Fault::commit_failed_done: return done(CommitError::storage_failed);
        case Fault::crash_before_commit: die();
        case Fault::crash_after_commit: ensure(really_commit().has_value()); die();
        }
        std::abort();
    }
    void rollback() noexcept override {
        if (!storage_.dead_) inner_->rollback();
    }
    std::int64_t execute(std::string_view sql, std::span<const store::Value> parameters) override {
        statement();
        return inner_->execute(sql, parameters);
    }
    void query(std::string_view sql, std::span<const store::Value> parameters, const store::RowCallback& row) override {
        statement();
        inner_->query(sql, parameters, row);
    }
    void append(const store::Rows& rows) override {
        statement();
        inner_->append(rows);
    }
    void overwrite(const store::Rows& rows) override {
        statement();
        inner_->overwrite(rows);
    }
    void run_script(const std::string& sql) override {
        statement();
        inner_->run_script(sql);
    }

private:
    void statement() {
        if (storage_.dead_) die();
        ++storage_.statements_;
        const FaultPlan& plan = storage_.plan_;
        const bool met = storage_.statements_ >= plan.first && storage_.statements_ < plan.first + plan.times;
        if (!met) return;
        if (plan.fault == Fault::statement_crash) die();
        const bool full = plan.fault == Fault::statement_full;
        if (!full && plan.fault != Fault::statement_unavailable) return;
        ++storage_.met_;
        throw StorageFailure{full ? StorageFault::full : StorageFault::unavailable, "the simulator refused a statement"};
    }
    [[noreturn]] void die() {
        ++storage_.met_;
        storage_.dead_ = true;
        throw Crash{};
    }
    Result<void, CommitError> really_commit() {
        auto answer = inner_->commit();
        if (answer) storage_.attempts_.back().committed = true;
        return answer;
    }
    Result<void, CommitError> lost(CommitError error) {
        ++storage_.met_;
        inner_->rollback();
        storage_.attempts_.back().told_unknown = error == CommitError::outcome_unknown;
        return fail(error);
    }
    Result<void, CommitError> done(CommitError error) {
        ++storage_.met_;
        ensure(really_commit().has_value());
        storage_.attempts_.back().told_unknown = error == CommitError::outcome_unknown;
        return fail(error);
    }

    Storage& storage_;
    std::unique_ptr<store::Connection> inner_;
    bool loaded_ = false;  // its first unit of work loads the books
};

Storage::Storage() : vfs_{disk_, "simulated"} {}

void Storage::begin(const faults::Disk::Image& image, store::SqliteTuning tuning) {
    disk_.restore(image);
    tuning.vfs = vfs_.name();
    database_ = {.engine = store::Engine::sqlite, .location = "okpay.db", .sqlite = std::move(tuning)};
    dead_ = false;
    plan({});
}

void Storage::crash(Dice& dice) {
    dead_ = true;
    // Dice of its own: how many it throws hangs on how SQLite cuts its writes, which is nothing of the run's.
    std::mt19937_64 power{static_cast<std::uint64_t>(dice.below(1'000'000'000))};
    disk_.cut_power(power);
    left_ = disk_.image();
}

void Storage::end_crash() {
    disk_.restore(left_);  // what the closing of connections wrote never was
    dead_ = false;
    plan({});
}

void Storage::plan(FaultPlan plan) {
    plan_ = plan;
    statements_ = commits_ = met_ = 0;
    attempts_.clear();
    loading_ = false;
}

std::unique_ptr<store::Connection> Storage::open_writer() {
    if (dead_) throw Crash{};
    auto inner = store::open(database_, store::Access::writer);
    attempts_.emplace_back();
    loading_ = true;
    return std::make_unique<Faulty>(*this, std::move(inner));
}

std::unique_ptr<store::Connection> Storage::open_plain(store::Access access) { return store::open(database_, access); }

}  // namespace okpay::simulator
