// SPDX-License-Identifier: Apache-2.0
// Proof of who a customer is: documents, checks, reviews.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/list.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace okpay::service {

using IdentityCommands = boost::mp11::mp_list<>;

}  // namespace okpay::service
