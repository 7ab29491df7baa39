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

enum class DeedKind : std::uint8_t {
    pay,
    pay_without_funds,
    hold,
    capture,
    capture_part,
    cancel,
    refund,
    top_up,
    send,          // to the other person of the story
    send_back,     // by that person
    pay_by_other,  // nothing of it stands in the customer's account
};
enum class Part : std::uint8_t { first, second, third };  // which payment of the story the deed makes or is about
inline constexpr std::size_t parts_max = 3;
enum class Order : std::uint8_t {
    none,     // no order reference
    fresh,    // the shop's next one, where its till sends any
    same,     // that of the first payment
    derived,  // that of the first payment and the deed's note: "A-1001-2"
    part,     // the shop's next one and the deed's note: "A-1001-1", of which "A-1001-2" is the second part
};
enum class Device : std::uint8_t { phone, second_phone, none };
enum class Instrument : std::uint8_t { wallet, card };  // a card of this account, which draws on the wallet
enum class Wording : std::uint8_t { none, fee, conversion };  // what the line says behind the shop's name
// In the language of whoever pays in this currency.
std::string_view text_of(Wording wording, money::Currency currency);

struct Deed {
    DeedKind kind = DeedKind::pay;
    Part part = Part::first;
    std::chrono::milliseconds after{0};  // since the story began
    Order order = Order::fresh;
    std::string_view note;               // after the order reference where it is derived, else after the memo
    Device device = Device::phone;
    std::int64_t share = 100;            // per cent of the story's amount
    bool as_duplicate = false;           // of a refund: the second was a double of the first
    Instrument instrument = Instrument::wallet;
    Wording wording = Wording::none;
};

struct Plot {
    Happening kind;
    std::vector<Trade> trades;  // none: it is between people
    std::optional<bool> with_order;  // only shops whose till sends order references, or only those whose does not
    int hour_from = 0, hour_to = 0;  // local hours in which it begins; equal: as the trade's habit is
};
const Plot& plot_of(Happening kind);
bool needs_another(Happening kind);  // a second customer has a part in it
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
