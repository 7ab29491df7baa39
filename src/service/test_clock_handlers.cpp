// SPDX-License-Identifier: Apache-2.0
// The clock of a test, moved ahead so that what time brings can be waited for without waiting.
#include <fmt/format.h>

#include "service/handlers.hpp"

namespace okpay::service {
namespace {

// Beyond it lies no test: dates stay those that every client can read.
constexpr std::chrono::days ahead_max{3'660};

}  // namespace

// The program itself marks the books as those of a test, once, where they may be (it looks before it asks); from then on an
// administrator moves the clock. A moment of the command is one of the clock before it is moved.
Answer handle(Books& books, const Context&, const Command& command, const MoveTestClock& body) {
    const bool marks = command.actor.kind == ActorKind::system && body.to == ms_of(command.at);
    if (!marks) {
        if (command.actor.kind != ActorKind::staff) return refused(codes::not_permitted, "an administrator moves the clock");
        const auto staff = store::find_staff(books.connection(), customers::StaffNo{command.actor.no});
        if (!staff || !staff->enrolled || staff->disabled || staff->role != customers::Role::admin) {
            return refused(codes::not_permitted, "an administrator moves the clock");
        }
        if (!books.test_clock())
            return refused(codes::no_test_clock, "these books are not of a test; their clock is no one's");
    }
    const Millis by{body.to - ms_of(command.at)};
    if (by < Millis{0}) return refused(codes::clock_runs_forward, "to: earlier than it is; the clock runs forward only");
    const Millis ahead = books.test_clock().value_or(Millis{0}) + by;
    if (ahead > ahead_max) {
        return refused(codes::invalid, fmt::format("to: at most {} days ahead of the system's clock", ahead_max.count()));
    }
    books.set_test_clock(ahead);
    if (!marks) {
        books.audit(command.at, command.actor, "move_test_clock", "clock:test",
                    json_text({{"to", rfc3339(moment_of_ms(body.to))}}));
    }
    return Answer{.number = ahead.count()};
}

}  // namespace okpay::service
