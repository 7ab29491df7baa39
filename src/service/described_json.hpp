// SPDX-License-Identifier: Apache-2.0
// Described structs (Boost.Describe) as JSON and back: an object of all members by their names, members being 64-bit
// numbers, booleans, texts, enumerations by name, lists and structs of these. Read back is only an object with each
// member, of its type, and no other.
//
// Boost.JSON's own conversion does the same and reports where it failed, at a price: for a hundred and fifty commands it
// took two minutes to compile, a fifth of what one core has for the whole room. Nobody here asks where.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace okpay::service::described {

namespace json = boost::json;
namespace describe = boost::describe;

template <class T>
concept Struct = std::is_class_v<T> && describe::has_describe_members<T>::value;
template <class T>
concept Enumeration = std::is_enum_v<T> && describe::has_describe_enumerators<T>::value;

void put(json::object& to, std::string_view name, std::int64_t value);
void put(json::object& to, std::string_view name, const std::string& value);
void put(json::object& to, std::string_view name, json::value value);

// False: `from` is of another type, and `to` is as it was or half written.
bool read(const json::value& from, std::int64_t& to);
bool read(const json::value& from, bool& to);
bool read(const json::value& from, std::string& to);
// The member of that name; null where there is none.
const json::value* find(const json::object& object, std::string_view name);

template <Struct T>
json::object written(const T& value);
template <Struct T>
bool read(const json::value& from, T& to);

namespace detail {

template <class T>
void put_member(json::object& to, std::string_view name, const T& value) {
    if constexpr (std::same_as<T, bool>) {
        put(to, name, json::value(value));
    } else if constexpr (Enumeration<T>) {
        put(to, name, json::value(describe::enum_to_string(value, "")));
    } else if constexpr (Struct<T>) {
        put(to, name, json::value(written(value)));
    } else {
        put(to, name, value);
    }
}
template <class T>
void put_member(json::object& to, std::string_view name, const std::vector<T>& values) {
    json::array list;
    list.reserve(values.size());
    for (const T& value : values) {
        if constexpr (Struct<T>) {
            list.emplace_back(written(value));
        } else {
            list.emplace_back(value);
        }
    }
    put(to, name, json::value(std::move(list)));
}

template <Enumeration T>
bool read_any(const json::value& from, T& to) {
    const json::string* name = from.if_string();
    return name != nullptr && describe::enum_from_string(std::string{std::string_view{*name}}.c_str(), to);
}
template <class T>
bool read_any(const json::value& from, T& to) {
    return read(from, to);
}
template <class T>
bool read_any(const json::value& from, std::vector<T>& to) {
    const json::array* list = from.if_array();
    if (list == nullptr) return false;
    to.clear();
    to.reserve(list->size());
    for (const json::value& one : *list) {
        T value{};
        if (!read_any(one, value)) return false;
        to.push_back(std::move(value));
    }
    return true;
}
template <class T>
bool read_member(const json::object& from, std::string_view name, T& to) {
    const json::value* member = find(from, name);
    return member != nullptr && read_any(*member, to);
}

}  // namespace detail

template <Struct T>
json::object written(const T& value) {
    json::object object;
    boost::mp11::mp_for_each<describe::describe_members<T, describe::mod_public>>(
        [&](auto member) { detail::put_member(object, member.name, value.*member.pointer); });
    return object;
}

template <Struct T>
bool read(const json::value& from, T& to) {
    using Members = describe::describe_members<T, describe::mod_public>;
    const json::object* object = from.if_object();
    if (object == nullptr || object->size() != boost::mp11::mp_size<Members>::value) return false;
    bool good = true;
    boost::mp11::mp_for_each<Members>(
        [&](auto member) { good = good && detail::read_member(*object, member.name, to.*member.pointer); });
    return good;
}

}  // namespace okpay::service::described
