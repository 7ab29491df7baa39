// SPDX-License-Identifier: Apache-2.0
#include "service/alerts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "customers/access.hpp"
#include "service/short_messages.hpp"
#include "store/access_store.hpp"

namespace okpay::service {
namespace {

constexpr std::size_t link_octets = 32;
constexpr std::chrono::hours day{24};

desk::ShortNews in_short(desk::Alert alert) {
    switch (alert) {
    case desk::Alert::new_device: return desk::ShortNews::new_device;
    case desk::Alert::password_changed: return desk::ShortNews::password_changed;
    case desk::Alert::phrase_changed: return desk::ShortNews::phrase_changed;
    case desk::Alert::factor_added:
    case desk::Alert::factor_removed:
    case desk::Alert::recovery_codes_made: return desk::ShortNews::factors_changed;
    }
    std::abort();
}

}  // namespace

std::string access_page(const Context& context, std::string_view page, std::string_view token) {
    std::string_view base = context.settings().public_url;
    while (base.ends_with('/')) base.remove_suffix(1);
    return fmt::format("{}/account/{}{}{}", base, page, token.empty() ? "" : "#", token);
}

std::optional<Bytes> hash_of_link(std::string_view link) {
    const auto octets = bytes_of_base32(link);
    if (!octets || octets->size() != link_octets) return std::nullopt;
    return Bytes{view_of(sha256(*octets))};
}

void send_alert(Books& books, const Context& context, const Command& command, const customers::Customer& customer,
                const AlertWish& wish) {
    if (wish.letter.empty() && wish.report_link.empty()) return;
    const auto id = OutgoingId::parse(wish.letter);
    const auto hash = hash_of_link(wish.report_link);
    if (!id || !hash) throw store::StorageFailure{store::StorageFault::bug, "an alert without its letter's id or link"};
    store::Connection& connection = books.connection();
    const Moment at = books.system_time(command.at);
    if (store::count_report_links_since(connection, customer.no, at - day) >= customers::alerts_to_a_customer_a_day_max) {
        return;
    }
    store::insert_access_link(connection, {.no = books.next_number("access_link"),
                                           .token_hash = *hash,
                                           .kind = store::AccessLinkKind::report,
                                           .customer = customer.no,
                                           .email = customer.email,
                                           .about = std::string{name_of(wish.alert)},
                                           .created = at,
                                           .expires = at + customers::report_link_lasts});
    const std::string address = customers::shortened_address(wish.address);
    const desk::MailText text =
        desk::letter_alert({.language = desk::language_of(customer.language),
                            .name = customer.name,
                            .zone = customer.zone,
                            .house = context.settings().house},
                           {.alert = wish.alert, .device = wish.agent, .address = address, .at = command.at},
                           access_page(context, "not-me", wish.report_link), customers::report_link_lasts);
    send_notice(books, context,
                {.kind = "alert",
                 .id = *id,
                 .recipient = customer.email,
                 .subject = text.subject,
                 .text = text.body,
                 .at = command.at});
    text_customer(books, context, command, customer, in_short(wish.alert));
}

void note_device(Books& books, const Context& context, const Command& command, const customers::Customer& customer,
                 const SignInCustomer& body) {
    const auto device = bytes_of_hex(body.device_hash);
    if (!device || device->empty()) return;
    const Moment at = books.system_time(command.at);
    const bool known = store::is_known_device(books.connection(), customer.no, *device);
    store::write_customer_device(books.connection(), {.customer = customer.no,
                                                      .device = *device,
                                                      .agent = body.agent,
                                                      .address = body.address,
                                                      .first_seen = at,
                                                      .last_seen = at});
    if (known) return;
    send_alert(books, context, command, customer,
               {.alert = desk::Alert::new_device,
                .letter = body.letter,
                .report_link = body.report_link,
                .agent = body.agent,
                .address = body.address});
}

std::string with_phrase(Books& books, std::string_view recipient, const std::string& text) {
    const auto found = store::phrase_of_address(books.connection(), ascii_lower(recipient));
    return found ? desk::phrase_line(desk::language_of(found->language), found->phrase) + text : text;
}

}  // namespace okpay::service
