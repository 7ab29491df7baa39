// SPDX-License-Identifier: Apache-2.0
// Mail to verify@: is what it carries from us? One answer, yes or no; it opens no request.
#include "base/text.hpp"
#include "customers/assurance.hpp"
#include "desk/official_mail.hpp"
#include "service/mail_out.hpp"

namespace okpay::service {
namespace {

constexpr std::int64_t checks_answered_hour_max = 10;  // of one address that is proven

bool is_to_verify(const DeskSettings& settings, const store::InboundMail& inbound) {
    for (const std::string_view recipient : split(inbound.recipients, '\n')) {
        const auto at = recipient.rfind('@');
        if (at == std::string_view::npos) continue;
        const std::string_view name = recipient.substr(0, at), domain = recipient.substr(at + 1);
        if (!equal_ignoring_ascii_case(name, settings.verify_local)) continue;
        if (equal_ignoring_ascii_case(domain, settings.domain) || equal_ignoring_ascii_case(domain, settings.reply_domain))
            return true;
    }
    return false;
}

// The mail of ours that one of the codes was made for and that went to who asks: a code alone may have been copied.
std::optional<store::OutgoingRow> mail_in_hand(Books& books, const Context& context, const FileMail& body) {
    for (const std::string& code : body.official_codes) {
        auto row = store::find_outgoing_by_code(books.connection(), code);
        if (!row || !desk::is_official_code(context.official_keys(), code, row->id)) continue;
        if (equal_ignoring_ascii_case(row->recipient, body.from_address)) return row;
    }
    return std::nullopt;
}

bool may_answer(Books& books, const DeskSettings& settings, const FileMail& body, Moment at) {
    if (body.automatic || body.forged || body.several_senders || body.from_address.empty()) return false;
    store::Connection& connection = books.connection();
    if (static_cast<customers::Assurance>(body.assurance) >= customers::Assurance::a1_aligned_mail) {
        return store::count_checks_answered(connection, body.from_address, at - std::chrono::hours{1}) <
               checks_answered_hour_max;
    }
    return store::count_checks_answered(connection, body.from_address, at - std::chrono::hours{24}) <
               settings.stranger_acknowledgements_per_day &&
           store::count_checks_answered(connection, at - std::chrono::hours{1}) <
               settings.stranger_acknowledgements_per_hour_total;
}

}  // namespace

std::optional<Answer> file_check(Books& books, const Context& context, const Command& command, const FileMail& body,
                                 store::InboundMail& inbound) {
    const DeskSettings& settings = context.settings();
    const bool brings_a_mail = !body.official_codes.empty() || !trimmed(body.quoted_text).empty();
    if (!brings_a_mail || !is_to_verify(settings, inbound)) return std::nullopt;
    const auto letter = OutgoingId::parse(body.outgoing_id);
    if (!letter) return std::nullopt;
    const auto ours = mail_in_hand(books, context, body);
    std::optional<std::int64_t> answered;
    if (may_answer(books, settings, body, command.at)) {
        const std::string phishing = "phishing@" + settings.domain;
        const desk::MailText text = desk::answer_check({.language = desk::language_of(body.language),
                                                        .sent = ours ? std::optional{ours->created} : std::nullopt,
                                                        .phishing_address = phishing,
                                                        .house = settings.house});
        answered = send_notice(books, context,
                               {.kind = "official_check",
                                .id = *letter,
                                .recipient = body.from_address,
                                .subject = text.subject,
                                .text = text.body,
                                .at = command.at});
    }
    store::insert_check(books.connection(), {.no = books.next_number("mail_check"),
                                             .mail = inbound.no,
                                             .about = ours ? std::optional{ours->no} : std::nullopt,
                                             .answer = answered,
                                             .address = ascii_lower(body.from_address),
                                             .at = command.at});
    inbound.state = store::InboundState::parsed;
    store::update_inbound(books.connection(), inbound);
    return Answer{};
}

}  // namespace okpay::service
