// SPDX-License-Identifier: Apache-2.0
#include "service/codec.hpp"

#include <boost/json.hpp>
#include <boost/mp11.hpp>

#include <array>

#include "service/described_json.hpp"
#include "service/rehearsal_codec.hpp"

namespace okpay::service {
namespace {

namespace json = boost::json;
namespace mp11 = boost::mp11;

// A command is stored and sent under the name of its type. From "… name_of_type() [T = okpay::service::TopUp]".
template <class T>
consteval std::string_view name_of_type() {
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.rfind(':') + 1);
    return text.substr(0, text.find(']'));
}

constexpr auto kinds = []<class... Commands>(mp11::mp_list<Commands...>) {
    return std::array{name_of_type<Commands>()...};
}(AllCommands{});
static_assert(kinds.front() == "RegisterCustomer");

std::optional<json::object> parsed_object(std::string_view text) {
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

}  // namespace

std::string_view kind_of(const CommandBody& body) { return kinds[body.index()]; }

std::string encode(const Command& command) {
    json::object object;
    object["id"] = command.id.text();
    object["at"] = ms_of(command.at);
    object["actor"] = described::written(command.actor);
    object["kind"] = kind_of(command.body);
    if (command.dry_run) object["dry_run"] = true;
    object["body"] = command.body.visit([](const auto& body) { return described::written(body); });
    return json::serialize(object);
}

std::optional<Command> decode_command(std::string_view text) {
    const auto object = parsed_object(text);
    if (!object) return std::nullopt;
    const json::value* id = object->if_contains("id");
    const json::value* at = object->if_contains("at");
    const json::value* actor = object->if_contains("actor");
    const json::value* kind = object->if_contains("kind");
    const json::value* body = object->if_contains("body");
    if (id == nullptr || at == nullptr || actor == nullptr || kind == nullptr || body == nullptr || !id->is_string() ||
        !at->is_int64() || !kind->is_string()) {
        return std::nullopt;
    }
    const auto command_id = CommandId::parse(std::string_view{id->get_string()});
    Actor command_actor;
    if (!command_id || !described::read(*actor, command_actor)) return std::nullopt;
    std::optional<CommandBody> decoded;
    mp11::mp_for_each<mp11::mp_iota_c<kinds.size()>>([&](auto index) {
        constexpr std::size_t i = decltype(index)::value;
        if (decoded || std::string_view{kind->get_string()} != kinds[i]) return;
        CommandBody::Kind<i> value{};
        if (described::read(*body, value)) decoded.emplace(std::move(value));
    });
    if (!decoded) return std::nullopt;
    const json::value* dry_run = object->if_contains("dry_run");
    return Command{*command_id, moment_of_ms(at->get_int64()), command_actor, std::move(*decoded),
                   dry_run != nullptr && dry_run->is_bool() && dry_run->get_bool()};
}

std::string encode(const Answer& answer) {
    json::object object = described::written(answer);
    if (answer.rehearsal != nullptr) object["rehearsal"] = rehearsal_to_json(answer);
    return json::serialize(object);
}

std::optional<Answer> decode_answer(std::string_view text) {
    auto object = parsed_object(text);
    if (!object) return std::nullopt;
    json::value rehearsal = nullptr;
    if (json::value* found = object->if_contains("rehearsal")) {
        rehearsal = std::move(*found);
        object->erase("rehearsal");
    }
    Answer answer;
    // Parentheses: in braces the object would become the one element of an array.
    if (!described::read(json::value(*std::move(object)), answer)) return std::nullopt;
    if (rehearsal.is_object() && !rehearsal_from_json(rehearsal.get_object(), answer)) return std::nullopt;
    return answer;
}

}  // namespace okpay::service
