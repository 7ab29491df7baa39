// SPDX-License-Identifier: Apache-2.0
#include "mail/impl/tag_list.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t tags_max = 64;

bool is_tag_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return !name.empty() && letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

std::optional<TagList> TagList::parse(std::string_view text) {
    TagList list;
    const auto parts = split(text, ';');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string_view part = trimmed(parts[i]);
        if (part.empty()) {
            if (i + 1 == parts.size()) break;  // one semicolon may end the list
            return std::nullopt;
        }
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const std::string_view name = trimmed(part.substr(0, equals));
        if (!is_tag_name(name) || list.find(name) != nullptr || list.tags_.size() == tags_max) return std::nullopt;
        list.tags_.push_back({std::string{name}, std::string{trimmed(part.substr(equals + 1))}});
    }
    if (list.tags_.empty()) return std::nullopt;
    return list;
}

const std::string* TagList::find(std::string_view name) const {
    const auto found = std::ranges::find(tags_, name, &Tag::name);
    return found == tags_.end() ? nullptr : &found->value;
}

std::string_view TagList::value_or(std::string_view name, std::string_view otherwise) const {
    const std::string* value = find(name);
    return value == nullptr ? otherwise : std::string_view{*value};
}

std::string without_white_space(std::string_view text) {
    std::string kept;
    std::ranges::copy_if(text, std::back_inserter(kept),
                         [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
    return kept;
}

std::optional<std::int64_t> read_seconds(std::string_view digits) {
    std::int64_t value = 0;
    if (digits.empty() || digits.size() > 12) return std::nullopt;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value < 0) return std::nullopt;
    return value;
}

}  // namespace okpay::mail
