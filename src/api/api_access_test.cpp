// SPDX-License-Identifier: Apache-2.0
// Sign-up, new passwords, sessions and devices over HTTP: what is answered, what the writer is told, and attacks by name.
#include "api/api_world_test.hpp"
#include "service/codec.hpp"
#include "store/access_store.hpp"
#include "store/factor_store.hpp"

namespace okpay::api::test {
namespace {

constexpr std::string_view right_password = "correct horse battery";

class ApiAccessTest : public ApiTest {
public:
    static Headers page(Headers more = {}) {
        more.emplace_back("Origin", "http://localhost:8080");
        return more;
    }
    Response sign_in(std::string_view email, std::string_view password, Headers headers = page()) {
        return post("/api/v1/me/sign-in", std::move(headers),
                    json::serialize(json::object{{"email", email}, {"password", password}}));
    }
    static std::string cookie_of(const Response& response, std::string_view name) {
        for (const auto& [header, value] : response.headers) {
            if (header == "Set-Cookie" && value.starts_with(name)) return value.substr(0, value.find(';'));
        }
        return {};
    }
    std::string link_of(store::AccessLinkKind kind, char letter, std::string phc_of_link = "") {
        const Bytes octets(32, letter);
        store::insert_access_link(world.connection(), {.no = ++links_made,
                                                       .token_hash = Bytes{view_of(sha256(octets))},
                                                       .kind = kind,
                                                       .customer = wang.no,
                                                       .email = "li@qq.example",
                                                       .password_phc = std::move(phc_of_link),
                                                       .created = now(),
                                                       .expires = now() + std::chrono::minutes{10}});
        return base32_of(octets);
    }
    template <class Body>
    std::size_t told() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(service.commands, [](const Command& command) { return command.body.is<Body>(); }));
    }
    std::int64_t links_made = 0;
};

TEST_F(ApiAccessTest, sign_up_answers_every_address_alike) {
    const auto ask = [this](std::string_view email, std::string_view more = "") {
        return post("/api/v1/sign-up", page(),
                    fmt::format(R"({{"email":"{}","password":"blue teapot on a shelf","name":"Li","language":"en",)"
                                R"("zone":"UTC"{}}})",
                                email, more));
    };
    const auto start = std::chrono::steady_clock::now();
    const Response known = ask("wang@qq.example");
    EXPECT_GE(std::chrono::steady_clock::now() - start, api.options().even_answer_takes);
    const Response unknown = ask("nobody@qq.example");
    EXPECT_EQ(known.status, 202U);
    expect_documented(known, "LetterSent");
    EXPECT_EQ(known.body, unknown.body);
    EXPECT_EQ(known.headers, unknown.headers);
    const auto& command = service.last<service::StartSignUp>();
    EXPECT_EQ(command.email, "nobody@qq.example");
    EXPECT_TRUE(customers::verify_password(command.password_phc, Secret{"blue teapot on a shelf"}));
    EXPECT_EQ(bytes_of_base32(command.sign_up_link)->size(), 32U);
    // T91: nothing but what is asked for.
    for (const char* more : {R"(,"level":3)", R"(,"currencies":["USD"])", R"(,"standing":"open")", R"(,"customer":"1")"}) {
        EXPECT_EQ(code_of(ask("eve@qq.example", more)), "malformed") << more;
    }
    const Response weak = post("/api/v1/sign-up", page(),
                               R"({"email":"a@b.example","password":"short","name":"A","language":"en","zone":"UTC"})");
    EXPECT_EQ(code_of(weak), "password_too_weak");
    EXPECT_EQ(code_of(post("/api/v1/sign-up", {}, "{}")), "origin_refused");
    // Ten a client and hour, whatever the addresses; nothing is told to the writer then.
    const std::size_t before = told<service::StartSignUp>();
    std::size_t refused = 0;
    for (int i = 0; i < 10; ++i) refused += ask(fmt::format("n{}@qq.example", i)).status == 429 ? 1U : 0U;
    EXPECT_EQ(told<service::StartSignUp>() - before, 8U);
    EXPECT_EQ(refused, 2U);
}

