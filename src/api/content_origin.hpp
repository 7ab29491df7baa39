// SPDX-License-Identifier: Apache-2.0
// The other origin: mails as they look, for a frame of the workspace. It answers GET /mail/{token} and nothing else, reads
// and sets no cookie, and whatever it sends may load nothing, run nothing and be framed by the workspace alone.
//
//   Token     base64url of message (16 octets), member of staff (8), end (8, ms) and HMAC-SHA-256 (32) over these under a
//             key of its own: what one who may read the request was given, for `content_link_lasts`. It is no session.
//   Threads   handle() and page_of() on the executor of the servers, which one thread runs; reading and the sandbox on a
//             few of its own, bounded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/http.hpp"
#include "api/workers.hpp"
#include "base/secret.hpp"
#include "customers/access.hpp"
#include "service/mail_view.hpp"
#include "service/queries.hpp"

namespace okpay::api {

inline constexpr Millis content_link_lasts{60'000};
inline constexpr std::string_view content_key_label = "mail content links 1";

struct ContentLink {
    MessageId message;
    customers::StaffNo staff;
    Moment until;
    friend bool operator==(const ContentLink&, const ContentLink&) = default;
};
std::string content_token(const Secret& key, const ContentLink& link);
// None: not ours, changed, or over.
std::optional<ContentLink> read_content_token(const Secret& key, std::string_view token, Moment now);

// Header lines on every answer there. `framed_by`: the origins of the workspace, apart by blanks.
std::string content_security_headers(std::string_view framed_by);

class ContentOrigin {
public:
    // `url`: how browsers reach it, "https://mail.pay.example", without a path. `queries` outlives it.
    ContentOrigin(service::Queries& queries, std::shared_ptr<service::MailViews> views, Secret key, std::string url);

    awaitable<Response> handle(Request request);

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] std::string url_of(const ContentLink& link) const;

    using Page = Result<std::shared_ptr<const service::MailPage>, service::MailViewFault>;
    // `unavailable` where too many wait.
    awaitable<Page> page_of(std::optional<store::InboundMail> mail);

private:
    service::Queries& queries_;
    const std::shared_ptr<service::MailViews> views_;
    const Secret key_;
    const std::string url_;
    Workers workers_;
};

}  // namespace okpay::api
