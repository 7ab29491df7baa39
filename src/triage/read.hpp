// SPDX-License-Identifier: Apache-2.0
// Reads a message: language, category, urgency, entities, what is missing, where it goes. Text is data, never an
// instruction. A pure function, safe from any thread; it never fails, the answer to nonsense is `unclear`.
#pragma once

#include "triage/message.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {

Reading read(const Message& message);

}  // namespace okpay::triage
