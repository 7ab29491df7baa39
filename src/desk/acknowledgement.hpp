// SPDX-License-Identifier: Apache-2.0
// The first word back. To someone unproven it is the same text for everybody but for the number and the time: it repeats
// nothing of the mail and does not tell whether an account exists. The subject carries the number in brackets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "desk/language.hpp"
#include "desk/request_number.hpp"

namespace okpay::desk {

struct MailText {
    std::string subject;
    std::string body;  // plain text, LF, ends with LF; the caller adds the reference line of the token
    friend bool operator==(const MailText&, const MailText&) = default;
};

// What a text says without what is counted in it: lower case (ASCII), white space as one blank, every run of letters and
// digits that holds a digit left out. Two desks that answer each other say the same again and again but for a number.
std::string shape_of(std::string_view text);

struct StrangerAcknowledgement {
    RequestNumber number;
    Language language;   // of the mail: the only thing that is taken from it
    Moment first_reply_due;
    std::string_view house = "OKPay";
};
// Times are UTC, in Chinese UTC+8, and say so: the zone of a profile would tell that an account exists.
MailText acknowledge_stranger(const StrangerAcknowledgement& facts);

struct CustomerAcknowledgement {
    RequestNumber number;
    Language language;
    std::string_view name;  // may be empty
    std::string_view zone;
    Moment first_reply_due;
    std::optional<Moment> investigation_due;  // payment errors
    std::string_view category;                // as triage prints it: chooses the one helpful sentence
    std::string_view house = "OKPay";
};
MailText acknowledge_customer(const CustomerAcknowledgement& facts);

}  // namespace okpay::desk
