// SPDX-License-Identifier: Apache-2.0
#include "mail/compose.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "mail/impl/charset.hpp"

namespace okpay::mail {
namespace {

constexpr std::size_t line_octets_wanted = 76;
constexpr std::size_t line_octets_max = 998;  // RFC 5322 2.1.1

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}
bool is_visible_ascii(char c) { return c > ' ' && c < 127; }

bool is_message_id(std::string_view id) {
    return id.size() >= 3 && id.size() <= 250 && std::ranges::count(id, '@') == 1 && !id.starts_with('@') &&
           !id.ends_with('@') && std::ranges::all_of(id, [](char c) { return is_visible_ascii(c) && c != '<' && c != '>'; });
}

// Adds words to a field and starts a new line where the next would pass the width.
class Field {
public:
    explicit Field(std::string_view name) : text_{std::string{name} + ":"}, column_{text_.size()} {}

    void word(std::string_view word) {
        if (column_ + 1 + word.size() > line_octets_wanted && column_ > 1) {
            text_ += "\r\n";
            column_ = 0;
        }
        text_ += ' ';
        text_ += word;
        column_ += 1 + word.size();
    }
    void words(std::string_view text) {
        for (const std::string_view one : split(text, ' ')) {
            if (!one.empty()) word(one);
        }
    }
    [[nodiscard]] std::string line() && { return std::move(text_) + "\r\n"; }

private:
    std::string text_;
    std::size_t column_;
};

// Encoded words of whole characters, each within the 75 octets of RFC 2047 2.
void encoded_words(Field& field, std::string_view utf8) {
    constexpr std::size_t octets_a_word = 42;  // 56 in base64, and 12 of "=?UTF-8?B??="
    while (!utf8.empty()) {
        const std::string_view piece = utf8_prefix(utf8, octets_a_word);
        field.word("=?UTF-8?B?" + base64_of(piece) + "?=");
        utf8.remove_prefix(piece.size());
    }
}

std::string unstructured(std::string_view name, std::string_view text) {
    Field field{name};
    const std::string line = clean_line(to_utf8_lossy(text));
    const bool plain = is_ascii(line) && line.find("=?") == std::string::npos &&
                       std::ranges::all_of(split(line, ' '), [](std::string_view word) { return word.size() <= 70; });
    if (plain) field.words(line);
    else encoded_words(field, line);
    return std::move(field).line();
}

void mailbox(Field& field, const Mailbox& box, std::string_view after) {
    const std::string name = clean_line(to_utf8_lossy(utf8_prefix(box.name, 200)));
    const std::string address = box.address.text();
    if (name.empty()) return field.word(address + std::string{after});
    const bool plain = is_ascii(name) && name.size() <= 60 && name.find("=?") == std::string::npos;
    if (plain) {
        std::string quoted = "\"";
        for (const char c : name) {
            if (c == '"' || c == '\\') quoted += '\\';
            quoted += c;
        }
        field.word(quoted + '"');
    } else {
        encoded_words(field, name);
    }
    field.word('<' + address + '>' + std::string{after});
}

std::string mailboxes(std::string_view name, const std::vector<Mailbox>& boxes) {
    Field field{name};
    for (std::size_t i = 0; i < boxes.size(); ++i) mailbox(field, boxes[i], i + 1 < boxes.size() ? "," : "");
    return std::move(field).line();
}

// The first opens the thread for a client, the latest place the mail in it.
std::string references(const std::vector<std::string>& ids) {
    std::vector<std::string_view> valid;
    for (const std::string& id : ids) {
        if (is_message_id(id)) valid.push_back(id);  // the customer's client made these: a broken one is left out
    }
    if (valid.empty()) return {};
    std::size_t octets = valid.front().size() + 4;
    std::size_t first_kept = valid.size();
    while (first_kept > 1 && octets + valid[first_kept - 1].size() + 4 <= compose_references_octets_max) {
        octets += valid[--first_kept].size() + 4;
    }
    Field field{"References"};
    field.word('<' + std::string{valid.front()} + '>');
    for (std::size_t i = std::max<std::size_t>(first_kept, 1); i < valid.size(); ++i) {
        field.word('<' + std::string{valid[i]} + '>');
    }
    return std::move(field).line();
}

bool is_own_field(std::string_view name) {
    constexpr std::array own{"from",         "to",           "cc",
                             "bcc",          "sender",       "reply-to",
                             "subject",      "date",         "message-id",
                             "in-reply-to",  "references",   "auto-submitted",
                             "mime-version", "content-type", "content-transfer-encoding",
                             "return-path",  "received",     "dkim-signature"};
    const std::string low = ascii_lower(name);
    return std::ranges::any_of(own, [&](std::string_view one) { return one == low; }) || low.starts_with("resent-") ||
           low.starts_with("content-");
}

std::optional<std::string> extra_field(const Header& header) {
    const bool named = !header.name.empty() && header.name.size() <= 64 &&
                       std::ranges::all_of(header.name, [](char c) { return is_visible_ascii(c) && c != ':'; });
    const bool valued = std::ranges::all_of(header.value, [](char c) { return is_visible_ascii(c) || c == ' '; });
    if (!named || !valued || is_own_field(header.name) || trimmed(header.value).empty()) return std::nullopt;
    const auto words = split(header.value, ' ');
    if (std::ranges::any_of(words, [](std::string_view word) { return word.size() > line_octets_max - 80; })) {
        return std::nullopt;
    }
    Field field{header.name};
    field.words(header.value);
    return std::move(field).line();
}

std::string normal_line_ends(std::string_view text) {  // LF alone; a bare CR is a line end too, never content
    std::string result;
    result.reserve(text.size() + 1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0') continue;
        if (text[i] != '\r') {
            result += text[i];
        } else if (i + 1 == text.size() || text[i + 1] != '\n') {
            result += '\n';
        }
    }
    if (!result.ends_with('\n')) result += '\n';
    return result;
}

bool goes_as_it_is(std::string_view text) {
    if (!is_ascii(text)) return false;
    return std::ranges::all_of(split(text, '\n'), [](std::string_view line) {
        return line.size() <= line_octets_wanted && !line.starts_with("From ") && !line.starts_with('.') &&
               !line.ends_with(' ') && !line.ends_with('\t') &&
               std::ranges::all_of(line, [](char c) { return is_visible_ascii(c) || c == ' ' || c == '\t'; });
    });
}

std::string with_crlf(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\n') result += '\r';
        result += c;
    }
    return result;
}

