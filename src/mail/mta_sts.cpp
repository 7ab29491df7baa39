// SPDX-License-Identifier: Apache-2.0
#include "mail/mta_sts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/hash.hpp"
#include "base/text.hpp"

namespace okpay::mail {
namespace {

using std::string_view;

constexpr std::size_t id_octets_max = 32;
constexpr string_view record_version = "v=STSv1", policy_version = "STSv1";

bool is_id(string_view text) {
    return !text.empty() && text.size() <= id_octets_max && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

// "v=STSv1" and then the end, a space or ";": another version is none of ours to read.
bool is_record(string_view text) {
    if (!text.starts_with(record_version)) return false;
    text.remove_prefix(record_version.size());
    return text.empty() || text.front() == ';' || text.front() == ' ' || text.front() == '\t';
}

std::optional<std::int64_t> seconds_of(string_view text) {
    std::int64_t seconds = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > sts_max_age_max)
        return std::nullopt;
    return seconds;
}

}  // namespace

string_view name_of(StsMode mode) {
    switch (mode) {
    case StsMode::none: return "none";
    case StsMode::testing: return "testing";
    case StsMode::enforce: return "enforce";
    }
    std::abort();
}

std::optional<StsMode> sts_mode_of_name(string_view name) {
    for (const StsMode mode : {StsMode::none, StsMode::testing, StsMode::enforce}) {
        if (name == name_of(mode)) return mode;
    }
    return std::nullopt;
}

std::string text_of(const StsPolicy& policy) {
    std::string text = fmt::format("version: {}\r\nmode: {}\r\n", policy_version, name_of(policy.mode));
    for (const std::string& host : policy.hosts) text += fmt::format("mx: {}\r\n", host);
    return text + fmt::format("max_age: {}\r\n", policy.max_age);
}

std::optional<StsPolicy> parse_sts_policy(string_view text) {
    if (text.size() > sts_policy_octets_max) return std::nullopt;
    StsPolicy policy;
    std::optional<string_view> version, mode;
    std::optional<std::int64_t> max_age;
    bool first = true;
    for (string_view line : split(text, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (trimmed(line).empty()) continue;
        const auto colon = line.find(':');
        if (colon == string_view::npos) return std::nullopt;
        const string_view key = trimmed(line.substr(0, colon)), value = trimmed(line.substr(colon + 1));
        if (std::exchange(first, false) && key != "version") return std::nullopt;
        // What stands twice counts once, the first time; unknown keys are for those who know them.
        if (key == "version" && !version) version = value;
        if (key == "mode" && !mode) mode = value;
        if (key == "max_age" && !max_age) {
            max_age = seconds_of(value);
            if (!max_age) return std::nullopt;
        }
        if (key == "mx") policy.hosts.push_back(ascii_lower(value));
    }
    if (version != policy_version || !mode || !max_age) return std::nullopt;
    const auto known = sts_mode_of_name(*mode);
    if (!known || (*known != StsMode::none && policy.hosts.empty())) return std::nullopt;
    policy.mode = *known;
    policy.max_age = *max_age;
    return policy;
}

bool takes_mail(const StsPolicy& policy, string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    const std::string asked = ascii_lower(host);
    return std::ranges::any_of(policy.hosts, [&](const std::string& pattern) {
        if (!pattern.starts_with("*.")) return pattern == asked;
        const auto dot = asked.find('.');
        return dot != std::string::npos && dot > 0 && string_view{asked}.substr(dot) == string_view{pattern}.substr(1);
    });
}

std::string sts_record_name(string_view domain) { return fmt::format("_mta-sts.{}", domain); }
std::string sts_policy_host(string_view domain) { return fmt::format("mta-sts.{}", domain); }

std::string sts_record(const StsPolicy& policy) {
    return fmt::format("{}; id={};", record_version, hex_of(view_of(sha256(text_of(policy)))).substr(0, id_octets_max));
}

std::optional<std::string> sts_id_of(std::span<const std::string> records) {
    if (std::ranges::count_if(records, is_record) != 1) return std::nullopt;
    const string_view record = *std::ranges::find_if(records, is_record);
    for (const string_view field : split(record, ';')) {
        const string_view pair = trimmed(field);
        if (pair.starts_with("id="))
            return is_id(pair.substr(3)) ? std::optional{std::string{pair.substr(3)}} : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace okpay::mail
