// SPDX-License-Identifier: Apache-2.0
// Loads the demonstration world through the ordered writer, and its mails through the intake. Only into a new directory
// or one that it made itself, which is marked for ever. Loading the same world again changes nothing.
#pragma once

#include <functional>
#include <iosfwd>

#include "server/options.hpp"

namespace okpay::server {

struct DemoOptions {
    std::int64_t customers = 60;
    std::int64_t transactions = 3'000;
    std::int64_t tickets = 12;
    std::uint64_t seed = 1;
    bool json = false;
    std::string truth;  // file; empty for none
};

// Prints the sign-ins. The exit status.
int load_demo(const Options& options, const DemoOptions& demo);

// Whether this database holds the demonstration world.
bool is_demonstration(store::Connection& connection);
bool is_demonstration(const store::Database& database);

}  // namespace okpay::server
