// SPDX-License-Identifier: Apache-2.0
// Where the pages lie, and how people reach them.
#pragma once

#include <filesystem>
#include <string>

#include "api/http_server.hpp"
#include "server/options.hpp"

namespace okpay::server {

// As said; else beside the program as built, else where the package puts them.
std::filesystem::path web_root_of(const Options& options);

// UsageError for a proxy that is none.
api::HttpLimits http_limits_of(const Options& options, bool serves_tls);

// Only what the operator says: a request's own word on its host is never put into a letter. Where nobody said it, for
// letters on the machine itself.
std::string public_url_of(const Options& options);

// How a browser on the machine names what listens there: "http://localhost:8080".
std::string local_origin(const net::Endpoint& bound, bool serves_tls);

}  // namespace okpay::server
