// SPDX-License-Identifier: Apache-2.0
// Holds an answer against openapi.json: the part of JSON Schema that the document uses. A member that the document does
// not name is a fault too: the web types are made from it.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace okpay::api::test {

namespace json = boost::json;

class SchemaCheck {
public:
    SchemaCheck();

    // The first fault, with its place; empty where the value is as documented.
    std::string fault(const json::value& value, std::string_view schema_name) const;

private:
    const json::value& schema(std::string_view name) const;
    const json::object& resolved(const json::value& schema_or_ref) const;
    static bool is_of_type(const json::value& value, std::string_view type);
    // All members that the schema and what it is made of name.
    void collect_members(const json::object& schema, json::object& members, bool& open) const;
    std::string missing_member(const json::object& value, const json::object& schema) const;
    std::string against(const json::value& value, const json::value& schema_or_ref, const std::string& place) const;
    std::string object_fault(const json::object& value, const json::object& wanted, const std::string& place) const;

    json::value document_;
};

}  // namespace okpay::api::test
