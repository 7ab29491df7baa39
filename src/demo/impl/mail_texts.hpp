// SPDX-License-Identifier: Apache-2.0
// The words of the sample mails. In braces stands what the occasion tells: {shop} {amount} {day} {time} {order} {name};
// {order} is a short sentence with the order reference, or nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "demo/people.hpp"

namespace okpay::demo {

// What a mail is about and what must have happened for it to be true.
enum class Topic : std::uint8_t {
    doubled,
    looks_doubled,
    failed,
    refund,
    locked,
    info_change,
    top_up,
    card,
    fees,
    identity,
    login,
    suspicious,
    how_to,
    complaint,
    off_topic,
    spam,
    unclear,
};
inline constexpr std::size_t topic_count = 17;
std::string_view category_of(Topic topic);  // as triage prints it

struct Text {
    Topic topic;
    Tongue tongue;
    std::string_view subject, body;
};
std::span<const Text> mail_texts();

std::span<const std::string_view> openings(Tongue tongue);  // "" among them: some go straight to the point
std::span<const std::string_view> closings(Tongue tongue);  // with {name}

}  // namespace okpay::demo
