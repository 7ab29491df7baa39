// SPDX-License-Identifier: Apache-2.0
#include "demo/stories.hpp"

#include <algorithm>
#include <cstdlib>

namespace okpay::demo {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using enum Trade;
using enum Happening;

milliseconds seconds_between(Dice& dice, std::int64_t least, std::int64_t most) {
    return milliseconds{dice.between(least * 1000, most * 1000)};
}

// The doubled pair, and the refund where the house has given it back already.
std::vector<Deed> doubled(milliseconds apart, Deed first, Deed second, bool refund_doubles, Dice& dice) {
    second.part = Part::second;
    second.after = apart;
    std::vector<Deed> deeds{first, second};
    if (refund_doubles && dice.chance(400)) {
        deeds.push_back({.kind = DeedKind::refund,
                         .part = Part::second,
                         .after = apart + seconds_between(dice, 3'600, 72 * 3'600),
                         .as_duplicate = true});
    }
    return deeds;
}

std::vector<Deed> twice(milliseconds apart, Device second_device = Device::phone) {
    return {{}, {.part = Part::second, .after = apart, .device = second_device}};
}

constexpr std::array deck{
    // Doubles are dealt twice as often as each of their look-alikes, and are still the smaller part.
    merchant_retry,
    merchant_retry,
    pos_double_tap,
    pos_double_tap,
    retry_new_order,
    retry_new_order,
    late_resubmission,
    late_resubmission,
    two_coffees,
    two_metro_rides,
    two_vending,
    two_cinema_tickets,
    two_donations,
    hold_and_capture,
    hold_and_cancel,
    failed_then_succeeded,
    tip_added_later,
    split_bill,
    reorder_after_cancel,
    reorder_after_refund,
    top_up_of_equal_amount,
    family_two_devices,
    over_collected,
    over_collected,
    fee_beside,
    currency_charge,
    instalments,
    split_tender,
    family_two_cards,
    incremental_authorisation,
    sent_back_and_forth,
    sent_twice,
    authorised_then_charged,
    shown_twice,
    not_ours,
};

constexpr std::array tales{
    FixedTale{0, merchant_retry, "书声书店", money::Currency::cny, 128'00, 19, 42},
    FixedTale{1, pos_double_tap, "Greenfield Market", money::Currency::eur, 46'35, 17, 18},
    FixedTale{2, merchant_retry, "巷口書屋", money::Currency::twd, 680'00, 20, 5},
    FixedTale{3, retry_new_order, "ひだまり書房", money::Currency::jpy, 2'970, 21, 10},
    FixedTale{4, two_coffees, "Corner Roast Coffee", money::Currency::usd, 4'60, 8, 12},
    FixedTale{5, failed_then_succeeded, "百川集市", money::Currency::cny, 269'00, 20, 31},
    FixedTale{6, two_cinema_tickets, "月台戲院", money::Currency::twd, 345'00, 18, 30},
    FixedTale{7, family_two_devices, "Greenfield Market", money::Currency::eur, 23'90, 18, 5},
};

}  // namespace

const Plot& plot_of(Happening kind) {
    static const std::array<Plot, happening_count> plots{
        Plot{merchant_retry, {bookshop, marketplace, pharmacy}, true},
        Plot{pos_double_tap, {supermarket, restaurant}, false},
        Plot{retry_new_order, {bookshop, marketplace, pharmacy, utilities}, true},
        Plot{late_resubmission, {bookshop, marketplace, utilities}, true, 9, 14},
        Plot{two_coffees, {coffee}, false, 7, 11},
        Plot{two_metro_rides, {transport}, false, 6, 10},
        Plot{two_vending, {vending}, false},
        Plot{two_cinema_tickets, {cinema}, false},
        Plot{two_donations, {charity}, false},
        Plot{hold_and_capture, {airline, marketplace, bookshop}, true},
        Plot{hold_and_cancel, {airline, marketplace, bookshop}, true},
        Plot{failed_then_succeeded, {supermarket, bookshop, marketplace, airline}, std::nullopt},
        Plot{tip_added_later, {restaurant}, true, 18, 21},
        Plot{split_bill, {restaurant}, std::nullopt, 18, 21},
        Plot{monthly_fee, {streaming}, true},
        Plot{reorder_after_cancel, {airline, marketplace, bookshop}, true, 9, 20},
        Plot{reorder_after_refund, {marketplace, bookshop, pharmacy}, true},
        Plot{top_up_of_equal_amount, {utilities, airline, marketplace}, true},
        Plot{family_two_devices, {coffee, cinema, supermarket}, false, 12, 19},
        Plot{over_collected, {hotel, airline, marketplace}, true},
        Plot{fee_beside, {airline, utilities, marketplace}, true},
        Plot{currency_charge, {airline, marketplace, hotel}, true},
        Plot{instalments, {airline, marketplace}, true},
        Plot{incremental_authorisation, {hotel}, true, 14, 20},
        Plot{authorised_then_charged, {hotel}, true, 14, 20},
        Plot{split_tender, {marketplace, bookshop, pharmacy}, true},
        Plot{family_two_cards, {coffee, cinema, supermarket}, false, 12, 19},
        Plot{sent_back_and_forth, {}, std::nullopt, 9, 22},
        Plot{sent_twice, {}, std::nullopt, 9, 22},
        Plot{shown_twice, {supermarket, pharmacy, marketplace}, std::nullopt},
        Plot{not_ours, {supermarket, pharmacy, marketplace}, std::nullopt},
    };
    return plots[static_cast<std::size_t>(kind)];
}

bool needs_another(Happening kind) { return kind == sent_back_and_forth || kind == sent_twice || kind == not_ours; }

std::string_view text_of(Wording wording, money::Currency currency) {
    const bool hans = currency == money::Currency::cny;
    const bool hant = currency == money::Currency::twd;
    switch (wording) {
    case Wording::none: return "";
    case Wording::fee: return hans ? " 手续费" : hant ? " 手續費" : " service fee";
    case Wording::conversion: return hans ? " 货币兑换费" : hant ? " 貨幣兌換費" : " currency conversion";
    }
    std::abort();  // no other value is ever made
}

bool suits(const Plot& plot, const Shop& shop, money::Currency currency) {
    return shop.takes(currency) && std::ranges::find(plot.trades, shop.trade) != plot.trades.end() &&
           (!plot.with_order || *plot.with_order == !shop.order_prefix.empty());
}

std::span<const Happening> story_deck() { return deck; }

std::span<const FixedTale> fixed_tales() { return tales; }

std::vector<Deed> deeds_of(Happening kind, bool refund_doubles, Dice& dice) {
    switch (kind) {
    case merchant_retry:
        return doubled(seconds_between(dice, 2, 20), {}, {.order = Order::derived, .note = "-2"}, refund_doubles, dice);
    case pos_double_tap: return doubled(seconds_between(dice, 5, 12), {}, {}, refund_doubles, dice);
    case retry_new_order: return doubled(seconds_between(dice, 60, 150), {}, {}, refund_doubles, dice);
    case late_resubmission:
        return doubled(seconds_between(dice, 2 * 3'600, 9 * 3'600), {},
                       {.order = Order::derived, .note = "-R1", .device = Device::none}, refund_doubles, dice);
    case two_coffees: return twice(seconds_between(dice, 4 * 3'600, 8 * 3'600));
    case two_metro_rides: return twice(seconds_between(dice, 7 * 3'600, 10 * 3'600));
    case two_vending: return twice(seconds_between(dice, 25, 140));
    case two_cinema_tickets: return twice(seconds_between(dice, 12, 50));
    case two_donations: return twice(seconds_between(dice, 90, 20 * 60));
    case hold_and_capture:
        return {{.kind = DeedKind::hold},
                {.kind = dice.chance(300) ? DeedKind::capture_part : DeedKind::capture,
                 .after = seconds_between(dice, 600, 30 * 3'600)}};
    case hold_and_cancel:
        return {{.kind = DeedKind::hold}, {.kind = DeedKind::cancel, .after = seconds_between(dice, 600, 30 * 3'600)}};
    case failed_then_succeeded: {
        const milliseconds filled = seconds_between(dice, 50, 200);
        return {{.kind = DeedKind::pay_without_funds},
                {.kind = DeedKind::top_up, .after = filled},
                {.part = Part::second, .after = filled + seconds_between(dice, 15, 90), .order = Order::same}};
    }
    case tip_added_later:
        return {{},
                {.part = Part::second,
                 .after = seconds_between(dice, 300, 5'400),
                 .order = Order::derived,
                 .note = "-TIP",
                 .share = dice.between(10, 18)}};
    case split_bill:
        return {{.note = " 1/2"}, {.part = Part::second, .after = seconds_between(dice, 20, 120), .note = " 2/2"}};
    case monthly_fee:
        return {{.device = Device::none}, {.part = Part::second, .after = hours{30 * 24}, .device = Device::none}};
    case reorder_after_cancel: {
        const milliseconds canceled = seconds_between(dice, 300, 7'200);
        return {{.kind = DeedKind::hold},
                {.kind = DeedKind::cancel, .after = canceled},
                {.part = Part::second, .after = canceled + seconds_between(dice, 60, 3'600)}};
    }
    case reorder_after_refund: {
        const milliseconds refunded = seconds_between(dice, 1'800, 30 * 3'600);
        return {{},
                {.kind = DeedKind::refund, .after = refunded},
                {.part = Part::second, .after = refunded + seconds_between(dice, 600, 7'200)}};
    }
    case top_up_of_equal_amount:
        return {{.kind = DeedKind::top_up}, {.part = Part::second, .after = seconds_between(dice, 20, 240)}};
    case family_two_devices: return twice(seconds_between(dice, 60, 45 * 60), Device::second_phone);
    case over_collected: {
        const milliseconds captured = seconds_between(dice, 600, 30 * 3'600);
        std::vector<Deed> deeds{{.kind = DeedKind::hold},
                                {.kind = DeedKind::capture, .after = captured},
                                {.part = Part::second,
                                 .after = captured + seconds_between(dice, 600, 40 * 3'600),
                                 .order = Order::derived,
                                 .note = "-2",
                                 .device = Device::none,
                                 .share = dice.between(8, 30)}};
        if (refund_doubles && dice.chance(300)) {
            deeds.push_back({.kind = DeedKind::refund,
                             .part = Part::second,
                             .after = deeds.back().after + seconds_between(dice, 3'600, 72 * 3'600),
                             .as_duplicate = true});
        }
        return deeds;
    }
    case fee_beside:
    case currency_charge:
        return {{},
                {.part = Part::second,
                 .after = seconds_between(dice, 1, 20),
                 .order = dice.chance(500) ? Order::derived : Order::fresh,
                 .note = "-2",
                 .share = dice.between(1, 4),
                 .wording = kind == fee_beside ? Wording::fee : Wording::conversion}};
    case instalments: {
        constexpr hours fortnight{14 * 24};
        return {{.order = Order::part, .note = "-1", .share = 33},
                {.part = Part::second,
                 .after = fortnight,
                 .order = Order::derived,
                 .note = "-2",
                 .device = Device::none,
                 .share = 33},
                {.part = Part::third,
                 .after = 2 * fortnight,
                 .order = Order::derived,
                 .note = "-3",
                 .device = Device::none,
                 .share = 33}};
    }
    case incremental_authorisation: {
        const milliseconds raised = seconds_between(dice, 16 * 3'600, 26 * 3'600);
        const milliseconds left = raised + seconds_between(dice, 14 * 3'600, 40 * 3'600);
        const std::int64_t more = dice.chance(500) ? 100 : dice.between(25, 60);  // another night, or the minibar
        return {{.kind = DeedKind::hold},
                {.kind = DeedKind::hold,
                 .part = Part::second,
                 .after = raised,
                 .order = Order::derived,
                 .note = "-2",
                 .device = Device::none,
                 .share = more},
                {.kind = DeedKind::capture, .after = left},
                {.kind = DeedKind::capture, .part = Part::second, .after = left + seconds{2}, .share = more}};
    }
    case authorised_then_charged: {
        const milliseconds left = seconds_between(dice, 14 * 3'600, 60 * 3'600);
        return {{.kind = DeedKind::hold},
                {.kind = DeedKind::cancel, .after = left},
                {.part = Part::second,
                 .after = left + seconds_between(dice, 1, 300),
                 .order = Order::same,
                 .device = Device::none,
                 .share = dice.between(60, 97)}};
    }
    case split_tender: {
        const std::int64_t of_the_first = dice.chance(300) ? 50 : dice.between(55, 85);
        return {{.share = of_the_first},
                {.part = Part::second,
                 .after = seconds_between(dice, 5, 90),
                 .order = Order::derived,
                 .note = "-2",
                 .share = 100 - of_the_first,
                 .instrument = Instrument::card}};
    }
    case family_two_cards:
        return {{},
                {.part = Part::second,
                 .after = seconds_between(dice, 60, 45 * 60),
                 .device = Device::second_phone,
                 .instrument = Instrument::card}};
    case sent_back_and_forth:
        return {{.kind = DeedKind::send},
                {.kind = DeedKind::send_back, .part = Part::second, .after = seconds_between(dice, 60, 30 * 3'600)}};
    case sent_twice:
        return {{.kind = DeedKind::send},
                {.kind = DeedKind::send, .part = Part::second, .after = seconds_between(dice, 8, 20 * 60)}};
    case shown_twice: return {{}};
    case not_ours: return {{.kind = DeedKind::pay_by_other}};
    }
    std::abort();  // no other value is ever made
}

}  // namespace okpay::demo
