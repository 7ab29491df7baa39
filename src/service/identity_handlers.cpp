// SPDX-License-Identifier: Apache-2.0
// Proof of identity, as the customer sees to it: begun, pictures handed in, submitted, canceled. What staff and time do to
// it stands in identity_review_handlers.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "service/identity_parts.hpp"

namespace okpay::service {
namespace {

using customers::CustomerNo;
using customers::IdentityFileId;
using customers::VerificationId;
using identity::State;
using store::IdentityFileRow;
using store::VerificationRow;

constexpr std::chrono::days a_day{1};

Answer answer_of(const VerificationRow& row) { return Answer{.number = row.no, .text = row.id.text()}; }

// One of the customer's own that still takes files: everything else looks as if it were not there, or as it is.
Result<VerificationRow, Answer> open_for_input(Books& books, std::int64_t no, std::int64_t customer) {
    auto row = store::find_verification(books.connection(), no);
    if (!row || number_of(row->customer) != customer) return fail(identity::no_such_verification());
    if (row->state != State::requires_input) return fail(identity::state_not_allowed(*row));
    return *std::move(row);
}

std::optional<customers::VerificationPurpose> purpose_named(std::string_view name) {
    using P = customers::VerificationPurpose;
    for (const P one : {P::raise_level, P::after_lock, P::renewal, P::lost_factor}) {
        if (name_of(one) == name) return one;
    }
    return std::nullopt;
}

std::optional<customers::IdentityCheckKind> check_named(std::string_view name) {
    for (const auto one : customers::all_identity_check_kinds) {
        if (name_of(one) == name) return one;
    }
    return std::nullopt;
}

std::optional<customers::CheckVerdict> verdict_named(std::string_view name) {
    using V = customers::CheckVerdict;
    for (const V one : {V::passed, V::attention, V::failed, V::not_read}) {
        if (name_of(one) == name) return one;
    }
    return std::nullopt;
}

}  // namespace

Answer handle(Books& books, const Context& context, const Command& command, const BeginVerification& body) {
    const auto id = VerificationId::parse(body.verification);
    const auto document = customers::document_kind_of_name(body.document);
    const auto purpose = purpose_named(body.purpose);
    const auto number_hash = bytes_of_hex(body.number_hash);
    const auto facts_key = bytes_of_base64(body.facts_key), facts = bytes_of_base64(body.facts);
    if (!id || !document || !purpose || !number_hash || !facts_key || !facts || facts->empty()) {
        return refused(codes::invalid, "verification: malformed");
    }
    if (!body.consent) return refused("consent_missing", "say yes to our looking at your document, or do not begin");
    const auto customer = store::find_customer(books.connection(), CustomerNo{body.customer});
    if (!customer) return refused(codes::not_found, "there is no such customer");
    if (store::verification_under_way(books.connection(), customer->no)) {
        return refused("verification_under_way", "one is under way already: go on with it, or cancel it first");
    }
    if (store::count_verifications_since(books.connection(), customer->no, command.at - a_day) >=
        customers::verifications_a_day_max) {
        return refused("too_many_requests", fmt::format("{} verifications in 24 hours are the most; try again tomorrow",
                                                        customers::verifications_a_day_max));
    }
    // Whoever is locked may be somebody else: then two persons look, whatever was asked for.
    const bool locked = books.standing_of(customer->no) != customers::Standing::open;
    const auto decided_purpose = locked && *purpose == customers::VerificationPurpose::raise_level
                                     ? customers::VerificationPurpose::after_lock
                                     : *purpose;
    const VerificationRow row{.no = books.next_number("identity_verification"),
                              .id = *id,
                              .customer = customer->no,
                              .purpose = decided_purpose,
                              .state = State::requires_input,
                              .outcome = {},
                              .document = *document,
                              .country = body.country,
                              .number_masked = body.number_masked,
                              .number_hash = *number_hash,
                              .facts_key = *facts_key,
                              .facts = *facts,
                              .reviews_needed =
                                  customers::reviews_needed(decided_purpose, context.settings().identity_reviews),
                              .word = "",
                              .created = command.at,
                              .updated = command.at,
                              .submitted = {},
                              .decided = {},
                              .document_expires = "",
                              .input_due = command.at + customers::input_waits,
                              .files_due = {},
                              .files_destroyed = {}};
    store::insert_verification(books.connection(), row);
    identity::audit(books, command, row, "begin_verification",
                    {{"purpose", std::string{name_of(row.purpose)}}, {"document", body.document}, {"consent", "yes"}});
    return answer_of(row);
}

Answer handle(Books& books, const Context&, const Command& command, const AddIdentityFile& body) {
    const auto id = IdentityFileId::parse(body.file);
    const auto kind = customers::identity_file_kind_of_name(body.kind);
    const auto hash = bytes_of_hex(body.original_hash);
    const auto object_key = bytes_of_base64(body.object_key), sealed = bytes_of_base64(body.sealed);
    const auto reading_key = bytes_of_base64(body.reading_key), reading = bytes_of_base64(body.reading);
    if (!id || !kind || !hash || hash->size() != 32 || !object_key || object_key->empty() || !sealed || !reading_key ||
        !reading || sealed->empty() == body.blob.empty()) {
        return refused(codes::invalid, "file: malformed");
    }
    auto row = open_for_input(books, body.verification, body.customer);
    if (!row) return row.error();
    const auto needed = customers::files_needed(row->document);
    if (std::ranges::find(needed, *kind) == needed.end()) {
        return refused(codes::invalid, "kind: this document has no such picture");
    }
    const std::vector<IdentityFileRow> files = store::identity_files_of(books.connection(), row->no);
    if (std::ssize(files) >= customers::identity_files_a_verification_max ||
        store::count_identity_files_since(books.connection(), row->customer, command.at - a_day) >=
            customers::identity_files_a_day_max) {
        return refused("too_many_files", "so many pictures were handed in that we take no more today; try again tomorrow");
    }
    for (const IdentityFileRow& earlier : files) {
        if (earlier.kind == *kind && !earlier.erased) identity::erase(books, earlier, command.at);
    }
    const IdentityFileRow file{.no = books.next_number("identity_file"),
                               .id = *id,
                               .verification = row->no,
                               .kind = *kind,
                               .picture_type = body.picture_type,
                               .width = body.width,
                               .height = body.height,
                               .original_size = body.original_size,
                               .original_hash = *hash,
                               .object_key = *object_key,
                               .sealed = sealed->empty() ? std::nullopt : std::optional{*sealed},
                               .blob = body.blob.empty() ? std::nullopt : std::optional{body.blob},
                               .reading_key = *reading_key,
                               .reading = *reading,
                               .added = command.at,
                               .erased = {}};
    store::insert_identity_file(books.connection(), file);
    row->updated = command.at;
    row->input_due = command.at + customers::input_waits;
    store::update_verification(books.connection(), *row);
    identity::audit(books, command, *row, "add_identity_file",
                    {{"file", std::to_string(file.no)}, {"kind", body.kind}, {"hash", body.original_hash}});
    return Answer{.number = file.no, .text = row->id.text()};
}

Answer handle(Books& books, const Context& context, const Command& command, const SubmitVerification& body) {
    auto row = open_for_input(books, body.verification, body.customer);
    if (!row) return row.error();
    std::vector<std::int64_t> current;
    std::vector<customers::IdentityFileKind> there;
    for (const IdentityFileRow& file : store::identity_files_of(books.connection(), row->no)) {
        if (file.erased) continue;
        current.push_back(file.no);
        there.push_back(file.kind);
    }
    for (const customers::IdentityFileKind needed : customers::files_needed(row->document)) {
        if (std::ranges::find(there, needed) == there.end()) {
            return refused("files_missing", fmt::format("still missing: {}", name_of(needed)));
        }
    }
    if (current != body.files) return refused(codes::invalid, "files: other pictures are there by now; submit again");
    std::vector<store::StoredCheck> checks;
    for (const CheckSaid& said : body.checks) {
        const auto kind = check_named(said.kind);
        const auto verdict = verdict_named(said.verdict);
        if (!kind || !verdict) return refused(codes::invalid, "checks: unknown");
        checks.push_back({*kind, *verdict});
    }
    if (checks.empty()) return refused(codes::invalid, "checks: none were made");
    // The machine has looked before this command came: the object is `processing` within it alone.
    identity::move_to(*row, State::processing, command.at);
    ++row->round;
    row->submitted = command.at;
    row->document_expires = body.document_expires;
    row->code = customers::VerificationCode::none;
    row->word.clear();
    row->input_due.reset();
    for (const store::StoredCheck& check : checks) {
        store::insert_identity_check(books.connection(), row->no, row->round, check);
    }
    const StepIds ids{body.seed, row->no, command.at};
    if (!body.readable && row->unreadable < customers::unreadable_submissions_max) {
        ++row->unreadable;
        identity::move_to(*row, State::requires_input, command.at);
        row->code = customers::VerificationCode::document_unreadable;
        row->input_due = command.at + customers::input_waits;
        store::update_verification(books.connection(), *row);
        identity::audit(books, command, *row, "submit_verification", {{"outcome", "document_unreadable"}});
        return Answer{.code = "document_unreadable",
                      .detail =
                          "we cannot read the lines of letters and arrows on the document: take the picture again in "
                          "good light, flat and whole",
                      .number = row->no,
                      .text = row->id.text()};
    }
    identity::move_to(*row, State::in_review, command.at);
    store::update_verification(books.connection(), *row);
    identity::audit(books, command, *row, "submit_verification", {{"round", std::to_string(row->round)}});
    identity::write(books, context, *row, "identity_received", ids,
                    [](const desk::LetterTo& to) { return desk::letter_identity_received(to); });
    return answer_of(*row);
}

Answer handle(Books& books, const Context&, const Command& command, const CancelVerification& body) {
    auto row = store::find_verification(books.connection(), body.verification);
    if (!row || number_of(row->customer) != body.customer) return identity::no_such_verification();
    if (!may_become(row->state, State::canceled)) return identity::state_not_allowed(*row);
    identity::cancel(*row, command.at);
    if (body.consent_declined) row->code = customers::VerificationCode::consent_declined;
    store::update_verification(books.connection(), *row);
    identity::audit(books, command, *row, "cancel_verification", {{"code", std::string{name_of(row->code)}}});
    return answer_of(*row);
}

Answer handle(Books& books, const Context&, const Command& command, const RequestFilesDestroyed& body) {
    auto row = store::find_verification(books.connection(), body.verification);
    if (!row || number_of(row->customer) != body.customer) return identity::no_such_verification();
    if (customers::is_under_way(row->state)) return identity::state_not_allowed(*row);
    if (row->outcome == State::verified && row->files_due && *row->files_due > command.at) {
        return refused("files_kept_by_law",
                       fmt::format("we have to keep them until {}; then they are destroyed", rfc3339(*row->files_due)));
    }
    if (row->files_due) {
        identity::destroy_files(books, *row, command.at);
        store::update_verification(books.connection(), *row);
        identity::audit(books, command, *row, "destroy_identity_files", {{"asked_by", "customer"}});
    }
    return answer_of(*row);
}

}  // namespace okpay::service
