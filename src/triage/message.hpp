// SPDX-License-Identifier: Apache-2.0
// What triage is given: a message already taken apart by whoever received it. Every field is the claim of its writer.
//   Text    UTF-8 in NFC with LF line ends; ill-formed octets are read as U+FFFD.
//   Limit   of subject and new text together `message_octets_max` are read; the rest only costs memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/moment.hpp"

namespace okpay::triage {

inline constexpr std::size_t message_octets_max = 64U << 10U;

struct Message {
    std::string subject;
    std::string new_text;        // what the author newly wrote
    std::string quoted_text;     // sets flags only
    std::string forwarded_text;  // sets flags only
    std::string from_address;    // empty where the channel has none
    Moment at{};                 // the Date header, else the receipt: what "yesterday" is counted from
    std::int32_t utc_offset_minutes = 0;  // of the customer's local time at that moment
    bool machine_mail = false;            // RFC 3834 and its cousins, as `mail` found
    bool hidden_html = false;             // the HTML holds text that a reader would not see
    bool has_image = false;
    std::string screen_text = {};  // words read off those images; of them only facts are taken, and marked as such
    bool sender_differs_from_account = false;
};

}  // namespace okpay::triage
