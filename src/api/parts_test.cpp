// SPDX-License-Identifier: Apache-2.0
// What can be judged without a server: paths, bodies, doors, the table of problems.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <set>

#include "api/client_rates.hpp"
#include "api/docs_page.hpp"
#include "api/gate.hpp"
#include "api/json.hpp"
#include "api/qr_code.hpp"
#include "api/router.hpp"
#include "api/site.hpp"
#include "api/web_root.hpp"
#include "desk/remedy.hpp"
#include "payments/names.hpp"

namespace okpay::api {
namespace {

Request request_with(std::initializer_list<std::pair<std::string, std::string>> headers, std::string body = "") {
    Request request;
    for (const auto& [name, value] : headers) request.message.set(name, value);
    request.message.body() = std::move(body);
    return request;
}

Request json_request(std::string body) { return request_with({{"Content-Type", "application/json"}}, std::move(body)); }

// --- Router

struct PathCase {
    std::string_view pattern, path;
    std::optional<std::vector<std::string>> want;
};

TEST(Pattern, reads_paths) {
    using Params = std::vector<std::string>;
    const std::vector<PathCase> cases{
        {"/api/v1/tickets", "/api/v1/tickets", Params{}},
        {"/api/v1/tickets", "/api/v1/tickets/", std::nullopt},
        {"/api/v1/tickets", "/api/v1/ticket", std::nullopt},
        {"/api/v1/tickets/{n}", "/api/v1/tickets/OK-7F3K9Q2", Params{"OK-7F3K9Q2"}},
        {"/api/v1/tickets/{n}", "/api/v1/tickets/", std::nullopt},
        {"/api/v1/tickets/{n}", "/api/v1/tickets/a/b", std::nullopt},
        {"/api/v1/tickets/{n}", "/api/v1/tickets/a%2Fb", Params{"a/b"}},
        {"/api/v1/tickets/{n}", "/api/v1/tickets/%zz", std::nullopt},
        {"/api/v1/tickets/{n}", "/api/v1/tickets/%00", std::nullopt},
        {"/api/v1/tickets/{n}", "/api/v1/tickets/%ff", std::nullopt},
        {"/api/v1/tickets/{n}/ledger", "/api/v1/tickets/x/ledger", Params{"x"}},
        {"/api/v1/tickets/{n}/ledger", "/api/v1/tickets//ledger", std::nullopt},
        {"/", "/", Params{}},
        {"/", "/x", std::nullopt},
        {"/console/*", "/console/tickets/OK-1", Params{}},
        {"/console/*", "/consoles", std::nullopt},
    };
    for (const PathCase& c : cases) EXPECT_EQ(Pattern{c.pattern}.match(c.path), c.want) << c.pattern << " " << c.path;
}

TEST(Router, tells_a_wrong_method_from_a_wrong_path) {
    Router<int> router;
    router.add(Method::get, "/a/{x}", 1);
    router.add(Method::post, "/b", 2);
    Request request;
    request.path = "/a/7";
    ASSERT_TRUE(router.find(request));
    EXPECT_EQ(**router.find(request), 1);
    EXPECT_EQ(request.params, std::vector<std::string>{"7"});
    request.path = "/b";
    EXPECT_EQ(router.find(request).error(), RouteError::method_not_allowed);
    request.path = "/c";
    EXPECT_EQ(router.find(request).error(), RouteError::no_such_path);
}

TEST(Request, query_and_cookies) {
    Request request = request_with({{"Cookie", "a=1; okpay_staff=tok=en; b=2"}});
    ASSERT_TRUE(set_target(request, "/x?q=%E4%BD%A0+hi&limit=5&empty="));
    EXPECT_EQ(request.path, "/x");
    EXPECT_EQ(request.query_value("q"), "你 hi");
    EXPECT_EQ(request.query_value("empty"), "");
    EXPECT_EQ(request.query_value("none"), std::nullopt);
    EXPECT_EQ(request.cookie("okpay_staff"), "tok=en");
    EXPECT_EQ(request.cookie("staff"), std::nullopt);
    EXPECT_FALSE(set_target(request, "http://elsewhere/x"));
}

// --- Bodies

struct BodyCase {
    std::string_view name, text, number, amount, list, more, want;  // of the detail; empty where it is right
};

TEST(BodyReader, names_what_is_wrong_by_its_pointer) {
    constexpr std::string_view dollar = R"({"amount":"12.50","currency":"USD"})";
    constexpr std::array cases{
        BodyCase{"right", R"("a")", "1", dollar, R"(["x"])", "", ""},
        BodyCase{"null", "null", "1", dollar, "[]", "", "/text: must be a string and is null"},
        BodyCase{"unknown", R"("a")", "1", dollar, "[]", R"(,"x":1)", "/x: is not known"},
        BodyCase{"unknown inside", R"("a")", "1", R"({"amount":"1","currency":"USD","y":2})", "[]", "",
                 "/amount/y: is not known"},
        BodyCase{"number for text", "5", "1", dollar, "[]", "", "/text: must be a string"},
        BodyCase{"fraction", R"("a")", "1.5", dollar, "[]", "", "/n: must be a whole number"},
        BodyCase{"amount as number", R"("a")", "1", R"({"amount":12.5,"currency":"USD"})", "[]", "",
                 "/amount/amount: must be a string"},
        BodyCase{"decimals", R"("a")", "1", R"({"amount":"1.005","currency":"USD"})", "[]", "",
                 "/amount/amount: must be a decimal"},
        BodyCase{"yen", R"("a")", "1", R"({"amount":"1.5","currency":"JPY"})", "[]", "", "at most 0 decimals"},
        BodyCase{"half an amount", R"("a")", "1", R"({"amount":"1"})", "[]", "", "/amount/currency: is missing"},
        BodyCase{"no currency", R"("a")", "1", R"({"amount":"1","currency":"XXX"})", "[]", "", "/amount/currency"},
        BodyCase{"lower case", R"("a")", "1", R"({"amount":"1","currency":"usd"})", "[]", "", "/amount/currency"},
        BodyCase{"too long", R"("abcdefghijk")", "1", dollar, "[]", "", "/text: has more than 10 characters"},
        BodyCase{"ten Chinese characters", R"("一二三四五六七八九十")", "1", dollar, "[]", "", ""},
        BodyCase{"U+0000", R"("a\u0000")", "1", dollar, "[]", "", "U+0000"},
        BodyCase{"item", R"("a")", "1", dollar, R"(["x",7])", "", "/list/1: must be a string"},
        BodyCase{"too many items", R"("a")", "1", dollar, R"(["x","x","x","x"])", "", "/list: has more than 3 items"},
        BodyCase{"no list", R"("a")", "1", dollar, "{}", "", "/list: must be an array and is an object"},
        BodyCase{"deep", "[[[[[[[[[[[[]]]]]]]]]]]]", "1", dollar, "[]", "", "not JSON"},
    };
    for (const BodyCase& c : cases) {
        SCOPED_TRACE(c.name);
        BodyReader body{json_request(
            fmt::format(R"({{"text":{},"n":{},"amount":{},"list":{}{}}})", c.text, c.number, c.amount, c.list, c.more))};
        body.text("text", {.characters_max = 10});
        body.integer("n");
        body.amount("amount");
        body.texts("list", 3, 10);
        const auto wrong = body.wrong();
        ASSERT_EQ(wrong.has_value(), !c.want.empty());
        if (!wrong) continue;
        EXPECT_EQ(wrong->code, "malformed");
        EXPECT_NE(wrong->detail.find(c.want), std::string::npos) << wrong->detail;
    }
}

TEST(BodyReader, wants_an_object_with_its_members) {
    const auto detail = [](std::string body) {
        BodyReader reader{json_request(std::move(body))};
        reader.text("text", {.characters_max = 10});
        return reader.wrong().value().detail;
    };
    EXPECT_EQ(detail("{"), "The body is not JSON.");
    EXPECT_EQ(detail("[]"), "The body must be an object and is an array.");
    EXPECT_EQ(detail("{}"), "/text: is missing.");
}

TEST(BodyReader, wants_json_by_name) {
    EXPECT_TRUE(BodyReader{request_with({{"Content-Type", "text/plain"}}, "{}")}.wrong().has_value());
    EXPECT_TRUE(BodyReader{request_with({}, "{}")}.wrong().has_value());
    EXPECT_FALSE(BodyReader{request_with({{"Content-Type", "application/json; charset=utf-8"}}, "{}")}.wrong().has_value());
}

// --- Doors

struct OriginCase {
    std::string_view name, origin, site, host, public_url;
    bool want;
};

TEST(Origin, is_that_of_this_server) {
    constexpr std::array cases{
        OriginCase{"public", "https://pay.example", "", "pay.example", "https://pay.example", true},
        OriginCase{"public with a path", "https://pay.example", "", "pay.example", "https://pay.example/okpay/", true},
        OriginCase{"other scheme", "http://pay.example", "", "pay.example", "https://pay.example", false},
        OriginCase{"other port", "https://pay.example:8443", "", "pay.example", "https://pay.example", false},
        OriginCase{"longer name", "https://pay.example.evil", "", "pay.example", "https://pay.example", false},
        OriginCase{"null", "null", "", "pay.example", "https://pay.example", false},
        OriginCase{"none and no word", "", "", "localhost:8080", "", false},
        OriginCase{"none, same origin by Fetch metadata", "", "same-origin", "localhost:8080", "", true},
        OriginCase{"none, cross-site", "", "cross-site", "localhost:8080", "", false},
        OriginCase{"loopback", "http://localhost:8080", "", "localhost:8080", "", true},
        OriginCase{"loopback by number", "http://127.0.0.1:8080", "", "127.0.0.1:8080", "https://pay.example", true},
        OriginCase{"loopback IPv6", "http://[::1]:8080", "", "[::1]:8080", "", true},
        OriginCase{"loopback, other port", "http://localhost:9999", "", "localhost:8080", "", false},
        OriginCase{"a name that points here", "http://evil.example:8080", "", "evil.example:8080", "", false},
        OriginCase{"a name that begins alike", "http://localhost.evil:8080", "", "localhost.evil:8080", "", false},
    };
    for (const OriginCase& c : cases) {
        Request request = request_with({{"Host", std::string{c.host}}});
        if (!c.origin.empty()) request.message.set("Origin", std::string{c.origin});
        if (!c.site.empty()) request.message.set("Sec-Fetch-Site", std::string{c.site});
        EXPECT_EQ(origin_allowed(request, c.public_url), c.want) << c.name;
    }
}

TEST(IdempotencyKey, is_required_and_visible) {
    EXPECT_EQ(idempotency_key(request_with({})).error().code, "idempotency_key_required");
    EXPECT_EQ(idempotency_key(request_with({{"Idempotency-Key", "6f1e2f0a-6d0b"}})).value(), "6f1e2f0a-6d0b");
    EXPECT_EQ(idempotency_key(request_with({{"Idempotency-Key", std::string(255, 'k')}})).value().size(), 255U);
    for (const std::string& bad : {std::string(256, 'k'), std::string{"a b"}, std::string{"caf\xC3\xA9"}}) {
        EXPECT_EQ(idempotency_key(request_with({{"Idempotency-Key", bad}})).error().code, "malformed");
    }
}

TEST(CommandId, depends_on_principal_path_and_key_alone) {
    const CommandId one = command_id_of("staff:a", "/p", "k");
    EXPECT_EQ(one, command_id_of("staff:a", "/p", "k"));
    const std::set<CommandId> all{one,
                                  command_id_of("staff:b", "/p", "k"),
                                  command_id_of("staff:a", "/q", "k"),
                                  command_id_of("staff:a", "/p", "l"),
                                  command_id_of("staff:a/", "p", "k"),
                                  command_id_of("staff:a", "/pk", "")};
    EXPECT_EQ(all.size(), 6U);
    EXPECT_EQ(CommandId::parse(one.text()), one);
}

TEST(Cookie, attributes) {
    EXPECT_EQ(session_cookie(staff_session, "tok", true),
              "__Host-okpay_staff=tok; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=43200");
    EXPECT_EQ(session_cookie(staff_session, "tok", false),
              "okpay_staff=tok; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
    const auto hash_of = [](std::string cookie, bool secure) {
        return session_token_hash(request_with({{"Cookie", std::move(cookie)}}), staff_session, secure);
    };
    EXPECT_FALSE(hash_of("okpay_staff=short", false).has_value());
    const std::string token = base64url_of(Bytes(32, 'z'));
    const Bytes hash{view_of(sha256(Bytes(32, 'z')))};
    EXPECT_EQ(hash_of("okpay_staff=" + token, false), hash);
    EXPECT_EQ(hash_of("__Host-okpay_staff=" + token, true), hash);
    EXPECT_FALSE(hash_of("okpay_staff=" + token, true).has_value());  // another host of the domain may have planted it
    EXPECT_FALSE(hash_of("__Host-okpay_staff=" + token, false).has_value());
}

TEST(ApiKey, is_a_bearer_secret) {
    EXPECT_EQ(api_key_hash(request_with({{"Authorization", "Bearer sk_live_x"}})), Bytes{view_of(sha256("sk_live_x"))});
    EXPECT_TRUE(api_key_hash(request_with({{"Authorization", "bearer sk_x"}})).has_value());
    EXPECT_FALSE(api_key_hash(request_with({{"Authorization", "Basic sk_x"}})).has_value());
    EXPECT_FALSE(api_key_hash(request_with({{"Authorization", "Bearer pk_x"}})).has_value());
    EXPECT_FALSE(api_key_hash(request_with({})).has_value());
}

TEST(MaskedAddress, keeps_two_characters) {
    EXPECT_EQ(masked_address("wang@qq.example"), "wa***@qq.example");
    EXPECT_EQ(masked_address("w@qq.example"), "w***@qq.example");
    EXPECT_EQ(masked_address("王小明@qq.example"), "***@qq.example");  // two octets are no character
    EXPECT_EQ(masked_address("nothing"), "***");
    EXPECT_EQ(masked_address(""), "");
}

TEST(ClientRates, count_each_act_of_each_client_apart) {
    ClientRates rates;
    const Moment at = moment_of_ms(1'000'000);
    const auto [most, window] = ClientRates::rate_of(ClientAct::sign_up);
    for (int i = 0; i < most; ++i) EXPECT_FALSE(rates.take(ClientAct::sign_up, "203.0.113.7", at).has_value()) << i;
    EXPECT_EQ(rates.take(ClientAct::sign_up, "203.0.113.7", at), at + window);
    EXPECT_FALSE(rates.take(ClientAct::sign_up, "203.0.113.8", at).has_value());
    EXPECT_FALSE(rates.take(ClientAct::sign_in, "203.0.113.7", at).has_value());
    EXPECT_FALSE(rates.take(ClientAct::sign_up, "203.0.113.7", at + window).has_value());
    rates.give_back(ClientAct::sign_in, "nobody");
}

TEST(ClientRates, a_flood_of_clients_takes_no_more_memory) {
    ClientRates rates;
    const Moment at = moment_of_ms(1'000'000);
    for (std::size_t i = 0; i < 2 * ClientRates::clients_max; ++i) rates.take(ClientAct::sign_in, std::to_string(i), at);
    EXPECT_FALSE(rates.take(ClientAct::sign_in, "203.0.113.7", at).has_value());
}

TEST(DeviceCookie, keeps_four_tokens_the_newest_first) {
    std::vector<Bytes> tokens;
    for (char c = 'a'; c < 'g'; ++c) tokens.emplace_back(session_token_octets, c);
    const std::string cookie = device_cookie(tokens, true);
    EXPECT_NE(cookie.find("; HttpOnly; SameSite=Strict; Secure"), std::string::npos);
    Request request;
    request.message.set("Cookie", "okpay_customer=x; " + cookie.substr(0, cookie.find(';')));
    const std::vector<Bytes> kept = device_tokens(request, true);
    ASSERT_EQ(kept.size(), 4U);
    EXPECT_EQ(kept.front(), tokens.front());
    request.message.set("Cookie", "__Host-okpay_device=not.a..token");
    EXPECT_TRUE(device_tokens(request, true).empty());
}

// --- Problems

std::set<std::string> documented_codes() {
    const auto document = boost::json::parse(openapi_document());
    std::set<std::string> codes;
    for (const auto& code : document.at("components").at("schemas").at("ErrorCode").at("enum").as_array()) {
        codes.emplace(code.as_string());
    }
    return codes;
}

TEST(Problems, every_documented_code_has_the_status_of_its_description) {
    const auto document = boost::json::parse(openapi_document());
    const std::string text{document.at("components").at("schemas").at("ErrorCode").at("description").as_string()};
    for (const std::string& code : documented_codes()) {
        const auto found = text.find("`" + code + "`: ");
        ASSERT_NE(found, std::string::npos) << code;
        EXPECT_EQ(text.substr(found + code.size() + 4, 3), std::to_string(kind_of_code(code).status)) << code;
    }
}

TEST(Problems, what_the_rules_refuse_is_documented) {
    const auto codes = documented_codes();
    for (int i = 1; i <= static_cast<int>(payments::PaymentRefusal::declined_by_issuer); ++i) {
        const auto code = payments::code_of(static_cast<payments::PaymentRefusal>(i));
        EXPECT_TRUE(codes.contains(std::string{outside_code(code)})) << code;
    }
    for (int i = 1; i <= static_cast<int>(desk::RemedyRefusal::alone_too_early); ++i) {
        const auto code = desk::code_of(static_cast<desk::RemedyRefusal>(i));
        EXPECT_TRUE(codes.contains(std::string{outside_code(code)})) << code;
    }
    namespace inside = service::codes;
    for (const std::string_view code :
         {inside::overloaded, inside::storage_full, inside::unavailable, inside::stopping, inside::outcome_unknown,
          inside::not_found, inside::not_permitted, inside::invalid, inside::key_reused, inside::money_read_only,
          inside::ticket_changed, inside::unbound_amount, inside::totp_wrong}) {
        EXPECT_TRUE(codes.contains(std::string{outside_code(code)})) << code;
    }
}

TEST(Problems, are_rfc_9457_and_tell_when_to_come_back) {
    const Response busy = problem(problem_of(service::Answer{.code = "overloaded", .detail = "the queue is full"}));
    EXPECT_EQ(busy.status, 503U);
    EXPECT_EQ(busy.content_type, "application/problem+json");
    const auto body = boost::json::parse(busy.body);
    EXPECT_EQ(body.at("code"), "unavailable");
    EXPECT_EQ(body.at("type"), "about:blank");
    EXPECT_EQ(body.at("status"), 503);
    EXPECT_EQ(std::ranges::count(busy.headers, std::pair<std::string, std::string>{"Retry-After", "1"}), 1);
    EXPECT_EQ(problem(problem_of(service::Answer{.code = "storage_full"})).status, 507U);
    EXPECT_EQ(problem(problem_of(service::Answer{.code = "a_new_refusal"})).status, 422U);
}

// --- Codes

TEST(QrCode, is_dark_on_light_with_its_finders_and_a_quiet_zone) {
    const std::string svg = qr_svg("https://pay.example/account/pay?to=01930f3e-7a00-7000-8000-000000000001").value();
    EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "));
    for (const std::string_view banned : {"<script", "style", "href", "pay.example"}) {
        EXPECT_EQ(svg.find(banned), std::string::npos) << banned;
    }
    // The upper left finder: seven dark modules, after four light ones in both directions.
    EXPECT_NE(svg.find("d=\"M4 4h7v1h-7z"), std::string::npos);
    EXPECT_NE(svg.find("M4 5h1v1h-1zM10 5h1v1h-1z"), std::string::npos);
    EXPECT_NE(svg.find("M4 10h7v1h-7z"), std::string::npos);
    EXPECT_FALSE(qr_svg("").has_value());
    EXPECT_FALSE(qr_svg(std::string(3'000, 'x')).has_value());
    EXPECT_NE(qr_svg("one"), qr_svg("two"));
}

// --- Pages

TEST(DocsPage, names_every_operation_and_escapes) {
    const std::string page = docs_page_of(openapi_document());
    EXPECT_NE(page.find("/api/v1/tickets/{number}/remedies"), std::string::npos);
    EXPECT_NE(page.find("id=\"Payment\""), std::string::npos);
    EXPECT_EQ(page.find("<script"), page.find("<script src=\"/api/docs.js\">"));
    EXPECT_EQ(docs_page_of(R"({"info":{"description":"<script>"}})").find("<script>"), std::string::npos);
}

TEST(WebRoot, serves_what_it_read_and_nothing_else) {
    const auto folder = std::filesystem::temp_directory_path() / ("okpay-web-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder / "assets");
    const auto write = [](const std::filesystem::path& path, std::string_view text) {
        std::ofstream{path, std::ios::binary} << text;
    };
    write(folder / "index.html", "<p>home");
    write(folder / "assets" / "a-123.js", "1");
    std::filesystem::create_symlink("/etc/hostname", folder / "leak.txt");
    const WebRoot root = WebRoot::load(folder);
    std::filesystem::remove_all(folder);

    const auto home = root.file(request_with({}), "/index.html");
    ASSERT_TRUE(home.has_value());
    EXPECT_EQ(home->body, "<p>home");
    EXPECT_EQ(home->content_type, "text/html; charset=utf-8");
    const std::string etag = home->headers[0].second;
    const auto again = root.file(request_with({{"If-None-Match", "\"x\", W/" + etag}}), "/index.html");
    EXPECT_EQ(again->status, 304U);
    EXPECT_TRUE(again->body.empty());
    EXPECT_EQ(root.file(request_with({}), "/assets/a-123.js")->headers[1].second, "public, max-age=31536000, immutable");
    for (const std::string_view path : {"/leak.txt", "/../etc/hostname", "/assets/../index.html", "/assets", "index.html"}) {
        EXPECT_FALSE(root.file(request_with({}), path).has_value()) << path;
    }
    EXPECT_TRUE(WebRoot::load("/nowhere/at/all").empty());
}

}  // namespace
}  // namespace okpay::api
