// SPDX-License-Identifier: Apache-2.0
// Second factors on both engines: set up, shown, guessed at, replayed, taken away. After each test the books are verified.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/text.hpp"
#include "customers/recovery_code.hpp"
#include "customers/test_authenticator_test.hpp"
#include "customers/totp.hpp"
#include "service/factor_parts.hpp"
#include "service_fixture.hpp"

namespace okpay::service {
namespace {

using customers::Assurance;
using customers::ChallengePurpose;
using customers::CustomerNo;
using customers::test::Answered;
using customers::test::TestAuthenticator;
using okpay::testing::ServiceFixture;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const std::string phc = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$aGFzaA";

class Factors : public ::testing::TestWithParam<store::Engine> {
protected:
    void SetUp() override {
        if (GetParam() == store::Engine::postgres) {
            if (const auto missing = okpay::testing::postgres_missing()) GTEST_SKIP() << *missing;
        }
        fixture_ = std::make_unique<ServiceFixture>(GetParam());
        li_ = f().customer("li@example.org", "Li Wei");
        f().done(SetCustomerPassword{.customer = li_, .password_phc = phc});
        session_ = sign_in().text;
    }
    void TearDown() override {
        if (fixture_ != nullptr) EXPECT_THAT(f().faults(), IsEmpty());
    }

    ServiceFixture& f() { return *fixture_; }
    Actor self() const { return {ActorKind::customer, li_}; }
    std::string token() { return fmt::format("{:064x}", ++tokens_); }  // the hash of one
    customers::Customer row() { return store::find_customer(*f().connect(), CustomerNo{li_}).value(); }
    std::int64_t sessions() { return f().integer("SELECT count(*) FROM customer_session"); }

    // `text` of a good answer is the session's hash.
    SignInCustomer signing_in(ShownFactor factor = {}) {
        return {.customer = li_,
                .session_token_hash = token(),
                .session_expires = ms_of(f().at() + hours{2}),
                .factor = std::move(factor)};
    }
    Answer sign_in(ShownFactor factor = {}) {
        const SignInCustomer command = signing_in(std::move(factor));
        Answer answer = f().ask(command, self());
        if (answer.done()) answer.text = command.session_token_hash;
        return answer;
    }
    Assurance assurance(const std::string& session) {
        const auto found = store::find_customer_session(*f().connect(), bytes_of_hex(session).value());
        return found ? found->assurance : Assurance::a0_unproven;
    }

    // --- the app
    std::string code(Millis later = Millis{0}) {
        return customers::totp_code(secret_, customers::totp_step(f().at() + later));
    }
    ShownFactor app(std::string typed) {
        return {.kind = "app", .app_code = std::move(typed), .recovery_hash = {}, .passkey = {}};
    }
    Answer begin() {
        const Bytes sealed = f().context().keyring().seal(secret_.reveal(), "totp secret");
        return f().ask(BeginApp{.customer = li_, .session_token_hash = session_, .secret_sealed = base64_of(sealed)},
                       self());
    }
    std::vector<std::string> recovery_set(std::uint64_t number) {
        std::vector<std::string> hashes;
        for (std::uint64_t i = 0; i < customers::recovery_codes_count; ++i)
            hashes.push_back(fmt::format("{:064x}", number * 100 + i));
        return hashes;
    }
    Answer confirm(const std::string& typed) {
        const std::string fresh = token();
        Answer answer = f().ask(ConfirmApp{.customer = li_,
                                           .session_token_hash = session_,
                                           .new_session_token_hash = fresh,
                                           .app_code = typed,
                                           .recovery_hashes = recovery_set(1)},
                                self());
        if (answer.done()) session_ = fresh;
        return answer;
    }
    void enrol_app() {
        ASSERT_TRUE(begin().done());
        const Answer confirmed = confirm(code());
        ASSERT_TRUE(confirmed.done()) << confirmed.detail;
        f().pass(seconds{customers::totp_step_seconds});
    }
    ShownFactor recovery(const std::string& hash) {
        return {.kind = "recovery_code", .app_code = {}, .recovery_hash = hash, .passkey = {}};
    }
    Answer step_up(ShownFactor factor, bool password_right = false) {
        const std::string fresh = token();
        Answer answer = f().ask(StepUp{.customer = li_,
                                       .session_token_hash = session_,
                                       .new_session_token_hash = fresh,
                                       .factor = std::move(factor),
                                       .password_right = password_right},
                                self());
        if (answer.done()) session_ = fresh;
        return answer;
    }

