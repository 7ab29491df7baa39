// SPDX-License-Identifier: Apache-2.0
// What stands on the page for people to be copied into a shell: curl words made of openapi.json alone, its `x-example`,
// `x-curl` and `x-shell` included. The documentation's story runs them as they are printed.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace okpay::api {

// What a `$ref` names, or the value itself; null where nothing has that name.
const boost::json::value* referred(const boost::json::value& document, const boost::json::value* value);

struct CurlExample {
    std::string shell;
    int status;  // that it answers in the demonstration
};
CurlExample curl_example(std::string_view method, std::string_view path, const boost::json::value& operation,
                         const boost::json::value& document);

}  // namespace okpay::api
