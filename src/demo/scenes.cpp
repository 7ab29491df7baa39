// SPDX-License-Identifier: Apache-2.0
#include "demo/scenes.hpp"

#include <algorithm>
#include <cstdlib>

namespace okpay::demo {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using enum MoveKind;
using enum Trade;

// Builds the moves in order, each some time after the one before.
class Scenes {
public:
    explicit Scenes(Dice& dice) : dice_{dice} {}
    void then(std::chrono::seconds least, std::chrono::seconds most, Move move) {
        at_ += milliseconds{dice_.between(milliseconds{least}.count(), milliseconds{most}.count())};
        move.after = at_;
        moves_.push_back(move);
    }
    [[nodiscard]] std::size_t last() const { return moves_.size() - 1; }
    Scene with(std::size_t people) { return {.people = people, .moves = std::move(moves_)}; }

private:
    Dice& dice_;
    milliseconds at_{0};
    std::vector<Move> moves_;
};

Scene takeover(Dice& dice) {
    Scenes scenes{dice};
    const auto before = [](Move move) {
        move.part_of_it = false;
        return move;
    };
    scenes.then(seconds{0}, seconds{1}, before({.kind = choose_password}));
    scenes.then(minutes{5}, hours{3}, before({.kind = sign_in}));
    scenes.then(hours{20}, hours{60}, {.kind = sign_in, .gadget = Gadget::strangers});
    scenes.then(seconds{40}, minutes{3}, {.kind = choose_password, .gadget = Gadget::strangers});
    scenes.then(seconds{30}, minutes{3}, {.kind = top_up, .share = dice.between(100, 220), .gadget = Gadget::strangers});
    scenes.then(seconds{20}, seconds{90}, {.kind = send_share, .to = 1, .share = dice.between(45, 70)});
    scenes.then(seconds{20}, seconds{90}, {.kind = send_share, .to = 2, .share = dice.between(55, 80)});
    scenes.then(minutes{4}, minutes{9}, {.kind = pay, .share = dice.between(4, 14), .gadget = Gadget::strangers});
    return scenes.with(3);
}

Scene card_testing_burst(Dice& dice) {
    Scenes scenes{dice};
    const std::int64_t cards = dice.between(8, 14);
    for (std::int64_t card = 0; card < cards; ++card) {
        scenes.then(
            seconds{9}, seconds{45},
            {.kind = top_up, .share = dice.between(1, 5), .gadget = Gadget::strangers, .source = Source::fresh_card});
    }
    scenes.then(minutes{2}, minutes{8},
                {.kind = top_up, .share = dice.between(80, 150), .gadget = Gadget::strangers, .source = Source::fresh_card});
    scenes.then(minutes{4}, minutes{12}, {.kind = pay, .share = dice.between(60, 90), .gadget = Gadget::strangers});
    return scenes.with(1);
}

Scene mules(Dice& dice) {
    Scenes scenes{dice};
    const auto brought = [](Move move) {  // by those who were talked into it
        move.part_of_it = false;
        return move;
    };
    scenes.then(seconds{0}, seconds{1}, brought({.kind = top_up, .by = 3, .share = 110}));
    scenes.then(minutes{2}, minutes{20}, {.kind = send, .by = 3, .to = 0, .share = 100});
    scenes.then(seconds{30}, minutes{10}, brought({.kind = top_up, .by = 4, .share = 90}));
    scenes.then(minutes{2}, minutes{20}, {.kind = send, .by = 4, .to = 0, .share = 80});
    scenes.then(minutes{1}, minutes{9}, {.kind = send, .by = 0, .to = 1, .share = dice.between(160, 176)});
    scenes.then(minutes{1}, minutes{9}, {.kind = send, .by = 1, .to = 2, .share = dice.between(140, 158)});
    return scenes.with(5);
}

Scene refunds(Dice& dice, bool abuse) {
    Scenes scenes{dice};
    const std::int64_t parcels = abuse ? dice.between(5, 7) : 3;
    for (std::int64_t parcel = 0; parcel < parcels; ++parcel) {
        const bool minutes_apart = !abuse && parcel > 0;
        scenes.then(minutes_apart ? minutes{5} : minutes{60 * 12}, minutes_apart ? minutes{25} : minutes{60 * 40},
                    {.kind = pay, .share = dice.between(40, 120), .trade = dice.chance(700) ? marketplace : bookshop});
        if (!abuse) continue;
        const std::size_t paid = scenes.last();
        scenes.then(hours{26}, hours{70}, {.kind = refund, .about = paid});
    }
    if (abuse) return scenes.with(1);
    scenes.then(hours{30}, hours{80}, {.kind = refund, .about = 0});
    scenes.then(minutes{1}, hours{2}, {.kind = refund, .about = 1});
    return scenes.with(1);
}

Scene holiday(Dice& dice) {
    Scenes scenes{dice};
    scenes.then(seconds{0}, seconds{1}, {.kind = top_up, .share = 250});
    scenes.then(minutes{5}, minutes{50}, {.kind = pay, .share = dice.between(90, 130), .trade = airline});
    scenes.then(minutes{5}, minutes{50}, {.kind = pay, .share = dice.between(50, 80), .trade = hotel});
    for (int meal = 0; meal < 3; ++meal) {
        scenes.then(hours{3}, hours{8}, {.kind = pay, .share = dice.between(8, 18), .trade = restaurant});
        scenes.then(minutes{40}, hours{3},
                    {.kind = pay, .share = dice.between(3, 12), .trade = dice.chance(500) ? cinema : coffee});
    }
    return scenes.with(1);
}

Scene salary(Dice& dice) {
    Scenes scenes{dice};
    scenes.then(seconds{0}, seconds{1}, {.kind = top_up, .share = 420});
    scenes.then(minutes{10}, hours{2}, {.kind = send, .to = 1, .share = dice.between(150, 190)});  // the rent
    scenes.then(minutes{5}, hours{1}, {.kind = pay, .share = dice.between(30, 45), .trade = utilities});
    scenes.then(minutes{5}, hours{3}, {.kind = pay, .share = dice.between(25, 50), .trade = supermarket});
    scenes.then(minutes{5}, hours{1}, {.kind = send, .to = 2, .share = dice.between(20, 40)});
    return scenes.with(3);
}

Scene moving(Dice& dice) {
    Scenes scenes{dice};
    scenes.then(seconds{0}, seconds{1}, {.kind = choose_password, .gadget = Gadget::new_phone});
    scenes.then(seconds{30}, minutes{4}, {.kind = sign_in, .gadget = Gadget::new_phone});
    scenes.then(minutes{1}, minutes{9}, {.kind = top_up, .share = 330, .gadget = Gadget::new_phone});
    scenes.then(minutes{5}, hours{1}, {.kind = send, .to = 1, .share = dice.between(60, 90)});  // for the van
    scenes.then(minutes{5}, hours{2},
                {.kind = pay, .share = dice.between(30, 60), .trade = utilities, .gadget = Gadget::new_phone});
    scenes.then(minutes{5}, hours{2}, {.kind = pay, .share = dice.between(40, 90), .gadget = Gadget::new_phone});
    scenes.then(minutes{5}, hours{2},
                {.kind = pay, .share = dice.between(20, 40), .trade = supermarket, .gadget = Gadget::new_phone});
    return scenes.with(2);
}

Scene dinner(Dice& dice) {
    Scenes scenes{dice};
    const std::int64_t part = dice.between(22, 30);
    for (std::size_t friend_of = 1; friend_of <= 3; ++friend_of) {
        scenes.then(seconds{20}, minutes{9}, {.kind = send, .by = friend_of, .to = 0, .share = part});
    }
    scenes.then(minutes{4}, minutes{20}, {.kind = pay, .share = part * 4, .trade = restaurant});
    return scenes.with(4);
}

}  // namespace

Scene scene_of(Scenario scenario, Dice& dice) {
    switch (scenario) {
    case Scenario::account_takeover: return takeover(dice);
    case Scenario::card_testing: return card_testing_burst(dice);
    case Scenario::mule_chain: return mules(dice);
    case Scenario::refund_abuse: return refunds(dice, true);
    case Scenario::holiday_spending: return holiday(dice);
    case Scenario::salary_day: return salary(dice);
    case Scenario::moving_house: return moving(dice);
    case Scenario::shared_dinner: return dinner(dice);
    case Scenario::trying_on: return refunds(dice, false);
    }
    std::abort();  // no other value is ever made
}

std::int64_t sum_steps(Scenario scenario, Dice& dice) {
    const bool large = scenario == Scenario::account_takeover || scenario == Scenario::mule_chain ||
                       scenario == Scenario::salary_day || scenario == Scenario::holiday_spending;
    return large ? dice.between(6, 14) : dice.between(2, 5);
}

}  // namespace okpay::demo
