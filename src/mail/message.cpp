// SPDX-License-Identifier: Apache-2.0
#include "mail/message.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "mail/impl/charset.hpp"
#include "mail/impl/header_block.hpp"
#include "mail/impl/part_walk.hpp"
#include "mail/reply.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t subject_octets_max = 2'000;
constexpr std::size_t address_field_octets_max = 64U << 10U;

class FieldReader {
public:
    FieldReader(const HeaderBlock& block, const ParseOptions& options, ParsedMail& mail)
        : block_{block}, options_{options}, mail_{mail} {}

    void read_all() {
        mail_.from = mailboxes("from");
        mail_.reply_to = mailboxes("reply-to");
        mail_.to = mailboxes("to");
        mail_.cc = mailboxes("cc");
        if (auto sender = mailboxes("sender"); !sender.empty()) mail_.sender = std::move(sender.front());
        for (const std::string_view name :
             {"from", "sender", "reply-to", "to", "cc", "subject", "message-id", "in-reply-to", "references", "date",
              "content-type", "content-transfer-encoding", "content-disposition", "mime-version"}) {
            if (std::ranges::count(block_.fields, name, &RawField::name) > 1) mail_.malformed = true;  // RFC 5322 3.6
        }
        subject();
        if (auto ids = read_message_ids(block_.value("message-id"), 1); !ids.empty()) mail_.message_id = std::move(ids[0]);
        if (auto ids = read_message_ids(block_.value("in-reply-to"), 1); !ids.empty()) {
            mail_.in_reply_to = std::move(ids[0]);
        }
        mail_.references = read_message_ids(block_.value("references"), options_.references_max);
        if (const auto date = read_date(block_.value("date"))) {
            mail_.date = date->moment;
            mail_.date_offset_minutes = date->offset_minutes;
        }
        for (const RawField& field : block_.fields) {
            if (field.value.find('\0') != Bytes::npos) mail_.malformed = true;
            std::string value = to_utf8_lossy(trimmed(field.value));
            std::erase(value, '\0');
            mail_.headers.push_back({field.name, std::move(value)});
        }
    }

private:
    std::vector<Mailbox> mailboxes(std::string_view name) {
        std::vector<Mailbox> all;
        std::size_t octets = 0;
        for (const RawField& field : block_.fields) {
            if (field.name != name) continue;
            ByteView value = field.value;
            if (octets + value.size() > address_field_octets_max) {
                value = value.substr(0, address_field_octets_max - octets);
                mail_.truncated = true;
            }
            octets += value.size();
            MailboxList list = read_mailboxes(value, options_.addresses_max - std::min(options_.addresses_max, all.size()));
            mail_.malformed |= list.malformed;
            mail_.truncated |= list.truncated;
            mail_.charset_repaired |= list.charset_repaired;
            std::ranges::move(list.mailboxes, std::back_inserter(all));
        }
        return all;
    }

    void subject() {
        ByteView raw = block_.value("subject");
        if (raw.size() > subject_octets_max * 4) {
            raw = raw.substr(0, subject_octets_max * 4);
            mail_.truncated = true;
        }
        DecodedHeader decoded = decode_header(raw);
        mail_.charset_repaired |= decoded.charset_repaired;
        mail_.subject = utf8_prefix(decoded.text, subject_octets_max);
    }

    const HeaderBlock& block_;
    const ParseOptions& options_;
    ParsedMail& mail_;
};

ByteView within(ByteView raw, const ParseOptions& options) { return raw.substr(0, options.raw_octets_max); }

void append_block(std::string& to, std::string_view text) {
    if (text.empty()) return;
    if (!to.empty()) to += "\n\n";
    to += text;
}

}  // namespace

ParsedMail parse(ByteView raw, const ParseOptions& options) {
    ParsedMail mail;
    mail.truncated = raw.size() > options.raw_octets_max;
    raw = within(raw, options);
    const HeaderBlock header = read_header_block(raw, {options.header_octets_max, options.header_fields_max});
    FieldReader{header, options, mail}.read_all();
    if (mail.from.empty()) mail.malformed = true;

    WalkResult found = walk(header, raw.substr(header.body_at), options,
                            [&](Attachment&& attachment, ByteView) { mail.attachments.push_back(std::move(attachment)); });
    mail.charset_repaired |= found.charset_repaired;
    mail.truncated |= found.truncated;
    mail.hidden_html |= found.hidden_html;
    mail.malformed |= found.malformed;

    ReplyParts parts = split_reply(found.text, says_forward(mail.subject));
    mail.text = trimmed(found.text);
    mail.new_text = std::move(parts.new_text);
    mail.quoted_text = std::move(parts.quoted_text);
    append_block(mail.quoted_text, trimmed(found.returned_text));
    mail.forwarded_text = std::move(parts.forwarded_text);
    append_block(mail.forwarded_text, trimmed(found.forwarded_text));
    BounceReport bounce = read_bounce(mail, std::move(found.bounce));
    if (!bounce.recipients.empty()) mail.bounce = std::move(bounce);
    return mail;
}

std::optional<Bytes> attachment_content(ByteView raw, const Hash256& sha256, const ParseOptions& options) {
    raw = within(raw, options);
    const HeaderBlock header = read_header_block(raw, {options.header_octets_max, options.header_fields_max});
    std::optional<Bytes> found;
    walk(header, raw.substr(header.body_at), options, [&](Attachment&& attachment, ByteView content) {
        if (!found && attachment.sha256 == sha256) found = Bytes{content};
    });
    return found;
}

std::string html_of(ByteView raw, const ParseOptions& options) {
    raw = within(raw, options);
    const HeaderBlock header = read_header_block(raw, {options.header_octets_max, options.header_fields_max});
    std::string html;
    ParseOptions alone = options;
    alone.text_of_html = {};
    walk(
        header, raw.substr(header.body_at), alone, [](Attachment&&, ByteView) {},
        [&html](std::string_view part) { html.append(html.empty() ? "" : "\n").append(part); });
    return html;
}

void each_file(ByteView raw, const ParseOptions& options,
               const std::function<void(const Attachment& attachment, ByteView content)>& visit) {
    raw = within(raw, options);
    const HeaderBlock header = read_header_block(raw, {options.header_octets_max, options.header_fields_max});
    walk(header, raw.substr(header.body_at), options,
         [&visit](Attachment&& attachment, ByteView content) { visit(attachment, content); });
}

void warm_up() {
    for (const std::string_view label : {"gb18030", "big5", "shift_jis", "iso-2022-jp", "euc-kr", "euc-jp", "windows-1252",
                                         "utf-7", "utf-16", "hz-gb-2312", "koi8-r", "windows-1251"}) {
        decode_charset("\xB0\xA1", label);
    }
    clean_text("é");
    read_date("Thu, 05 Nov 2026 17:48:00 +0800");
    decode_transfer("YQ==", TransferEncoding::base64);
}

std::string_view header_of(const ParsedMail& mail, std::string_view name) {
    const auto found = std::ranges::find(mail.headers, name, &Header::name);
    return found == mail.headers.end() ? std::string_view{} : std::string_view{found->value};
}

}  // namespace okpay::mail
