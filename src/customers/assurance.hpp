// SPDX-License-Identifier: Apache-2.0
// How sure we are that whoever asks is the customer, and what that opens: one table, which every disclosure, every change
// and every remedy asks, whatever door it came through.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/moment.hpp"

namespace okpay::mail {
enum class Verdict : std::uint8_t;
}

namespace okpay::customers {

// Stored, append only.
enum class Assurance : std::uint8_t {
    a0_unproven = 0,
    a1_aligned_mail = 1,   // DMARC-aligned mail from the registered address
    a2_one_time_link = 2,  // a signed-in session, by password or by a one-time link at the stored address
    a3_second_factor = 3,  // and a second factor, or a passkey that verified its user
    a4_identity_verified = 4,
};

// What a mail shows by itself: no more than that it came from the address in its From field.
Assurance assurance_of(mail::Verdict verdict);

// What is asked for. Not stored.
enum class Act : std::uint8_t {
    read_own_request,      // its status and masked facts
    refund_to_source,      // two persons on top
    read_unmasked,         // facts of the own account
    hand_in_evidence,      // files and answers, collected safely
    move_money,            // to a payee or a place that is known
    lock_oneself,
    end_other_sessions,
    pay_out_to_new_place,  // a bank account or a card never used before
    change_password,
    change_second_factor,  // add, remove, new recovery codes
    change_contact,
    change_instrument,
    release_own_lock,
    unlock_account,
    raise_limits,
    replace_lost_factor,
    refund_elsewhere,
};

Assurance needed_for(Act act);
std::string_view name_of(Act act);  // "change_contact"

// A second factor, once shown, counts so long for what asks for one.
inline constexpr std::chrono::minutes step_up_lasts{10};
// Whether a session that showed `has` at `proven` opens the act: from A3 on, lately shown.
bool opens(Assurance has, Moment proven, Act act, Moment now);
// The first factor has none before it to ask for: there the password counts, as lately typed.
bool opens_factors(Assurance has, Moment proven, bool has_factor, Moment now);
// After a change of what signs a customer in, money goes to no new place before this (a thief who enrols a
// factor of his own waits, and its owner has a letter).
std::optional<Moment> new_places_open_at(std::optional<Moment> factors_changed, std::chrono::milliseconds waits, Moment now);

}  // namespace okpay::customers
