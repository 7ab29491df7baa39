// SPDX-License-Identifier: Apache-2.0
#include "server/command_door.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <future>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "net/asio.hpp"
#include "net/endpoint.hpp"
#include "server/cluster.hpp"
#include "server/control.hpp"
#include "service/handlers.hpp"
#include "service/writer.hpp"
#include "store/files.hpp"
#include "store/key_ring.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

using Closed = CommandDoor::Closed;

std::string key_sentence(store::KeyError error, const Options& options) {
    return fmt::format("{} ({})", store::explain(error), options.key_path().string());
}

// As `serve` begins: the schema brought up to date, the keys made where there are none.
Result<store::Keyring, Closed> prepared_keyring(const Options& options) {
    const auto connection = store::open(options.store_database(), store::Access::writer);
    if (store::schema_version_of(*connection) < store::schema_version) store::migrate(*connection);
    bool key_is_new = false;
    auto keyring = store::open_or_create_keyring(*connection, options.key_path(), key_is_new);
    if (!keyring) return fail(Closed{key_sentence(keyring.error(), options)});
    if (key_is_new) {
        std::cerr << "okpay: a new master key was made: " << options.key_path().string()
                  << ". Back it up apart from the data\n";
    }
    return *std::move(keyring);
}

std::optional<service::Answer> answer_of(service::Service& service, const service::Command& command) {
    auto promise = std::make_shared<std::promise<service::Answer>>();
    auto future = promise->get_future();
    service.submit(command, [promise](service::Answer answer) { promise->set_value(std::move(answer)); });
    return future.get();
}

class ServingDoor final : public CommandDoor {
public:
    ServingDoor(ServingProcess process, Result<store::Keyring, std::string> keyring)
        : process_{std::move(process)}, keyring_{std::move(keyring)} {}
    std::optional<service::Answer> ask(const service::Command& command) override { return process_.ask(command); }
    [[nodiscard]] const store::Keyring& keyring() const override {
        if (!keyring_) throw std::runtime_error{keyring_.error()};
        return *keyring_;
    }

private:
    ServingProcess process_;
    Result<store::Keyring, std::string> keyring_;  // whoever may ask the process need not be able to read the key
};

class OwnDoor final : public CommandDoor {
public:
    OwnDoor(const Options& options, store::DataDirectory directory, store::Keyring keyring)
        : directory_{std::move(directory)},
          keyring_{keyring},
          writer_{options.store_database(), service::Context{std::move(keyring), {}}, {}} {}
    std::optional<service::Answer> ask(const service::Command& command) override { return answer_of(writer_, command); }
    [[nodiscard]] const store::Keyring& keyring() const override { return keyring_; }

private:
    store::DataDirectory directory_;
    store::Keyring keyring_;
    service::Writer writer_;
};

// An executor on a thread of its own.
struct RunningExecutor {
    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> guard{io.get_executor()};
    std::thread thread{[this] { io.run(); }};

    RunningExecutor() = default;
    RunningExecutor(const RunningExecutor&) = delete;
    RunningExecutor& operator=(const RunningExecutor&) = delete;
    ~RunningExecutor() {
        io.stop();
        thread.join();
    }
};

class NodeDoor final : public CommandDoor {
public:
    NodeDoor(const Options& options, store::Keyring keyring)
        : keyring_{keyring},
          cluster_{executor_.io,
                   {.database = options.store_database(),
                    .node = fmt::format("admin {}", getpid()),
                    .listen = net::Endpoint::parse(options.cluster).value()},
                   service::Context{std::move(keyring), {}},
                   {},
                   [](bool) {}} {
        cluster_.start();
    }
    ~NodeDoor() override {
        asio::co_spawn(executor_.io, cluster_.stop_listening(Millis{1'000}), asio::use_future).wait();
        cluster_.stop();
    }
    std::optional<service::Answer> ask(const service::Command& command) override { return answer_of(cluster_, command); }
    [[nodiscard]] const store::Keyring& keyring() const override { return keyring_; }

private:
    store::Keyring keyring_;
    RunningExecutor executor_;
    Cluster cluster_;
};

Result<std::unique_ptr<CommandDoor>, Closed> open_on_sqlite(const Options& options) {
    if (auto process = ServingProcess::connect(options.data_directory() / "control.sock")) {
        const auto connection = store::open(options.store_database(), store::Access::reader);
        if (store::schema_version_of(*connection) != store::schema_version) {
            return fail(Closed{"the process that serves " + options.data +
                               " is of another version of this program; use its own, or start it again"});
        }
        auto opened = store::open_keyring(*connection, options.key_path());
        Result<store::Keyring, std::string> keyring = fail(std::string{});
        if (opened) keyring = *std::move(opened);
        else keyring = fail(key_sentence(opened.error(), options));
        return std::make_unique<ServingDoor>(*std::move(process), std::move(keyring));
    }
    auto directory = store::DataDirectory::own(options.data_directory());
    if (!directory) {
        const bool owned = directory.error() == store::DirectoryError::owned_by_another_process;
        if (!owned) return fail(Closed{options.data + " cannot be made or written to"});
        return fail(Closed{options.data + " is in use by a process that does not answer; try again in a moment", 75});
    }
    auto keyring = prepared_keyring(options);
    if (!keyring) return fail(keyring.error());
    return std::make_unique<OwnDoor>(options, *std::move(directory), *std::move(keyring));
}

}  // namespace

Result<std::unique_ptr<CommandDoor>, Closed> CommandDoor::open(const Options& options) {
    if (options.store_database().engine == store::Engine::sqlite) return open_on_sqlite(options);
    if (!net::Endpoint::parse(options.cluster)) throw UsageError{"--cluster " + options.cluster + ": write HOST:PORT"};
    auto keyring = prepared_keyring(options);
    if (!keyring) return fail(keyring.error());
    return std::make_unique<NodeDoor>(options, *std::move(keyring));
}

int exit_status_of(const std::optional<service::Answer>& answer) {
    if (!answer) {
        std::cerr << "okpay: the process that serves this data has gone; try again in a moment\n";
        return 75;
    }
    if (answer->done()) return 0;
    std::cerr << "okpay: " << answer->detail << "\n";
    return 1;
}

std::optional<service::Answer> done_by_door(const Options& options, service::CommandBody body, int& status) {
    const auto door = CommandDoor::open(options);
    if (!door) {
        std::cerr << "okpay: " << door.error().why << "\n";
        status = door.error().exit_status;
        return std::nullopt;
    }
    auto answer = (*door)->ask(service::Service::command({}, std::move(body)));
    status = exit_status_of(answer);
    return status == 0 ? answer : std::nullopt;
}

}  // namespace okpay::server
