// SPDX-License-Identifier: Apache-2.0
// Turns what people do into commands: keeps their balances, so that it knows what will be refused, tops up before there is
// too little, numbers the rows and makes ids and keys.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "demo/dice.hpp"
#include "demo/merchants.hpp"
#include "demo/numbering.hpp"
#include "demo/people.hpp"
#include "demo/world.hpp"

namespace okpay::demo {

struct Wallet {
    money::Currency currency;
    std::int64_t available_minor = 0;
};

struct Charge {
    std::int64_t customer;
    std::size_t wallet;  // 0 or 1, in the order of the persona's currencies
    std::size_t shop;
    std::int64_t amount_minor;
    std::string order_ref, memo, device;
    bool hold = false;
    std::string instrument = "wallet";  // or a card that draws on it: "card ····4417"
    bool without_funds = false;  // as it is: nothing is topped up before, and it will be refused where there is too little
};

struct Sent {  // from one wallet to another of the same currency
    std::int64_t payer, payee;
    std::size_t payer_wallet, payee_wallet;
    std::int64_t amount_minor;
    std::string memo;
};

struct Paid {  // a payment of ours that may be captured, canceled or refunded
    std::int64_t place;
    std::int64_t customer;
    std::size_t wallet, shop;
    std::int64_t amount_minor;
};

class Till {
public:
    Till(std::uint64_t seed, Moment start);

    // Customers and shops register in the order of their index. Times never fall; each is raised to the last one.
    void register_shop(const Shop& shop, std::string api_key_hash, Moment at);
    void register_customer(const Persona& who, Moment at);
    [[nodiscard]] std::int64_t customers() const { return static_cast<std::int64_t>(wallets_.size()); }

    // Each gives the place of the payment's row; a place becomes a number by payment_number().
    std::int64_t charge(Charge charge, Moment at);
    std::int64_t send(const Sent& sent, Moment at);
    // Without an instrument, from the bank or card that this customer has stored.
    std::int64_t top_up(std::int64_t customer, std::size_t wallet, std::int64_t minor, Moment at,
                        std::string_view instrument = "");
    void capture(const Paid& held, std::int64_t minor, Moment at);  // what is left of the hold is released
    void cancel(const Paid& held, Moment at);
    void refund(const Paid& paid, std::optional<std::int64_t> duplicate_of, Moment at);  // all of it

    // Neither makes a payment. The password is one that nobody knows; signing in needs that one was chosen before.
    void choose_password(std::int64_t customer, Moment at);
    void sign_in(std::int64_t customer, Moment at);

    // A card number as people see it, new each time.
    std::string fresh_card();
    // A round sum by which people top up when `short_by` is missing.
    std::int64_t round_sum(money::Currency currency, std::int64_t short_by);
    [[nodiscard]] const Wallet& wallet(std::int64_t customer, std::size_t wallet) const;
    [[nodiscard]] std::size_t wallet_count(std::int64_t customer) const;
    [[nodiscard]] std::int64_t rows_made() const { return payments_.made(); }
    [[nodiscard]] std::int64_t payment_number(std::int64_t place) const { return payments_.number_of(place); }
    [[nodiscard]] std::int64_t customer_number(std::int64_t index) const { return customers_.number_of(index + 1); }
    [[nodiscard]] std::int64_t shop_number(std::size_t index) const {
        return shops_.number_of(static_cast<std::int64_t>(index) + 1);
    }

    [[nodiscard]] bool has_command() const { return !ready_.empty(); }
    service::Command take_command();
    void answered(const service::Answer& answer);

private:
    // The end of a hold is a row of payments too, whose answer names the held payment instead of itself.
    enum class Row : std::uint8_t { customer, shop, payment, end_of_hold, none };
    void put(Row row, Moment at, service::Actor actor, service::CommandBody body);
    std::string key();
    void fill(std::int64_t customer, std::size_t wallet, std::int64_t minor, Moment before);
    [[nodiscard]] service::Actor actor_of(std::size_t shop) const;
    void give(std::int64_t customer, std::size_t wallet, std::int64_t minor);  // below zero: takes

    std::uint64_t seed_;
    Dice ids_, sums_, cards_, secrets_;
    Moment last_at_;
    std::int64_t keys_made_ = 0;
    std::vector<std::array<std::optional<Wallet>, 2>> wallets_;  // by customer
    Numbering customers_, shops_, payments_;
    std::deque<service::Command> ready_;
    std::deque<Row> unanswered_;
    bool predicting_ = false;
};

}  // namespace okpay::demo
