// SPDX-License-Identifier: Apache-2.0
#include "customers/webauthn.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "customers/assurance.hpp"
#include "customers/guesses.hpp"
#include "customers/passkey_challenge.hpp"
#include "customers/recovery_code.hpp"
#include "customers/test_authenticator_test.hpp"

namespace okpay::customers {
namespace {

using test::Answered;
using test::cbor;
using test::cbor_head;
using test::cbor_octets;
using test::cbor_text;
using test::Registered;
using test::Saying;
using test::TestAuthenticator;

const Bytes asked(40, 'q');
const RelyingParty house{.id = "localhost", .origins = {"http://localhost:8080", "https://localhost:8080"}};

std::string fault_of(const Registered& said, ByteView challenge = asked) {
    const auto read = verify_registration(said.said(), challenge, house);
    return read ? "" : std::string{name_of(read.error())};
}
std::string fault_of(const Answered& said, ByteView key, std::uint32_t count = 0, ByteView challenge = asked) {
    const auto read = verify_assertion(said.said(), challenge, house, key, count);
    return read ? "" : std::string{name_of(read.error())};
}

class EachAlgorithm : public testing::TestWithParam<KeyAlgorithm> {};
TEST_P(EachAlgorithm, is_enrolled_and_signs_in) {
    TestAuthenticator key{GetParam()};
    const Registered said = key.create(asked);
    const auto made = verify_registration(said.said(), asked, house);
    ASSERT_TRUE(made) << name_of(made.error());
    EXPECT_EQ(made->credential_id, key.credential_id());
    EXPECT_EQ(made->public_key, key.cose_key());
    EXPECT_EQ(made->aaguid, Bytes(16, '\0'));

    const auto asserted = verify_assertion(key.get(asked).said(), asked, house, made->public_key, made->sign_count);
    ASSERT_TRUE(asserted) << name_of(asserted.error());
    EXPECT_EQ(asserted->sign_count, 1U);

    TestAuthenticator other{GetParam()};
    EXPECT_EQ(fault_of(other.get(asked), made->public_key), "wrong_signature");
}
INSTANTIATE_TEST_SUITE_P(Passkey, EachAlgorithm,
                         testing::Values(KeyAlgorithm::es256, KeyAlgorithm::eddsa, KeyAlgorithm::rs256));

struct SayingCase {
    std::string_view name;
    std::function<void(Saying&)> change;
    std::string_view fault;
};
const std::array saying_cases{
    SayingCase{"nothing", [](Saying&) {}, ""},
    SayingCase{"the other kind of answer", [](Saying& s) { s.type = "payment.get"; }, "wrong_type"},
    SayingCase{"an origin that only begins like ours", [](Saying& s) { s.origin = "http://localhost:8080.evil.example"; },
               "wrong_origin"},
    SayingCase{"another port", [](Saying& s) { s.origin = "http://localhost:8081"; }, "wrong_origin"},
    SayingCase{"another party", [](Saying& s) { s.party = "evil.example"; }, "wrong_party"},
    SayingCase{"a foreign frame", [](Saying& s) { s.client_extra = ",\"crossOrigin\":true"; }, "wrong_origin"},
    SayingCase{"the own frame", [](Saying& s) { s.client_extra = ",\"crossOrigin\":false"; }, ""},
    SayingCase{"members that nobody knows", [](Saying& s) { s.client_extra = ",\"later\":{\"a\":[1]}"; }, ""},
    SayingCase{"a frame that is a text", [](Saying& s) { s.client_extra = ",\"crossOrigin\":\"false\""; }, "wrong_origin"},
    SayingCase{"nobody there", [](Saying& s) { s.flags = 0x04; }, "user_absent"},
    SayingCase{"somebody, unverified", [](Saying& s) { s.flags = 0x01; }, "user_unverified"},
    SayingCase{"extensions", [](Saying& s) { s.extensions = cbor_head(5, 1) + cbor_text("hmac-secret") + "\xF5"; }, ""},
    SayingCase{"octets after the extensions", [](Saying& s) { s.extensions = cbor_head(5, 0) + "x"; }, "malformed"},
    SayingCase{"extensions cut off", [](Saying& s) { s.extensions = cbor_head(5, 1); }, "malformed"},
    SayingCase{"too long", [](Saying& s) { s.client_extra = ",\"x\":\"" + std::string(5'000, 'x') + "\""; }, "malformed"},
    SayingCase{"no JSON", [](Saying& s) { s.client_extra = ","; }, "malformed"},
};
TEST(Passkey, both_answers_are_looked_at_alike) {
    for (const SayingCase& c : saying_cases) {
        SCOPED_TRACE(c.name);
        TestAuthenticator key;
        Saying saying;
        c.change(saying);
        EXPECT_EQ(fault_of(key.create(asked, saying)), c.fault);
        EXPECT_EQ(fault_of(key.get(asked, saying), key.cose_key()), c.fault);
    }
}

TEST(Passkey, answers_one_challenge_and_no_other) {
    TestAuthenticator key;
    const Registered made = key.create(asked);
    const Answered answered = key.get(asked);
    for (const Bytes& other : {Bytes(40, 'r'), Bytes(39, 'q'), Bytes(41, 'q'), Bytes{}}) {
        EXPECT_EQ(fault_of(made, other), "wrong_challenge");
        EXPECT_EQ(fault_of(answered, key.cose_key(), 0, other), "wrong_challenge");
    }
    EXPECT_EQ(challenge_in(answered.client_data), asked);
    EXPECT_EQ(challenge_in("{}"), std::nullopt);
    EXPECT_EQ(fault_of(key.get(Bytes{}), key.cose_key(), 0, Bytes{}), "wrong_challenge");
    // What one says cannot be said by the other.
    EXPECT_EQ(fault_of(Answered{made.client_data, answered.authenticator_data, answered.signature}, key.cose_key()),
              "wrong_type");
}

TEST(Passkey, a_signature_covers_every_octet) {
    TestAuthenticator key;
    const Answered good = key.get(asked);
    ASSERT_EQ(fault_of(good, key.cose_key()), "");
    for (std::size_t at = 0; at < good.authenticator_data.size(); ++at) {
        Answered bent = good;
        bent.authenticator_data[at] = static_cast<char>(bent.authenticator_data[at] ^ 0x10);
        EXPECT_NE(fault_of(bent, key.cose_key()), "") << at;
    }
    for (std::size_t at = 0; at < good.client_data.size(); ++at) {
        Answered bent = good;
        bent.client_data[at] = static_cast<char>(bent.client_data[at] ^ 0x01);
        EXPECT_NE(fault_of(bent, key.cose_key()), "") << at;
    }
    for (const Bytes& signature : {Bytes{}, Bytes(70, '\0'), Bytes(2'000, 'x'), good.signature + "x"}) {
        Answered bent = good;
        bent.signature = signature;
        EXPECT_NE(fault_of(bent, key.cose_key()), "");
    }
}

TEST(Passkey, a_counter_that_does_not_grow_is_a_copy) {
    TestAuthenticator key;
    key.sign_count = 6;
    EXPECT_EQ(fault_of(key.get(asked), key.cose_key(), 6), "");  // says 7
    EXPECT_EQ(fault_of(key.get(asked), key.cose_key(), 8), "counter_went_back");  // says 8
    EXPECT_EQ(fault_of(key.get(asked), key.cose_key(), 100), "counter_went_back");
    key.counts = false;
    key.sign_count = 0;
    EXPECT_EQ(fault_of(key.get(asked), key.cose_key(), 0), "") << "one that never counts";
    EXPECT_EQ(fault_of(key.get(asked), key.cose_key(), 3), "counter_went_back");
}

TEST(Passkey, every_attestation_is_read_past) {
    const TestAuthenticator key;
    Saying packed;
    packed.format = "packed";
    packed.statement = cbor_head(5, 3) + cbor_text("alg") + cbor(-7) + cbor_text("sig") + cbor_octets("nonsense") +
                       cbor_text("x5c") + cbor_head(4, 2) + cbor_octets(Bytes(1'000, 'c')) + cbor_octets(Bytes(900, 'd'));
    EXPECT_EQ(fault_of(key.create(asked, packed)), "");
    Saying deep;
    deep.statement = cbor_head(5, 1) + cbor_text("a") + cbor_head(4, 1) + cbor_head(4, 1) + cbor_head(4, 1) + cbor(1);
    EXPECT_EQ(fault_of(key.create(asked, deep)), "");
    deep.statement =
        cbor_head(5, 1) + cbor_text("a") + cbor_head(4, 1) + cbor_head(4, 1) + cbor_head(4, 1) + cbor_head(4, 1) + cbor(1);
    EXPECT_EQ(fault_of(key.create(asked, deep)), "malformed");
    Saying many;
    many.statement = cbor_head(5, 1) + cbor_text("a") + cbor_head(4, 127) + Bytes(127, '\0');
    EXPECT_EQ(fault_of(key.create(asked, many)), "malformed");
    Saying large;
    large.statement = cbor_head(5, 1) + cbor_text("a") + cbor_octets(Bytes(17'000, 'x'));
    EXPECT_EQ(fault_of(key.create(asked, large)), "malformed");
}

TEST(Passkey, malformed_attestations_are_refused) {
    const TestAuthenticator key;
    const Registered good = key.create(asked);
    for (std::size_t size = 0; size < good.attestation.size(); ++size) {
        Registered cut = good;
        cut.attestation.resize(size);
        EXPECT_EQ(fault_of(cut), "malformed") << size;
    }
    const std::array forms{
        good.attestation + "x",                                              // more after the end
        "\xBF" + good.attestation.substr(1) + "\xFF",                        // an indefinite map
        Bytes{"\x9B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9},                    // an array of all the world
        Bytes{"\x5B\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9},                    // octets that are not there
        Bytes(5'000, '\x81'),                                                // an array in an array in an array …
        cbor_head(5, 3) + cbor_text("fmt") + cbor_text("none") + cbor_text("fmt") + cbor_text("none") +
            cbor_text("authData") + cbor_octets(Bytes(60, 'a')),             // a member twice
        cbor_head(5, 3) + cbor(1) + cbor(2) + cbor(3) + cbor(4) + cbor(5) + cbor(6),
    };
    for (const Bytes& form : forms) {
        Registered bad = good;
        bad.attestation = form;
        EXPECT_EQ(fault_of(bad), "malformed") << hex_of(form.substr(0, 16));
    }
    const TestAuthenticator nameless{KeyAlgorithm::es256, ""};
    EXPECT_EQ(fault_of(nameless.create(asked)), "malformed");
    const TestAuthenticator endless{KeyAlgorithm::es256, Bytes(1'024, 'c')};
    EXPECT_EQ(fault_of(endless.create(asked)), "malformed");
}

TEST(Passkey, keys_that_are_none_of_ours_are_refused) {
    TestAuthenticator key;
    const Answered answered = key.get(asked);
    const Bytes good = key.cose_key();
    const Bytes x(32, 'x'), y(32, 'y');
    const auto ec = [&](std::int64_t algorithm, std::int64_t curve, const Bytes& at_x, const Bytes& at_y) {
        return cbor_head(5, 5) + cbor(1) + cbor(2) + cbor(3) + cbor(algorithm) + cbor(-1) + cbor(curve) + cbor(-2) +
               cbor_octets(at_x) + cbor(-3) + cbor_octets(at_y);
    };
    const auto rsa = [&](const Bytes& n, const Bytes& e) {
        return cbor_head(5, 4) + cbor(1) + cbor(3) + cbor(3) + cbor(-257) + cbor(-1) + cbor_octets(n) + cbor(-2) +
               cbor_octets(e);
    };
    const Bytes odd(256, '\x81');
    for (const Bytes& bad :
         {Bytes{}, cbor_head(5, 0), good + "x", good.substr(0, good.size() - 1), ec(-7, 1, x, y),  // no point of the curve
          ec(-7, 1, Bytes(31, 'x'), y), ec(-7, 2, x, y), ec(-35, 1, x, y), ec(0, 1, x, y),
          rsa(Bytes(128, '\x81'), "\x03"),  // 1,024 bits
          rsa(Bytes(1'024, '\x81'), "\x03"),  // 8,192 bits
          rsa(odd, Bytes{"\x01"}), rsa(odd, Bytes{"\x02"}), rsa(odd, Bytes(5, '\x01')), rsa(odd, ""),
          cbor_head(5, 2) + cbor(1) + cbor(2) + cbor(1) + cbor(2)}) {
        EXPECT_EQ(fault_of(answered, bad), "unsupported_key") << hex_of(bad.substr(0, 24));
    }
}

TEST(Challenge, comes_back_as_it_was_made_and_cannot_be_made_by_others) {
    const Secret key{Bytes(32, 'k')};
    const auto who = CustomerId::parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
    const Challenge made{.purpose = ChallengePurpose::step_up, .customer = who, .ends = moment_of_ms(1'790'000'000'123)};
    const Bytes octets = make_challenge(made, Bytes(16, 'r'), key);
    const auto read = read_challenge(octets, key);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->purpose, made.purpose);
    EXPECT_EQ(read->customer, made.customer);
    EXPECT_EQ(read->ends, made.ends);
    EXPECT_FALSE(read_challenge(octets, Secret{Bytes(32, 'l')}));
    for (std::size_t at = 0; at < octets.size(); ++at) {
        Bytes bent = octets;
        bent[at] = static_cast<char>(bent[at] ^ 0x01);
        EXPECT_FALSE(read_challenge(bent, key)) << at;
    }
    EXPECT_FALSE(read_challenge("", key));
    const Bytes nobody =
        make_challenge({.purpose = ChallengePurpose::sign_in, .customer = {}, .ends = made.ends}, Bytes(16, 'r'), key);
    EXPECT_EQ(read_challenge(nobody, key)->customer, std::nullopt);
}

TEST(RecoveryCode, is_read_as_people_type) {
    const auto who = CustomerId::parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
    const auto other = CustomerId::parse("0190163d-8694-739b-aea5-966c26f8ad92").value();
    const std::string code = recovery_code("0123456789");
    EXPECT_EQ(code, "gayt-emzu-gu3d-oobz");
    const auto hash = recovery_code_hash(who, code);
    ASSERT_TRUE(hash);
    EXPECT_EQ(recovery_code_hash(who, "GAYTEMZU GU3D OOBZ"), hash);
    EXPECT_NE(recovery_code_hash(other, code), hash);
    for (const std::string_view none : {"", "gayt", "gayt-emzu-gu3d-oob!", "gayt-emzu-gu3d-oobz-aaaa"}) {
        EXPECT_EQ(recovery_code_hash(who, none), std::nullopt) << none;
    }
}

// One letter per level: what it opens, in the order of the enum.
TEST(Assurance, is_the_table) {
    struct Row {
        Act act;
        Assurance needed;
    };
    constexpr auto a1 = Assurance::a1_aligned_mail, a2 = Assurance::a2_one_time_link, a3 = Assurance::a3_second_factor,
                   a4 = Assurance::a4_identity_verified;
    constexpr std::array rows{
        Row{Act::read_own_request, a1},     Row{Act::refund_to_source, a1},     Row{Act::read_unmasked, a2},
        Row{Act::hand_in_evidence, a2},     Row{Act::move_money, a2},           Row{Act::lock_oneself, a1},
        Row{Act::end_other_sessions, a2},   Row{Act::pay_out_to_new_place, a3}, Row{Act::change_password, a3},
        Row{Act::change_second_factor, a3}, Row{Act::change_contact, a3},       Row{Act::change_instrument, a3},
        Row{Act::release_own_lock, a3},     Row{Act::unlock_account, a3},       Row{Act::raise_limits, a3},
        Row{Act::replace_lost_factor, a4},  Row{Act::refund_elsewhere, a4},
    };
    for (const Row& row : rows) EXPECT_EQ(needed_for(row.act), row.needed) << name_of(row.act);
    EXPECT_EQ(rows.size(), static_cast<std::size_t>(Act::refund_elsewhere) + 1) << "a row for each";
}

TEST(Assurance, a_second_factor_goes_stale_and_a_password_does_not_open_what_needs_one) {
    constexpr auto a2 = Assurance::a2_one_time_link, a3 = Assurance::a3_second_factor;
    const Moment shown = moment_of_ms(1'790'000'000'000);
    const Moment last = shown + step_up_lasts - Millis{1}, late = shown + step_up_lasts;
    EXPECT_TRUE(opens(a3, shown, Act::pay_out_to_new_place, last));
    EXPECT_FALSE(opens(a3, shown, Act::pay_out_to_new_place, late));
    EXPECT_FALSE(opens(a2, shown, Act::pay_out_to_new_place, shown));
    EXPECT_TRUE(opens(a2, shown, Act::move_money, shown + std::chrono::hours{2}));
    EXPECT_FALSE(opens(a3, shown, Act::refund_elsewhere, shown));

    EXPECT_TRUE(opens_factors(a2, shown, false, last));
    EXPECT_FALSE(opens_factors(a2, shown, false, late)) << "the password again";
    EXPECT_FALSE(opens_factors(a2, shown, true, shown)) << "a factor guards the others";
    EXPECT_TRUE(opens_factors(a3, shown, true, last));
    EXPECT_FALSE(opens_factors(Assurance::a1_aligned_mail, shown, false, shown));
}

TEST(Assurance, new_places_wait_after_a_change_of_factors) {
    const Moment changed = moment_of_ms(1'790'000'000'000);
    constexpr std::chrono::hours day{24};
    EXPECT_EQ(new_places_open_at(changed, day, changed + day - Millis{1}), changed + day);
    EXPECT_EQ(new_places_open_at(changed, day, changed + day), std::nullopt);
    EXPECT_EQ(new_places_open_at(changed, Millis{0}, changed), std::nullopt);
    EXPECT_EQ(new_places_open_at(std::nullopt, day, changed), std::nullopt);
}

TEST(Guesses, ten_in_a_row_block_each_time_for_longer) {
    Moment at = moment_of_ms(1'790'000'000'000);
    Guesses guesses;
    std::vector<std::int64_t> blocks;  // minutes
    for (int round = 0; round < 9; ++round) {
        for (std::int64_t i = 1; i < guesses_in_a_row_max; ++i) {
            guesses = after_wrong_guess(guesses, at);
            ASSERT_FALSE(guesses.blocked(at));
        }
        guesses = after_wrong_guess(guesses, at);
        ASSERT_TRUE(guesses.blocked(at));
        blocks.push_back(std::chrono::duration_cast<std::chrono::minutes>(guesses.blocked_until - at).count());
        EXPECT_FALSE(guesses.blocked(guesses.blocked_until));
        at = guesses.blocked_until;
    }
    EXPECT_EQ(blocks, (std::vector<std::int64_t>{15, 30, 60, 120, 240, 480, 960, 1'440, 1'440}));
}

}  // namespace
}  // namespace okpay::customers
