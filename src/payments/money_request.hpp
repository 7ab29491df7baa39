// SPDX-License-Identifier: Apache-2.0
// One customer asks another for money, or whoever holds the link. Nothing moves until somebody pays; then it is a transfer
// between two people like any other, with its limits, fees and refusals.
//
//   pending --pay------> paid       once, whoever comes first; an attempt that was refused leaves it pending
//   pending --decline--> declined   by the payer that it names
//   pending --cancel---> canceled   by who asked
//   pending --expire---> expired    by time
//
//   Privacy  Who asks an address learns only what its owner does: until then a request to an address that is nobody's looks
//            the same as any other, and ends by time.
//   Nuisance So many open at once, so many a day, so many to one payer, so many letters to one payer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "base/id.hpp"
#include "customers/customer.hpp"
#include "money/money.hpp"

namespace okpay::payments {

enum class MoneyRequestState : std::uint8_t {  // stored, append only
    pending = 1,
    paid = 2,
    declined = 3,
    canceled = 4,
    expired = 5,
};
enum class MoneyRequestEvent : std::uint8_t { pay = 1, decline = 2, cancel = 3, expire = 4 };

// Nothing where the event may not happen in this state.
std::optional<MoneyRequestState> after(MoneyRequestState state, MoneyRequestEvent event);
std::string_view name_of(MoneyRequestState state);
std::optional<MoneyRequestState> money_request_state_of_number(std::int64_t number);

struct MoneyRequest {
    std::int64_t no;
    MoneyRequestId id;     // whoever holds it may see and pay an open request: it is as good as random
    Hash256 key;           // SHA-256 of principal and idempotency key: for ever unique
    std::int64_t body_fingerprint = 0;
    customers::CustomerNo payee;
    std::optional<customers::CustomerNo> payer;  // none: open, or `payer_said` is nobody's
    std::string payer_said;                      // the address that was asked; empty: open to whoever holds the link
    money::Money amount;
    std::string memo;  // the payee's words, secrets masked
    MoneyRequestState state = MoneyRequestState::pending;
    std::int64_t payment = 0;       // that paid it
    std::int64_t asked_mail = 0;    // rows of the outbox; 0 for none
    std::int64_t outcome_mail = 0;
    Moment expires;
    Moment created;
    std::optional<Moment> ended = std::nullopt;

    [[nodiscard]] bool is_open_to_anyone() const { return payer_said.empty(); }
    // Whether this customer may pay it, were it pending. Nobody pays a request of their own.
    [[nodiscard]] bool may_be_paid_by(customers::CustomerNo customer) const;
};

// Limits of who asks. "A day" is the last 24 hours.
inline constexpr std::int64_t money_requests_open_max = 25;
inline constexpr std::int64_t money_requests_a_day_max = 50;
inline constexpr std::int64_t money_requests_to_one_payer_a_day_max = 3;
// Letters to one payer, whoever asks. Beyond it a request is only shown in the account, and who asks does not learn that.
inline constexpr std::int64_t money_request_letters_a_day_max = 5;
inline constexpr std::chrono::hours money_request_day{24};
inline constexpr std::chrono::days money_request_lasts_default{14};
inline constexpr std::chrono::days money_request_lasts_max{90};

}  // namespace okpay::payments
