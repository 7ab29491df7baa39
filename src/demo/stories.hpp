// SPDX-License-Identifier: Apache-2.0
// The special stories: which deeds, how far apart, at which trades. Plans only; world.hpp carries them out.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "demo/dice.hpp"
#include "demo/merchants.hpp"
#include "demo/people.hpp"
#include "demo/truth.hpp"

namespace okpay::demo {

enum class DeedKind : std::uint8_t { pay, pay_without_funds, hold, capture, capture_part, cancel, refund, top_up };
enum class Part : std::uint8_t { first, second };  // which payment of the pair the deed makes or is about
enum class Order : std::uint8_t {
    none,     // no order reference
    fresh,    // the shop's next one, where its till sends any
    same,     // that of the first payment
    derived,  // that of the first payment and the deed's note: "A-1001-2"
};
enum class Device : std::uint8_t { phone, second_phone, none };

struct Deed {
    DeedKind kind = DeedKind::pay;
    Part part = Part::first;
    std::chrono::milliseconds after{0};  // since the story began
    Order order = Order::fresh;
    std::string_view note;               // after the order reference where it is derived, else after the memo
    Device device = Device::phone;
    std::int64_t share = 100;            // per cent of the story's amount
    bool as_duplicate = false;           // of a refund: the second was a double of the first
};

struct Plot {
    Happening kind;
    std::vector<Trade> trades;
    std::optional<bool> with_order;  // only shops whose till sends order references, or only those whose does not
    int hour_from = 0, hour_to = 0;  // local hours in which it begins; equal: as the trade's habit is
};
const Plot& plot_of(Happening kind);
bool suits(const Plot& plot, const Shop& shop, money::Currency currency);

// What is dealt among ordinary purchases; monthly_fee belongs to the subscriptions.
std::span<const Happening> story_deck();

// In order of time. `refund_doubles`: a true double may have been given back already.
std::vector<Deed> deeds_of(Happening kind, bool refund_doubles, Dice& dice);

// What happened to the personas yesterday, in their own zone: theirs to complain about today.
struct FixedTale {
    std::int64_t persona;
    Happening kind;
    std::string_view shop;
    money::Currency currency;
    std::int64_t amount_minor;
    int hour, minute;
};
std::span<const FixedTale> fixed_tales();

}  // namespace okpay::demo
