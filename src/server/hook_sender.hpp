// SPDX-License-Identifier: Apache-2.0
// Tells web hooks what happened: each endpoint in the order of the books, at least once, whatever the others do.
//
//   Cursor    what arrives moves the endpoint's place in the feed (store/hook_store.hpp), a batch at a time: after a kill
//   the
//             last batch at most is told again, under the same ids. What does not arrive gets a row in the commit that moves
//             the place past it, and is tried again by that row; later events of the same object wait behind it.
//   Reading   endpoints that stand at the same place are served by one reading of the books.
//   Bounds    one delivery at a time an endpoint, `endpoints_at_once` together; `queue_max` events in memory an endpoint,
//             `hook_deliveries_waiting_max` rows, then its place stays until one of them has ended.
//   stop()    takes nothing more and breaks off what is under way.
//   Threads   one strand; reads on the workers.
//   Node      tells where the writer is; after a change of nodes what the old one had not kept is told again.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "api/workers.hpp"
#include "base/clock.hpp"
#include "net/stranger.hpp"
#include "service/queries.hpp"
#include "service/service.hpp"
#include "store/keyring.hpp"

namespace okpay::server {

struct HookSenderSettings {
    bool loopback_allowed = false;  // tests and the demonstration
    std::function<bool()> writes_here = [] { return true; };  // else another node tells
    std::size_t endpoints_at_once = 16;
    std::size_t batch_max = 64;  // events told before the place is kept
    std::size_t queue_max = 256;
    std::int64_t rows_max = 8'192;  // looked at in one reading
    std::int64_t idle_payments_max = 65'536;  // of others, passed before the place is kept though nothing was told
    Millis answer_within{10'000};
    Millis period{1'000};
};

class HookSender {
public:
    HookSender(asio::any_io_executor executor, service::Service& service, service::Queries& queries, api::Workers& workers,
               const Clock& clock, store::Keyring keyring, HookSenderSettings settings);
    HookSender(const HookSender&) = delete;
    HookSender& operator=(const HookSender&) = delete;

    // `dns`: the server that is asked; empty: those of this machine.
    net::awaitable<void> run(std::string dns);
    void notify();
    void stop();

private:
    struct Line {  // to one endpoint
        store::HookPlace scanned;  // what happened up to here is in `queue`, was told, or was not asked for
        store::HookPlace kept;  // as its row has it
        std::deque<store::HookEvent> queue = {};
        int failures = 0;  // one behind the other
        std::chrono::steady_clock::time_point rests_until{};
        std::shared_ptr<asio::cancellation_signal> under_way = nullptr;  // null: nothing is
    };
    struct Work {  // what a line is to do now
        store::HookEndpoint endpoint;
        std::vector<store::HookDelivery> due;
        std::set<std::int64_t> held;  // objects with a delivery that waits
        std::size_t waiting = 0;
    };
    enum class Word : std::uint8_t { delivered, failed, gone, not_tried };
    struct Told {
        Word word = Word::not_tried;
        unsigned status = 0;
        std::string error;
    };

    net::awaitable<void> round();
    net::awaitable<bool> read_on(const std::vector<store::HookEndpoint>& enabled);  // whether the books go on
    void start(Work work);
    net::awaitable<void> serve(Work work);
    net::awaitable<bool> serve_due(const Work& work, Line& line);  // false: enough for now
    net::awaitable<void> serve_queue(Work& work, Line& line);
    net::awaitable<Told> tell(const store::HookEndpoint& endpoint, store::HookEvent event);
    net::awaitable<bool> report(std::int64_t endpoint, store::HookEvent event, store::HookPlace place, std::string outcome,
                                Told told);
    net::awaitable<bool> keep(std::int64_t endpoint, Line& line, store::HookPlace place, bool delivered);
    net::awaitable<bool> submitted(service::CommandBody body);
    void rest(Line& line);

    asio::any_io_executor executor_;
    service::Service& service_;
    service::Queries& queries_;
    api::Workers& workers_;
    const Clock& clock_;
    store::Keyring keyring_;
    Secret event_key_;
    HookSenderSettings settings_;
    std::unique_ptr<net::DnsResolver> resolver_;
    net::TlsContext tls_;
    std::map<std::int64_t, Line> lines_;  // by endpoint
    std::size_t under_way_ = 0;
    std::int64_t last_served_ = 0;  // whose turn it was: the next in order come first
    bool woken_ = false;
    bool stopping_ = false;
    asio::steady_timer alarm_;
};

}  // namespace okpay::server
