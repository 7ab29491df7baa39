// SPDX-License-Identifier: Apache-2.0
#include "desk/follows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace okpay::desk {

std::optional<SeenMark> SeenMark::parse(std::string_view text) {
    SeenMark mark;
    const char* const end = text.data() + text.size();
    const auto message = std::from_chars(text.data(), end, mark.message);
    if (message.ec != std::errc{} || message.ptr == end || *message.ptr != '.') return std::nullopt;
    const auto event = std::from_chars(message.ptr + 1, end, mark.event);
    if (event.ec != std::errc{} || event.ptr != end || mark.message < 0 || mark.event < 0) return std::nullopt;
    return mark;
}

std::string SeenMark::text() const { return fmt::format("{}.{}", message, event); }

SeenMark moved_on(SeenMark seen, SeenMark wanted, SeenMark newest) {
    return {.message = std::max(seen.message, std::min(wanted.message, newest.message)),
            .event = std::max(seen.event, std::min(wanted.event, newest.event))};
}

std::string_view code_of(FollowRefusal refusal) {
    switch (refusal) {
    case FollowRefusal::too_many_mentions: return "too_many_mentions";
    case FollowRefusal::nobody_here: return "cannot_be_mentioned";
    case FollowRefusal::too_many_followers: return "too_many_followers";
    }
    std::abort();
}

std::string_view sentence_en(FollowRefusal refusal) {
    switch (refusal) {
    case FollowRefusal::too_many_mentions: return "a note names 10 colleagues at most; name fewer";
    case FollowRefusal::nobody_here: return "mentions: nobody of this id can read this request; choose from the list";
    case FollowRefusal::too_many_followers: return "50 people follow this request, the most there may be";
    }
    std::abort();
}

std::optional<FollowRefusal> may_mention(std::span<const Colleague> named, std::size_t followers) {
    if (named.size() > mentions_max) return FollowRefusal::too_many_mentions;
    std::size_t joining = 0;
    for (const Colleague& one : named) {
        if (!one.may_see) return FollowRefusal::nobody_here;
        if (!one.follows) ++joining;
    }
    // Whoever follows already brings nobody along, also where a merge brought more than may be.
    if (joining > 0 && followers + joining > followers_max) return FollowRefusal::too_many_followers;
    return std::nullopt;
}

std::optional<FollowRefusal> may_follow(Colleague one, std::size_t followers) {
    return may_mention(std::span{&one, 1}, followers);
}

}  // namespace okpay::desk
