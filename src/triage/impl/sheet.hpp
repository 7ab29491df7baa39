// SPDX-License-Identifier: Apache-2.0
// A text as the readers see it: folded, so that one spelling stands for many, with the way back to what was written.
//   Fold   full-width forms to ASCII, Traditional to Simplified characters (ICU's compiled data), ASCII lower case,
//          typographic quotes, dashes and spaces to plain ones, ￥ to ¥; zero-width characters are dropped.
//   Blot   what one extractor has claimed is overwritten, so that the next never reads it as something else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::triage {

class Sheet {
public:
    explicit Sheet(std::string_view original);  // must outlive the sheet; UTF-8

    [[nodiscard]] std::string_view text() const { return folded_; }
    [[nodiscard]] std::string_view original(std::size_t begin, std::size_t end) const {
        return original_.substr(origin_[begin], origin_[end] - origin_[begin]);
    }
    void blot(std::size_t begin, std::size_t end) { folded_.replace(begin, end - begin, end - begin, blotted); }

    static constexpr char blotted = '\x01';

private:
    std::string_view original_;
    std::string folded_;
    std::vector<std::uint32_t> origin_;  // of each folded octet and of the end, the octet in the original
};

// One code point at the front and its length in octets; U+FFFD and 1 where the octets are ill-formed.
struct CodePoint {
    char32_t value;
    std::size_t octets;
};
CodePoint code_point_at(std::string_view text, std::size_t at);

char32_t to_simplified(char32_t c);
char32_t to_traditional(char32_t c);
constexpr bool is_han(char32_t c) { return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x323AF); }

}  // namespace okpay::triage
