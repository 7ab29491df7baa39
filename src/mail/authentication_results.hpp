// SPDX-License-Identifier: Apache-2.0
// The value of an Authentication-Results field (RFC 8601 2.2), comments and quotes read as they are meant. Whether it may
// be believed is for the caller to know.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okpay::mail {

struct MethodResult {
    std::string method, result;  // lower case: "dmarc", "pass"
    struct Property {
        std::string name, value;  // "header.from", lower case; the value as given
    };
    std::vector<Property> properties;
    std::vector<std::string> comments;  // "p=REJECT sp=NONE": where the policy stands
    [[nodiscard]] std::string_view property(std::string_view name) const;  // empty where missing
};
struct AuthenticationResults {
    std::string authserv_id;  // lower case
    std::vector<MethodResult> methods;
};
std::optional<AuthenticationResults> read_authentication_results(std::string_view value);

}  // namespace okpay::mail
