// SPDX-License-Identifier: Apache-2.0
#include "postgres_proxy.hpp"

#include <fmt/format.h>

#include <future>
#include <map>

#include "base/ensure.hpp"

namespace okpay::faults {

namespace asio = boost::asio;

namespace {

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view socket_name = ".s.PGSQL.5432";

// The octets of the first whole message, 0 while it is not whole. The first of a client has no type before its length.
std::size_t message_size(ByteView octets, bool typed) {
    const std::size_t head = typed ? 1 : 0;
    if (octets.size() < head + 4) return 0;
    const std::size_t size = head + read_u32(octets.substr(head));
    return octets.size() < size ? 0 : size;
}

std::string_view text_at(ByteView octets) { return octets.substr(0, octets.find('\0')); }

}  // namespace

struct PostgresProxy::Link {
    explicit Link(Socket accepted)
        : client{std::move(accepted)}, server{client.get_executor()}, released{client.get_executor()} {
        released.expires_at(std::chrono::steady_clock::time_point::max());
    }
    void close() {
        boost::system::error_code ignored;
        client.close(ignored);
        server.close(ignored);
    }
    Socket client, server;
    asio::steady_timer released;  // never by time
    bool answer_is_lost = false;  // and with it both ends close
    bool held = false;            // counts in held_
    bool frozen = false;
    std::map<std::string, std::string, std::less<>> statements;  // prepared: name to SQL
};

PostgresProxy::PostgresProxy(const store::Database& server) : acceptor_{io_} {
    const auto host = server.location.find("host=") + 5;
    const auto host_end = server.location.find('&', host);
    server_socket_ = fmt::format("{}/{}", server.location.substr(host, host_end - host), socket_name);
    database_ = server;
    database_.location.replace(host, host_end - host, directory_.path().string());
    const asio::local::stream_protocol::endpoint here{(directory_.path() / socket_name).string()};
    acceptor_.open(here.protocol());
    acceptor_.bind(here);
    acceptor_.listen();
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread{[this] { io_.run(); }};
}

PostgresProxy::~PostgresProxy() {
    die();
    thread_.join();
}

void PostgresProxy::plan(const CutPlan& plan) {
    const std::lock_guard lock{mutex_};
    only_ = plan.only;
    plan_ = plan;
    plan_->only = only_;
    counted_ = matched_ = 0;
    met_.clear();
}

void PostgresProxy::forget_plan() {
    const std::lock_guard lock{mutex_};
    plan_.reset();
    changed_.notify_all();
}

std::int64_t PostgresProxy::counted() const {
    const std::lock_guard lock{mutex_};
    return counted_;
}

std::string PostgresProxy::met() const {
    const std::lock_guard lock{mutex_};
    return met_;
}

void PostgresProxy::wait_until_met() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return !plan_; });
}

bool PostgresProxy::holds() const {
    const std::lock_guard lock{mutex_};
    return held_ > 0;
}

void PostgresProxy::release() {
    asio::post(io_, [this] {
        for (const auto& link : links_) link->released.cancel();
    });
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return held_ == 0; });
}

void PostgresProxy::die() {
    std::promise<void> done;
    asio::post(io_, [this, &done] {
        close_door();
        for (const auto& link : links_) {
            link->close();
            link->released.cancel();
        }
        done.set_value();
    });
    if (thread_.joinable() && !io_.stopped()) done.get_future().wait();
}

