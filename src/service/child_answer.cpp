// SPDX-License-Identifier: Apache-2.0
#include "service/child_answer.hpp"

#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>

namespace okpay::service {

AskChild ask_children(sandbox::ChildOptions child, std::size_t children, Millis deadline) {
    struct Children {
        std::mutex starting;
        std::unique_ptr<sandbox::Pool> pool;  // under starting until it is there; null before
    };
    return [child = std::move(child), children, deadline,
            started = std::make_shared<Children>()](ByteView raw) -> Result<Bytes, sandbox::SandboxError> {
        sandbox::Pool* pool = nullptr;
        {
            const std::lock_guard lock{started->starting};
            if (started->pool == nullptr) {
                auto made = sandbox::Pool::start(child, children);
                if (!made) {
                    spdlog::error("the sandbox {} cannot be started; what it shows is not shown until it can",
                                  child.arguments.front());
                    return fail(made.error());
                }
                started->pool = *std::move(made);
            }
            pool = started->pool.get();
        }
        return pool->call(raw, deadline);
    };
}

}  // namespace okpay::service
