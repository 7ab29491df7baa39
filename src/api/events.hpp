// SPDX-License-Identifier: Apache-2.0
// Live changes for open workspaces, as server-sent events. What a client missed is sent again from the newest
// `ring_events`; where that does not reach back far enough it is told to read everything again (`resync`).
//
//   Sequence  starts at a number made of the moment of start, so that it never runs back over a restart and stays below
//             2^53: browsers keep it as text, scripts as a double.
//   Threads   publish: any. Everything else on the executor, which one thread runs.
//   Limits    client_events_max unread by one client, then its stream ends and it connects again.
#pragma once

#include <deque>
#include <memory>
#include <set>

#include "api/http.hpp"
#include "base/moment.hpp"

namespace okpay::api {

struct EventLimits {
    std::size_t ring_events = 1'000;
    std::size_t client_events_max = 256;
    Millis heartbeat{15'000};
    Millis stream_lasts{3'600'000};  // then the client comes back and is asked who it is again
};

class EventHub {
public:
    EventHub(asio::any_io_executor executor, Moment start, EventLimits limits = {});
    ~EventHub();
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;

    void publish_ticket_changed(std::string number);
    // After `last_seen` (a Last-Event-ID), else from now on.
    std::shared_ptr<BodyStream> subscribe(std::optional<std::int64_t> last_seen);
    void stop();  // ends all streams; later ones end at once
    [[nodiscard]] std::size_t subscribers() const;

private:
    class Subscriber;
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace okpay::api
