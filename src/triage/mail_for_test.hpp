// SPDX-License-Identifier: Apache-2.0
// A customer's mail of one morning in Shanghai.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/moment.hpp"
#include "triage/message.hpp"

namespace okpay::triage {

inline Message mail(std::string_view text, std::string_view subject = "") {
    return {.subject = std::string{subject},
            .new_text = std::string{text},
            .from_address = "customer@example.org",
            .at = *moment_of_rfc3339("2026-11-05T10:00:00Z"),
            .utc_offset_minutes = 480};
}

struct Row {
    std::string_view text, want;  // want: parted by " | ", empty for nothing
};

inline std::string joined(const std::vector<std::string>& list) {
    std::string all;
    for (const std::string& one : list) all += (all.empty() ? "" : " | ") + one;
    return all;
}

}  // namespace okpay::triage
