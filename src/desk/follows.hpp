// SPDX-License-Identifier: Apache-2.0
// Who follows a request, whom a note may name, and how far somebody has seen it. A mark only moves on, so that two devices
// of one person, or a page that says the same twice, lose nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace okpay::desk {

inline constexpr std::size_t mentions_max = 10;    // colleagues that one note names
inline constexpr std::size_t followers_max = 50;  // of one request; a merge brings all of both

// What happened to a request, beside what was written on it, of which its followers are told.
inline constexpr std::array<std::string_view, 8> told_events{"state_changed", "assigned", "merged_into", "merged_here",
                                                             "unmerged",      "sorted",   "raised",      "side_answered"};

// The last message and the last event of a request that somebody has seen, by their numbers; 0: none.
struct SeenMark {
    std::int64_t message = 0, event = 0;
    static std::optional<SeenMark> parse(std::string_view text);  // as text() has it; nothing else
    [[nodiscard]] std::string text() const;
    friend bool operator==(const SeenMark&, const SeenMark&) = default;
};
// Seen up to `wanted`, but never less than before and never what is not there yet.
SeenMark moved_on(SeenMark seen, SeenMark wanted, SeenMark newest);

struct Colleague {
    bool may_see = false;  // exists, works here, may read requests and has nothing to do with this customer
    bool follows = false;
};
enum class FollowRefusal : std::uint8_t { too_many_mentions, nobody_here, too_many_followers };
std::string_view code_of(FollowRefusal refusal);
std::string_view sentence_en(FollowRefusal refusal);

// Whoever is named follows from then on. Each of `named` once; `followers`: of the request, now.
std::optional<FollowRefusal> may_mention(std::span<const Colleague> named, std::size_t followers);
std::optional<FollowRefusal> may_follow(Colleague one, std::size_t followers);

}  // namespace okpay::desk
