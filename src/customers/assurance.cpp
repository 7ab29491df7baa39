// SPDX-License-Identifier: Apache-2.0
#include "customers/assurance.hpp"

#include <cstdlib>

#include "mail/authentication.hpp"

namespace okpay::customers {

Assurance assurance_of(mail::Verdict verdict) {
    switch (verdict) {
    case mail::Verdict::proven: return Assurance::a1_aligned_mail;
    case mail::Verdict::unproven:
    case mail::Verdict::unproven_for_now:
    case mail::Verdict::forged: return Assurance::a0_unproven;
    }
    std::abort();
}

Assurance needed_for(Act act) {
    switch (act) {
    case Act::read_own_request:
    case Act::refund_to_source:
    case Act::lock_oneself: return Assurance::a1_aligned_mail;
    case Act::read_unmasked:
    case Act::hand_in_evidence:
    case Act::move_money:
    case Act::end_other_sessions: return Assurance::a2_one_time_link;
    case Act::pay_out_to_new_place:
    case Act::change_password:
    case Act::change_second_factor:
    case Act::change_contact:
    case Act::change_instrument:
    case Act::release_own_lock:
    case Act::unlock_account:
    case Act::raise_limits: return Assurance::a3_second_factor;
    case Act::replace_lost_factor:
    case Act::refund_elsewhere: return Assurance::a4_identity_verified;
    }
    std::abort();
}

bool opens(Assurance has, Moment proven, Act act, Moment now) {
    const Assurance needed = needed_for(act);
    return has >= needed && (needed < Assurance::a3_second_factor || now - proven < step_up_lasts);
}

bool opens_factors(Assurance has, Moment proven, bool has_factor, Moment now) {
    if (has_factor) return opens(has, proven, Act::change_second_factor, now);
    return has >= Assurance::a2_one_time_link && now - proven < step_up_lasts;
}

std::optional<Moment> new_places_open_at(std::optional<Moment> factors_changed, std::chrono::milliseconds waits,
                                         Moment now) {
    if (!factors_changed || now >= *factors_changed + waits) return std::nullopt;
    return *factors_changed + waits;
}

std::string_view name_of(Act act) {
    switch (act) {
    case Act::read_own_request: return "read_own_request";
    case Act::refund_to_source: return "refund_to_source";
    case Act::read_unmasked: return "read_unmasked";
    case Act::hand_in_evidence: return "hand_in_evidence";
    case Act::move_money: return "move_money";
    case Act::lock_oneself: return "lock_oneself";
    case Act::end_other_sessions: return "end_other_sessions";
    case Act::pay_out_to_new_place: return "pay_out_to_new_place";
    case Act::change_password: return "change_password";
    case Act::change_second_factor: return "change_second_factor";
    case Act::change_contact: return "change_contact";
    case Act::change_instrument: return "change_instrument";
    case Act::release_own_lock: return "release_own_lock";
    case Act::unlock_account: return "unlock_account";
    case Act::raise_limits: return "raise_limits";
    case Act::replace_lost_factor: return "replace_lost_factor";
    case Act::refund_elsewhere: return "refund_elsewhere";
    }
    std::abort();
}

}  // namespace okpay::customers
