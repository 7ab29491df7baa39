// SPDX-License-Identifier: Apache-2.0
// What the operator has the domain ask of those who send to it.
#pragma once

#include "mail/mta_sts.hpp"
#include "server/options.hpp"

namespace okpay::server {

// UsageError where a policy is asked for that names no host, or one that is none.
mail::StsPolicy sts_policy_of(const Options& options);

// As the website shows it; empty where there is nothing to show.
std::string mail_policy_of(const Options& options);

}  // namespace okpay::server
