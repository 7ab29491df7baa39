// SPDX-License-Identifier: Apache-2.0
#include "server/cluster.hpp"

#include <spdlog/spdlog.h>

#include "api/workers.hpp"
#include "base/clock.hpp"
#include "service/codec.hpp"
#include "service/handlers.hpp"
#include "store/epoch.hpp"
#include "store/schema.hpp"

namespace okpay::server {
namespace {

using service::Answer;
using service::Command;

constexpr std::string_view peer_path = "/internal/commands";
constexpr std::string_view mac_header = "Okpay-Mac";
constexpr Millis pause_between_tries{100};
constexpr std::uint64_t peer_body_octets_max = 64UL << 20U;  // a sealed mail of the largest size, in base64

// Nothing was done, or nobody knows: the same command may be sent again, to whoever writes now.
bool may_try_again(const Answer& answer) {
    return answer.code == service::codes::unavailable || answer.code == service::codes::stopping ||
           answer.code == service::codes::outcome_unknown;
}

Answer late() {
    return service::refused(service::codes::outcome_unknown, "no node answered in time; ask again with the same id or key");
}

}  // namespace

Cluster::Cluster(asio::io_context& io, ClusterSettings settings, service::Context context, service::WriterOptions options,
                 std::function<void(bool)> on_writer)
    : io_{io},
      settings_{std::move(settings)},
      context_{std::move(context)},
      writer_options_{std::move(options)},
      on_writer_{std::move(on_writer)},
      peer_key_{context_.keyring().derived("cluster peers 1")} {}

Cluster::~Cluster() { stop(); }

std::string Cluster::mac_of(std::string_view body) const { return hex_of(view_of(hmac_sha256(peer_key_.reveal(), body))); }

std::shared_ptr<service::Writer> Cluster::writer() const {
    const std::lock_guard lock{mutex_};
    return fenced_ ? nullptr : writer_;
}

bool Cluster::writes() const { return writer() != nullptr; }

std::size_t Cluster::waiting() const {
    const auto local = writer();
    return local ? local->waiting() : 0;
}

std::string Cluster::status() const {
    const std::lock_guard lock{mutex_};
    if (writer_ && !fenced_) return fmt::format("writer, epoch {}", epoch_);
    return holder_.empty() ? "no writer is known" : fmt::format("hands commands to {}", holder_);
}

void Cluster::start() {
    if (settings_.database.engine == store::Engine::sqlite) {
        const auto connection = store::open(settings_.database, store::Access::writer);
        store::migrate(*connection);
        become_writer(0);
        return;
    }
    auto listener = net::Listener::open(io_.get_executor(), *settings_.listen);
    if (!listener) {
        throw store::StorageFailure{store::StorageFault::unavailable,
                                    fmt::format("--cluster {}: {}", settings_.listen->text(),
                                                net::explain(listener.error()))};
    }
    own_address_ = listener->bound().text();
    api::HttpHandler handler = [this](api::Request request) { return answer_peer(std::move(request)); };
    peers_ = std::make_unique<api::HttpServer>(*std::move(listener), nullptr, std::move(handler), peer_metrics_,
                                               api::HttpLimits{.body_octets_max = peer_body_octets_max});
    asio::co_spawn(io_, peers_->run(), asio::detached);
    const auto connection = store::open(settings_.database, store::Access::writer);
    if (store::schema_version_of(*connection) < store::schema_version) { store::migrate(*connection); }
    beat(*connection);
    thread_ = std::thread{[this] { heartbeat(); }};
}

net::awaitable<void> Cluster::stop_listening(Millis grace) {
    if (peers_) co_await peers_->stop(grace);
}

void Cluster::stop() {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_) return;
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    std::shared_ptr<service::Writer> last;
    {
        const std::lock_guard lock{mutex_};
        last = std::exchange(writer_, nullptr);
    }
    if (last == nullptr) return;
    last->stop();
    if (settings_.database.engine == store::Engine::postgres && !fenced_) {
        try {  // so that the next node need not wait for the lease to end
            store::give_epoch_back(*store::open(settings_.database, store::Access::writer), epoch_);
        } catch (const store::StorageFailure& failure) {
            spdlog::warn("the epoch could not be handed back: {}", failure.what());
        }
    }
}

void Cluster::become_writer(std::int64_t epoch) {
    service::WriterOptions options = writer_options_;
    if (settings_.database.engine == store::Engine::postgres) options.epoch = epoch;
    options.on_fenced = [this] {
        {
            const std::lock_guard lock{mutex_};
            fenced_ = true;
        }
        changed_.notify_all();
    };
    auto made = std::make_shared<service::Writer>(settings_.database, context_, std::move(options));
    {
        const std::lock_guard lock{mutex_};
        writer_ = std::move(made);
        epoch_ = epoch;
        fenced_ = false;
    }
    on_writer_(true);
}

