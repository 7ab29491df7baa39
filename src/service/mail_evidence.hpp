// SPDX-License-Identifier: Apache-2.0
// Who really sent a mail, as it is kept beside the mail and shown to staff.
#pragma once

#include <string>

#include "mail/authentication.hpp"

namespace okpay::service {

// {"verdict":"proven","from_domain":"example.com","proven_by":"dkim","proven_domain":"example.com","why":"",
//  "evidence":[{"mechanism":"dkim","result":"pass","domain":"example.com","selector":"s1","aligned":true,"why":""}]}
std::string json_of(const mail::Authentication& authentication);

}  // namespace okpay::service
