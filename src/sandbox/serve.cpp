// SPDX-License-Identifier: Apache-2.0
#include "sandbox/serve.hpp"

#include <unistd.h>

#include <exception>
#include <new>

#include "sandbox/impl/frame.hpp"
#include "sandbox/impl/lock_down.hpp"

namespace okpay::sandbox {
namespace {

constexpr int locked_fd = 3;  // where lock_down puts the socket

bool answer(AnswerStatus status, ByteView octets) {
    Bytes head;
    append_u32(head, static_cast<std::uint32_t>(octets.size()));
    head += static_cast<char>(status);
    return send_all(locked_fd, head, std::nullopt) == WireState::done &&
           send_all(locked_fd, octets, std::nullopt) == WireState::done;
}

bool answer_one(ByteView request, const Work& work, const ServeLimits& limits) {
    Bytes result;
    try {
        result = work(request);
    } catch (const std::exception&) {  // also bad_alloc, of a request that wants too much memory
        return answer(AnswerStatus::refused, {});
    }
    if (result.size() > limits.answer_octets_max) return answer(AnswerStatus::too_large, {});
    return answer(AnswerStatus::done, result);
}

int serve(const Work& work, const ServeLimits& limits) {
    if (!answer(AnswerStatus::ready, {})) return 1;
    while (true) {
        Bytes head, request;
        if (receive_exactly(locked_fd, 4, head, std::nullopt) != WireState::done) return 0;  // the parent has gone
        const std::size_t length = read_u32(head);
        if (length > limits.request_octets_max) return 1;
        if (!allow_cpu_seconds(limits.call_cpu_seconds_max)) return 1;
        if (receive_exactly(locked_fd, length, request, std::nullopt) != WireState::done) return 1;
        if (!answer_one(request, work, limits)) return 1;
    }
}

}  // namespace

void serve_child(int fd, const Work& work, const std::function<void()>& warm_up, const ServeLimits& limits) {
    int status = 1;
    try {
        if (warm_up) warm_up();
        if (lock_down(fd, limits)) status = serve(work, limits);
    } catch (const std::exception&) { status = 1; }
    _exit(status);
}

}  // namespace okpay::sandbox
