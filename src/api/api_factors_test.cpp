// SPDX-License-Identifier: Apache-2.0
// Second factors over HTTP: what is read, what is handed to the writer, and what each answer gives away.
#include <gmock/gmock.h>

#include "api/api_world_test.hpp"
#include "api/second_factor.hpp"
#include "customers/recovery_code.hpp"
#include "store/factor_store.hpp"

namespace okpay::api::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class FactorsOverHttp : public ApiTest {
public:
    FactorsOverHttp() {
        store::write_customer_login(world.connection(), {.customer = wang.no, .password_phc = phc});
        cookie = signed_in(wang);
    }
    void enrol(bool app, bool passkey) {
        if (app) {
            store::write_app(
                world.connection(),
                {.customer = wang.no, .secret_sealed = "sealed:x", .last_step = -1, .begun = now(), .confirmed = now()});
        }
        if (passkey) {
            store::insert_passkey(world.connection(), {.no = 7,
                                                       .customer = wang.no,
                                                       .credential_id = "credential",
                                                       .public_key = "key",
                                                       .name = "Phone",
                                                       .aaguid = Bytes(16, '\0'),
                                                       .created = now(),
                                                       .last_used = std::nullopt});
        }
    }
    Headers from_page() const { return {{"Origin", "http://localhost:8080"}}; }
    Response sign_in(std::string_view more = "", std::string_view password = "correct horse battery") {
        return post("/api/v1/me/sign-in", from_page(),
                    R"({"email":"wang@qq.example","password":")" + std::string{password} + "\"" + std::string{more} + "}");
    }
    Response post_own(const std::string& path, std::string body) {
        return post("/api/v1/me/" + path, cookie, std::move(body));
    }

    Headers cookie;
};

TEST_F(FactorsOverHttp, sign_in_hands_on_what_was_shown) {
    ASSERT_EQ(sign_in(R"(,"totp":"123 456")").status, 200U);
    EXPECT_EQ(service.last<service::SignInCustomer>().factor.kind, "app");
    EXPECT_EQ(service.last<service::SignInCustomer>().factor.app_code, "123 456");
    ASSERT_EQ(sign_in(R"(,"recovery_code":"GAYT emzu-gu3d-oobz")").status, 200U);
    const auto& shown = service.last<service::SignInCustomer>().factor;
    EXPECT_EQ(shown.kind, "recovery_code");
    EXPECT_EQ(shown.recovery_hash, hex_of(customers::recovery_code_hash(wang.id, "gayt-emzu-gu3d-oobz").value()));
    ASSERT_EQ(sign_in(R"(,"recovery_code":"no code at all")").status, 200U);
    EXPECT_EQ(service.last<service::SignInCustomer>().factor.recovery_hash, "") << "the writer counts it as a guess";
    constexpr std::string_view answer = R"(,"passkey":{"credential_id":"YWI","client_data":"e30","authenticator_data":"AA",)"
                                        R"("signature":"AQ","user_handle":null})";
    ASSERT_EQ(sign_in(answer).status, 200U);
    const service::PasskeyAnswer& said = service.last<service::SignInCustomer>().factor.passkey;
    EXPECT_EQ(bytes_of_base64(said.credential_id), "ab");
    EXPECT_EQ(said.party, "localhost");
    EXPECT_EQ(said.origins, (std::vector<std::string>{"http://localhost:8080", "https://localhost:8080"}));
    ASSERT_EQ(sign_in().status, 200U);
    EXPECT_EQ(service.last<service::SignInCustomer>().factor.kind, "");

    for (const std::string_view bad :
         {R"(,"totp":"123456","recovery_code":"gayt")", R"(,"totp":123456)", R"(,"passkey":"x")", R"(,"passkey":{})",
          R"(,"passkey":{"credential_id":"!","client_data":"e30","authenticator_data":"AA","signature":"AQ"})",
          R"(,"passkey":{"credential_id":"YQ","client_data":"e30","authenticator_data":"AA","signature":"AQ","more":1})"}) {
        EXPECT_EQ(code_of(sign_in(bad)), "malformed") << bad;
    }
}

