// SPDX-License-Identifier: Apache-2.0
#include "service/handlers.hpp"

namespace okpay::service {

Answer handle(Books&, const Context&, const Command&, const MoveTestClock&) {
    return refused("not_implemented", "not built yet");
}

}  // namespace okpay::service
