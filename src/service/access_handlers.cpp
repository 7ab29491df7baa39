// SPDX-License-Identifier: Apache-2.0
// Sign-up, new passwords, sessions, and "this was not me". Nobody learns here whether an address has an account: what is
// asked without one is answered alike, writes the same rows and, where it is a sign-up, the same number of letters.
#include <fmt/format.h>

#include "base/text.hpp"
#include "customers/access.hpp"
#include "customers/local_time.hpp"
#include "desk/lifecycle.hpp"
#include "desk/request_number.hpp"
#include "service/alerts.hpp"
#include "service/factor_parts.hpp"
#include "service/handlers.hpp"
#include "service/locks.hpp"
#include "service/monitor.hpp"
#include "service/people_parts.hpp"
#include "store/access_store.hpp"
#include "store/change_store.hpp"
#include "store/lock_store.hpp"

namespace okpay::service {
namespace {

using customers::Customer;
using customers::CustomerNo;
using store::AccessLink;
using store::AccessLinkKind;

constexpr std::chrono::hours day{24};
constexpr std::chrono::hours links_kept_after_end{48};  // for the counts of a day
constexpr std::string_view phc_start = "$argon2id$";
constexpr std::string_view about_sign_up = "sign_up";
constexpr std::string_view about_password = "new_password";
constexpr std::string_view about_password_from_device = "new_password_known";
constexpr std::size_t name_characters_max = 100;

Answer link_gone() { return refused("token_invalid", "this link was used or has expired; ask for a new one"); }

std::string object_of(CustomerNo no) { return fmt::format("customer:{}", number_of(no)); }

desk::LetterTo letter_to(const Context& context, const Customer& customer) {
    return {.language = desk::language_of(customer.language),
            .name = customer.name,
            .zone = customer.zone,
            .house = context.settings().house};
}

std::optional<AccessLink> live(Books& books, std::string_view link_hash, AccessLinkKind kind, Moment at) {
    const auto hash = bytes_of_hex(link_hash);
    return hash ? store::find_live_access_link(books.connection(), *hash, kind, at) : std::nullopt;
}

// Characters of a name or a phrase; nothing where it is no text for a letter.
std::optional<std::string> plain_words(std::string_view text, std::size_t least, std::size_t most) {
    const std::string_view words = trimmed(text);
    if (!is_utf8(words) || desk::looks_like_link(words)) return std::nullopt;
    std::size_t characters = 0;
    for (const char c : words) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x20 || octet == 0x7F) return std::nullopt;
        characters += (octet & 0xC0U) != 0x80U ? 1U : 0U;
    }
    if (characters < least || characters > most) return std::nullopt;
    return std::string{words};
}

// The password, the tries and the moment of one login, whatever stood there.
void write_password(Books& books, CustomerNo customer, const std::string& phc, Moment at) {
    store::write_customer_login(books.connection(), {.customer = customer, .password_phc = phc, .password_set = at});
    store::use_up_access_links(books.connection(), customer, AccessLinkKind::new_password, at);
}

Customer customer_of(Books& books, CustomerNo no) {
    auto found = store::find_customer(books.connection(), no);
    if (!found) throw store::StorageFailure{store::StorageFault::corrupt, "a link of a letter names nobody"};
    return *std::move(found);
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const StartSignUp& body) {
    if (context.settings().sign_up_currencies.empty()) {
        return refused("sign_up_closed", "nobody can open an account here by themselves");
    }
    const auto email = canonical_address(body.email);
    const auto name = plain_words(body.name, 1, name_characters_max);
    const auto hash = hash_of_link(body.sign_up_link);
    const auto letter = OutgoingId::parse(body.letter);
    if (!email) return refused(codes::invalid, "email: not a mail address");
    if (!name) return refused(codes::invalid, "name: 1 to 100 characters, no link");
    if (!customers::is_zone(body.zone)) return refused(codes::invalid, "zone: not an IANA time zone");
    if (!hash || !letter || !body.password_phc.starts_with(phc_start))
        return refused(codes::invalid, "sign_up_link: malformed");
    const Moment at = books.system_time(command.at);
    store::Connection& connection = books.connection();
    store::delete_old_access_links(connection, at - links_kept_after_end);
    if (store::count_access_letters_since(connection, *email, about_sign_up, at - day) >=
        customers::access_letters_to_an_address_a_day_max) {
        return Answer{};  // like any other: who asks learns nothing of what others asked
    }
    const auto known = store::find_customer_by_email(connection, *email);
    const auto language = desk::language_of(known ? known->language : body.language);
    store::insert_access_link(connection, {.no = books.next_number("access_link"),
                                           .token_hash = *hash,
                                           .kind = known ? AccessLinkKind::nothing : AccessLinkKind::sign_up,
                                           .customer = known ? std::optional{known->no} : std::nullopt,
                                           .email = *email,
                                           .name = *name,
                                           .language = std::string{tag_of(language)},
                                           .zone = body.zone,
                                           .password_phc = known ? "" : body.password_phc,
                                           .about = std::string{about_sign_up},
                                           .created = at,
                                           .expires = at + customers::sign_up_link_lasts});
    const desk::MailText text =
        known ? desk::letter_account_exists(letter_to(context, *known), access_page(context, "forgotten"))
              : desk::letter_confirm_sign_up(language, context.settings().house,
                                             access_page(context, "welcome", body.sign_up_link),
                                             customers::sign_up_link_lasts);
    send_notice(books, context,
                {.kind = "sign_up",
                 .id = *letter,
                 .recipient = *email,
                 .subject = text.subject,
                 .text = text.body,
                 .at = command.at});
    return Answer{};
}

