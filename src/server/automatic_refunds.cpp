// SPDX-License-Identifier: Apache-2.0
#include "server/automatic_refunds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "mail/email_address.hpp"
#include "server/options.hpp"

namespace okpay::server {
namespace {

struct Form {
    std::string_view option, example;
    std::size_t amounts;
};
constexpr Form automatic{"--automatic-refunds",
                         "\"CNY 200.00 500.00 5000.00\": per refund, per customer and 30 days, per day", 3};
constexpr Form together{"--incident-refunds", "\"CNY 200.00 5000.00\": per refund, in one approval", 2};

struct Caps {
    money::Currency currency;
    std::vector<std::int64_t> minors;  // each includes the one before it
};

Caps caps_of(const Form& form, const std::string& line) {
    const auto wrong = [&](std::string_view why) {
        return UsageError{fmt::format("{} \"{}\": {}; write {}", form.option, line, why, form.example)};
    };
    std::istringstream words{line};
    std::string code, decimal;
    std::vector<std::string> decimals;
    words >> code;
    while (words >> decimal) decimals.push_back(decimal);
    if (decimals.size() != form.amounts)
        throw wrong(fmt::format("not a currency and {} amounts", form.amounts == 2 ? "two" : "three"));
    const auto currency = money::currency_of_code(code);
    if (!currency) throw wrong("a currency that we keep no books in");
    Caps caps{.currency = *currency, .minors = {}};
    for (const std::string& said : decimals) {
        const auto amount = money::Money::parse(said, *currency);
        if (!amount || amount->minor() < 0) throw wrong(said + " is not an amount in it");
        caps.minors.push_back(amount->minor());
    }
    if (!std::ranges::is_sorted(caps.minors)) throw wrong("each amount includes the one before it");
    return caps;
}

std::vector<Caps> all_caps(const Form& form, std::span<const std::string> lines) {
    std::vector<Caps> all;
    for (const std::string& line : lines) {
        Caps caps = caps_of(form, line);
        if (std::ranges::find(all, caps.currency, &Caps::currency) != all.end())
            throw UsageError{fmt::format("{}: {} stands twice", form.option, money::code_of(caps.currency))};
        all.push_back(std::move(caps));
    }
    return all;
}

}  // namespace

std::vector<payments::AutomaticRefundCaps> automatic_refunds_of(std::span<const std::string> lines) {
    std::vector<payments::AutomaticRefundCaps> all;
    for (const Caps& caps : all_caps(automatic, lines)) {
        all.push_back({.currency = caps.currency,
                       .per_item_minor = caps.minors[0],
                       .per_customer_30_days_minor = caps.minors[1],
                       .per_day_minor = caps.minors[2]});
    }
    return all;
}

std::string alone_owner_of(const std::string& address) {
    if (!address.empty() && !mail::EmailAddress::parse(address))
        throw UsageError{"--may-approve-alone " + address + ": give the mail address of the owner"};
    return address;
}

std::vector<desk::TogetherCaps> incident_refunds_of(std::span<const std::string> lines) {
    std::vector<desk::TogetherCaps> all;
    for (const Caps& caps : all_caps(together, lines))
        all.push_back({.currency = caps.currency, .per_item_minor = caps.minors[0], .total_minor = caps.minors[1]});
    return all;
}

}  // namespace okpay::server
