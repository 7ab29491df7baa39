// SPDX-License-Identifier: Apache-2.0
#include "service/identity_parts.hpp"

#include <fmt/format.h>

#include "base/ensure.hpp"

namespace okpay::service::identity {

Answer no_such_verification() { return refused(codes::not_found, "there is no such verification"); }

Answer state_not_allowed(const store::VerificationRow& row) {
    return refused("state_not_allowed", fmt::format("the verification is {} now; load it again", name_of(row.state)));
}

void move_to(store::VerificationRow& row, State state, Moment at) {
    ensure(customers::may_become(row.state, state));
    row.state = state;
    row.updated = at;
}

void cancel(store::VerificationRow& row, Moment at) {
    move_to(row, State::canceled, at);
    row.outcome = State::canceled;
    row.decided = at;
    row.input_due.reset();
    row.files_due = at;
}

void erase(Books& books, const store::IdentityFileRow& file, Moment at) {
    store::erase_identity_file(books.connection(), file, file.blob ? books.next_number("doomed_blob") : 0, at);
}

void destroy_files(Books& books, store::VerificationRow& row, Moment at) {
    for (const store::IdentityFileRow& file : store::identity_files_of(books.connection(), row.no)) {
        if (!file.erased) erase(books, file, at);
    }
    row.facts.clear();
    row.facts_key.clear();
    row.files_due.reset();
    row.files_destroyed = at;
    if (may_become(row.state, State::redacted)) move_to(row, State::redacted, at);
}

void audit(Books& books, const Command& command, const store::VerificationRow& row, std::string_view action,
           std::initializer_list<std::pair<std::string_view, std::string>> detail) {
    books.audit(command.at, command.actor, action, fmt::format("verification:{}", row.no), json_text(detail));
}

std::int64_t write(Books& books, const Context& context, const store::VerificationRow& row, std::string_view kind,
                   const StepIds& ids, const std::function<desk::MailText(const desk::LetterTo&)>& letter) {
    const auto customer = store::find_customer(books.connection(), row.customer);
    if (!customer) throw store::StorageFailure{store::StorageFault::corrupt, "a verification names nobody"};
    const desk::MailText text = letter({.language = desk::language_of(customer->language),
                                        .name = customer->name,
                                        .zone = customer->zone,
                                        .house = context.settings().house});
    return send_notice(books, context,
                       {.kind = std::string{kind},
                        .id = ids.next<OutgoingId>(kind),
                        .recipient = customer->email,
                        .subject = text.subject,
                        .text = text.body,
                        .names_money = false,
                        .at = row.updated});
}

}  // namespace okpay::service::identity