Answer handle(Books& books, const Context&, const Command& command, const CountFailedSignUp& body) {
    const Moment at = books.system_time(command.at);
    auto link = live(books, body.link_hash, AccessLinkKind::sign_up, at);
    if (!link) return link_gone();
    if (++link->failures >= customers::link_tries_max) link->used = at;
    store::update_access_link(books.connection(), *link);
    return Answer{};
}

Answer handle(Books& books, const Context& context, const Command& command, const ConfirmSignUp& body) {
    const Moment at = books.system_time(command.at);
    const auto link = live(books, body.link_hash, AccessLinkKind::sign_up, at);
    const auto id = CustomerId::parse(body.customer);
    const auto session = bytes_of_hex(body.session_token_hash);
    const auto device = bytes_of_hex(body.device_hash);
    const auto currencies = currencies_of(context.settings().sign_up_currencies);
    if (!link) return link_gone();
    if (!id || !session || session->size() != 32 || !device) return refused(codes::invalid, "customer, hashes: malformed");
    if (!currencies || currencies->empty())
        return refused("sign_up_closed", "nobody can open an account here by themselves");
    store::Connection& connection = books.connection();
    if (store::find_customer_by_email(connection, link->email)) return link_gone();  // staff were quicker
    const CustomerNo no = open_customer(books,
                                        {.id = *id,
                                         .email = link->email,
                                         .name = link->name,
                                         .language = link->language,
                                         .zone = link->zone,
                                         .currencies = *currencies,
                                         .level = customers::level_mail_confirmed},
                                        command.at);
    store::use_up_sign_up_links(connection, link->email, at);
    write_password(books, no, link->password_phc, link->created);
    if (!device->empty()) {
        store::write_customer_device(connection, {.customer = no,
                                                  .device = *device,
                                                  .agent = body.agent,
                                                  .address = body.address,
                                                  .first_seen = at,
                                                  .last_seen = at});
    }
    store::insert_customer_session(connection, {.token_hash = *session,
                                                .no = books.next_number("customer_session"),
                                                .customer = no,
                                                .created = at,
                                                .expires = moment_of_ms(body.session_expires),
                                                .last_seen = at,
                                                .assurance = customers::Assurance::a2_one_time_link,
                                                .proven = at,
                                                .device = *device,
                                                .agent = body.agent,
                                                .address = body.address});
    books.audit(command.at, {ActorKind::customer, number_of(no)}, "sign_up", object_of(no), "{}");
    return Answer{.number = number_of(no)};
}

