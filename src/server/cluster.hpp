// SPDX-License-Identifier: Apache-2.0
// Which node writes. On SQLite it is this one. On PostgreSQL the nodes share a row: who raised the epoch last is the
// writer, renews the row with each commit and each heartbeat, and is fenced by it: a commit under an older epoch changes
// nothing. The others hand their commands over HTTP to the address in the row, with a MAC under a key derived from the
// master key, and try again until the deadline: a command carries its id or key, so that again is never twice.
//
//   Take-over  when the row was not renewed for `lease`: raise the epoch, load the books, write.
//   Threads    submit() from any; the heartbeat has a thread and a connection of its own.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "api/http_server.hpp"
#include "net/asio.hpp"
#include "net/http_client.hpp"
#include "service/writer.hpp"

namespace okpay::server {

struct ClusterSettings {
    store::Database database;
    std::string node;                 // a name for the logs
    std::optional<net::Endpoint> listen;  // none on SQLite
    Millis heartbeat{500};
    Millis lease{3'000};
    Millis deadline{15'000};          // of a command handed over
};

class Cluster final : public service::Service {
public:
    // `on_writer` is called on the heartbeat's thread when this node starts (true) or ceases (false) to write.
    Cluster(asio::io_context& io, ClusterSettings settings, service::Context context, service::WriterOptions options,
            std::function<void(bool)> on_writer);
    ~Cluster() override;
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    void start();  // SQLite: writes when it returns. PostgreSQL: writes or knows who does. Throws StorageFailure.
    net::awaitable<void> stop_listening(Millis grace);  // to other nodes; before the executor may end
    void stop();

    void submit(service::Command command, std::function<void(service::Answer)> done) override;
    [[nodiscard]] bool writes() const;
    [[nodiscard]] std::string status() const;  // for /readyz and logs
    [[nodiscard]] std::size_t waiting() const;

private:
    void heartbeat();
    void beat(store::Connection& connection);
    void become_writer(std::int64_t epoch);
    void cease_writing();
    [[nodiscard]] std::shared_ptr<service::Writer> writer() const;
    net::awaitable<void> hand_over(service::Command command, std::function<void(service::Answer)> done);
    net::awaitable<std::optional<service::Answer>> ask_holder(std::string body);
    net::awaitable<api::Response> answer_peer(api::Request request);
    [[nodiscard]] std::string mac_of(std::string_view body) const;

    asio::io_context& io_;
    ClusterSettings settings_;
    service::Context context_;
    service::WriterOptions writer_options_;
    std::function<void(bool)> on_writer_;
    Secret peer_key_;
    api::Metrics peer_metrics_;
    std::unique_ptr<api::HttpServer> peers_;  // null on SQLite
    std::string own_address_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::shared_ptr<service::Writer> writer_;  // under mutex_; null while another node writes
    std::int64_t epoch_ = 0;                   // under mutex_
    std::string holder_;                       // under mutex_; address of who writes
    bool fenced_ = false;                      // under mutex_; set by the writer
    bool stopping_ = false;                    // under mutex_
    std::map<std::string, std::shared_ptr<net::HttpClient>> clients_;  // on io_
    std::thread thread_;
};

}  // namespace okpay::server
