// SPDX-License-Identifier: Apache-2.0
#include "api/api.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <charconv>

#include "api/conflict.hpp"
#include "api/docs_page.hpp"
#include "api/handlers.hpp"
#include "api/site.hpp"
#include "base/clock.hpp"
#include "customers/password.hpp"
#include "desk/request_number.hpp"

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
