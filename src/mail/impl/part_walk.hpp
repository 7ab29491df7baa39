// SPDX-License-Identifier: Apache-2.0
// The walk over a MIME tree. It copies nothing of the structure: a part is a view into the raw mail.
#pragma once

#include <functional>
#include <string>

#include "mail/impl/header_block.hpp"
#include "mail/impl/transfer.hpp"
#include "mail/message.hpp"

namespace okpay::mail {

// A part that is listed as a file: what it declares, and its decoded octets, which live only as long as the call.
using OnFile = std::function<void(Attachment&& attachment, ByteView content)>;

struct WalkResult {
    std::string text;            // readable body, clean
    std::string forwarded_text;  // of embedded mails
    std::string returned_text;   // of a multipart/report
    bool charset_repaired = false, truncated = false, hidden_html = false, malformed = false;
};

WalkResult walk(const HeaderBlock& header, ByteView body, const ParseOptions& options, const OnFile& on_file);

}  // namespace okpay::mail