void Cluster::cease_writing() {
    std::shared_ptr<service::Writer> old;
    {
        const std::lock_guard lock{mutex_};
        old = std::exchange(writer_, nullptr);
        fenced_ = false;
    }
    on_writer_(false);
    if (old) old->stop();
}

void Cluster::heartbeat() {
    std::unique_ptr<store::Connection> connection;
    while (true) {
        {
            std::unique_lock lock{mutex_};
            changed_.wait_for(lock, settings_.heartbeat, [this] { return stopping_ || fenced_; });
            if (stopping_) return;
        }
        try {
            if (connection == nullptr) connection = store::open(settings_.database, store::Access::writer);
            beat(*connection);
        } catch (const store::StorageFailure& failure) {
            spdlog::error("the epoch cannot be read: {}", failure.what());
            connection.reset();
        }
    }
}

void Cluster::beat(store::Connection& connection) {
    const store::Epoch row = store::read_epoch(connection);
    bool mine = false;
    bool lost = false;
    {
        const std::lock_guard lock{mutex_};
        mine = writer_ != nullptr && !fenced_ && row.epoch == epoch_;
        lost = writer_ != nullptr && !mine;
        holder_ = row.address;
    }
    if (mine) {
        (void)store::renew_epoch(connection, row.epoch);  // lost meanwhile: the next beat sees it
        return;
    }
    if (lost) cease_writing();
    if (row.age_ms < settings_.lease.count()) return;
    if (!store::take_epoch(connection, row.epoch, settings_.node, own_address_)) return;
    spdlog::info("{} writes from now on, epoch {}", settings_.node, row.epoch + 1);
    {
        const std::lock_guard lock{mutex_};
        holder_ = own_address_;
    }
    become_writer(row.epoch + 1);
}

void Cluster::submit(Command command, std::function<void(Answer)> done) {
    const auto local = writer();
    if (settings_.database.engine == store::Engine::sqlite) {
        if (local == nullptr)
            return done(
                service::refused(service::codes::stopping, "nothing was done this time; send the same again in a moment"));
        return local->submit(std::move(command), std::move(done));
    }
    if (local != nullptr) {
        // The command is kept: should this node lose its epoch under it, it goes to the next writer.
        auto kept = std::make_shared<Command>(command);
        local->submit(std::move(command), [this, kept, done = std::move(done)](Answer answer) mutable {
            if (!may_try_again(answer)) return done(std::move(answer));
            asio::co_spawn(io_, hand_over(std::move(*kept), std::move(done)), asio::detached);
        });
        return;
    }
    asio::co_spawn(io_, hand_over(std::move(command), std::move(done)), asio::detached);
}

net::awaitable<void> Cluster::hand_over(Command command, std::function<void(Answer)> done) {
    const auto deadline = std::chrono::steady_clock::now() + settings_.deadline;
    const std::string body = service::encode(command);
    asio::steady_timer timer{io_};
    while (std::chrono::steady_clock::now() < deadline) {
        std::optional<Answer> answer;
        if (const auto local = writer()) {
            Command again = command;
            answer = co_await api::submitted(*local, std::move(again));
        } else {
            answer = co_await ask_holder(body);
        }
        if (answer && !may_try_again(*answer)) {
            done(std::move(*answer));
            co_return;
        }
        timer.expires_after(pause_between_tries);
        co_await timer.async_wait(net::quietly);
    }
    done(late());
}

net::awaitable<std::optional<Answer>> Cluster::ask_holder(std::string body) {
    std::string address;
    {
        const std::lock_guard lock{mutex_};
        address = holder_;
    }
    const auto endpoint = net::Endpoint::parse(address);
    if (!endpoint || address == own_address_) co_return std::nullopt;
    auto& client = clients_[address];
    if (client == nullptr) {
        net::HttpClientSettings settings{.peer = *endpoint,
                                         .host = endpoint->host(),
                                         .tls = nullptr,
                                         .deadline = settings_.deadline};
        client = std::make_shared<net::HttpClient>(std::move(settings));
    }
    const auto kept = client;  // the map may change while we wait
    net::HttpPost post{.target = std::string{peer_path},
                       .headers = {{std::string{mac_header}, mac_of(body)}},
                       .body = std::move(body)};
    const auto response = co_await kept->post(std::move(post));
    if (!response || response->status != 200) co_return std::nullopt;
    co_return service::decode_answer(response->body);
}

net::awaitable<api::Response> Cluster::answer_peer(api::Request request) {
    const std::string body{request.body()};
    if (request.path != peer_path || !equal_in_constant_time(mac_of(body), request.header(mac_header))) {
        co_return api::Response{.status = 403};
    }
    auto command = service::decode_command(body);
    if (!command) co_return api::Response{.status = 400};
    const auto local = writer();
    if (local == nullptr) co_return api::Response{.status = 421};  // misdirected: somebody else writes by now
    Answer answer = co_await api::submitted(*local, std::move(*command));
    co_return api::json_response(200, service::encode(answer));
}

}  // namespace okpay::server
