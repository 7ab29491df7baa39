// SPDX-License-Identifier: Apache-2.0
// Reads a message: language, category, urgency, entities, what is missing, where it goes. Text is data, never an
// instruction. A pure function, safe from any thread; it never fails, the answer to nonsense is `unclear`.
#pragma once

#include "triage/message.hpp"
#include "triage/model.hpp"
#include "triage/reading.hpp"

namespace okpay::triage {

Reading read(const Message& message);                      // by the shipped model
Reading read(const Message& message, const Model& model);  // whose labels are the categories' names

// Whether words on the message's images could change its reading: it lacks a fact, or says hardly anything without them.
bool wants_pictures_read(const Message& message, const Reading& reading);

// Why: the words that carried a decision, the weightiest first.
struct Reason {
    std::string_view decision;  // category, urgency, route, flag, missing or secondary
    std::string value;          // what was decided
    std::string words;          // as written
    bool in_subject = false;
    std::size_t begin = 0, end = 0;  // octets of the subject or of the new text
    friend bool operator==(const Reason&, const Reason&) = default;
};
inline constexpr std::size_t reasons_max = 5;  // of one decision
// Of a reading that `read` gave for this message. What a rule decided without a word of the text (machine mail by its
// headers, a fact that is nowhere) has none.
std::vector<Reason> reasons_of(const Message& message, const Reading& reading, const Model& model);
std::vector<Reason> reasons_of(const Message& message, const Reading& reading);

}  // namespace okpay::triage
