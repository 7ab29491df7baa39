// SPDX-License-Identifier: Apache-2.0
// The demonstration world: merchants and customers who top up and pay for five months in the rhythm of their days, with
// true double charges among them and what only looks like one. It is a stream of commands, made while it is read.
//
//   Same seed  The same size, seed and `now` give the same commands to the octet, on every machine.
//   Order      `at` never falls from one command to the next; none is after `now`.
//   Numbers    It is the only writer that registers customers and merchants or makes payments, so these are numbered from
//              1 in the order of its commands: a number is predicted where a later command names it (a refund, say).
//              Whoever passes each answer back before asking for the next command frees it from that: then what was
//              answered counts.
//   Answers    Every command is accepted but for the payments of failed_then_succeeded that have no funds.
//   Keys       Every command that moves money has an idempotency key made of the seed and its place in the stream, and
//              every id is made of the seed: to load the same world again changes nothing.
//   Memory     Some 100 octets a customer and one day of purchases, whatever the number of transactions; what take_truth()
//              has not fetched yet.
//   Actors     Merchants pay in, capture, cancel and refund; registrations and top-ups are the system's (the bank's).
//   Threads    One at a time.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "demo/mails.hpp"
#include "demo/numbering.hpp"
#include "demo/people.hpp"
#include "demo/stories.hpp"
#include "demo/truth.hpp"
#include "service/command.hpp"

namespace okpay::demo {

struct WorldSize {
    std::int64_t customers = 60;
    // Rows that the writer makes: payments, failed ones too, top-ups and refunds. Met within one per cent from some 2,000
    // on; the tales of the personas are told even if fewer are asked for.
    std::int64_t transactions = 3000;
    std::int64_t tickets = 12;
    std::uint64_t seed = 1;
    Moment now;
};
inline constexpr std::int64_t customers_max = 10'000'000;
inline constexpr std::int64_t transactions_max = 1'000'000'000;

class World {
public:
    // SHA-256 in hex of the API key that the merchant of this name shall have.
    using ApiKeyHash = std::function<std::string(std::string_view merchant)>;

    // Sizes from 1 customer and 0 transactions and tickets up to the limits above.
    World(const WorldSize& size, ApiKeyHash api_key_hash);

    std::optional<service::Command> next();  // nothing: that was the whole world

    // Optional. In the order of the commands, each once, and at most `answers_behind_max` late; from a command that was
    // further behind on, numbers are predicted and answers have no effect.
    void answered(const service::Answer& answer);
    static constexpr std::size_t answers_behind_max = 65'536;

    // What has been completed since the last call, with the numbers known by now.
    std::vector<Truth> take_truth();
    // Once next() has given nothing.
    [[nodiscard]] std::vector<SampleMail> mails() const;

private:
    struct Patron;
    struct Step;
    struct OpenStory;
    struct DoneStory;
    enum class Row : std::uint8_t { other, customer, merchant, payment };
    struct Buying;

    void set_up_days();
    void plan_day();
    void plan_joins();
    void plan_subscriptions();
    void plan_purchases();
    void plan_tales();
    void perform(const Step& step);
    void join(std::int64_t customer, Moment at);
    void purchase(const Step& step);
    void perform_deed(const Step& step);
    void close(std::uint64_t story);
    bool begin_story(Happening kind);
    void schedule_story(OpenStory story, Moment at, bool refund_doubles);

    std::int64_t draw_customer();
    std::optional<std::size_t> draw_shop(std::int64_t customer, money::Currency currency);
    Moment local_hour(std::span<const std::uint8_t> hours, std::size_t zone);
    Moment local_hour_between(int from, int to, std::size_t zone);
    Moment within_day(std::int64_t local_minute, std::size_t zone);
    std::string next_order(std::size_t shop);

    std::int64_t pay(const Buying& buying, Moment at);
    std::int64_t top_up(std::int64_t customer, std::size_t wallet, std::int64_t minor, Moment at);
    void ensure_funds(std::int64_t customer, std::size_t wallet, std::int64_t minor, Moment at);
    std::int64_t emit(Row row, Moment at, service::Actor actor, service::CommandBody body);
    std::string key();
    void push(Step step);
    service::Actor shop_actor(std::size_t shop) const;
    bool is_tale_shop(std::int64_t customer, std::size_t shop) const;

    WorldSize size_;
    ApiKeyHash api_key_hash_;
    std::int64_t start_day_ = 0;      // days since 1970
    std::int64_t days_ = 0;
    std::int64_t day_ = 0;            // the next to be planned
    Moment day_start_, day_end_;      // of the one being planned
    std::vector<std::int64_t> row_target_;  // rows to have been made by the end of each day
    std::array<std::int64_t, all_zones.size()> offset_minutes_{};  // on that day
    Dice traffic_, ids_;

    std::vector<Patron> patrons_;     // those who have joined
    std::vector<std::uint64_t> weights_;  // running sum of how often each of them pays
    std::vector<std::int64_t> last_order_;  // by shop
    std::vector<Happening> deck_;
    std::int64_t until_story_ = 12;   // ordinary purchases until the next one
    std::int64_t slots_made_ = 0;
    std::vector<Step> steps_;         // a heap, the earliest first
    std::uint64_t steps_made_ = 0;
    std::unordered_map<std::uint64_t, OpenStory> stories_;
    std::uint64_t stories_made_ = 0;

    std::deque<service::Command> ready_;
    Moment last_at_;
    std::int64_t commands_made_ = 0;
    Numbering customers_, merchants_, payments_;
    std::deque<Row> unanswered_;
    bool predicting_ = false;

    std::vector<DoneStory> done_;
    std::deque<Occasion> tales_, happened_, bought_;  // for the mails: of the personas, of others, ordinary purchases
};

}  // namespace okpay::demo