TEST_F(ApiAccessTest, an_account_is_opened_by_the_link_and_the_password_of_the_sign_up) {
    const std::string token = link_of(store::AccessLinkKind::sign_up, 'l', phc);
    const auto confirm = [&](std::string_view of_token, std::string_view password) {
        return post("/api/v1/sign-up/confirm", page({{"User-Agent", "Mozilla/5.0 (X11; Linux) Firefox/127.0"}}),
                    json::serialize(json::object{{"token", of_token}, {"password", password}}));
    };
    EXPECT_EQ(code_of(confirm(base32_of(Bytes(32, 'x')), right_password)), "token_invalid");
    EXPECT_EQ(code_of(confirm("not a token", right_password)), "token_invalid");
    EXPECT_EQ(code_of(confirm(token, "another password here")), "sign_in_failed");
    EXPECT_EQ(told<service::CountFailedSignUp>(), 1U);
    EXPECT_EQ(told<service::ConfirmSignUp>(), 0U);
    const Response in = confirm(ascii_lower(token), right_password);
    ASSERT_EQ(in.status, 201U) << in.body;
    expect_documented(in, "CustomerSignedIn");
    const auto& command = service.last<service::ConfirmSignUp>();
    EXPECT_EQ(command.agent, "Firefox on Linux");
    EXPECT_FALSE(cookie_of(in, "okpay_customer=").empty());
    EXPECT_FALSE(cookie_of(in, "okpay_device=").empty());
    // A link that is for something else.
    EXPECT_EQ(code_of(confirm(link_of(store::AccessLinkKind::new_password, 'n', phc), right_password)), "token_invalid");
}

// T98.
TEST_F(ApiAccessTest, a_new_password_says_nothing_of_hosts_and_signs_nobody_in) {
    const Headers poisoned = page({{"X-Forwarded-Host", "evil.example"}, {"Forwarded", "host=evil.example"}});
    const Response known = post("/api/v1/new-password", poisoned, R"({"email":"Wang@qq.example "})");
    const Response unknown = post("/api/v1/new-password", page(), R"({"email":"nobody@qq.example"})");
    EXPECT_EQ(known.status, 202U);
    EXPECT_EQ(known.body, unknown.body);
    for (const Command& command : service.commands) {
        EXPECT_EQ(service::encode(command).find("evil.example"), std::string::npos);
    }
    const std::string token = link_of(store::AccessLinkKind::new_password, 'n');
    const auto set = [&](std::string_view of_token, std::string_view password) {
        return post("/api/v1/new-password/confirm", page(),
                    json::serialize(json::object{{"token", of_token}, {"password", password}}));
    };
    EXPECT_EQ(code_of(set(token, "short")), "password_too_weak");
    EXPECT_EQ(code_of(set(base32_of(Bytes(32, 'x')), "blue teapot on a shelf")), "token_invalid");
    const Response done = set(token, "blue teapot on a shelf");
    EXPECT_EQ(done.status, 204U);
    EXPECT_EQ(cookie_of(done, "okpay_customer="), "okpay_customer=") << "no session comes of it";
    EXPECT_EQ(service.last<service::SetNewPassword>().link_hash, hex_of(view_of(sha256(*bytes_of_base32(token)))));
}

// Link scanners fetch every link of a letter: pages, and nothing of the API takes a GET.
TEST_F(ApiAccessTest, scanners_that_fetch_every_link_change_nothing) {
    const std::size_t before = service.commands.size();
    for (const char* path : {"/account/welcome", "/account/new-password", "/account/not-me", "/account/forgotten"})
        get(path);
    for (const char* path : {"/api/v1/sign-up/confirm", "/api/v1/new-password/confirm", "/api/v1/reported-sign-ins"}) {
        EXPECT_EQ(get(std::string{path} + "?token=" + base32_of(Bytes(32, 'n'))).status, 405U) << path;
    }
    EXPECT_EQ(service.commands.size(), before);
}

TEST_F(ApiAccessTest, this_was_not_me_is_a_post_with_the_token) {
    service.respond = [](const Command&) { return Answer{.number = 1, .text = "OK-7F3K9Q2"}; };
    const std::string token = base32_of(Bytes(32, 'r'));
    const Response said = post("/api/v1/reported-sign-ins", page(), fmt::format(R"({{"token":"{}"}})", token));
    EXPECT_EQ(said.status, 200U);
    expect_documented(said, "SignInReported");
    EXPECT_EQ(service.last<service::ReportSignIn>().link_hash, hex_of(view_of(sha256(*bytes_of_base32(token)))));
    service.respond = [](const Command&) { return Answer{.code = "token_invalid", .detail = "used"}; };
    EXPECT_EQ(code_of(post("/api/v1/reported-sign-ins", page(), R"({"token":""})")), "token_invalid");
}

