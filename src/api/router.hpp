// SPDX-License-Identifier: Apache-2.0
// Method and path to what answers: "/api/v1/tickets/{number}/ledger". A parameter is one segment, never empty; a path
// that ends in "/*" takes everything below. The first route that fits wins.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/http.hpp"
#include "base/result.hpp"

namespace okpay::api {

class Pattern {
public:
    explicit Pattern(std::string_view text);
    // The parameters, decoded; nothing where the path does not fit or cannot be decoded.
    [[nodiscard]] std::optional<std::vector<std::string>> match(std::string_view path) const;

private:
    std::vector<std::string> segments_;  // a parameter starts with '{'
    bool open_ended_ = false;
};

enum class RouteError : std::uint8_t { no_such_path, method_not_allowed };

template <class Target>
class Router {
public:
    void add(Method method, std::string_view pattern, Target target) {
        routes_.push_back(Route{method, Pattern{pattern}, std::move(target)});
    }
    // Fills request.params.
    [[nodiscard]] Result<const Target*, RouteError> find(Request& request) const {
        RouteError error = RouteError::no_such_path;
        for (const Route& route : routes_) {
            auto params = route.pattern.match(request.path);
            if (!params) continue;
            if (route.method != request.method) {
                error = RouteError::method_not_allowed;
                continue;
            }
            request.params = *std::move(params);
            return &route.target;
        }
        return fail(error);
    }

private:
    struct Route {
        Method method;
        Pattern pattern;
        Target target;
    };
    std::vector<Route> routes_;
};

}  // namespace okpay::api
