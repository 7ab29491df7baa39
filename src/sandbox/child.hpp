// SPDX-License-Identifier: Apache-2.0
// The parent's side: a process without network, files or database that answers octets with octets.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/moment.hpp"
#include "base/result.hpp"

namespace okpay::sandbox {

enum class SandboxError : std::uint8_t {
    cannot_start,  // the process could not be made, or could not lock itself in; the request was not tried
    crashed,       // it ended while working on this request: a suspect request
    timed_out,     // it was killed at the deadline: a suspect request
    too_large,     // the request or the answer is over its limit
    refused,       // the work itself threw; the child lives on
};

// Where the child finds its end of the socket pair.
inline constexpr int child_socket_fd = 3;

struct ChildOptions {
    // What the program is executed with, so that its main knows to call serve_child. Nothing secret: it is visible.
    std::vector<std::string> arguments{"sandbox-child"};
    std::string program{"/proc/self/exe"};
    std::vector<std::string> environment{};  // "NAME=value", beside what the loader and the sanitizers read
    std::size_t request_octets_max = 64U << 20U;
    std::size_t answer_octets_max = 64U << 20U;
    Millis start_deadline{30'000};
};

// One process. Not thread-safe: one call at a time. After a crash or a timeout the process is reaped and the next call
// starts a fresh one. The destructor kills it. The child inherits no open file, no environment but the sanitizers' and
// the loader's options, and no signal disposition.
class Child {
public:
    static Result<Child, SandboxError> start(const ChildOptions& options);

    Child(Child&&) noexcept;
    Child& operator=(Child&&) noexcept;
    ~Child();

    // Waits for the answer, at most `deadline` (a restart before it has its own). Blocks the calling thread.
    Result<Bytes, SandboxError> call(ByteView request, Millis deadline);

    [[nodiscard]] int pid() const;  // of the living process, or -1

private:
    struct Process;
    explicit Child(ChildOptions options);
    Result<void, SandboxError> launch();

    ChildOptions options_;
    std::unique_ptr<Process> process_;  // Null while none runs.
};

// Several children for several threads. Thread-safe. A call waits for a free child first; that wait is not counted
// against the deadline, and is bounded because every call before it is.
class Pool {
public:
    static Result<std::unique_ptr<Pool>, SandboxError> start(const ChildOptions& options, std::size_t children);

    Result<Bytes, SandboxError> call(ByteView request, Millis deadline);

private:
    explicit Pool(std::vector<Child> idle) : idle_{std::move(idle)} {}

    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<Child> idle_;  // Guarded by mutex_.
};

}  // namespace okpay::sandbox
