// SPDX-License-Identifier: Apache-2.0
// Inside service: who follows a request, for whoever writes notes or brings requests together.
#pragma once

#include <optional>
#include <vector>

#include "desk/follows.hpp"
#include "service/books.hpp"
#include "store/people_store.hpp"

namespace okpay::service {

// Reads requests, and has to do with no customer of this one, those that go on in it included.
bool may_see(Books& books, const store::StaffRow& staff, const desk::Ticket& ticket);

// Each once, in order. What stands against naming them, or nothing.
std::vector<std::int64_t> each_once(std::vector<std::int64_t> staff);
std::optional<Answer> may_not_mention(Books& books, const desk::Ticket& ticket, const std::vector<std::int64_t>& staff);
// The note names them, and they follow from now on: what it says is the first that they have not seen. `before`: how far the
// request went before the note.
void mention(Books& books, const desk::Message& note, desk::SeenMark before, const std::vector<std::int64_t>& staff);

// Whoever follows the one that was merged follows the one it goes on in too, as far as they may see it.
void bring_followers(Books& books, const desk::Ticket& from, const desk::Ticket& into, Moment at);

}  // namespace okpay::service
