// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "mail/email_address.hpp"
#include "mail/key_record.hpp"
#include "service/handlers.hpp"
#include "store/desk_store.hpp"
#include "store/dkim_store.hpp"

namespace okpay::service {
namespace {

std::string object_of(std::string_view selector, std::string_view domain) {
    return fmt::format("dkim_key:{}", mail::dkim_record_name(selector, domain));
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const AddDkimKey& body) {
    const auto algorithm = mail::dkim_algorithm_of(body.algorithm);
    const auto public_key = bytes_of_base64(body.public_key);
    const auto sealed = bytes_of_base64(body.sealed);
    if (!algorithm) return refused(codes::invalid, "algorithm: rsa or ed25519");
    if (!mail::is_dkim_selector(body.selector))
        return refused(codes::invalid, "selector: small letters, digits and hyphens, 63 at most, for example 2026-11");
    if (!mail::EmailAddress::parse("postmaster@" + body.domain) || body.domain != ascii_lower(body.domain))
        return refused(codes::invalid, "domain: a name as the DNS has it, in small letters");
    const int bits = public_key ? mail::dkim_key_bits(*algorithm, *public_key) : 0;
    if (bits == 0 || !sealed || !context.keyring().unseal(*sealed, store::dkim_key_purpose))
        return refused(codes::invalid, "key: it cannot be read with the master key of this data");
    if (*algorithm == mail::DkimAlgorithm::rsa_sha256 && (bits < mail::rsa_bits_good || bits > mail::rsa_bits_max))
        return refused(codes::invalid, fmt::format("key: {} to {} bits", mail::rsa_bits_good, mail::rsa_bits_max));
    if (const auto known = store::find_dkim_key(books.connection(), body.domain, body.selector)) {
        return refused(codes::invalid,
                       fmt::format("selector: {} is taken{}; choose another, receivers keep the old record for a while",
                                   body.selector, known->retired ? " by a key that was retired" : ""));
    }
    const std::int64_t no = books.next_number("dkim_key");
    store::insert_dkim_key(books.connection(), {.no = no,
                                                .domain = body.domain,
                                                .selector = body.selector,
                                                .algorithm = *algorithm,
                                                .public_key = *public_key,
                                                .sealed = *sealed,
                                                .made = command.at,
                                                .retired = std::nullopt});
    books.audit(command.at, command.actor, "add_dkim_key", object_of(body.selector, body.domain),
                json_text({{"algorithm", body.algorithm}, {"bits", std::to_string(bits)}}));
    return Answer{.number = no};
}

Answer handle(Books& books, const Context&, const Command& command, const RetireDkimKey& body) {
    const auto known = store::find_dkim_key(books.connection(), body.domain, body.selector);
    if (!known) return refused(codes::not_found, fmt::format("there is no DKIM key {} of {}", body.selector, body.domain));
    if (known->retired) return Answer{.number = known->no, .replayed = true};
    store::retire_dkim_key(books.connection(), known->no, command.at);
    books.audit(command.at, command.actor, "retire_dkim_key", object_of(body.selector, body.domain), "{}");
    return Answer{.number = known->no};
}

Answer handle(Books& books, const Context&, const Command&, const SignOutgoing& body) {
    Answer answer;
    for (const SignedMail& mail : body.mails) {
        if (!mail::is_dkim_signed(mail.fields) || !mail.fields.ends_with("\r\n"))
            return refused(codes::invalid, "fields: not signatures");
    }
    for (const SignedMail& mail : body.mails) {
        if (store::sign_outgoing(books.connection(), mail.outgoing, mail.fields)) answer.numbers.push_back(mail.outgoing);
    }
    return answer;
}

Answer handle(Books& books, const Context&, const Command&, const PutBackOutgoing& body) {
    for (const std::int64_t no : body.mails) {
        const auto row = store::find_outgoing(books.connection(), no);
        if (!row || row->handed_out == store::HandedOut::no) continue;
        store::set_handed_out(books.connection(), no,
                              row->handed_out == store::HandedOut::now ? store::HandedOut::no
                                                                       : store::HandedOut::interrupted);
    }
    return Answer{};
}

}  // namespace okpay::service
