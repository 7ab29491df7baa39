// SPDX-License-Identifier: Apache-2.0
// Names and numbers of things: found by form and by the label before them, and blotted, so that neither a date nor an
// amount is read out of them. Runs before datetimes.hpp and amounts.hpp.
#pragma once

#include <string>

#include "triage/impl/sheet.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {

struct Identifiers {
    Entities entities;          // transaction_ids, error_codes, request_numbers, accounts, card_last4
    bool sensitive = false;     // a card number, its security code, an identity number, a password, a one-time code
    bool contact_given = false;  // a mail address or phone number other than the sender's
};

Identifiers take_identifiers(Sheet& sheet, std::string_view from_address);

bool passes_luhn(std::string_view digits);         // ISO/IEC 7812-1
bool is_resident_number(std::string_view digits);  // GB 11643: 17 digits and a check character, folded "x" included

template <class T>
void add_once(std::vector<T>& list, T item) {
    if (list.size() >= entities_max) return;
    for (const T& known : list) {
        if (known == item) return;
    }
    list.push_back(std::move(item));
}

}  // namespace okpay::triage
