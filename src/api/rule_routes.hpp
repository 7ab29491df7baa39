// SPDX-License-Identifier: Apache-2.0
// The operations of rules and routing; all are for who may write rules.
#pragma once

#include <array>

#include "api/api.hpp"
#include "api/handlers.hpp"

namespace okpay::api {

struct RuleRoute {
    Method method;
    std::string_view path;
    awaitable<Response> (*handler)(Api&, Request, SignedIn);
};
inline constexpr std::array rule_routes{
    RuleRoute{Method::get, "/api/v1/rules", list_rules},
    RuleRoute{Method::post, "/api/v1/rules", create_rule},
    RuleRoute{Method::get, "/api/v1/rules/{id}", get_rule},
    RuleRoute{Method::post, "/api/v1/rules/{id}", put_rule},
    RuleRoute{Method::post, "/api/v1/rules/{id}/mode", set_rule_mode},
    RuleRoute{Method::post, "/api/v1/rule-order", order_rules},
    RuleRoute{Method::post, "/api/v1/rule-trials", try_rule},
    RuleRoute{Method::get, "/api/v1/routing", get_routing},
    RuleRoute{Method::post, "/api/v1/routing", set_routing},
    RuleRoute{Method::post, "/api/v1/routing/staff/{id}", put_skills},
};

}  // namespace okpay::api
