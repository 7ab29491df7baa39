// SPDX-License-Identifier: Apache-2.0
#include "server/risk_rules_file.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <fstream>
#include <set>
#include <sstream>

#include "desk/lock_letters.hpp"
#include "money/currency.hpp"
#include "server/options.hpp"

namespace okpay::server {
namespace {

using risk::Rule;

// The counters look no further back (service/books.hpp), and while watched a time reaches twice as far.
constexpr std::int64_t hours_max = 7 * 24;

class RuleReader {
public:
    RuleReader(const toml::table& table, std::string_view file) : table_{table}, file_{file} {}

    Rule read() {
        Rule rule{.name = text("name")};
        rule.state =
            one_of<risk::RuleState>("state", {risk::RuleState::draft, risk::RuleState::shadow, risk::RuleState::active});
        rule.verdict = one_of<risk::Verdict>("verdict", {risk::Verdict::review, risk::Verdict::deny});
        rule.scope = one_of<customers::LockScope>("lock", {customers::LockScope::payouts, customers::LockScope::debits,
                                                           customers::LockScope::full});
        rule.message_code = text("tells");
        if (!desk::is_lock_message(rule.message_code)) refuse("tells", "no letter has words for it");
        for (const std::string& word : texts("operations")) {
            const auto operation = risk::operation_of_name(word);
            if (!operation) refuse("operations", "of sign_in, pay, send, withdraw, exchange");
            rule.operations.push_back(*operation);
        }
        for (const std::string& said : texts("amount_at_least")) rule.amount_at_least.push_back(amount(said));
        rule.times_own_mean = whole("times_own_mean", 1'000'000);
        rule.history_at_least = whole("history_at_least", 1'000'000).value_or(rule.history_at_least);
        rule.percent_of_balance = whole("percent_of_balance", 100);
        rule.in_ten_minutes = whole("in_ten_minutes", 1'000'000);
        rule.in_hour = whole("in_hour", 1'000'000);
        rule.failed_sign_ins = whole("failed_sign_ins", 1'000'000);
        rule.change_within = hours("change_within_hours");
        rule.new_device_within = hours("new_device_within_hours");
        rule.new_payee = flag("new_payee");
        rule.new_device = flag("new_device");
        for (const auto& [key, node] : table_) {
            if (!asked_.contains(key.str())) refuse(key.str(), "means nothing here");
        }
        return rule;
    }

private:
    [[noreturn]] void refuse(std::string_view key, std::string_view why) const {
        const toml::node* node = table_.get(key);
        const auto line = (node != nullptr ? node->source() : table_.source()).begin.line;
        throw UsageError{fmt::format("{}:{}: {}: {}", file_, line, key, why)};
    }
    const toml::node* find(std::string_view key) {
        asked_.emplace(key);
        return table_.get(key);
    }
    std::string text(std::string_view key) {
        const toml::node* node = find(key);
        const auto value = node != nullptr ? node->value<std::string>() : std::nullopt;
        if (!value || value->empty()) refuse(key, "a text in quotes is needed");
        return *value;
    }
    template <class Enum>
    Enum one_of(std::string_view key, std::initializer_list<Enum> choices) {
        const std::string said = text(key);
        std::string names;
        for (const Enum choice : choices) {
            if (name_of(choice) == said) return choice;
            names += (names.empty() ? "" : ", ") + std::string{name_of(choice)};
        }
        refuse(key, "one of " + names);
    }
    std::vector<std::string> texts(std::string_view key) {
        std::vector<std::string> found;
        const toml::node* node = find(key);
        if (node == nullptr) return found;
        if (!node->is_array()) refuse(key, "a list of texts");
        for (const toml::node& one : *node->as_array()) {
            const auto value = one.value<std::string>();
            if (!one.is_string() || !value) refuse(key, "a list of texts");
            found.push_back(*value);
        }
        return found;
    }
    money::Money amount(std::string_view said) const {
        const auto blank = said.find(' ');
        const auto currency =
            blank == std::string_view::npos ? std::nullopt : money::currency_of_code(said.substr(blank + 1));
        const auto read = currency ? money::Money::parse(said.substr(0, blank), *currency) : std::nullopt;
        if (!read || read->minor() <= 0) refuse("amount_at_least", "amounts such as \"2000.00 CNY\"");
        return *read;
    }
    std::optional<std::int64_t> whole(std::string_view key, std::int64_t max) {
        const toml::node* node = find(key);
        if (node == nullptr) return std::nullopt;
        const auto value = node->value<std::int64_t>();
        if (!node->is_integer() || !value || *value < 1 || *value > max) {
            refuse(key, fmt::format("a whole number from 1 to {}", max));
        }
        return *value;
    }
    std::optional<Millis> hours(std::string_view key) {
        const auto count = whole(key, hours_max);
        return count ? std::optional<Millis>{std::chrono::hours{*count}} : std::nullopt;
    }
    bool flag(std::string_view key) {
        const toml::node* node = find(key);
        if (node == nullptr) return false;
        const auto value = node->value<bool>();
        if (!node->is_boolean() || !value) refuse(key, "true or false");
        return *value;
    }

    const toml::table& table_;
    std::string_view file_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace

risk::Ruleset parse_risk_rules(std::string_view text, std::string_view name) {
    toml::table root;
    try {
        root = toml::parse(text);
    } catch (const toml::parse_error& error) {
        throw UsageError{fmt::format("{}:{}: {}", name, error.source().begin.line, error.description())};
    }
    risk::Ruleset rules;
    for (const auto& [key, node] : root) {
        if (key.str() == "version" && node.is_string()) {
            rules.version = node.value<std::string>().value_or("");
        } else if (key.str() == "rule" && node.is_array_of_tables()) {
            for (const toml::node& one : *node.as_array()) rules.rules.push_back(RuleReader{*one.as_table(), name}.read());
        } else {
            throw UsageError{fmt::format("{}:{}: {}: write version = \"…\" and [[rule]] above each rule", name,
                                         node.source().begin.line, key.str())};
        }
    }
    if (const auto fault = fault_of(rules)) throw UsageError{fmt::format("{}: {}", name, *fault)};
    return rules;
}

std::shared_ptr<const risk::Ruleset> risk_rules_of(const std::string& path) {
    if (path.empty()) return std::make_shared<const risk::Ruleset>(risk::built_in_rules());
    if (path == "none") return nullptr;
    std::ifstream file{path};
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw UsageError{fmt::format("--risk-rules {}: cannot be read", path)};
    return std::make_shared<const risk::Ruleset>(parse_risk_rules(text.str(), path));
}

}  // namespace okpay::server
