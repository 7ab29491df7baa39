// SPDX-License-Identifier: Apache-2.0
#include "desk/follows.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <vector>

namespace okpay::desk {
namespace {

unsigned test_seed() {
    const char* given = std::getenv("TEST_SEED");
    return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

constexpr Colleague stranger{.may_see = false, .follows = false};
constexpr Colleague new_one{.may_see = true, .follows = false};
constexpr Colleague follower{.may_see = true, .follows = true};

struct MentionCase {
    std::string_view name;
    std::vector<Colleague> named;
    std::size_t followers;
    std::optional<FollowRefusal> want;
};
const std::vector<MentionCase> mention_cases{
    {"nobody", {}, followers_max, std::nullopt},
    {"a colleague", {new_one}, 0, std::nullopt},
    {"as many as may be", std::vector<Colleague>(mentions_max, new_one), 0, std::nullopt},
    {"one more", std::vector<Colleague>(mentions_max + 1, new_one), 0, FollowRefusal::too_many_mentions},
    {"too many of whom one is unknown", std::vector<Colleague>(mentions_max + 1, stranger), 0,
     FollowRefusal::too_many_mentions},
    {"one among them is unknown", {new_one, stranger}, 0, FollowRefusal::nobody_here},
    {"the last place", {new_one}, followers_max - 1, std::nullopt},
    {"no place", {new_one}, followers_max, FollowRefusal::too_many_followers},
    {"two for one place", {new_one, new_one}, followers_max - 1, FollowRefusal::too_many_followers},
    {"one for one place and one who follows", {new_one, follower}, followers_max - 1, std::nullopt},
    {"who follows already, after a merge", {follower}, followers_max + 7, std::nullopt},
};

TEST(Mentions, name_colleagues_who_may_read_it) {
    for (const MentionCase& c : mention_cases) {
        SCOPED_TRACE(c.name);
        EXPECT_EQ(may_mention(c.named, c.followers), c.want);
    }
    EXPECT_EQ(may_follow(new_one, followers_max - 1), std::nullopt);
    EXPECT_EQ(may_follow(new_one, followers_max), FollowRefusal::too_many_followers);
    EXPECT_EQ(may_follow(stranger, 0), FollowRefusal::nobody_here);
}

TEST(SeenMark, is_read_as_it_is_written_and_not_otherwise) {
    EXPECT_EQ(SeenMark::parse("12.3"), (SeenMark{12, 3}));
    EXPECT_EQ(SeenMark::parse(SeenMark{0, 7}.text()), (SeenMark{0, 7}));
    for (const std::string_view text :
         {"", ".", "1", "1.", ".1", "1.2.3", "-1.2", "1.-2", " 1.2", "1.2 ", "a.b", "99999999999999999999.1"}) {
        EXPECT_EQ(SeenMark::parse(text), std::nullopt) << text;
    }
}

TEST(SeenMark, never_goes_back_and_never_ahead) {
    const unsigned seed = test_seed();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    const auto any = [&] { return SeenMark{std::int64_t(random() % 6), std::int64_t(random() % 6)}; };
    for (int round = 0; round < 1'000; ++round) {
        const SeenMark newest = any();
        const SeenMark seen = moved_on({}, any(), newest);
        const SeenMark wanted = any();
        const SeenMark after = moved_on(seen, wanted, newest);
        ASSERT_GE(after.message, seen.message);
        ASSERT_GE(after.event, seen.event);
        ASSERT_LE(after.message, newest.message);
        ASSERT_LE(after.event, newest.event);
        ASSERT_EQ(moved_on(after, wanted, newest), after) << "twice is the same as once";
        if (wanted.message >= seen.message && wanted.message <= newest.message) { ASSERT_EQ(after.message, wanted.message); }
    }
}

}  // namespace
}  // namespace okpay::desk
