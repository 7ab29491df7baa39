// SPDX-License-Identifier: Apache-2.0
// Proof of identity, as persons decide it and as time ends it. A machine never verifies: it takes as many different persons
// as the object asks for, each of whom has looked at every picture, none of them at the own account.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "content/mask.hpp"
#include "customers/local_time.hpp"
#include "desk/figures.hpp"
#include "service/case_parts.hpp"
#include "service/identity_parts.hpp"

namespace okpay::service {
namespace {

using customers::ReviewDecision;
using customers::VerificationCode;
using identity::State;
using store::VerificationRow;

constexpr std::size_t note_octets_max = 2'000;
constexpr std::size_t word_octets_max = 600;

std::optional<Answer> not_a_reviewer(Books& books, const Command& command, const VerificationRow& row,
                                     std::optional<store::StaffRow>& staff) {
    if (auto no = not_permitted(books, command.actor, customers::Permission::review_identity, staff)) return no;
    if (has_to_do_with(books, *staff, row.customer)) {
        return refused("own_account", "you have to do with this customer; ask a colleague");
    }
    return std::nullopt;
}

bool has_seen_all(Books& books, const VerificationRow& row, customers::StaffNo staff) {
    const auto views = store::identity_views_of(books.connection(), row.no);
    const auto saw = [&](std::int64_t file) {
        return std::ranges::any_of(views, [&](const store::IdentityViewRow& view) {
            return view.staff == staff && view.file == file && row.submitted && view.at >= *row.submitted;
        });
    };
    for (const store::IdentityFileRow& file : store::identity_files_of(books.connection(), row.no)) {
        if (!file.erased && !saw(file.no)) return false;
    }
    return saw(0);
}

// A word to the customer goes out under our name: no link, no amount, nothing that would be masked.
std::optional<Answer> wrong_word(std::string_view word) {
    if (word.size() > word_octets_max) return refused(codes::invalid, "word: at most 600 octets");
    if (desk::looks_like_link(word)) return refused(codes::invalid, "word: without a link or an address");
    if (!desk::amounts_in(word).empty()) return refused(codes::unbound_amount, "word: without an amount of money");
    if (content::mask_secrets(word).text != word)
        return refused(codes::invalid, "word: without a number of a card or paper");
    return std::nullopt;
}

void verified(Books& books, const Command& command, VerificationRow& row) {
    identity::move_to(row, State::verified, command.at);
    row.outcome = State::verified;
    row.decided = command.at;
    row.files_due = command.at + customers::files_kept_after_decision;
    const int before = books.level_of(row.customer);
    if (before < customers::verified_level) {
        books.set_level(row.customer, customers::verified_level);
        books.audit(command.at, command.actor, "set_level", fmt::format("customer:{}", number_of(row.customer)),
                    json_text({{"from", std::to_string(before)},
                               {"to", std::to_string(customers::verified_level)},
                               {"note", fmt::format("verification:{}", row.no)}}));
    }
}

// Whoever lost the second factor, or was locked, has now shown who they are: their requests are as sure as that. Only those
// that were theirs already, by a link at the stored address or signed in, and that stood before the documents came.
void raise_requests_of(Books& books, const Command& command, const VerificationRow& row) {
    using customers::VerificationPurpose;
    if (row.purpose != VerificationPurpose::after_lock && row.purpose != VerificationPurpose::lost_factor) return;
    for (const desk::TicketNo no : store::unfinished_tickets_of(books.connection(), row.customer)) {
        auto ticket = store::find_ticket(books.connection(), no);
        if (ticket->ticket.assurance < customers::Assurance::a2_one_time_link) continue;
        if (!row.submitted || ticket->ticket.opened > *row.submitted) continue;
        if (raise_assurance(books, *ticket, customers::Assurance::a4_identity_verified, "identity_verified", command.at)) {
            touch_ticket(books, *ticket, command.at);
        }
    }
}

Result<VerificationCode, Answer> code_for(ReviewDecision decision, std::string_view name) {
    const auto code = customers::verification_code_of_name(name);
    if (!code) return fail(refused(codes::invalid, "code: unknown"));
    switch (decision) {
    case ReviewDecision::verified:
        if (*code != VerificationCode::none) return fail(refused(codes::invalid, "code: none where it is verified"));
        break;
    case ReviewDecision::rejected:
        if (*code == VerificationCode::none || *code == VerificationCode::consent_declined) {
            return fail(refused(codes::invalid, "code: why it is rejected"));
        }
        break;
    case ReviewDecision::requires_input:
        if (!customers::can_be_mended(*code)) return fail(refused(codes::invalid, "code: nothing that can be mended"));
        break;
    }
    return *code;
}

// The document of the customer's newest verified one still counts.
bool has_other_proof(Books& books, const VerificationRow& expired, std::string_view today) {
    const auto rows = store::verifications_of(books.connection(), expired.customer, 50);
    return std::ranges::any_of(rows, [&](const VerificationRow& row) {
        return row.no != expired.no && row.outcome == State::verified && row.state != State::expired &&
               (row.document_expires.empty() || row.document_expires >= today);
    });
}

void expire(Books& books, const Context& context, const Command& command, VerificationRow& row, std::string_view today,
            const StepIds& ids) {
    identity::move_to(row, State::expired, command.at);
    store::update_verification(books.connection(), row);
    identity::audit(books, command, row, "expire_verification", {{"document_expires", row.document_expires}});
    if (has_other_proof(books, row, today)) return;
    const int before = books.level_of(row.customer);
    if (before >= customers::verified_level) {
        books.set_level(row.customer, customers::verified_level - 1);
        books.audit(command.at, command.actor, "set_level", fmt::format("customer:{}", number_of(row.customer)),
                    json_text({{"from", std::to_string(before)},
                               {"to", std::to_string(customers::verified_level - 1)},
                               {"note", fmt::format("verification:{} expired", row.no)}}));
    }
    identity::write(books, context, row, "identity_expired", ids,
                    [&row](const desk::LetterTo& to) { return desk::letter_document_expired(to, row.document_expires); });
}

}  // namespace

Answer handle(Books& books, const Context&, const Command& command, const ViewIdentity& body) {
    const auto row = store::find_verification(books.connection(), body.verification);
    if (!row) return identity::no_such_verification();
    std::optional<store::StaffRow> staff;
    if (auto no = not_a_reviewer(books, command, *row, staff)) return *no;
    const auto purpose = customers::view_purpose_of_name(body.purpose);
    if (!purpose) return refused(codes::invalid, "purpose: unknown");
    if (trimmed(body.reason).empty() || body.reason.size() > note_octets_max) {
        return refused("reason_missing", "say why you look at this person's papers; it is kept");
    }
    if (body.file != 0) {
        const auto files = store::identity_files_of(books.connection(), row->no);
        const bool there = std::ranges::any_of(files, [&](const store::IdentityFileRow& file) {
            return file.no == body.file && !file.erased;
        });
        if (!there) return refused(codes::not_found, "this picture is not there any more");
    }
    const store::IdentityViewRow view{.no = books.next_number("identity_view"),
                                      .verification = row->no,
                                      .file = body.file,
                                      .staff = staff->no,
                                      .purpose = *purpose,
                                      .reason = body.reason,
                                      .at = command.at};
    store::insert_identity_view(books.connection(), view);
    identity::audit(books, command, *row, "view_identity",
                    {{"file", std::to_string(body.file)},
                     {"purpose", body.purpose},
                     {"reason", content::mask_secrets(body.reason).text}});
    return Answer{.number = view.no, .text = row->id.text()};
}

Answer handle(Books& books, const Context& context, const Command& command, const ReviewVerification& body) {
    auto row = store::find_verification(books.connection(), body.verification);
    if (!row) return identity::no_such_verification();
    std::optional<store::StaffRow> staff;
    if (auto no = not_a_reviewer(books, command, *row, staff)) return *no;
    const auto decision = customers::review_decision_of_name(body.decision);
    if (!decision) return refused(codes::invalid, "decision: verified, rejected or requires_input");
    const auto code = code_for(*decision, body.code);
    if (!code) return code.error();
    if (trimmed(body.note).empty() || body.note.size() > note_octets_max) {
        return refused("note_missing", "say what you saw; it is kept");
    }
    if (auto wrong = wrong_word(body.word)) return *wrong;
    if (row->state != State::in_review || row->round != body.round) {
        return refused("already_decided", "this was decided or handed in again in the meantime; load it again");
    }
    if (command.at - staff->enrolled.value() < context.settings().new_staff_waits) {
        return refused("new_staff_cannot_approve", "you may decide 24 hours after you enrolled; ask a colleague");
    }
    std::int64_t yes = 0;
    for (const store::IdentityReviewRow& earlier : store::identity_reviews_of(books.connection(), row->no)) {
        if (earlier.round != row->round || earlier.decision != ReviewDecision::verified) continue;
        if (earlier.staff == staff->no) {
            return refused("proposer_cannot_approve", "you have said yes already; another person has to look as well");
        }
        ++yes;
    }
    if (!has_seen_all(books, *row, staff->no)) {
        return refused("not_viewed", "look at what was stated and at every picture first");
    }
    if (auto wrong = check_second_factor(books, context, staff->no, body.totp_code, command.at)) return *wrong;

    store::insert_identity_review(books.connection(), {.no = books.next_number("identity_review"),
                                                       .verification = row->no,
                                                       .round = row->round,
                                                       .staff = staff->no,
                                                       .decision = *decision,
                                                       .code = *code,
                                                       .note = content::mask_secrets(body.note).text,
                                                       .at = command.at});
    const StepIds ids{body.seed, row->no, command.at};
    const Answer done{.number = row->no, .text = row->id.text()};
    identity::audit(books, command, *row, "review_verification",
                    {{"decision", body.decision}, {"code", body.code}, {"round", std::to_string(row->round)}});
    row->updated = command.at;
    row->word = body.word;
    row->code = *code;
    switch (*decision) {
    case ReviewDecision::verified:
        row->word.clear();
        if (yes + 1 < row->reviews_needed) {
            store::update_verification(books.connection(), *row);
            return done;
        }
        verified(books, command, *row);
        raise_requests_of(books, command, *row);
        store::update_verification(books.connection(), *row);
        identity::write(books, context, *row, "identity_verified", ids,
                        [](const desk::LetterTo& to) { return desk::letter_identity_verified(to); });
        return done;
    case ReviewDecision::rejected:
        identity::move_to(*row, State::rejected, command.at);
        row->outcome = State::rejected;
        row->decided = command.at;
        row->files_due = command.at + customers::files_kept_after_decision;
        store::update_verification(books.connection(), *row);
        identity::write(books, context, *row, "identity_rejected", ids,
                        [&](const desk::LetterTo& to) { return desk::letter_identity_rejected(to, *code, body.word); });
        return done;
    case ReviewDecision::requires_input:
        identity::move_to(*row, State::requires_input, command.at);
        row->input_due = command.at + customers::input_waits;
        store::update_verification(books.connection(), *row);
        identity::write(books, context, *row, "identity_input_needed", ids, [&](const desk::LetterTo& to) {
            return desk::letter_identity_input_needed(to, *code, body.word, *row->input_due);
        });
        return done;
    }
    std::abort();
}

Answer handle(Books& books, const Context& context, const Command& command, const TendVerifications& body) {
    Answer answer;
    const auto left = [&] { return body.verifications_max - std::ssize(answer.numbers); };
    store::Connection& connection = books.connection();
    for (VerificationRow& row : store::verifications_with_input_due(connection, command.at, left())) {
        identity::cancel(row, command.at);
        store::update_verification(connection, row);
        identity::audit(books, command, row, "cancel_verification", {{"code", "nothing_came"}});
        identity::write(books, context, row, "identity_nothing_came", StepIds{body.seed, row.no, command.at},
                        [](const desk::LetterTo& to) { return desk::letter_identity_nothing_came(to); });
        answer.numbers.push_back(row.no);
    }
    const std::string today = customers::local_day_text("UTC", command.at);
    // The last day counts: it has run out the day after, wherever on earth the customer is.
    const std::string yesterday = customers::local_day_text("UTC", command.at - std::chrono::hours{36});
    for (VerificationRow& row : store::verifications_expiring(connection, yesterday, false, left())) {
        expire(books, context, command, row, today, StepIds{body.seed, row.no, command.at});
        answer.numbers.push_back(row.no);
    }
    const std::string soon = customers::local_day_text("UTC", command.at + customers::expiry_letter_before);
    for (VerificationRow& row : store::verifications_expiring(connection, soon, true, left())) {
        row.updated = command.at;
        row.expiry_letter = identity::write(books, context, row, "identity_expires", StepIds{body.seed, row.no, command.at},
                                            [&row](const desk::LetterTo& to) {
                                                return desk::letter_document_expires(to, row.document_expires);
                                            });
        store::update_verification(connection, row);
        answer.numbers.push_back(row.no);
    }
    for (VerificationRow& row : store::verifications_with_files_due(connection, command.at, left())) {
        identity::destroy_files(books, row, command.at);
        store::update_verification(connection, row);
        identity::audit(books, command, row, "destroy_identity_files", {{"asked_by", "schedule"}});
        answer.numbers.push_back(row.no);
    }
    return answer;
}

Answer handle(Books& books, const Context&, const Command&, const ForgetDoomedFiles& body) {
    for (const std::int64_t no : body.doomed) store::forget_doomed_blob(books.connection(), no);
    return Answer{.numbers = body.doomed};
}

}  // namespace okpay::service
