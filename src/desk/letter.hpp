// SPDX-License-Identifier: Apache-2.0
// Inside desk: how a mail of ours is put together, for acknowledgement.cpp and answers.cpp. Words are templates of ours;
// names and references are set in as plain text; amounts only as places of a Draft.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/acknowledgement.hpp"
#include "desk/figures.hpp"

namespace okpay::desk {

// Names and merchants come from outside: one line, no control characters, a sane length.
std::string inert_line(std::string_view text);
std::string inert(std::string_view text);  // the same with braces doubled, for the Draft

std::string greeting(Language language, std::string_view name);
std::string signature(Language language, std::string_view house);
std::string subject_with(RequestNumber number, std::string_view words);
// "2026-11-05 17:48" in the customer's zone.
std::string when(std::string_view zone, Moment at);
// To whom no zone is known: UTC, in Chinese UTC+8, and it says so.
std::string stranger_deadline(Language language, Moment due);
// With seconds: two charges made in one minute must not look like one.
std::string when_exactly(std::string_view zone, Moment at);
// "card ····4242" as payments are stored, in the customer's words.
std::string instrument_words(Language language, std::string_view instrument);
// Says once whose time it is: "All times are local, Asia/Shanghai."
std::string zone_note(Language language, std::string_view zone);
// "do not send passwords, codes or card numbers": stands in each first mail.
std::string_view safety_note(Language language);

}  // namespace okpay::desk
