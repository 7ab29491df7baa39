// SPDX-License-Identifier: Apache-2.0
#include "demo/impl/play.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/ensure.hpp"
#include "demo/uses.hpp"

namespace okpay::demo {
namespace {

constexpr std::int64_t customers_of_the_first_day_per_cent = 60;
constexpr std::chrono::minutes between_purchases{4};  // of one customer; less than that is a story
constexpr std::chrono::hours worth_a_mail{72};

std::size_t zone_index(std::string_view zone) {
    const auto* found = std::ranges::find(all_zones, zone);
    ensure(found != all_zones.end());
    return static_cast<std::size_t>(found - all_zones.begin());
}

// What people return, and then ask where the refund is.
bool may_come_back(Trade trade) {
    return trade == Trade::bookshop || trade == Trade::marketplace || trade == Trade::supermarket ||
           trade == Trade::pharmacy;
}

std::size_t shop_called(std::string_view name) {
    const auto found = std::ranges::find(shops(), name, &Shop::name);
    ensure(found != shops().end());
    return static_cast<std::size_t>(found - shops().begin());
}

}  // namespace

World::Play::Play(const WorldSize& size, const ApiKeyHash& api_key_hash)
    : size_{size},
      calendar_{size.now, days_before_now, size.transactions},
      till_{size.seed, calendar_.start(0)},
      traffic_{Dice::of(size.seed, uses::traffic)},
      scenes_dice_{Dice::of(size.seed, uses::scenes)} {
    ensure(size.customers >= 1 && size.customers <= customers_max);
    ensure(size.transactions >= 0 && size.transactions <= transactions_max);
    ensure(size.tickets >= 0 && size.tickets <= tickets_max);
    for (const Shop& shop : shops()) till_.register_shop(shop, api_key_hash(shop.name), calendar_.start(0));
    last_order_.assign(shops().size(), 1'000);
}

std::optional<service::Command> World::Play::next() {
    while (!till_.has_command()) {
        if (next_day_ < calendar_.days() && (steps_.empty() || steps_.top().at >= calendar_.start(next_day_))) {
            plan(next_day_++);
            continue;
        }
        if (steps_.empty()) return std::nullopt;
        const Step step = steps_.top();
        steps_.pop();
        if (step.at < calendar_.now()) perform(step);
    }
    return till_.take_command();
}

// --- Planning a day -------------------------------------------------------------------------------------------------

void World::Play::plan(std::int64_t day) {
    calendar_.turn_to(day);
    weekend_ = calendar_.is_weekend(day);
    plan_joins(day);
    if (patrons_.empty()) return;
    plan_subscriptions(day);
    // What a purchase comes to (top-ups, refunds) is learnt from the days before, so that no error lasts.
    if (planned_ > 0) {
        const std::int64_t yesterday = (till_.rows_made() - rows_before_) * 1'000 / planned_;
        rows_per_thousand_ = std::clamp<std::int64_t>((rows_per_thousand_ * 7 + yesterday) / 8, 300, 2'500);
    }
    rows_before_ = till_.rows_made();
    const std::int64_t wanted = calendar_.rows_by_end_of(day) - till_.rows_made() - plan_tales(day);
    planned_ = std::max<std::int64_t>(0, wanted * 1'000 / rows_per_thousand_);
    for (std::int64_t i = 0; i < planned_; ++i) {
        if (--purchases_until_scene_ <= 0) plan_scene();
        if (--purchases_until_story_ <= 0) {
            purchases_until_story_ = traffic_.between(20, 40);
            if (deck_.empty()) {
                deck_.assign(story_deck().begin(), story_deck().end());
                for (std::size_t left = deck_.size(); left > 1; --left)
                    std::swap(deck_[left - 1], deck_[traffic_.below(left)]);
            }
            const Happening kind = deck_.back();
            deck_.pop_back();
            if (plan_story(day, kind)) continue;
        }
        plan_purchase();
    }
}

void World::Play::plan_joins(std::int64_t day) {
    const std::int64_t early = std::max<std::int64_t>(1, size_.customers * customers_of_the_first_day_per_cent / 100);
    const std::int64_t late = size_.customers - early;
    const auto joining = [&](std::int64_t index) {  // in the order of the index, so that numbers are in order too
        if (index < early) return calendar_.start(0) + Millis{std::chrono::hours{20}} * index / early;
        const Moment from = calendar_.start(1);
        return from + (calendar_.start(days_before_now - 12) - from) * (index - early) / std::max<std::int64_t>(1, late);
    };
    for (auto index = static_cast<std::int64_t>(patrons_.size()); index < size_.customers; ++index) {
        const Moment at = joining(index);
        if (at >= calendar_.end(day)) break;
        const Persona who = person(size_.seed, index);
        patrons_.push_back({.zone = static_cast<std::uint8_t>(zone_index(who.zone)), .last_paid = at});
        activity_.push_back((activity_.empty() ? 0 : activity_.back()) + 100'000'000 / (index + 20));
        push({.at = at, .act = Act::join, .customer = index});
    }
}

void World::Play::plan_subscriptions(std::int64_t day) {
    constexpr std::int64_t period_days = 30;
    // A quarter of the customers, fewer where that would be most of what is asked for.
    const std::int64_t per_mille = std::min<std::int64_t>(250, size_.transactions * 20 / size_.customers);
    const std::int64_t long_month = calendar_.day_of_long_month();
    const auto joined = till_.customers();
    for (std::int64_t customer = 0; customer < joined; ++customer) {
        Dice dice = Dice::of(size_.seed, uses::subscription, static_cast<std::uint64_t>(customer));
        const bool subscribed = dice.chance(static_cast<std::uint64_t>(per_mille));
        const bool from_the_first = long_month >= 0 && dice.chance(250);
        const std::int64_t day_of_period = from_the_first ? long_month % period_days : dice.between(0, period_days - 1);
        if (!subscribed || day % period_days != day_of_period) continue;
        // Charged in the morning, when it is the same day everywhere that our customers live.
        const Moment at =
            calendar_.start(day) + Millis{dice.between(std::chrono::milliseconds{std::chrono::hours{8}}.count(),
                                                       std::chrono::milliseconds{std::chrono::hours{14}}.count())};
        const money::Currency currency = till_.wallet(customer, 0).currency;
        for (std::size_t shop = 0; shop < shops().size(); ++shop) {
            if (shops()[shop].trade != Trade::streaming || !shops()[shop].takes(currency)) continue;
            const std::int64_t fee = price_minor(Trade::streaming, currency, dice);
            if (from_the_first && day == long_month + period_days) break;  // the second of the pair, planned with the first
            Story story{
                .kind = Happening::monthly_fee, .customer = customer, .wallet = 0, .shop = shop, .amount_minor = fee};
            if (from_the_first && day == long_month) {
                schedule(std::move(story), at, false, dice);
            } else {
                push({.at = at,
                      .act = Act::subscription,
                      .shop = static_cast<std::uint16_t>(shop),
                      .customer = customer,
                      .amount_minor = fee});
            }
            break;
        }
    }
}

std::int64_t World::Play::plan_tales(std::int64_t day) {
    std::int64_t rows = 0;
    for (const FixedTale& tale : fixed_tales()) {
        if (tale.persona >= till_.customers()) continue;
        Dice dice = Dice::of(size_.seed, uses::tale, static_cast<std::uint64_t>(tale.persona));
        const Moment at =
            calendar_.yesterday(patrons_[static_cast<std::size_t>(tale.persona)].zone, tale.hour, tale.minute) +
            Millis{dice.between(0, 59'999)};
        if (at < calendar_.start(day) || at >= calendar_.start(day + 1)) continue;
        const auto wallet = wallet_in(tale.persona, tale.currency);
        ensure(wallet.has_value());
        schedule({.kind = tale.kind,
                  .customer = tale.persona,
                  .wallet = *wallet,
                  .shop = shop_called(tale.shop),
                  .amount_minor = tale.amount_minor},
                 at, false, dice);
        rows += 2;
    }
    return rows;
}

void World::Play::plan_purchase() {
    const std::int64_t customer = draw_customer();
    const std::size_t wallet = till_.wallet_count(customer) == 2 && traffic_.chance(150) ? 1 : 0;
    const auto shop = draw_shop(customer, till_.wallet(customer, wallet).currency);
    if (!shop) return;
    const std::size_t zone = patrons_[static_cast<std::size_t>(customer)].zone;
    push({.at = calendar_.moment_in(habit_of(shops()[*shop].trade).hours, zone, traffic_),
          .act = Act::purchase,
          .wallet = static_cast<std::uint8_t>(wallet),
          .shop = static_cast<std::uint16_t>(*shop),
          .customer = customer});
}

bool World::Play::plan_story(std::int64_t day, Happening kind) {
    constexpr int tries_max = 40;
    const Plot& plot = plot_of(kind);
    for (int i = 0; i < tries_max; ++i) {
        const std::int64_t customer = draw_customer();
        // What the personas complain of shall stand out in their last days.
        if (customer < persona_count && day >= calendar_.days() - 5) continue;
        const std::size_t wallet = traffic_.below(till_.wallet_count(customer));
        const money::Currency currency = till_.wallet(customer, wallet).currency;
        std::vector<std::size_t> fitting;
        for (std::size_t shop = 0; shop < shops().size(); ++shop) {
            if (suits(plot, shops()[shop], currency)) fitting.push_back(shop);
        }
        if (fitting.empty() && !plot.trades.empty()) continue;
        const auto other = needs_another(kind) ? draw_other(customer, currency) : std::nullopt;
        if (needs_another(kind) && !other) continue;
        const std::size_t shop = fitting.empty() ? 0 : traffic_.one_of(fitting);
        const Trade trade = fitting.empty() ? Trade::restaurant : shops()[shop].trade;  // friends share what meals cost
        const std::size_t zone = patrons_[static_cast<std::size_t>(customer)].zone;
        const Moment at = plot.hour_from == plot.hour_to
                              ? calendar_.moment_in(habit_of(trade).hours, zone, traffic_)
                              : calendar_.moment_between(plot.hour_from, plot.hour_to, zone, traffic_);
        return schedule({.kind = kind,
                         .customer = customer,
                         .wallet = wallet,
                         .shop = shop,
                         .amount_minor = price_minor(trade, currency, traffic_),
                         .other = other ? other->customer : -1,
                         .other_wallet = other ? other->wallet : 0},
                        at, true, traffic_);
    }
    return false;  // nobody here has such a shop
}

// Somebody else with a wallet in this currency; no persona, whose histories shall stand out.
std::optional<World::Play::Person> World::Play::draw_other(std::int64_t customer, money::Currency currency) {
    constexpr int tries_max = 40;
    for (int i = 0; i < tries_max; ++i) {
        const std::int64_t other = draw_customer();
        const auto wallet = wallet_in(other, currency);
        if (other != customer && other >= persona_count && wallet) return Person{.customer = other, .wallet = *wallet};
    }
    return std::nullopt;
}

bool World::Play::schedule(Story story, Moment at, bool refund_doubles, Dice& dice) {
    story.deeds = deeds_of(story.kind, refund_doubles, dice);
    if (at + story.deeds.back().after >= calendar_.now() && story.deeds.back().as_duplicate) story.deeds.pop_back();
    if (at + story.deeds.back().after >= calendar_.now()) return false;  // half a story is none
    const std::uint64_t number = ++stories_made_;
    for (std::size_t deed = 0; deed < story.deeds.size(); ++deed) {
        push({.at = at + story.deeds[deed].after,
              .act = Act::deed,
              .deed = static_cast<std::uint8_t>(deed),
              .story = number});
    }
    stories_.emplace(number, std::move(story));
    return true;
}

void World::Play::push(Step step) {
    step.order = ++steps_made_;
    steps_.push(step);
}

// --- Carrying it out ------------------------------------------------------------------------------------------------

void World::Play::perform(const Step& step) {
    switch (step.act) {
    case Act::join: return till_.register_customer(person(size_.seed, step.customer), step.at);
    case Act::purchase: return purchase(step);
    case Act::subscription: return subscription(step);
    case Act::top_up: {
        const money::Currency currency = till_.wallet(step.customer, step.wallet).currency;
        till_.top_up(step.customer, step.wallet, till_.round_sum(currency, 0), step.at);
        return;
    }
    case Act::deed: return perform_deed(step);
    case Act::move: return perform_move(step);
    }
}

void World::Play::subscription(const Step& step) {
    till_.charge({.customer = step.customer,
                  .wallet = 0,
                  .shop = step.shop,
                  .amount_minor = step.amount_minor,
                  .order_ref = next_order(step.shop),
                  .memo = memo(step.customer, step.shop, "")},
                 step.at);
}

void World::Play::purchase(const Step& step) {
    constexpr int tries_max = 12;
    const money::Currency currency = till_.wallet(step.customer, step.wallet).currency;
    const std::size_t zone = patrons_[static_cast<std::size_t>(step.customer)].zone;
    const Shop& shop = shops()[step.shop];
    std::int64_t customer = step.customer;
    std::size_t wallet = step.wallet;
    const auto busy = [&] {
        const Patron& patron = patrons_[static_cast<std::size_t>(customer)];
        return step.at - patron.last_paid < between_purchases || !keeps_clear(customer, step.shop, step.at);
    };
    for (int i = 0; i < tries_max && busy(); ++i) {  // then a neighbour comes in instead
        const std::int64_t other = draw_customer();
        const auto other_wallet = wallet_in(other, currency);
        if (patrons_[static_cast<std::size_t>(other)].zone != zone || !other_wallet) continue;
        customer = other;
        wallet = *other_wallet;
    }
    if (busy()) {  // then it waits its turn, where the world is so crowded, and is left out if that does not come
        constexpr int times_max = 30;
        if (step.postponed >= times_max) return;
        Step later = step;
        later.at += std::chrono::minutes{traffic_.between(4, 25)};
        ++later.postponed;
        return push(later);
    }
    const std::int64_t minor = price_minor(shop.trade, currency, traffic_);
    std::string order_ref = next_order(step.shop);
    if (may_come_back(shop.trade) && calendar_.now() - step.at < worth_a_mail && size_.tickets > 0) {
        bought_.push_back({.customer = customer,
                           .shop = std::string{shop.name},
                           .order_ref = order_ref,
                           .amount = *money::Money::of_minor(minor, currency),
                           .at = step.at,
                           .story = std::nullopt});
        if (std::cmp_greater(bought_.size(), size_.tickets + 64)) bought_.pop_front();
    }
    till_.charge({.customer = customer,
                  .wallet = wallet,
                  .shop = step.shop,
                  .amount_minor = minor,
                  .order_ref = std::move(order_ref),
                  .memo = memo(customer, step.shop, ""),
                  .device = device(customer, Device::phone)},
                 step.at);
    patrons_[static_cast<std::size_t>(customer)].last_paid = step.at;
    if (till_.wallet(customer, wallet).available_minor < top_up_step_minor(currency) / 4 && traffic_.chance(500)) {
        push({.at = step.at + std::chrono::minutes{traffic_.between(5, 240)},
              .act = Act::top_up,
              .wallet = static_cast<std::uint8_t>(wallet),
              .customer = customer});
    }
}

void World::Play::perform_deed(const Step& step) {
    Story& story = stories_.at(step.story);
    const Deed& deed = story.deeds[step.deed];
    const Wallet& wallet = till_.wallet(story.customer, story.wallet);
    Leg& leg = story.legs[static_cast<std::size_t>(deed.part)];
    const auto share = [&deed](std::int64_t minor) { return std::max<std::int64_t>(1, minor * deed.share / 100); };
    const auto paid = [&] {
        return Paid{.place = leg.place,
                    .customer = story.customer,
                    .wallet = story.wallet,
                    .shop = story.shop,
                    .amount_minor = leg.minor};
    };
    const auto charge = [&](bool hold, bool without_funds) {
        std::string order_ref;
        switch (deed.order) {
        case Order::none: break;
        case Order::fresh:
        case Order::part: order_ref = next_order(story.shop); break;
        case Order::same: order_ref = story.order_ref; break;
        case Order::derived: order_ref = story.order_ref + std::string{deed.note}; break;
        }
        if (deed.part == Part::first) story.order_ref = order_ref;
        if (deed.order == Order::part) order_ref += deed.note;
        const bool note_is_in_order = deed.order == Order::derived || deed.order == Order::part;
        const std::int64_t minor = share(story.amount_minor);
        const std::string_view words = text_of(deed.wording, wallet.currency);
        leg = {.place = till_.charge({.customer = story.customer,
                                      .wallet = story.wallet,
                                      .shop = story.shop,
                                      .amount_minor = minor,
                                      .order_ref = std::move(order_ref),
                                      .memo = memo(story.customer, story.shop,
                                                   deed.wording != Wording::none ? words
                                                   : note_is_in_order            ? std::string_view{}
                                                                                 : deed.note),
                                      .device = device(story.customer, deed.device),
                                      .hold = hold,
                                      .instrument = instrument(story.customer, deed.instrument),
                                      .without_funds = without_funds},
                                     step.at),
               .minor = minor,
               .at = step.at};
        patrons_[static_cast<std::size_t>(story.customer)].last_paid = step.at;
    };
    const auto send = [&](bool back) {
        Sent sent{.payer = story.customer,
                  .payee = story.other,
                  .payer_wallet = story.wallet,
                  .payee_wallet = story.other_wallet,
                  .amount_minor = story.amount_minor,
                  .memo = ""};
        if (back) {
            std::swap(sent.payer, sent.payee);
            std::swap(sent.payer_wallet, sent.payee_wallet);
        }
        leg = {.place = till_.send(sent, step.at), .minor = sent.amount_minor, .at = step.at};
    };
    switch (deed.kind) {
    case DeedKind::pay: charge(false, false); break;
    case DeedKind::pay_without_funds:
        // Just more than there is, where the price alone would not do.
        if (wallet.available_minor >= story.amount_minor)
            story.amount_minor = wallet.available_minor + story.amount_minor / 3 + 1;
        charge(false, true);
        break;
    case DeedKind::hold: charge(true, false); break;
    case DeedKind::capture: till_.capture(paid(), leg.minor, step.at); break;
    case DeedKind::capture_part: till_.capture(paid(), std::max<std::int64_t>(1, leg.minor * 9 / 10), step.at); break;
    case DeedKind::cancel: till_.cancel(paid(), step.at); break;
    case DeedKind::refund:
        till_.refund(paid(), deed.as_duplicate ? std::optional{story.legs.front().place} : std::nullopt, step.at);
        story.refunded = true;
        break;
    case DeedKind::top_up:
        if (story.kind == Happening::top_up_of_equal_amount) {
            leg = {.place = till_.top_up(story.customer, story.wallet, story.amount_minor, step.at),
                   .minor = story.amount_minor,
                   .at = step.at};
        } else {
            const std::int64_t short_by = std::max<std::int64_t>(0, story.amount_minor - wallet.available_minor);
            till_.top_up(story.customer, story.wallet, till_.round_sum(wallet.currency, short_by), step.at);
        }
        break;
    case DeedKind::send: send(false); break;
    case DeedKind::send_back: send(true); break;
    case DeedKind::pay_by_other:
        story.order_ref = next_order(story.shop);
        story.elsewhere = till_.charge({.customer = story.other,
                                        .wallet = story.other_wallet,
                                        .shop = story.shop,
                                        .amount_minor = story.amount_minor,
                                        .order_ref = story.order_ref,
                                        .memo = memo(story.other, story.shop, ""),
                                        .device = device(story.other, Device::phone)},
                                       step.at);
        leg = {.place = 0, .minor = story.amount_minor, .at = step.at};
        break;
    }
    if (step.deed + 1U == story.deeds.size()) end_story(step.story);
}

void World::Play::end_story(std::uint64_t number) {
    auto ended = stories_.extract(number);
    Story& story = ended.mapped();
    const std::string email = person(size_.seed, story.customer).email;
    if (calendar_.now() - story.legs.front().at < worth_a_mail && size_.tickets > 0) {
        auto& kept = story.customer < persona_count ? tales_ : happened_;
        kept.push_back({.customer = story.customer,
                        .shop = std::string{shops()[story.shop].name},
                        .order_ref = story.kind == Happening::not_ours ? "" : story.order_ref,
                        .amount = amount_of(story),
                        .at = story.legs.front().at,
                        .story = story.kind});
        if (std::cmp_greater(kept.size(), size_.tickets + 64)) kept.pop_front();
    }
    const std::string other = story.other < 0 ? "" : person(size_.seed, story.other).email;
    ended_.push_back({std::move(story), email, other});
}

std::vector<Truth> World::Play::take_truth() {
    std::vector<Truth> truths;
    for (const Ended& ended : std::exchange(ended_, {})) {
        const Story& story = ended.story;
        const auto number_of = [this](std::int64_t place) { return place == 0 ? 0 : till_.payment_number(place); };
        std::vector<std::int64_t> payments;
        for (const Leg& leg : story.legs) {
            if (leg.place != 0) payments.push_back(number_of(leg.place));
        }
        const bool in_a_shop = !plot_of(story.kind).trades.empty();
        truths.push_back({.kind = story.kind,
                          .first_payment = number_of(story.legs[0].place),
                          .second_payment = number_of(story.legs[1].place),
                          .payments = std::move(payments),
                          .elsewhere = number_of(story.elsewhere),
                          .customer = till_.customer_number(story.customer),
                          .merchant = in_a_shop ? till_.shop_number(story.shop) : 0,
                          .customer_email = ended.email,
                          .merchant_name = in_a_shop ? std::string{shops()[story.shop].name} : "",
                          .other_email = ended.other_email,
                          .amount = *money::Money::of_minor(story.legs[0].minor, amount_of(story).currency()),
                          .refunded = story.refunded,
                          .first_at = story.legs[0].at,
                          .second_at = story.legs[1].at});
    }
    return truths;
}

std::vector<SampleMail> World::Play::mails() const {
    ensure(steps_.empty() && next_day_ == calendar_.days());
    MailSources sources{.seed = size_.seed,
                        .now = size_.now,
                        .customers = till_.customers(),
                        .tales = tales_,
                        .stories = happened_,
                        .purchases = bought_};
    return write_mails(std::move(sources), size_.tickets);
}

// --- Draws and texts ------------------------------------------------------------------------------------------------

money::Money World::Play::amount_of(const Story& story) const {
    return *money::Money::of_minor(story.amount_minor, till_.wallet(story.customer, story.wallet).currency);
}

std::int64_t World::Play::draw_customer() {
    const std::span joined{activity_.data(), static_cast<std::size_t>(till_.customers())};  // not those who will join today
    const auto at = static_cast<std::int64_t>(traffic_.below(static_cast<std::uint64_t>(joined.back())));
    return std::ranges::upper_bound(joined, at) - joined.begin();
}

std::optional<std::size_t> World::Play::draw_shop(std::int64_t customer, money::Currency currency) {
    constexpr std::array<std::int64_t, 8> likings{1, 1, 2, 2, 3, 3, 5, 8};  // everybody has a favourite or two
    std::array<std::int64_t, shop_count_max> weights{};
    std::int64_t sum = 0;
    for (std::size_t shop = 0; shop < shops().size(); ++shop) {
        if (!shops()[shop].takes(currency)) continue;
        const Habit& habit = habit_of(shops()[shop].trade);
        weights[shop] =
            (weekend_ ? habit.weight_weekend : habit.weight_weekday) * likings[taste(customer, shop) % likings.size()];
        sum += weights[shop];
    }
    return sum > 0 ? std::optional{traffic_.weighted(weights)} : std::nullopt;
}

std::optional<std::size_t> World::Play::wallet_in(std::int64_t customer, money::Currency currency) const {
    for (std::size_t wallet = 0; wallet < till_.wallet_count(customer); ++wallet) {
        if (till_.wallet(customer, wallet).currency == currency) return wallet;
    }
    return std::nullopt;
}

// The shop of a persona's tale sees them for nothing else in those days, so that there is one pair to find.
bool World::Play::keeps_clear(std::int64_t customer, std::size_t shop, Moment at) const {
    if (customer >= persona_count || calendar_.now() - at > worth_a_mail) return true;
    return std::ranges::none_of(fixed_tales(), [&](const FixedTale& tale) {
        return tale.persona == customer && tale.shop == shops()[shop].name;
    });
}

std::uint64_t World::Play::taste(std::int64_t customer, std::size_t shop) const {
    return Dice::of(size_.seed, uses::taste, static_cast<std::uint64_t>(customer) * shop_count_max + shop).next() >> 16U;
}

std::string World::Play::device(std::int64_t customer, Device which) const {
    if (which == Device::none) return "";
    Dice dice =
        Dice::of(size_.seed, uses::device, static_cast<std::uint64_t>(customer) * 2 + (which == Device::phone ? 0 : 1));
    return fmt::format("dev-{:010x}", dice.next() >> 24U);
}

std::string World::Play::instrument(std::int64_t customer, Instrument which) const {
    if (which == Instrument::wallet) return "wallet";
    return fmt::format("card ····{:04}",
                       Dice::of(size_.seed, uses::own_card, static_cast<std::uint64_t>(customer)).below(10'000));
}

std::string World::Play::memo(std::int64_t customer, std::size_t shop, std::string_view note) const {
    const auto& branches = shops()[shop].branches;
    const std::string_view branch = branches[(taste(customer, shop) >> 8U) % branches.size()];
    return fmt::format("{}{}{}{}", shops()[shop].name, branch.empty() ? "" : " ", branch, note);
}

std::string World::Play::next_order(std::size_t shop) {
    if (shops()[shop].order_prefix.empty()) return "";
    return fmt::format("{}{}", shops()[shop].order_prefix, ++last_order_[shop]);
}

// --- The door -------------------------------------------------------------------------------------------------------

World::World(const WorldSize& size, const ApiKeyHash& api_key_hash) : play_{std::make_unique<Play>(size, api_key_hash)} {}
World::~World() = default;
World::World(World&&) noexcept = default;
World& World::operator=(World&&) noexcept = default;
std::optional<service::Command> World::next() { return play_->next(); }
void World::answered(const service::Answer& answer) { play_->answered(answer); }
std::vector<Truth> World::take_truth() { return play_->take_truth(); }
std::vector<Movements> World::take_movements() { return play_->take_movements(); }
std::vector<SampleMail> World::mails() const { return play_->mails(); }

}  // namespace okpay::demo
