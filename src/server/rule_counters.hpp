// SPDX-License-Identifier: Apache-2.0
// What the rules of the desk did since this node started, for the metrics.
//   Threads  any: counted on the writer's, read by who asks for metrics.
#pragma once

#include <atomic>

#include "api/metrics.hpp"
#include "service/books.hpp"

namespace okpay::server {

class RuleCounters {
public:
    void note(const service::CommitNews& news) {
        fired_ += news.rules_fired;
        stopped_ += news.rules_stopped;
        faults_ += news.rule_faults;
    }
    void add_to(api::Metrics& metrics) {  // which must not outlive this
        metrics.add(api::MetricKind::counter, "okpay_rules_fired_total", "Rules of the desk that acted on a request.",
                    [this] { return fired_.load(); });
        metrics.add(api::MetricKind::counter, "okpay_rules_stopped_total", "Chains of rules that the loop guard stopped.",
                    [this] { return stopped_.load(); });
        metrics.add(api::MetricKind::counter, "okpay_rule_faults_total", "Rules that could not be judged and did nothing.",
                    [this] { return faults_.load(); });
    }

private:
    std::atomic<std::int64_t> fired_{0}, stopped_{0}, faults_{0};
};

}  // namespace okpay::server
