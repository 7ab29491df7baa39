// SPDX-License-Identifier: Apache-2.0
// The answer of the child: one octet of version, one octet 0 (no HTML) or 1, then html, remote, content ids, links (address,
// text, octet whether it deceives), kinds of masked secrets (an octet each), hidden found, simplified, u32 pictures left
// out. A text is a u32 length and its octets, a list a u32 count and its members, a flag one octet; integers are big-endian.
#include "service/mail_view.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "mail/message.hpp"
#include "service/mail_intake.hpp"

namespace okpay::service {
namespace {

constexpr char version = 1;
constexpr auto last_secret = content::SecretKind::one_time_code;

struct PictureKind {
    std::string_view type, magic, at_8;  // what stands at octet 8, where the magic alone says too little
};
constexpr std::array picture_kinds{
    PictureKind{"image/png", "\x89PNG\r\n\x1a\n", ""},
    PictureKind{"image/jpeg", "\xff\xd8\xff", ""},
    PictureKind{"image/gif", "GIF87a", ""},
    PictureKind{"image/gif", "GIF89a", ""},
    PictureKind{"image/webp", "RIFF", "WEBP"},
};

std::string_view picture_type_of(ByteView octets) {
    const auto* const found = std::ranges::find_if(picture_kinds, [&](const PictureKind& kind) {
        return octets.starts_with(kind.magic) &&
               (kind.at_8.empty() || octets.substr(std::min<std::size_t>(8, octets.size())).starts_with(kind.at_8));
    });
    return found == picture_kinds.end() ? std::string_view{} : found->type;
}

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A cid: address is the Content-ID with escapes (RFC 2392).
std::string unescaped(std::string_view id) {
    std::string plain;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const int high = id[i] == '%' && i + 2 < id.size() ? digit_of(id[i + 1]) : -1;
        const int low = high >= 0 ? digit_of(id[i + 2]) : -1;
        if (low < 0) {
            plain += id[i];
        } else {
            plain += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    return plain;
}

struct Picture {
    std::string address;  // "data:image/png;base64,…"
    std::size_t octets;
};
using Pictures = std::map<std::string, Picture, std::less<>>;  // by the id as the HTML has it

Pictures pictures_of(ByteView raw, const std::vector<std::string>& wanted) {
    Pictures found;
    std::size_t together = 0;
    if (wanted.empty()) return found;
    mail::each_file(raw, {}, [&](const mail::Attachment& file, ByteView content) {
        if (file.content_id.empty() || content.size() > shown_picture_octets_max) return;
        const std::string_view type = picture_type_of(content);
        if (type.empty()) return;
        for (const std::string& id : wanted) {
            if (found.contains(id) || (id != file.content_id && unescaped(id) != file.content_id)) continue;
            if (together + content.size() > shown_pictures_octets_max) return;
            together += content.size();
            found.emplace(id, Picture{"data:" + std::string{type} + ";base64," + base64_of(content), content.size()});
        }
    });
    return found;
}

// The writer of safe_html puts exactly this; in text and in other values a quotation mark is escaped.
constexpr std::string_view cid_source = " src=\"cid:";

void put_pictures(MailPage& page, const Pictures& pictures) {
    std::string html;
    std::string_view rest = page.safe.html;
    std::size_t shown = 0;
    for (auto at = rest.find(cid_source); at != std::string_view::npos; at = rest.find(cid_source)) {
        html += rest.substr(0, at);
        rest.remove_prefix(at + cid_source.size());
        const auto end = rest.find('"');
        const auto picture = pictures.find(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (picture == pictures.end() || shown + picture->second.octets > shown_pictures_octets_max) {
            ++page.pictures_left_out;
            continue;
        }
        shown += picture->second.octets;
        html.append(" src=\"").append(picture->second.address).append("\"");
    }
    html += rest;
    page.safe.html = std::move(html);
}

}  // namespace

Bytes view_mail_in_sandbox(ByteView raw) {
    const std::string html = mail::html_of(raw, {});
    if (trimmed(html).empty()) return encode(std::nullopt);
    MailPage page = MailPage::of(content::safe_html(html));
    put_pictures(page, pictures_of(raw, page.safe.content_ids));
    return encode(page);
}

void warm_up_view_sandbox() {
    mail::warm_up();
    view_mail_in_sandbox(
        "From: a@example.org\r\nContent-Type: text/html; charset=gb18030\r\n\r\n<p>\xCD\xCB\xBF\xEE</p>\r\n");
}

sandbox::ChildOptions mail_view_child() {
    return {.arguments = {std::string{mail_view_child_argument}}, .answer_octets_max = mail_page_octets_max};
}

Bytes encode(const std::optional<MailPage>& page) {
    Bytes octets(1, version);
    append_flag(octets, page.has_value());
    if (!page) return octets;
    const content::SafeHtml& safe = page->safe;
    append_text(octets, safe.html);
    append_texts(octets, safe.remote);
    append_texts(octets, safe.content_ids);
    append_u32(octets, static_cast<std::uint32_t>(safe.links.size()));
    for (const content::ShownLink& link : safe.links) {
        append_text(octets, link.address);
        append_text(octets, link.text);
        append_flag(octets, link.deceives);
    }
    append_u32(octets, static_cast<std::uint32_t>(safe.masked.size()));
    for (const content::SecretKind kind : safe.masked) octets += static_cast<char>(kind);
    append_flag(octets, safe.hidden_found);
    append_flag(octets, safe.simplified);
    append_u32(octets, page->pictures_left_out);
    return octets;
}

std::optional<std::optional<MailPage>> decode_mail_page(ByteView octets) {
    if (octets.size() > mail_page_octets_max || !octets.starts_with(version)) return std::nullopt;
    AnswerReader read{octets.substr(1)};
    if (!read.flag()) {
        if (!read.finished_well()) return std::nullopt;
        return std::optional<MailPage>{};
    }
    content::SafeHtml safe;
    safe.html = read.text();
    read.list(content::remote_listed_max, [&] { safe.remote.push_back(read.text()); });
    read.list(octets.size(), [&] { safe.content_ids.push_back(read.text()); });
    read.list(content::links_listed_max, [&] {
        content::ShownLink link{.address = read.text(), .text = read.text()};
        link.deceives = read.flag();
        safe.links.push_back(std::move(link));
    });
    read.list(static_cast<std::size_t>(last_secret) + 1, [&] {
        safe.masked.push_back(static_cast<content::SecretKind>(read.octet_up_to(static_cast<std::uint8_t>(last_secret))));
    });
    safe.hidden_found = read.flag();
    safe.simplified = read.flag();
    MailPage page = MailPage::of(std::move(safe));
    page.pictures_left_out = read.number();
    if (!read.finished_well()) return std::nullopt;
    return page;
}

MailViews::MailViews(store::Keyring keyring, std::optional<store::BlobStore> blobs, Ask ask)
    : keyring_{std::move(keyring)}, blobs_{std::move(blobs)}, ask_{std::move(ask)} {}

Result<std::shared_ptr<const MailPage>, MailViewFault> MailViews::page_of(const std::optional<store::InboundMail>& mail) {
    if (!mail) return fail(MailViewFault::not_a_mail);
    if (mail->object_key.empty()) return fail(MailViewFault::original_gone);
    if (auto page = kept(mail->no)) return page;
    const auto raw = unseal_mail(keyring_, blobs_ ? &*blobs_ : nullptr, *mail);
    if (!raw) return fail(MailViewFault::original_gone);
    const auto answer = ask_(*raw);
    if (!answer) {
        switch (answer.error()) {
        case sandbox::SandboxError::cannot_start: return fail(MailViewFault::unavailable);
        case sandbox::SandboxError::crashed:
        case sandbox::SandboxError::timed_out:
            spdlog::warn("mail {} ended the sandbox that shows mails, or took too long", mail->no);
            return fail(MailViewFault::unreadable);
        case sandbox::SandboxError::too_large:
        case sandbox::SandboxError::refused: return fail(MailViewFault::unreadable);
        }
        std::abort();
    }
    auto decoded = decode_mail_page(*answer);
    if (!decoded) return fail(MailViewFault::unreadable);
    if (!*decoded) return fail(MailViewFault::no_html);
    auto page = std::make_shared<const MailPage>(**std::move(decoded));
    keep(mail->no, page);
    return page;
}

std::shared_ptr<const MailPage> MailViews::kept(std::int64_t mail) {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find(kept_, mail, [](const auto& one) { return one.first; });
    return found == kept_.end() ? nullptr : found->second;
}

void MailViews::keep(std::int64_t mail, std::shared_ptr<const MailPage> page) {
    const std::lock_guard lock{mutex_};
    kept_.emplace_front(mail, std::move(page));
    if (kept_.size() > mail_pages_kept_max) kept_.pop_back();
}

}  // namespace okpay::service