// T95, T96: the writer refuses a try before the password is looked at, alike for addresses that are nobody's.
TEST_F(ApiAccessTest, a_blocked_try_is_answered_before_any_password_is_looked_at) {
    store::write_customer_login(world.connection(), {.customer = wang.no, .password_phc = phc});
    const Moment until = now() + std::chrono::minutes{5};
    service.respond = [until](const Command& command) {
        Answer answer{.code = "blocked", .detail = "later"};
        answer.numbers = {ms_of(until)};
        return command.body.is<service::CountFailedCustomerSignIn>() ? answer : Answer{.number = 1};
    };
    const Response right = sign_in("wang@qq.example", right_password);
    const Response nobody = sign_in("nobody@qq.example", right_password);
    EXPECT_EQ(code_of(right), "too_many_requests");
    EXPECT_EQ(right.body, nobody.body);
    EXPECT_EQ(told<service::SignInCustomer>(), 0U);
    EXPECT_LE(std::stoi(header_of(right, "Retry-After")), 300);
    const auto& counted = service.last<service::CountFailedCustomerSignIn>();
    EXPECT_EQ(counted.customer, 0);
    EXPECT_EQ(counted.address_hash, hex_of(view_of(sha256("nobody@qq.example"))));
}

TEST_F(ApiAccessTest, a_client_that_guesses_is_slowed_down_and_a_known_device_is_not) {
    store::write_customer_login(world.connection(), {.customer = wang.no, .password_phc = phc});
    const Bytes device(session_token_octets, 'd');
    store::write_customer_device(world.connection(), {.customer = wang.no,
                                                      .device = Bytes{view_of(sha256(device))},
                                                      .agent = "",
                                                      .address = "",
                                                      .first_seen = now(),
                                                      .last_seen = now()});
    while (sign_in("nobody@qq.example", "wrong").status == 401) {}
    EXPECT_EQ(told<service::CountFailedCustomerSignIn>(), 50U);
    EXPECT_EQ(code_of(sign_in("wang@qq.example", right_password)), "too_many_requests");
    const Response in =
        sign_in("wang@qq.example", right_password, page({{"Cookie", "okpay_device=" + base64url_of(device)}}));
    ASSERT_EQ(in.status, 200U);
    EXPECT_EQ(service.last<service::SignInCustomer>().device_hash, hex_of(view_of(sha256(device))));
    EXPECT_EQ(cookie_of(in, "okpay_device="), "okpay_device=" + base64url_of(device));
}

// T92: an id, or a device, that was planted in a browser is never taken over.
TEST_F(ApiAccessTest, what_was_planted_in_a_browser_is_not_taken_over) {
    store::write_customer_login(world.connection(), {.customer = wang.no, .password_phc = phc});
    const Bytes session(session_token_octets, 'p');
    const Bytes device(session_token_octets, 'q');
    const Response in =
        sign_in("wang@qq.example", right_password,
                page({{"Cookie", "okpay_customer=" + base64url_of(session) + "; okpay_device=" + base64url_of(device)}}));
    ASSERT_EQ(in.status, 200U);
    const auto& command = service.last<service::SignInCustomer>();
    EXPECT_NE(command.session_token_hash, hex_of(view_of(sha256(session))));
    EXPECT_EQ(command.ends_session, hex_of(view_of(sha256(session))));
    EXPECT_NE(command.device_hash, hex_of(view_of(sha256(device))));
    EXPECT_EQ(command.password_hash, hex_of(view_of(sha256(phc))));
    EXPECT_NE(cookie_of(in, "okpay_customer="), "okpay_customer=" + base64url_of(session));
}

