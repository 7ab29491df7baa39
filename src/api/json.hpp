// SPDX-License-Identifier: Apache-2.0
// Bodies read strictly: every member is asked for by name, and what was not asked for is an error. The first thing that
// is wrong is kept with its JSON pointer (RFC 6901); until then each reading answers a harmless value, so that a handler
// reads straight on and looks once:
//
//   BodyReader body{request};
//   const std::string text = body.text("text", {.characters_max = 2000});
//   if (const auto wrong = body.wrong()) co_return problem(*wrong);
#pragma once

#include <boost/json/value.hpp>

#include <set>

#include "api/problem.hpp"
#include "money/money.hpp"

namespace okpay::api {

namespace json = boost::json;

struct TextRule {
    std::size_t characters_max;
    bool required = true;   // else an empty text where it is absent
    bool nullable = false;  // null reads as an empty text
};

class BodyReader {
public:
    explicit BodyReader(const Request& request);

    std::string text(std::string_view name, TextRule rule);
    std::int64_t integer(std::string_view name);
    bool flag(std::string_view name);  // false where it is absent
    bool needed_flag(std::string_view name);
    std::vector<std::string> texts(std::string_view name, std::size_t items_max, std::size_t characters_max,
                                   bool needed = true);
    money::Money amount(std::string_view name);  // {"amount":"12.50","currency":"USD"}
    Moment time(std::string_view name);           // RFC 3339

    // The members of an object inside, or of each of a list, read the same way; nothing where it is absent. Whoever has read
    // it hands it back, so that what is wrong inside is wrong here.
    std::optional<BodyReader> inside(std::string_view name);
    std::vector<BodyReader> objects(std::string_view name, std::size_t items_max);  // of an array; none where it is absent
    void read_inside(const BodyReader& inner);

    // The first thing that was wrong, a member that nobody asked for included.
    [[nodiscard]] std::optional<Problem> wrong() const;
    // For what only the handler can judge.
    void refuse(std::string_view pointer, std::string_view why);

private:
    BodyReader(json::object object, std::string pointer) : object_{std::move(object)}, pointer_{std::move(pointer)} {}
    [[nodiscard]] std::string pointer_to(std::string_view name) const;
    const json::value* member(std::string_view name, bool required);
    // Null where it is absent or refused; one of too many items is refused as well.
    const json::array* array_of(std::string_view name, bool needed, std::size_t items_max);
    std::string string_at(const json::value& value, std::string_view pointer, std::size_t characters_max);

    json::object object_;
    std::string pointer_;  // to the object: empty for the body itself
    std::set<std::string, std::less<>> asked_;
    std::optional<Problem> wrong_;
};

json::object amount_json(money::Money amount);
json::value time_json(std::optional<Moment> at);  // RFC 3339 or null
json::value text_or_null(const std::optional<std::string>& text);
std::string page_json(json::array items, const std::optional<std::string>& next_cursor);

}  // namespace okpay::api
