// SPDX-License-Identifier: Apache-2.0
// Proof of identity as JSON. What was stated and read leaves the house in `opened_json` alone, which is logged before.
#include "api/render_identity.hpp"

#include <algorithm>

#include "customers/identity_checks.hpp"

namespace okpay::api {
namespace {

using customers::IdentityFileKind;
using customers::VerificationCode;
using customers::VerificationState;
using service::VerificationView;

json::value code_json(VerificationCode code) {
    return code == VerificationCode::none ? json::value(nullptr) : json::value(customers::name_of(code));
}

json::value text_json(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::array kinds_json(std::span<const IdentityFileKind> kinds) {
    json::array names;
    for (const IdentityFileKind kind : kinds) names.emplace_back(customers::name_of(kind));
    return names;
}

std::int64_t yes_so_far(const VerificationView& view) {
    return std::ranges::count_if(view.reviews, [&](const VerificationView::Review& review) {
        return review.row.round == view.row.round && review.row.decision == customers::ReviewDecision::verified;
    });
}

bool saw(const VerificationView& view, const store::StaffRow& staff, std::int64_t file) {
    return std::ranges::any_of(view.views, [&](const VerificationView::Look& look) {
        return look.row.staff == staff.no && look.row.file == file && view.row.submitted &&
               look.row.at >= *view.row.submitted;
    });
}

json::object facts_json(const customers::IdentityFacts& facts) {
    return {{"name", facts.name},
            {"birth_date", customers::text_of(facts.birth)},
            {"document", customers::name_of(facts.document)},
            {"country", facts.country},
            {"number", facts.number}};
}

}  // namespace

json::object own_verification_json(const VerificationView& view, Moment now) {
    const store::VerificationRow& row = view.row;
    std::vector<IdentityFileKind> missing;
    for (const IdentityFileKind kind : customers::files_needed(row.document)) {
        if (std::ranges::none_of(view.files, [kind](const auto& file) { return file.kind == kind; }))
            missing.push_back(kind);
    }
    json::array files;
    for (const store::IdentityFileRow& file : view.files) {
        files.push_back(json::object{{"kind", customers::name_of(file.kind)},
                                     {"width", file.width},
                                     {"height", file.height},
                                     {"added_at", rfc3339(file.added)}});
    }
    const bool kept_by_law = row.outcome == VerificationState::verified && row.files_due && *row.files_due > now;
    return {{"id", row.id.text()},
            {"state", customers::name_of(row.state)},
            {"outcome", row.outcome ? json::value(customers::name_of(*row.outcome)) : json::value(nullptr)},
            {"code", code_json(row.code)},
            {"word", text_json(row.word)},
            {"purpose", customers::name_of(row.purpose)},
            {"document", customers::name_of(row.document)},
            {"country", row.country},
            {"number_masked", row.number_masked},
            {"files", files},
            {"files_needed", kinds_json(customers::files_needed(row.document))},
            {"files_missing", kinds_json(missing)},
            {"may_destroy_files", !customers::is_under_way(row.state) && row.files_due.has_value() && !kept_by_law},
            {"created_at", rfc3339(row.created)},
            {"submitted_at", time_json(row.submitted)},
            {"decided_at", time_json(row.decided)},
            {"document_expires", text_json(row.document_expires)},
            {"input_due_at", time_json(row.input_due)},
            {"files_due_at", time_json(row.files_due)},
            {"files_destroyed_at", time_json(row.files_destroyed)}};
}

json::object verification_summary_json(const VerificationView& view, const Viewer& viewer) {
    const store::VerificationRow& row = view.row;
    const auto with = [&](customers::CheckVerdict verdict) {
        return std::ranges::count(view.checks, verdict, &store::StoredCheck::verdict);
    };
    return {{"id", row.id.text()},
            {"state", customers::name_of(row.state)},
            {"outcome", row.outcome ? json::value(customers::name_of(*row.outcome)) : json::value(nullptr)},
            {"code", code_json(row.code)},
            {"purpose", customers::name_of(row.purpose)},
            {"document", customers::name_of(row.document)},
            {"country", row.country},
            {"number_masked", row.number_masked},
            {"customer", customer_json(view.customer, viewer)},
            {"round", row.round},
            {"reviews_needed", row.reviews_needed},
            {"reviews_yes", yes_so_far(view)},
            {"checks_failed", with(customers::CheckVerdict::failed)},
            {"checks_to_look_at", with(customers::CheckVerdict::attention) + with(customers::CheckVerdict::not_read)},
            {"submitted_at", time_json(row.submitted)},
            {"decided_at", time_json(row.decided)},
            {"document_expires", text_json(row.document_expires)},
            {"files_due_at", time_json(row.files_due)},
            {"files_destroyed_at", time_json(row.files_destroyed)}};
}

json::object verification_json(const VerificationView& view, const Viewer& viewer) {
    json::object object = verification_summary_json(view, viewer);
    json::array files, checks, reviews, looks;
    for (const store::IdentityFileRow& file : view.files) {
        files.push_back(json::object{{"id", file.id.text()},
                                     {"kind", customers::name_of(file.kind)},
                                     {"width", file.width},
                                     {"height", file.height},
                                     {"sha256", hex_of(file.original_hash)},
                                     {"added_at", rfc3339(file.added)},
                                     {"seen_by_me", saw(view, viewer.staff(), file.no)}});
    }
    for (const store::StoredCheck& check : view.checks) {
        checks.push_back(
            json::object{{"kind", customers::name_of(check.kind)}, {"verdict", customers::name_of(check.verdict)}});
    }
    for (const VerificationView::Review& review : view.reviews) {
        reviews.push_back(json::object{{"staff", person_json(review.staff)},
                                       {"round", review.row.round},
                                       {"decision", customers::name_of(review.row.decision)},
                                       {"code", code_json(review.row.code)},
                                       {"note", review.row.note},
                                       {"at", rfc3339(review.row.at)}});
    }
    for (const VerificationView::Look& look : view.views) {
        const auto file = std::ranges::find(view.files, look.row.file, &store::IdentityFileRow::no);
        looks.push_back(json::object{{"staff", person_json(look.staff)},
                                     {"purpose", customers::name_of(look.row.purpose)},
                                     {"reason", look.row.reason},
                                     {"file", file == view.files.end() ? json::value(nullptr)
                                                                       : json::value(customers::name_of(file->kind))},
                                     {"at", rfc3339(look.row.at)}});
    }
    object["files"] = std::move(files);
    object["checks"] = std::move(checks);
    object["reviews"] = std::move(reviews);
    object["views"] = std::move(looks);
    object["opened_by_me"] = saw(view, viewer.staff(), 0);
    return object;
}

json::object opened_json(const VerificationView& view, const Viewer& viewer, const customers::IdentityFacts& facts,
                         const customers::CheckedIdentity& checked) {
    json::object object = verification_json(view, viewer);
    object["facts"] = facts_json(facts);
    json::array evidence;
    for (const customers::IdentityCheck& check : checked.checks) {
        const bool failed = check.verdict == customers::CheckVerdict::failed;
        evidence.push_back(
            json::object{{"kind", customers::name_of(check.kind)},
                         {"verdict", customers::name_of(check.verdict)},
                         {"stated", text_json(check.stated)},
                         {"read", text_json(check.read)},
                         {"suggests", failed ? code_json(customers::code_suggested_by(check.kind)) : json::value(nullptr)}});
    }
    object["evidence"] = std::move(evidence);
    return object;
}

}  // namespace okpay::api
