// SPDX-License-Identifier: Apache-2.0
// Between clients and a PostgreSQL server, on a Unix socket of its own: hands on what both say, understands the framing
// of their protocol and no more, and does harm at one chosen message.
//
//   Counted    what a client sends that is an act by itself: a simple query (BEGIN, COMMIT, COPY …), a prepared statement
//              with its parameters, a part of the rows of a COPY, their end. From plan() on, over all connections.
//   Threads    its calls are for any thread; the work is done on one of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio.hpp>

#include "base/bytes.hpp"
#include "store/connection.hpp"
#include "temporary_database.hpp"

namespace okpay::faults {

enum class Cut : std::uint8_t {
    before,   // the server never sees it
    halfway,  // the server sees a part of it, and then the end of the connection
    after,    // the server does it; its answer is lost
    late,     // the client is cut off at once, and the server gets the message at release(), not before
    frozen,   // nobody is cut off; nothing of this connection moves on before release()
};

struct CutPlan {
    Cut cut = Cut::before;
    std::int64_t at = 1;         // counted from now
    std::string_view only = {};  // of those alone whose SQL begins so
    bool dies = false;           // and from then on nobody else is let in, as after die()
};

class PostgresProxy {
public:
    explicit PostgresProxy(const store::Database& server);
    ~PostgresProxy();
    PostgresProxy(const PostgresProxy&) = delete;
    PostgresProxy& operator=(const PostgresProxy&) = delete;

    [[nodiscard]] const store::Database& database() const { return database_; }  // for its clients

    void plan(const CutPlan& plan);  // in place of the one before; counting starts anew
    void forget_plan();
    [[nodiscard]] std::int64_t counted() const;
    [[nodiscard]] std::string met() const;  // the SQL of what the plan met; empty while it has met nothing
    void wait_until_met();                  // returns at once where there is no plan

    [[nodiscard]] bool holds() const;  // something late or frozen, and the server has not ended that session
    // What is late or frozen moves on. Returns when the server has done what was late, or ended its connection.
    void release();
    // Like the death of the machine that the clients are on: all are cut off, and no others are let in.
    void die();

private:
    using Socket = boost::asio::local::stream_protocol::socket;
    struct Link;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> up(std::shared_ptr<Link> link);
    boost::asio::awaitable<void> down(std::shared_ptr<Link> link);
    std::optional<CutPlan> judge(const std::string& sql);
    void close_door();
    static bool is_counted(char type) { return type == 'Q' || type == 'S' || type == 'd' || type == 'c'; }

    testing::TemporaryDirectory directory_;
    std::string server_socket_;
    store::Database database_;
    boost::asio::io_context io_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    std::vector<std::shared_ptr<Link>> links_;  // the proxy's thread
    bool dead_ = false;                         // the proxy's thread

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<CutPlan> plan_;  // this and the rest under mutex_
    std::string only_;             // what plan_ refers to
    std::int64_t counted_ = 0, matched_ = 0;
    std::string met_;
    std::int64_t held_ = 0;  // links that wait for release(), or for the server to do what was late
    std::thread thread_;
};

}  // namespace okpay::faults
