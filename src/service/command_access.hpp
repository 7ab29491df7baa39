// SPDX-License-Identifier: Apache-2.0
// How a customer comes to be here and in: sign-up, a new password, sessions and devices.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

using AccessCommands = boost::mp11::mp_list<>;

}  // namespace okpay::service