TEST_F(ApiAccessTest, sessions_are_listed_and_end_without_use) {
    const auto session = [&](char letter, Moment last_seen) {
        const Bytes token(session_token_octets, letter);
        store::insert_customer_session(world.connection(), {.token_hash = Bytes{view_of(sha256(token))},
                                                            .no = ++sessions_made,
                                                            .customer = wang.no,
                                                            .created = now() - std::chrono::hours{2},
                                                            .expires = now() + std::chrono::hours{1},
                                                            .last_seen = last_seen,
                                                            .proven = now(),
                                                            .agent = "Chrome on Android",
                                                            .address = "203.0.113.7"});
        return Headers{{"Cookie", "okpay_customer=" + base64url_of(token)}, {"Origin", "http://localhost:8080"}};
    };
    const Headers fresh = session('f', now());
    const Headers older = session('o', now() - std::chrono::minutes{6});
    const Headers idle = session('i', now() - customers::customer_session_idle);
    EXPECT_EQ(code_of(get("/api/v1/me", idle)), "not_signed_in");
    EXPECT_EQ(get("/api/v1/me/access", fresh).status, 200U);
    EXPECT_EQ(told<service::TouchSession>(), 0U) << "not a write with every request";
    EXPECT_EQ(get("/api/v1/me/access", older).status, 200U);
    EXPECT_EQ(told<service::TouchSession>(), 1U);
    const Response list = get("/api/v1/me/sessions", fresh);
    expect_documented(list, "OwnSessions");
    const json::array items = body_of(list).at("items").as_array();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[1].at("current"), true);
    EXPECT_EQ(items[0].at("place"), "203.0.113.x");
    EXPECT_EQ(post("/api/v1/me/sessions/2/end", fresh, "").status, 200U);
    EXPECT_EQ(service.last<service::EndSessions>().session, 2);
    EXPECT_EQ(post("/api/v1/me/sessions/end-others", fresh, "").status, 200U);
    EXPECT_EQ(service.last<service::EndSessions>().session, 0);
    EXPECT_EQ(code_of(post("/api/v1/me/sessions/0/end", fresh, "")), "not_found");
    expect_documented(get("/api/v1/me/access", fresh), "OwnAccess");
    EXPECT_EQ(post("/api/v1/me/phrase", fresh, R"({"phrase":"blue teapot"})").status, 204U);
    EXPECT_EQ(service.last<service::SetPhrase>().phrase, "blue teapot");
}

TEST_F(ApiAccessTest, the_password_changes_with_a_second_factor_and_the_old_one) {
    store::write_customer_login(world.connection(), {.customer = wang.no, .password_phc = phc});
    const Bytes token(session_token_octets, 't');
    store::insert_customer_session(world.connection(), {.token_hash = Bytes{view_of(sha256(token))},
                                                        .no = ++sessions_made,
                                                        .customer = wang.no,
                                                        .created = now(),
                                                        .expires = now() + std::chrono::hours{1},
                                                        .last_seen = now(),
                                                        .assurance = customers::Assurance::a3_second_factor,
                                                        .proven = now()});
    const Headers strong{{"Cookie", "okpay_customer=" + base64url_of(token)}, {"Origin", "http://localhost:8080"}};
    const auto change = [&](const Headers& headers, std::string_view old_password, std::string_view new_password) {
        return post("/api/v1/me/password", headers,
                    json::serialize(json::object{{"old_password", old_password}, {"new_password", new_password}}));
    };
    const Headers plain = signed_in(wang);
    EXPECT_EQ(change(plain, right_password, "blue teapot on a shelf").status, 204U) << "no factor to show yet";
    EXPECT_EQ(told<service::ChangePassword>(), 1U);
    service.commands.clear();
    store::write_app(
        world.connection(),
        {.customer = wang.no, .secret_sealed = "sealed:x", .last_step = -1, .begun = now(), .confirmed = now()});
    EXPECT_EQ(code_of(change(plain, right_password, "blue teapot on a shelf")), "step_up_required");
    EXPECT_EQ(code_of(change(strong, "wrong", "blue teapot on a shelf")), "sign_in_failed");
    EXPECT_EQ(code_of(change(strong, right_password, "wang wang wang wang")), "password_too_weak");
    EXPECT_EQ(told<service::ChangePassword>(), 0U);
    const Response changed = change(strong, right_password, "blue teapot on a shelf");
    EXPECT_EQ(changed.status, 204U);
    const auto& command = service.last<service::ChangePassword>();
    EXPECT_NE(command.new_session_token_hash, command.session_token_hash);
    EXPECT_NE(cookie_of(changed, "okpay_customer="), "okpay_customer=" + base64url_of(token));
}

}  // namespace
}  // namespace okpay::api::test
