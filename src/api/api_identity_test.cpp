// SPDX-License-Identifier: Apache-2.0
// Proof of identity over HTTP: what is asked of the writer, what is shown to whom, and that every answer is as documented.
#include <boost/json/serialize.hpp>

#include "api/api_world_test.hpp"
#include "store/identity_store.hpp"

namespace okpay::api::test {
namespace {

using customers::VerificationState;

class IdentityApi : public ApiTest {
public:
    store::VerificationRow verification(const customers::Customer& of, VerificationState state) {
        using namespace std::chrono_literals;
        const auto sealed = identity->seal({.document = customers::DocumentKind::passport,
                                            .country = "UTO",
                                            .name = "Anna Eriksson",
                                            .birth = 1974y / std::chrono::August / 12d,
                                            .number = "L898902C3"});
        store::VerificationRow row{.no = ++verifications,
                                   .id = world.id<customers::VerificationId>(),
                                   .customer = of.no,
                                   .purpose = customers::VerificationPurpose::raise_level,
                                   .state = state,
                                   .document = customers::DocumentKind::passport,
                                   .country = "UTO",
                                   .number_masked = sealed.number_masked,
                                   .number_hash = bytes_of_hex(sealed.number_hash).value(),
                                   .facts_key = sealed.key,
                                   .facts = sealed.facts,
                                   .round = 1,
                                   .created = world.at(),
                                   .updated = world.at(),
                                   .submitted = world.at()};
        store::insert_verification(world.connection(), row);
        store::insert_identity_check(world.connection(), row.no, 1,
                                     {customers::IdentityCheckKind::name, customers::CheckVerdict::attention});
        const auto file = store::IdentityFileRow{.no = row.no,
                                                 .id = world.id<customers::IdentityFileId>(),
                                                 .verification = row.no,
                                                 .kind = customers::IdentityFileKind::document_front,
                                                 .picture_type = 1,
                                                 .width = 1'600,
                                                 .height = 1'130,
                                                 .original_size = 9,
                                                 .original_hash = Bytes(32, 'h'),
                                                 .object_key = "k",
                                                 .sealed = "s",
                                                 .added = world.at()};
        store::insert_identity_file(world.connection(), file);
        file_id = file.id.text();
        return row;
    }
    static std::string path(const store::VerificationRow& row, const std::string& rest = "") {
        return "/api/v1/verifications/" + row.id.text() + rest;
    }
    static std::string own_path(const store::VerificationRow& row, const std::string& rest = "") {
        return "/api/v1/me/verifications/" + row.id.text() + rest;
    }