void PostgresProxy::close_door() {
    dead_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

std::optional<CutPlan> PostgresProxy::judge(const std::string& sql) {
    const std::lock_guard lock{mutex_};
    ++counted_;
    if (!plan_ || !sql.starts_with(plan_->only) || ++matched_ != plan_->at) return std::nullopt;
    const CutPlan met = *std::exchange(plan_, std::nullopt);
    met_ = sql.empty() ? "rows" : sql;
    if (met.cut == Cut::late || met.cut == Cut::frozen) ++held_;
    changed_.notify_all();
    return met;
}

asio::awaitable<void> PostgresProxy::accept() {
    while (true) {
        auto [error, socket] = co_await acceptor_.async_accept(quietly);
        if (error) co_return;
        auto link = std::make_shared<Link>(std::move(socket));
        const auto [refused] =
            co_await link->server.async_connect(asio::local::stream_protocol::endpoint{server_socket_}, quietly);
        if (refused || dead_) continue;  // the client finds its connection closed
        std::erase_if(links_, [](const auto& old) { return !old->client.is_open() && !old->server.is_open(); });
        links_.push_back(link);
        asio::co_spawn(io_, up(link), asio::detached);
        asio::co_spawn(io_, down(link), asio::detached);
    }
}

asio::awaitable<void> PostgresProxy::up(std::shared_ptr<Link> link) {
    std::array<char, 65'536> part;
    Bytes arrived;
    Bytes act;  // messages that wait for the one that makes an act of them
    std::string sql;
    bool typed = false;
    while (true) {
        const auto [error, count] = co_await link->client.async_read_some(asio::buffer(part), quietly);
        if (error) break;
        arrived.append(part.data(), count);
        while (const std::size_t size = message_size(arrived, typed)) {
            const Bytes message = arrived.substr(0, size);
            arrived.erase(0, size);
            act += message;
            const char type = typed ? message.front() : '\0';
            if (type == 'Q') sql = text_at(ByteView{message}.substr(5));
            if (type == 'P') {
                const auto name = text_at(ByteView{message}.substr(5));
                sql = text_at(ByteView{message}.substr(5 + name.size() + 1));
                link->statements[std::string{name}] = sql;
            } else if (type == 'B') {
                const auto portal = text_at(ByteView{message}.substr(5));
                sql = link->statements[std::string{text_at(ByteView{message}.substr(5 + portal.size() + 1))}];
            }
            const bool waits = type == 'P' || type == 'B' || type == 'D' || type == 'E';
            typed = true;
            if (waits) continue;
            std::optional<Cut> cut;
            if (is_counted(type)) {
                if (const auto plan = judge(type == 'd' || type == 'c' ? "" : sql)) {
                    cut = plan->cut;
                    if (plan->dies) close_door();
                }
            }
            if (cut == Cut::before) co_return link->close();
            if (cut == Cut::halfway) {
                co_await asio::async_write(link->server, asio::buffer(act.data(), act.size() / 2), quietly);
                co_return link->close();
            }
            if (cut == Cut::after || cut == Cut::late) link->answer_is_lost = true;
            if (cut == Cut::late || cut == Cut::frozen) {
                link->held = true;
                boost::system::error_code ignored;
                if (cut == Cut::late) link->client.close(ignored);
                link->frozen = cut == Cut::frozen;
                co_await link->released.async_wait(quietly);
                if (cut == Cut::frozen) {
                    link->held = link->frozen = false;
                    const std::lock_guard lock{mutex_};
                    --held_;
                    changed_.notify_all();
                }
            }
            const auto [failed, written] = co_await asio::async_write(link->server, asio::buffer(act), quietly);
            if (failed) co_return link->close();
            act.clear();
            if (cut == Cut::after && type == 'd') co_return link->close();  // rows have no answer
            if (cut == Cut::after || cut == Cut::late) co_return;           // down() closes
        }
    }
    link->close();
}

asio::awaitable<void> PostgresProxy::down(std::shared_ptr<Link> link) {
    std::array<char, 65'536> part;
    Bytes arrived;
    while (true) {
        const auto [error, count] = co_await link->server.async_read_some(asio::buffer(part), quietly);
        // Who is frozen does not even learn that the server has gone.
        if (link->frozen) co_await link->released.async_wait(quietly);
        if (error) break;
        arrived.append(part.data(), count);
        std::size_t whole = 0;
        bool answered = false;
        while (const std::size_t size = message_size(ByteView{arrived}.substr(whole), true)) {
            const char type = arrived[whole];
            answered = answered || type == 'Z' || type == 'G';  // ready for the next; or for the rows of a COPY
            whole += size;
        }
        if (link->answer_is_lost) {
            if (answered) break;
        } else {
            const auto [failed, written] =
                co_await asio::async_write(link->client, asio::buffer(arrived.data(), whole), quietly);
            if (failed) break;
        }
        arrived.erase(0, whole);
    }
    link->close();
    if (link->held && link->answer_is_lost) {
        link->held = false;
        const std::lock_guard lock{mutex_};
        --held_;
        changed_.notify_all();
    }
}

}  // namespace okpay::faults
