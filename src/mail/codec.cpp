// SPDX-License-Identifier: Apache-2.0
// The format: one octet of version, then the fields of ParsedMail in the order of `encode`. A text is a u32 length and
// its octets; a list a u32 count and its members; an optional one octet 0 or 1 and its value; a flag one octet. Integers
// are big-endian. Then the flags, the bounce, then the claims.
#include "mail/codec.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mail/dns_view.hpp"

namespace okpay::mail {
namespace {

constexpr char version = 3;

class Writer {
public:
    explicit Writer(Bytes& to) : to_{to} {}

    void text(std::string_view text) {
        append_u32(to_, static_cast<std::uint32_t>(text.size()));
        to_ += text;
    }
    void flag(bool set) { to_ += set ? '\1' : '\0'; }
    void mailbox(const Mailbox& box) {
        text(box.name);
        text(box.address.text());
    }
    template <class Members, class Write>
    void list(const Members& members, Write write) {
        append_u32(to_, static_cast<std::uint32_t>(members.size()));
        for (const auto& member : members) write(member);
    }
    void mailboxes(const std::vector<Mailbox>& boxes) {
        list(boxes, [this](const Mailbox& box) { mailbox(box); });
    }
    void number(std::uint64_t value) { append_u64(to_, value); }

private:
    Bytes& to_;
};

// Once something does not fit, `failed` is set and everything further reads as empty.
class Reader {
public:
    explicit Reader(ByteView from) : from_{from} {}

    std::string text() {
        const std::string_view octets = take(count());
        if (!is_utf8(octets)) failed_ = true;
        return failed_ ? std::string{} : std::string{octets};
    }
    Bytes octets() { return Bytes{take(count())}; }
    std::string line() {  // of one line by promise
        std::string result = text();
        if (std::ranges::any_of(result, [](char c) { return c >= 0 && c < ' '; })) failed_ = true;
        return result;
    }
    bool flag() {
        const std::string_view octet = take(1);
        if (failed_) return false;
        if (octet[0] != '\0' && octet[0] != '\1') failed_ = true;
        return octet[0] == '\1';
    }
    std::uint64_t number() {
        const std::string_view octets = take(8);
        return failed_ ? 0 : read_u64(octets);
    }
    std::optional<Mailbox> mailbox() {
        std::string name = line();
        auto address = EmailAddress::parse(line());
        if (!address) failed_ = true;
        if (failed_) return std::nullopt;
        return Mailbox{std::move(name), std::move(*address)};
    }
    Hash256 hash() {
        const auto hash = hash_of(take(32));
        if (!hash) failed_ = true;
        return hash.value_or(Hash256{});
    }
    // Members are read one by one, so a lying count costs nothing: the first that is missing ends it.
    template <class Read>
    void list(Read read) {
        for (std::uint32_t left = count(); left > 0 && !failed_; --left) read();
    }
    std::vector<Mailbox> mailboxes() {
        std::vector<Mailbox> boxes;
        list([&] {
            if (auto box = mailbox()) boxes.push_back(std::move(*box));
        });
        return boxes;
    }
    [[nodiscard]] bool finished_well() const { return !failed_ && from_.empty(); }
    void refuse() { failed_ = true; }

private:
    std::uint32_t count() {
        const std::string_view octets = take(4);
        return failed_ ? 0 : read_u32(octets);
    }
    std::string_view take(std::size_t octets) {
        if (failed_ || octets > from_.size()) {
            failed_ = true;
            return {};
        }
        const std::string_view taken = from_.substr(0, octets);
        from_.remove_prefix(octets);
        return taken;
    }

