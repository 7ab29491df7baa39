// SPDX-License-Identifier: Apache-2.0
// `admin check`: the provider where staff sign in.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "server/check_report.hpp"
#include "server/sign_on_file.hpp"

namespace okpay::server {

void check_sign_on(const Options& options, CheckReport& report) {
    if (options.sign_on.empty()) return;
    try {
        api::SignOn provider{parse_sign_on(text_of_sign_on(options), options.sign_on, options.public_url)};
        const std::string& issuer = provider.settings().issuer;
        asio::io_context io;
        std::optional<std::string> fault;
        asio::co_spawn(io, [&]() -> net::awaitable<void> { fault = co_await provider.fault(); }, asio::detached);
        io.run();
        if (fault) {
            report.fail("sign_on", fmt::format("the provider of sign-ons {}: {}", issuer, *fault),
                        "staff cannot sign in there; see docs/sign-on.md");
        } else {
            report.ok("sign_on",
                      fmt::format("the provider of sign-ons {} answers, and its keys can be read; it must send people "
                                  "back to {}",
                                  issuer, provider.settings().redirect_uri));
        }
    } catch (const UsageError& error) {
        report.fail("sign_on", error.what(), "correct it: docs/sign-on.md says how it is written");
    }
}

}  // namespace okpay::server
