// SPDX-License-Identifier: Apache-2.0
// Bodies for requests, out of openapi.json.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace okpay::api {

namespace json = boost::json;

// A body as the document describes it: its example, or the least that it asks for.
class Bodies {
public:
    explicit Bodies(const json::value& document) : document_{&document} {}

    json::value of(const json::value& schema) const {
        const json::object& object = referred(schema).as_object();
        if (const json::value* examples = object.if_contains("examples")) return examples->at(0);
        if (const json::value* constant = object.if_contains("const")) return *constant;
        if (const json::value* one = object.if_contains("enum")) return one->at(0);
        if (const json::value* one = object.if_contains("oneOf")) return of(one->at(0));
        const json::value* type = object.if_contains("type");
        const std::string kind = type == nullptr     ? "object"
                                 : type->is_string() ? std::string{type->get_string().c_str()}
                                                     : std::string{type->at(0).as_string().c_str()};
        if (kind == "string") return "x";
        if (kind == "integer" || kind == "number") return 1;
        if (kind == "boolean") return false;
        if (kind == "array") return json::array{};
        json::object made;
        if (const json::value* required = object.if_contains("required")) {
            for (const json::value& name : required->as_array()) {
                made[name.as_string()] = of(object.at("properties").at(name.as_string()));
            }
        }
        return made;
    }

private:
    const json::value& referred(const json::value& schema) const {
        const json::value* reference = schema.as_object().if_contains("$ref");
        if (reference == nullptr) return schema;
        const std::string name{reference->as_string().c_str()};
        return document_->at("components").at("schemas").at(name.substr(name.rfind('/') + 1));
    }
    const json::value* document_;
};

}  // namespace okpay::api