    ByteView from_;
    bool failed_ = false;
};

Attachment read_attachment(Reader& reader) {
    Attachment attachment;
    attachment.name = reader.line();
    attachment.declared_type = reader.line();
    attachment.size_octets = reader.number();
    attachment.sha256 = reader.hash();
    attachment.is_inline = reader.flag();
    attachment.content_id = reader.line();
    if (attachment.name.find_first_of("/\\") != std::string::npos) reader.refuse();
    return attachment;
}

Header read_header(Reader& reader) {
    Header header;
    header.name = reader.line();
    header.value = reader.text();
    if (header.name.empty() || header.name != ascii_lower(header.name)) reader.refuse();
    if (header.value.find_first_of(std::string_view{"\0\r\n", 3}) != std::string::npos) reader.refuse();
    return header;
}

void write_bounce(Writer& writer, const BounceReport& bounce) {
    writer.list(bounce.recipients, [&](const BouncedRecipient& recipient) {
        writer.text(recipient.address);
        writer.number(static_cast<std::uint64_t>(recipient.action));
        writer.text(recipient.status);
        writer.text(recipient.diagnostic);
    });
    writer.list(bounce.returned_ids, [&](const std::string& id) { writer.text(id); });
}

BounceReport read_bounce_report(Reader& reader) {
    BounceReport bounce;
    reader.list([&] {
        BouncedRecipient recipient;
        recipient.address = reader.line();
        const std::uint64_t action = reader.number();
        if (action < 1 || action > 3) reader.refuse();
        else recipient.action = static_cast<BounceAction>(action);
        recipient.status = reader.line();
        recipient.diagnostic = reader.line();
        if (recipient.diagnostic.size() > diagnostic_octets_max) reader.refuse();
        bounce.recipients.push_back(std::move(recipient));
        if (bounce.recipients.size() > bounced_recipients_max) reader.refuse();
    });
    reader.list([&] {
        bounce.returned_ids.push_back(reader.line());
        if (bounce.returned_ids.size() > returned_ids_max) reader.refuse();
    });
    if (bounce.recipients.empty()) reader.refuse();
    return bounce;
}

void read_date(Reader& reader, ParsedMail& mail) {
    constexpr std::uint64_t year_10000_ms = 253'402'300'800'000;
    if (reader.flag()) {
        const std::uint64_t since_epoch_ms = reader.number();
        if (since_epoch_ms >= year_10000_ms) reader.refuse();
        else mail.date = moment_of_ms(static_cast<std::int64_t>(since_epoch_ms));
    }
    if (reader.flag()) {
        const std::uint64_t shifted = reader.number();
        if (shifted == 0 || shifted >= 2U * date_offset_minutes_limit) reader.refuse();
        else mail.date_offset_minutes = static_cast<std::int32_t>(shifted) - date_offset_minutes_limit;
    }
}

constexpr std::uint64_t seconds_max = 1'000'000'000'000;

void write_claim(Writer& writer, const SignatureClaim& claim) {
    writer.text(claim.domain);
    writer.text(claim.selector);
    writer.text(claim.identity);
    writer.number(static_cast<std::uint64_t>(claim.algorithm));
    writer.text(claim.signature);
    writer.text(view_of(claim.digest));
    for (const bool flag : {claim.body_matches, claim.partial_body, claim.signs_from, claim.signs_date}) writer.flag(flag);
    for (const auto& seconds : {claim.signed_at, claim.expires_at}) {
        writer.flag(seconds.has_value());
        if (seconds) writer.number(static_cast<std::uint64_t>(*seconds));
    }
    writer.text(claim.fault);
}

void write_claims(Writer& writer, const SignedClaims& claims) {
    writer.list(claims.dkim, [&](const SignatureClaim& claim) { write_claim(writer, claim); });
    writer.number(claims.dkim_found);
    writer.list(claims.arc, [&](const ArcSet& set) {
        write_claim(writer, set.message);
        write_claim(writer, set.seal);
        writer.text(set.results);
        writer.flag(set.says_chain_passed);
    });
    writer.text(claims.arc_fault);
    writer.flag(claims.one_from);
}

std::string read_domain(Reader& reader) {
    std::string name = reader.line();
    if (!name.empty() && (!fits_dns(name) || name != ascii_lower(name))) reader.refuse();
    return name;
}

SignatureClaim read_claim(Reader& reader) {
    SignatureClaim claim;
    claim.domain = read_domain(reader);
    claim.selector = read_domain(reader);
    claim.identity = reader.line();
    const std::uint64_t algorithm = reader.number();
    if (algorithm < 1 || algorithm > 4) reader.refuse();
    else claim.algorithm = static_cast<SignatureAlgorithm>(algorithm);
    claim.signature = reader.octets();
    if (const auto digest = hash_of(reader.octets())) claim.digest = *digest;
    else reader.refuse();
    for (bool* flag : {&claim.body_matches, &claim.partial_body, &claim.signs_from, &claim.signs_date})
        *flag = reader.flag();
    for (auto* seconds : {&claim.signed_at, &claim.expires_at}) {
        if (!reader.flag()) continue;
        const std::uint64_t value = reader.number();
        if (value >= seconds_max) reader.refuse();
        else *seconds = static_cast<std::int64_t>(value);
    }
    claim.fault = reader.line();
    // Without a fault there is something to judge.
    if (claim.fault.empty() && (claim.domain.empty() || claim.selector.empty())) reader.refuse();
    return claim;
}

SignedClaims read_claims(Reader& reader) {
    SignedClaims claims;
    reader.list([&] { claims.dkim.push_back(read_claim(reader)); });
    claims.dkim_found = reader.number();
    reader.list([&] {
        ArcSet set;
        set.message = read_claim(reader);
        set.seal = read_claim(reader);
        set.results = reader.line();
        set.says_chain_passed = reader.flag();
        claims.arc.push_back(std::move(set));
    });
    claims.arc_fault = reader.line();
    claims.one_from = reader.flag();
    if (claims.dkim.size() > signatures_evaluated_max || claims.arc.size() > arc_sets_max) reader.refuse();
    return claims;
}

}  // namespace

Bytes encode(const ParsedMail& mail) {
    Bytes bytes{version};
    Writer writer{bytes};
    writer.mailboxes(mail.from);
    writer.flag(mail.sender.has_value());
    if (mail.sender) writer.mailbox(*mail.sender);
    writer.mailboxes(mail.reply_to);
    writer.mailboxes(mail.to);
    writer.mailboxes(mail.cc);
    writer.text(mail.subject);
    writer.text(mail.message_id);
    writer.text(mail.in_reply_to);
    writer.list(mail.references, [&](const std::string& id) { writer.text(id); });
    writer.flag(mail.date.has_value());
    if (mail.date) writer.number(static_cast<std::uint64_t>(ms_of(*mail.date)));
    writer.flag(mail.date_offset_minutes.has_value());
    if (mail.date_offset_minutes) {
        writer.number(static_cast<std::uint64_t>(*mail.date_offset_minutes + date_offset_minutes_limit));  // positive
    }
    writer.list(mail.headers, [&](const Header& header) {
        writer.text(header.name);
        writer.text(header.value);
    });
    writer.text(mail.text);
    writer.text(mail.new_text);
    writer.text(mail.quoted_text);
    writer.text(mail.forwarded_text);
    writer.list(mail.attachments, [&](const Attachment& attachment) {
        writer.text(attachment.name);
        writer.text(attachment.declared_type);
        writer.number(attachment.size_octets);
        bytes += view_of(attachment.sha256);
        writer.flag(attachment.is_inline);
        writer.text(attachment.content_id);
    });
    writer.flag(mail.charset_repaired);
    writer.flag(mail.truncated);
    writer.flag(mail.hidden_html);
    writer.flag(mail.malformed);
    writer.flag(mail.bounce.has_value());
    if (mail.bounce) write_bounce(writer, *mail.bounce);
    write_claims(writer, mail.claims);
    return bytes;
}

std::optional<ParsedMail> decode(ByteView bytes) {
    if (bytes.empty() || bytes.front() != version) return std::nullopt;
    Reader reader{bytes.substr(1)};
    ParsedMail mail;
    mail.from = reader.mailboxes();
    if (reader.flag()) mail.sender = reader.mailbox();
    mail.reply_to = reader.mailboxes();
    mail.to = reader.mailboxes();
    mail.cc = reader.mailboxes();
    mail.subject = reader.line();
    mail.message_id = reader.line();
    mail.in_reply_to = reader.line();
    reader.list([&] { mail.references.push_back(reader.line()); });
    read_date(reader, mail);
    reader.list([&] { mail.headers.push_back(read_header(reader)); });
    mail.text = reader.text();
    mail.new_text = reader.text();
    mail.quoted_text = reader.text();
    mail.forwarded_text = reader.text();
    reader.list([&] { mail.attachments.push_back(read_attachment(reader)); });
    mail.charset_repaired = reader.flag();
    mail.truncated = reader.flag();
    mail.hidden_html = reader.flag();
    mail.malformed = reader.flag();
    if (reader.flag()) mail.bounce = read_bounce_report(reader);
    mail.claims = read_claims(reader);
    if (!reader.finished_well()) return std::nullopt;
    return mail;
}

}  // namespace okpay::mail