TEST_F(FactorsOverHttp, only_the_right_password_learns_which_factors_there_are) {
    enrol(true, true);
    service.respond = [](const Command& command) {
        return command.body.is<service::SignInCustomer>() ? Answer{.code = "second_factor_required", .detail = "show one"}
                                                          : Answer{.number = 1};
    };
    const Response asked = sign_in();
    EXPECT_EQ(asked.status, 401U);
    EXPECT_EQ(code_of(asked), "second_factor_required");
    expect_documented(asked, "Problem");
    EXPECT_EQ(header_of(asked, "Set-Cookie"), "");
    const json::value told = body_of(asked);
    const auto& factors = told.at("factors");
    EXPECT_TRUE(factors.at("app").as_bool());
    EXPECT_FALSE(factors.at("recovery_code").as_bool());
    const auto& question = factors.at("passkey").as_object();
    EXPECT_EQ(question.at("rpId"), "localhost");
    EXPECT_EQ(std::string_view{question.at("allowCredentials").as_array().at(0).at("id").as_string()},
              base64url_of("credential"));

    const Response wrong = sign_in(R"(,"totp":"123456")", "wrong");
    EXPECT_EQ(code_of(wrong), "sign_in_failed");
    EXPECT_THAT(wrong.body, Not(HasSubstr("factors")));
    EXPECT_TRUE(service.commands.back().body.is<service::CountFailedCustomerSignIn>());
    const Response nobody =
        post("/api/v1/me/sign-in", from_page(), R"({"email":"nobody@qq.example","password":"wrong","totp":"123456"})");
    EXPECT_EQ(nobody.body, wrong.body);
}

TEST_F(FactorsOverHttp, the_own_factors_are_shown_without_secrets) {
    const Response none = get("/api/v1/me/factors", cookie);
    ASSERT_EQ(none.status, 200U);
    expect_documented(none, "Factors");
    enrol(true, true);
    store::replace_recovery_codes(world.connection(), wang.no, {Bytes(32, 'a'), Bytes(32, 'b')}, now());
    store::write_factor_guard(world.connection(), {.customer = wang.no, .changed = now(), .app = {}, .recovery = {}});
    const Response all = get("/api/v1/me/factors", cookie);
    expect_documented(all, "Factors");
    const auto body = body_of(all);
    EXPECT_EQ(body.at("recovery_codes_left"), 2);
    EXPECT_EQ(body.at("passkeys").at(0).at("name"), "Phone");
    EXPECT_FALSE(body.at("new_places_from").is_null());
    for (const std::string_view secret : {"sealed", "credential", "key\""}) EXPECT_THAT(all.body, Not(HasSubstr(secret)));
    EXPECT_EQ(get("/api/v1/me/factors").status, 401U);
}

TEST_F(FactorsOverHttp, an_app_is_begun_and_confirmed) {
    const Response begun = post_own("authenticator", "{}");
    ASSERT_EQ(begun.status, 200U);
    expect_documented(begun, "NewAuthenticator");
    EXPECT_EQ(header_of(begun, "Cache-Control"), "no-store");
    const auto& begin = service.last<service::BeginApp>();
    const auto secret = bytes_of_base32(std::string_view{body_of(begun).at("secret").as_string()});
    EXPECT_EQ(bytes_of_base64(begin.secret_sealed), "sealed:" + secret.value());

    service.respond = [](const Command&) { return Answer{.number = 1, .numbers = {1}}; };
    const Response confirmed = post_own("authenticator/confirm", R"({"totp":"123456"})");
    ASSERT_EQ(confirmed.status, 200U);
    expect_documented(confirmed, "FactorsChanged");
    EXPECT_EQ(header_of(confirmed, "Cache-Control"), "no-store");
    EXPECT_THAT(header_of(confirmed, "Set-Cookie"), HasSubstr("okpay_customer="));
    const auto codes = body_of(confirmed).at("recovery_codes").as_array();
    const auto& hashes = service.last<service::ConfirmApp>().recovery_hashes;
    ASSERT_THAT(hashes, SizeIs(customers::recovery_codes_count));
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        EXPECT_EQ(hashes[i],
                  hex_of(customers::recovery_code_hash(wang.id, std::string_view{codes.at(i).as_string()}).value()));
    }
    service.respond = [](const Command&) { return Answer{.number = 1}; };
    const Response second_time = post_own("authenticator/confirm", R"({"totp":"123456"})");
    EXPECT_TRUE(body_of(second_time).at("recovery_codes").as_array().empty()) << "the writer kept none of them";
}

