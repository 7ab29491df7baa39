// SPDX-License-Identifier: Apache-2.0
// What people and shops ask for: few of them, so that they meet; amounts at the edges of what is there. It looks at the
// model to find the edges, and at nothing else.
#pragma once

#include <functional>

#include "dice.hpp"
#include "model.hpp"

namespace okpay::simulator {

class Workload {
public:
    Workload(Dice& dice, Model& model) : dice_{dice}, model_{model} {}

    // A new wish, without id and moment.
    service::Command next();
    // Money asked for, or sent later, and what becomes of it.
    service::Command next_wish(Moment now);
    // Cards, what holders of them have taken back, and payouts to merchants. `code`: what a member of staff types.
    service::Command next_at_banks(Moment now, const std::function<std::string(std::int64_t staff)>& code);
    // The same request with a body of its own: an old key for something else. None where that cannot be said of it.
    static std::optional<service::Command> altered(service::Command command);

private:
    std::string key() { return fmt::format("k{}", ++keys_); }
    std::string currency() { return dice_.one_in(5) ? "JPY" : "CNY"; }
    std::int64_t customer();
    std::int64_t amount(std::int64_t customer, const std::string& currency);
    const Model::Row* row_of_kind(std::string_view kind, std::string_view state);
    service::Actor merchant_of(const Model::Row* row);

    service::Command top_up();
    service::Command pay();
    service::Command send();
    service::Command capture();
    service::Command cancel();
    service::Command refund();
    service::Command outside();
    service::Command level();

    service::Command pay_by_card();
    service::Command pay_out();
    service::Command dispute(Moment now, const std::function<std::string(std::int64_t staff)>& code);

    service::Command shut();
    service::Command ask(Moment now);
    service::Command pay_asked(const std::vector<Model::Wish>& asked);
    service::Command end_asked(const std::vector<Model::Wish>& asked);
    service::Command send_later(Moment now);

    Dice& dice_;
    Model& model_;
    std::int64_t keys_ = 0;
};

}  // namespace okpay::simulator
