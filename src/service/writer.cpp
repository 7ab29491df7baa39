// SPDX-License-Identifier: Apache-2.0
#include "service/writer.hpp"

#include "base/clock.hpp"

namespace okpay::service {

Command Service::command(Actor actor, CommandBody body) { return command(now(), actor, std::move(body)); }

Command Service::command(Moment at, Actor actor, CommandBody body) {
    return Command{fresh_id<CommandId>(), at, actor, std::move(body)};
}

Writer::Writer(store::Database database, Context context, WriterOptions options)
    : queue_commands_max_{options.queue_commands_max},
      batch_commands_max_{options.batch_commands_max},
      applier_{[database = std::move(database)] { return store::open(database, store::Access::writer); },
               std::move(context),
               {.books = options.books,
                .epoch = options.epoch,
                .on_commit = std::move(options.on_commit),
                .on_fatal = std::move(options.on_fatal),
                .on_fenced = std::move(options.on_fenced)}} {
    thread_ = std::thread{[this] { run(); }};
}

Writer::~Writer() { stop(); }

void Writer::submit(Command command, std::function<void(Answer)> done) {
    std::string_view code;
    {
        const std::lock_guard lock{mutex_};
        if (stopping_) {
            code = codes::stopping;
        } else if (queue_.size() >= queue_commands_max_) {
            code = codes::overloaded;
        } else {
            queue_.push_back({std::move(command), std::move(done)});
            work_.notify_one();
            return;  // `done` is the queue's from here on
        }
    }
    done(refused(code,
                 "nothing was done this time; send the same again in a moment"));  // not under the lock: it may submit again
}

std::size_t Writer::waiting() const {
    const std::lock_guard lock{mutex_};
    return queue_.size();
}

void Writer::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    work_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Writer::run() {
    while (true) {
        std::vector<Applier::Waiting> batch;
        {
            std::unique_lock lock{mutex_};
            work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) break;
            const std::size_t count = std::min(queue_.size(), batch_commands_max_);
            batch.reserve(count);
            for (std::size_t i = 0; i < count; ++i) {
                batch.push_back(std::move(queue_.front()));
                queue_.pop_front();
            }
        }
        applier_.process(batch);
    }
    applier_.write_back();
}

}  // namespace okpay::service
