// SPDX-License-Identifier: Apache-2.0
#include "customers/foreign_json.hpp"

#include <boost/json/parse.hpp>

namespace okpay::customers {

namespace json = boost::json;

std::optional<json::object> foreign_object(std::string_view text, std::size_t depth_max) {
    json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code error;
    json::value value = json::parse(text, error, {}, options);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_at(const json::object& object, std::string_view name) { return maybe_text_at(object, name).value_or(""); }

std::optional<std::string> maybe_text_at(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    const json::string* text = found != nullptr ? found->if_string() : nullptr;
    return text != nullptr ? std::optional{std::string{text->data(), text->size()}} : std::nullopt;
}

}  // namespace okpay::customers
