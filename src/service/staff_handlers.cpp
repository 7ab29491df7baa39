// SPDX-License-Identifier: Apache-2.0
// Staff sign in through the house's provider, leave, and begin anew.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "customers/permissions.hpp"
#include "customers/totp.hpp"
#include "service/handlers.hpp"
#include "service/people_parts.hpp"
#include "service/rule_parts.hpp"
#include "store/privacy_store.hpp"
#include "store/staff_store.hpp"

namespace okpay::service {
namespace {

using customers::Permission;
using customers::Role;
using customers::StaffApproval;
using customers::StaffNo;

constexpr std::size_t issuer_octets_max = 2'048;
constexpr std::size_t subject_octets_max = 255;
constexpr std::size_t reason_octets_max = 2'000;

std::optional<store::StaffRow> staff_named(Books& books, std::string_view given) {
    if (const auto id = StaffId::parse(given)) {
        const auto no = books.connection().integer("SELECT no FROM staff WHERE id = $1", {store::Octets{id->view()}});
        return no ? store::find_staff(books.connection(), StaffNo{*no}) : std::nullopt;
    }
    const auto email = canonical_address(given);
    return email ? store::find_staff_by_email(books.connection(), *email) : std::nullopt;
}

// Administrators beside this one who are there or are on their way.
std::int64_t other_administrators(Books& books, StaffNo staff) {
    return books.connection()
        .integer(
            "SELECT count(*) FROM staff WHERE role = $1 AND disabled = 0 AND no <> $2 AND (enrolled IS NOT NULL OR "
            "approval IN (1, 2))",
            {static_cast<std::int64_t>(Role::admin), number_of(staff)})
        .value_or(0);
}

// What they had is nobody's, and routed like what has just come.
void give_back(Books& books, const Command& command, StaffNo staff) {
    for (const desk::TicketNo no : store::in_hand(books.connection(), staff)) {
        store::TicketRow row = store::find_ticket(books.connection(), no).value();
        row.ticket.assignee = std::nullopt;
        row.ticket.version += 1;
        store::update_ticket(books.connection(), row);
        store::insert_event(books.connection(), no, command.at, "assigned", std::nullopt, json_text({{"staff", "0"}}));
        books.news().tickets.push_back(row.ticket.request_number);
        if (row.ticket.state != desk::TicketState::solved) route_new(books, command, row);
    }
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const SignOnStaff& body) {
    const auto no = StaffNo{body.staff};
    const auto staff = store::find_staff(books.connection(), no);
    if (!staff || !staff->enrolled || staff->disabled)
        return service::refused("staff_inactive", "this staff account is not active; ask an administrator");
    if (body.issuer.empty() || body.issuer.size() > issuer_octets_max || body.subject.empty() ||
        body.subject.size() > subject_octets_max || !is_utf8(body.issuer) || !is_utf8(body.subject)) {
        return service::refused(codes::invalid, "issuer, subject: malformed");
    }
    const auto bound_to = store::staff_of_sign_on(books.connection(), body.issuer, body.subject);
    const bool is_new = !bound_to;
    if (is_new ? store::has_sign_on(books.connection(), no, body.issuer) : *bound_to != no)
        return service::refused("sign_on_of_another", "this staff account belongs to another account of the provider");
    Answer answer = open_staff_session(books, context,
                                       {.staff = no,
                                        .totp_code = body.totp_code,
                                        .token_hash = body.session_token_hash,
                                        .expires = moment_of_ms(body.session_expires),
                                        .detail = json_text({{"issuer", body.issuer}, {"subject", body.subject}})},
                                       command.at);
    // Bound once the second factor was right as well: an address at the provider alone takes nobody's place.
    if (answer.done() && is_new) {
        store::bind_sign_on(books.connection(), books.next_number("staff_sign_on"), no, body.issuer, body.subject,
                            command.at);
        books.audit(command.at, {ActorKind::staff, body.staff}, "bind_sign_on", fmt::format("staff:{}", body.staff),
                    json_text({{"issuer", body.issuer}, {"subject", body.subject}}));
    }
    return answer;
}

Answer handle(Books& books, const Context& context, const Command& command, const SwitchOffStaff& body) {
    const bool at_the_machine = command.actor.kind == ActorKind::system;
    std::optional<store::StaffRow> admin;
    if (!at_the_machine) {
        if (auto no = not_permitted(books, command.actor, Permission::manage_staff, admin)) return *no;
    }
    if (trimmed(body.reason).empty() || body.reason.size() > reason_octets_max || !is_utf8(body.reason))
        return service::refused(codes::invalid, "reason: say why, in 2,000 octets at most; it is kept");
    auto staff = staff_named(books, body.staff);
    if (!staff) return service::refused(codes::not_found, "there is no such member of staff");
    if (staff->disabled) return service::refused("already_switched_off", "this staff account is switched off already");
    if (staff->role == Role::admin && other_administrators(books, staff->no) == 0)
        return service::refused(codes::not_permitted, "this is the only administrator: add another one first");
    if (admin) {
        if (admin->no == staff->no)
            return service::refused("own_account", "nobody switches their own account off; ask a colleague");
        // Else one administrator makes themselves the only one, and decides alone what asks for two.
        if (staff->role == Role::admin)
            return service::refused(codes::not_permitted,
                                    "an administrator is switched off at the machine: okpay admin staff off");
        if (command.at < *admin->enrolled + context.settings().new_staff_waits)
            return service::refused("new_staff_cannot_approve", "new staff cannot do this yet; ask a colleague");
        if (auto wrong = check_second_factor(books, context, admin->no, body.totp_code, command.at)) return *wrong;
    }
    staff->disabled = true;
    staff->enrol_token_hash.reset();
    staff->enrol_expires.reset();
    store::update_staff(books.connection(), *staff);
    // A link that still waited for a yes leads nowhere now.
    if (store::staff_approval(books.connection(), staff->no) == StaffApproval::waiting)
        store::set_staff_approval(books.connection(), staff->no, StaffApproval::refused,
                                  admin ? std::optional{admin->no} : std::nullopt, command.at);
    const std::int64_t sessions = store::end_sessions_of(books.connection(), staff->no);
    give_back(books, command, staff->no);
    books.audit(command.at, command.actor, "switch_off_staff", fmt::format("staff:{}", number_of(staff->no)),
                json_text({{"reason", body.reason}, {"sessions", std::to_string(sessions)}}));
    return Answer{.number = number_of(staff->no)};
}

Answer handle(Books& books, const Context&, const Command& command, const InviteStaffAgain& body) {
    if (command.actor.kind != ActorKind::system)
        return service::refused(codes::not_permitted, "a new link is made by whoever runs the machine");
    const auto token_hash = bytes_of_hex(body.enrol_token_hash);
    if (!token_hash || token_hash->size() != 32) return service::refused(codes::invalid, "enrol_token_hash: malformed");
    auto staff = staff_named(books, body.staff);
    if (!staff) return service::refused(codes::not_found, "there is no such member of staff");
    staff->disabled = false;
    staff->enrolled.reset();
    staff->password_phc.clear();
    staff->totp_secret_sealed.clear();
    staff->totp_last_step = customers::totp_never_used;
    staff->failed_sign_ins = 0;
    staff->blocked_until = Moment{};
    staff->enrol_token_hash = *token_hash;
    staff->enrol_expires = moment_of_ms(body.enrol_expires);
    store::update_staff(books.connection(), *staff);
    store::unbind_sign_on(books.connection(), staff->no);
    store::end_sessions_of(books.connection(), staff->no);
    give_back(books, command, staff->no);
    // As for somebody new: while there is another administrator, whoever sits at the machine becomes nobody who approves.
    const bool waits = customers::needs_approval(staff->role) && other_administrators(books, staff->no) > 0;
    store::set_staff_approval(books.connection(), staff->no, waits ? StaffApproval::waiting : StaffApproval::not_needed,
                              std::nullopt, std::nullopt);
    books.audit(command.at, command.actor, "invite_staff_again", fmt::format("staff:{}", number_of(staff->no)), "{}");
    return Answer{.number = number_of(staff->no), .text = waits ? "waiting" : ""};
}

}  // namespace okpay::service
