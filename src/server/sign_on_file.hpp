// SPDX-License-Identifier: Apache-2.0
// The house's own provider of sign-ons, as an operator writes it: docs/sign-on.md.
//   issuer = "https://login.example.com/realms/house"
//   client_id = "okpay"          client_secret_file = "/etc/okpay/sign-on.secret"
//   name = "Example login"       only = true
#pragma once

#include <string>
#include <string_view>

#include "api/sign_on.hpp"
#include "server/options.hpp"

namespace okpay::api {
struct ApiOptions;
}
namespace okpay::store {
class Keyring;
}

namespace okpay::server {

// Throws UsageError: "FILE:LINE: key: what is needed". `name` is how the file is called in it; `public_url` is where people
// reach the website, to which the provider sends them back.
api::SignOnSettings parse_sign_on(std::string_view text, std::string_view name, std::string_view public_url);
std::string text_of_sign_on(const Options& options);  // of the file that --sign-on names; throws UsageError
// Nothing changes where --sign-on names no file. The keyring outlives the API.
void add_sign_on(api::ApiOptions& api, const Options& options, const store::Keyring& keyring);

}  // namespace okpay::server
