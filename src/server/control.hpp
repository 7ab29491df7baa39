// SPDX-License-Identifier: Apache-2.0
// How other verbs speak to a serving process on the same directory: control.sock in it, mode 0600. A line of JSON is a
// command (service::encode), a line of JSON its answer. Who may open the socket may read the database anyway.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "net/asio.hpp"
#include "service/service.hpp"

namespace okpay::server {

class ControlServer {
public:
    // Removes a socket that a killed process left: the directory's lock is ours.
    ControlServer(asio::io_context& io, const std::filesystem::path& socket, service::Service& service);
    ~ControlServer();
    void stop();

private:
    net::awaitable<void> accept();
    net::awaitable<void> converse(asio::local::stream_protocol::socket socket);

    std::filesystem::path path_;
    asio::local::stream_protocol::acceptor acceptor_;
    service::Service& service_;
};

// Blocking. None where no process listens there.
std::optional<service::Answer> ask_serving_process(const std::filesystem::path& socket, const service::Command& command);

}  // namespace okpay::server
