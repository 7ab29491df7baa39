// SPDX-License-Identifier: Apache-2.0
// One of all commands: a closed sum, as std::variant would be. But a variant of more than a hundred alternatives is
// instantiated and optimised anew, member by member, in every file that makes a single command (40 s each, three
// quarters of the whole build). Here its copies, moves and ends exist once, in command_body.cpp; what a file pays for is
// the command it makes. A value moved from still holds its kind, with the members a move leaves.
#pragma once

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <variant>

#include "service/command_access.hpp"
#include "service/command_changes.hpp"
#include "service/command_desk.hpp"
#include "service/command_factors.hpp"
#include "service/command_faq.hpp"
#include "service/command_follows.hpp"
#include "service/command_hooks.hpp"
#include "service/command_identity.hpp"
#include "service/command_incidents.hpp"
#include "service/command_links.hpp"
#include "service/command_locks.hpp"
#include "service/command_macros.hpp"
#include "service/command_mail.hpp"
#include "service/command_mailboxes.hpp"
#include "service/command_money.hpp"
#include "service/command_people.hpp"
#include "service/command_phones.hpp"
#include "service/command_privacy.hpp"
#include "service/command_rules.hpp"
#include "service/command_sides.hpp"
#include "service/command_staff.hpp"

namespace okpay::service {

// Each list stands in the header of its commands.
using AllCommands =
    boost::mp11::mp_append<PeopleCommands, MoneyCommands, DeskCommands, AccessCommands, FactorCommands, LockCommands,
                           IdentityCommands, ChangeCommands, MailCommands, PrivacyCommands, FaqCommands, LinkCommands,
                           HookCommands, MacroCommands, PhoneCommands, FollowCommands, MailboxCommands, IncidentCommands,
                           SideCommands, RuleCommands, StaffCommands>;

template <class C>
concept OneCommand = boost::mp11::mp_contains<AllCommands, C>::value;

namespace detail {
template <class... C>
consteval std::size_t largest_size(boost::mp11::mp_list<C...>) {
    return std::max({sizeof(C)...});
}
template <class... C>
consteval std::size_t strictest_alignment(boost::mp11::mp_list<C...>) {
    return std::max({alignof(C)...});
}
}  // namespace detail

class CommandBody {
public:
    static constexpr std::size_t kinds = boost::mp11::mp_size<AllCommands>::value;
    template <std::size_t Index>
    using Kind = boost::mp11::mp_at_c<AllCommands, Index>;

    template <OneCommand C>
    CommandBody(C body) : index_{index_of<C>} {  // NOLINT(google-explicit-constructor): each command is a body
        static_assert(std::is_nothrow_move_constructible_v<C>);
        std::construct_at(reinterpret_cast<C*>(&storage_), std::move(body));
    }
    CommandBody(const CommandBody& other);
    CommandBody(CommandBody&& other) noexcept;
    CommandBody& operator=(const CommandBody& other);
    CommandBody& operator=(CommandBody&& other) noexcept;
    ~CommandBody();

    [[nodiscard]] std::size_t index() const { return index_; }  // the place of the kind in AllCommands

    template <OneCommand C>
    [[nodiscard]] bool is() const {
        return index_ == index_of<C>;
    }
    template <OneCommand C>
    [[nodiscard]] const C* as() const {  // null where it is another kind
        return is<C>() ? std::launder(reinterpret_cast<const C*>(&storage_)) : nullptr;
    }
    template <OneCommand C>
    [[nodiscard]] C* as() {
        return is<C>() ? std::launder(reinterpret_cast<C*>(&storage_)) : nullptr;
    }
    template <OneCommand C>
    [[nodiscard]] const C& get() const {  // throws where it is another kind
        if (!is<C>()) throw std::bad_variant_access{};
        return *as<C>();
    }
    template <OneCommand C>
    [[nodiscard]] C& get() {
        return const_cast<C&>(std::as_const(*this).get<C>());
    }

    // Calls `visitor` with the command itself. All its answers are of the type it gives for the first kind.
    template <class Visitor>
    decltype(auto) visit(Visitor&& visitor) const {
        using Result = decltype(visitor(std::declval<const Kind<0>&>()));
        using Call = Result (*)(Visitor&, const CommandBody&);
        static constexpr auto calls = []<class... C>(boost::mp11::mp_list<C...>) {
            return std::array<Call, kinds>{
                [](Visitor& to, const CommandBody& body) -> Result { return to(*body.as<C>()); }...};
        }(AllCommands{});
        return calls[index_](visitor, *this);
    }

private:
    template <class C>
    static constexpr std::size_t index_of = boost::mp11::mp_find<AllCommands, C>::value;
    struct alignas(detail::strictest_alignment(AllCommands{})) Storage {
        std::byte bytes[detail::largest_size(AllCommands{})];
    };
    Storage storage_;
    std::size_t index_;

    friend struct CommandBodyOperations;
};

}  // namespace okpay::service
