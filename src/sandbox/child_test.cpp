// SPDX-License-Identifier: Apache-2.0
// Real children: this test program executes itself again, as the server does.
#include "sandbox/child.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "sandbox/serve.hpp"

namespace okpay::sandbox {
namespace {

using namespace std::chrono_literals;

std::string outcome(long result) { return result < 0 ? "errno " + std::to_string(errno) : "allowed"; }
const std::string denied = "errno " + std::to_string(EPERM);

// What the child of these tests can be asked to do.
Bytes obey(ByteView request) {
    if (request == "socket") return outcome(socket(AF_INET, SOCK_STREAM, 0));
    if (request == "unix socket") return outcome(socket(AF_UNIX, SOCK_DGRAM, 0));
    if (request == "open") return outcome(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    if (request == "create") return outcome(open("/tmp/okpay-sandbox-test", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    if (request == "fork") {
        const pid_t pid = fork();
        if (pid == 0) _exit(0);
        return outcome(pid);
    }
    if (request == "kill parent") return outcome(kill(getppid(), 0));
    if (request == "executable memory") {
        void* const memory = mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return outcome(memory == MAP_FAILED ? -1 : 0);
    }
    if (request == "other file") {
        char octet = 0;
        return outcome(read(STDERR_FILENO, &octet, 1));
    }
    if (request == "exec") {
        execl("/bin/true", "true", nullptr);
        return outcome(-1);
    }
    if (request == "abort") std::abort();
    if (request == "exit") _exit(0);
    if (request == "loop") {
        for (std::atomic<unsigned> turns{0};;) turns.fetch_add(1);
    }
    if (request == "throw") throw std::runtime_error{"no"};
    if (request == "environment") return std::getenv("OKPAY_SANDBOX_TEST_SECRET") == nullptr ? "clean" : "leaked";
    if (request == "large answer") return Bytes(3'000'000, 'a');
    return Bytes{"echo "} + Bytes{request};
}

ChildOptions options() { return {.request_octets_max = 20'000'000, .answer_octets_max = 20'000'100}; }

Child started() {
    auto child = Child::start(options());
    EXPECT_TRUE(child.has_value());
    return std::move(*child);
}

TEST(Sandbox, refuses_the_world) {
    Child child = started();
    for (const std::string_view what :
         {"socket", "unix socket", "open", "create", "fork", "kill parent", "executable memory", "other file"}) {
        SCOPED_TRACE(what);
        EXPECT_EQ(child.call(what, 10s), denied);
    }
    const int pid = child.pid();
    EXPECT_EQ(child.call("still there", 10s), "echo still there");
    EXPECT_EQ(child.pid(), pid);
}

TEST(Sandbox, kills_what_tries_to_execute) {
    Child child = started();
    EXPECT_EQ(child.call("exec", 10s), fail(SandboxError::crashed));
    EXPECT_EQ(child.call("next", 10s), "echo next");
}

TEST(Sandbox, starts_again_after_a_crash) {
    Child child = started();
    for (const std::string_view death : {"abort", "exit"}) {
        SCOPED_TRACE(death);
        const int pid = child.pid();
        EXPECT_EQ(child.call(death, 10s), fail(SandboxError::crashed));
        EXPECT_EQ(child.call("next", 10s), "echo next");
        EXPECT_NE(child.pid(), pid);
        EXPECT_EQ(kill(pid, 0), -1) << "the dead child was not reaped";
    }
}

TEST(Sandbox, ends_an_endless_loop_at_the_deadline) {
    Child child = started();
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(child.call("loop", 200ms), fail(SandboxError::timed_out));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
    EXPECT_EQ(child.call("next", 10s), "echo next");
}

TEST(Sandbox, processor_limit_holds_without_the_parent) {
    Child child = started();
    EXPECT_EQ(child.call("loop", 60s), fail(SandboxError::crashed));  // SIGXCPU after two seconds or so
}

TEST(Sandbox, carries_frames_of_any_size_up_to_the_limits) {
    Child child = started();
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{70'000}, std::size_t{20'000'000}}) {
        const Bytes request(size, 'x');
        const auto answer = child.call(request, 30s);
        ASSERT_TRUE(answer.has_value()) << size;
        EXPECT_TRUE(*answer == "echo " + request) << size;
    }
    EXPECT_EQ(child.call(Bytes(20'000'001, 'x'), 10s), fail(SandboxError::too_large));
    EXPECT_EQ(child.call("next", 10s), "echo next");
}

TEST(Sandbox, says_when_an_answer_is_too_large) {
    auto child = Child::start({.answer_octets_max = 2'000'000});
    ASSERT_TRUE(child.has_value());
    EXPECT_EQ(child->call("large answer", 10s), fail(SandboxError::too_large));
    EXPECT_EQ(child->call("next", 10s), "echo next");
}

TEST(Sandbox, survives_work_that_throws) {
    Child child = started();
    const int pid = child.pid();
    EXPECT_EQ(child.call("throw", 10s), fail(SandboxError::refused));
    EXPECT_EQ(child.call("next", 10s), "echo next");
    EXPECT_EQ(child.pid(), pid);
}

TEST(Sandbox, inherits_no_environment) {
    setenv("OKPAY_SANDBOX_TEST_SECRET", "s3cret", 1);
    Child child = started();
    EXPECT_EQ(child.call("environment", 10s), "clean");
}

TEST(Sandbox, says_when_it_cannot_start) {
    EXPECT_EQ(Child::start({.program = "/nonexistent"}).error(), SandboxError::cannot_start);
    EXPECT_EQ(Child::start({.program = "/bin/true"}).error(), SandboxError::cannot_start);
    const auto begun = std::chrono::steady_clock::now();
    const ChildOptions silent{.arguments = {"30"}, .program = "/bin/sleep", .start_deadline = Millis{100}};
    EXPECT_EQ(Child::start(silent).error(), SandboxError::cannot_start);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
}

TEST(Sandbox, notices_a_child_killed_from_outside) {
    Child child = started();
    ASSERT_EQ(kill(child.pid(), SIGKILL), 0);
    EXPECT_EQ(child.call("x", 10s), fail(SandboxError::crashed));
    EXPECT_EQ(child.call("next", 10s), "echo next");
}

TEST(SandboxPool, serves_more_threads_than_children) {
    auto pool = Pool::start(options(), 2);
    ASSERT_TRUE(pool.has_value());
    std::atomic<int> good{0}, crashed{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 6; ++thread) {
        threads.emplace_back([&, thread] {
            for (int turn = 0; turn < 20; ++turn) {
                if (turn == 7 && thread % 3 == 0) {
                    if ((*pool)->call("abort", 10s) == fail(SandboxError::crashed)) ++crashed;
                    continue;
                }
                const std::string word = std::to_string(thread) + "/" + std::to_string(turn);
                if ((*pool)->call(word, 10s) == "echo " + word) ++good;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, 118);
    EXPECT_EQ(crashed, 2);
}

}  // namespace
}  // namespace okpay::sandbox

int main(int argc, char** argv) {
    using namespace okpay::sandbox;
    if (argc > 1 && std::string_view{argv[1]} == "sandbox-child") {
        serve_child(child_socket_fd, obey, {},
                    {.call_cpu_seconds_max = 1, .request_octets_max = 20'000'000, .answer_octets_max = 20'000'100});
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
