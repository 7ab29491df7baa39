// SPDX-License-Identifier: Apache-2.0
// The door to the use cases: hand in a command, get its answer once it is durable. Which node writes is hidden here.
#pragma once

#include <functional>

#include "service/command.hpp"

namespace okpay::service {

class Service {
public:
    virtual ~Service() = default;
    // `done` is called exactly once, on a thread of the service: hand over, do not work there. Thread-safe.
    virtual void submit(Command command, std::function<void(Answer)> done) = 0;
    // A command with a fresh id; without a moment at that of the system's clock, for tools that have no clock of their own.
    [[nodiscard]] static Command command(Actor actor, CommandBody body);
    [[nodiscard]] static Command command(Moment at, Actor actor, CommandBody body);
};

}  // namespace okpay::service
