// SPDX-License-Identifier: Apache-2.0
// Inside service: what registration by staff and sign-up share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/books.hpp"
#include "service/command.hpp"

namespace okpay::service {

// Lower case throughout: every large provider delivers so, and one person must not be two customers.
std::optional<std::string> canonical_address(std::string_view text);
// Each once; nothing where we keep no books in one of them.
std::optional<std::vector<money::Currency>> currencies_of(const std::vector<std::string>& codes_given);

// After the password, or the provider's word: the second factor decides.
struct StaffSessionWish {
    customers::StaffNo staff;
    std::string totp_code;
    std::string token_hash;  // hex
    Moment expires;
    std::string detail;  // of the audit entry, JSON
};
Answer open_staff_session(Books& books, const Context& context, const StaffSessionWish& wish, Moment at);

struct NewCustomer {
    CustomerId id;
    std::string email, name, language, zone;
    std::vector<money::Currency> currencies;
    int level = customers::level_default;
};
// Everything in it was checked, and the address is nobody's. A wallet for each currency.
customers::CustomerNo open_customer(Books& books, const NewCustomer& customer, Moment at);

}  // namespace okpay::service
