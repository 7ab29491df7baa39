// SPDX-License-Identifier: Apache-2.0
// The benches' client: as little of HTTP/1.1 as can be, on one connection kept alive, for the server is measured.
#pragma once

#include <optional>
#include <string>

#include "net/connection.hpp"
#include "server/bench_parts.hpp"

namespace okpay::server {

class BenchClient {
public:
    static net::awaitable<std::optional<BenchClient>> connect(std::string host_and_port);

    // The octets of a whole request; the status, or nothing where the connection ended or half a minute passed.
    net::awaitable<std::optional<int>> ask(std::string request);
    [[nodiscard]] const std::string& body() const { return body_; }  // of the last answer

private:
    explicit BenchClient(net::Connection connection) : connection_{std::move(connection)} {}

    net::Connection connection_;
    std::string read_, body_;
};

}  // namespace okpay::server
