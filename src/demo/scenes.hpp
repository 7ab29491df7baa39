// SPDX-License-Identifier: Apache-2.0
// Scenes that a risk officer watches: fraud, and everyday life that looks like it. Plans only, as in stories.hpp; a scene is
// some people and their moves, and ends with its last one.
#pragma once

#include <optional>
#include <vector>

#include "demo/dice.hpp"
#include "demo/merchants.hpp"
#include "demo/truth.hpp"

namespace okpay::demo {

enum class MoveKind : std::uint8_t {
    choose_password,
    sign_in,
    top_up,
    pay,
    send,
    send_share,  // of what the mover has, rather than of the scene's sum
    refund,  // by the shop: the payment of the move `about`
};
enum class Gadget : std::uint8_t { own_phone, new_phone, strangers };
enum class Source : std::uint8_t { stored, fresh_card };  // of a top-up

struct Move {
    MoveKind kind;
    std::chrono::milliseconds after{0};  // since the scene began; never falls
    std::size_t by = 0, to = 0;  // people of the scene
    std::int64_t share = 0;  // per cent of the scene's sum, or of what the mover has
    Trade trade = Trade::marketplace;
    Gadget gadget = Gadget::own_phone;
    Source source = Source::stored;
    std::size_t about = 0;
    bool part_of_it = true;  // what the truth names; false: what came before
};

struct Scene {
    std::size_t people;  // of one currency
    std::vector<Move> moves;
};
Scene scene_of(Scenario scenario, Dice& dice);

// What a hundred per cent is, in steps of top_up_step_minor.
std::int64_t sum_steps(Scenario scenario, Dice& dice);

}  // namespace okpay::demo
