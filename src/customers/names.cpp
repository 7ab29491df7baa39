// SPDX-License-Identifier: Apache-2.0
#include "customers/names.hpp"

namespace okpay::customers {

std::string_view name_of(Role role) {
    switch (role) {
    case Role::agent: return "agent";
    case Role::technical: return "technical";
    case Role::risk: return "risk";
    case Role::supervisor: return "supervisor";
    case Role::auditor: return "auditor";
    case Role::admin: return "admin";
    }
    std::abort();
}

std::optional<Role> role_of_name(std::string_view name) {
    for (const Role role : all_roles) {
        if (name_of(role) == name) return role;
    }
    return std::nullopt;
}

std::string_view name_of(Standing standing) {
    switch (standing) {
    case Standing::open: return "open";
    case Standing::limited: return "limited";
    case Standing::locked: return "locked";
    }
    std::abort();
}

std::optional<Standing> standing_of_name(std::string_view name) {
    for (const Standing standing : {Standing::open, Standing::limited, Standing::locked}) {
        if (name_of(standing) == name) return standing;
    }
    return std::nullopt;
}

std::string_view name_of(Assurance assurance) {
    switch (assurance) {
    case Assurance::a0_unproven: return "a0";
    case Assurance::a1_aligned_mail: return "a1";
    case Assurance::a2_one_time_link: return "a2";
    case Assurance::a3_second_factor: return "a3";
    case Assurance::a4_identity_verified: return "a4";
    }
    std::abort();
}

std::optional<Assurance> assurance_of_name(std::string_view name) {
    for (const Assurance assurance : {Assurance::a0_unproven, Assurance::a1_aligned_mail, Assurance::a2_one_time_link,
                                      Assurance::a3_second_factor, Assurance::a4_identity_verified}) {
        if (name_of(assurance) == name) return assurance;
    }
    return std::nullopt;
}

}  // namespace okpay::customers
