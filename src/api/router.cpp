// SPDX-License-Identifier: Apache-2.0
#include "api/router.hpp"

#include "base/text.hpp"

namespace okpay::api {

Pattern::Pattern(std::string_view text) {
    if (text.ends_with("/*")) {
        open_ended_ = true;
        text.remove_suffix(2);
    }
    for (const std::string_view segment : split(text.substr(1), '/')) segments_.emplace_back(segment);
}

std::optional<std::vector<std::string>> Pattern::match(std::string_view path) const {
    if (!path.starts_with('/')) return std::nullopt;
    path.remove_prefix(1);
    std::vector<std::string> params;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
        const bool last = i + 1 == segments_.size();
        const auto slash = path.find('/');
        if (last ? !open_ended_ && slash != std::string_view::npos : slash == std::string_view::npos) return std::nullopt;
        const std::string_view segment = path.substr(0, slash);
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
        if (!segments_[i].starts_with('{')) {
            if (segment != segments_[i]) return std::nullopt;
            continue;
        }
        auto decoded = percent_decoded(segment, false);
        if (!decoded || decoded->empty()) return std::nullopt;
        params.push_back(*std::move(decoded));
    }
    return params;
}

}  // namespace okpay::api
