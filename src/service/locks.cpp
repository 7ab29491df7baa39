// SPDX-License-Identifier: Apache-2.0
#include "service/locks.hpp"

#include <fmt/format.h>

#include "service/handlers.hpp"

namespace okpay::service {

customers::LockNo place_lock(Books& books, const Context&, const Command& command, const NewLock& lock) {
    books.audit(command.at, command.actor, "place_lock", fmt::format("customer:{}", number_of(lock.customer)),
                json_text({{"reason", lock.reason}, {"message_code", lock.message_code}}));
    return customers::LockNo{0};
}

bool end_lock(Books&, const Context&, const Command&, customers::LockNo, std::string_view) { return false; }

}  // namespace okpay::service
