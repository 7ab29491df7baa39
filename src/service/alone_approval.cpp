// SPDX-License-Identifier: Apache-2.0
#include "service/alone_approval.hpp"

#include "customers/permissions.hpp"
#include "desk/staff_letters.hpp"
#include "service/money_parts.hpp"
#include "service/ticket_parts.hpp"
#include "store/desk_store.hpp"

namespace okpay::service {
namespace {

using desk::Remedy;

constexpr std::chrono::hours counted_back{24 * 30};
constexpr std::string_view of_proposal = "alone_proposed", of_approval = "alone_approved";  // kinds of letters, verified

desk::AloneRemedy told(const Remedy& remedy, const desk::Ticket& ticket, const store::StaffRow& person) {
    return {.number = ticket.request_number,
            .amount = remedy.amount,
            .person = person.name,
            .may_from = remedy.proposed + desk::approves_alone_waits};
}

// One letter of a kind for a remedy.
OutgoingId letter_id(const Remedy& remedy, std::string_view kind) {
    return StepIds{remedy.id.view(), number_of(remedy.no), remedy.proposed}.next<OutgoingId>(kind);
}

bool is_only_approver(store::Connection& connection, customers::StaffNo staff) {
    using enum customers::Role;
    for (const customers::Role role : {agent, technical, risk, supervisor, auditor, admin}) {
        if (!customers::may(role, customers::Permission::approve_remedy)) continue;
        for (const store::StaffRow& one : store::active_staff(connection, role)) {
            if (one.no != staff) return false;
        }
    }
    return true;
}

void write(Books& books, const Context& context, const Remedy& remedy, std::string_view kind, desk::MailText letter,
           Moment at) {
    send_notice(books, context,
                {.kind = std::string{kind},
                 .id = letter_id(remedy, kind),
                 .recipient = context.settings().alone_owner,
                 .subject = std::move(letter.subject),
                 .text = std::move(letter.body),
                 .names_money = true,
                 .at = at});
}

}  // namespace

std::optional<Moment> owner_told(store::Connection& connection, const Remedy& remedy) {
    if (!is_only_approver(connection, remedy.proposer)) return std::nullopt;
    const auto letter = store::find_outgoing(connection, letter_id(remedy, of_proposal));
    const bool left =
        letter && letter->state == store::OutgoingState::sent;  // neither held nor suppressed, nor in the queue
    return left ? std::optional{letter->updated} : std::nullopt;
}

desk::RemedyRules remedy_rules(store::Connection& connection, const DeskSettings& settings, const Remedy& remedy) {
    desk::RemedyRules rules{.new_staff_waits = settings.new_staff_waits};
    if (settings.alone_owner.empty()) return rules;
    if (const auto told = owner_told(connection, remedy)) rules.approves_alone_from = *told + desk::approves_alone_waits;
    return rules;
}

void tell_owner_of_proposal(Books& books, const Context& context, const Remedy& remedy, const desk::Ticket& ticket,
                            const store::StaffRow& proposer) {
    if (context.settings().alone_owner.empty() || !is_only_approver(books.connection(), proposer.no)) return;
    write(books, context, remedy, of_proposal,
          desk::letter_of_alone_proposal(told(remedy, ticket, proposer), workspace_page(context).value_or("")),
          remedy.proposed);
}

void tell_owner_of_approval(Books& books, const Context& context, const Remedy& remedy, const desk::Ticket& ticket,
                            const store::StaffRow& approver, Moment at) {
    if (approver.no != remedy.proposer) return;
    const std::int64_t count = store::alone_approvals_since(books.connection(), at - counted_back);
    write(books, context, remedy, of_approval,
          desk::letter_of_alone_approval(told(remedy, ticket, approver), count, workspace_page(context).value_or("")), at);
}

}  // namespace okpay::service
