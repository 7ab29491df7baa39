// SPDX-License-Identifier: Apache-2.0
// "v=1; d=example.com; …" as DKIM, ARC and DMARC write it (RFC 6376 3.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::mail {

struct Tag {
    std::string name, value;  // the name as written; the value without white space at its ends
};

class TagList {
public:
    // None where it is ill-formed or names a tag twice.
    static std::optional<TagList> parse(std::string_view text);
    [[nodiscard]] const std::string* find(std::string_view name) const;
    [[nodiscard]] std::string_view value_or(std::string_view name, std::string_view otherwise) const;
    [[nodiscard]] const std::vector<Tag>& tags() const { return tags_; }

private:
    std::vector<Tag> tags_;
};

std::string without_white_space(std::string_view text);
std::optional<std::int64_t> read_seconds(std::string_view digits);  // at most 12 digits

}  // namespace okpay::mail
