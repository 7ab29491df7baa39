// SPDX-License-Identifier: Apache-2.0
#include "service/described_json.hpp"

#include <boost/json/string.hpp>

namespace okpay::service::described {

void put(json::object& to, std::string_view name, std::int64_t value) { to.emplace(name, value); }
void put(json::object& to, std::string_view name, const std::string& value) { to.emplace(name, value); }
void put(json::object& to, std::string_view name, json::value value) { to.emplace(name, std::move(value)); }

bool read(const json::value& from, std::int64_t& to) {
    const std::int64_t* value = from.if_int64();
    if (value != nullptr) to = *value;
    return value != nullptr;
}

bool read(const json::value& from, bool& to) {
    const bool* value = from.if_bool();
    if (value != nullptr) to = *value;
    return value != nullptr;
}

bool read(const json::value& from, std::string& to) {
    const json::string* value = from.if_string();
    if (value != nullptr) to.assign(value->data(), value->size());
    return value != nullptr;
}

const json::value* find(const json::object& object, std::string_view name) { return object.if_contains(name); }

}  // namespace okpay::service::described
