// SPDX-License-Identifier: Apache-2.0
// A certificate that signs itself (P-256, SHA-256): lets a server without a configured one still offer STARTTLS, which
// protects from listeners and proves nothing about who answers. Also for tests.
#pragma once

#include <chrono>
#include <string_view>

#include "base/bytes.hpp"
#include "base/moment.hpp"
#include "base/secret.hpp"

namespace okpay::net {

struct CertificateAndKey {
    Bytes certificate_pem;
    Secret key_pem;
};

// `host` becomes subject and subjectAltName: a DNS name or an IP address. Valid from a day before `now`.
CertificateAndKey self_signed(std::string_view host, Moment now, std::chrono::days valid_for);

}  // namespace okpay::net
