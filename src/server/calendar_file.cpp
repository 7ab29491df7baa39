// SPDX-License-Identifier: Apache-2.0
#include "server/calendar_file.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "customers/zone_rules.hpp"
#include "server/options.hpp"

namespace okpay::server {
namespace {

// TZ, or what /etc/localtime points at.
std::string zone_of_machine() {
    std::string zone;
    if (const char* set = std::getenv("TZ"); set != nullptr) {
        zone = set;
        if (zone.starts_with(':')) zone.erase(0, 1);
    } else {
        constexpr std::string_view folder = "/zoneinfo/";
        std::error_code error;
        const std::string link = std::filesystem::read_symlink("/etc/localtime", error).string();
        const auto at = link.find(folder);
        if (!error && at != std::string::npos) zone = link.substr(at + folder.size());
    }
    return customers::ZoneRules::of(zone) ? zone : "UTC";
}

}  // namespace

desk::WorkingHours parse_calendar(std::string_view text, std::string_view name) {
    auto hours = desk::WorkingHours::parse(text);
    if (hours) return *std::move(hours);
    std::string why = hours.error();
    constexpr std::string_view line = "line ";
    const auto colon = why.find(": ");
    if (why.starts_with(line) && colon != std::string::npos) {
        throw UsageError{fmt::format("{}:{}{}", name, why.substr(line.size(), colon - line.size()), why.substr(colon))};
    }
    throw UsageError{fmt::format("{}: {}", name, why)};
}

std::shared_ptr<const desk::WorkingHours> calendar_of(const std::string& path) {
    if (path.empty()) {
        const std::string text = fmt::format("zone = {}\nmonday-friday = 09:00-18:00\n", zone_of_machine());
        return std::make_shared<const desk::WorkingHours>(parse_calendar(text, "the built-in calendar"));
    }
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw UsageError{fmt::format("--calendar {}: cannot be read", path)};
    return std::make_shared<const desk::WorkingHours>(parse_calendar(text.str(), path));
}

}  // namespace okpay::server
