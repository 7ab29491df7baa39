// SPDX-License-Identifier: Apache-2.0
#include "server/tariff_file.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <fstream>
#include <set>
#include <sstream>

#include "server/options.hpp"

namespace okpay::server {
namespace {

using money::Currency;
using money::Money;
using payments::Operation;

constexpr int level_max = 3;
constexpr std::size_t percent_decimals = 4;  // millionths

// One table of the file, its keys asked for by name; what was not asked for is an error.
class Entry {
public:
    Entry(const toml::table& table, std::string_view file) : table_{table}, file_{file} {}

    [[noreturn]] void refuse(const toml::node* at, std::string_view why) const {
        const auto line = (at != nullptr ? at->source() : table_.source()).begin.line;
        throw UsageError{fmt::format("{}:{}: {}", file_, line, why)};
    }
    const toml::node* find(std::string_view key) {
        asked_.emplace(key);
        return table_.get(key);
    }
    std::optional<std::string> text(std::string_view key) {
        const toml::node* node = find(key);
        if (node == nullptr) return std::nullopt;
        const auto value = node->value<std::string>();
        if (!node->is_string() || !value) refuse(node, fmt::format("{} is a text in quotes: \"12.50\", not a number", key));
        return *value;
    }
    std::optional<std::int64_t> whole(std::string_view key, std::int64_t max) {
        const toml::node* node = find(key);
        if (node == nullptr) return std::nullopt;
        const auto value = node->value<std::int64_t>();
        if (!node->is_integer() || !value || *value < 0 || *value > max) {
            refuse(node, fmt::format("{} is a whole number from 0 to {}", key, max));
        }
        return *value;
    }
    std::optional<int> level() {
        const auto value = whole("level", level_max);
        return value ? std::optional{static_cast<int>(*value)} : std::nullopt;
    }
    std::optional<Currency> currency() {
        const auto code = text("currency");
        if (!code) return std::nullopt;
        const auto found = money::currency_of_code(*code);
        if (!found) refuse(table_.get("currency"), fmt::format("{} is no currency that we keep books in", *code));
        return found;
    }
    Operation operation() {
        const auto name = text("operation");
        const auto found = name ? payments::operation_of_name(*name) : std::nullopt;
        if (!found) refuse(table_.get("operation"), "operation is one of top_up, pay, send, withdraw, receive");
        return *found;
    }
    std::optional<std::int64_t> minor(std::string_view key, std::optional<Currency> currency) {
        const auto decimal = text(key);
        if (!decimal) return std::nullopt;
        if (!currency) refuse(table_.get(key), fmt::format("{} needs a currency in the same table", key));
        const auto amount = Money::parse(*decimal, *currency);
        if (!amount || amount->minor() < 0) {
            refuse(table_.get(key), fmt::format("{} is no amount in {}", *decimal, money::code_of(*currency)));
        }
        return amount->minor();
    }
    // "0.6" is 6,000 millionths.
    std::optional<std::int64_t> percent(std::string_view key) {
        const auto decimal = text(key);
        if (!decimal) return std::nullopt;
        const std::size_t point = std::min(decimal->find('.'), decimal->size());
        const std::string_view wholes = std::string_view{*decimal}.substr(0, point);
        const std::string_view parts = point < decimal->size() ? std::string_view{*decimal}.substr(point + 1) : "";
        const auto digits = [](std::string_view t) {
            return std::ranges::all_of(t, [](char c) { return c >= '0' && c <= '9'; });
        };
        const bool read = !wholes.empty() && wholes.size() <= 3 && parts.size() <= percent_decimals && digits(wholes) &&
                          digits(parts) && (point == decimal->size() || !parts.empty());
        std::int64_t ppm = 0;
        if (read) {
            for (const char c : wholes) ppm = ppm * 10 + (c - '0');
            for (std::size_t i = 0; i < percent_decimals; ++i) ppm = ppm * 10 + (i < parts.size() ? parts[i] - '0' : 0);
        }
        if (!read || ppm > payments::parts_per_million) {
            refuse(table_.get(key),
                   fmt::format("{} is a percentage from 0 to 100 with at most four decimals: \"0.6\"", key));
        }
        return ppm;
    }
    void end() const {
        for (const auto& [key, node] : table_) {
            if (!asked_.contains(key.str())) refuse(&node, fmt::format("{} means nothing here", key.str()));
        }
    }

private:
    const toml::table& table_;
    std::string_view file_;
    std::set<std::string, std::less<>> asked_;
};

payments::FeeRule fee_of(Entry& entry, std::string_view file) {
    payments::FeeRule rule{.operation = entry.operation(),
                           .level = entry.level(),
                           .currency = entry.currency(),
                           .tiers = {},
                           .maximum_minor = std::nullopt};
    if (rule.operation == Operation::receive || rule.operation == Operation::top_up) {
        entry.refuse(entry.find("operation"), "fees are taken of pay, send and withdraw");
    }
    if (rule.operation == Operation::pay && rule.level) {
        entry.refuse(entry.find("level"), "a merchant pays this fee, whatever the customer's level");
    }
    rule.fixed_minor = entry.minor("fixed", rule.currency).value_or(0);
    rule.minimum_minor = entry.minor("minimum", rule.currency).value_or(0);
    rule.maximum_minor = entry.minor("maximum", rule.currency);
    if (rule.maximum_minor && *rule.maximum_minor < rule.minimum_minor) {
        entry.refuse(entry.find("maximum"), "maximum is less than minimum");
    }
    const auto percent = entry.percent("percent");
    if (percent) rule.tiers.push_back({.up_to_minor = std::nullopt, .rate_ppm = *percent});
    if (const toml::node* tiers = entry.find("tiers"); tiers != nullptr) {
        if (percent || !tiers->is_array()) entry.refuse(tiers, "tiers is a list of tables, instead of percent");
        for (const toml::node& node : *tiers->as_array()) {
            if (!node.is_table()) entry.refuse(&node, "a tier is a table: {up_to = \"1000\", percent = \"0.6\"}");
            Entry tier{*node.as_table(), file};
            const auto up_to = tier.minor("up_to", rule.currency);
            const auto rate = tier.percent("percent");
            tier.end();
            if (!rate) tier.refuse(&node, "a tier needs a percent");
            const bool rises =
                rule.tiers.empty() || (rule.tiers.back().up_to_minor && (!up_to || *up_to > *rule.tiers.back().up_to_minor));
            if (!rises) tier.refuse(&node, "tiers rise, and only the last is without up_to");
            rule.tiers.push_back({.up_to_minor = up_to, .rate_ppm = *rate});
        }
    }
    return rule;
}

payments::LimitRule limit_of(Entry& entry) {
    const Operation operation = entry.operation();
    const auto name = entry.text("window");
    const auto window = name ? payments::limit_window_of_name(*name) : std::nullopt;
    if (!window) entry.refuse(entry.find("window"), "window is one of item, day, week, month, year");
    const auto currency = entry.currency();
    if (!currency) entry.refuse(nullptr, "a limit needs a currency");
    payments::LimitRule rule{.operation = operation,
                             .window = *window,
                             .level = entry.level(),
                             .currency = *currency,
                             .amount_minor = entry.minor("amount", currency),
                             .count = entry.whole("count", 1'000'000)};
    if (!rule.amount_minor && !rule.count) entry.refuse(nullptr, "a limit needs an amount or a count");
    if (rule.count && rule.window == payments::LimitWindow::item) {
        entry.refuse(entry.find("count"), "one item is always one: give it an amount");
    }
    return rule;
}

payments::BalanceRule balance_of(Entry& entry) {
    const auto currency = entry.currency();
    if (!currency) entry.refuse(nullptr, "a balance limit needs a currency");
    const auto amount = entry.minor("amount", currency);
    if (!amount) entry.refuse(nullptr, "a balance limit needs an amount");
    return {.level = entry.level(), .currency = *currency, .amount_minor = *amount};
}

template <class Read>
void each_entry(const toml::table& root, std::string_view key, std::string_view file, Read read) {
    const toml::node* node = root.get(key);
    if (node == nullptr) return;
    if (!node->is_array_of_tables()) {
        throw UsageError{fmt::format("{}:{}: write [[{}]] above each", file, node->source().begin.line, key)};
    }
    for (const toml::node& one : *node->as_array()) {
        Entry entry{*one.as_table(), file};
        read(entry);
        entry.end();
    }
}

}  // namespace

payments::Tariff parse_tariff(std::string_view text, std::string_view name) {
    toml::table root;
    try {
        root = toml::parse(text);
    } catch (const toml::parse_error& error) {
        throw UsageError{fmt::format("{}:{}: {}", name, error.source().begin.line, error.description())};
    }
    payments::Tariff tariff;
    each_entry(root, "fee", name, [&](Entry& entry) {
        payments::FeeRule rule = fee_of(entry, name);
        for (const payments::FeeRule& other : tariff.fees) {
            if (other.operation == rule.operation && other.level == rule.level && other.currency == rule.currency) {
                entry.refuse(nullptr, "this operation has a fee for the same level and currency above");
            }
        }
        tariff.fees.push_back(std::move(rule));
    });
    each_entry(root, "limit", name, [&](Entry& entry) { tariff.limits.push_back(limit_of(entry)); });
    each_entry(root, "balance", name, [&](Entry& entry) { tariff.balances.push_back(balance_of(entry)); });
    Entry whole{root, name};
    for (const std::string_view key : {"fee", "limit", "balance"}) whole.find(key);
    whole.end();
    return tariff;
}

payments::Tariff tariff_of(const std::string& path, std::int64_t merchant_basis_points) {
    if (path.empty()) return payments::flat_tariff(merchant_basis_points);
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw UsageError{fmt::format("--tariff {}: cannot be read", path)};
    payments::Tariff tariff = parse_tariff(text.str(), path);
    const bool has_merchant_fee =
        std::ranges::any_of(tariff.fees, [](const payments::FeeRule& rule) { return rule.operation == Operation::pay; });
    if (!has_merchant_fee) {
        for (payments::FeeRule& rule : payments::flat_tariff(merchant_basis_points).fees) tariff.fees.push_back(rule);
    }
    return tariff;
}

}  // namespace okpay::server