Answer handle(Books& books, const Context& context, const Command& command, const AskNewPassword& body) {
    const auto email = canonical_address(body.email);
    const auto hash = hash_of_link(body.password_link);
    const auto letter = OutgoingId::parse(body.letter);
    const auto device = bytes_of_hex(body.device_hash);
    if (!email) return refused(codes::invalid, "email: not a mail address");
    if (!hash || !letter || !device) return refused(codes::invalid, "password_link: malformed");
    const Moment at = books.system_time(command.at);
    store::Connection& connection = books.connection();
    store::delete_old_access_links(connection, at - links_kept_after_end);
    const auto customer = store::find_customer_by_email(connection, *email);
    // Strangers who use up the letters of a day do not use up those that a device of the customer's own asks for.
    const bool known = customer && !device->empty() && store::is_known_device(connection, customer->no, *device);
    const std::string_view about = known ? about_password_from_device : about_password;
    if (store::count_access_letters_since(connection, *email, about, at - day) >=
        customers::access_letters_to_an_address_a_day_max) {
        return Answer{};
    }
    store::insert_access_link(connection, {.no = books.next_number("access_link"),
                                           .token_hash = *hash,
                                           .kind = customer ? AccessLinkKind::new_password : AccessLinkKind::nothing,
                                           .customer = customer ? std::optional{customer->no} : std::nullopt,
                                           .email = *email,
                                           .about = std::string{about},
                                           .created = at,
                                           .expires = at + customers::new_password_link_lasts});
    if (!customer) return Answer{};
    const desk::MailText text =
        desk::letter_new_password(letter_to(context, *customer), access_page(context, "new-password", body.password_link),
                                  customers::new_password_link_lasts);
    send_notice(books, context,
                {.kind = "new_password",
                 .id = *letter,
                 .recipient = customer->email,
                 .subject = text.subject,
                 .text = text.body,
                 .at = command.at});
    return Answer{};
}

Answer handle(Books& books, const Context& context, const Command& command, const SetNewPassword& body) {
    const Moment at = books.system_time(command.at);
    auto link = live(books, body.link_hash, AccessLinkKind::new_password, at);
    if (!link || !link->customer) return link_gone();
    if (!body.password_phc.starts_with(phc_start)) return refused(codes::invalid, "password_phc: not an Argon2id hash");
    const Customer customer = customer_of(books, *link->customer);
    // The letter went where the address was then; a link of an address that was given up opens nothing.
    if (customer.email != link->email) return link_gone();
    write_password(books, customer.no, body.password_phc, at);
    sign_in_changed(books, command, customer.no, "password");
    store::end_customer_sessions(books.connection(), customer.no);
    store::end_cases_of(books.connection(), customer.no, books.system_time(command.at));
    books.audit(command.at, {ActorKind::customer, number_of(customer.no)}, "set_password_by_letter", object_of(customer.no),
                "{}");
    send_alert(books, context, command, customer,
               {.alert = desk::Alert::password_changed,
                .letter = body.letter,
                .report_link = body.report_link,
                .agent = body.agent,
                .address = body.address});
    return Answer{.number = number_of(customer.no)};
}

Answer handle(Books& books, const Context& context, const Command& command, const ChangePassword& body) {
    const auto no = CustomerNo{body.customer};
    const auto customer = store::find_customer(books.connection(), no);
    const auto session = bytes_of_hex(body.session_token_hash);
    const auto renewed = bytes_of_hex(body.new_session_token_hash);
    if (!customer || !session || !renewed || renewed->size() != 32) return refused(codes::invalid, "customer: malformed");
    if (!body.password_phc.starts_with(phc_start)) return refused(codes::invalid, "password_phc: not an Argon2id hash");
    const auto here = store::find_customer_session(books.connection(), *session);
    if (!here || here->customer != no) return refused("not_signed_in", "the session has ended meanwhile");
    write_password(books, no, body.password_phc, books.system_time(command.at));
    note_right_password(books, command, no);
    sign_in_changed(books, command, no, "password");
    store::end_other_customer_sessions(books.connection(), no, *session);
    store::rename_customer_session(books.connection(), *session, *renewed);
    books.audit(command.at, command.actor, "change_password", object_of(no), "{}");
    send_alert(books, context, command, *customer,
               {.alert = desk::Alert::password_changed,
                .letter = body.letter,
                .report_link = body.report_link,
                .agent = body.agent,
                .address = body.address});
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context&, const Command& command, const EndSessions& body) {
    const auto no = CustomerNo{body.customer};
    const auto here = bytes_of_hex(body.session_token_hash);
    if (!here || here->empty()) return refused(codes::invalid, "session_token_hash: malformed");
    const std::int64_t ended = body.session != 0 ? store::end_customer_session(books.connection(), no, body.session)
                                                 : store::end_other_customer_sessions(books.connection(), no, *here);
    if (body.session != 0 && ended == 0) return refused(codes::not_found, "there is no such session");
    books.audit(command.at, command.actor, "end_sessions", object_of(no), json_text({{"ended", std::to_string(ended)}}));
    return Answer{.number = ended};
}

Answer handle(Books& books, const Context&, const Command& command, const TouchSession& body) {
    const auto hash = bytes_of_hex(body.session_token_hash);
    if (hash && !hash->empty()) { store::touch_customer_session(books.connection(), *hash, books.system_time(command.at)); }
    return Answer{};
}