TEST_F(FactorsOverHttp, stepping_up_takes_one_factor_and_a_new_cookie) {
    expect_documented(post_own("step-up/question", "{}"), "StepUpQuestion");
    EXPECT_TRUE(body_of(post_own("step-up/question", "{}")).at("password").as_bool());
    enrol(true, true);
    EXPECT_FALSE(body_of(post_own("step-up/question", "{}")).at("password").as_bool());
    const Response up = post_own("step-up", R"({"totp":"123456"})");
    ASSERT_EQ(up.status, 200U);
    expect_documented(up, "SteppedUp");
    EXPECT_EQ(body_of(up).at("assurance"), "a3");
    EXPECT_THAT(header_of(up, "Set-Cookie"), HasSubstr("HttpOnly"));
    EXPECT_EQ(code_of(post_own("step-up", "{}")), "malformed");
    EXPECT_EQ(code_of(post_own("step-up", R"({"totp":"1","password":"x"})")), "malformed");
    EXPECT_EQ(code_of(post_own("step-up", R"({"recovery_code":"gayt-emzu-gu3d-oobz"})")), "malformed");
    EXPECT_EQ(code_of(post_own("step-up", R"({"password":"wrong"})")), "sign_in_failed");
    EXPECT_TRUE(service.commands.back().body.is<service::CountFailedCustomerSignIn>());
    ASSERT_EQ(post_own("step-up", R"({"password":"correct horse battery"})").status, 200U);
    EXPECT_TRUE(service.last<service::StepUp>().password_right);
}

TEST_F(FactorsOverHttp, passkeys_are_asked_for_by_name_and_never_by_numbers) {
    const Response question = post_own("passkeys/question", "{}");
    ASSERT_EQ(question.status, 200U);
    expect_documented(question, "NewPasskeyQuestion");
    EXPECT_EQ(body_of(question).at("rp").at("id"), "localhost");
    const Response sign_in_question = post("/api/v1/me/sign-in/passkey/question", from_page(), "{}");
    expect_documented(sign_in_question, "PasskeyQuestion");

    service.respond = [](const Command&) { return Answer{.number = 1}; };
    const Response alone =
        post("/api/v1/me/sign-in/passkey", from_page(),
             R"({"passkey":{"credential_id":"YWI","client_data":"e30","authenticator_data":"AA","signature":"AQ"}})");
    ASSERT_EQ(alone.status, 200U) << alone.body;
    expect_documented(alone, "CustomerSignedIn");
    EXPECT_EQ(code_of(post("/api/v1/me/sign-in/passkey", from_page(), "{}")), "malformed");
    EXPECT_EQ(code_of(post("/api/v1/me/sign-in/passkey", {{"Origin", "https://evil.example"}}, "{}")), "origin_refused");
    EXPECT_EQ(code_of(post_own("passkeys/x/remove", "{}")), "not_found");
    EXPECT_EQ(post_own("passkeys/7", R"({"name":"Mine"})").status, 200U);
    EXPECT_EQ(service.last<service::RenamePasskey>().passkey, 7);
    EXPECT_EQ(service.last<service::RenamePasskey>().customer, number_of(wang.no));
}

struct PartyCase {
    std::string_view public_url, host, origin, party, first_origin;
};
constexpr std::array party_cases{
    PartyCase{"", "localhost:8080", "http://localhost:8080", "localhost", "http://localhost:8080"},
    PartyCase{"", "127.0.0.1:8080", "http://127.0.0.1:8080", "", ""},
    PartyCase{"", "[::1]:8080", "http://[::1]:8080", "", ""},
    PartyCase{"https://pay.example/x", "pay.example", "https://pay.example", "pay.example", "https://pay.example"},
    PartyCase{"https://Pay.Example:8443", "pay.example:8443", "https://pay.example:8443", "pay.example",
              "https://pay.example:8443"},
    PartyCase{"https://pay.example", "localhost:8080", "https://pay.example", "pay.example", "https://pay.example"},
    PartyCase{"https://pay.example", "localhost:8080", "http://localhost:8080", "localhost", "http://localhost:8080"},
    PartyCase{"https://192.0.2.1", "192.0.2.1", "https://192.0.2.1", "", ""},
    PartyCase{"", "evil.example", "https://evil.example", "", ""},
    PartyCase{"", "localhost:8080", "", "localhost", "http://localhost:8080"},  // a page that only asks
    PartyCase{"https://pay.example", "pay.example", "", "pay.example", "https://pay.example"},
};
TEST_F(FactorsOverHttp, the_party_is_the_configured_name_or_localhost) {
    for (const PartyCase& c : party_cases) {
        SCOPED_TRACE(c.origin);
        const Api other{service, queries, events, metrics,
                        ApiOptions{.public_url = std::string{c.public_url}, .web_root = {}}};
        Request request{.method = Method::post, .message = {}, .path = "", .query = "", .params = {}, .peer = ""};
        request.message.set("Host", c.host);
        request.message.set("Origin", c.origin);
        const auto party = relying_party(other, request);
        EXPECT_EQ(party ? party->id : "", c.party);
        if (party) { EXPECT_EQ(party->origins.at(0), c.first_origin); }
    }
}

}  // namespace
}  // namespace okpay::api::test
