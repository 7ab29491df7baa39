// SPDX-License-Identifier: Apache-2.0
#include "sandbox/impl/frame.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace okpay::sandbox {
namespace {

WireState wait_for(int fd, short events, Deadline deadline) {
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return WireState::late;
        pollfd waited{.fd = fd, .events = events, .revents = 0};
        const int ready = poll(&waited, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 1'000'000)));
        if (ready > 0) return WireState::done;  // an error or a hang-up shows in the call that follows
        if (ready < 0 && errno != EINTR) return WireState::closed;
    }
}

}  // namespace

WireState send_all(int fd, ByteView octets, std::optional<Deadline> deadline) {
    while (!octets.empty()) {
        if (deadline) {
            if (const WireState state = wait_for(fd, POLLOUT, *deadline); state != WireState::done) return state;
        }
        const int flags = MSG_NOSIGNAL | (deadline ? MSG_DONTWAIT : 0);
        const ssize_t sent = send(fd, octets.data(), octets.size(), flags);
        if (sent > 0) octets.remove_prefix(static_cast<std::size_t>(sent));
        else if (sent == 0 || (errno != EINTR && errno != EAGAIN)) return WireState::closed;
    }
    return WireState::done;
}

WireState receive_exactly(int fd, std::size_t count, Bytes& to, std::optional<Deadline> deadline) {
    // Grows with what has come, so that a length alone reserves nothing.
    constexpr std::size_t step = 256U << 10U;
    to.clear();
    while (to.size() < count) {
        if (deadline) {
            if (const WireState state = wait_for(fd, POLLIN, *deadline); state != WireState::done) return state;
        }
        const std::size_t had = to.size();
        to.resize(std::min(count, had + step));
        const ssize_t got = recv(fd, to.data() + had, to.size() - had, deadline ? MSG_DONTWAIT : 0);
        to.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return WireState::closed;
    }
    return WireState::done;
}

}  // namespace okpay::sandbox
