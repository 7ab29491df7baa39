// SPDX-License-Identifier: Apache-2.0
#include "server/automatic_refunds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "mail/email_address.hpp"
#include "server/options.hpp"

namespace okpay::server {
namespace {

payments::AutomaticRefundCaps caps_of(const std::string& line) {
    const auto wrong = [&line](std::string_view why) {
        return UsageError{
            fmt::format("--automatic-refunds \"{}\": {}; write \"CNY 200.00 500.00 5000.00\": per refund, per "
                        "customer and 30 days, per day",
                        line, why)};
    };
    std::istringstream words{line};
    std::string code, item, customer, day, more;
    if (!(words >> code >> item >> customer >> day) || words >> more) throw wrong("not a currency and three amounts");
    const auto currency = money::currency_of_code(code);
    if (!currency) throw wrong("a currency that we keep no books in");
    const auto minor = [&](const std::string& decimal) {
        const auto amount = money::Money::parse(decimal, *currency);
        if (!amount || amount->minor() < 0) throw wrong(decimal + " is not an amount in it");
        return amount->minor();
    };
    const payments::AutomaticRefundCaps caps{.currency = *currency,
                                             .per_item_minor = minor(item),
                                             .per_customer_30_days_minor = minor(customer),
                                             .per_day_minor = minor(day)};
    if (caps.per_item_minor > caps.per_customer_30_days_minor || caps.per_customer_30_days_minor > caps.per_day_minor) {
        throw wrong("each amount includes the one before it");
    }
    return caps;
}

}  // namespace

std::vector<payments::AutomaticRefundCaps> automatic_refunds_of(std::span<const std::string> lines) {
    std::vector<payments::AutomaticRefundCaps> all;
    for (const std::string& line : lines) {
        const auto caps = caps_of(line);
        if (std::ranges::find(all, caps.currency, &payments::AutomaticRefundCaps::currency) != all.end()) {
            throw UsageError{fmt::format("--automatic-refunds: {} stands twice", money::code_of(caps.currency))};
        }
        all.push_back(caps);
    }
    return all;
}

std::string alone_owner_of(const std::string& address) {
    if (!address.empty() && !mail::EmailAddress::parse(address))
        throw UsageError{"--may-approve-alone " + address + ": give the mail address of the owner"};
    return address;
}

}  // namespace okpay::server
