// SPDX-License-Identifier: Apache-2.0
#include "sandbox/impl/lock_down.hpp"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <memory>
#include <vector>

namespace okpay::sandbox {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool reserves_address_space = true;
#else
constexpr bool reserves_address_space = false;
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool reserves_address_space = true;
#else
constexpr bool reserves_address_space = false;
#endif

bool limit(__rlimit_resource resource, rlim_t value) {
    const rlimit both{.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &both) == 0;
}

// Standard input and output lead nowhere; standard error stays, for the last words of a crash.
bool close_other_files(int fd) {
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere < 0) return false;
    if (dup2(nowhere, STDIN_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0) return false;
    if (fd != 3 && dup2(fd, 3) < 0) return false;
    return syscall(SYS_close_range, 4U, ~0U, 0U) == 0;
}

// Conditions on the arguments of a system call.
scmp_arg_cmp equals(unsigned argument, scmp_datum_t value) {
    return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}
scmp_arg_cmp bits_equal(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
    return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
}

class Filter {
public:
    Filter() : context_{seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release} { good_ = context_ != nullptr; }

    void allow(int call, const std::vector<scmp_arg_cmp>& conditions = {}) { add(SCMP_ACT_ALLOW, call, conditions); }
    // What no parser calls by accident: not an error to live with, but an attack to stop.
    void kill(int call) { add(SCMP_ACT_KILL_PROCESS, call, {}); }
    bool load() {
        // For all threads, should a library have made one; and without new privileges, or the kernel refuses.
        good_ = good_ && seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_NNP, 1) == 0 &&
                seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0;
        return good_ && seccomp_load(context_.get()) == 0;
    }

private:
    void add(std::uint32_t action, int call, const std::vector<scmp_arg_cmp>& conditions) {
        good_ = good_ && seccomp_rule_add_array(context_.get(), action, call, static_cast<unsigned>(conditions.size()),
                                                conditions.data()) == 0;
    }

    std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
    bool good_ = false;
};

bool load_filter() {
    Filter filter;
    constexpr std::array free_calls{
        SCMP_SYS(brk),          SCMP_SYS(munmap),          SCMP_SYS(mremap),       SCMP_SYS(madvise),     SCMP_SYS(futex),
        SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),  SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(exit),
        SCMP_SYS(exit_group),   SCMP_SYS(clock_gettime),   SCMP_SYS(gettimeofday), SCMP_SYS(getpid),      SCMP_SYS(gettid),
        SCMP_SYS(sched_yield),  SCMP_SYS(restart_syscall), SCMP_SYS(getrandom),    SCMP_SYS(fstat),       SCMP_SYS(close)};
    for (const int call : free_calls) filter.allow(call);
    // The socket and standard error, no other file: what else could be open is not known to be harmless.
    filter.allow(SCMP_SYS(read), {equals(0, 3)});
    filter.allow(SCMP_SYS(recvfrom), {equals(0, 3)});
    filter.allow(SCMP_SYS(sendto), {equals(0, 3), equals(4, 0)});  // to nobody but the peer
    filter.allow(SCMP_SYS(write), {equals(0, STDERR_FILENO)});
    // Memory that is never executable and no file.
    filter.allow(SCMP_SYS(mmap), {bits_equal(2, PROT_EXEC, 0), bits_equal(3, MAP_ANONYMOUS, MAP_ANONYMOUS)});
    filter.allow(SCMP_SYS(mprotect), {bits_equal(2, PROT_EXEC, 0)});
    // abort() and the processor limit, both of this process alone.
    filter.allow(SCMP_SYS(tgkill), {equals(0, static_cast<scmp_datum_t>(getpid()))});
    filter.allow(SCMP_SYS(prlimit64), {equals(0, 0), equals(1, RLIMIT_CPU)});
    for (const int call : {SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace), SCMP_SYS(process_vm_writev),
                           SCMP_SYS(bpf), SCMP_SYS(init_module), SCMP_SYS(io_uring_setup)}) {
        filter.kill(call);
    }
    return filter.load();
}

}  // namespace

bool allow_cpu_seconds(std::uint32_t seconds) {
    timespec used{};
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return false;
    const rlimit both{.rlim_cur = static_cast<rlim_t>(used.tv_sec) + seconds + 1, .rlim_max = RLIM_INFINITY};
    return setrlimit(RLIMIT_CPU, &both) == 0;
}

bool lock_down(int fd, const ServeLimits& limits) {
    if (!close_other_files(fd)) return false;
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // else a word on a standard error that is a file would kill
    if (!reserves_address_space && !limit(RLIMIT_AS, limits.memory_octets_max)) return false;
    if (!limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_NOFILE, 4) || !limit(RLIMIT_NPROC, 0) || !limit(RLIMIT_CORE, 0)) {
        return false;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return false;
    return load_filter();
}

}  // namespace okpay::sandbox
