// SPDX-License-Identifier: Apache-2.0
#include "api/problem.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace okpay::api {
namespace {

constexpr std::array kinds{
    ProblemKind{"malformed", 400, "The request is malformed"},
    ProblemKind{"idempotency_key_required", 400, "An idempotency key is required"},
    ProblemKind{"dry_run_not_possible", 400, "Cannot be tried without doing it"},
    ProblemKind{"no_test_clock", 409, "The clock is not one of a test"},
    ProblemKind{"clock_runs_forward", 422, "The clock runs forward only"},
    ProblemKind{"not_signed_in", 401, "Not signed in"},
    ProblemKind{"sign_in_failed", 401, "Address or password wrong"},
    ProblemKind{"totp_required", 401, "A one-time code is required"},
    ProblemKind{"totp_wrong", 401, "The one-time code is wrong"},
    ProblemKind{"second_factor_required", 401, "A second factor is required"},
    ProblemKind{"recovery_code_wrong", 401, "The recovery code is wrong"},
    ProblemKind{"passkey_wrong", 401, "The passkey's answer is not accepted"},
    ProblemKind{"phone_code_wrong", 422, "The code is wrong"},
    ProblemKind{"phone_code_ended", 409, "The code has ended"},
    ProblemKind{"phone_at_many_accounts", 409, "The number is at its limit"},
    ProblemKind{"step_up_required", 403, "A second factor is needed for this"},
    ProblemKind{"new_place_too_soon", 403, "Not so soon after a change of the sign-in"},
    ProblemKind{"no_second_factor", 409, "No second factor is set up"},
    ProblemKind{"factor_exists", 409, "It is set up already"},
    ProblemKind{"too_many_passkeys", 422, "Too many passkeys"},
    ProblemKind{"passkeys_not_possible", 409, "No passkeys at this address"},
    ProblemKind{"bad_key", 401, "The API key is unknown"},
    ProblemKind{"insufficient_funds", 402, "Insufficient funds"},
    ProblemKind{"payer_locked", 402, "The payer is locked"},
    ProblemKind{"wrong_currency", 402, "No wallet in this currency"},
    ProblemKind{"order_already_paid", 402, "The order is paid already"},
    ProblemKind{"declined_by_issuer", 402, "Declined by the issuer"},
    ProblemKind{"payee_cannot_receive", 402, "The payee cannot receive this"},
    ProblemKind{"account_closed", 402, "The account is closed"},
    ProblemKind{"limit_per_item", 402, "More than one payment may be"},
    ProblemKind{"limit_per_day", 402, "More than the level allows a day"},
    ProblemKind{"limit_per_week", 402, "More than the level allows in a week"},
    ProblemKind{"limit_per_month", 402, "More than the level allows in a month"},
    ProblemKind{"limit_per_year", 402, "More than the level allows in a year"},
    ProblemKind{"limit_balance", 402, "More than the wallet may hold"},
    ProblemKind{"payee_limit", 402, "More than the payee may receive"},
    ProblemKind{"not_permitted", 403, "Not permitted"},
    ProblemKind{"origin_refused", 403, "The origin is not this server"},
    ProblemKind{"kept_by_risk_team", 403, "The risk team keeps it"},
    ProblemKind{"token_invalid", 403, "The link is not valid"},
    ProblemKind{"proposer_cannot_approve", 403, "Another person must approve"},
    ProblemKind{"own_account", 403, "Not on the own account"},
    ProblemKind{"alone_too_early", 403, "The owner's day is not over"},
    ProblemKind{"new_staff_cannot_approve", 403, "New staff cannot approve yet"},
    ProblemKind{"staff_inactive", 403, "The staff account is switched off"},
    ProblemKind{"sign_on_required", 403, "Passwords are not taken here"},
    ProblemKind{"sign_on_of_another", 403, "Another account of the provider"},
    ProblemKind{"sign_on_expired", 401, "The sign-on took too long"},
    ProblemKind{"already_switched_off", 409, "Switched off already"},
    ProblemKind{"second_factor_needed", 403, "A fresh one-time code is needed"},
    ProblemKind{"sign_up_closed", 403, "Nobody can sign up here"},
    ProblemKind{"account_locked", 403, "Signing in is locked"},
    ProblemKind{"lock_not_yours", 403, "Not a lock of your own"},
    ProblemKind{"risk_role_needed", 403, "The risk team must be one of the two"},
    ProblemKind{"lock_ended", 409, "The lock has ended"},
    ProblemKind{"lock_of_customer", 409, "The customer ends this lock"},
    ProblemKind{"release_voided", 409, "Something has changed since"},
    ProblemKind{"checklist_incomplete", 422, "The checklist is not complete"},
    ProblemKind{"case_ended", 401, "The session of the link has ended"},
    ProblemKind{"not_found", 404, "Not found"},
    ProblemKind{"not_a_mail", 404, "Not a mail"},
    ProblemKind{"original_gone", 404, "The original is gone"},
    ProblemKind{"no_html", 404, "The mail is text alone"},
    ProblemKind{"files_unreadable", 422, "The files of the mail cannot be read"},
    ProblemKind{"file_infected", 403, "A virus was found in the file"},
    ProblemKind{"file_needs_warning", 409, "The file may be dangerous"},
    ProblemKind{"mail_unreadable", 422, "The mail cannot be shown as it looks"},
    ProblemKind{"method_not_allowed", 405, "Method not allowed"},
    ProblemKind{"already_decided", 409, "Decided already"},
    ProblemKind{"delivery_settled", 409, "Nothing is open about this mail"},
    ProblemKind{"address_suppressed", 409, "Nothing is sent to this address"},
    ProblemKind{"ticket_changed", 409, "The request has changed"},
    ProblemKind{"faq_changed", 409, "The article has changed"},
    ProblemKind{"rule_changed", 409, "The rule has changed"},
    ProblemKind{"too_many_rules", 422, "Too many rules"},
    ProblemKind{"macro_changed", 409, "The macro has changed"},
    ProblemKind{"macro_retired", 409, "The macro is retired"},
    ProblemKind{"macro_name_taken", 409, "Another macro has this name"},
    ProblemKind{"macro_says_amount", 422, "The macro says an amount of its own"},
    ProblemKind{"macro_writes", 422, "The macro writes an answer"},
    ProblemKind{"macro_needs_payment", 422, "The macro needs a payment"},
    ProblemKind{"too_many_macros", 422, "Too many macros"},
    ProblemKind{"side_own_address", 422, "The address is one of ours"},
    ProblemKind{"side_customers_address", 422, "The address is a customer's"},
    ProblemKind{"side_thread_erased", 409, "The side thread was erased"},
    ProblemKind{"too_many_side_threads", 422, "Too many side threads"},
    ProblemKind{"too_many_side_messages", 422, "Too many mails in the side thread"},
    ProblemKind{"counterparty_changed", 409, "The counterparty has changed"},
    ProblemKind{"counterparty_retired", 409, "The counterparty is retired"},
    ProblemKind{"counterparty_taken", 409, "Another counterparty has this address"},
    ProblemKind{"too_many_counterparties", 422, "Too many counterparties"},
    ProblemKind{"assignee_inactive", 422, "Nobody works here under this name"},
    ProblemKind{"ticket_closed", 409, "The request is closed"},
    ProblemKind{"same_request", 409, "The two are one request"},
    ProblemKind{"merged_already", 409, "It goes on in another request"},
    ProblemKind{"still_bound", 409, "Something of it is under way"},
    ProblemKind{"another_party", 409, "Of different customers"},
    ProblemKind{"not_merged", 409, "It was not merged"},
    ProblemKind{"answered_since", 409, "Answered since"},
    ProblemKind{"split_already", 409, "Split off already"},
    ProblemKind{"snooze_past_clock", 409, "A clock runs out before"},
    ProblemKind{"not_from_party", 422, "Not written by the customer"},
    ProblemKind{"nothing_left", 422, "Nothing would be left"},
    ProblemKind{"snooze_past", 422, "The moment is past"},
    ProblemKind{"snooze_too_long", 422, "Too far away"},
    ProblemKind{"nothing_to_sort", 422, "It is sorted so already"},
    ProblemKind{"hand_over_incomplete", 422, "The technical team needs more"},
    ProblemKind{"too_many_links", 422, "Too many links"},
    ProblemKind{"too_many_drafts", 422, "Too many drafts"},
    ProblemKind{"too_many_mentions", 422, "Too many colleagues named"},
    ProblemKind{"cannot_be_mentioned", 422, "Not a colleague who can read it"},
    ProblemKind{"too_many_followers", 422, "Too many followers"},
    ProblemKind{"incident_closed", 409, "The incident is closed"},
    ProblemKind{"incident_not_closed", 409, "The incident is not closed"},
    ProblemKind{"incident_told", 409, "The incident was told"},
    ProblemKind{"incident_being_told", 409, "The text is still being sent"},
    ProblemKind{"incident_stands", 409, "Another incident stands"},
    ProblemKind{"incident_member", 409, "It belongs to the incident"},
    ProblemKind{"in_another_incident", 409, "It belongs to another incident"},
    ProblemKind{"no_incident_member", 409, "It does not belong to the incident"},
    ProblemKind{"nobody_to_tell", 409, "Nobody is left to tell"},
    ProblemKind{"nothing_proven", 422, "The ledger proves nothing"},
    ProblemKind{"nothing_to_approve", 422, "Nothing is named"},
    ProblemKind{"too_many_refunds", 422, "Too many refunds"},
    ProblemKind{"refunds_not_alike", 422, "The refunds are not alike"},
    ProblemKind{"approval_together_off", 409, "Each is approved by itself"},
    ProblemKind{"refund_above_cap", 422, "A refund is too large"},
    ProblemKind{"refunds_above_cap", 422, "Too much for one approval"},
    ProblemKind{"state_not_allowed", 409, "The state is not allowed"},
    ProblemKind{"open_remedy_exists", 409, "A proposal waits already"},
    ProblemKind{"refundable_changed", 409, "What may be refunded has changed"},
    ProblemKind{"idempotency_key_reused", 409, "The idempotency key was used for another request"},
    ProblemKind{"customer_exists", 409, "The customer exists"},
    ProblemKind{"change_open", 409, "A change is under way"},
    ProblemKind{"no_stored_address", 422, "No customer belongs to the request"},
    ProblemKind{"file_not_allowed", 422, "This kind of file is not taken"},
    ProblemKind{"body_too_large", 413, "The body is too large"},
    ProblemKind{"exceeds_refundable", 422, "More than may be refunded"},
    ProblemKind{"duplicate_refund", 422, "Refunded before"},
    ProblemKind{"not_refundable", 422, "Not refundable"},
    ProblemKind{"not_capturable", 422, "Holds no money to capture"},
    ProblemKind{"exceeds_hold", 422, "More than is held"},
    ProblemKind{"not_cancelable", 422, "Holds no money to release"},
    ProblemKind{"as_of_too_far", 422, "Too far from the present books"},
    ProblemKind{"statement_too_long", 422, "Too much for one statement"},
    ProblemKind{"same_account", 422, "Payer and payee are the same"},
    ProblemKind{"amount_not_positive", 422, "The amount is not above zero"},
    ProblemKind{"amount_out_of_range", 422, "The amount is out of range"},
    ProblemKind{"currencies_differ", 422, "The currencies differ"},
    ProblemKind{"assurance_too_low", 422, "The sender must prove more first"},
    ProblemKind{"reason_missing", 422, "A reason is needed"},
    ProblemKind{"note_missing", 422, "A note is needed"},
    ProblemKind{"text_missing", 422, "The text is empty"},
    ProblemKind{"promises_too_many", 422, "Too many promises in one answer"},
    ProblemKind{"promise_not_in_answer", 422, "The answer does not say this promise"},
    ProblemKind{"promise_due_refused", 422, "The promise cannot be due then"},
    ProblemKind{"promise_left_open", 422, "A request with a promise stays open"},
    ProblemKind{"promise_ended", 409, "The promise has ended"},
    ProblemKind{"promise_over", 409, "The promise's end has come"},
    ProblemKind{"unbound_amount", 422, "An amount is not bound to the ledger"},
    ProblemKind{"password_too_weak", 422, "The password is too weak"},
    ProblemKind{"verification_under_way", 409, "A verification is under way"},
    ProblemKind{"consent_missing", 422, "Consent is needed"},
    ProblemKind{"files_missing", 422, "A picture is missing"},
    ProblemKind{"too_many_files", 422, "Too many pictures"},
    ProblemKind{"picture_type_refused", 422, "Not a JPEG or PNG picture"},
    ProblemKind{"picture_too_large", 422, "The picture is too large"},
    ProblemKind{"picture_too_small", 422, "The picture is too small"},
    ProblemKind{"picture_unreadable", 422, "The picture cannot be read"},
    ProblemKind{"document_unreadable", 422, "The document cannot be read"},
    ProblemKind{"already_erased", 409, "The person is erased already"},
    ProblemKind{"legal_hold", 409, "A legal hold stands"},
    ProblemKind{"customer_locked", 409, "A lock stands"},
    ProblemKind{"money_held", 409, "There is money left"},
    ProblemKind{"accounts_open", 409, "An account is open"},
    ProblemKind{"payments_open", 409, "A payment is not at its end"},
    ProblemKind{"requests_open", 409, "A request is not solved"},
    ProblemKind{"identity_open", 409, "A proof or a change is under way"},
    ProblemKind{"erasure_waits", 409, "An erasure waits already"},
    ProblemKind{"approval_waits", 403, "An administrator has to approve first"},
    ProblemKind{"files_kept_by_law", 409, "The pictures have to be kept"},
    ProblemKind{"not_viewed", 409, "Look at every picture first"},
    ProblemKind{"too_many_requests", 429, "Too many requests"},
    ProblemKind{"too_many_schedules", 422, "Too many schedules"},
    ProblemKind{"headers_too_large", 431, "The headers are too large"},
    ProblemKind{"no_rate", 402, "No rate is set"},
    ProblemKind{"rate_changed", 409, "The rate has changed"},
    ProblemKind{"payer_frozen", 402, "No money may leave this account"},
    ProblemKind{"payee_frozen", 402, "The payee may not receive money"},
    ProblemKind{"nothing_available", 402, "There is nothing to move"},
    ProblemKind{"request_not_open", 409, "The request for money has ended"},
    ProblemKind{"possible_duplicate", 409, "The same was paid a moment ago"},
    ProblemKind{"dispute_ended", 409, "The dispute has ended"},
    ProblemKind{"dispute_answered", 409, "The dispute was answered"},
    ProblemKind{"dispute_too_late", 409, "The time to answer is over"},
    ProblemKind{"dispute_goes_back", 409, "The dispute is at a later stage"},
    ProblemKind{"dispute_open", 409, "A dispute of this payment is open"},
    ProblemKind{"dispute_reference_used", 409, "The reference was used"},
    ProblemKind{"not_disputable", 422, "The payment cannot be disputed"},
    ProblemKind{"payment_disputed", 409, "The payment is disputed"},
    ProblemKind{"webhook_url_refused", 422, "This address is not sent to"},
    ProblemKind{"too_many_webhooks", 409, "Too many web hooks"},
    ProblemKind{"webhook_off", 409, "The web hook is switched off"},
    ProblemKind{"webhook_delivered", 409, "It has arrived"},
    ProblemKind{"no_payout_account", 409, "No bank account is set for payouts"},
    ProblemKind{"account_is_closed", 409, "The account is closed for good"},
    ProblemKind{"account_unchanged", 409, "The account is in this state already"},
    ProblemKind{"account_not_empty", 409, "The account is not empty"},
    ProblemKind{"house_account", 409, "Not with this account of the house"},
    ProblemKind{"already_reversed", 409, "The transfer is reversed already"},
    ProblemKind{"correction_voided", 409, "An account has changed since"},
    ProblemKind{"not_house_account", 422, "Not between these accounts"},
    ProblemKind{"not_reversible", 422, "This transfer cannot be reversed so"},
    ProblemKind{"attempt_unresolved", 409, "The outcome of the first attempt is not known yet"},
    ProblemKind{"outcome_known", 409, "The outcome is known already"},
    ProblemKind{"rail_not_configured", 503, "No bank is connected"},
    ProblemKind{"money_read_only", 503, "Money is read-only"},
    ProblemKind{"unavailable", 503, "Unavailable"},
    ProblemKind{"storage_full", 507, "The storage is full"},
};

struct Translation {
    std::string_view inside, outside;
};
constexpr std::array translations{
    Translation{service::codes::overloaded, "unavailable"}, Translation{service::codes::unavailable, "unavailable"},
    Translation{service::codes::stopping, "unavailable"},   Translation{service::codes::outcome_unknown, "unavailable"},
    Translation{service::codes::invalid, "malformed"},      Translation{"not_positive", "amount_not_positive"},
    Translation{"payment_not_found", "not_found"},          Translation{"account_not_found", "not_found"},
    Translation{"not_this_customers", "not_found"},         Translation{"same_account", "same_account"},
    Translation{"enrol_link_expired", "token_invalid"},     Translation{"password_missing", "malformed"},
    Translation{"email_in_use", "customer_exists"},         Translation{"blocked", "too_many_requests"},
};

// What a client may do with the same request, without thinking.
std::string_view retry_of(const ProblemKind& kind) {
    if (kind.code == "attempt_unresolved") return "after_inquiry";
    if (kind.code == "rail_not_configured") return "never";
    return kind.status == 429 || kind.status == 503 || kind.status == 507 ? "same_key" : "never";
}

constexpr std::int64_t retry_unavailable_seconds = 1;
constexpr std::int64_t retry_blocked_seconds = 15 * 60;

}  // namespace

