// SPDX-License-Identifier: Apache-2.0
#include "service/command_body.hpp"

namespace okpay::service {

// What can be done with a command whose type only the index knows.
struct CommandBodyOperations {
    void (*copy)(CommandBody& to, const CommandBody& from);
    void (*move)(CommandBody& to, CommandBody& from) noexcept;
    void (*end)(CommandBody& body) noexcept;

    template <class C>
    static constexpr CommandBodyOperations of() {
        return {[](CommandBody& to, const CommandBody& from) {
                    std::construct_at(reinterpret_cast<C*>(&to.storage_), *from.as<C>());
                },
                [](CommandBody& to, CommandBody& from) noexcept {
                    std::construct_at(reinterpret_cast<C*>(&to.storage_), std::move(*from.as<C>()));
                },
                [](CommandBody& body) noexcept { std::destroy_at(body.as<C>()); }};
    }
};

namespace {

constexpr auto operations = []<class... C>(boost::mp11::mp_list<C...>) {
    return std::array<CommandBodyOperations, sizeof...(C)>{CommandBodyOperations::of<C>()...};
}(AllCommands{});

}  // namespace

CommandBody::CommandBody(const CommandBody& other) : index_{other.index_} { operations[index_].copy(*this, other); }

CommandBody::CommandBody(CommandBody&& other) noexcept : index_{other.index_} { operations[index_].move(*this, other); }

CommandBody& CommandBody::operator=(const CommandBody& other) { return *this = CommandBody{other}; }

CommandBody& CommandBody::operator=(CommandBody&& other) noexcept {
    if (this == &other) return *this;
    operations[index_].end(*this);
    index_ = other.index_;
    operations[index_].move(*this, other);
    return *this;
}

CommandBody::~CommandBody() { operations[index_].end(*this); }

}  // namespace okpay::service
