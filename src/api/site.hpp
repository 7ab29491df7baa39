// SPDX-License-Identifier: Apache-2.0
// What is compiled in.
#pragma once

#include <string_view>

namespace okpay::api {

std::string_view openapi_document();  // openapi.json as it was built

}  // namespace okpay::api
