// SPDX-License-Identifier: Apache-2.0
// What customers are told each time something changed that lets them in, and the pages that letters name. Links are built
// from the configured public URL alone, never from what a request says of its host.
#pragma once

#include <string>
#include <string_view>

#include "desk/access_letters.hpp"
#include "service/handlers.hpp"

namespace okpay::service {

// "https://pay.example/account/new-password#TOKEN": behind the hash, so that no server or proxy on the way sees the token.
std::string access_page(const Context& context, std::string_view page, std::string_view token = {});
std::optional<Bytes> hash_of_link(std::string_view link);  // SHA-256 of its octets; nothing where it is malformed

struct AlertWish {
    desk::Alert alert;
    std::string letter, report_link;  // as in command_access.hpp; both empty: nothing is written
    std::string agent, address;       // of the client; may be empty
};
// In this unit of work. Above `customers::alerts_to_a_customer_a_day_max` no letter goes out; the audit has it anyway.
void send_alert(Books& books, const Context& context, const Command& command, const customers::Customer& customer,
                const AlertWish& wish);

// Whoever signs in from a device that this customer never used is written about; the device is known from then on.
void note_device(Books& books, const Context& context, const Command& command, const customers::Customer& customer,
                 const SignInCustomer& body);

// A letter's text with the phrase of the customer whose address this is above it; as it is where there is none.
std::string with_phrase(Books& books, std::string_view recipient, const std::string& text);

}  // namespace okpay::service
