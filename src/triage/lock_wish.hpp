// SPDX-License-Identifier: Apache-2.0
// Whether a customer's own new words ask, here and now, to lock the account of whoever writes. A question, a story, a
// condition or a "not" is no wish: what is not seen here is read by a person, what is wrongly seen stops somebody's money.
#pragma once

#include <string_view>

#include "triage/message.hpp"

namespace okpay::triage {

bool asks_to_lock_own_account(const Message& message);

}  // namespace okpay::triage