ProblemKind kind_of_code(std::string_view code) {
    const auto found = std::ranges::find(kinds, code, &ProblemKind::code);
    return found != kinds.end() ? *found : ProblemKind{code, 422, "Refused"};
}

std::string_view outside_code(std::string_view code) {
    const auto found = std::ranges::find(translations, code, &Translation::inside);
    return found != translations.end() ? found->outside : code;
}

Response problem(const Problem& problem) {
    const ProblemKind kind = kind_of_code(problem.code);
    boost::json::object body{{"type", "about:blank"}, {"title", kind.title},      {"status", kind.status},
                             {"code", problem.code},  {"detail", problem.detail}, {"retry", retry_of(kind)}};
    if (problem.first_payment) body["first_payment"] = *problem.first_payment;
    if (problem.needed) body["needed"] = *problem.needed;
    if (problem.factors) body["factors"] = boost::json::parse(*problem.factors);
    if (problem.remedy) body["remedy"] = boost::json::parse(*problem.remedy);
    Response response{.status = kind.status,
                      .content_type = "application/problem+json",
                      .body = boost::json::serialize(body),
                      .headers = {}};
    response.with("Cache-Control", "no-store");
    std::optional<std::int64_t> wait = problem.retry_after_seconds;
    if (!wait && kind.status == 503) wait = retry_unavailable_seconds;
    if (!wait && kind.status == 429) wait = retry_blocked_seconds;
    if (wait) response.with("Retry-After", std::to_string(*wait));
    if (problem.code == "bad_key") response.with("WWW-Authenticate", "Bearer");
    return response;
}

