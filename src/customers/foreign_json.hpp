// SPDX-License-Identifier: Apache-2.0
// JSON that somebody else wrote (a browser, a provider of sign-ons), read with a bound on how deep it nests. How long it may
// be is the caller's.
#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace okpay::customers {

// Nothing where it is no object.
std::optional<boost::json::object> foreign_object(std::string_view text, std::size_t depth_max);
// Empty where the member is not there or no text; nothing, where the difference matters.
std::string text_at(const boost::json::object& object, std::string_view name);
std::optional<std::string> maybe_text_at(const boost::json::object& object, std::string_view name);

}  // namespace okpay::customers
