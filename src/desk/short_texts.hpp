// SPDX-License-Identifier: Apache-2.0
// What a telephone is told, in one short message. The telephone network and whoever looks at a locked screen read along: no
// name, no amount, no address, no link, and no secret but the code that the number proves itself by.
//
//   Limits  one message: 160 characters of GSM 03.38 in English, 70 of UCS-2 in Chinese, for a house's name of up to
//           `house_characters_max` characters; a longer name is left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "desk/language.hpp"

namespace okpay::desk {

enum class ShortNews : std::uint8_t {
    code,  // with `code_place` where the digits go
    new_device,
    password_changed,
    phrase_changed,
    factors_changed,
    wrong_codes,
    address_asked,
    address_held,
    address_changed,
    phone_added,
    phone_asked,
    phone_held,          // to the number that stands: another is to take its place
    phone_removal_held,
    phone_changed,       // to the number that stood
    phone_removed,
    phone_kept,
    locked,
};
inline constexpr std::string_view code_place = "{code}";
inline constexpr std::size_t house_characters_max = 12;

std::string_view name_of(ShortNews news);  // "new_device": the kind of the message
std::string short_text(ShortNews news, Language language, std::string_view house);

}  // namespace okpay::desk
