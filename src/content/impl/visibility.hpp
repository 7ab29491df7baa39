// SPDX-License-Identifier: Apache-2.0
// What a reader of HTML would see of it, as far as inline style, attributes and simple rules tell.
#pragma once

#include <gumbo.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace okpay::content {

struct Visibility {  // of what stands in an element; inherited
    std::uint32_t colour = 0;             // 0xRRGGBB
    std::uint32_t background = 0xFFFFFF;
    bool hidden = false;
};
// False also for text whose colour differs from its background by less than an eye can tell.
bool is_seen(const Visibility& sight);
// Preheaders are padded with characters that show nothing.
bool has_ink(std::string_view words);

std::string_view attribute_of(const GumboElement& element, const char* name);  // empty where it has none

class Hiding {
public:
    explicit Hiding(std::string_view html);  // its style sheets are read, never applied
    void apply(const GumboElement& element, Visibility& sight) const;

private:
    [[nodiscard]] bool by_rule(const GumboElement& element) const;
    std::set<std::string> selectors_;
};

}  // namespace okpay::content
