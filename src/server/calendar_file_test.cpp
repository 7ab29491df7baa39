// SPDX-License-Identifier: Apache-2.0
#include "server/calendar_file.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "server/options.hpp"

namespace okpay::server {
namespace {

constexpr std::string_view written =
    "# the desk in Shanghai\nzone = Asia/Shanghai\nmonday-friday = 09:00-12:00, 13:30-18:00\n";

std::string refusal(const std::string& text) {
    try {
        (void)parse_calendar(text, "desk.calendar");
    } catch (const UsageError& error) { return error.what(); }
    return "";
}

TEST(CalendarFile, is_read_from_a_file) {
    const std::string path = fmt::format("{}okpay_calendar_{}", ::testing::TempDir(), ::getpid());
    std::ofstream{path} << written;
    const auto hours = calendar_of(path);
    std::filesystem::remove(path);
    EXPECT_EQ(hours->zone(), "Asia/Shanghai");
    EXPECT_TRUE(desk::open_at(*hours, moment_of_rfc3339("2026-11-04T02:00:00Z").value()));   // Wednesday, 10:00 there
    EXPECT_FALSE(desk::open_at(*hours, moment_of_rfc3339("2026-11-04T05:00:00Z").value()));  // 13:00
}

TEST(CalendarFile, says_where_a_mistake_stands) {
    EXPECT_EQ(refusal(std::string{written}), "");
    EXPECT_THAT(refusal(std::string{written} + "sunday = 18:00-02:00\n"), ::testing::StartsWith("desk.calendar:4: "));
    EXPECT_THAT(refusal(std::string{written} + "someday = 09:00-10:00\n"), ::testing::StartsWith("desk.calendar:4: "));
    EXPECT_THAT(refusal("monday = 09:00-10:00\n"), ::testing::StartsWith("desk.calendar"));
    EXPECT_THROW((void)calendar_of("/nowhere/desk.calendar"), UsageError);
}

TEST(CalendarFile, without_one_the_desk_is_there_on_working_days) {
    const auto hours = calendar_of("");
    using namespace std::chrono;
    const sys_days monday{2026y / November / 2};
    for (int day = 0; day < 7; ++day) {
        const bool worked = day < 5;
        EXPECT_EQ(hours->spans_on(monday + days{day}).size(), worked ? 1U : 0U) << day;
    }
    EXPECT_EQ(hours->spans_on(monday).front(), (desk::OpenSpan{540, 1080}));
}

}  // namespace
}  // namespace okpay::server