Answer handle(Books& books, const Context& context, const Command& command, const SetPhrase& body) {
    const auto no = CustomerNo{body.customer};
    const auto customer = store::find_customer(books.connection(), no);
    if (!customer) return refused(codes::not_found, "there is no such customer");
    std::string phrase;
    if (!trimmed(body.phrase).empty()) {
        const auto words = plain_words(body.phrase, customers::phrase_characters_min, customers::phrase_characters_max);
        if (!words) {
            return refused(codes::invalid, fmt::format("phrase: {} to {} characters of plain text, no link",
                                                       customers::phrase_characters_min, customers::phrase_characters_max));
        }
        phrase = *words;
    }
    // The letter that tells of it still carries the old one: who knows it can tell that the letter is ours.
    send_alert(books, context, command, *customer,
               {.alert = desk::Alert::phrase_changed,
                .letter = body.letter,
                .report_link = body.report_link,
                .agent = body.agent,
                .address = body.address});
    store::write_customer_phrase(books.connection(), no, phrase, books.system_time(command.at));
    books.audit(command.at, command.actor, "set_phrase", object_of(no), "{}");
    return Answer{.number = body.customer};
}

Answer handle(Books& books, const Context& context, const Command& command, const ReportSignIn& body) {
    const Moment at = books.system_time(command.at);
    const auto hash = bytes_of_hex(body.link_hash);
    auto link = hash ? store::find_access_link(books.connection(), *hash) : std::nullopt;
    if (!link || link->kind != AccessLinkKind::report || !link->customer) return link_gone();
    if (link->used) return Answer{.number = number_of(*link->customer), .text = link->request, .replayed = true};
    if (link->expires <= at) return link_gone();
    if (!MessageId::parse(body.message_id) || !OutgoingId::parse(body.letter)) {
        return refused(codes::invalid, "message_id, letter: malformed");
    }
    const Customer customer = customer_of(books, *link->customer);
    const customers::LockNo lock =
        place_lock(books, context, command,
                   {.customer = customer.no,
                    .scope = customers::LockScope::debits,
                    .source = customers::LockSource::customer,
                    .reason = fmt::format("the customer says that it was not them: {}", link->about),
                    .message_code = "not_me",
                    .review_at = std::nullopt,
                    .expires_at = std::nullopt});
    store::Connection& connection = books.connection();
    store::end_customer_sessions(connection, customer.no);
    store::end_cases_of(connection, customer.no, at);
    store::forget_devices(connection, customer.no);
    // Somebody may know the password: it opens nothing until a new one is chosen by a letter.
    if (auto login = store::find_customer_login(connection, customer.no)) {
        login->password_phc.clear();
        store::write_customer_login(connection, *login);
    }
    store::use_up_access_links(connection, customer.no, AccessLinkKind::new_password, at);
    const std::string said{desk::Wording{"I pressed “this was not me” in a letter about my account.",
                                         "我在一封关于账户的邮件中点击了“不是本人操作”。",
                                         "我在一封關於帳戶的郵件中點擊了「不是本人操作」。"}
                               .in(desk::language_of(customer.language))};
    const store::TicketRow row = say_in_request(books, command, lock,
                                                {.message = MessageId::parse(body.message_id).value(),
                                                 .text = said,
                                                 .event = "reported_sign_in",
                                                 .details = json_text({{"letter", link->about}})});
    const desk::MailText text =
        desk::letter_sign_in_reported(letter_to(context, customer),
                                      desk::RequestNumber::of(row.ticket.no, context.request_number_key()),
                                      access_page(context, "forgotten"), row.ticket.first_reply_due);
    const OutboundMail mail{.kind = "sign_in_reported",
                            .message_id = "",
                            .outgoing_id = body.letter,
                            .recipient = customer.email,
                            .subject = text.subject,
                            .text = text.body,
                            .automatic = true,
                            .in_conversation = false,
                            .at = command.at};
    if (send_mail(books, context, row.ticket, mail) == 0) {
        throw store::StorageFailure{store::StorageFault::bug, "a letter could not be composed: check --domain"};
    }
    link->used = at;
    link->request = row.ticket.request_number;
    store::update_access_link(connection, *link);
    books.audit(command.at, {ActorKind::customer, number_of(customer.no)}, "report_sign_in", object_of(customer.no),
                json_text({{"letter", link->about}}));
    return Answer{.number = number_of(customer.no), .text = row.ticket.request_number};
}

}  // namespace okpay::service
