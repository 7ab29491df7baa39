// SPDX-License-Identifier: Apache-2.0
// Inside service: one approval, for the command of one and for that of many.
#pragma once

#include "service/handlers.hpp"

namespace okpay::service {

// Approves and does it, in this unit of work. `factor_shown`: the second factor was checked for all that is approved with
// it.
Answer approve(Books& books, const Context& context, const Command& command, const store::StaffRow& staff,
               const ApproveRemedy& body, bool factor_shown);

}  // namespace okpay::service
