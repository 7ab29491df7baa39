// SPDX-License-Identifier: Apache-2.0
// The demonstration world: merchants and customers who top up and pay for five months in the rhythm of their days, with
// true double charges among them and what only looks like one. It is a stream of commands, made while it is read.
//
//   Same seed  The same size, seed and `now` give the same commands to the octet, on every machine.
//   Order      `at` never falls from one command to the next; none is after `now`.
//   Numbers    It is the only writer that registers customers and merchants or makes payments, so these are numbered from
//              1 in the order of its commands: a number is predicted where a later command names it (a refund, say).
//              Whoever passes each answer back before asking for the next command is freed from that: then what was
//              answered counts.
//   Answers    Every command is accepted but for the first payments of failed_then_succeeded, which have no funds.
//   Keys       Every command that moves money has an idempotency key made of the seed and its place in the stream, and
//              every id is made of the seed: to load the same world again changes nothing.
//   Memory     Some 100 octets a customer, one day of purchases and a few open stories, whatever the number of
//              transactions; and what take_truth() has not fetched yet.
//   Actors     Merchants charge, capture, cancel and refund, customers send; registrations and top-ups are the system's
//              (the bank's).
//   Fraud      Scenes of it, and of everyday life that looks like it, are played by customers who are no personas.
//   Threads    One at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "demo/mails.hpp"
#include "demo/truth.hpp"
#include "service/command.hpp"

namespace okpay::demo {

struct WorldSize {
    std::int64_t customers = 60;
    // Rows that the writer makes: payments, failed ones too, top-ups, transfers and refunds. Met within one per cent from
    // some 2,000 on; the tales of the personas (stories.hpp) are told even where fewer are asked for.
    std::int64_t transactions = 3000;
    std::int64_t tickets = 12;
    std::uint64_t seed = 1;
    Moment now;
};
inline constexpr std::int64_t customers_max = 10'000'000;
inline constexpr std::int64_t transactions_max = 1'000'000'000;
inline constexpr std::int64_t tickets_max = 1'000'000;
inline constexpr std::int64_t days_before_now = 150;

class World {
public:
    // SHA-256 in hex of the API key that the merchant of this name shall have.
    using ApiKeyHash = std::function<std::string(std::string_view merchant)>;

    // Sizes: at least 1 customer, 0 transactions and 0 tickets, at most the limits above.
    World(const WorldSize& size, const ApiKeyHash& api_key_hash);
    ~World();
    World(World&&) noexcept;
    World& operator=(World&&) noexcept;

    std::optional<service::Command> next();  // nothing: that was the whole world

    // Optional. In the order of the commands, each once, not answers that ask to send again. Once more than
    // `answers_behind_max` commands are unanswered, all further numbers are predicted and answers have no effect.
    void answered(const service::Answer& answer);
    static constexpr std::size_t answers_behind_max = 65'536;

    // The stories that have ended since the last call, with the numbers as known by now.
    std::vector<Truth> take_truth();
    std::vector<Movements> take_movements();  // likewise, the scenes
    // What the customers write, oldest first. Only after next() has given nothing.
    [[nodiscard]] std::vector<SampleMail> mails() const;

private:
    class Play;
    std::unique_ptr<Play> play_;
};

}  // namespace okpay::demo
