// SPDX-License-Identifier: Apache-2.0
// Who may do what, asked of every route there is, over the real writer: the list comes from the router itself and is held
// against openapi.json, so a new route is asked as well, or this fails. Nobody gets data, and nothing changes, where the
// table says no; what is another's reads as what is not there; a member that nobody asked for is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <set>

#include "api/api.hpp"
#include "api/conflict.hpp"
#include "api/example_body_test.hpp"
#include "api/json.hpp"
#include "api/site.hpp"
#include "base/text.hpp"
#include "customers/change.hpp"
#include "customers/names.hpp"
#include "service/case_parts.hpp"
#include "service_fixture.hpp"
#include "store/delivery_store.hpp"
#include "store/factor_store.hpp"

namespace okpay::api {
namespace {

using customers::Role;
using okpay::testing::Letter;
using okpay::testing::ServiceFixture;
using okpay::testing::StaffMember;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Headers = std::vector<std::pair<std::string, std::string>>;

// Served by the program and no operation of the document: pages and the script of one.
const std::set<std::string> pages{"/",      "/console", "/console/*", "/account",    "/account/*",
                                  "/check", "/help",    "/help/*",    "/api/docs.js"};

// Stands in every text of the world that is somebody's.
constexpr std::string_view canary = "canary";

struct Principal {
    std::string name;
    std::string kind;  // as RouteInfo::principal; "nobody" for who is none
    Headers headers;
    std::optional<Role> role = std::nullopt;
};

class Matrix : public ::testing::Test {
protected:
    Matrix() {
        for (const Role role : customers::all_roles) {
            const std::string name{customers::name_of(role)};
            staff_.push_back(f_.staff(name + "@pay.example", name));
        }
        wang_ = f_.customer("canary.wang@example.org", "Canary Wang");
        zoe_ = f_.customer("zoe@example.org", "Zoe");
        coffee_ = merchant("Canary Coffee", "sk_coffee");
        books_ = merchant("Books", "sk_books");
        f_.top_up(wang_, 1'000'000);
        f_.pay(wang_, coffee_, 1'250, "k1", "canary-order");
        service::Pay held = f_.payment(wang_, coffee_, 2'000, "k2", "canary-held");
        held.manual_capture = true;
        f_.done(held, {service::ActorKind::merchant, coffee_});
        ticket_ = f_.receive(Letter{.from = "canary.wang@example.org", .subject = "canary", .text = "canary words"}).text;
        change_ = f_.done(service::AskChange{.change = f_.fresh<customers::ChangeId>().text(),
                                             .customer = wang_,
                                             .kind = "contact",
                                             .value = "canary.new@example.org",
                                             .session = 0,
                                             .seed = "s"},
                          {service::ActorKind::customer, wang_})
                      .text;
        f_.pass(std::chrono::duration_cast<Millis>(okpay::now() - f_.at()));  // sessions live by the system's time
        for (const std::int64_t customer : {wang_, zoe_}) {
            f_.done(service::SetCustomerPassword{.customer = customer, .password_phc = "$argon2id$x"});
            f_.done(service::SignInCustomer{.customer = customer,
                                            .session_token_hash = hash_hex(session_of(customer)),
                                            .session_expires = ms_of(okpay::now() + std::chrono::hours{2})});
        }
        // Another session of wang's, which wang may end; and a lock that stops nothing that is asked for here.
        f_.done(service::SignInCustomer{.customer = wang_,
                                        .session_token_hash = hash_hex(Bytes(session_token_octets, '2')),
                                        .session_expires = ms_of(okpay::now() + std::chrono::hours{2})});
        f_.done(service::PlaceLock{.customer = wang_, .scope = "payouts", .message_code = "under_review", .reason = "odd"},
                staff_.back().actor());
        const auto connection = f_.connect(store::Access::writer);
        for (const StaffMember& member : staff_) {
            store::insert_session(*connection, view_of(sha256(staff_session_of(member))), customers::StaffNo{member.no},
                                  okpay::now(), okpay::now() + std::chrono::hours{2});
        }
        // The case session of wang's request, opened by its link.
        const auto id = customers::CaseId::of(okpay::now(), "0123456789");
        f_.done(service::SendCaseLink{.access = id.text(), .ticket = ticket_, .seed = "s"}, staff_.front().actor());
        const service::HouseLink link{f_.context(), service::LinkPurpose::open_case, id.view()};
        f_.done(service::OpenCase{.link_hash = hex_of(view_of(link.hash())),
                                  .session_hash = hash_hex(Bytes(session_token_octets, 'c'))});
        learn_ids();
        service::SearchIndexer{f_.database(), service::search_database(f_.database())}.catch_up([] { return false; });
    }

    std::int64_t merchant(const std::string& name, std::string_view key) {
        return f_
            .done(service::RegisterMerchant{.merchant = f_.fresh<MerchantId>().text(),
                                            .name = name,
                                            .api_key_hash = hex_of(view_of(sha256(key))),
                                            .currencies = {"CNY", "USD"}})
            .number;
    }
    static std::string hash_hex(ByteView octets) { return hex_of(view_of(sha256(octets))); }
    static Bytes session_of(std::int64_t customer) { return Bytes(session_token_octets, static_cast<char>('A' + customer)); }
    static Bytes staff_session_of(const StaffMember& member) {
        return Bytes(session_token_octets, static_cast<char>('a' + member.no));
    }
    static Headers cookie(const SessionKind& kind, ByteView token) {
        return {{"Cookie", fmt::format("{}={}", kind.cookie_name, base64url_of(token))},
                {"Origin", "http://localhost:8080"}};
    }
    Principal customer(std::int64_t no, std::string name) const {
        return {.name = std::move(name), .kind = "customer", .headers = cookie(customer_session, session_of(no))};
    }
    static Principal merchant_of(const std::string& key, std::string name) {
        return {.name = std::move(name),
                .kind = "merchant",
                .headers = {{"Authorization", "Bearer " + key}, {"Origin", "http://localhost:8080"}}};
    }
    std::vector<Principal> principals() const {
        std::vector<Principal> all{
            {.name = "nobody", .kind = "nobody", .headers = {{"Origin", "http://localhost:8080"}}},
            {.name = "made-up sessions",
             .kind = "nobody",
             .headers = {{"Cookie", fmt::format("okpay_staff={0}; okpay_customer={0}; okpay_case={0}",
                                                base64url_of(Bytes(session_token_octets, '!')))},
                         {"Origin", "http://localhost:8080"},
                         {"Authorization", "Bearer sk_made_up"}}},
            // A session of one kind in the cookie of another.
            {.name = "customer's token as staff", .kind = "nobody", .headers = cookie(staff_session, session_of(wang_))},
            customer(wang_, "customer"),
            customer(zoe_, "another customer"),
            merchant_of("sk_coffee", "merchant"),
            merchant_of("sk_books", "another merchant"),
            {.name = "case session", .kind = "case", .headers = cookie(case_session, Bytes(session_token_octets, 'c'))},
        };
        for (std::size_t i = 0; i < staff_.size(); ++i) {
            all.push_back({.name = std::string{customers::name_of(customers::all_roles[i])},
                           .kind = "staff",
                           .headers = cookie(staff_session, staff_session_of(staff_[i])),
                           .role = customers::all_roles[i]});
        }
        return all;
    }

    Response call(Method method, const std::string& target, Headers headers, std::string body = "") {
        Request request{.method = method, .message = {}, .path = "", .query = "", .params = {}, .peer = "test"};
        request.message.set("Host", "localhost:8080");
        if (method == Method::post) request.message.set("Content-Type", "application/json");
        headers.emplace_back("Idempotency-Key", fmt::format("matrix-{}", ++keys_));
        for (const auto& [name, value] : headers) request.message.set(name, value);
        request.message.body() = std::move(body);
        EXPECT_TRUE(set_target(request, target)) << target;
        std::optional<Response> response;
        asio::co_spawn(io_, api_.handle(std::move(request)), [&](std::exception_ptr failure, Response answered) {
            EXPECT_FALSE(failure) << target;
            response = std::move(answered);
        });
        io_.restart();
        io_.run();
        EXPECT_TRUE(response) << target;
        return response.value_or(Response{});
    }
    static json::value parsed(const Response& response) {
        boost::system::error_code error;
        json::value value = json::parse(response.body, error);
        return error ? json::value(nullptr) : value;
    }
    static std::string code_of(const Response& response) {
        const json::value body = parsed(response);
        const json::object* object = body.if_object();
        const json::value* code = object != nullptr ? object->if_contains("code") : nullptr;
        return code != nullptr && code->is_string() ? std::string{code->get_string().c_str()} : "";
    }

    // What is there of wang's and of coffee's, by the part of the path in front of the parameter.
    void learn_ids() {
        const Principal wang = customer(wang_, "customer");
        const auto first = [&](const std::string& path, const Headers& headers) {
            const json::value page = parsed(call(Method::get, path, headers));
            return std::string{page.at("items").at(0).at("id").as_string().c_str()};
        };
        owned_["/api/v1/me/payments/"] = first("/api/v1/me/payments?kind=merchant_payment&state=succeeded", wang.headers);
        owned_["/api/v1/payments/"] = first("/api/v1/payments", merchant_of("sk_coffee", "").headers);
        const Response request = call(Method::post, "/api/v1/me/money-requests", wang.headers,
                                      R"({"amount":{"amount":"1.00","currency":"CNY"},"memo":"canary",)"
                                      R"("payer":"nobody@example.org"})");
        ASSERT_EQ(request.status, 201U) << request.body;
        owned_["/api/v1/me/money-requests/"] = std::string{parsed(request).at("id").as_string().c_str()};
        const std::string first_on = rfc3339(okpay::now() + std::chrono::days{100}).substr(0, 10);
        const Response schedule =
            call(Method::post, "/api/v1/me/scheduled-transfers", wang.headers,
                 R"({"to":"zoe@example.org","amount":{"amount":"1.00","currency":"CNY"},"memo":"canary","first_on":")" +
                     first_on + R"(","every":"month","times":0})");
        ASSERT_EQ(schedule.status, 201U) << schedule.body;
        owned_["/api/v1/me/scheduled-transfers/"] = std::string{parsed(schedule).at("id").as_string().c_str()};
        owned_["/api/v1/me/changes/"] = change_;
        owned_["/api/v1/me/requests/"] = ticket_;
        owned_["/api/v1/me/passkeys/"] = "17";
        owned_["/api/v1/me/sessions/"] = std::to_string(f_.integer("SELECT max(no) FROM customer_session"));
        for (const char* locks : {"/api/v1/me/locks/", "/api/v1/locks/"}) owned_[locks] = "1";
        owned_["/api/v1/lock-releases/"] = "1";  // none yet
        const Response verification = call(Method::post, "/api/v1/me/verifications", wang.headers,
                                           R"({"document":"passport","country":"GBR","name":"Canary Wang",)"
                                           R"("birth_date":"1990-04-15","document_number":"533380006","consent":true})");
        ASSERT_EQ(verification.status, 201U) << verification.body;
        const std::string verification_id{parsed(verification).at("id").as_string().c_str()};
        for (const char* of : {"/api/v1/me/verifications/", "/api/v1/verifications/"}) owned_[of] = verification_id;
        store::insert_passkey(*f_.connect(store::Access::writer), {.no = 17,
                                                                   .customer = customers::CustomerNo{wang_},
                                                                   .credential_id = "credential",
                                                                   .public_key = "key",
                                                                   .name = "canary phone",
                                                                   .aaguid = Bytes(16, '\0'),
                                                                   .created = okpay::now(),
                                                                   .last_used = std::nullopt});
        const Response profile = call(Method::get, "/api/v1/me", wang.headers);
        const std::string id{parsed(profile).at("id").as_string().c_str()};
        // Every customer may see the name behind an id that they were given: that is what a pay code is for.
        owned_["/api/v1/me/payees/"] = id;
        owned_["/api/v1/customers/"] = id;
        owned_["/api/v1/tickets/"] = ticket_;
        for (const char* faq : {"/api/v1/faq/", "/api/v1/faq-articles/"}) owned_[faq] = "fees";
        owned_["/api/v1/accounts/"] = std::to_string(f_.wallet_of(wang_));
        owned_["/api/v1/ledger/accounts/"] = std::to_string(f_.wallet_of(wang_));
        owned_["/api/v1/ledger/payments/"] = owned_["/api/v1/payments/"];
        owned_["/api/v1/changes/"] = change_;
        owned_["/api/v1/merchants/"] = merchant_id();
        owned_["/api/v1/rail-calls/"] = owned_["/api/v1/payments/"];
        const Response hook = call(Method::post, "/api/v1/webhook-endpoints", merchant_of("sk_coffee", "").headers,
                                   R"({"url":"https://canary.example/h","events":[]})");
        ASSERT_EQ(hook.status, 201U) << hook.body;
        owned_["/api/v1/webhook-endpoints/"] = std::string{parsed(hook).at("id").as_string().c_str()};
        for (const char* none_yet :
             {"/api/v1/suppressed-addresses/", "/api/v1/mail-brakes/", "/api/v1/held-mails/", "/api/v1/quarantine/",
              "/api/v1/macros/", "/api/v1/incidents/", "/api/v1/counterparties/", "/api/v1/rules/"}) {
            owned_[none_yet] = "1";
        }
        for (const char* nothing_yet :
             {"/api/v1/remedies/", "/api/v1/corrections/", "/api/v1/erasures/", "/api/v1/staff-approvals/",
              "/api/v1/disputes/", "/api/v1/house-webhook-endpoints/", "/api/v1/routing/staff/", "/api/v1/staff-members/"}) {
            owned_[nothing_yet] = fresh_id<RemedyId>().text();
        }
    }
    std::string merchant_id() {
        std::string id;
        f_.connect()->query(fmt::format("SELECT id FROM merchant WHERE no = {}", coffee_), {},
                            [&](const store::Row& row) { id = MerchantId::of_bytes(row.text(0)).value().text(); });
        return id;
    }
    // The route with what is there in place of its parameter; nothing where nobody has said what that is.
    std::optional<std::string> target_of(const RouteInfo& route, const std::optional<std::string>& instead = {}) {
        std::string path = route.path;
        if (path.ends_with("/*")) path.replace(path.size() - 1, 1, "page");
        const auto open = path.find('{');
        if (open == std::string::npos) return path;
        const auto close = path.find('}', open);
        const auto known = owned_.find(path.substr(0, open));
        if (known == owned_.end()) return std::nullopt;
        return path.replace(open, close - open + 1, instead.value_or(known->second));
    }
    // Everything that a command could have changed.
    std::int64_t changes() {
        return f_.integer(
            "SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM payment) + (SELECT count(*) FROM transfer) + "
            "(SELECT count(*) FROM message) + (SELECT count(*) FROM ticket_event) + (SELECT count(*) FROM remedy) + "
            "(SELECT count(*) FROM outgoing_mail) + (SELECT count(*) FROM customer_change WHERE ended IS NOT NULL) + "
            "(SELECT count(*) FROM case_file) + (SELECT count(*) FROM case_access) + (SELECT sum(level) FROM customer)");
    }

    ServiceFixture f_{store::Engine::sqlite};
    std::vector<StaffMember> staff_;  // in the order of all_roles
    std::int64_t wang_ = 0, zoe_ = 0, coffee_ = 0, books_ = 0;
    std::string ticket_, change_;
    std::map<std::string, std::string> owned_;
    int keys_ = 0;
    asio::io_context io_;
    service::Queries queries_{f_.database(), 2};
    std::shared_ptr<service::IdentityFiles> identity_ =
        std::make_shared<service::IdentityFiles>(store::Keyring{Secret{std::string(32, 'k')}}, std::nullopt,
                                                 sandbox::ChildOptions{});
    Metrics metrics_;
    EventHub events_{io_.get_executor(), okpay::now()};
    Api api_{
        f_.writer(), queries_, events_, metrics_,
        ApiOptions{.cookie_secure = false,
                   .web_root = {},
                   .seal_hook_secret =
                       [this](ByteView plain) { return f_.context().keyring().seal(plain, store::hook_secret_purpose); },
                   .seal_totp_secret = [](ByteView plain) { return Bytes{plain}; },
                   .identity = identity_,
                   .seal_file = [](ByteView) { return SealedFile{.object_key = "aw==", .sealed = "cw==", .blob = ""}; },
                   .read_threads = 2,
                   .search = std::make_shared<service::Search>(f_.database(), service::search_database(f_.database()), 2)}};
    const json::value document_ = json::parse(openapi_document());
};

std::string scheme_of(const std::string& principal) {
    if (principal == "staff") return "staff_session";
    if (principal == "customer") return "customer_session";
    if (principal == "case") return "case_session";
    if (principal == "merchant") return "merchant_key";
    return "";
}

TEST_F(Matrix, the_document_names_every_route_and_says_who_may_come) {
    std::set<std::pair<std::string, std::string>> routed, documented;
    for (const RouteInfo& route : api_.routes()) {
        if (pages.contains(route.path)) continue;
        const std::string method = route.method == Method::get ? "get" : "post";
        EXPECT_TRUE(routed.emplace(method, route.path).second) << "twice: " << method << " " << route.path;
        const json::object* path = document_.at("paths").as_object().if_contains(route.path) != nullptr
                                       ? &document_.at("paths").at(route.path).as_object()
                                       : nullptr;
        ASSERT_TRUE(path != nullptr && path->contains(method)) << "not documented: " << method << " " << route.path;
        const json::array& security = path->at(method).at("security").as_array();
        const std::string wanted = scheme_of(route.principal);
        EXPECT_EQ(security.empty() ? "" : std::string{security.front().as_object().begin()->key()}, wanted) << route.path;
    }
    for (const auto& path : document_.at("paths").as_object()) {
        for (const auto& operation : path.value().as_object()) documented.emplace(operation.key(), path.key());
    }
    EXPECT_EQ(routed, documented);
}

TEST_F(Matrix, every_route_answers_every_principal_as_the_table_says) {
    std::int64_t asked = 0;
    for (const RouteInfo& route : api_.routes()) {
        const auto target = target_of(route);
        ASSERT_TRUE(target) << "say what is at " << route.path << " (learn_ids)";
        if (route.path == "/api/v1/events") continue;  // below: its answer does not end
        for (const Principal& who : principals()) {
            if (route.principal == "open" || route.principal == "page") continue;
            const bool comes_in = who.kind == route.principal;
            const bool may =
                comes_in && (who.role == std::nullopt || !route.permission || customers::may(*who.role, *route.permission));
            // What ends the session would leave the next one outside.
            if (may && (route.path.ends_with("/sign-out") || route.path == "/api/v1/case/end")) continue;
            const std::string said =
                fmt::format("{} {} as {}", route.method == Method::get ? "GET" : "POST", *target, who.name);
            const std::int64_t before = may ? 0 : changes();
            const Response answer = call(route.method, *target, who.headers, route.method == Method::post ? "{}" : "");
            ++asked;
            if (may) {
                EXPECT_NE(code_of(answer), "not_permitted") << said;
                EXPECT_THAT(code_of(answer), Not(AnyOf("not_signed_in", "bad_key", "case_ended"))) << said;
                EXPECT_NE(answer.status, 500U) << said;
                continue;
            }
            EXPECT_EQ(answer.status, comes_in ? 403U : 401U) << said << ": " << answer.body;
            EXPECT_THAT(code_of(answer), AnyOf("not_signed_in", "bad_key", "case_ended", "not_permitted")) << said;
            EXPECT_THAT(ascii_lower(answer.body), Not(HasSubstr(std::string{canary}))) << said;
            EXPECT_EQ(changes(), before) << said << " changed something";
        }
    }
    EXPECT_GT(asked, 1'000);
    EXPECT_EQ(call(Method::get, "/api/v1/events", customer(wang_, "").headers).status, 401U);
    EXPECT_THAT(f_.faults(), ::testing::IsEmpty());
}

TEST_F(Matrix, what_is_anothers_reads_as_what_is_not_there) {
    const Principal zoe = customer(zoe_, "another customer");
    const Principal books = merchant_of("sk_books", "another merchant");
    int asked = 0;
    for (const RouteInfo& route : api_.routes()) {
        const bool owned =
            route.path.find('{') != std::string::npos && (route.principal == "customer" || route.principal == "merchant");
        if (!owned || route.path.starts_with("/api/v1/me/payees/")) continue;
        const auto target = target_of(route);
        ASSERT_TRUE(target) << route.path;
        const Principal& stranger = route.principal == "customer" ? zoe : books;
        // Of the same shape, and nobody's.
        std::string none = owned_.at(route.path.substr(0, route.path.find('{')));
        char& digit = none[none.size() < 2 ? 0 : none.size() - 2];
        digit = digit == '8' ? '9' : '8';
        const std::string body = route.method == Method::get ? "" : "{}";
        const std::int64_t before = changes();
        const Response theirs = call(route.method, *target, stranger.headers, body);
        const Response missing = call(route.method, target_of(route, none).value(), stranger.headers, body);
        ++asked;
        EXPECT_EQ(theirs.status, missing.status) << *target << theirs.body << missing.body;
        EXPECT_EQ(theirs.body, missing.body) << *target;
        EXPECT_THAT(theirs.status, AnyOf(404U, 400U, 403U)) << *target << theirs.body;
        EXPECT_THAT(ascii_lower(theirs.body), Not(HasSubstr(std::string{canary}))) << *target;
        EXPECT_EQ(changes(), before) << *target;
    }
    EXPECT_GE(asked, 12);
}

TEST_F(Matrix, another_site_changes_nothing_with_a_session_of_ours) {
    for (const RouteInfo& route : api_.routes()) {
        if (route.method != Method::post || route.principal == "merchant" || route.principal == "open") continue;
        Principal who = customer(wang_, "customer");
        if (route.principal == "staff") who.headers = cookie(staff_session, staff_session_of(staff_.back()));
        if (route.principal == "case") who.headers = cookie(case_session, Bytes(session_token_octets, 'c'));
        for (const char* origin : {"https://evil.example", "null", "http://localhost:8080.evil.example"}) {
            who.headers.back().second = origin;
            EXPECT_EQ(code_of(call(Method::post, target_of(route).value(), who.headers, "{}")), "origin_refused")
                << route.path << " from " << origin;
        }
    }
}

// --- bodies

TEST_F(Matrix, a_member_that_nobody_asked_for_is_refused_everywhere_and_so_is_one_that_stands_twice) {
    const Bodies bodies{document_};
    // What somebody would like to set: of a customer, of staff, of a payment, of a change.
    const std::vector<std::string> wishes{"level", "standing", "customer_no", "role",  "amount_minor",
                                          "fee",   "created",  "assurance",   "owner", "__proto__"};
    int asked = 0;
    for (const RouteInfo& route : api_.routes()) {
        if (route.method != Method::post) continue;
        const json::value& operation = document_.at("paths").at(route.path).at("post");
        const json::value* content =
            operation.as_object().contains("requestBody")
                ? operation.at("requestBody").at("content").as_object().if_contains("application/json")
                : nullptr;
        if (content == nullptr) continue;  // nothing of a body is read
        if (route.path == "/api/v1/test-clock") continue;  // there is none here, which is said first
        Principal who = customer(wang_, "customer");
        if (route.principal == "staff") who.headers = cookie(staff_session, staff_session_of(staff_.back()));
        if (route.principal == "case") who.headers = cookie(case_session, Bytes(session_token_octets, 'c'));
        if (route.principal == "merchant") who.headers = merchant_of("sk_coffee", "").headers;
        json::object body = bodies.of(content->at("schema")).as_object();
        const json::value* printed = operation.as_object().if_contains("x-example");
        if (route.path.ends_with("/payout-account")) body = printed->at("body").as_object();
        if (route.path.ends_with("/step-up")) body["password"] = "one of the three that it may be";
        const std::string target = target_of(route).value();
        const std::int64_t before = changes();
        for (const std::string& wish : wishes) {
            if (body.contains(wish)) continue;
            json::object with = body;
            with[wish] = 3;
            const Response answer = call(Method::post, target, who.headers, json::serialize(with));
            ++asked;
            // The first thing that is wrong is named; where that is another, this one was not looked at.
            EXPECT_EQ(answer.status, 400U) << target << " with " << json::serialize(with) << ": " << answer.body;
            if (answer.status == 400U) {
                EXPECT_EQ(code_of(answer), "malformed") << target << answer.body;
                EXPECT_THAT(answer.body, HasSubstr("/" + wish)) << target << " with " << json::serialize(with);
            }
        }
        if (body.empty()) continue;
        std::string twice = json::serialize(body);
        const std::string name{body.begin()->key()};
        twice.insert(1, fmt::format("\"{}\":{},", name, json::serialize(body.begin()->value())));
        const Response answer = call(Method::post, target, who.headers, twice);
        EXPECT_EQ(answer.status, 400U) << target << " " << twice << answer.body;
        EXPECT_THAT(answer.body, HasSubstr("twice")) << target << " " << twice;
        EXPECT_EQ(changes(), before) << target;
    }
    EXPECT_GT(asked, 250);
}

// Lists of the ledger show the books as a whole.
bool is_of_the_books(std::string_view path) {
    return path.starts_with("/api/v1/ledger/") || path.starts_with("/api/v1/corrections");
}

TEST_F(Matrix, who_has_to_do_with_a_customer_finds_nothing_of_theirs) {
    for (const StaffMember& member : staff_) { f_.done(service::RelateStaff{member.no, wang_, "household"}); }
    store::insert_suppressed(*f_.connect(store::Access::writer),
                             {.no = 1,
                              .address = "canary.wang@example.org",
                              .reason = mail::BounceReason::address_unknown,
                              .status = "5.1.1",
                              .diagnostic = "canary",
                              .outgoing = f_.integer("SELECT min(no) FROM outgoing_mail"),
                              .since = okpay::now(),
                              .lifted = okpay::now()});
    int asked = 0, listed = 0;
    for (const RouteInfo& route : api_.routes()) {
        if (route.principal != "staff" || route.path.ends_with("/events") || route.path.ends_with("/sign-out")) continue;
        if (route.path.ends_with("/test-clock")) continue;  // there is none here
        const bool names_one = route.path.find('{') != std::string::npos;
        if (!names_one && (route.method == Method::post || is_of_the_books(route.path))) continue;
        const auto target = target_of(route);
        ASSERT_TRUE(target) << route.path;
        const auto kind = subject_of(route.path);
        if (names_one) {
            ASSERT_TRUE(kind) << "say in api/conflict.cpp whose " << route.path << " is";
            if (*kind == SubjectKind::nobody || *kind == SubjectKind::correction) continue;
        }
        for (const Principal& who : principals()) {
            if (who.kind != "staff" || (route.permission && !customers::may(*who.role, *route.permission))) continue;
            const std::string said = fmt::format("{} as {}", *target, who.name);
            const std::int64_t before = changes();
            const bool nothing_there = names_one && (*kind == SubjectKind::remedy || *kind == SubjectKind::lock_release ||
                                                     *kind == SubjectKind::erasure);
            const Response answer = call(route.method, *target, who.headers, route.method == Method::post ? "{}" : "");
            if (names_one) {
                // Of what is not there an empty body is refused first, for everybody.
                EXPECT_THAT(answer.status, AnyOf(404U, nothing_there ? 400U : 404U)) << said << answer.body;
                ++asked;
            } else {
                EXPECT_EQ(answer.status, 200U) << said << answer.body;
                ++listed;
            }
            EXPECT_THAT(ascii_lower(answer.body), Not(HasSubstr(std::string{canary}))) << said;
            EXPECT_EQ(changes(), before) << said;
        }
    }
    EXPECT_GT(asked, 80);
    EXPECT_GT(listed, 20);
    // Of another customer everything is as ever.
    std::string zoe;
    f_.connect()->query("SELECT id FROM customer WHERE no = $1", {zoe_},
                        [&](const store::Row& row) { zoe = CustomerId::of_bytes(row.text(0)).value().text(); });
    EXPECT_EQ(call(Method::get, "/api/v1/customers/" + zoe, cookie(staff_session, staff_session_of(staff_.front()))).status,
              200U);
}

TEST_F(Matrix, a_customer_sees_nothing_of_notes_of_whom_they_name_and_of_who_follows) {
    f_.done(service::AddNote{.ticket = ticket_,
                             .message_id = f_.fresh<MessageId>().text(),
                             .text = "whispered to @supervisor",
                             .mentions = {staff_[3].no}},
            staff_[0].actor());
    f_.done(service::FollowTicket{ticket_}, staff_[1].actor());
    f_.ask_outside(ticket_, staff_[0], "whispers@bank.example", "Whispered outside.");
    for (const std::string& target : {"/api/v1/me/requests/" + ticket_, std::string{"/api/v1/me/requests"},
                                      std::string{"/api/v1/me/export"}, std::string{"/api/v1/case"}}) {
        const bool by_link = target.ends_with("/case");
        const Headers who =
            by_link ? cookie(case_session, Bytes(session_token_octets, 'c')) : cookie(customer_session, session_of(wang_));
        const Response answer = call(Method::get, target, who);
        if (!target.ends_with("/export")) EXPECT_EQ(answer.status, 200U) << target << answer.body;
        for (const char* word :
             {"whispered", "supervisor", "mention", "follow", "seen_mark", "unseen", "side_", "bank.example"})
            EXPECT_THAT(ascii_lower(answer.body), Not(HasSubstr(word))) << target;
    }
    for (const char* more : {"/colleagues", "/follow", "/unfollow", "/seen"}) {
        const bool reads = std::string_view{more} == "/colleagues";
        const Response answer = call(reads ? Method::get : Method::post, "/api/v1/tickets/" + ticket_ + more,
                                     cookie(customer_session, session_of(wang_)), reads ? "" : R"({"mark":"1.1"})");
        EXPECT_EQ(answer.status, 401U) << more << answer.body;
    }
}

TEST_F(Matrix, a_search_finds_nothing_of_whom_one_has_to_do_with) {
    const Headers agent = cookie(staff_session, staff_session_of(staff_.front()));
    const auto found = [&] {
        const Response answer = call(Method::get, "/api/v1/search?q=canary", agent);
        EXPECT_EQ(answer.status, 200U) << answer.body;
        return parsed(answer).at("items").as_array().size();
    };
    EXPECT_GE(found(), 4);  // the customer, the request, two payments
    f_.done(service::RelateStaff{staff_.front().no, wang_, "household"}, staff_.back().actor());
    EXPECT_EQ(found(), 0);
    EXPECT_EQ(call(Method::get, "/api/v1/search?q=x&kind=what", agent).status, 400U);
    EXPECT_EQ(call(Method::get, "/api/v1/search?q=" + std::string(900, 'x'), agent).status, 400U);
    EXPECT_EQ(call(Method::get, "/api/v1/search?q=%22%22+-+from:", agent).status, 200U);
}

TEST_F(Matrix, whoever_reads_many_customers_is_slowed_down_and_the_administrators_are_told) {
    const Headers agent = cookie(staff_session, staff_session_of(staff_.front()));
    const Headers risk = cookie(staff_session, staff_session_of(staff_[2]));
    std::vector<std::string> customers;
    f_.pass(Millis{1});
    for (std::size_t i = 0; i <= ReadTally::customers_max; ++i) {
        const std::string id = f_.fresh<CustomerId>().text();
        f_.done(service::RegisterCustomer{.customer = id,
                                          .email = fmt::format("many{}@example.org", i),
                                          .name = "Many",
                                          .language = "en",
                                          .zone = "UTC",
                                          .currencies = {"CNY"}});
        customers.push_back(id);
    }
    const auto read = [&](const std::string& id, const Headers& who) {
        return call(Method::get, "/api/v1/customers/" + id, who).status;
    };
    for (std::size_t i = 0; i < ReadTally::customers_max; ++i) ASSERT_EQ(read(customers[i], agent), 200U) << i;
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'bulk_read_alarm'"), 0);
    EXPECT_EQ(read(customers.back(), agent), 429U);
    EXPECT_EQ(read(customers.back(), agent), 429U);
    EXPECT_EQ(read(customers.front(), agent), 200U) << "the work at hand goes on";
    EXPECT_EQ(read(customers.back(), risk), 200U) << "others are not slowed down";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM audit WHERE action = 'bulk_read_alarm'"), 1) << "once";
    EXPECT_EQ(f_.integer("SELECT count(*) FROM outgoing_mail WHERE kind = 'bulk_read_alarm'"), 1);
}

}  // namespace
}  // namespace okpay::api
