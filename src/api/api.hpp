// SPDX-License-Identifier: Apache-2.0
// The HTTP API and the pages as one handler: hand it to an HttpServer.
//
//   Threads   handle() and everything it calls run on the executor of the server, which one thread runs. Reads of the
//             database and password hashes run on worker threads of its own.
//   Lifetime  service, queries, events, metrics outlive it; it outlives the connections.
#pragma once

#include <filesystem>
#include <functional>
#include <unordered_map>
#include <variant>

#include "api/client_rates.hpp"
#include "api/events.hpp"
#include "api/gate.hpp"
#include "api/metrics.hpp"
#include "api/router.hpp"
#include "api/web_root.hpp"
#include "api/workers.hpp"
#include "base/clock.hpp"
#include "customers/passkey_challenge.hpp"
#include "customers/permissions.hpp"
#include "desk/working_hours.hpp"
#include "payments/instrument.hpp"
#include "service/identity_intake.hpp"
#include "service/mail_files.hpp"
#include "service/queries.hpp"
#include "service/search.hpp"

namespace okpay::api {

// An account or card, ready for a command: masked for people, sealed for the rail, hashed to tell two apart.
struct PreparedInstrument {
    std::string masked;
    std::string sealed;  // base64
    std::string hash;    // hex
};

// A file, ready for a command.
struct SealedFile {
    std::string object_key, sealed;  // base64
    std::string blob;                // its name, then `sealed` is empty
};

class ContentOrigin;
class SignOn;

struct ApiOptions {
    std::string public_url;             // "https://pay.example"; empty: loopback only
    std::string domain = "localhost";
    std::string support_address = "support@localhost";
    std::string house = "OKPay";        // as authenticator apps show it
    bool demonstration = false;
    std::string mail_policy;            // served where MTA-STS has it (mail/mta_sts.hpp); empty: there is none
    bool sign_up = false;               // the writer's: whether somebody can open an account by themselves
    // Answers that could tell by their time whether an address has an account come no sooner than this.
    std::chrono::milliseconds even_answer_takes{400};
    bool cookie_secure = true;          // false for plain http on loopback alone
    std::filesystem::path web_root;     // the built pages: web/dist
    std::chrono::milliseconds new_staff_waits = std::chrono::hours{24};  // the writer's, to say so before the click
    bool may_approve_alone = false;     // the writer's: a house of one person is allowed (desk::RemedyRules)
    std::function<Bytes(ByteView)> seal_hook_secret = {};  // of a web hook; empty: there are none here
    // Seals the secret of a new second factor (Keyring::seal, purpose "totp secret"): no key lives here.
    std::function<Bytes(ByteView)> seal_totp_secret;
    // Where staff sign in at the house's own provider, and the key of what it said until the second factor is shown
    // (Keyring::seal and unseal, purpose "staff sign-on"). Null: by password alone.
    std::shared_ptr<SignOn> sign_on = nullptr;
    std::function<Bytes(ByteView)> seal_sign_on = {};
    std::function<std::optional<Bytes>(ByteView)> unseal_sign_on = {};
    // A question to a passkey, made with the house's key. Empty: there are no passkeys here.
    std::function<Bytes(const customers::Challenge&)> make_challenge;
    std::chrono::milliseconds new_factor_waits = std::chrono::hours{24};  // before a customer's money goes to a new place
    // Reads what a customer typed; the error is a sentence behind the member's name. Empty: no rail is connected.
    std::function<Result<PreparedInstrument, std::string>(payments::RailDirection, std::string_view)> prepare_instrument;
    // Takes pictures of documents in and shows them. Null: no proof of identity here.
    std::shared_ptr<service::IdentityFiles> identity = nullptr;
    // Lists the files of mails and takes them out. Null: mails are shown without their files.
    std::shared_ptr<service::MailFiles> mail_files = nullptr;
    bool scans_files = false;  // a virus scanner is configured: who takes a file that it has not seen is warned
    // Seals what a customer hands in, for its command; nothing where the disk refused. Called on a worker. Empty: no files.
    std::function<std::optional<SealedFile>(ByteView)> seal_file;
    std::function<bool()> takes_traffic = [] { return true; };  // /readyz
    std::size_t read_threads = 4;  // not more than Queries has connections
    std::int64_t ledger_distance_max = service::ledger_distance_max;  // transfers read for one answer
    service::StatementLimits statement_limits = {};
    payments::Tariff tariff = {};  // the writer's, to show what is left of the limits
    const Clock* clock = nullptr;  // of the program; null: the system's
    std::shared_ptr<service::Search> search = nullptr;  // null: no search here
    // When the desk is staffed. Null: what a reply promises in working time is never sure.
    std::shared_ptr<const desk::WorkingHours> working_hours = nullptr;
    // Shows mails as they look. Outlives the API. Null: they are shown as text alone.
    ContentOrigin* content = nullptr;
    // Moves the clock of a test and answers once what fell due by it is done. Empty: no test, no such clock.
    std::function<awaitable<service::Answer>(service::Actor, Moment)> move_test_clock = {};
};

// Whether a request line's target takes a picture as its body: UploadLimits::takes_one.
bool takes_picture(std::string_view target);
// What a path asks of whoever comes, for documents and tests.
struct RouteInfo {
    Method method;
    std::string path;  // "/api/v1/tickets/{number}"
    std::string principal;  // open, page, staff, customer, case, merchant
    std::optional<customers::Permission> permission;  // of staff
};

class Api;
using OpenHandler = awaitable<Response> (*)(Api&, Request);
using StaffHandler = awaitable<Response> (*)(Api&, Request, SignedIn);
using CustomerHandler = awaitable<Response> (*)(Api&, Request, SignedInCustomer);
using CaseHandler = awaitable<Response> (*)(Api&, Request, service::CaseView);
using MerchantHandler = awaitable<Response> (*)(Api&, Request, customers::Merchant);

class Api {
public:
    Api(service::Service& service, service::Queries& queries, EventHub& events, Metrics& metrics, ApiOptions options);

