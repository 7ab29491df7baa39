// SPDX-License-Identifier: Apache-2.0
// Whether a customer's answer says thank you and nothing else: such a mail stands in the request, but opens nothing again
// and starts no clock. In doubt it is more than thanks: a question that nobody reads costs more than a look.
#pragma once

#include <string_view>

namespace okpay::desk {

inline constexpr std::size_t thanks_octets_max = 400;  // whoever writes more has something to say

// `text` is the new text of the mail, without quotes. English and Chinese, simplified and traditional. Any digit, question,
// negation or word that is not known to be thanks, greeting or farewell makes it more than thanks.
bool is_only_thanks(std::string_view text);

}  // namespace okpay::desk
