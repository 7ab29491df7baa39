// SPDX-License-Identifier: Apache-2.0
// The walk over a MIME tree. It copies nothing of the structure: a part is a view into the raw mail.
#pragma once

#include <functional>
#include <string>

#include "mail/bounce.hpp"
#include "mail/impl/header_block.hpp"
#include "mail/impl/transfer.hpp"
#include "mail/message.hpp"

namespace okpay::mail {

// A part that is listed as a file: what it declares, and its decoded octets, which live only as long as the call.
using OnFile = std::function<void(Attachment&& attachment, ByteView content)>;

// One text/html part of the mail's own body as UTF-8; never one of an embedded mail or a file.
using OnHtml = std::function<void(std::string_view html_utf8)>;

struct WalkResult {
    std::string text;            // readable body, clean
    std::string forwarded_text;  // of embedded mails
    std::string returned_text;   // of a multipart/report
    BounceParts bounce;
    bool charset_repaired = false, truncated = false, hidden_html = false, malformed = false;
};

WalkResult walk(const HeaderBlock& header, ByteView body, const ParseOptions& options, const OnFile& on_file,
                const OnHtml& on_html = {});

}  // namespace okpay::mail
