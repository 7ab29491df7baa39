// SPDX-License-Identifier: Apache-2.0
// The account or card at the far end of a top-up or a withdrawal: read from what a customer types, and masked for every
// place where people read. The whole of it is sealed by the caller and goes to the rail alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "payments/rail_call.hpp"

namespace okpay::payments {

enum class InstrumentError : std::uint8_t {
    malformed,           // neither an IBAN, an account number nor a token
    wrong_check_digits,  // an IBAN (ISO 13616) with a wrong digit
    card_number,         // card numbers are never taken: the acquirer's page makes a token of it
};
std::string_view sentence_en(InstrumentError error);

struct Instrument {
    std::string canonical;  // without spaces, upper case: what the rail gets
    std::string masked;     // "bank ····6819", "card"
};

inline constexpr std::size_t instrument_octets_max = 64;

// To pay out: an IBAN, or 6 to 30 letters and digits of a national account number. To collect: the acquirer's token,
// "tok_" and 8 to 56 letters and digits. "sandbox:…" passes for both as it is: the sandbox rail reads it.
Result<Instrument, InstrumentError> parse_instrument(RailDirection direction, std::string_view text);

}  // namespace okpay::payments
