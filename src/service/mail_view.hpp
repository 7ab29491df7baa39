// SPDX-License-Identifier: Apache-2.0
// A mail's HTML as it looks, for a frame on another origin: raw octets to safe HTML with the pictures of the same mail in
// it.
//
//   Child     of its own, beside the one that files mail: a mail that ends it costs its viewer the look, never the post.
//             What it answers is taken apart with care, it may be whoever wrote the mail who speaks; that the HTML holds no
//             script is its word alone, so it is shown where scripts cannot run (api/content_origin.hpp).
//   Pictures  typed by their content: PNG, JPEG, GIF, WebP. Others, larger ones and those that are not there are left out.
//   Kept      nothing on disk; the newest answers in memory, so that the page behind an answer is not made twice. The row
//             is looked at each time: what was erased is not shown again.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "content/safe_html.hpp"
#include "sandbox/child.hpp"
#include "service/child_answer.hpp"
#include "store/desk_store.hpp"
#include "store/files.hpp"
#include "store/keyring.hpp"

namespace okpay::service {

inline constexpr std::size_t shown_picture_octets_max = 1U << 20U;   // of one
inline constexpr std::size_t shown_pictures_octets_max = 4U << 20U;  // of all, each as often as it is shown
inline constexpr std::size_t mail_page_octets_max = 24U << 20U;      // of the child's answer
inline constexpr Millis mail_view_deadline{5'000};
inline constexpr std::size_t mail_pages_kept_max = 8;

struct MailPage {
    content::SafeHtml safe;  // each cid: is a data: address by now, or no picture
    std::uint32_t pictures_left_out = 0;  // of the same mail: not there, too large, of another kind

    static MailPage of(content::SafeHtml safe) { return {.safe = std::move(safe)}; }
};

// The work of the child and what it warms up. The answer is `encode` of the page, or of none where the mail has no HTML.
Bytes view_mail_in_sandbox(ByteView raw);
void warm_up_view_sandbox();
sandbox::ChildOptions mail_view_child();  // of this program
inline constexpr std::string_view mail_view_child_argument = "mail-view-child";
inline constexpr std::uint32_t mail_view_cpu_seconds_max = 5;

Bytes encode(const std::optional<MailPage>& page);
// The outer is none where the octets are no answer: memory is linear in them, all text is UTF-8, each limit is held.
std::optional<std::optional<MailPage>> decode_mail_page(ByteView octets);

enum class MailViewFault : std::uint8_t {
    not_a_mail,     // the message did not come by mail
    original_gone,  // erased, or sealed under another key
    no_html,        // the text is all there is
    unreadable,     // it ended the child, or took too long
    unavailable,    // the child cannot be started: try again later
};

// Thread-safe; each call blocks: for a free child, each call before it bounded by the deadline, then for the answer.
class MailViews {
public:
    using Ask = AskChild;

    // `blobs`: where files lie; none where several nodes share a database.
    MailViews(store::Keyring keyring, std::optional<store::BlobStore> blobs, Ask ask);

    // `mail` as it is stored now; none: the message did not come by mail.
    Result<std::shared_ptr<const MailPage>, MailViewFault> page_of(const std::optional<store::InboundMail>& mail);

private:
    std::shared_ptr<const MailPage> kept(std::int64_t mail);
    void keep(std::int64_t mail, std::shared_ptr<const MailPage> page);

    store::Keyring keyring_;
    std::optional<store::BlobStore> blobs_;
    Ask ask_;
    std::mutex mutex_;
    std::list<std::pair<std::int64_t, std::shared_ptr<const MailPage>>> kept_;  // under mutex_, the newest first
};

}  // namespace okpay::service
