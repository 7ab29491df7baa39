// SPDX-License-Identifier: Apache-2.0
#include "api/docs_example.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <charconv>

namespace okpay::api {
namespace {

namespace json = boost::json;

const json::value* at(const json::value* value, std::string_view name) {
    const auto* object = value != nullptr ? value->if_object() : nullptr;
    return object != nullptr ? object->if_contains(name) : nullptr;
}

std::string text_at(const json::value* value, std::string_view name) {
    const json::value* found = at(value, name);
    const auto* text = found != nullptr ? found->if_string() : nullptr;
    return text != nullptr ? std::string{text->data(), text->size()} : std::string{};
}

std::string credentials(const json::value& operation, const json::value& document) {
    const json::value* security = at(&operation, "security");
    if (security == nullptr || !security->is_array() || security->get_array().empty()) return {};
    const json::value* schemes = at(at(&document, "components"), "securitySchemes");
    for (const auto& one : security->get_array().front().as_object()) { return text_at(at(schemes, one.key()), "x-curl"); }
    return {};
}

// One header for each parameter that says how a shell makes it.
std::string made_headers(const json::value& operation, const json::value& document) {
    std::string words;
    const json::value* parameters = at(&operation, "parameters");
    if (parameters == nullptr || !parameters->is_array()) return words;
    for (const json::value& one : parameters->get_array()) {
        const json::value* parameter = referred(document, &one);
        const std::string shell = text_at(parameter, "x-shell");
        if (!shell.empty()) words += fmt::format(" \\\n  -H \"{}: {}\"", text_at(parameter, "name"), shell);
    }
    return words;
}

std::string body_of(const json::value& operation, const json::value& document) {
    if (const json::value* own = at(at(&operation, "x-example"), "body")) {
        // A text stands for itself: a shell may make all of it.
        return own->is_string() ? std::string{own->get_string().c_str()} : json::serialize(*own);
    }
    const json::value* content = at(at(at(&operation, "requestBody"), "content"), "application/json");
    const json::value* examples = at(referred(document, at(content, "schema")), "examples");
    if (examples == nullptr || !examples->is_array() || examples->get_array().empty()) return {};
    return json::serialize(examples->get_array().front());
}

int answered_status(const json::value& operation) {
    if (const json::value* own = at(at(&operation, "x-example"), "status"); own != nullptr && own->is_int64()) {
        return static_cast<int>(own->get_int64());
    }
    int status = 0;  // the last that is done: 201 comes behind the 200 of a dry run
    if (const json::value* responses = at(&operation, "responses"); responses != nullptr && responses->is_object()) {
        for (const auto& response : responses->get_object()) {
            int number = 0;
            const std::string_view key = response.key();
            std::from_chars(key.data(), key.data() + key.size(), number);
            if (number >= 200 && number < 300) status = std::max(status, number);
        }
    }
    return status;
}

}  // namespace

// "#/components/schemas/Amount"
const json::value* referred(const json::value& document, const json::value* value) {
    const std::string reference = text_at(value, "$ref");
    if (!reference.starts_with("#/")) return value;
    const json::value* found = &document;
    for (std::size_t from = 2; found != nullptr && from <= reference.size();) {
        const std::size_t end = std::min(reference.find('/', from), reference.size());
        found = at(found, std::string_view{reference}.substr(from, end - from));
        from = end + 1;
    }
    return found;
}

CurlExample curl_example(std::string_view method, std::string_view path, const json::value& operation,
                         const json::value& document) {
    const json::value* example = at(&operation, "x-example");
    const std::string target = text_at(example, "path").empty() ? std::string{path} : text_at(example, "path");
    std::string shell;
    if (const json::value* before = at(example, "before"); before != nullptr && before->is_array()) {
        for (const json::value& line : before->get_array()) shell += json::value_to<std::string>(line) + "\n";
    }
    shell += fmt::format("curl -sS{} \"$SERVER{}\"", method == "POST" ? " -X POST" : "", target);
    const auto add = [&shell](const std::string& words) {
        if (!words.empty()) shell += " \\\n  " + words;
    };
    add(credentials(operation, document));
    add(text_at(example, "curl"));
    shell += made_headers(operation, document);
    if (const std::string body = method == "POST" ? body_of(operation, document) : ""; !body.empty()) {
        add("-H \"Content-Type: application/json\" -d @- <<END\n" + body + "\nEND");
    }
    return {std::move(shell), answered_status(operation)};
}

}  // namespace okpay::api
