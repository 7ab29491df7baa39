// SPDX-License-Identifier: Apache-2.0
// A dry run's answer on its way to another node, which cannot read the payment from the rows: there are none.
#pragma once

#include <boost/json/object.hpp>

#include "service/command.hpp"

namespace okpay::service {

// With the payment of the answer, but for its key, which no reader of an answer needs.
boost::json::object rehearsal_to_json(const Answer& answer);
// Into `answer`; false where it is not what the other wrote.
bool rehearsal_from_json(const boost::json::object& object, Answer& answer);

}  // namespace okpay::service
