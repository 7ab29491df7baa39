// SPDX-License-Identifier: Apache-2.0
#include "server/risk_rules_file.hpp"

#include <fmt/format.h>

#include "desk/lock_letters.hpp"
#include "money/currency.hpp"
#include "server/toml_table.hpp"

namespace okpay::server {
namespace {

using risk::Rule;

// The counters look no further back (service/books.hpp), and while watched a time reaches twice as far.
constexpr std::int64_t hours_max = 7 * 24;

class RuleReader : TomlTable {
public:
    using TomlTable::TomlTable;

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
        rule.times_own_mean = count("times_own_mean", 1'000'000);
        rule.history_at_least = count("history_at_least", 1'000'000).value_or(rule.history_at_least);
        rule.percent_of_balance = count("percent_of_balance", 100);
        rule.in_ten_minutes = count("in_ten_minutes", 1'000'000);
        rule.in_hour = count("in_hour", 1'000'000);
        rule.failed_sign_ins = count("failed_sign_ins", 1'000'000);
        rule.change_within = hours("change_within_hours");
        rule.new_device_within = hours("new_device_within_hours");
        rule.new_payee = flag("new_payee");
        rule.new_device = flag("new_device");
        refuse_what_is_left();
        return rule;
    }

private:
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
    std::optional<std::int64_t> count(std::string_view key, std::int64_t max) { return whole(key, 1, max); }
    std::optional<Millis> hours(std::string_view key) {
        const auto found = count(key, hours_max);
        return found ? std::optional<Millis>{std::chrono::hours{*found}} : std::nullopt;
    }
};

}  // namespace

risk::Ruleset parse_risk_rules(std::string_view text, std::string_view name) {
    const toml::table root = parsed_toml(text, name);
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
    return std::make_shared<const risk::Ruleset>(parse_risk_rules(text_of_file("--risk-rules", path), path));
}

}  // namespace okpay::server
