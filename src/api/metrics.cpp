// SPDX-License-Identifier: Apache-2.0
#include "api/metrics.hpp"

#include <fmt/format.h>

namespace okpay::api {
namespace {

std::string_view word_of(MetricKind kind) {
    switch (kind) {
    case MetricKind::counter: return "counter";
    case MetricKind::gauge: return "gauge";
    }
    std::abort();
}

void describe(std::string& to, std::string_view name, std::string_view help, MetricKind kind) {
    fmt::format_to(std::back_inserter(to), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, word_of(kind));
}

}  // namespace

void Metrics::add(MetricKind kind, std::string name, std::string help, std::function<std::int64_t()> read,
                  std::string labels) {
    metrics_.push_back({kind, std::move(name), std::move(help), std::move(labels), std::move(read)});
}

void Metrics::count_response(unsigned status) {
    const std::size_t first_digit = status / 100;
    if (first_digit < responses_.size()) responses_[first_digit].fetch_add(1, std::memory_order_relaxed);
}

std::string Metrics::text() const {
    std::string text;
    describe(text, "okpay_http_responses_total", "Answers by class of status.", MetricKind::counter);
    for (std::size_t digit = 2; digit < responses_.size(); ++digit) {
        fmt::format_to(std::back_inserter(text), "okpay_http_responses_total{{class=\"{}xx\"}} {}\n", digit,
                       responses_[digit].load(std::memory_order_relaxed));
    }
    describe(text, "okpay_http_connections", "Connections that are open.", MetricKind::gauge);
    fmt::format_to(std::back_inserter(text), "okpay_http_connections {}\n", connections_.load(std::memory_order_relaxed));
    std::string_view described;
    for (const Metric& metric : metrics_) {
        if (metric.name != described) describe(text, metric.name, metric.help, metric.kind);
        described = metric.name;
        const std::string labels = metric.labels.empty() ? "" : "{" + metric.labels + "}";
        fmt::format_to(std::back_inserter(text), "{}{} {}\n", metric.name, labels, metric.read());
    }
    return text;
}

}  // namespace okpay::api