std::string quoted_printable(std::string_view text) {  // RFC 2045 6.7
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const std::string_view line : split(text.substr(0, text.size() - 1), '\n')) {
        std::size_t column = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const auto octet = static_cast<std::uint8_t>(line[i]);
            const bool last = i + 1 == line.size();
            const bool blank = octet == ' ' || octet == '\t';
            const bool opens = i == 0 && (line[0] == '.' || line.starts_with("From "));
            const bool as_is = (is_visible_ascii(line[i]) && octet != '=' && !opens) || (blank && !last);
            if (column + (as_is ? 1 : 3) > line_octets_wanted - 1) {
                result += "=\r\n";
                column = 0;
            }
            if (as_is) {
                result += line[i];
                column += 1;
            } else {
                result += '=';
                result += digits[octet >> 4U];
                result += digits[octet & 15U];
                column += 3;
            }
        }
        result += "\r\n";
    }
    return result;
}

std::string base64_lines(std::string_view text) {
    const std::string encoded = base64_of(text);
    std::string result;
    for (std::size_t at = 0; at < encoded.size(); at += line_octets_wanted) {
        result.append(encoded, at, line_octets_wanted).append("\r\n");
    }
    return result;
}

struct EncodedBody {
    std::string_view charset, encoding;
    std::string text;
};
EncodedBody encode_body(std::string_view text) {
    const std::string body = normal_line_ends(to_utf8_lossy(text));
    const std::string_view charset = is_ascii(body) ? "us-ascii" : "utf-8";
    if (goes_as_it_is(body)) return {charset, "7bit", with_crlf(body)};
    const auto high =
        static_cast<std::size_t>(std::ranges::count_if(body, [](char c) { return static_cast<std::uint8_t>(c) >= 0x80; }));
    if (high * 6 <= body.size()) return {charset, "quoted-printable", quoted_printable(body)};
    return {charset, "base64", base64_lines(with_crlf(body))};
}

std::string_view value_of(AutoSubmitted auto_submitted) {
    switch (auto_submitted) {
    case AutoSubmitted::no: return "";
    case AutoSubmitted::auto_generated: return "auto-generated";
    case AutoSubmitted::auto_replied: return "auto-replied";
    }
    std::abort();
}

}  // namespace

Result<Bytes, ComposeError> compose(const OutgoingMail& mail) {
    if (mail.to.empty()) return fail(ComposeError::no_recipient);
    if (mail.to.size() > compose_recipients_max || mail.reply_to.size() > compose_recipients_max) {
        return fail(ComposeError::too_many_recipients);
    }
    if (!is_message_id(mail.message_id)) return fail(ComposeError::bad_message_id);
    if (mail.text.size() > compose_text_octets_max) return fail(ComposeError::too_large);

    std::string header = mailboxes("From", {mail.from}) + mailboxes("To", mail.to);
    if (!mail.reply_to.empty()) header += mailboxes("Reply-To", mail.reply_to);
    header += unstructured("Subject", utf8_prefix(mail.subject, 500));
    header += "Date: " + rfc5322_date(mail.date) + "\r\n";
    header += "Message-ID: <" + mail.message_id + ">\r\n";
    if (is_message_id(mail.in_reply_to)) header += "In-Reply-To: <" + mail.in_reply_to + ">\r\n";
    header += references(mail.references);
    if (const std::string_view value = value_of(mail.auto_submitted); !value.empty()) {
        header.append("Auto-Submitted: ").append(value).append("\r\n");
    }
    for (const Header& extra : mail.extra) {
        const auto field = extra_field(extra);
        if (!field) return fail(ComposeError::bad_extra_header);
        header += *field;
    }
    const EncodedBody body = encode_body(mail.text);
    header += "MIME-Version: 1.0\r\n";
    header.append("Content-Type: text/plain; charset=").append(body.charset).append("\r\n");
    header.append("Content-Transfer-Encoding: ").append(body.encoding).append("\r\n");
    if (header.size() > compose_header_octets_max) return fail(ComposeError::too_large);
    return header + "\r\n" + body.text;
}

}  // namespace okpay::mail
