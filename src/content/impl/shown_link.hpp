// SPDX-License-Identifier: Apache-2.0
// Where a link leads, and whether its text says something else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace okpay::content {

// As it may stand in an answer: http, https, mailto or tel, without blanks, controls and backslashes, which browsers read
// in ways of their own. Nothing else.
std::optional<std::string> safe_address(std::string_view href);

// The text looks like a host, an address or a mailbox, and the link leads to another one; or the link hides its host behind
// a name and a password.
bool deceives(std::string_view text, std::string_view address);

}  // namespace okpay::content
