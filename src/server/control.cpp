// SPDX-License-Identifier: Apache-2.0
#include "server/control.hpp"

#include <sys/stat.h>

#include "api/workers.hpp"
#include "service/codec.hpp"
#include "service/handlers.hpp"

namespace okpay::server {
namespace {

constexpr std::size_t line_octets_max = 128UL << 20U;  // of a mail of 64 MiB in base64; who may connect may read the data
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

ServingProcess::ServingProcess() : io_{std::make_unique<asio::io_context>()}, connection_{*io_} {}

std::optional<ServingProcess> ServingProcess::connect(const std::filesystem::path& socket) {
    ServingProcess process;
    boost::system::error_code error;
    process.connection_.connect(Local::endpoint{socket.string()}, error);
    if (error) return std::nullopt;
    return process;
}

std::optional<service::Answer> ServingProcess::ask(const service::Command& command) {
    boost::system::error_code error;
    asio::write(connection_, asio::buffer(service::encode(command) + "\n"), error);
    if (error) return std::nullopt;
    const std::size_t length = asio::read_until(connection_, asio::dynamic_buffer(line_, line_octets_max), '\n', error);
    if (error) return std::nullopt;
    auto answer = service::decode_answer(std::string_view{line_}.substr(0, length));
    line_.erase(0, length);
    return answer;
}

}  // namespace okpay::server
