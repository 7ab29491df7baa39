// SPDX-License-Identifier: Apache-2.0
#include "service/applier.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

#include "service/codec.hpp"
#include "store/epoch.hpp"

namespace okpay::service {
namespace {

// What an earlier sending of the same command did may not have been read: this speaks of the present one alone.
constexpr const char* not_this_time = "nothing was done this time; send the same again in a moment";

}  // namespace

Applier::Applier(Open open, Context context, ApplierOptions options)
    : open_{std::move(open)}, context_{std::move(context)}, options_{std::move(options)} {
    if (!reload()) {
        throw store::StorageFailure{store::StorageFault::unavailable,
                                    fmt::format("epoch {} has ended: another node writes now", *options_.epoch)};
    }
}

bool Applier::reload() {
    books_.reset();
    // A connection that failed in the middle of a statement is not trusted again.
    connection_.reset();
    connection_ = open_();
    if (options_.epoch) store::bear_epoch(*connection_, *options_.epoch);
    store::Transaction transaction{*connection_};
    // Loading removes what an unfinished index run left: it must be ours, not one that the next writer is at. And a commit
    // of ours that the server is still at holds the row: what it changes is read after it, not before.
    if (!holds_epoch()) return false;
    auto books = std::make_unique<Books>(*connection_, options_.books);
    if (!transaction.commit())
        throw store::StorageFailure{store::StorageFault::unavailable, "the books could not be loaded"};
    books_ = std::move(books);
    return true;
}

void Applier::write_back() {
    if (fenced_ || books_ == nullptr) return;
    try {
        store::Transaction transaction{*connection_};
        if (!holds_epoch()) return;
        books_->write_back_all();
        if (const auto committed = transaction.commit(); !committed) {
            // Closing in peace would flush again what the system may have dropped.
            if (committed.error() == store::CommitError::storage_failed) die("the storage failed at the last commit");
            spdlog::warn("balances were not written back at the stop; the next start replays them");
        }
    } catch (const store::StorageFailure& failure) {
        if (failure.fault() == store::StorageFault::not_flushed) die(failure.what());
        spdlog::warn("balances were not written back at the stop; the next start replays them: {}", failure.what());
    }
}

bool Applier::holds_epoch() {
    if (!options_.epoch) return true;
    return store::renew_epoch(*connection_, *options_.epoch);
}

Applier::Outcome Applier::try_batch(std::span<Waiting> batch, std::vector<Answer>& answers) {
    answers.clear();
    bool reached = false;
    try {
        // A server that was restarted while we had nothing to do has lost nobody a command.
        if (books_ != nullptr && !connection_->is_usable()) books_.reset();
        if (books_ == nullptr && !reload()) return Outcome::fenced;
        reached = true;
        store::Transaction transaction{*connection_};
        if (!holds_epoch()) return Outcome::fenced;
        // Whatever ends this batch: nobody is at the connection any more when the transaction ends.
        const struct Quiet {
            Books& books;
            ~Quiet() { books.wait_for_rows(); }
        } quiet{*books_};
        bool writes = false;
        for (const Waiting& waiting : batch) {
            if (money_read_only_ && moves_money(waiting.command.body)) {
                answers.push_back(
                    refused(codes::money_read_only, "the books are being checked; no money moves until that is done"));
                continue;
            }
            writes = writes || (!waiting.command.dry_run && !changes_nothing(waiting.command.body));
            answers.push_back(execute(*books_, context_, waiting.command));
            books_->append_ahead();
        }
        if (!writes) return Outcome::committed;  // reads alone: nothing to make durable
        if (const auto broken = books_->broken_invariant()) {
            spdlog::critical(
                "the books do not balance: {}; the commands of this batch were refused and money is read-only now. "
                "Run `okpay verify`, and restart when it finds no fault",
                *broken);
            money_read_only_ = true;
            throw store::StorageFailure{store::StorageFault::bug, *broken};
        }
        books_->finish_batch();
        const auto committed = transaction.commit();
        if (committed) {
            commits_.fetch_add(1, std::memory_order_relaxed);
            return Outcome::committed;
        }
        switch (committed.error()) {
        case store::CommitError::conflict:
            failure_ = "the commit met another writer";
            failure_code_ = codes::unavailable;
            return Outcome::failed;
        case store::CommitError::full:
            failure_ = "the disk is full";
            failure_code_ = codes::storage_full;
            return Outcome::failed;
        case store::CommitError::outcome_unknown: return Outcome::unknown;
        case store::CommitError::storage_failed: die("the storage failed at a commit");
        }
        std::abort();
    } catch (const store::StorageFailure& failure) {
        // Not only a commit flushes: a statement may spill, a reload may checkpoint.
        if (failure.fault() == store::StorageFault::not_flushed) die(failure.what());
        failure_ = failure.what();
        failure_code_ = failure.fault() == store::StorageFault::full ? codes::storage_full : codes::unavailable;
        return reached ? Outcome::failed : Outcome::unreachable;
    } catch (const std::exception& error) {  // other people's libraries; one bad command must not stop the rest
        failure_ = error.what();
        failure_code_ = codes::unavailable;
        return Outcome::failed;
    }
}

void Applier::process(std::vector<Waiting>& batch) { serve(batch); }

Applier::Outcome Applier::serve(std::span<Waiting> batch) {
    std::vector<Answer> answers;
    Outcome outcome = fenced_ ? Outcome::fenced : try_batch(batch, answers);
    switch (outcome) {
    case Outcome::committed: break;
    case Outcome::fenced:
        if (!fenced_) cease();
        answers.assign(batch.size(), refused(codes::unavailable, "another node writes now; send the same again"));
        break;
    case Outcome::unknown: answer_unknown(batch, answers); break;
    case Outcome::unreachable:  // for all alike: to try them one by one would only keep the last waiting longest
        refuse_all(batch, answers);
        break;
    case Outcome::failed:
        books_.reset();  // memory since the last commit is discarded whole
        if (batch.size() == 1) {
            spdlog::error("a command failed ({}): {}", kind_of(batch.front().command.body), failure_);
            answers.assign(1, refused(failure_code_, not_this_time));
            break;
        }
        spdlog::warn("a batch of {} failed and is tried one by one: {}", batch.size(), failure_);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (serve(batch.subspan(i, 1)) != Outcome::unreachable) continue;
            const std::span<Waiting> rest = batch.subspan(i + 1);
            refuse_all(rest, answers);
            for (std::size_t k = 0; k < rest.size(); ++k) rest[k].done(std::move(answers[k]));
            break;
        }
        return outcome;
    }
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(answers[i]));
    if (books_ != nullptr) {
        const CommitNews news = books_->take_news();
        const bool something_waits =
            news.mail_accepted || news.mail_queued || news.files_wait || news.rail_called || news.short_message_queued;
        if (something_waits || !news.tickets.empty() || !news.mail_notes.empty()) options_.on_commit(news);
    }
    return outcome;
}

