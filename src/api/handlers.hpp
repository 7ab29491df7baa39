// SPDX-License-Identifier: Apache-2.0
// One function for each operation of openapi.json, by subject. Each parses, hands one command by value to the service or
// asks the queries, and renders.
#pragma once

#include "api/api.hpp"
#include "api/json.hpp"
#include "api/render.hpp"

namespace okpay::api {

// session_handlers.cpp
awaitable<Response> sign_in(Api& api, Request request);
awaitable<Response> sign_out(Api& api, Request request, SignedIn who);
awaitable<Response> me(Api& api, Request request, SignedIn who);
awaitable<Response> enrol(Api& api, Request request);
awaitable<Response> confirm_enrolment(Api& api, Request request);

// sign_on_handlers.cpp
awaitable<Response> begin_sign_on(Api& api, Request request);
awaitable<Response> return_from_sign_on(Api& api, Request request);
awaitable<Response> finish_sign_on(Api& api, Request request);

// staff_handlers.cpp
awaitable<Response> list_staff(Api& api, Request request, SignedIn who);
awaitable<Response> switch_off_staff(Api& api, Request request, SignedIn who);

// ticket_handlers.cpp
awaitable<Response> list_tickets(Api& api, Request request, SignedIn who);
awaitable<Response> get_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> reply(Api& api, Request request, SignedIn who);
awaitable<Response> add_note(Api& api, Request request, SignedIn who);
awaitable<Response> assign(Api& api, Request request, SignedIn who);
awaitable<Response> set_state(Api& api, Request request, SignedIn who);
awaitable<Response> find_promises(Api& api, Request request, SignedIn who);
awaitable<Response> keep_promise(Api& api, Request request, SignedIn who);
awaitable<Response> withdraw_promise(Api& api, Request request, SignedIn who);
awaitable<Response> follow_events(Api& api, Request request, SignedIn who);

// ticket_link_handlers.cpp
awaitable<Response> link_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> unlink_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> merge_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> unmerge_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> split_ticket(Api& api, Request request, SignedIn who);
// The request as a list shows it, for whoever changed it.
awaitable<Response> ticket_summary_of(Api& api, std::string number, SignedIn who, unsigned status = 200);
awaitable<Response> sort_ticket(Api& api, Request request, SignedIn who);  // sorting_handlers.cpp
awaitable<Response> get_triage_figures(Api& api, Request request, SignedIn who);
awaitable<Response> snooze_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> wake_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> list_drafts(Api& api, Request request, SignedIn who);
awaitable<Response> save_draft(Api& api, Request request, SignedIn who);

// follow_handlers.cpp
awaitable<Response> list_colleagues(Api& api, Request request, SignedIn who);
awaitable<Response> follow_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> unfollow_ticket(Api& api, Request request, SignedIn who);
awaitable<Response> mark_seen(Api& api, Request request, SignedIn who);

// incident_handlers.cpp
awaitable<Response> list_incidents(Api& api, Request request, SignedIn who);
awaitable<Response> get_incident(Api& api, Request request, SignedIn who);
awaitable<Response> preview_incident_text(Api& api, Request request, SignedIn who);
awaitable<Response> tell_incident(Api& api, Request request, SignedIn who);
awaitable<Response> add_to_incident(Api& api, Request request, SignedIn who);
awaitable<Response> remove_from_incident(Api& api, Request request, SignedIn who);
awaitable<Response> close_incident(Api& api, Request request, SignedIn who);
awaitable<Response> reopen_incident(Api& api, Request request, SignedIn who);

// incident_refund_handlers.cpp
awaitable<Response> list_incident_refunds(Api& api, Request request, SignedIn who);
awaitable<Response> propose_incident_refunds(Api& api, Request request, SignedIn who);
awaitable<Response> approve_incident_refunds(Api& api, Request request, SignedIn who);

// side_handlers.cpp
awaitable<Response> list_side_threads(Api& api, Request request, SignedIn who);
awaitable<Response> open_side_thread(Api& api, Request request, SignedIn who);
awaitable<Response> write_side_mail(Api& api, Request request, SignedIn who);
awaitable<Response> close_side_thread(Api& api, Request request, SignedIn who);
awaitable<Response> list_counterparties(Api& api, Request request, SignedIn who);
awaitable<Response> create_counterparty(Api& api, Request request, SignedIn who);
awaitable<Response> put_counterparty(Api& api, Request request, SignedIn who);

// search_handlers.cpp
awaitable<Response> find_anything(Api& api, Request request, SignedIn who);

// ledger_handlers.cpp
awaitable<Response> get_ticket_ledger(Api& api, Request request, SignedIn who);

// remedy_handlers.cpp
awaitable<Response> propose_remedy(Api& api, Request request, SignedIn who);
awaitable<Response> list_approvals(Api& api, Request request, SignedIn who);
awaitable<Response> approve_remedy(Api& api, Request request, SignedIn who);
awaitable<Response> reject_remedy(Api& api, Request request, SignedIn who);

// customer_handlers.cpp
awaitable<Response> list_customers(Api& api, Request request, SignedIn who);
awaitable<Response> get_customer(Api& api, Request request, SignedIn who);
awaitable<Response> list_customer_payments(Api& api, Request request, SignedIn who);
awaitable<Response> register_customer(Api& api, Request request, SignedIn who);
awaitable<Response> top_up(Api& api, Request request, SignedIn who);
awaitable<Response> set_customer_level(Api& api, Request request, SignedIn who);

// me_handlers.cpp
awaitable<Response> sign_in_customer(Api& api, Request request);
awaitable<Response> sign_out_customer(Api& api, Request request, SignedInCustomer who);
awaitable<Response> own_profile(Api& api, Request request, SignedInCustomer who);
awaitable<Response> list_own_payments(Api& api, Request request, SignedInCustomer who);
awaitable<Response> get_own_payment(Api& api, Request request, SignedInCustomer who);
awaitable<Response> send_money(Api& api, Request request, SignedInCustomer who);

// access_handlers.cpp
awaitable<Response> sign_up(Api& api, Request request);
awaitable<Response> confirm_sign_up(Api& api, Request request);
awaitable<Response> ask_new_password(Api& api, Request request);
awaitable<Response> set_new_password(Api& api, Request request);
awaitable<Response> report_sign_in(Api& api, Request request);
awaitable<Response> change_password(Api& api, Request request, SignedInCustomer who);

// own_session_handlers.cpp
awaitable<Response> list_own_sessions(Api& api, Request request, SignedInCustomer who);
awaitable<Response> end_own_session(Api& api, Request request, SignedInCustomer who);
awaitable<Response> end_other_sessions(Api& api, Request request, SignedInCustomer who);
awaitable<Response> own_access(Api& api, Request request, SignedInCustomer who);
awaitable<Response> set_phrase(Api& api, Request request, SignedInCustomer who);
// factor_handlers.cpp
awaitable<Response> own_factors(Api& api, Request request, SignedInCustomer who);
awaitable<Response> begin_app(Api& api, Request request, SignedInCustomer who);
awaitable<Response> confirm_app(Api& api, Request request, SignedInCustomer who);
awaitable<Response> remove_app(Api& api, Request request, SignedInCustomer who);
awaitable<Response> make_recovery_codes(Api& api, Request request, SignedInCustomer who);
awaitable<Response> ask_new_passkey(Api& api, Request request, SignedInCustomer who);
awaitable<Response> add_passkey(Api& api, Request request, SignedInCustomer who);
awaitable<Response> rename_passkey(Api& api, Request request, SignedInCustomer who);
awaitable<Response> remove_passkey(Api& api, Request request, SignedInCustomer who);
awaitable<Response> ask_step_up(Api& api, Request request, SignedInCustomer who);
awaitable<Response> step_up(Api& api, Request request, SignedInCustomer who);
awaitable<Response> ask_sign_in_passkey(Api& api, Request request);
awaitable<Response> sign_in_by_passkey(Api& api, Request request);

// rail_handlers.cpp
awaitable<Response> collect_top_up(Api& api, Request request, SignedInCustomer who);
awaitable<Response> withdraw(Api& api, Request request, SignedInCustomer who);
awaitable<Response> list_disputes(Api& api, Request request, SignedIn who);
awaitable<Response> get_dispute(Api& api, Request request, SignedIn who);
awaitable<Response> report_dispute(Api& api, Request request, SignedIn who);
awaitable<Response> answer_dispute(Api& api, Request request, SignedIn who);
awaitable<Response> dispute_evidence(Api& api, Request request, SignedIn who);
awaitable<Response> list_rail_calls(Api& api, Request request, SignedIn who);
awaitable<Response> decide_rail_outcome(Api& api, Request request, SignedIn who);

// duplicate_handlers.cpp
awaitable<Response> report_duplicate(Api& api, Request request, SignedInCustomer who);

// pay_code_handlers.cpp
awaitable<Response> own_pay_code(Api& api, Request request, SignedInCustomer who);
awaitable<Response> own_pay_code_picture(Api& api, Request request, SignedInCustomer who);
awaitable<Response> get_payee(Api& api, Request request, SignedInCustomer who);

// request_handlers.cpp
awaitable<Response> request_money(Api& api, Request request, SignedInCustomer who);
awaitable<Response> list_money_requests(Api& api, Request request, SignedInCustomer who);
awaitable<Response> get_money_request(Api& api, Request request, SignedInCustomer who);
awaitable<Response> money_request_picture(Api& api, Request request, SignedInCustomer who);
awaitable<Response> pay_money_request(Api& api, Request request, SignedInCustomer who);
awaitable<Response> decline_money_request(Api& api, Request request, SignedInCustomer who);
awaitable<Response> cancel_money_request(Api& api, Request request, SignedInCustomer who);

// identity_handlers.cpp
awaitable<Response> begin_verification(Api& api, Request request, SignedInCustomer who);
awaitable<Response> list_own_verifications(Api& api, Request request, SignedInCustomer who);
awaitable<Response> get_own_verification(Api& api, Request request, SignedInCustomer who);
awaitable<Response> add_identity_file(Api& api, Request request, SignedInCustomer who);
awaitable<Response> submit_verification(Api& api, Request request, SignedInCustomer who);
awaitable<Response> cancel_verification(Api& api, Request request, SignedInCustomer who);
awaitable<Response> destroy_own_files(Api& api, Request request, SignedInCustomer who);

// identity_review_handlers.cpp
awaitable<Response> list_verifications(Api& api, Request request, SignedIn who);
awaitable<Response> get_verification(Api& api, Request request, SignedIn who);
awaitable<Response> open_verification(Api& api, Request request, SignedIn who);
awaitable<Response> preview_identity_file(Api& api, Request request, SignedIn who);
awaitable<Response> decide_verification(Api& api, Request request, SignedIn who);

// schedule_handlers.cpp
awaitable<Response> schedule_transfer(Api& api, Request request, SignedInCustomer who);
awaitable<Response> list_schedules(Api& api, Request request, SignedInCustomer who);
awaitable<Response> end_schedule(Api& api, Request request, SignedInCustomer who);
awaitable<Response> own_limits(Api& api, Request request, SignedInCustomer who);

// phone_handlers.cpp
awaitable<Response> own_phone(Api& api, Request request, SignedInCustomer who);
awaitable<Response> ask_phone(Api& api, Request request, SignedInCustomer who);
awaitable<Response> send_phone_code(Api& api, Request request, SignedInCustomer who);
awaitable<Response> confirm_phone(Api& api, Request request, SignedInCustomer who);
awaitable<Response> remove_phone(Api& api, Request request, SignedInCustomer who);

// change_handlers.cpp
awaitable<Response> ask_change(Api& api, Request request, SignedInCustomer who);
awaitable<Response> list_own_changes(Api& api, Request request, SignedInCustomer who);
awaitable<Response> cancel_own_change(Api& api, Request request, SignedInCustomer who);
awaitable<Response> confirm_change(Api& api, Request request);
awaitable<Response> cancel_change(Api& api, Request request);
awaitable<Response> list_ticket_changes(Api& api, Request request, SignedIn who);
awaitable<Response> list_waiting_changes(Api& api, Request request, SignedIn who);
awaitable<Response> propose_change(Api& api, Request request, SignedIn who);
awaitable<Response> approve_change(Api& api, Request request, SignedIn who);
awaitable<Response> reject_change(Api& api, Request request, SignedIn who);
awaitable<Response> reveal_item(Api& api, Request request, SignedIn who);

// case_handlers.cpp
awaitable<Response> list_own_requests(Api& api, Request request, SignedInCustomer who);
awaitable<Response> get_own_request(Api& api, Request request, SignedInCustomer who);
awaitable<Response> prove_own_request(Api& api, Request request, SignedInCustomer who);
awaitable<Response> send_case_link(Api& api, Request request, SignedIn who);
awaitable<Response> open_case(Api& api, Request request);
awaitable<Response> get_case(Api& api, Request request, service::CaseView view);
awaitable<Response> list_case_payments(Api& api, Request request, service::CaseView view);
awaitable<Response> answer_case(Api& api, Request request, service::CaseView view);
awaitable<Response> hand_in_file(Api& api, Request request, service::CaseView view);
awaitable<Response> end_case(Api& api, Request request, service::CaseView view);

// statement_handlers.cpp
awaitable<Response> own_statement(Api& api, Request request, SignedInCustomer who);
awaitable<Response> customer_statement(Api& api, Request request, SignedIn who);

// treasury_handlers.cpp
awaitable<Response> list_ledger_accounts(Api& api, Request request, SignedIn who);
awaitable<Response> get_ledger_account(Api& api, Request request, SignedIn who);
awaitable<Response> list_ledger_entries(Api& api, Request request, SignedIn who);
awaitable<Response> get_trial_balance(Api& api, Request request, SignedIn who);
awaitable<Response> get_ledger_payment(Api& api, Request request, SignedIn who);
awaitable<Response> list_journal(Api& api, Request request, SignedIn who);

// account_handlers.cpp
awaitable<Response> get_account(Api& api, Request request, SignedIn who);
awaitable<Response> set_account_state(Api& api, Request request, SignedIn who);

// payout_handlers.cpp
awaitable<Response> get_merchant(Api& api, Request request, SignedIn who);
awaitable<Response> set_payout_account(Api& api, Request request, SignedIn who);
awaitable<Response> pay_out_merchant(Api& api, Request request, SignedIn who);
awaitable<Response> list_ledger_payouts(Api& api, Request request, SignedIn who);
awaitable<Response> list_payouts(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> get_balance(Api& api, Request request, customers::Merchant merchant);

// correction_handlers.cpp
awaitable<Response> list_corrections(Api& api, Request request, SignedIn who);
awaitable<Response> propose_correction(Api& api, Request request, SignedIn who);
awaitable<Response> approve_correction(Api& api, Request request, SignedIn who);
awaitable<Response> reject_correction(Api& api, Request request, SignedIn who);

// lock_handlers.cpp
awaitable<Response> list_locks(Api& api, Request request, SignedIn who);
awaitable<Response> get_lock(Api& api, Request request, SignedIn who);
awaitable<Response> place_lock(Api& api, Request request, SignedIn who);
awaitable<Response> propose_lock_release(Api& api, Request request, SignedIn who);
awaitable<Response> approve_lock_release(Api& api, Request request, SignedIn who);
awaitable<Response> reject_lock_release(Api& api, Request request, SignedIn who);
awaitable<Response> list_own_locks(Api& api, Request request, SignedInCustomer who);
awaitable<Response> lock_oneself(Api& api, Request request, SignedInCustomer who);
awaitable<Response> release_own_lock(Api& api, Request request, SignedInCustomer who);

// exchange_handlers.cpp
awaitable<Response> list_exchange_rates(Api& api, Request request, SignedIn who);
awaitable<Response> set_exchange_rate(Api& api, Request request, SignedIn who);
awaitable<Response> list_own_exchange_rates(Api& api, Request request, SignedInCustomer who);
awaitable<Response> exchange_money(Api& api, Request request, SignedInCustomer who);

// payment_handlers.cpp
awaitable<Response> pay(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> get_payment(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> list_payments(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> refund(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> capture(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> cancel(Api& api, Request request, customers::Merchant merchant);

// privacy_handlers.cpp
awaitable<Response> own_copy(Api& api, Request request, SignedInCustomer who);
awaitable<Response> customer_copy(Api& api, Request request, SignedIn who);
awaitable<Response> propose_erasure(Api& api, Request request, SignedIn who);
awaitable<Response> list_erasures(Api& api, Request request, SignedIn who);
awaitable<Response> approve_erasure(Api& api, Request request, SignedIn who);
awaitable<Response> reject_erasure(Api& api, Request request, SignedIn who);
awaitable<Response> list_waiting_staff(Api& api, Request request, SignedIn who);
awaitable<Response> approve_staff(Api& api, Request request, SignedIn who);
awaitable<Response> reject_staff(Api& api, Request request, SignedIn who);

// official_mail_handlers.cpp
awaitable<Response> check_official_mail(Api& api, Request request);
awaitable<Response> check_page(Api& api, Request request);

// mail_health_handlers.cpp
awaitable<Response> list_suppressed_addresses(Api& api, Request request, SignedIn who);
awaitable<Response> lift_suppressed_address(Api& api, Request request, SignedIn who);
awaitable<Response> get_deliveries(Api& api, Request request, SignedIn who);
awaitable<Response> resend_message(Api& api, Request request, SignedIn who);
awaitable<Response> mark_message_sent(Api& api, Request request, SignedIn who);
awaitable<Response> get_mail_brakes(Api& api, Request request, SignedIn who);
awaitable<Response> release_mail_brake(Api& api, Request request, SignedIn who);
awaitable<Response> send_held_mail(Api& api, Request request, SignedIn who);
awaitable<Response> list_quarantine(Api& api, Request request, SignedIn who);
awaitable<Response> retry_quarantined(Api& api, Request request, SignedIn who);

// mail_view_handlers.cpp
awaitable<Response> get_message_html(Api& api, Request request, SignedIn who);

// mail_file_handlers.cpp
awaitable<Response> list_message_files(Api& api, Request request, SignedIn who);
awaitable<Response> get_message_file(Api& api, Request request, SignedIn who);

// faq_handlers.cpp
awaitable<Response> list_faq(Api& api, Request request);
awaitable<Response> search_faq(Api& api, Request request);
awaitable<Response> get_faq(Api& api, Request request);
awaitable<Response> rate_faq(Api& api, Request request);
awaitable<Response> list_faq_articles(Api& api, Request request, SignedIn who);
awaitable<Response> get_faq_article(Api& api, Request request, SignedIn who);
awaitable<Response> put_faq_article(Api& api, Request request, SignedIn who);
awaitable<Response> publish_faq_article(Api& api, Request request, SignedIn who);
awaitable<Response> withdraw_faq_article(Api& api, Request request, SignedIn who);
awaitable<Response> preview_faq(Api& api, Request request, SignedIn who);

// macro_handlers.cpp
awaitable<Response> list_macros(Api& api, Request request, SignedIn who);
awaitable<Response> get_macro(Api& api, Request request, SignedIn who);
awaitable<Response> create_macro(Api& api, Request request, SignedIn who);
awaitable<Response> put_macro(Api& api, Request request, SignedIn who);
awaitable<Response> retire_macro(Api& api, Request request, SignedIn who);
awaitable<Response> restore_macro(Api& api, Request request, SignedIn who);
awaitable<Response> preview_macro(Api& api, Request request, SignedIn who);
awaitable<Response> apply_macro(Api& api, Request request, SignedIn who);

// rule_handlers.cpp
awaitable<Response> list_rules(Api& api, Request request, SignedIn who);
awaitable<Response> get_rule(Api& api, Request request, SignedIn who);
awaitable<Response> create_rule(Api& api, Request request, SignedIn who);
awaitable<Response> put_rule(Api& api, Request request, SignedIn who);
awaitable<Response> set_rule_mode(Api& api, Request request, SignedIn who);
awaitable<Response> order_rules(Api& api, Request request, SignedIn who);
awaitable<Response> try_rule(Api& api, Request request, SignedIn who);
awaitable<Response> get_routing(Api& api, Request request, SignedIn who);
awaitable<Response> set_routing(Api& api, Request request, SignedIn who);
awaitable<Response> put_skills(Api& api, Request request, SignedIn who);

// hook_handlers.cpp
awaitable<Response> create_own_hook(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> list_own_hooks(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> set_own_hook_state(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> change_own_hook_secret(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> remove_own_hook(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> ping_own_hook(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> own_hook_deliveries(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> redeliver_own_hook(Api& api, Request request, customers::Merchant merchant);
awaitable<Response> create_house_hook(Api& api, Request request, SignedIn who);
awaitable<Response> list_house_hooks(Api& api, Request request, SignedIn who);
awaitable<Response> set_house_hook_state(Api& api, Request request, SignedIn who);
awaitable<Response> change_house_hook_secret(Api& api, Request request, SignedIn who);
awaitable<Response> remove_house_hook(Api& api, Request request, SignedIn who);
awaitable<Response> ping_house_hook(Api& api, Request request, SignedIn who);
awaitable<Response> house_hook_deliveries(Api& api, Request request, SignedIn who);
awaitable<Response> redeliver_house_hook(Api& api, Request request, SignedIn who);

// test_clock_handlers.cpp
awaitable<Response> get_test_clock(Api& api, Request request, SignedIn who);
awaitable<Response> move_test_clock(Api& api, Request request, SignedIn who);

// site_handlers.cpp
awaitable<Response> site(Api& api, Request request);
awaitable<Response> mail_books(Api& api, Request request, SignedIn who);
awaitable<Response> document(Api& api, Request request);
awaitable<Response> document_for_people(Api& api, Request request);
awaitable<Response> document_script(Api& api, Request request);
awaitable<Response> healthz(Api& api, Request request);
awaitable<Response> mail_policy(Api& api, Request request);
awaitable<Response> readyz(Api& api, Request request);
awaitable<Response> metrics(Api& api, Request request);
awaitable<Response> home_page(Api& api, Request request);
awaitable<Response> console_page(Api& api, Request request);
awaitable<Response> account_page(Api& api, Request request);
awaitable<Response> help_page(Api& api, Request request);
awaitable<Response> web_file(Api& api, Request request);

// --- shared

// ?limit= and ?cursor=; the cursor is read by `parse`.
inline constexpr std::int64_t page_items_default = 50;
Result<std::int64_t, Problem> page_limit(const Request& request);
template <class Cursor>
Result<std::optional<Cursor>, Problem> page_cursor(const Request& request) {
    const auto text = request.query_value("cursor");
    if (!text || text->empty()) return std::optional<Cursor>{};
    auto cursor = Cursor::parse(*text);
    if (!cursor) return fail(malformed("cursor: not one that we gave."));
    return cursor;
}

// Numbers as text: of a list's cursor, a transfer, an account in the path.
std::optional<std::int64_t> count_of(std::string_view text);  // nothing below zero
struct NumberCursor {
    std::int64_t number;  // above zero
    static std::optional<NumberCursor> parse(std::string_view text);
    [[nodiscard]] std::string text() const { return std::to_string(number); }
};
json::value cursor_json(std::optional<std::int64_t> next);
std::optional<money::AccountNo> account_in_path(const Request& request);

// ?q=, ?kind=, ?state=, ?from= and ?until= of a history.
Result<service::HistoryFilter, Problem> history_filter(const Request& request);

// The request number in a path, as it is stored; what is none is answered by the look-up.
std::string ticket_number(const Request& request);
// The sequences of payments by whole ids: a made-up one is nobody's. `member` of the body names them.
awaitable<Result<std::vector<std::int64_t>, Problem>> payments_named(Api& api, std::vector<std::string> references,
                                                                     std::string_view member);
// Ids of staff to their numbers, in their order; one that is nobody's is refused as who may not be named.
awaitable<Result<std::vector<std::int64_t>, Problem>> staff_named(Api& api, std::vector<std::string> references);

// Where people reach us: as configured, else where this very browser did.
std::string public_origin(const Api& api, const Request& request);

service::Actor actor_of(const SignedIn& who);
service::Actor actor_of(const SignedInCustomer& who);
service::Actor actor_of(const customers::Merchant& merchant);

std::vector<money::AccountNo> wallets_of(const service::CustomerView& view);

// Balances and history heads of accounts, as of now in the writer's order; a refusal where one does not exist.
awaitable<service::Answer> account_views(Api& api, std::vector<money::AccountNo> accounts);
// The same of what we owe a merchant.
awaitable<Result<service::Answer, Problem>> merchant_account_views(Api& api, customers::MerchantNo merchant);

// A customer as staff see one: with wallets and the telephone number, which is masked for everybody (reveal_item opens it).
awaitable<Result<json::object, Problem>> customer_for_staff(Api& api, service::CustomerView view, Balances balances,
                                                            SignedIn who);

// Whom a customer names by address or id as the one to be paid.
awaitable<Result<service::CustomerView, Problem>> payee_named(Api& api, std::string to);

// The history of a customer's wallets, a page as the request asks.
awaitable<Response> payment_page(Api& api, Request request, service::CustomerView view);
// Those that stand in this customer's own history, the newest fifty of all at most; one page.
awaitable<Response> newest_payments(Api& api, service::CustomerView view);

// 201 with the payment of the answer, 200 with what a dry run would have made, or what was refused. `company` is what a
// payment's row only names by number.
struct PaymentCompany {
    Seen seen = {};  // what of a dry run's postings is theirs who asked
    std::optional<customers::Merchant> merchant = std::nullopt;
    std::optional<PaymentId> original = std::nullopt;  // of a refund
    std::string payee_name = {};                       // of money sent to a person
    std::optional<money::Money> received = std::nullopt;  // of an exchange
};
awaitable<Response> payment_made(Api& api, service::Answer answer, PaymentCompany company);

}  // namespace okpay::api
