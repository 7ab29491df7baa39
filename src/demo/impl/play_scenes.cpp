// SPDX-License-Identifier: Apache-2.0
// The scenes of scenes.hpp: who plays them, and their moves carried out.
#include <utility>

#include "base/ensure.hpp"
#include "demo/impl/play.hpp"
#include "demo/uses.hpp"

namespace okpay::demo {

void World::Play::plan_scene() {
    constexpr std::int64_t least_apart = 180, most_apart = 260;
    constexpr int tries_max = 60;
    if (scenario_deck_.empty()) {
        scenario_deck_.assign(all_scenarios.begin(), all_scenarios.end());
        for (std::size_t left = scenario_deck_.size(); left > 1; --left)
            std::swap(scenario_deck_[left - 1], scenario_deck_[scenes_dice_.below(left)]);
    }
    const Scenario scenario = scenario_deck_.back();
    Scene scene = scene_of(scenario, scenes_dice_);
    Staged staged{.scenario = scenario,
                  .people = {},
                  .sum_minor = 0,
                  .moves = std::move(scene.moves),
                  .made = {},
                  .from = {},
                  .until = {}};
    for (int i = 0; i < tries_max && staged.people.empty(); ++i) {
        const std::int64_t customer = draw_customer();
        if (customer >= persona_count) staged.people.push_back({.customer = customer, .wallet = 0});
    }
    purchases_until_scene_ = scenes_dice_.between(least_apart, most_apart);
    if (staged.people.empty()) return;  // nobody is here yet but the personas
    const money::Currency currency = till_.wallet(staged.people.front().customer, 0).currency;
    for (int i = 0; i < tries_max && staged.people.size() < scene.people; ++i) {
        const auto other = draw_other(staged.people.front().customer, currency);
        if (!other || std::ranges::find(staged.people, other->customer, &Person::customer) != staged.people.end()) continue;
        staged.people.push_back(*other);
    }
    const std::size_t zone = patrons_[static_cast<std::size_t>(staged.people.front().customer)].zone;
    const Moment at = calendar_.moment_between(9, 21, zone, scenes_dice_);
    const bool ends_in_time = at + staged.moves.back().after < calendar_.start(calendar_.days() - 1);
    if (staged.people.size() < scene.people || !ends_in_time) return;
    scenario_deck_.pop_back();
    staged.sum_minor = sum_steps(scenario, scenes_dice_) * top_up_step_minor(currency);
    const std::uint64_t number = ++scenes_made_;
    for (std::size_t move = 0; move < staged.moves.size(); ++move) {
        push({.at = at + staged.moves[move].after,
              .act = Act::move,
              .deed = static_cast<std::uint8_t>(move),
              .story = number});
    }
    scenes_.emplace(number, std::move(staged));
}

void World::Play::perform_move(const Step& step) {
    Staged& staged = scenes_.at(step.story);
    const Move& move = staged.moves[step.deed];
    staged.made.push_back(carry_out(staged, move, step.at));
    if (move.part_of_it && staged.from == Moment{}) staged.from = step.at;
    staged.until = step.at;
    if (step.deed + 1U < staged.moves.size()) return;
    auto ended = scenes_.extract(step.story);
    std::vector<std::string> emails;
    for (const Person& who : ended.mapped().people) emails.push_back(person(size_.seed, who.customer).email);
    ended_scenes_.push_back({.number = step.story, .staged = std::move(ended.mapped()), .emails = std::move(emails)});
}

// What the move made; place 0 where it made no payment.
Paid World::Play::carry_out(const Staged& staged, const Move& move, Moment at) {
    const Person& who = staged.people[move.by];
    const Wallet& wallet = till_.wallet(who.customer, who.wallet);
    // Never twice the same sum by chance: that would be a double that nobody tells of.
    const std::int64_t wanted = staged.sum_minor * move.share / 100 + static_cast<std::int64_t>(scenes_dice_.below(89)) + 1;
    Paid paid{.place = 0, .customer = who.customer, .wallet = who.wallet, .shop = 0, .amount_minor = wanted};
    const auto send = [&](std::int64_t minor) {
        const Person& to = staged.people[move.to];
        if (minor < 1) return;
        paid.amount_minor = minor;
        paid.place = till_.send({.payer = who.customer,
                                 .payee = to.customer,
                                 .payer_wallet = who.wallet,
                                 .payee_wallet = to.wallet,
                                 .amount_minor = minor,
                                 .memo = ""},
                                at);
    };
    switch (move.kind) {
    case MoveKind::choose_password: till_.choose_password(who.customer, at); break;
    case MoveKind::sign_in: till_.sign_in(who.customer, at); break;
    case MoveKind::top_up: {
        const std::string card = move.source == Source::fresh_card ? till_.fresh_card() : "";
        paid.place = till_.top_up(who.customer, who.wallet, wanted, at, card);
        break;
    }
    case MoveKind::pay: return pay_at(who, move, wanted, at);
    case MoveKind::send: send(wanted); break;
    case MoveKind::send_share: send(wallet.available_minor * move.share / 100); break;
    case MoveKind::refund:
        paid = staged.made[move.about];
        till_.refund(paid, std::nullopt, at);
        paid.place = till_.rows_made();
        break;
    }
    return paid;
}

Paid World::Play::pay_at(const Person& who, const Move& move, std::int64_t minor, Moment at) {
    const money::Currency currency = till_.wallet(who.customer, who.wallet).currency;
    std::vector<std::size_t> fitting, any;
    for (std::size_t shop = 0; shop < shops().size(); ++shop) {
        if (!shops()[shop].takes(currency)) continue;
        if (shops()[shop].trade == move.trade) fitting.push_back(shop);
        if (!shops()[shop].order_prefix.empty() && shops()[shop].trade != Trade::streaming) any.push_back(shop);
    }
    ensure(!any.empty());
    const std::size_t shop = scenes_dice_.one_of(fitting.empty() ? any : fitting);
    const auto device_of = [&](Gadget gadget) {
        switch (gadget) {
        case Gadget::own_phone: return device(who.customer, Device::phone);
        case Gadget::new_phone: return device(who.customer, Device::second_phone);
        case Gadget::strangers: return device(-1 - who.customer, Device::phone);  // of nobody who is a customer
        }
        std::abort();
    };
    Paid paid{.place = 0, .customer = who.customer, .wallet = who.wallet, .shop = shop, .amount_minor = minor};
    paid.place = till_.charge({.customer = who.customer,
                               .wallet = who.wallet,
                               .shop = shop,
                               .amount_minor = minor,
                               .order_ref = next_order(shop),
                               .memo = memo(who.customer, shop, ""),
                               .device = device_of(move.gadget)},
                              at);
    patrons_[static_cast<std::size_t>(who.customer)].last_paid = at;
    return paid;
}

std::vector<Movements> World::Play::take_movements() {
    std::vector<Movements> all;
    for (EndedScene& ended : std::exchange(ended_scenes_, {})) {
        Movements movements{.scenario = ended.staged.scenario,
                            .number = static_cast<std::int64_t>(ended.number),
                            .payments = {},
                            .customers = std::move(ended.emails),
                            .from = ended.staged.from,
                            .until = ended.staged.until};
        for (std::size_t move = 0; move < ended.staged.moves.size(); ++move) {
            const std::int64_t place = ended.staged.made[move].place;
            if (place != 0 && ended.staged.moves[move].part_of_it) movements.payments.push_back(till_.payment_number(place));
        }
        all.push_back(std::move(movements));
    }
    return all;
}

}  // namespace okpay::demo
