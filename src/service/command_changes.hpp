// SPDX-License-Identifier: Apache-2.0
// Changes of what stands of a customer, and the case sessions of those who cannot sign in.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

using ChangeCommands = boost::mp11::mp_list<>;

}  // namespace okpay::service
