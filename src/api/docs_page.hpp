// SPDX-License-Identifier: Apache-2.0
// The API document as one page for people: light, printable; its one script copies the examples.
#pragma once

#include <string>
#include <string_view>

namespace okpay::api {

std::string docs_page_of(std::string_view openapi_json);  // made once, at start
std::string_view docs_script();

}  // namespace okpay::api