void Applier::refuse_all(std::span<Waiting> batch, std::vector<Answer>& answers) {
    books_.reset();
    spdlog::error("{} commands were refused: {}", batch.size(), failure_);
    answers.assign(batch.size(), refused(failure_code_, not_this_time));
}

// The connection broke while the commit was on its way. Each command carries its id or key: executing it again on the
// reloaded books either finds its first answer or does it now.
void Applier::answer_unknown(std::span<Waiting> batch, std::vector<Answer>& answers) {
    spdlog::warn("the outcome of a commit of {} commands is unknown; looking them up", batch.size());
    books_.reset();
    const Outcome again = try_batch(batch, answers);
    if (again == Outcome::committed) return;
    books_.reset();
    if (again == Outcome::fenced) cease();
    answers.assign(batch.size(),
                   refused(codes::outcome_unknown, "it is not known whether this was done; ask again with the same id"));
}

void Applier::cease() {
    fenced_ = true;
    books_.reset();
    spdlog::warn("epoch {} has ended: another node writes now", *options_.epoch);
    options_.on_fenced();
}

void Applier::die(const std::string& why) {
    spdlog::critical("{}: this process stops now, because what it holds in memory may not be on the disk", why);
    if (options_.on_fatal) options_.on_fatal(why);
    std::_Exit(1);
}

}  // namespace okpay::service
