// SPDX-License-Identifier: Apache-2.0
#include "api/json.hpp"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"

namespace okpay::api {
namespace {

constexpr std::size_t depth_max = 8;

std::size_t characters_in(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string_view view_of(const json::string& text) { return {text.data(), text.size()}; }

std::string_view kind_of(const json::value& value) {
    switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return "a number";
    case json::kind::string: return "a string";
    case json::kind::array: return "an array";
    case json::kind::object: return "an object";
    }
    std::abort();
}

// Counts the members of all objects as they are written. A parser keeps one of two members with the same name, another
// parser the other one: what such a body says depends on who reads it.
class MemberCounter {
public:
    using Error = boost::system::error_code;
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    std::size_t members = 0;

    bool on_object_end(std::size_t count, Error&) {
        members += count;
        return true;
    }
    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }
    bool on_object_begin(Error&) { return true; }
    bool on_array_begin(Error&) { return true; }
    bool on_array_end(std::size_t, Error&) { return true; }
    bool on_key_part(json::string_view, std::size_t, Error&) { return true; }
    bool on_key(json::string_view, std::size_t, Error&) { return true; }
    bool on_string_part(json::string_view, std::size_t, Error&) { return true; }
    bool on_string(json::string_view, std::size_t, Error&) { return true; }
    bool on_number_part(json::string_view, Error&) { return true; }
    bool on_int64(std::int64_t, json::string_view, Error&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, Error&) { return true; }
    bool on_double(double, json::string_view, Error&) { return true; }
    bool on_bool(bool, Error&) { return true; }
    bool on_null(Error&) { return true; }
    bool on_comment_part(json::string_view, Error&) { return true; }
    bool on_comment(json::string_view, Error&) { return true; }
};

std::size_t members_in(const json::value& value) {
    std::size_t count = 0;
    if (const json::object* object = value.if_object()) {
        count += object->size();
        for (const auto& member : *object) count += members_in(member.value());
    } else if (const json::array* array = value.if_array()) {
        for (const json::value& item : *array) count += members_in(item);
    }
    return count;
}

bool names_a_member_twice(std::string_view text, const json::value& read, const json::parse_options& options) {
    json::basic_parser<MemberCounter> parser{options};
    boost::system::error_code error;
    parser.write_some(false, text.data(), text.size(), error);
    return error || parser.handler().members != members_in(read);
}

}  // namespace

BodyReader::BodyReader(const Request& request) {
    const std::string_view type = request.header("Content-Type");
    if (!equal_ignoring_ascii_case(trimmed(type.substr(0, type.find(';'))), "application/json")) {
        wrong_ = malformed("Content-Type: must be application/json.");
        return;
    }
    json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code error;
    json::value value = json::parse(request.body(), error, {}, options);
    if (error) {
        wrong_ = malformed("The body is not JSON.");
    } else if (names_a_member_twice(request.body(), value, options)) {
        wrong_ = malformed("The body names a member twice.");
    } else if (!value.is_object()) {
        wrong_ = malformed(fmt::format("The body must be an object and is {}.", kind_of(value)));
    } else {
        object_ = std::move(value.as_object());
    }
}

std::string BodyReader::pointer_to(std::string_view name) const { return fmt::format("{}/{}", pointer_, name); }

std::optional<BodyReader> BodyReader::inside(std::string_view name) {
    const json::value* value = member(name, false);
    if (value == nullptr || value->is_null()) return std::nullopt;
    const json::object* object = value->if_object();
    if (object == nullptr) {
        refuse(pointer_to(name), fmt::format("must be an object and is {}", kind_of(*value)));
        return std::nullopt;
    }
    return BodyReader{*object, pointer_to(name)};
}

const json::array* BodyReader::array_of(std::string_view name, bool needed, std::size_t items_max) {
    const json::value* value = member(name, needed);
    if (value == nullptr) return nullptr;
    const json::array* array = value->if_array();
    if (array == nullptr) refuse(pointer_to(name), fmt::format("must be an array and is {}", kind_of(*value)));
    else if (array->size() > items_max) refuse(pointer_to(name), fmt::format("has more than {} items", items_max));
    return array;
}

std::vector<BodyReader> BodyReader::objects(std::string_view name, std::size_t items_max) {
    std::vector<BodyReader> found;
    const json::array* array = array_of(name, false, items_max);
    if (array == nullptr) return found;
    for (std::size_t i = 0; i < array->size() && !wrong_; ++i) {
        const std::string pointer = fmt::format("{}/{}", pointer_to(name), i);
        const json::object* object = (*array)[i].if_object();
        if (object == nullptr) refuse(pointer, fmt::format("must be an object and is {}", kind_of((*array)[i])));
        else found.push_back(BodyReader{*object, pointer});
    }
    return found;
}

void BodyReader::read_inside(const BodyReader& inner) {
    if (!wrong_) wrong_ = inner.wrong();
}

void BodyReader::refuse(std::string_view pointer, std::string_view why) {
    if (!wrong_) wrong_ = malformed(fmt::format("{}: {}.", pointer, why));
}

