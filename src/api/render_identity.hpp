// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/render.hpp"

namespace okpay::api {

// As the customer sees the own one.
json::object own_verification_json(const service::VerificationView& view, Moment now);
// As staff see one in the queue; with its files, checks and reviews; and opened, with what was stated and read.
json::object verification_summary_json(const service::VerificationView& view, const Viewer& viewer);
json::object verification_json(const service::VerificationView& view, const Viewer& viewer);
json::object opened_json(const service::VerificationView& view, const Viewer& viewer, const customers::IdentityFacts& facts,
                         const customers::CheckedIdentity& checked);

}  // namespace okpay::api
