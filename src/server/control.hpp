// SPDX-License-Identifier: Apache-2.0
// How other verbs speak to a serving process on the same directory: control.sock in it, mode 0600. A line of JSON is a
// command (service::encode), a line of JSON its answer. Who may open the socket may read the database anyway.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

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

// The other end. Blocking; of one thread.
class ServingProcess {
public:
    static std::optional<ServingProcess> connect(const std::filesystem::path& socket);  // none: no process listens there
    std::optional<service::Answer> ask(const service::Command& command);  // none: it has gone

private:
    ServingProcess();
    std::unique_ptr<asio::io_context> io_;
    asio::local::stream_protocol::socket connection_;
    std::string line_;
};

}  // namespace okpay::server