    awaitable<Response> handle(Request request);

    [[nodiscard]] const std::vector<RouteInfo>& routes() const { return routes_; }

    // --- for the handlers
    [[nodiscard]] const ApiOptions& options() const { return options_; }
    [[nodiscard]] const WebRoot& web_root() const { return web_root_; }
    [[nodiscard]] const std::string& docs_page() const { return docs_page_; }
    [[nodiscard]] std::string_view dummy_password_phc() const { return dummy_password_phc_; }
    [[nodiscard]] Metrics& metrics() { return metrics_; }
    [[nodiscard]] EventHub& events() { return events_; }
    [[nodiscard]] ClientRates& client_rates() { return client_rates_; }
    [[nodiscard]] StrangerThrottle& strangers() { return strangers_; }
    // A member of staff is about to see this customer: nothing, or that they have seen too many. The first time the house
    // is told.
    awaitable<std::optional<Problem>> read_customer(const SignedIn& who, std::string customer);

    // The moment of what is done and shown. Sessions and blocks of sign-ins go by okpay::now(): people live by it.
    [[nodiscard]] Moment now() const { return options_.clock != nullptr ? options_.clock->now() : okpay::now(); }

    awaitable<service::Answer> submit(service::Actor actor, service::CommandBody body);
    // A money command as the request asks for it: done, or a dry run.
    awaitable<service::Answer> submit(const Request& asked, service::Actor actor, service::CommandBody body);
    awaitable<service::Answer> submit(service::Command command);
    // `query` is called with the Queries on a reading thread and owns what it uses.
    template <class Query>
    awaitable<std::invoke_result_t<Query&, service::Queries&>> read(Query query);
    // Waits until then, if it is not past.
    awaitable<void> no_sooner_than(std::chrono::steady_clock::time_point then);
    // On the few threads for password hashes; nothing where too many wait.
    template <class Work>
    awaitable<std::optional<std::invoke_result_t<Work&>>> hash(Work work);

    // On the one thread that sets documents in pages; nothing where too many wait.
    template <class Work>
    awaitable<std::optional<std::invoke_result_t<Work&>>> set_paper(Work work);

    // On the few threads that wait for the sandbox of pictures; nothing where too many wait.
    template <class Work>
    awaitable<std::optional<std::invoke_result_t<Work&>>> look_at_picture(Work work);

    // On the few threads that wait for the sandbox of the files of mails; nothing where too many wait.
    template <class Work>
    awaitable<std::optional<std::invoke_result_t<Work&>>> look_at_files(Work work);

    // A customer's number never changes: known ones are kept.
    awaitable<Result<std::optional<customers::CustomerNo>, Problem>> customer_no(CustomerId id);

private:
    struct StaffRoute {
        std::optional<customers::Permission> permission;  // none: whoever is signed in
        StaffHandler handler;
    };
    struct OpenRoute {
        OpenHandler handler;
        bool from_browser;  // then anything but GET must come from our own pages
    };
    struct Route {
        std::variant<OpenRoute, StaffRoute, CustomerHandler, CaseHandler, MerchantHandler> target;
        bool takes_dry_run;  // else one is refused, never taken for the real thing
    };

    void add_routes();
    awaitable<Response> dispatch(Request request, const Route& route);
    awaitable<Response> handle_staff(Request request, const StaffRoute& route);
    awaitable<Response> handle_customer(Request request, CustomerHandler handler);
    awaitable<Response> handle_case(Request request, CaseHandler handler);
    awaitable<Response> handle_merchant(Request request, MerchantHandler handler);

    service::Service& service_;
    service::Queries& queries_;
    EventHub& events_;
    Metrics& metrics_;
    const ApiOptions options_;
    const WebRoot web_root_;
    const std::string docs_page_;
    const std::string dummy_password_phc_;  // what a wrong address is checked against
    Router<Route> router_;
    ClientRates client_rates_;
    std::vector<RouteInfo> routes_;
    StrangerThrottle strangers_;
    ReadTally reads_;
    std::optional<Answers> answers_;
    struct KnownMerchant {
        customers::Merchant merchant;
        Moment until;
    };
    std::unordered_map<Bytes, KnownMerchant> merchants_;  // by the hash of the key
    std::unordered_map<CustomerId, customers::CustomerNo> customers_;
    Workers readers_;
    Workers hashers_;
    Workers papers_;
    Workers pictures_;
    Workers files_;
};

template <class Query>
awaitable<std::invoke_result_t<Query&, service::Queries&>> Api::read(Query query) {
    auto work = [this, query = std::move(query)]() mutable { return query(queries_); };
    auto found = co_await readers_.run(std::move(work));
    if (!found) co_return fail(service::QueryError::unavailable);
    co_return *std::move(found);
}

template <class Work>
awaitable<std::optional<std::invoke_result_t<Work&>>> Api::hash(Work work) {
    co_return co_await hashers_.run(std::move(work));
}

template <class Work>
awaitable<std::optional<std::invoke_result_t<Work&>>> Api::set_paper(Work work) {
    co_return co_await papers_.run(std::move(work));
}

template <class Work>
awaitable<std::optional<std::invoke_result_t<Work&>>> Api::look_at_picture(Work work) {
    co_return co_await pictures_.run(std::move(work));
}

template <class Work>
awaitable<std::optional<std::invoke_result_t<Work&>>> Api::look_at_files(Work work) {
    co_return co_await files_.run(std::move(work));
}

}  // namespace okpay::api
