// SPDX-License-Identifier: Apache-2.0
#include "mail/email_address.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mail/impl/charset.hpp"
#include "mail/impl/header_block.hpp"

namespace okpay::mail {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_dot_string(std::string_view local) {
    for (const std::string_view atom : split(local, '.')) {
        if (atom.empty()) return false;
        const bool all = std::ranges::all_of(atom, [](char c) {
            return is_letter_or_digit(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.find(c) != std::string_view::npos;
        });
        if (!all) return false;
    }
    return true;
}

bool is_domain_name(std::string_view domain) {
    const auto labels = split(domain, '.');
    if (labels.size() < 2) return false;
    return std::ranges::all_of(labels, [](std::string_view label) {
        return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
               std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
    });
}

// Reads the list octet by octet; a state machine, so that no nesting can exhaust the stack.
class ListReader {
public:
    ListReader(std::string_view text, std::size_t mailboxes_max) : text_{text}, mailboxes_max_{mailboxes_max} {}

    MailboxList read() && {
        for (at_ = 0; at_ < text_.size() && !list_.truncated; ++at_) step(text_[at_]);
        finish();
        return std::move(list_);
    }

private:
    void step(char c) {
        if (comment_depth_ > 0) return in_comment(c);
        if (in_quote_) return in_quote(c);
        if (c == '(' && !in_angle_) {
            comment_depth_ = 1;
        } else if (c == '"') {
            in_quote_ = true;
            if (in_angle_) angle_ += c;
        } else if (in_angle_) {
            if (c == '>') in_angle_ = false;
            else angle_ += c;
        } else if (c == '<') {
            in_angle_ = has_angle_ = true;
            angle_.clear();
        } else if (c == ',' || c == ';') {
            finish();
        } else if (c == ':' && !has_angle_) {
            phrase_.clear();  // the name of a group
        } else if (c == '=' && word()) {
            // an encoded word is one piece, whatever it holds
        } else {
            phrase_ += c;
        }
    }

    void in_comment(char c) {
        if (c == '\\') ++at_;
        else if (c == '(') ++comment_depth_;
        else if (c == ')') --comment_depth_;
        if (comment_depth_ > 0 && c != '\\' && comment_.size() < 256) comment_ += c;
    }

    void in_quote(char c) {
        if (c == '\\' && at_ + 1 < text_.size()) c = text_[++at_];
        else if (c == '"') in_quote_ = false;
        if (in_angle_) angle_ += c;
        else if (in_quote_ || c != '"') phrase_ += c;
        quoted_phrase_ = true;
    }

    bool word() {
        const std::string_view rest = text_.substr(at_, 1'000);  // an encoded word has 75 octets, RFC 2047 2
        if (!rest.starts_with("=?")) return false;
        const auto second = rest.find('?', 2);
        if (second == std::string_view::npos || second + 2 >= rest.size() || rest[second + 2] != '?') return false;
        const auto end = rest.find("?=", second + 3);
        if (end == std::string_view::npos) return false;
        phrase_ += rest.substr(0, end + 2);
        at_ += end + 1;
        return true;
    }

    void finish() {
        const std::string phrase = std::exchange(phrase_, {});
        const std::string comment = std::exchange(comment_, {});
        const std::string angle = std::exchange(angle_, {});
        const bool has_angle = std::exchange(has_angle_, false);
        const bool quoted = std::exchange(quoted_phrase_, false);
        in_angle_ = in_quote_ = false;
        if (!has_angle && trimmed(phrase).empty()) return;
        std::string_view address = trimmed(has_angle ? std::string_view{angle} : std::string_view{phrase});
        if (has_angle && address.starts_with('@')) {  // an old source route
            const auto colon = address.find(':');
            if (colon != std::string_view::npos) address.remove_prefix(colon + 1);
        }
        if (address.size() > 2 && address.front() == '\'' && address.back() == '\'') {
            address = address.substr(1, address.size() - 2);
        }
        // A bare quoted string is a local part of the kind that is refused, never an address by itself.
        auto parsed = quoted && !has_angle ? std::nullopt : EmailAddress::parse(address);
        if (!parsed) {
            if (!address.empty()) list_.malformed = true;
            return;
        }
        if (list_.mailboxes.size() >= mailboxes_max_) {
            list_.truncated = true;
            return;
        }
        const DecodedHeader name = decode_header(has_angle && !trimmed(phrase).empty() ? phrase : comment);
        list_.charset_repaired |= name.charset_repaired;
        list_.mailboxes.push_back({bare(name.text), std::move(*parsed)});
    }

    static std::string bare(std::string_view name) {
        while (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front()) {
            name = trimmed(name.substr(1, name.size() - 2));
        }
        return std::string{utf8_prefix(name, 512)};
    }

    std::string_view text_;
    std::size_t mailboxes_max_;
    std::size_t at_ = 0;
    std::size_t comment_depth_ = 0;
    bool in_quote_ = false, in_angle_ = false, has_angle_ = false, quoted_phrase_ = false;
    std::string phrase_, angle_, comment_;
    MailboxList list_;
};

}  // namespace

std::optional<EmailAddress> EmailAddress::parse(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view local = text.substr(0, at);
    const std::string_view domain = text.substr(at + 1);
    if (local.empty() || local.size() > 64 || domain.size() > 255) return std::nullopt;
    if (!is_dot_string(local) || !is_domain_name(domain)) return std::nullopt;
    return EmailAddress{std::string{local} + '@' + ascii_lower(domain)};
}

MailboxList read_mailboxes(std::string_view header_value, std::size_t mailboxes_max) {
    return ListReader{header_value, mailboxes_max}.read();
}

}  // namespace okpay::mail