    customers::Customer zoe = world.customer("zoe@example.org", "Zoe");
    std::int64_t verifications = 0;
    std::string file_id;
    static constexpr std::string_view stated =
        R"({"document":"passport","country":"UTO","name":"Anna Eriksson","birth_date":"1974-08-12",)"
        R"("document_number":"l898-902c3","consent":true})";
};

TEST_F(IdentityApi, what_is_stated_reaches_the_writer_sealed) {
    post("/api/v1/me/verifications", signed_in(wang), std::string{stated});
    const auto& command = service.last<service::BeginVerification>();
    EXPECT_EQ(command.customer, number_of(wang.no));
    EXPECT_TRUE(command.consent);
    EXPECT_EQ(command.number_masked, "·····02C3");
    const auto facts = bytes_of_base64(command.facts).value();
    EXPECT_EQ(facts.find("Eriksson"), Bytes::npos);
    const auto opened = identity->facts_of({.facts_key = bytes_of_base64(command.facts_key).value(), .facts = facts});
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->number, "L898902C3") << "capitals, without what people put in between";
}

TEST_F(IdentityApi, what_cannot_be_is_refused_with_its_place) {
    const auto headers = signed_in(wang);
    for (const auto& [from, to, place] : {std::tuple{"\"passport\"", "\"library card\"", "/document"},
                                          {"\"UTO\"", "\"Utopia\"", "/country"},
                                          {"1974-08-12", "1974-02-30", "/birth_date"},
                                          {"1974-08-12", "2974-08-12", "/birth_date"},
                                          {"l898-902c3", "x", "/document_number"},
                                          {"Anna Eriksson", " ", "/name"}}) {
        std::string body{stated};
        body.replace(body.find(from), std::string_view{from}.size(), to);
        const Response refused = post("/api/v1/me/verifications", headers, body);
        EXPECT_EQ(code_of(refused), "malformed") << place;
        EXPECT_NE(refused.body.find(place), std::string::npos) << refused.body;
    }
    EXPECT_TRUE(service.commands.empty());
}

TEST_F(IdentityApi, a_customer_sees_the_own_one_as_documented_and_no_other) {
    const auto mine = verification(wang, VerificationState::requires_input);
    const auto headers = signed_in(wang), hers = signed_in(zoe);
    const Response shown = get(own_path(mine), headers);
    EXPECT_EQ(shown.status, 200U);
    expect_documented(shown, "OwnVerification");
    EXPECT_EQ(header_of(shown, "Cache-Control"), "no-store");
    EXPECT_EQ(shown.body.find("Eriksson"), std::string::npos) << "what was stated stays sealed";
    expect_documented(get("/api/v1/me/verifications", headers), "OwnVerificationList");
    EXPECT_EQ(body_of(get("/api/v1/me/verifications", hers)).at("items").as_array().size(), 0U);
    for (const char* rest : {"/submit", "/cancel", "/destroy-files", "/files/selfie"}) {
        EXPECT_EQ(post(own_path(mine, rest), hers, "{}").status, 404U) << rest;
        EXPECT_EQ(post(own_path(mine, rest), {}, "{}").status, 403U) << "without an origin";
    }
    EXPECT_EQ(get(own_path(mine), hers).status, 404U);
    EXPECT_EQ(get("/api/v1/me/verifications/no-id", headers).status, 404U);
    EXPECT_TRUE(service.commands.empty());
    EXPECT_EQ(code_of(post(own_path(mine, "/files/passport"), headers, "x")), "not_found") << "no such kind";
    EXPECT_EQ(code_of(post(own_path(mine, "/files/selfie"), headers, "")), "malformed");
    EXPECT_EQ(code_of(post(own_path(mine, "/files/selfie"), headers, "x")), "unavailable") << "no child here";
}

TEST_F(IdentityApi, nothing_is_taken_once_it_is_in_review) {
    const auto row = verification(wang, VerificationState::in_review);
    EXPECT_EQ(code_of(post(own_path(row, "/files/selfie"), signed_in(wang), "x")), "state_not_allowed");
}

TEST_F(IdentityApi, the_queue_is_for_reviewers_and_names_no_number) {
    const auto row = verification(wang, VerificationState::in_review);
    EXPECT_EQ(code_of(get("/api/v1/verifications", session('a'))), "not_permitted") << "an agent";
    EXPECT_EQ(code_of(get(path(row), session('e'))), "not_permitted") << "an auditor";
    const Response queue = get("/api/v1/verifications", session('b'));
    expect_documented(queue, "VerificationList");
    EXPECT_EQ(body_of(queue).at("items").as_array().size(), 1U);
    EXPECT_EQ(queue.body.find("L898"), std::string::npos);
    EXPECT_EQ(queue.body.find("Eriksson"), std::string::npos);
    EXPECT_EQ(code_of(get("/api/v1/verifications?state=lost", session('b'))), "malformed");
    EXPECT_EQ(code_of(get("/api/v1/verifications?cursor=1", session('b'))), "malformed");
    expect_documented(get(path(row), session('b')), "Verification");
}

TEST_F(IdentityApi, it_is_opened_only_after_the_look_was_written_down) {
    const auto row = verification(wang, VerificationState::in_review);
    service.respond = [](const Command&) { return Answer{.code = "own_account", .detail = "this is your own account"}; };
    const Response refused = post(path(row, "/open"), session('b'), R"({"purpose":"review","reason":"queue"})");
    EXPECT_EQ(code_of(refused), "own_account");
    EXPECT_EQ(refused.body.find("Eriksson"), std::string::npos);
    EXPECT_EQ(code_of(
                  post(path(row, "/files/" + file_id + "/preview"), session('b'), R"({"purpose":"review","reason":"q"})")),
              "own_account");
    service.respond = [](const Command&) { return Answer{.number = 1}; };
    const Response opened = post(path(row, "/open"), session('b'), R"({"purpose":"audit","reason":"sample"})");
    EXPECT_EQ(service.last<service::ViewIdentity>().purpose, "audit");
    EXPECT_EQ(service.last<service::ViewIdentity>().reason, "sample");
    expect_documented(opened, "Verification");
    EXPECT_EQ(body_of(opened).at("facts").at("name").as_string(), "Anna Eriksson");
    EXPECT_EQ(header_of(opened, "Cache-Control"), "no-store");
    EXPECT_EQ(code_of(post(path(row, "/open"), session('b'), R"({"purpose":"fun","reason":"x"})")), "malformed");
    EXPECT_EQ(code_of(post(path(row, "/files/" + row.id.text() + "/preview"), session('b'),
                           R"({"purpose":"review","reason":"q"})")),
              "not_found");
}

TEST_F(IdentityApi, a_decision_goes_to_the_writer_as_it_was_made) {
    const auto row = verification(wang, VerificationState::in_review);
    const Response done = post(path(row, "/decide"), session('b'),
                               R"({"round":1,"decision":"verified","code":null,"note":"fits","totp":"123456"})");
    expect_documented(done, "Verification");
    const auto& command = service.last<service::ReviewVerification>();
    EXPECT_EQ(command.verification, row.no);
    EXPECT_EQ(command.round, 1);
    EXPECT_EQ(command.code, "none");
    EXPECT_EQ(command.totp_code, "123456");
}

TEST(TakesPicture, is_true_of_one_path_alone) {
    EXPECT_TRUE(takes_picture("/api/v1/me/verifications/0196/files/selfie"));
    EXPECT_TRUE(takes_picture("/api/v1/me/verifications/0196/files/selfie?x=1"));
    for (const char* target : {"/api/v1/me/verifications", "/api/v1/me/verifications/0196/submit", "/", "",
                               "/api/v1/me/transfers?/api/v1/me/verifications/1/files/selfie"}) {
        EXPECT_FALSE(takes_picture(target)) << target;
    }
}

}  // namespace
}  // namespace okpay::api::test