Problem problem_of(const service::Answer& refused) {
    return Problem{.code = std::string{outside_code(refused.code)}, .detail = refused.detail};
}

Problem problem_of(service::QueryError error) {
    switch (error) {
    case service::QueryError::unavailable: return unavailable();
    case service::QueryError::corrupt:
        return Problem{.code = "unavailable", .detail = "What is stored could not be read; the operator's log says more."};
    }
    std::abort();
}

Problem malformed(std::string detail) { return Problem{.code = "malformed", .detail = std::move(detail)}; }

Problem not_found() { return Problem{.code = "not_found", .detail = "There is nothing here that you may see."}; }

Problem unavailable() { return Problem{.code = "unavailable", .detail = "The server is busy; try again in a moment."}; }

Problem no_rail() {
    return Problem{.code = "rail_not_configured",
                   .detail = "No bank is connected here, so money can neither come from outside nor go there."};
}

Problem sign_in_failed() {
    return Problem{.code = "sign_in_failed", .detail = "The address or the password is wrong; nothing says which."};
}

Problem try_again_at(Moment until, Moment now) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(until - now);
    return Problem{.code = "too_many_requests",
                   .detail = "Too many wrong sign-ins; try again later.",
                   .retry_after_seconds = std::max<std::int64_t>(wait.count(), 1)};
}

}  // namespace okpay::api
