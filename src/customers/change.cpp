// SPDX-License-Identifier: Apache-2.0
#include "customers/change.hpp"

#include <cstdlib>

namespace okpay::customers {
namespace {

struct Transition {
    ChangeState from;
    ChangeEvent event;
    ChangeState to;
};
constexpr std::array transitions{
    Transition{ChangeState::requested, ChangeEvent::approve, ChangeState::proving},
    Transition{ChangeState::requested, ChangeEvent::refuse, ChangeState::refused},
    Transition{ChangeState::requested, ChangeEvent::cancel, ChangeState::canceled},
    Transition{ChangeState::requested, ChangeEvent::expire, ChangeState::expired},
    Transition{ChangeState::proving, ChangeEvent::prove, ChangeState::held},
    Transition{ChangeState::proving, ChangeEvent::refuse, ChangeState::refused},
    Transition{ChangeState::proving, ChangeEvent::cancel, ChangeState::canceled},
    Transition{ChangeState::proving, ChangeEvent::expire, ChangeState::expired},
    Transition{ChangeState::held, ChangeEvent::finish, ChangeState::done},
    Transition{ChangeState::held, ChangeEvent::refuse, ChangeState::refused},
    Transition{ChangeState::held, ChangeEvent::cancel, ChangeState::canceled},
};

template <class Enum, std::size_t size>
std::optional<Enum> of_number(const std::array<Enum, size>& all, std::int64_t number) {
    for (const Enum one : all) {
        if (static_cast<std::int64_t>(one) == number) return one;
    }
    return std::nullopt;
}

constexpr std::array all_reasons{ChangeReason::none,      ChangeReason::by_customer,    ChangeReason::by_old_address,
                                 ChangeReason::by_staff,  ChangeReason::address_in_use, ChangeReason::replaced,
                                 ChangeReason::not_proven};

}  // namespace

std::optional<ChangeState> after(ChangeState state, ChangeEvent event) {
    for (const Transition& transition : transitions) {
        if (transition.from == state && transition.event == event) return transition.to;
    }
    return std::nullopt;
}

bool is_open(ChangeState state) {
    for (const Transition& transition : transitions) {
        if (transition.from == state) return true;
    }
    return false;
}

std::string_view name_of(ChangeKind kind) {
    switch (kind) {
    case ChangeKind::contact: return "contact";
    case ChangeKind::language: return "language";
    case ChangeKind::zone: return "zone";
    case ChangeKind::phone: return "phone";
    }
    std::abort();
}

std::string_view name_of(ChangeState state) {
    switch (state) {
    case ChangeState::requested: return "requested";
    case ChangeState::proving: return "proving";
    case ChangeState::held: return "held";
    case ChangeState::done: return "done";
    case ChangeState::canceled: return "canceled";
    case ChangeState::refused: return "refused";
    case ChangeState::expired: return "expired";
    }
    std::abort();
}

std::string_view name_of(ChangeReason reason) {
    switch (reason) {
    case ChangeReason::none: return "none";
    case ChangeReason::by_customer: return "by_customer";
    case ChangeReason::by_old_address: return "by_old_address";
    case ChangeReason::by_staff: return "by_staff";
    case ChangeReason::address_in_use: return "address_in_use";
    case ChangeReason::replaced: return "replaced";
    case ChangeReason::not_proven: return "not_proven";
    }
    std::abort();
}

std::optional<ChangeKind> change_kind_of_name(std::string_view name) {
    for (const ChangeKind kind : all_change_kinds) {
        if (name_of(kind) == name) return kind;
    }
    return std::nullopt;
}

std::optional<ChangeKind> change_kind_of_number(std::int64_t number) { return of_number(all_change_kinds, number); }
std::optional<ChangeState> change_state_of_number(std::int64_t number) { return of_number(all_change_states, number); }
std::optional<ChangeReason> change_reason_of_number(std::int64_t number) { return of_number(all_reasons, number); }

bool link_opens(const CaseAccess& access, Moment at) { return !access.opened && !access.ended && at < access.link_expires; }

bool session_lives(const CaseAccess& access, Moment at) {
    return access.session_hash && access.session_expires && at < *access.session_expires && !access.ended;
}

}  // namespace okpay::customers
