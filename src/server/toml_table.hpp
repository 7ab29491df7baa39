// SPDX-License-Identifier: Apache-2.0
// A table of an operator's TOML file, read key by key. What is wrong throws UsageError: "FILE:LINE: key: what is needed".
// The table and the name of the file outlive it.
#pragma once

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "net/tls.hpp"
#include "server/options.hpp"

namespace okpay::server {

inline bool is_printable(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) >= 0x20 && c != 0x7f; });
}

class TomlTable {
public:
    TomlTable(const toml::table& table, std::string_view file) : table_{table}, file_{file} {}

protected:
    [[noreturn]] void refuse(std::string_view key, std::string_view why) const {
        const toml::node* node = table_.get(key);
        const auto line = (node != nullptr ? node->source() : table_.source()).begin.line;
        throw UsageError{fmt::format("{}:{}: {}: {}", file_, line, key, why)};
    }
    // Null where it is not there.
    const toml::node* find(std::string_view key) {
        asked_.emplace(key);
        return table_.get(key);
    }
    std::optional<std::int64_t> whole(std::string_view key, std::int64_t min, std::int64_t max) {
        const toml::node* node = find(key);
        if (node == nullptr) return std::nullopt;
        const auto value = node->value<std::int64_t>();
        if (!node->is_integer() || !value || *value < min || *value > max)
            refuse(key, fmt::format("a whole number from {} to {} is needed", min, max));
        return value;
    }
    bool flag(std::string_view key) {
        const toml::node* node = find(key);
        if (node == nullptr) return false;
        const auto value = node->value<bool>();
        if (!node->is_boolean() || !value) refuse(key, "true or false is needed");
        return *value;
    }
    std::optional<std::string> text(std::string_view key) {
        const toml::node* node = find(key);
        if (node == nullptr) return std::nullopt;
        auto value = node->value<std::string>();
        if (!node->is_string() || !value || !is_printable(*value)) refuse(key, "a text in quotes is needed");
        return value;
    }
    // The authorities of a file of certificates; null where the key is not there.
    net::TlsContext trust(std::string_view key) {
        const auto path = text(key);
        if (!path) return nullptr;
        std::ifstream file{*path};
        std::stringstream pem;
        pem << file.rdbuf();
        const auto context = file ? net::client_tls_trusting(pem.str()) : fail(net::TlsError::trust_unreadable);
        if (!context) refuse(key, net::explain(context.error()));
        return *context;
    }
    // Once all that is known was asked for: another key is a mistake.
    void refuse_what_is_left() const {
        for (const auto& [key, node] : table_) {
            if (!asked_.contains(key.str())) refuse(key.str(), "means nothing here");
        }
    }
    [[nodiscard]] bool has(std::string_view key) const { return table_.get(key) != nullptr; }

private:
    const toml::table& table_;
    std::string_view file_;
    std::set<std::string, std::less<>> asked_;
};

inline toml::table parsed_toml(std::string_view text, std::string_view file) {
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        throw UsageError{fmt::format("{}:{}: {}", file, error.source().begin.line, error.description())};
    }
}

// The whole file that an option names.
inline std::string text_of_file(std::string_view option, const std::string& path) {
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw UsageError{fmt::format("{} {}: cannot be read", option, path)};
    return text.str();
}

}  // namespace okpay::server
