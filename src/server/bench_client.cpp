// SPDX-License-Identifier: Apache-2.0
#include "server/bench_client.hpp"

#include <array>
#include <charconv>

namespace okpay::server {
namespace {

constexpr Millis answer_within{30'000};

// Head and body; nothing while the head is not there.
struct Sizes {
    std::size_t head = 0, body = 0;
};
std::optional<Sizes> sizes_of(std::string_view read) {
    constexpr std::string_view length = "Content-Length: ";
    const auto end = read.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    Sizes sizes{end + 4, 0};
    const auto at = read.substr(0, end).find(length);
    if (at != std::string_view::npos) std::from_chars(read.data() + at + length.size(), read.data() + end, sizes.body);
    return sizes;
}

}  // namespace

net::awaitable<std::optional<BenchClient>> BenchClient::connect(std::string host_and_port) {
    auto connected = co_await net::connect(*net::Endpoint::parse(host_and_port), answer_within);
    if (!connected) co_return std::nullopt;
    co_return BenchClient{*std::move(connected)};
}

net::awaitable<std::optional<int>> BenchClient::ask(std::string request) {
    connection_.expire_after(answer_within);
    if (!co_await connection_.write(request)) co_return std::nullopt;
    std::optional<Sizes> sizes;
    while (!sizes || read_.size() < sizes->head + sizes->body) {
        std::array<char, 16'384> part;
        const auto octets = co_await connection_.read_some(part);
        if (!octets) co_return std::nullopt;
        read_.append(part.data(), *octets);
        if (!sizes) sizes = sizes_of(read_);
    }
    int status = 0;
    std::from_chars(read_.data() + 9, read_.data() + 12, status);
    body_ = read_.substr(sizes->head, sizes->body);
    read_.erase(0, sizes->head + sizes->body);
    co_return status;
}

}  // namespace okpay::server
