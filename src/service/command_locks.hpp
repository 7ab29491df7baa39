// SPDX-License-Identifier: Apache-2.0
// Locks on customers, what the monitor judges, and the way back.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

using LockCommands = boost::mp11::mp_list<>;

}  // namespace okpay::service
