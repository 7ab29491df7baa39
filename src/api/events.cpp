// SPDX-License-Identifier: Apache-2.0
#include "api/events.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace okpay::api {
namespace {

std::string event_text(std::int64_t seq, std::string_view kind, const std::optional<std::string>& number) {
    boost::json::object change{{"seq", seq}, {"kind", kind}, {"number", nullptr}};
    if (number) change["number"] = *number;
    return fmt::format("id: {}\ndata: {}\n\n", seq, boost::json::serialize(change));
}

constexpr std::string_view opening = "retry: 2000\n\n";
constexpr std::string_view heartbeat_text = ": still here\n\n";
constexpr std::int64_t sequences_per_ms = 1'024;

}  // namespace

struct EventHub::State {
    State(asio::any_io_executor executor_given, std::int64_t seq, EventLimits limits_given)
        : executor{std::move(executor_given)}, last_seq{seq}, limits{limits_given} {}

    struct Kept {
        std::int64_t seq;
        std::string text;
    };
    asio::any_io_executor executor;
    std::int64_t last_seq;
    EventLimits limits;
    std::deque<Kept> ring;
    std::set<Subscriber*> subscribers;
    bool stopped = false;

    void deliver(const std::string& number);
};

class EventHub::Subscriber final : public BodyStream {
public:
    explicit Subscriber(std::shared_ptr<State> state)
        : state_{std::move(state)},
          wake_{state_->executor},
          ends_at_{std::chrono::steady_clock::now() + state_->limits.stream_lasts} {
        state_->subscribers.insert(this);
        waiting_.emplace_back(opening);
    }
    ~Subscriber() override { state_->subscribers.erase(this); }
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;

    void push(std::string text) {
        if (waiting_.size() >= state_->limits.client_events_max) {
            close();
            return;
        }
        waiting_.push_back(std::move(text));
        wake_.cancel();
    }

    awaitable<std::optional<std::string>> next() override {
        if (waiting_.empty() && !closed_) {
            wake_.expires_after(state_->limits.heartbeat);
            co_await wake_.async_wait(net::quietly);
        }
        if (closed_ || std::chrono::steady_clock::now() >= ends_at_) co_return std::nullopt;
        if (waiting_.empty()) co_return std::string{heartbeat_text};
        std::string text;
        for (const std::string& one : waiting_) text += one;
        waiting_.clear();
        co_return text;
    }

    void close() override {
        closed_ = true;
        wake_.cancel();
    }

private:
    std::shared_ptr<State> state_;
    asio::steady_timer wake_;
    std::chrono::steady_clock::time_point ends_at_;
    std::deque<std::string> waiting_;
    bool closed_ = false;
};

void EventHub::State::deliver(const std::string& number) {
    ring.push_back({++last_seq, event_text(last_seq, "ticket_changed", number)});
    if (ring.size() > limits.ring_events) ring.pop_front();
    for (Subscriber* subscriber : subscribers) subscriber->push(ring.back().text);
}

EventHub::EventHub(asio::any_io_executor executor, Moment start, EventLimits limits)
    : state_{std::make_shared<State>(std::move(executor), ms_of(start) * sequences_per_ms, limits)} {}

EventHub::~EventHub() = default;

void EventHub::publish_ticket_changed(std::string number) {
    asio::post(state_->executor, [state = state_, number = std::move(number)] { state->deliver(number); });
}

std::shared_ptr<BodyStream> EventHub::subscribe(std::optional<std::int64_t> last_seen) {
    auto subscriber = std::make_shared<Subscriber>(state_);
    if (state_->stopped) subscriber->close();
    if (!last_seen || *last_seen == state_->last_seq) return subscriber;
    const std::int64_t oldest_needed = *last_seen + 1;
    const bool reaches = !state_->ring.empty() && state_->ring.front().seq <= oldest_needed && *last_seen < state_->last_seq;
    const auto missed = state_->last_seq - *last_seen;
    if (!reaches || missed > static_cast<std::int64_t>(state_->limits.client_events_max) / 2) {
        subscriber->push(event_text(state_->last_seq, "resync", std::nullopt));
        return subscriber;
    }
    for (const State::Kept& kept : state_->ring) {
        if (kept.seq >= oldest_needed) subscriber->push(kept.text);
    }
    return subscriber;
}

void EventHub::stop() {
    state_->stopped = true;
    for (Subscriber* subscriber : state_->subscribers) subscriber->close();
}

std::size_t EventHub::subscribers() const { return state_->subscribers.size(); }

}  // namespace okpay::api