const json::value* BodyReader::member(std::string_view name, bool required) {
    asked_.emplace(name);
    const json::value* found = object_.if_contains(name);
    if (found == nullptr && required) refuse(pointer_to(name), "is missing");
    return found;
}

std::string BodyReader::string_at(const json::value& value, std::string_view pointer, std::size_t characters_max) {
    const json::string* text = value.if_string();
    if (text == nullptr) {
        refuse(pointer, fmt::format("must be a string and is {}", kind_of(value)));
        return {};
    }
    if (view_of(*text).contains('\0')) refuse(pointer, "must not hold U+0000");
    if (characters_in(view_of(*text)) > characters_max)
        refuse(pointer, fmt::format("has more than {} characters", characters_max));
    return wrong_ ? std::string{} : std::string{view_of(*text)};
}

std::string BodyReader::text(std::string_view name, TextRule rule) {
    const json::value* value = member(name, rule.required);
    if (value == nullptr || (rule.nullable && value->is_null())) return {};
    return string_at(*value, pointer_to(name), rule.characters_max);
}

std::int64_t BodyReader::integer(std::string_view name) {
    const json::value* value = member(name, true);
    if (value == nullptr) return 0;
    if (const std::int64_t* number = value->if_int64()) return *number;
    refuse(pointer_to(name), fmt::format("must be a whole number and is {}", kind_of(*value)));
    return 0;
}

bool BodyReader::flag(std::string_view name) {
    const json::value* value = member(name, false);
    if (value == nullptr) return false;
    if (const bool* flag = value->if_bool()) return *flag;
    refuse(pointer_to(name), fmt::format("must be true or false and is {}", kind_of(*value)));
    return false;
}

bool BodyReader::needed_flag(std::string_view name) { return member(name, true) != nullptr && flag(name); }

std::vector<std::string> BodyReader::texts(std::string_view name, std::size_t items_max, std::size_t characters_max,
                                           bool needed) {
    std::vector<std::string> found;
    const json::array* array = array_of(name, needed, items_max);
    if (array == nullptr) return found;
    for (std::size_t i = 0; i < array->size() && !wrong_; ++i) {
        found.push_back(string_at((*array)[i], fmt::format("{}/{}", pointer_to(name), i), characters_max));
    }
    return found;
}

money::Money BodyReader::amount(std::string_view name) {
    constexpr std::size_t decimal_max = 32;
    const auto nothing = money::Money::zero(money::Currency::usd);
    const std::string pointer = pointer_to(name);
    const json::value* value = member(name, true);
    if (value == nullptr) return nothing;
    const json::object* object = value->if_object();
    if (object == nullptr) {
        refuse(pointer, fmt::format("must be an object and is {}", kind_of(*value)));
        return nothing;
    }
    for (const auto& one : *object) {
        if (one.key() != "amount" && one.key() != "currency") {
            refuse(fmt::format("{}/{}", pointer, std::string_view{one.key().data(), one.key().size()}), "is not known here");
        }
    }
    const json::value* decimal = object->if_contains("amount");
    const json::value* code = object->if_contains("currency");
    if (decimal == nullptr) refuse(pointer + "/amount", "is missing");
    if (code == nullptr) refuse(pointer + "/currency", "is missing");
    if (wrong_) return nothing;
    const std::string code_text = string_at(*code, pointer + "/currency", 3);
    const auto currency = money::currency_of_code(code_text);
    if (!currency || money::code_of(*currency) != code_text) {
        refuse(pointer + "/currency", "is no currency that we keep books in");
        return nothing;
    }
    const auto parsed = money::Money::parse(string_at(*decimal, pointer + "/amount", decimal_max), *currency);
    if (!parsed) {
        refuse(pointer + "/amount",
               fmt::format("must be a decimal string with at most {} decimals", money::decimals(*currency)));
        return nothing;
    }
    return *parsed;
}

Moment BodyReader::time(std::string_view name) {
    constexpr std::size_t time_characters_max = 40;
    const auto moment = moment_of_rfc3339(text(name, {.characters_max = time_characters_max}));
    if (!moment) refuse(pointer_to(name), "must be a time like 2026-11-05T17:48:00Z");
    return moment.value_or(Moment{});
}

std::optional<Problem> BodyReader::wrong() const {
    if (wrong_) return wrong_;
    for (const auto& one : object_) {
        const std::string_view name{one.key().data(), one.key().size()};
        if (!asked_.contains(name))
            return malformed(fmt::format("{}: is not known here.", pointer_to(to_utf8_lossy(utf8_prefix(name, 100)))));
    }
    return std::nullopt;
}

json::object amount_json(money::Money amount) {
    return {{"amount", amount.decimal()}, {"currency", money::code_of(amount.currency())}};
}

json::value time_json(std::optional<Moment> at) { return at ? json::value(rfc3339(*at)) : json::value(nullptr); }

json::value text_or_null(const std::optional<std::string>& text) { return text ? json::value(*text) : json::value(nullptr); }

std::string page_json(json::array items, const std::optional<std::string>& next_cursor) {
    const json::object page{{"items", std::move(items)}, {"next_cursor", text_or_null(next_cursor)}};
    return json::serialize(page);
}

}  // namespace okpay::api
