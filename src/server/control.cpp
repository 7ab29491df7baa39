// SPDX-License-Identifier: Apache-2.0
#include "server/control.hpp"

#include <sys/stat.h>

#include "api/workers.hpp"
#include "service/codec.hpp"
#include "service/handlers.hpp"

namespace okpay::server {
namespace {

constexpr std::size_t line_octets_max = 1UL << 20U;
using Local = asio::local::stream_protocol;

}  // namespace

ControlServer::ControlServer(asio::io_context& io, const std::filesystem::path& socket, service::Service& service)
    : path_{socket}, acceptor_{io}, service_{service} {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    acceptor_.open();
    const mode_t before = umask(0177);
    acceptor_.bind(Local::endpoint{path_.string()});
    umask(before);
    acceptor_.listen();
    asio::co_spawn(io, accept(), asio::detached);
}

ControlServer::~ControlServer() { stop(); }

void ControlServer::stop() {
    boost::system::error_code ignored;
    if (!acceptor_.is_open()) return;
    acceptor_.close(ignored);
    std::error_code also_ignored;
    std::filesystem::remove(path_, also_ignored);
}

net::awaitable<void> ControlServer::accept() {
    while (true) {
        auto [error, socket] = co_await acceptor_.async_accept(net::quietly);
        if (error) co_return;
        asio::co_spawn(acceptor_.get_executor(), converse(std::move(socket)), asio::detached);
    }
}

net::awaitable<void> ControlServer::converse(Local::socket socket) {
    std::string pending;
    while (true) {
        const auto [error, length] =
            co_await asio::async_read_until(socket, asio::dynamic_buffer(pending, line_octets_max), '\n', net::quietly);
        if (error) co_return;
        auto command = service::decode_command(std::string_view{pending}.substr(0, length));
        pending.erase(0, length);
        service::Answer answer = service::refused(service::codes::invalid, "not a command that this program knows");
        if (command) answer = co_await api::submitted(service_, std::move(*command));
        const std::string line = service::encode(answer) + "\n";
        const auto [failed, written] = co_await asio::async_write(socket, asio::buffer(line), net::quietly);
        if (failed) co_return;
    }
}

std::optional<service::Answer> ask_serving_process(const std::filesystem::path& socket, const service::Command& command) {
    asio::io_context io;
    Local::socket connection{io};
    boost::system::error_code error;
    connection.connect(Local::endpoint{socket.string()}, error);
    if (error) return std::nullopt;
    asio::write(connection, asio::buffer(service::encode(command) + "\n"), error);
    if (error) return std::nullopt;
    std::string line;
    asio::read_until(connection, asio::dynamic_buffer(line, line_octets_max), '\n', error);
    if (error) return std::nullopt;
    return service::decode_answer(line);
}

}  // namespace okpay::server
