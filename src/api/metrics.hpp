// SPDX-License-Identifier: Apache-2.0
// What /metrics prints, in the Prometheus text format 0.0.4. Counters are ours; everything else is a callback that the
// program registers at start: queue lengths, commits, mail waiting.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace okpay::api {

enum class MetricKind : std::uint8_t { counter, gauge };

class Metrics {
public:
    // Before the server runs; `read` is called on the thread of the sockets and must not wait. `labels` as they stand
    // between braces; those of one name are added one behind the other.
    void add(MetricKind kind, std::string name, std::string help, std::function<std::int64_t()> read,
             std::string labels = "");
    void count_response(unsigned status);
    void connection_opened() { connections_.fetch_add(1, std::memory_order_relaxed); }
    void connection_closed() { connections_.fetch_sub(1, std::memory_order_relaxed); }
    [[nodiscard]] std::string text() const;

private:
    struct Metric {
        MetricKind kind;
        std::string name, help, labels;
        std::function<std::int64_t()> read;
    };
    std::vector<Metric> metrics_;
    std::array<std::atomic<std::int64_t>, 6> responses_{};  // by the first digit of the status
    std::atomic<std::int64_t> connections_{0};
};

}  // namespace okpay::api