    // --- passkeys
    Bytes challenge(ChallengePurpose purpose, bool named = true) {
        const auto who = named ? std::optional{row().id} : std::nullopt;
        Bytes random;
        append_u64(random, ++challenges_);
        append_u64(random, 0);
        return customers::make_challenge({.purpose = purpose,
                                          .customer = who,
                                          .ends = f().at() + customers::challenge_lasts},
                                         random, f().context().challenge_key());
    }
    PasskeyAnswer said(const Answered& answered, const TestAuthenticator& key, bool with_handle = true) {
        return {.credential_id = base64_of(key.credential_id()),
                .client_data = base64_of(answered.client_data),
                .authenticator_data = base64_of(answered.authenticator_data),
                .signature = base64_of(answered.signature),
                .user_handle = with_handle ? base64_of(row().id.view()) : "",
                .party = "localhost",
                .origins = {"http://localhost:8080"}};
    }
    ShownFactor passkey(PasskeyAnswer answer) {
        return {.kind = "passkey", .app_code = {}, .recovery_hash = {}, .passkey = std::move(answer)};
    }
    Answer add(const TestAuthenticator& key, const Bytes& asked, const std::string& name = "Phone") {
        const auto made = key.create(asked);
        const std::string fresh = token();
        Answer answer = f().ask(AddPasskey{.customer = li_,
                                           .session_token_hash = session_,
                                           .new_session_token_hash = fresh,
                                           .name = name,
                                           .client_data = base64_of(made.client_data),
                                           .attestation = base64_of(made.attestation),
                                           .party = "localhost",
                                           .origins = {"http://localhost:8080"},
                                           .recovery_hashes = recovery_set(2)},
                                self());
        if (answer.done()) session_ = fresh;
        return answer;
    }
    Answer by_passkey_alone(PasskeyAnswer answer) {
        SignInCustomer command = signing_in();
        command.customer = 0;
        Answer answered = f().ask(SignInByPasskey{.sign_in = command, .passkey = std::move(answer)});
        if (answered.done()) answered.text = command.session_token_hash;
        return answered;
    }
    std::vector<std::string> letters() {
        std::vector<std::string> kinds;
        for (const store::OutgoingRow& mail : f().outgoing()) kinds.push_back(mail.kind);
        return kinds;
    }

