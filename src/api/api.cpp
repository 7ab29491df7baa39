// SPDX-License-Identifier: Apache-2.0
#include "api/api.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>

#include "api/conflict.hpp"
#include "api/docs_page.hpp"
#include "api/handlers.hpp"
#include "api/rule_routes.hpp"
#include "api/site.hpp"
#include "base/clock.hpp"
#include "customers/password.hpp"
#include "desk/request_number.hpp"
#include "mail/mta_sts.hpp"

namespace okpay::api {
namespace {

using customers::Permission;

constexpr std::size_t hash_threads = 2;
constexpr std::size_t hashes_waiting_max = 64;
constexpr std::size_t paper_threads = 1;       // seconds of one core each, at worst: payments go first
constexpr std::size_t papers_waiting_max = 32;
constexpr std::size_t picture_threads = 2;     // one waits for the child while another seals what it gave
constexpr std::size_t pictures_waiting_max = 16;
constexpr std::size_t file_threads = 2;        // as many as children of theirs
constexpr std::size_t files_waiting_max = 16;
constexpr std::size_t reads_waiting_max = 4'096;
constexpr std::chrono::seconds merchant_known_for{10};  // a revoked key works no longer than that
constexpr std::size_t merchants_known_max = 10'000;
constexpr std::size_t customers_known_max = 100'000;

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

std::string dummy_phc() {
    return customers::hash_password(Secret{random_octets(20)}, random_octets(customers::password_salt_octets));
}

}  // namespace

bool takes_picture(std::string_view target) {
    static const Pattern pattern{"/api/v1/me/verifications/{id}/files/{kind}"};
    return pattern.match(target.substr(0, target.find('?'))).has_value();
}

Api::Api(service::Service& service, service::Queries& queries, EventHub& events, Metrics& metrics, ApiOptions options)
    : service_{service},
      queries_{queries},
      events_{events},
      metrics_{metrics},
      options_{std::move(options)},
      web_root_{WebRoot::load(options_.web_root)},
      docs_page_{docs_page_of(openapi_document())},
      dummy_password_phc_{dummy_phc()},
      readers_{options_.read_threads, reads_waiting_max},
      hashers_{hash_threads, hashes_waiting_max},
      papers_{paper_threads, papers_waiting_max},
      pictures_{picture_threads, pictures_waiting_max},
      files_{file_threads, files_waiting_max} {
    add_routes();
    metrics_.add(MetricKind::gauge, "okpay_reads_waiting", "Reads that run or wait.", [this] { return readers_.waiting(); });
    metrics_.add(MetricKind::gauge, "okpay_password_hashes_waiting", "Password hashes that run or wait.",
                 [this] { return hashers_.waiting(); });
    metrics_.add(MetricKind::gauge, "okpay_papers_waiting", "Statements that are being set in pages, or wait for it.",
                 [this] { return papers_.waiting(); });
    metrics_.add(MetricKind::gauge, "okpay_pictures_waiting", "Pictures of documents that are being read, or wait for it.",
                 [this] { return pictures_.waiting(); });
    metrics_.add(MetricKind::gauge, "okpay_event_streams", "Workspaces that follow live changes.",
                 [this] { return static_cast<std::int64_t>(events_.subscribers()); });
}

// openapi.json, line by line.
void Api::add_routes() {
    constexpr bool moves_money = true;  // and is asked for by its principal: it takes a dry run
    const auto known = [this](Method method, std::string_view path, std::string_view principal,
                              std::optional<Permission> permission = std::nullopt) {
        routes_.push_back({method, std::string{path}, std::string{principal}, permission});
    };
    const auto open = [&, this](Method method, std::string_view path, OpenHandler handler) {
        known(method, path, "open");
        router_.add(method, path, Route{OpenRoute{handler, false}, false});
    };
    const auto page = [&, this](Method method, std::string_view path, OpenHandler handler) {
        known(method, path, "page");
        router_.add(method, path, Route{OpenRoute{handler, true}, false});
    };
    const auto staff = [&, this](Method method, std::string_view path, std::optional<Permission> permission,
                                 StaffHandler handler, bool takes_dry_run = false) {
        known(method, path, "staff", permission);
        router_.add(method, path, Route{StaffRoute{permission, handler}, takes_dry_run});
    };
    const auto customer = [&, this](Method method, std::string_view path, CustomerHandler handler,
                                    bool takes_dry_run = false) {
        known(method, path, "customer");
        router_.add(method, path, Route{handler, takes_dry_run});
    };
    const auto by_link = [&, this](Method method, std::string_view path, CaseHandler handler) {
        known(method, path, "case");
        router_.add(method, path, Route{handler, false});
    };
    const auto merchant = [&, this](Method method, std::string_view path, MerchantHandler handler,
                                    bool takes_dry_run = false) {
        known(method, path, "merchant");
        router_.add(method, path, Route{handler, takes_dry_run});
    };
    constexpr auto get = Method::get;
    constexpr auto post = Method::post;
    merchant(post, "/api/v1/payments", pay, moves_money);
    merchant(get, "/api/v1/payments", list_payments);
    merchant(get, "/api/v1/payments/{id}", get_payment);
    merchant(post, "/api/v1/payments/{id}/refunds", refund, moves_money);
    merchant(post, "/api/v1/payments/{id}/capture", capture, moves_money);
    merchant(post, "/api/v1/payments/{id}/cancel", cancel, moves_money);
    merchant(get, "/api/v1/balance", get_balance);
    merchant(get, "/api/v1/payouts", list_payouts);
    merchant(post, "/api/v1/webhook-endpoints", create_own_hook);
    merchant(get, "/api/v1/webhook-endpoints", list_own_hooks);
    merchant(post, "/api/v1/webhook-endpoints/{id}/state", set_own_hook_state);
    merchant(post, "/api/v1/webhook-endpoints/{id}/secret", change_own_hook_secret);
    merchant(post, "/api/v1/webhook-endpoints/{id}/remove", remove_own_hook);
    merchant(post, "/api/v1/webhook-endpoints/{id}/ping", ping_own_hook);
    merchant(get, "/api/v1/webhook-endpoints/{id}/deliveries", own_hook_deliveries);
    merchant(post, "/api/v1/webhook-endpoints/{id}/deliveries/{number}/redeliver", redeliver_own_hook);
    constexpr auto hooks = Permission::manage_webhooks;
    staff(post, "/api/v1/house-webhook-endpoints", hooks, create_house_hook);
    staff(get, "/api/v1/house-webhook-endpoints", hooks, list_house_hooks);
    staff(post, "/api/v1/house-webhook-endpoints/{id}/state", hooks, set_house_hook_state);
    staff(post, "/api/v1/house-webhook-endpoints/{id}/secret", hooks, change_house_hook_secret);
    staff(post, "/api/v1/house-webhook-endpoints/{id}/remove", hooks, remove_house_hook);
    staff(post, "/api/v1/house-webhook-endpoints/{id}/ping", hooks, ping_house_hook);
    staff(get, "/api/v1/house-webhook-endpoints/{id}/deliveries", hooks, house_hook_deliveries);
    staff(post, "/api/v1/house-webhook-endpoints/{id}/deliveries/{number}/redeliver", hooks, redeliver_house_hook);
    page(post, "/api/v1/me/sign-in", sign_in_customer);
    page(post, "/api/v1/me/sign-in/passkey/question", ask_sign_in_passkey);
    page(post, "/api/v1/me/sign-in/passkey", sign_in_by_passkey);
    customer(post, "/api/v1/me/step-up/question", ask_step_up);
    customer(post, "/api/v1/me/step-up", step_up);
    customer(get, "/api/v1/me/factors", own_factors);
    customer(post, "/api/v1/me/authenticator", begin_app);
    customer(post, "/api/v1/me/authenticator/confirm", confirm_app);
    customer(post, "/api/v1/me/authenticator/remove", remove_app);
    customer(post, "/api/v1/me/recovery-codes", make_recovery_codes);
    customer(post, "/api/v1/me/passkeys/question", ask_new_passkey);
    customer(post, "/api/v1/me/passkeys", add_passkey);
    customer(post, "/api/v1/me/passkeys/{id}", rename_passkey);
    customer(post, "/api/v1/me/passkeys/{id}/remove", remove_passkey);
    customer(post, "/api/v1/me/sign-out", sign_out_customer);
    page(post, "/api/v1/sign-up", sign_up);
    page(post, "/api/v1/sign-up/confirm", confirm_sign_up);
    page(post, "/api/v1/new-password", ask_new_password);
    page(post, "/api/v1/new-password/confirm", set_new_password);
    page(post, "/api/v1/reported-sign-ins", report_sign_in);
    customer(post, "/api/v1/me/password", change_password);
    customer(get, "/api/v1/me/sessions", list_own_sessions);
    customer(post, "/api/v1/me/sessions/end-others", end_other_sessions);
    customer(post, "/api/v1/me/sessions/{no}/end", end_own_session);
    customer(get, "/api/v1/me/access", own_access);
    customer(post, "/api/v1/me/phrase", set_phrase);
    customer(get, "/api/v1/me", own_profile);
    customer(get, "/api/v1/me/payments", list_own_payments);
    customer(get, "/api/v1/me/payments/{id}", get_own_payment);
    customer(post, "/api/v1/me/payments/{id}/report-duplicate", report_duplicate);
    customer(get, "/api/v1/me/statements", own_statement);
    customer(post, "/api/v1/me/transfers", send_money, moves_money);
    customer(post, "/api/v1/me/top-ups", collect_top_up, moves_money);
    customer(post, "/api/v1/me/exchanges", exchange_money, moves_money);
    customer(get, "/api/v1/me/exchange-rates", list_own_exchange_rates);
    customer(post, "/api/v1/me/withdrawals", withdraw, moves_money);
    customer(get, "/api/v1/me/pay-code", own_pay_code);
    customer(get, "/api/v1/me/pay-code.svg", own_pay_code_picture);
    customer(get, "/api/v1/me/payees/{id}", get_payee);
    customer(post, "/api/v1/me/money-requests", request_money);
    customer(get, "/api/v1/me/money-requests", list_money_requests);
    customer(get, "/api/v1/me/money-requests/{id}", get_money_request);
    customer(get, "/api/v1/me/money-requests/{id}/code.svg", money_request_picture);
    customer(post, "/api/v1/me/money-requests/{id}/pay", pay_money_request);
    customer(post, "/api/v1/me/money-requests/{id}/decline", decline_money_request);
    customer(post, "/api/v1/me/money-requests/{id}/cancel", cancel_money_request);
    customer(post, "/api/v1/me/scheduled-transfers", schedule_transfer);
    customer(get, "/api/v1/me/scheduled-transfers", list_schedules);
    customer(post, "/api/v1/me/scheduled-transfers/{id}/end", end_schedule);
    customer(get, "/api/v1/me/limits", own_limits);
    customer(post, "/api/v1/me/verifications", begin_verification);
    customer(get, "/api/v1/me/verifications", list_own_verifications);
    customer(get, "/api/v1/me/verifications/{id}", get_own_verification);
    customer(post, "/api/v1/me/verifications/{id}/files/{kind}", add_identity_file);
    customer(post, "/api/v1/me/verifications/{id}/submit", submit_verification);
    customer(post, "/api/v1/me/verifications/{id}/cancel", cancel_verification);
    customer(post, "/api/v1/me/verifications/{id}/destroy-files", destroy_own_files);
    customer(get, "/api/v1/me/phone", own_phone);
    customer(post, "/api/v1/me/phone", ask_phone);
    customer(post, "/api/v1/me/phone/code", send_phone_code);
    customer(post, "/api/v1/me/phone/confirm", confirm_phone);
    customer(post, "/api/v1/me/phone/remove", remove_phone);
    customer(post, "/api/v1/me/changes", ask_change);
    customer(get, "/api/v1/me/changes", list_own_changes);
    customer(post, "/api/v1/me/changes/{id}/cancel", cancel_own_change);
    customer(get, "/api/v1/me/requests", list_own_requests);
    customer(get, "/api/v1/me/requests/{number}", get_own_request);
    customer(post, "/api/v1/me/requests/{number}/proof", prove_own_request);
    page(post, "/api/v1/changes/confirm", confirm_change);
    page(post, "/api/v1/changes/cancel", cancel_change);
    page(post, "/api/v1/case/open", open_case);
    by_link(get, "/api/v1/case", get_case);
    by_link(post, "/api/v1/case/answers", answer_case);
    by_link(post, "/api/v1/case/files", hand_in_file);
    by_link(post, "/api/v1/case/end", end_case);
    page(post, "/api/v1/staff/sign-in", sign_in);
    staff(post, "/api/v1/staff/sign-out", std::nullopt, sign_out);
    staff(get, "/api/v1/staff/me", std::nullopt, me);
    page(post, "/api/v1/staff/enrol", enrol);
    page(post, "/api/v1/staff/enrol/confirm", confirm_enrolment);
    staff(get, "/api/v1/search", Permission::read_tickets, find_anything);
    staff(get, "/api/v1/tickets", Permission::read_tickets, list_tickets);
    staff(get, "/api/v1/tickets/{number}", Permission::read_tickets, get_ticket);
    staff(get, "/api/v1/tickets/{number}/ledger", Permission::read_customers, get_ticket_ledger);
    staff(post, "/api/v1/tickets/{number}/replies", Permission::reply, reply);
    staff(post, "/api/v1/tickets/{number}/notes", Permission::reply, add_note);
    staff(get, "/api/v1/tickets/{number}/messages/{id}/deliveries", Permission::read_tickets, get_deliveries);
    staff(get, "/api/v1/tickets/{number}/messages/{id}/html", Permission::read_tickets, get_message_html);
    staff(get, "/api/v1/tickets/{number}/messages/{id}/files", Permission::read_tickets, list_message_files);
    staff(get, "/api/v1/tickets/{number}/messages/{id}/files/{file}", Permission::reveal, get_message_file);
    staff(post, "/api/v1/tickets/{number}/messages/{id}/resend", Permission::reply, resend_message);
    staff(post, "/api/v1/tickets/{number}/messages/{id}/mark-sent", Permission::reply, mark_message_sent);
    staff(post, "/api/v1/tickets/{number}/assign", Permission::reply, assign);
    staff(post, "/api/v1/tickets/{number}/state", Permission::reply, set_state);
    staff(post, "/api/v1/tickets/{number}/promises/find", Permission::reply, find_promises);
    staff(post, "/api/v1/tickets/{number}/promises/{no}/keep", Permission::reply, keep_promise);
    staff(post, "/api/v1/tickets/{number}/promises/{no}/withdraw", Permission::reply, withdraw_promise);
    staff(post, "/api/v1/tickets/{number}/links", Permission::reply, link_ticket);
    staff(post, "/api/v1/tickets/{number}/links/remove", Permission::reply, unlink_ticket);
    staff(post, "/api/v1/tickets/{number}/merge", Permission::reply, merge_ticket);
    staff(post, "/api/v1/tickets/{number}/unmerge", Permission::reply, unmerge_ticket);
    staff(post, "/api/v1/tickets/{number}/split", Permission::reply, split_ticket);
    staff(post, "/api/v1/tickets/{number}/snooze", Permission::reply, snooze_ticket);
    staff(post, "/api/v1/tickets/{number}/wake", Permission::reply, wake_ticket);
    staff(get, "/api/v1/tickets/{number}/colleagues", Permission::reply, list_colleagues);
    staff(post, "/api/v1/tickets/{number}/follow", Permission::read_tickets, follow_ticket);
    staff(post, "/api/v1/tickets/{number}/unfollow", Permission::read_tickets, unfollow_ticket);
    staff(post, "/api/v1/tickets/{number}/seen", Permission::read_tickets, mark_seen);
    staff(get, "/api/v1/tickets/{number}/drafts", Permission::reply, list_drafts);
    staff(post, "/api/v1/tickets/{number}/drafts", Permission::reply, save_draft);
    staff(post, "/api/v1/tickets/{number}/macros/{id}", Permission::reply, preview_macro);
    staff(post, "/api/v1/tickets/{number}/macros/{id}/apply", Permission::reply, apply_macro);
    staff(get, "/api/v1/macros", Permission::read_tickets, list_macros);
    staff(post, "/api/v1/macros", Permission::edit_macros, create_macro);
    staff(get, "/api/v1/macros/{id}", Permission::read_tickets, get_macro);
    staff(post, "/api/v1/macros/{id}", Permission::edit_macros, put_macro);
    staff(post, "/api/v1/macros/{id}/retire", Permission::edit_macros, retire_macro);
    staff(post, "/api/v1/macros/{id}/restore", Permission::edit_macros, restore_macro);
    for (const RuleRoute& one : rule_routes) staff(one.method, one.path, Permission::edit_rules, one.handler);
    staff(post, "/api/v1/tickets/{number}/remedies", Permission::propose_remedy, propose_remedy);
    staff(post, "/api/v1/tickets/{number}/case-links", Permission::reply, send_case_link);
    staff(get, "/api/v1/tickets/{number}/changes", Permission::read_tickets, list_ticket_changes);
    staff(post, "/api/v1/tickets/{number}/changes", Permission::propose_remedy, propose_change);
    staff(get, "/api/v1/changes", Permission::read_tickets, list_waiting_changes);
    staff(post, "/api/v1/changes/{id}/approve", Permission::decide_change, approve_change);
    staff(post, "/api/v1/changes/{id}/reject", Permission::decide_change, reject_change);
    staff(get, "/api/v1/approvals", Permission::read_tickets, list_approvals);
    staff(post, "/api/v1/remedies/{id}/approve", Permission::approve_remedy, approve_remedy);
    staff(post, "/api/v1/remedies/{id}/reject", Permission::reject_remedy, reject_remedy);
    staff(get, "/api/v1/events", Permission::read_tickets, follow_events);
    staff(get, "/api/v1/customers", Permission::read_customers, list_customers);
    staff(post, "/api/v1/customers", Permission::manage_customers, register_customer);
    staff(get, "/api/v1/customers/{id}", Permission::read_customers, get_customer);
    staff(post, "/api/v1/customers/{id}/reveal", Permission::reveal, reveal_item);
    staff(post, "/api/v1/customers/{id}/copy", Permission::manage_staff, customer_copy);
    staff(post, "/api/v1/customers/{id}/erasures", Permission::manage_staff, propose_erasure);
    staff(get, "/api/v1/erasures", Permission::manage_staff, list_erasures);
    staff(post, "/api/v1/erasures/{id}/approve", Permission::manage_staff, approve_erasure);
    staff(post, "/api/v1/erasures/{id}/reject", Permission::manage_staff, reject_erasure);
    staff(get, "/api/v1/staff-approvals", Permission::manage_staff, list_waiting_staff);
    staff(post, "/api/v1/staff-approvals/{id}/approve", Permission::manage_staff, approve_staff);
    staff(post, "/api/v1/staff-approvals/{id}/reject", Permission::manage_staff, reject_staff);
    customer(get, "/api/v1/me/export", own_copy);
    staff(get, "/api/v1/customers/{id}/payments", Permission::read_customers, list_customer_payments);
    staff(get, "/api/v1/customers/{id}/statements", Permission::read_customers, customer_statement);
    staff(post, "/api/v1/customers/{id}/top-ups", Permission::top_up, top_up, moves_money);
    staff(post, "/api/v1/customers/{id}/locks", Permission::manage_locks, place_lock);
    staff(get, "/api/v1/locks", Permission::read_customers, list_locks);
    staff(get, "/api/v1/locks/{id}", Permission::read_customers, get_lock);
    staff(post, "/api/v1/locks/{id}/releases", Permission::manage_locks, propose_lock_release);
    staff(post, "/api/v1/lock-releases/{id}/approve", Permission::decide_locks, approve_lock_release);
    staff(post, "/api/v1/lock-releases/{id}/reject", Permission::manage_locks, reject_lock_release);
    customer(get, "/api/v1/me/locks", list_own_locks);
    customer(post, "/api/v1/me/lock", lock_oneself);
    customer(post, "/api/v1/me/locks/{id}/release", release_own_lock);
    staff(post, "/api/v1/customers/{id}/level", Permission::manage_customers, set_customer_level);
    staff(get, "/api/v1/exchange-rates", Permission::read_books, list_exchange_rates);
    staff(post, "/api/v1/exchange-rates", Permission::set_rates, set_exchange_rate);
    staff(get, "/api/v1/rail-calls", Permission::read_books, list_rail_calls);
    staff(post, "/api/v1/rail-calls/{id}/outcome", Permission::settle_unknown, decide_rail_outcome);
    staff(get, "/api/v1/disputes", Permission::read_books, list_disputes);
    staff(post, "/api/v1/disputes", Permission::settle_unknown, report_dispute);
    staff(get, "/api/v1/disputes/{id}", Permission::read_books, get_dispute);
    staff(post, "/api/v1/disputes/{id}/answer", Permission::settle_unknown, answer_dispute);
    staff(get, "/api/v1/disputes/{id}/evidence", Permission::read_books, dispute_evidence);
    staff(get, "/api/v1/test-clock", std::nullopt, get_test_clock);
    staff(post, "/api/v1/test-clock", std::nullopt, move_test_clock);
    staff(get, "/api/v1/mail-books", Permission::read_books, mail_books);
    staff(get, "/api/v1/suppressed-addresses", Permission::read_tickets, list_suppressed_addresses);
    staff(post, "/api/v1/suppressed-addresses/{id}/lift", Permission::reply, lift_suppressed_address);
    staff(get, "/api/v1/mail-brakes", Permission::read_books, get_mail_brakes);
    staff(post, "/api/v1/mail-brakes/{id}/release", Permission::manage_mail, release_mail_brake);
    staff(post, "/api/v1/held-mails/{id}/send", Permission::manage_mail, send_held_mail);
    staff(get, "/api/v1/quarantine", Permission::read_books, list_quarantine);
    staff(post, "/api/v1/quarantine/{id}/retry", Permission::manage_mail, retry_quarantined);
    staff(get, "/api/v1/ledger/accounts", Permission::read_ledger, list_ledger_accounts);
    staff(get, "/api/v1/ledger/accounts/{id}", Permission::read_ledger, get_ledger_account);
    staff(get, "/api/v1/ledger/accounts/{id}/entries", Permission::read_ledger, list_ledger_entries);
    staff(get, "/api/v1/ledger/trial-balance", Permission::read_ledger, get_trial_balance);
    staff(get, "/api/v1/ledger/payments/{id}", Permission::read_ledger, get_ledger_payment);
    staff(get, "/api/v1/ledger/journal", Permission::read_ledger, list_journal);
    staff(get, "/api/v1/ledger/payouts", Permission::read_ledger, list_ledger_payouts);
    staff(get, "/api/v1/accounts/{id}", Permission::read_ledger, get_account);
    staff(post, "/api/v1/accounts/{id}/state", Permission::change_accounts, set_account_state);
    staff(get, "/api/v1/merchants/{id}", Permission::read_ledger, get_merchant);
    staff(post, "/api/v1/merchants/{id}/payout-account", Permission::pay_out_merchants, set_payout_account);
    staff(post, "/api/v1/merchants/{id}/payouts", Permission::pay_out_merchants, pay_out_merchant, moves_money);
    staff(get, "/api/v1/corrections", Permission::read_ledger, list_corrections);
    staff(post, "/api/v1/corrections", Permission::propose_correction, propose_correction);
    staff(post, "/api/v1/corrections/{id}/approve", Permission::approve_correction, approve_correction);
    staff(post, "/api/v1/corrections/{id}/reject", Permission::propose_correction, reject_correction);
    staff(get, "/api/v1/verifications", Permission::review_identity, list_verifications);
    staff(get, "/api/v1/verifications/{id}", Permission::review_identity, get_verification);
    staff(post, "/api/v1/verifications/{id}/open", Permission::review_identity, open_verification);
    staff(post, "/api/v1/verifications/{id}/files/{file}/preview", Permission::review_identity, preview_identity_file);
    staff(post, "/api/v1/verifications/{id}/decide", Permission::review_identity, decide_verification);
    open(get, "/api/v1/faq", list_faq);
    open(get, "/api/v1/faq/search", search_faq);
    open(get, "/api/v1/faq/{slug}", get_faq);
    page(post, "/api/v1/faq/{slug}/helpful", rate_faq);
    staff(get, "/api/v1/faq-articles", Permission::edit_faq, list_faq_articles);
    staff(post, "/api/v1/faq-preview", Permission::edit_faq, preview_faq);
    staff(get, "/api/v1/faq-articles/{slug}", Permission::edit_faq, get_faq_article);
    staff(post, "/api/v1/faq-articles/{slug}", Permission::edit_faq, put_faq_article);
    staff(post, "/api/v1/faq-articles/{slug}/publish", Permission::edit_faq, publish_faq_article);
    staff(post, "/api/v1/faq-articles/{slug}/withdraw", Permission::edit_faq, withdraw_faq_article);
    open(get, "/api/v1/site", site);
    open(post, "/api/v1/official-mail/check", check_official_mail);
    open(get, "/api/openapi.json", document);
    open(get, "/api/docs", document_for_people);
    open(get, "/api/docs.js", document_script);  // of that page: no operation of the document
    open(get, "/healthz", healthz);
    open(get, "/readyz", readyz);
    open(get, mail::sts_policy_path, mail_policy);
    open(get, "/metrics", api::metrics);
    open(get, "/", home_page);
    open(get, "/check", check_page);
    open(get, "/console", console_page);
    open(get, "/console/*", console_page);
    open(get, "/account", account_page);
    open(get, "/account/*", account_page);
    open(get, "/help", help_page);
    open(get, "/help/*", help_page);
}

awaitable<Response> Api::handle(Request request) {
    const auto route = router_.find(request);
    if (!route) {
        switch (route.error()) {
        case RouteError::no_such_path:
            if (request.method == Method::get) co_return co_await web_file(*this, std::move(request));
            co_return problem(not_found());
        case RouteError::method_not_allowed:
            co_return problem({.code = "method_not_allowed", .detail = "This path does not take that method."})
                .with("Allow", request.method == Method::get ? "POST" : "GET, HEAD");
        }
    }
    if (request.method != Method::get) {
        const auto wanted = dry_run_wanted(request);
        if (!wanted) co_return problem(wanted.error());
        if (*wanted && !(*route)->takes_dry_run) {
            co_return problem({.code = "dry_run_not_possible",
                               .detail = "dry_run: this path cannot be tried without doing it; nothing was done."});
        }
        request.dry_run = *wanted;
    }
    const bool dry_run = request.dry_run;
    const bool tells_time = options_.move_test_clock && request.path.starts_with("/api/v1/");
    Response response = co_await dispatch(std::move(request), **route);
    if (dry_run) response.with("Dry-Run", "true");
    if (tells_time) response.with("Test-Clock", rfc3339(now()));
    co_return response;
}

awaitable<Response> Api::dispatch(Request request, const Route& route) {
    if (const auto* open = std::get_if<OpenRoute>(&route.target)) {
        if (open->from_browser && request.method != Method::get && !origin_allowed(request, options_.public_url)) {
            co_return problem({.code = "origin_refused", .detail = "Origin: must be that of this server."});
        }
        co_return co_await open->handler(*this, std::move(request));
    }
    if (const auto* staff = std::get_if<StaffRoute>(&route.target))
        co_return co_await handle_staff(std::move(request), *staff);
    if (const auto* customer = std::get_if<CustomerHandler>(&route.target)) {
        co_return co_await handle_customer(std::move(request), *customer);
    }
    if (const auto* by_link = std::get_if<CaseHandler>(&route.target)) {
        co_return co_await handle_case(std::move(request), *by_link);
    }
    co_return co_await handle_merchant(std::move(request), std::get<MerchantHandler>(route.target));
}

awaitable<Response> Api::handle_customer(Request request, CustomerHandler handler) {
    if (request.method != Method::get && !origin_allowed(request, options_.public_url)) {
        co_return problem({.code = "origin_refused", .detail = "Origin: must be that of this server."});
    }
    const Problem not_signed_in{.code = "not_signed_in", .detail = "Sign in first, or again: the session has ended."};
    const auto token_hash = session_token_hash(request, customer_session, options_.cookie_secure);
    if (!token_hash) co_return problem(not_signed_in);
    auto query = [hash = *token_hash, at = okpay::now()](service::Queries& queries) {
        return queries.customer_by_session(hash, at);
    };
    auto found = co_await read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(not_signed_in);
    SignedInCustomer who{.view = std::move((*found)->view), .session = std::move((*found)->session)};
    if (const Moment at = okpay::now(); at - who.session.last_seen >= customers::last_seen_written_after) {
        // Once in a while, not with every request; where it cannot be written the session only ends sooner.
        service::TouchSession seen{.session_token_hash = hex_of(who.session.token_hash)};
        co_await submit(actor_of(who), std::move(seen));
    }
    co_return co_await handler(*this, std::move(request), std::move(who));
}

awaitable<Response> Api::handle_staff(Request request, const StaffRoute& route) {
    if (request.method != Method::get && !origin_allowed(request, options_.public_url)) {
        co_return problem({.code = "origin_refused", .detail = "Origin: must be that of this server."});
    }
    const Problem not_signed_in{.code = "not_signed_in", .detail = "Sign in first, or again: the session has ended."};
    const auto token_hash = session_token_hash(request, staff_session, options_.cookie_secure);
    if (!token_hash) co_return problem(not_signed_in);
    auto query = [hash = *token_hash, at = okpay::now()](service::Queries& queries) {
        return queries.staff_by_session(hash, at);
    };
    auto staff = co_await read(std::move(query));
    if (!staff) co_return problem(problem_of(staff.error()));
    if (!*staff) co_return problem(not_signed_in);
    SignedIn who{.staff = **std::move(staff), .token_hash = *token_hash};
    if (route.permission && !customers::may(who.staff.role, *route.permission)) {
        co_return problem(
            {.code = "not_permitted", .detail = "Your role does not allow this; hand it to a colleague who may."});
    }
    const auto kept = request.params.empty() ? Result<KeptFrom, Problem>{} : co_await kept_from(*this, who);
    if (!kept) co_return problem(kept.error());
    if (!kept->empty()) {
        const auto kind = subject_of(request.path);
        if (!kind) co_return problem(not_found());  // whose it is, nobody has said
        const auto behind = co_await customers_behind(*this, *kind, request.params[0]);
        if (!behind) co_return problem(behind.error());
        for (const customers::CustomerNo customer : *behind) {
            if (kept->has(customer)) co_return problem(not_found());
        }
    }
    constexpr std::string_view customers_path = "/api/v1/customers/";
    if (request.path.starts_with(customers_path) && !request.params.empty()) {
        if (const auto too_many = co_await read_customer(who, request.params[0])) co_return problem(*too_many);
    }
    co_return co_await route.handler(*this, std::move(request), std::move(who));
}

awaitable<Response> Api::handle_case(Request request, CaseHandler handler) {
    if (request.method != Method::get && !origin_allowed(request, options_.public_url)) {
        co_return problem({.code = "origin_refused", .detail = "Origin: must be that of this server."});
    }
    const Problem ended{.code = "case_ended", .detail = "This session has ended; ask for a new link."};
    const auto hash = session_token_hash(request, case_session, options_.cookie_secure);
    if (!hash) co_return problem(ended);
    auto query = [hash = *hash, at = okpay::now()](service::Queries& queries) { return queries.case_by_session(hash, at); };
    auto found = co_await read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(ended);
    co_return co_await handler(*this, std::move(request), **std::move(found));
}

awaitable<std::optional<Problem>> Api::read_customer(const SignedIn& who, std::string customer) {
    const std::int64_t staff = number_of(who.staff.no);
    const ReadTally::Seen seen = reads_.note(staff, customer, okpay::now());
    if (seen.alarm) {
        service::ReportBulkRead report{.staff = staff,
                                       .customers = static_cast<std::int64_t>(seen.customers),
                                       .seed = fresh_id<CommandId>().text()};
        const service::Actor house;
        co_await submit(house, std::move(report));
    }
    if (!seen.too_many) co_return std::nullopt;
    co_return Problem{.code = "too_many_requests",
                      .detail = "You have looked at very many customers; go on in a few minutes. An administrator was told.",
                      .retry_after_seconds = std::chrono::seconds{ReadTally::window}.count()};
}

awaitable<Response> Api::handle_merchant(Request request, MerchantHandler handler) {
    const Problem bad_key{.code = "bad_key", .detail = "Authorization: Bearer and a secret key, sk_…, that is valid here."};
    const auto key_hash = api_key_hash(request);
    if (!key_hash) co_return problem(bad_key);
    const Moment at = okpay::now();
    if (const auto known = merchants_.find(*key_hash); known != merchants_.end() && known->second.until > at) {
        customers::Merchant merchant = known->second.merchant;
        co_return co_await handler(*this, std::move(request), std::move(merchant));
    }
    auto query = [hash = *key_hash](service::Queries& queries) { return queries.merchant_by_key(hash); };
    const auto found = co_await read(std::move(query));
    if (!found) co_return problem(problem_of(found.error()));
    if (!*found) co_return problem(bad_key);
    customers::Merchant merchant = **found;
    if (merchants_.size() >= merchants_known_max) merchants_.clear();
    merchants_.insert_or_assign(*key_hash, KnownMerchant{merchant, at + merchant_known_for});
    co_return co_await handler(*this, std::move(request), std::move(merchant));
}

awaitable<service::Answer> Api::submit(service::Actor actor, service::CommandBody body) {
    co_return co_await submit(service::Service::command(now(), actor, std::move(body)));
}

awaitable<service::Answer> Api::submit(const Request& asked, service::Actor actor, service::CommandBody body) {
    service::Command command = service::Service::command(now(), actor, std::move(body));
    command.dry_run = asked.dry_run;
    co_return co_await submit(std::move(command));
}

awaitable<service::Answer> Api::submit(service::Command command) {
    if (!answers_) answers_.emplace(co_await asio::this_coro::executor);
    co_return co_await answers_->of(service_, std::move(command));
}

awaitable<Result<std::optional<customers::CustomerNo>, Problem>> Api::customer_no(CustomerId id) {
    const auto known = customers_.find(id);
    if (known != customers_.end()) co_return std::optional{known->second};
    auto query = [id](service::Queries& queries) { return queries.customer(id); };
    const auto found = co_await read(std::move(query));
    if (!found) co_return fail(problem_of(found.error()));
    if (!*found) co_return std::optional<customers::CustomerNo>{};
    if (customers_.size() >= customers_known_max) customers_.clear();
    customers_.emplace(id, (*found)->customer.no);
    co_return std::optional{(*found)->customer.no};
}

awaitable<void> Api::no_sooner_than(std::chrono::steady_clock::time_point then) {
    asio::steady_timer timer{co_await asio::this_coro::executor, then};
    co_await timer.async_wait(asio::use_awaitable);
}

Result<std::int64_t, Problem> page_limit(const Request& request) {
    const auto text = request.query_value("limit");
    if (!text) return page_items_default;
    std::int64_t limit = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
    if (error != std::errc{} || end != text->data() + text->size() || limit < 1 || limit > service::page_items_max) {
        return fail(malformed("limit: 1 to 100."));
    }
    return limit;
}

std::string ticket_number(const Request& request) {
    const auto number = desk::RequestNumber::parse(request.params[0]);
    return number ? number->text() : request.params[0];
}

service::Actor actor_of(const SignedIn& who) { return {service::ActorKind::staff, number_of(who.staff.no)}; }

service::Actor actor_of(const SignedInCustomer& who) {
    return {service::ActorKind::customer, number_of(who.view.customer.no)};
}

service::Actor actor_of(const customers::Merchant& merchant) {
    return {service::ActorKind::merchant, number_of(merchant.no)};
}

std::vector<money::AccountNo> wallets_of(const service::CustomerView& view) {
    std::vector<money::AccountNo> accounts;
    for (const service::OwnedAccount& wallet : view.wallets) accounts.push_back(wallet.no);
    return accounts;
}

awaitable<service::Answer> account_views(Api& api, std::vector<money::AccountNo> accounts) {
    std::ranges::sort(accounts);
    const auto repeated = std::ranges::unique(accounts);
    accounts.erase(repeated.begin(), repeated.end());
    service::ReadAccounts body;
    for (const money::AccountNo account : accounts) body.accounts.push_back(number_of(account));
    if (body.accounts.empty()) co_return service::Answer{};
    const service::Actor house;
    co_return co_await api.submit(house, std::move(body));
}

}  // namespace okpay::api
