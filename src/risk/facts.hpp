// SPDX-License-Identifier: Apache-2.0
// What is known of a movement or a sign-in when it is judged, read on the ordered writer in its place among its neighbours.
//
//   Slots  a clock's ten minutes or hour. A count is of the running slot and the one before it, so it looks back over one
//          to two of its length; this movement is not counted yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/moment.hpp"
#include "money/money.hpp"

namespace okpay::risk {

enum class Operation : std::uint8_t { sign_in = 1, pay = 2, send = 3, withdraw = 4, exchange = 5 };  // stored, append only
std::string_view name_of(Operation operation);
std::optional<Operation> operation_of_name(std::string_view name);

struct Facts {
    Operation operation;
    std::optional<money::Money> amount;  // none of a sign-in
    std::int64_t available_minor = 0;  // before it
    std::int64_t entries = 0;  // of the wallet so far, in and out
    std::int64_t moved_minor = 0;  // and what they came to
    std::int64_t out_ten_minutes = 0, out_hour = 0;  // movements out of the wallet, in the running slot and the one before
    std::int64_t out_hour_minor = 0;
    bool new_payee = false;  // not paid among the wallet's newest movements; of a withdrawal: an account never paid to
    bool new_device = false;  // of a sign-in
    std::optional<Millis> since_new_device;  // the newest sign-in on one
    std::optional<Millis> since_change;  // of password, factor, contact or instrument
    std::int64_t failed_sign_ins = 0;  // in the running hour and the one before
    bool watched = false;  // a lock was released not long ago: thresholds are stricter
    bool cleared = false;  // two persons have released a lock that the same movement had tripped
};

// How many there were, in slots of one length.
class SlotCount {
public:
    explicit constexpr SlotCount(Millis slot) : slot_{slot} {}
    void add(Moment at, std::int64_t minor);
    struct Seen {
        std::int64_t count = 0, minor = 0;
    };
    [[nodiscard]] Seen seen(Moment now) const;
    [[nodiscard]] bool is_over(Moment now) const;  // nothing of it would be seen any more

private:
    [[nodiscard]] std::int64_t slot_of(Moment at) const { return at.time_since_epoch() / slot_; }
    Millis slot_;
    std::int64_t newest_ = 0;
    Seen in_newest_, in_previous_;
};

}  // namespace okpay::risk
