// SPDX-License-Identifier: Apache-2.0
#include "api/schema_check_test.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/site.hpp"

namespace okpay::api::test {

SchemaCheck::SchemaCheck() : document_{json::parse(openapi_document())} {}

const json::value& SchemaCheck::schema(std::string_view name) const {
    return document_.at("components").at("schemas").at(name);
}

std::string SchemaCheck::fault(const json::value& value, std::string_view schema_name) const {
    return against(value, schema(schema_name), std::string{schema_name});
}

const json::object& SchemaCheck::resolved(const json::value& schema_or_ref) const {
    const json::object& object = schema_or_ref.as_object();
    const auto* reference = object.if_contains("$ref");
    if (reference == nullptr) return object;
    const std::string_view text{reference->as_string().data(), reference->as_string().size()};
    return resolved(schema(text.substr(text.rfind('/') + 1)));
}

bool SchemaCheck::is_of_type(const json::value& value, std::string_view type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
}

void SchemaCheck::collect_members(const json::object& schema, json::object& members, bool& open) const {
    if (const auto* properties = schema.if_contains("properties")) {
        for (const auto& one : properties->as_object()) members[one.key()] = one.value();
    }
    if (const auto* more = schema.if_contains("additionalProperties")) open = open || *more == true;
    if (const auto* parts = schema.if_contains("allOf")) {
        for (const auto& part : parts->as_array()) collect_members(resolved(part), members, open);
    }
}

std::string SchemaCheck::missing_member(const json::object& value, const json::object& schema) const {
    if (const auto* required = schema.if_contains("required")) {
        for (const auto& name : required->as_array()) {
            if (!value.contains(name.as_string())) return std::string{name.as_string()};
        }
    }
    if (const auto* parts = schema.if_contains("allOf")) {
        for (const auto& part : parts->as_array()) {
            if (auto missing = missing_member(value, resolved(part)); !missing.empty()) return missing;
        }
    }
    return {};
}

std::string SchemaCheck::against(const json::value& value, const json::value& schema_or_ref,
                                 const std::string& place) const {
    const json::object& wanted = resolved(schema_or_ref);
    if (const auto* choices = wanted.if_contains("oneOf")) {
        std::string why;
        for (const auto& choice : choices->as_array()) {
            const std::string found = against(value, choice, place);
            if (found.empty()) return {};
            if (why.empty() || !choice.as_object().contains("type")) why = found;  // rather than "is no null"
        }
        return why.empty() ? place + ": fits no choice" : why;
    }
    if (const auto* words = wanted.if_contains("enum")) {
        for (const auto& word : words->as_array()) {
            if (word == value) return {};
        }
        return place + ": " + json::serialize(value) + " is no documented word";
    }
    if (const auto* type = wanted.if_contains("type")) {
        bool fits = false;
        if (type->is_string()) fits = is_of_type(value, type->as_string());
        else
            for (const auto& one : type->as_array()) fits = fits || is_of_type(value, one.as_string());
        if (!fits) return place + ": " + json::serialize(value).substr(0, 80) + " is no " + json::serialize(*type);
    }
    if (value.is_array() && wanted.contains("items")) {
        for (std::size_t i = 0; i < value.as_array().size(); ++i) {
            auto found = against(value.as_array()[i], wanted.at("items"), place + "/" + std::to_string(i));
            if (!found.empty()) return found;
        }
    }
    return value.is_object() ? object_fault(value.as_object(), wanted, place) : std::string{};
}

std::string SchemaCheck::object_fault(const json::object& value, const json::object& wanted,
                                      const std::string& place) const {
    if (const auto missing = missing_member(value, wanted); !missing.empty()) return place + "/" + missing + ": is missing";
    json::object members;
    bool open = false;
    collect_members(wanted, members, open);
    for (const auto& one : value) {
        const std::string where = place + "/" + std::string{one.key()};
        const auto* member = members.if_contains(one.key());
        if (member == nullptr) {
            if (open || members.empty()) continue;
            return where + ": is not documented";
        }
        if (auto found = against(one.value(), *member, where); !found.empty()) return found;
    }
    return {};
}

}  // namespace okpay::api::test
