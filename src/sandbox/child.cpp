// SPDX-License-Identifier: Apache-2.0
#include "sandbox/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

#include "sandbox/impl/frame.hpp"

extern char** environ;

namespace okpay::sandbox {
namespace {

class Socket {
public:
    explicit Socket(int fd) : fd_{fd} {}
    Socket(Socket&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    Socket& operator=(Socket&&) = delete;
    ~Socket() {
        if (fd_ >= 0) close(fd_);
    }
    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;  // Owned; -1 once moved from.
};

// Passwords and keys may stand in the environment; the child gets what the loader and the sanitizers read, no more.
std::vector<char*> harmless_environment() {
    constexpr std::array kept{"ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=", "TSAN_OPTIONS=", "LD_LIBRARY_PATH="};
    std::vector<char*> result;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        for (const std::string_view name : kept) {
            if (std::string_view{*entry}.starts_with(name)) result.push_back(*entry);
        }
    }
    result.push_back(nullptr);
    return result;
}

// posix_spawn, because between fork and exec a process with threads may call next to nothing.
std::optional<pid_t> spawn(const ChildOptions& options, int child_end) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&files) != 0) return std::nullopt;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return std::nullopt;
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    bool good = posix_spawn_file_actions_adddup2(&files, child_end, child_socket_fd) == 0 &&
                posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
                posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
                posix_spawn_file_actions_addclosefrom_np(&files, child_socket_fd + 1) == 0 &&
                posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
                posix_spawnattr_setsigdefault(&attributes, &all) == 0 &&
                posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0;
    std::vector<std::string> words{options.program};
    words.insert(words.end(), options.arguments.begin(), options.arguments.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<char*> environment = harmless_environment();
    std::vector<std::string> own = options.environment;
    for (std::string& entry : own) environment.insert(environment.begin(), entry.data());
    pid_t pid = -1;
    good =
        good && posix_spawn(&pid, options.program.c_str(), &files, &attributes, arguments.data(), environment.data()) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (!good) return std::nullopt;
    return pid;
}

}  // namespace

struct Child::Process {
    Process(pid_t own_pid, Socket own_socket) : pid{own_pid}, socket{std::move(own_socket)} {}
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() {
        kill(pid, SIGKILL);  // not reaped yet, so the number is still its own
        int status = 0;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    }

    struct Answer {
        AnswerStatus status;
        Bytes octets;
    };
    Result<Answer, SandboxError> receive(std::size_t octets_max, Deadline deadline) const {
        Bytes head;
        if (const auto state = receive_exactly(socket.fd(), 5, head, deadline); state != WireState::done) {
            return fail(failure(state));
        }
        const auto status = static_cast<std::uint8_t>(head[4]);
        const std::size_t length = read_u32(head);
        if (status < static_cast<std::uint8_t>(AnswerStatus::ready) ||
            status > static_cast<std::uint8_t>(AnswerStatus::too_large)) {
            return fail(SandboxError::crashed);  // whatever it is now, it is no parser of ours
        }
        if (length > octets_max) return fail(SandboxError::too_large);
        Answer answer{.status = static_cast<AnswerStatus>(status), .octets = {}};
        if (const auto state = receive_exactly(socket.fd(), length, answer.octets, deadline); state != WireState::done) {
            return fail(failure(state));
        }
        return answer;
    }

    static SandboxError failure(WireState state) {
        return state == WireState::late ? SandboxError::timed_out : SandboxError::crashed;
    }

    pid_t pid;
    Socket socket;
};

Child::Child(ChildOptions options) : options_{std::move(options)} {}
Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&&) noexcept = default;
Child::~Child() = default;

Result<Child, SandboxError> Child::start(const ChildOptions& options) {
    Child child{options};
    if (const auto launched = child.launch(); !launched) return fail(launched.error());
    return child;
}

Result<void, SandboxError> Child::launch() {
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return fail(SandboxError::cannot_start);
    Socket ours{ends[0]};
    std::optional<pid_t> pid;
    {
        const Socket theirs{ends[1]};  // closed here before the wait, or the child's end would never show
        pid = spawn(options_, theirs.fd());
    }
    if (!pid) return fail(SandboxError::cannot_start);
    auto process = std::make_unique<Process>(*pid, std::move(ours));
    const auto ready = process->receive(0, std::chrono::steady_clock::now() + options_.start_deadline);
    if (!ready || ready->status != AnswerStatus::ready) return fail(SandboxError::cannot_start);
    process_ = std::move(process);
    return {};
}

Result<Bytes, SandboxError> Child::call(ByteView request, Millis deadline) {
    if (request.size() > options_.request_octets_max) return fail(SandboxError::too_large);
    if (process_ == nullptr) {
        if (const auto launched = launch(); !launched) return fail(launched.error());
    }
    const Deadline until = std::chrono::steady_clock::now() + deadline;
    Bytes head;
    append_u32(head, static_cast<std::uint32_t>(request.size()));
    WireState sent = send_all(process_->socket.fd(), head, until);
    if (sent == WireState::done) sent = send_all(process_->socket.fd(), request, until);
    if (sent != WireState::done) {
        process_.reset();
        return fail(Process::failure(sent));
    }
    auto answer = process_->receive(options_.answer_octets_max, until);
    if (!answer) {
        process_.reset();
        return fail(answer.error());
    }
    switch (answer->status) {
    case AnswerStatus::done: return std::move(answer->octets);
    case AnswerStatus::refused: return fail(SandboxError::refused);
    case AnswerStatus::too_large: return fail(SandboxError::too_large);
    case AnswerStatus::ready: break;  // an answer to nothing
    }
    process_.reset();
    return fail(SandboxError::crashed);
}

int Child::pid() const { return process_ == nullptr ? -1 : process_->pid; }

Result<std::unique_ptr<Pool>, SandboxError> Pool::start(const ChildOptions& options, std::size_t children) {
    std::vector<Child> idle;
    for (std::size_t i = 0; i < children; ++i) {
        auto child = Child::start(options);
        if (!child) return fail(child.error());
        idle.push_back(std::move(*child));
    }
    return std::unique_ptr<Pool>{new Pool{std::move(idle)}};
}

Result<Bytes, SandboxError> Pool::call(ByteView request, Millis deadline) {
    std::unique_lock lock{mutex_};
    returned_.wait(lock, [this] { return !idle_.empty(); });
    Child child = std::move(idle_.back());
    idle_.pop_back();
    lock.unlock();
    auto answer = child.call(request, deadline);
    lock.lock();
    idle_.push_back(std::move(child));
    lock.unlock();
    returned_.notify_one();
    return answer;
}

}  // namespace okpay::sandbox
