// SPDX-License-Identifier: Apache-2.0
// Who does what, and when: plans one day at a time, and carries out its steps in order of time. Steps of later days (a
// refund, the next monthly fee) wait in the same heap.
#pragma once

#include <deque>
#include <queue>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "demo/impl/calendar.hpp"
#include "demo/impl/till.hpp"
#include "demo/scenes.hpp"
#include "demo/stories.hpp"
#include "demo/world.hpp"

namespace okpay::demo {

class World::Play {
public:
    Play(const WorldSize& size, const ApiKeyHash& api_key_hash);

    std::optional<service::Command> next();
    void answered(const service::Answer& answer) { till_.answered(answer); }
    std::vector<Truth> take_truth();
    std::vector<Movements> take_movements();
    [[nodiscard]] std::vector<SampleMail> mails() const;

private:
    struct Patron {  // what we remember of a customer, beside the balances
        std::uint8_t zone = 0;
        Moment last_paid;
    };
    enum class Act : std::uint8_t { join, purchase, subscription, top_up, deed, move };
    struct Step {
        Moment at;
        std::uint64_t order = 0;  // among steps of one moment, so that it is the same on every machine
        Act act = Act::join;
        std::uint8_t wallet = 0, deed = 0, postponed = 0;
        std::uint16_t shop = 0;
        std::int64_t customer = 0;
        std::uint64_t story = 0;  // or the scene of a move
        std::int64_t amount_minor = 0;  // of a subscription
    };
    struct Later {
        bool operator()(const Step& a, const Step& b) const { return std::tie(a.at, a.order) > std::tie(b.at, b.order); }
    };
    struct Leg {  // a payment of a story
        std::int64_t place = 0, minor = 0;
        Moment at;
    };
    struct Story {
        Happening kind;
        std::int64_t customer;
        std::size_t wallet, shop;  // no shop (0) between people
        std::int64_t amount_minor;
        std::int64_t other = -1;  // the friend, or who really paid
        std::size_t other_wallet = 0;
        std::vector<Deed> deeds;  // in order of time
        std::array<Leg, parts_max> legs;
        std::int64_t elsewhere = 0;  // place of what the other paid
        std::string order_ref;       // of the first; of parts without their number
        bool refunded = false;
    };
    struct Ended {
        Story story;
        std::string email, other_email;
    };
    struct Person {
        std::int64_t customer;
        std::size_t wallet;
    };
    struct Staged {  // a scene under way
        Scenario scenario;
        std::vector<Person> people;
        std::int64_t sum_minor;
        std::vector<Move> moves;
        std::vector<Paid> made;  // by move; place 0: it made no payment
        Moment from, until;
    };
    struct EndedScene {
        std::uint64_t number;
        Staged staged;
        std::vector<std::string> emails;
    };

    void plan(std::int64_t day);
    void plan_joins(std::int64_t day);
    void plan_subscriptions(std::int64_t day);
    std::int64_t plan_tales(std::int64_t day);  // answers with the rows they will make
    void plan_purchase();
    bool plan_story(std::int64_t day, Happening kind);
    std::optional<Person> draw_other(std::int64_t customer, money::Currency currency);
    void plan_scene();
    bool schedule(Story story, Moment at, bool refund_doubles, Dice& dice);
    void push(Step step);

    void perform(const Step& step);
    void purchase(const Step& step);
    void subscription(const Step& step);
    void perform_deed(const Step& step);
    void end_story(std::uint64_t number);
    void perform_move(const Step& step);
    Paid carry_out(const Staged& staged, const Move& move, Moment at);
    Paid pay_at(const Person& who, const Move& move, std::int64_t minor, Moment at);

    [[nodiscard]] money::Money amount_of(const Story& story) const;
    std::int64_t draw_customer();
    std::optional<std::size_t> draw_shop(std::int64_t customer, money::Currency currency);
    [[nodiscard]] std::optional<std::size_t> wallet_in(std::int64_t customer, money::Currency currency) const;
    [[nodiscard]] bool keeps_clear(std::int64_t customer, std::size_t shop, Moment at) const;
    [[nodiscard]] std::uint64_t taste(std::int64_t customer, std::size_t shop) const;
    [[nodiscard]] std::string device(std::int64_t customer, Device which) const;
    [[nodiscard]] std::string instrument(std::int64_t customer, Instrument which) const;
    [[nodiscard]] std::string memo(std::int64_t customer, std::size_t shop, std::string_view note) const;
    std::string next_order(std::size_t shop);

    WorldSize size_;
    Calendar calendar_;
    Till till_;
    Dice traffic_;
    std::int64_t next_day_ = 0;
    bool weekend_ = false;

    std::vector<Patron> patrons_;
    std::vector<std::int64_t> activity_;  // running sum of how often each of them pays
    std::vector<std::int64_t> last_order_;  // by shop
    std::vector<Happening> deck_;
    std::int64_t purchases_until_story_ = 8;
    std::int64_t rows_before_ = 0, rows_per_thousand_ = 1'350, planned_ = 0;  // what one planned purchase comes to

    std::priority_queue<Step, std::vector<Step>, Later> steps_;
    std::uint64_t steps_made_ = 0, stories_made_ = 0;
    std::unordered_map<std::uint64_t, Story> stories_;
    std::vector<Ended> ended_;
    Dice scenes_dice_;
    std::vector<Scenario> scenario_deck_;
    std::int64_t purchases_until_scene_ = 60;
    std::uint64_t scenes_made_ = 0;
    std::unordered_map<std::uint64_t, Staged> scenes_;
    std::vector<EndedScene> ended_scenes_;
    std::deque<Occasion> tales_, happened_, bought_;  // for the mails; each bounded
};

}  // namespace okpay::demo