    std::unique_ptr<ServiceFixture> fixture_;
    std::int64_t li_ = 0;
    std::string session_;
    Secret secret_{Bytes(20, 's')};
    std::uint64_t tokens_ = 0, challenges_ = 0;
};

TEST_P(Factors, an_app_is_confirmed_by_its_code_and_then_asked_for) {
    EXPECT_EQ(assurance(session_), Assurance::a2_one_time_link);
    ASSERT_TRUE(begin().done());
    EXPECT_TRUE(sign_in().done()) << "an app that was never confirmed locks nobody out";
    EXPECT_EQ(confirm("000000").code, "totp_wrong");
    const std::string before = session_;
    const Answer confirmed = confirm(code());
    ASSERT_TRUE(confirmed.done()) << confirmed.detail;
    EXPECT_THAT(confirmed.numbers, SizeIs(1)) << "recovery codes were kept";
    EXPECT_EQ(assurance(before), Assurance::a0_unproven) << "the old token is dead";
    EXPECT_EQ(assurance(session_), Assurance::a3_second_factor);
    EXPECT_EQ(begin().code, "factor_exists");
    ASSERT_THAT(f().outgoing(), SizeIs(1));
    EXPECT_EQ(f().outgoing()[0].recipient, "li@example.org");
    EXPECT_THAT(f().text_of(f().outgoing()[0]),
                AllOf(HasSubstr("authenticator app was added"), HasSubstr("24 hours"), Not(HasSubstr("http"))));

    const std::int64_t sessions_before = sessions();
    EXPECT_EQ(sign_in().code, "second_factor_required");
    EXPECT_EQ(sign_in(app("000000")).code, "totp_wrong");
    EXPECT_EQ(sign_in({.kind = "nonsense", .app_code = code(), .recovery_hash = {}, .passkey = {}}).code,
              "second_factor_required");
    EXPECT_EQ(sessions(), sessions_before) << "never a session before";
    f().pass(seconds{30});
    const Answer in = sign_in(app(code()));
    ASSERT_TRUE(in.done()) << in.detail;
    EXPECT_EQ(assurance(in.text), Assurance::a3_second_factor);
}

TEST_P(Factors, replayed_codes_open_nothing) {
    enrol_app();
    EXPECT_EQ(sign_in(app(code(-seconds{30}))).code, "totp_wrong") << "the code that confirmed it";
    const std::string once = code();
    ASSERT_TRUE(sign_in(app(once)).done());
    EXPECT_EQ(sign_in(app(once)).code, "totp_wrong");
    EXPECT_EQ(step_up(app(once)).code, "totp_wrong") << "nor at another door";
    EXPECT_EQ(sign_in(app(code(-seconds{30}))).code, "totp_wrong") << "nor an earlier one";
    ASSERT_TRUE(sign_in(app(code(seconds{30}))).done());

    const std::string first = recovery_set(1)[0];
    ASSERT_TRUE(sign_in(recovery(first)).done());
    EXPECT_EQ(sign_in(recovery(first)).code, "recovery_code_wrong");
    EXPECT_THAT(letters(), ::testing::Contains("factor_recovery_code_used"));
    EXPECT_THAT(f().text_of(f().outgoing().back()), HasSubstr("9 are left"));

    TestAuthenticator key;
    const Bytes registration = challenge(ChallengePurpose::registration);
    ASSERT_TRUE(add(key, registration).done());
    const TestAuthenticator other{customers::KeyAlgorithm::eddsa, Bytes(16, 'o')};
    EXPECT_EQ(add(other, registration).code, "passkey_wrong");

    const Bytes asked = challenge(ChallengePurpose::second_factor);
    ASSERT_TRUE(sign_in(passkey(said(key.get(asked), key))).done());
    EXPECT_EQ(sign_in(passkey(said(key.get(asked), key))).code, "passkey_wrong") << "signed anew, the same challenge";
}

TEST_P(Factors, sixty_four_parallel_guesses_are_ten) {
    enrol_app();
    std::vector<std::future<Answer>> answers;
    for (int i = 0; i < 64; ++i) {
        answers.push_back(
            okpay::testing::submit(f().writer(), f().command(signing_in(app(fmt::format("{:06}", 900'000 + i))), self())));
    }
    int looked_at = 0, blocked = 0;
    for (auto& answer : answers) {
        const Answer got = answer.get();
        if (got.code == "totp_wrong") ++looked_at;
        if (got.code == "blocked") ++blocked;
    }
    EXPECT_EQ(looked_at, customers::guesses_in_a_row_max);
    EXPECT_EQ(blocked, 64 - customers::guesses_in_a_row_max);
    EXPECT_EQ(sign_in(app(code())).code, "blocked") << "the right code too";
    EXPECT_EQ(step_up(app(code())).code, "blocked");
    const std::string word = "factor_codes_blocked";
    EXPECT_THAT(letters(), ::testing::Contains(word).Times(1));
    EXPECT_TRUE(sign_in(recovery(recovery_set(1)[3])).done()) << "the victim's other way in stays open";
    f().pass(minutes{15});
    EXPECT_TRUE(sign_in(app(code())).done());
    EXPECT_EQ(f().integer("SELECT app_wrong + app_blocks FROM factor_guard"), 0) << "forgotten";
}

TEST_P(Factors, guesses_at_recovery_codes_are_counted_apart) {
    enrol_app();
    for (int i = 0; i < customers::guesses_in_a_row_max; ++i) EXPECT_EQ(sign_in(recovery("")).code, "recovery_code_wrong");
    EXPECT_EQ(sign_in(recovery(recovery_set(1)[0])).code, "blocked");
    EXPECT_TRUE(sign_in(app(code())).done());
}

TEST_P(Factors, changes_ask_for_what_guards_them) {
    f().pass(customers::step_up_lasts);
    EXPECT_EQ(begin().code, "step_up_required") << "the sign-in is ten minutes old";
    EXPECT_EQ(step_up({}, false).code, "sign_in_failed");
    ASSERT_TRUE(step_up({}, true).done());
    EXPECT_EQ(assurance(session_), Assurance::a2_one_time_link) << "a password is no second factor";
    enrol_app();
    f().pass(customers::step_up_lasts);
    const auto remove = [this] { return f().ask(RemoveApp{.customer = li_, .session_token_hash = session_}, self()); };
    const auto renew = [this] {
        return f().ask(
            MakeRecoveryCodes{.customer = li_, .session_token_hash = session_, .recovery_hashes = recovery_set(7)}, self());
    };
    EXPECT_EQ(remove().code, "step_up_required");
    EXPECT_EQ(renew().code, "step_up_required");
    EXPECT_EQ(add(TestAuthenticator{}, challenge(ChallengePurpose::registration)).code, "step_up_required");
    EXPECT_EQ(step_up({}, true).code, "second_factor_required") << "the password steps nowhere any more";
    EXPECT_EQ(step_up(recovery(recovery_set(1)[0])).code, "second_factor_required") << "nor does a recovery code";
    ASSERT_TRUE(step_up(app(code())).done());

    ASSERT_TRUE(renew().done());
    EXPECT_EQ(sign_in(recovery(recovery_set(1)[0])).code, "recovery_code_wrong") << "the old set is void";
    ASSERT_TRUE(sign_in(recovery(recovery_set(7)[9])).done());
    ASSERT_TRUE(remove().done());
    EXPECT_EQ(f().integer("SELECT count(*) FROM recovery_code"), 0);
    const Answer plain = sign_in();
    ASSERT_TRUE(plain.done());
    EXPECT_EQ(assurance(plain.text), Assurance::a2_one_time_link);
    EXPECT_THAT(letters(),
                ::testing::IsSupersetOf({"factor_app_added", "factor_recovery_codes_made", "factor_app_removed"}));
}

TEST_P(Factors, a_session_of_another_changes_nothing) {
    const std::int64_t eve = f().customer("eve@example.org", "Eve");
    EXPECT_EQ(f().ask(RemoveApp{.customer = eve, .session_token_hash = session_}).code, "not_signed_in");
    EXPECT_EQ(f().ask(RemoveApp{.customer = li_, .session_token_hash = "zz"}, self()).code, "not_signed_in");
    f().pass(hours{2});
    EXPECT_EQ(begin().code, "not_signed_in") << "it has ended";
}

TEST_P(Factors, a_passkey_signs_in_alone_and_as_the_second_factor) {
    TestAuthenticator key;
    const Answer added = add(key, challenge(ChallengePurpose::registration));
    ASSERT_TRUE(added.done()) << added.detail;
    EXPECT_THAT(added.numbers, SizeIs(1));
    EXPECT_EQ(sign_in().code, "second_factor_required");

    const Answer alone = by_passkey_alone(said(key.get(challenge(ChallengePurpose::sign_in, false)), key));
    ASSERT_TRUE(alone.done()) << alone.detail;
    EXPECT_EQ(alone.number, li_);
    EXPECT_EQ(assurance(alone.text), Assurance::a3_second_factor);
    ASSERT_TRUE(sign_in(passkey(said(key.get(challenge(ChallengePurpose::second_factor)), key, false))).done());
    f().pass(customers::step_up_lasts);
    ASSERT_TRUE(step_up(passkey(said(key.get(challenge(ChallengePurpose::step_up)), key))).done());
    const auto kept = store::passkeys_of(*f().connect(), CustomerNo{li_});
    ASSERT_THAT(kept, SizeIs(1));
    EXPECT_EQ(kept[0].sign_count, 3);
    EXPECT_EQ(kept[0].last_used, f().at());
    EXPECT_EQ(kept[0].name, "Phone");

    // Each question opens its own door, for its own customer, for five minutes.
    EXPECT_EQ(by_passkey_alone(said(key.get(challenge(ChallengePurpose::sign_in, false)), key, false)).code, "passkey_wrong")
        << "alone, it has to say who it is";
    EXPECT_EQ(by_passkey_alone(said(key.get(challenge(ChallengePurpose::step_up)), key)).code, "passkey_wrong");
    EXPECT_EQ(step_up(passkey(said(key.get(challenge(ChallengePurpose::sign_in, false)), key))).code, "passkey_wrong");
    const Bytes old = challenge(ChallengePurpose::sign_in, false);
    f().pass(customers::challenge_lasts);
    EXPECT_EQ(by_passkey_alone(said(key.get(old), key)).code, "passkey_wrong");
    EXPECT_EQ(by_passkey_alone(said(key.get(Bytes(57, 'x')), key)).code, "passkey_wrong") << "no question of ours";

    const Bytes spoilt = challenge(ChallengePurpose::sign_in, false);
    PasskeyAnswer bent = said(key.get(spoilt), key);
    bent.signature = base64_of(Bytes(70, 'x'));
    EXPECT_EQ(by_passkey_alone(bent).code, "passkey_wrong");
    EXPECT_EQ(by_passkey_alone(said(key.get(spoilt), key)).code, "passkey_wrong") << "a wrong answer uses it up";

    TestAuthenticator copy = std::move(key);
    copy.sign_count = 0;
    const std::int64_t before = sessions();
    EXPECT_EQ(by_passkey_alone(said(copy.get(challenge(ChallengePurpose::sign_in, false)), copy)).code, "passkey_wrong");
    EXPECT_EQ(sessions(), before);
    EXPECT_THAT(letters(), ::testing::Contains("factor_passkey_copied"));
}

TEST_P(Factors, passkeys_have_names_and_owners) {
    TestAuthenticator key, laptop{customers::KeyAlgorithm::eddsa, Bytes(16, 'l')};
    const std::int64_t first = add(key, challenge(ChallengePurpose::registration)).number;
    EXPECT_EQ(add(key, challenge(ChallengePurpose::registration)).code, "factor_exists");
    const Answer second = add(laptop, challenge(ChallengePurpose::registration), "  ");
    ASSERT_TRUE(second.done()) << second.detail;
    EXPECT_THAT(second.numbers, IsEmpty()) << "the recovery codes stay";
    EXPECT_EQ(store::find_passkey(*f().connect(), second.number)->name, "Passkey");

    const std::int64_t eve = f().customer("eve@example.org", "Eve");
    const auto rename = [&](std::int64_t who, const std::string& name) {
        return f().ask(RenamePasskey{.customer = who, .passkey = first, .name = name}, Actor{ActorKind::customer, who}).code;
    };
    EXPECT_EQ(rename(eve, "mine"), "not_found");
    EXPECT_EQ(rename(li_, "a\nb"), "invalid");
    EXPECT_EQ(rename(li_, std::string(61, 'n')), "invalid");
    EXPECT_EQ(rename(li_, "工作手机"), "");
    EXPECT_EQ(store::find_passkey(*f().connect(), first)->name, "工作手机");

    const auto remove = [&](std::int64_t passkey) {
        return f().ask(RemovePasskey{.customer = li_, .session_token_hash = session_, .passkey = passkey}, self()).code;
    };
    EXPECT_EQ(remove(99), "not_found");
    EXPECT_EQ(remove(first), "");
    EXPECT_EQ(sign_in(passkey(said(key.get(challenge(ChallengePurpose::second_factor)), key))).code, "passkey_wrong")
        << "a removed one opens nothing";
    EXPECT_EQ(sign_in().code, "second_factor_required") << "the other one guards still";
    for (int i = 1; i < 10; ++i) {
        const TestAuthenticator more{customers::KeyAlgorithm::eddsa, Bytes(16, static_cast<char>('A' + i))};
        ASSERT_TRUE(add(more, challenge(ChallengePurpose::registration)).done()) << i;
    }
    const TestAuthenticator eleventh{customers::KeyAlgorithm::eddsa, Bytes(16, 'z')};
    EXPECT_EQ(add(eleventh, challenge(ChallengePurpose::registration)).code, "too_many_passkeys");
}

TEST_P(Factors, a_new_password_does_not_take_the_second_factor_away) {
    enrol_app();
    f().done(SetCustomerPassword{.customer = li_, .password_phc = phc});
    EXPECT_EQ(sessions(), 0);
    EXPECT_EQ(sign_in().code, "second_factor_required");
    EXPECT_TRUE(sign_in(app(code())).done());
}

TEST_P(Factors, answered_challenges_are_forgotten_when_they_would_have_ended) {
    TestAuthenticator key;
    ASSERT_TRUE(add(key, challenge(ChallengePurpose::registration)).done());
    EXPECT_EQ(f().integer("SELECT count(*) FROM answered_challenge"), 1);
    f().pass(customers::challenge_lasts);
    ASSERT_TRUE(by_passkey_alone(said(key.get(challenge(ChallengePurpose::sign_in, false)), key)).done());
    EXPECT_EQ(f().integer("SELECT count(*) FROM answered_challenge"), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, Factors, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& engine) { return engine.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
