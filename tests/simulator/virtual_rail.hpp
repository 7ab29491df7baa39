// SPDX-License-Identifier: Apache-2.0
// A bank under the virtual clock. It holds the truth of what it did, by our reference, and tells it well or badly: it loses
// an order or its answer, answers late, twice, out of order, says no and does it, sends money back weeks later, or never
// says anything again. What it is asked twice to do is a fault of ours, and is thrown.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dice.hpp"
#include "service/command.hpp"

namespace okpay::simulator {

// Something that reaches us, at a moment: the answer to a call or an inquiry of ours, which dies with the connection, or a
// notice, which the bank brings until we have taken it.
struct Delivery {
    Moment at;
    std::int64_t order;  // as they were made: of one moment, the first first
    std::int64_t payment;
    std::string word;
    bool notice;
};

enum class Truth : std::uint8_t { not_arrived, undecided, done, declined, returned };

class VirtualRail {
public:
    explicit VirtualRail(std::uint64_t seed) : dice_{seed} {}

    void call(const service::RailOrder& order, Moment now);
    void inquire(const service::RailOrder& order, Moment now);
    // What has arrived by now, in order of arrival; it is ours from here on.
    std::vector<Delivery> take_due(Moment now);
    void bring_again(Delivery delivery, Moment now);  // we could not take it: it comes again
    [[nodiscard]] std::optional<Moment> next() const;

    void lose_connections();  // the answers under way are lost
    void heal() { healed_ = true; }  // from now on answers come, and tell what is so; who is mute stays mute

    [[nodiscard]] Truth truth(std::int64_t payment, Moment now) const;
    [[nodiscard]] bool knows(std::int64_t payment) const { return orders_.contains(payment); }
    // Nothing will change any more of itself.
    [[nodiscard]] bool is_settled(std::int64_t payment, Moment now) const;
    [[nodiscard]] bool is_mute(std::int64_t payment) const;
    struct Moved {
        bool out;
        std::int64_t payment, amount;
        std::string currency;
    };
    [[nodiscard]] std::vector<Moved> moved(Moment now) const;  // what it did, and did not take back

private:
    struct Order {
        service::RailOrder told;
        Moment sent;
        std::optional<Moment> arrives;  // none: lost on the way
        Moment decides;
        bool does = true;
        std::optional<Moment> changes_its_mind;  // said no, and does it
        std::optional<Moment> returns;
        bool mute = false;
    };
    void deliver(Moment at, std::int64_t payment, std::string word, bool notice);
    [[nodiscard]] static Truth truth(const Order& order, Moment now);
    [[nodiscard]] static std::string word_of(Truth truth);
    Millis seconds(std::int64_t least, std::int64_t most) { return Millis{dice_.between(least * 1'000, most * 1'000)}; }

    Dice dice_;
    std::map<std::int64_t, Order> orders_;
    std::vector<Delivery> under_way_;
    std::int64_t made_ = 0;
    bool healed_ = false;
};

}  // namespace okpay::simulator
