// SPDX-License-Identifier: Apache-2.0
// Second factors of customers: authenticator apps, passkeys, recovery codes, and the step up that they prove.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

using FactorCommands = boost::mp11::mp_list<>;

}  // namespace okpay::service
