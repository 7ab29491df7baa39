// SPDX-License-Identifier: Apache-2.0
#include "demo/merchants.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace okpay::demo {
namespace {

using money::Currency;
using enum Trade;
using enum money::Currency;

constexpr std::array all_shops{
    Shop{"晨光咖啡", coffee, "", {"江汉路店", "光谷店", "大学城店"}, {cny}},
    Shop{"江城地铁", transport, "", {"中南路站", "火车站", "街道口站"}, {cny}},
    Shop{"好邻里超市", supermarket, "", {"解放路店", "湖滨店", "北门店"}, {cny}},
    Shop{"书声书店", bookshop, "SS", {"", "", ""}, {cny}},
    Shop{"江畔小馆", restaurant, "", {"总店", "西门店", "江边店"}, {cny}},
    Shop{"随手购自助售货机", vending, "", {"教学楼一层", "体育馆", "二号楼大厅"}, {cny}},
    Shop{"星幕影城", cinema, "", {"天河店", "滨江店", "万松店"}, {cny}},
    Shop{"康宁大药房", pharmacy, "KN", {"", "", ""}, {cny}},
    Shop{"临江水电", utilities, "LJ", {"", "", ""}, {cny}},
    Shop{"青禾公益基金", charity, "", {"", "", ""}, {cny, twd}},
    Shop{"百川集市", marketplace, "BC-", {"", "", ""}, {cny, twd, usd}},
    Shop{"悦耳音乐会员", streaming, "YE", {"", "", ""}, {cny}},
    Shop{"暖暖茶飲", coffee, "", {"永康店", "師大店", "站前店"}, {twd}},
    Shop{"港灣捷運", transport, "", {"中央站", "河堤站", "文化站"}, {twd}},
    Shop{"巷口書屋", bookshop, "XK", {"", "", ""}, {twd}},
    Shop{"月台戲院", cinema, "", {"一廳", "二廳", "三廳"}, {twd}},
    Shop{"小村超市", supermarket, "", {"和平店", "公園店", "東門店"}, {twd}},
    Shop{"Corner Roast Coffee", coffee, "", {"Market Street", "Old Mill", "Station"}, {usd, eur}},
    Shop{"Riverside Transit", transport, "", {"Central", "Harbour", "Airport"}, {usd, eur}},
    Shop{"Greenfield Market", supermarket, "", {"High Street", "North Gate", "Riverside"}, {usd, eur}},
    Shop{"Paperback Lane", bookshop, "A-", {"", "", ""}, {usd, eur}},
    Shop{"The Copper Kettle", restaurant, "CK-", {"", "", ""}, {usd, eur}},
    Shop{"QuickStop Vending", vending, "", {"Platform 2", "Library hall", "Gym"}, {usd, eur}},
    Shop{"Harbour Lights Cinema", cinema, "", {"Screen 1", "Screen 3", "Gate"}, {usd, eur}},
    Shop{"Meadow Pharmacy", pharmacy, "MP", {"", "", ""}, {usd, eur}},
    Shop{"Brightwell Energy", utilities, "BW", {"", "", ""}, {usd, eur}},
    Shop{"Open Door Relief", charity, "", {"", "", ""}, {usd, eur, jpy}},
    Shop{"Northlight Streaming", streaming, "NL", {"", "", ""}, {usd, eur, jpy, twd}},
    Shop{"Aurelia Airways", airline, "AU", {"", "", ""}, {usd, eur, cny, jpy}},
    Shop{"あおば珈琲", coffee, "", {"駅前店", "本町店", "図書館店"}, {jpy}},
    Shop{"みなと交通", transport, "", {"港町駅", "中央駅", "大橋駅"}, {jpy}},
    Shop{"ひだまり書房", bookshop, "HD-", {"", "", ""}, {jpy}},
    Shop{"さくら通りスーパー", supermarket, "", {"南口店", "北口店", "川沿店"}, {jpy}},
    Shop{"云栖旅舍", hotel, "YQ", {"", "", ""}, {cny, twd}},
    Shop{"Lakeside Inn", hotel, "LI", {"", "", ""}, {usd, eur, jpy}},
};

static_assert(all_shops.size() <= shop_count_max);

//                                                    0                 6                 12                18
constexpr std::array<Habit, trade_count> habits{
    /* coffee */ Habit{30, 22, {0, 0, 0, 0, 0, 1, 6, 24, 30, 18, 12, 9, 10, 16, 14, 12, 9, 7, 5, 3, 2, 1, 0, 0}},
    /* transport */ Habit{30, 16, {0, 0, 0, 0, 0, 2, 12, 30, 26, 10, 6, 6, 7, 7, 6, 8, 12, 26, 28, 14, 8, 6, 4, 1}},
    /* vending */ Habit{9, 5, {0, 0, 0, 0, 0, 0, 1, 4, 6, 8, 10, 9, 9, 10, 11, 12, 10, 8, 8, 8, 7, 4, 2, 1}},
    /* supermarket */ Habit{16, 24, {0, 0, 0, 0, 0, 0, 0, 2, 5, 9, 12, 12, 8, 7, 8, 9, 12, 18, 22, 20, 13, 7, 2, 0}},
    /* bookshop */ Habit{4, 6, {1, 0, 0, 0, 0, 0, 0, 1, 2, 5, 8, 8, 9, 8, 8, 9, 9, 8, 8, 10, 13, 14, 10, 4}},
    /* restaurant */ Habit{12, 18, {0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 4, 18, 28, 16, 4, 3, 5, 14, 26, 26, 14, 6, 2, 0}},
    /* cinema */ Habit{2, 8, {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 4, 5, 8, 9, 9, 9, 11, 16, 20, 16, 8, 2, 0}},
    /* charity */ Habit{1, 1, {1, 0, 0, 0, 0, 0, 1, 2, 4, 6, 7, 7, 8, 6, 6, 6, 6, 6, 7, 9, 11, 11, 8, 4}},
    /* streaming */ Habit{0, 0, {0, 0, 0, 1, 4, 6, 6, 4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
    /* utilities */ Habit{2, 1, {0, 0, 0, 0, 0, 0, 1, 2, 6, 9, 10, 8, 7, 7, 7, 7, 6, 5, 6, 8, 8, 5, 2, 1}},
    /* airline */ Habit{1, 1, {1, 0, 0, 0, 0, 0, 1, 2, 4, 7, 8, 8, 7, 7, 7, 7, 6, 6, 7, 9, 11, 10, 6, 3}},
    /* pharmacy */ Habit{4, 3, {0, 0, 0, 0, 0, 0, 0, 2, 7, 10, 11, 10, 7, 7, 8, 9, 10, 11, 11, 9, 6, 3, 1, 0}},
    /* marketplace */ Habit{8, 10, {3, 1, 0, 0, 0, 0, 1, 3, 5, 7, 8, 8, 9, 8, 7, 7, 7, 7, 8, 11, 15, 17, 14, 8}},
    /* hotel */ Habit{1, 2, {1, 0, 0, 0, 0, 0, 1, 3, 8, 12, 10, 6, 4, 4, 8, 10, 10, 10, 8, 6, 5, 4, 3, 2}},
};

// In US cents. A menu where it is not empty, else a range in steps of one minor unit of the currency asked.
struct Prices {
    std::vector<std::int64_t> menu;
    std::int64_t least = 0, most = 0;
};
const Prices& prices_of(Trade trade) {
    static const std::array<Prices, trade_count> prices{
        /* coffee */ Prices{{260, 300, 340, 380, 420, 460, 520}},
        /* transport */ Prices{{60, 90, 120, 150, 210}},
        /* vending */ Prices{{50, 80, 100, 140}},
        /* supermarket */ Prices{{}, 420, 5200},
        /* bookshop */ Prices{{680, 790, 980, 1150, 1390, 1680, 1990, 2450, 3200}},
        /* restaurant */ Prices{{}, 700, 4400},
        /* cinema */ Prices{{650, 790, 890, 1150}},
        /* charity */ Prices{{300, 500, 1000, 2000, 5000}},
        /* streaming */ Prices{{499, 899, 1199}},
        /* utilities */ Prices{{}, 1800, 9800},
        /* airline */ Prices{{}, 9000, 52000},
        /* pharmacy */ Prices{{}, 380, 3900},
        /* marketplace */ Prices{{}, 520, 14500},
        /* hotel */ Prices{{}, 5200, 21000},
    };
    return prices[static_cast<std::size_t>(trade)];
}

std::int64_t rounded_to(std::int64_t amount, std::int64_t step) { return std::max(step, (amount + step / 2) / step * step); }

}  // namespace

bool Shop::takes(Currency currency) const {
    return std::ranges::find(currencies, std::optional{currency}) != currencies.end();
}

std::span<const Shop> shops() { return all_shops; }

const Habit& habit_of(Trade trade) { return habits[static_cast<std::size_t>(trade)]; }

std::int64_t price_minor(Trade trade, Currency currency, Dice& dice) {
    const Prices& prices = prices_of(trade);
    const bool menu = !prices.menu.empty();
    const std::int64_t cents = menu ? dice.one_of(prices.menu) : dice.between(prices.least, prices.most);
    // Rough rates that never move: prices must look right, not follow a market.
    switch (currency) {
    case jpy:
    case krw: return menu ? rounded_to(cents * 3 / 2, 10) : cents * 3 / 2;
    case cny:
    case hkd:
    case mop: return rounded_to(cents * 7 + (menu ? 0 : dice.between(0, 99)), menu ? 50 : 1);
    case twd: return rounded_to(cents * 30, menu ? 500 : 100);
    case usd:
    case eur:
    case gbp:
    case chf:
    case aud:
    case cad:
    case sgd: return rounded_to(cents, menu ? 5 : 1);
    case bhd: return rounded_to(cents * 4, 50);
    }
    std::abort();  // a number from outside that was never parsed
}

std::int64_t top_up_step_minor(Currency currency) {
    switch (currency) {
    case jpy: return 3'000;
    case krw: return 30'000;
    case cny:
    case hkd:
    case mop: return 20'000;
    case twd: return 100'000;
    case usd:
    case eur:
    case gbp:
    case chf:
    case aud:
    case cad:
    case sgd: return 3'000;
    case bhd: return 10'000;
    }
    std::abort();
}

}  // namespace okpay::demo
