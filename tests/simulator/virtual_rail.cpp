// SPDX-License-Identifier: Apache-2.0
#include "virtual_rail.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace okpay::simulator {
namespace {

constexpr Millis our_patience{30'000};  // of who asks: then there was no answer
constexpr std::int64_t minute = 60;
constexpr std::int64_t day = 86'400;

}  // namespace

void VirtualRail::deliver(Moment at, std::int64_t payment, std::string word, bool notice) {
    under_way_.push_back({at, ++made_, payment, std::move(word), notice});
}

void VirtualRail::call(const service::RailOrder& told, Moment now) {
    if (orders_.contains(told.payment)) {
        throw std::runtime_error{fmt::format("payment {} was sent to the bank a second time", told.payment)};
    }
    Order order{.told = told, .sent = now, .arrives = now + seconds(0, 3), .decides = {}};
    order.decides = *order.arrives + seconds(0, 5);
    order.does = !dice_.one_in(4);
    bool tells = !dice_.one_in(4);                // answers the call in time, where it can
    std::int64_t notices = dice_.one_in(4) ? dice_.between(1, 2) : 0;
    switch (dice_.below(14)) {
    case 0: order.arrives.reset(); break;
    case 1: order.arrives = now + seconds(3, 280); break;  // late, within what a call may take
    case 2:                                                // later than it may: it says so itself
        order.arrives = now + seconds(6 * minute, 40 * minute);
        order.does = true;
        notices = 1;
        break;
    case 3: order.decides = *order.arrives + seconds(20, 20 * minute); break;
    case 4: order.decides = *order.arrives + seconds(1 * minute, 3 * day); break;
    case 5:
    case 6:
        if (told.direction == "pay_out") {
            order.does = true;
            order.returns = order.decides + seconds(1, 4 * day);
            notices = 0;
        }
        break;
    case 7:
        order.does = false;
        order.changes_its_mind = order.decides + seconds(1, 2 * day);
        tells = true;
        break;
    case 8:
        order.mute = true;
        tells = false;
        notices = 0;
        break;
    default: break;
    }
    if (order.arrives) order.decides = std::max(order.decides, *order.arrives);
    const Order& kept = orders_.emplace(told.payment, order).first->second;

    const Moment answers = order.decides + seconds(0, 4);
    if (tells && order.arrives && answers - now < our_patience) {
        deliver(answers, told.payment, word_of(truth(kept, order.decides)), false);
    } else if (!dice_.one_in(5)) {  // else not even that: nobody is told that the time is over
        deliver(now + our_patience, told.payment, "no_answer", false);
    }
    if (!order.arrives) return;
    for (; notices > 0; --notices) {
        deliver(order.decides + seconds(0, 2 * minute), told.payment, word_of(truth(kept, order.decides)), true);
    }
    // What it told one way and is another way now, it tells unasked; the two notices may overtake each other.
    if (order.changes_its_mind) deliver(*order.changes_its_mind + seconds(0, minute), told.payment, "done", true);
    if (order.returns) {
        if (dice_.one_in(2)) deliver(order.decides + seconds(0, 5 * day), told.payment, "done", true);
        deliver(*order.returns + seconds(0, minute), told.payment, "returned", true);
    }
}

void VirtualRail::inquire(const service::RailOrder& told, Moment now) {
    const auto found = orders_.find(told.payment);
    if (found == orders_.end()) {  // marked as sent, and the process ended before it left
        deliver(now + seconds(0, 2), told.payment, "not_known", false);
        return;
    }
    const Order& order = found->second;
    if (order.mute) {
        if (dice_.one_in(2)) deliver(now + seconds(0, 20), told.payment, dice_.one_in(2) ? "pending" : "no_answer", false);
        return;
    }
    const Moment read = now + seconds(0, healed_ ? 1 : 10);
    const Moment answered = read + seconds(0, healed_ ? 1 : 19);
    if (healed_ || !dice_.one_in(4)) {
        deliver(answered, told.payment, word_of(truth(order, read)), false);
    } else if (dice_.one_in(2)) {
        deliver(now + our_patience, told.payment, "no_answer", false);
    }
}

std::vector<Delivery> VirtualRail::take_due(Moment now) {
    std::vector<Delivery> due;
    std::erase_if(under_way_, [&](const Delivery& delivery) {
        if (delivery.at > now) return false;
        due.push_back(delivery);
        return true;
    });
    std::ranges::sort(due, {}, [](const Delivery& d) { return std::pair{d.at, d.order}; });
    return due;
}

void VirtualRail::bring_again(Delivery delivery, Moment now) {
    delivery.at = now + (healed_ ? Millis{1'000} : seconds(1, 10 * minute));
    under_way_.push_back(std::move(delivery));
}

std::optional<Moment> VirtualRail::next() const {
    const auto first = std::ranges::min_element(under_way_, {}, &Delivery::at);
    return first == under_way_.end() ? std::nullopt : std::optional{first->at};
}

void VirtualRail::lose_connections() {
    std::erase_if(under_way_, [](const Delivery& delivery) { return !delivery.notice; });
}

Truth VirtualRail::truth(const Order& order, Moment now) {
    if (!order.arrives || now < *order.arrives) return Truth::not_arrived;
    if (now < order.decides) return Truth::undecided;
    if (order.returns && now >= *order.returns) return Truth::returned;
    if (order.does || (order.changes_its_mind && now >= *order.changes_its_mind)) return Truth::done;
    return Truth::declined;
}

Truth VirtualRail::truth(std::int64_t payment, Moment now) const {
    const auto found = orders_.find(payment);
    return found == orders_.end() ? Truth::not_arrived : truth(found->second, now);
}

bool VirtualRail::is_settled(std::int64_t payment, Moment now) const {
    const auto found = orders_.find(payment);
    if (found == orders_.end()) return false;  // it may still be sent
    const Order& order = found->second;
    return (!order.arrives || now >= order.decides) && (!order.returns || now >= *order.returns) &&
           (!order.changes_its_mind || now >= *order.changes_its_mind);
}

bool VirtualRail::is_mute(std::int64_t payment) const {
    const auto found = orders_.find(payment);
    return found != orders_.end() && found->second.mute;
}

std::string VirtualRail::word_of(Truth truth) {
    switch (truth) {
    case Truth::not_arrived: return "not_known";
    case Truth::undecided: return "pending";
    case Truth::done: return "done";
    case Truth::declined: return "declined";
    case Truth::returned: return "returned";
    }
    std::abort();
}

std::vector<VirtualRail::Moved> VirtualRail::moved(Moment now) const {
    std::vector<Moved> all;
    for (const auto& [payment, order] : orders_) {
        if (truth(order, now) != Truth::done) continue;
        all.push_back({order.told.direction == "pay_out", payment, order.told.amount_minor, order.told.currency});
    }
    return all;
}

}  // namespace okpay::simulator
