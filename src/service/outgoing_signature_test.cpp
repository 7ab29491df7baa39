// SPDX-License-Identifier: Apache-2.0
// Keys of DKIM and the mails that are signed with them, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mail/dkim_signing.hpp"
#include "service_fixture.hpp"
#include "store/dkim_store.hpp"
#include "store/key_ring.hpp"

namespace okpay::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OutgoingSignature : public ::testing::TestWithParam<store::Engine> {
protected:
    AddDkimKey ed25519(const std::string& selector, char octet = 'k') {
        const mail::DkimKey key{selector, mail::DkimAlgorithm::ed25519_sha256, Secret{std::string(32, octet)}};
        return {.domain = "pay.example",
                .selector = selector,
                .algorithm = "ed25519",
                .public_key = base64_of(mail::dkim_public_key(key).value()),
                .sealed = base64_of(f_.context().keyring().seal(key.private_key.reveal(), store::dkim_key_purpose))};
    }
    std::vector<std::string> signing() {
        std::vector<std::string> selectors;
        for (const mail::DkimKey& key : store::signing_keys(*f_.connect(), f_.context().keyring(), "pay.example"))
            selectors.push_back(key.selector);
        return selectors;
    }
    okpay::testing::ServiceFixture f_{GetParam()};
};

TEST_P(OutgoingSignature, keys_are_sealed_and_end_when_they_are_retired) {
    f_.done(ed25519("s1"));
    f_.done(ed25519("s2", 'm'));
    EXPECT_THAT(signing(), ElementsAre("s1", "s2"));
    EXPECT_THAT(store::signing_keys(*f_.connect(), f_.context().keyring(), "other.example"), IsEmpty());
    const auto row = store::find_dkim_key(*f_.connect(), "pay.example", "s1");
    EXPECT_EQ(row->sealed.find(std::string(16, 'k')), std::string::npos);
    EXPECT_EQ(f_.ask(ed25519("s1")).code, codes::invalid) << "a selector names one key for ever";
    f_.done(RetireDkimKey{"pay.example", "s1"});
    EXPECT_TRUE(f_.done(RetireDkimKey{"pay.example", "s1"}).replayed);
    EXPECT_THAT(signing(), ElementsAre("s2"));
    EXPECT_EQ(store::find_dkim_key(*f_.connect(), "pay.example", "s1")->sealed, "") << "the key itself is destroyed";
    EXPECT_EQ(f_.ask(ed25519("s1")).code, codes::invalid) << "nor is it named again afterwards";
    EXPECT_EQ(f_.ask(RetireDkimKey{"pay.example", "s9"}).code, codes::not_found);
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(OutgoingSignature, refuses_what_is_no_key) {
    const auto refused = [&](auto change) {
        AddDkimKey body = ed25519("s1");
        change(body);
        return f_.ask(body).code == codes::invalid;
    };
    EXPECT_TRUE(refused([](AddDkimKey& b) { b.algorithm = "rsa"; })) << "the key is not of it";
    EXPECT_TRUE(refused([](AddDkimKey& b) { b.algorithm = "dsa"; }));
    EXPECT_TRUE(refused([](AddDkimKey& b) { b.selector = "a;b"; }));
    EXPECT_TRUE(refused([](AddDkimKey& b) { b.domain = "Pay.example"; }));
    EXPECT_TRUE(refused([](AddDkimKey& b) { b.domain = "a b"; }));
    EXPECT_TRUE(refused([](AddDkimKey& b) { b.public_key = base64_of("short"); }));
    EXPECT_TRUE(refused([](AddDkimKey& b) { b.sealed = base64_of("not sealed by us, and long enough for a nonce"); }));
    EXPECT_THAT(signing(), IsEmpty());
}

TEST_P(OutgoingSignature, a_mail_is_signed_once) {
    f_.receive({.from = "who@example.net", .subject = "Q", .text = "A question.", .proven = false});
    const Bytes before = f_.outgoing().at(0).bytes;
    const std::string fields = "DKIM-Signature: v=1;\r\n\tb=x\r\n";
    EXPECT_EQ(f_.ask(SignOutgoing{{{1, "Bcc: eve@example.net\r\n"}}}).code, codes::invalid);
    EXPECT_THAT(f_.done(SignOutgoing{{{1, fields}, {77, fields}}}).numbers, ElementsAre(1));
    EXPECT_THAT(f_.done(SignOutgoing{{{1, fields}}}).numbers, IsEmpty()) << "what may have left stays as it was";
    EXPECT_EQ(f_.outgoing().at(0).bytes, fields + before);
    EXPECT_THAT(f_.faults(), IsEmpty());
}

TEST_P(OutgoingSignature, keys_are_sealed_anew_with_the_master_key_and_checked) {
    f_.done(ed25519("s1"));
    f_.stop();
    const auto connection = f_.connect(store::Access::writer);
    const auto check = store::check_keys(*connection, f_.context().keyring());
    EXPECT_THAT(check.faults, IsEmpty());
    EXPECT_GE(check.generations.front().secrets, 1);
    connection->execute("UPDATE dkim_key SET sealed = $1", {store::Octets{"changed"}});
    const auto broken = store::check_keys(*connection, f_.context().keyring());
    EXPECT_THAT(broken.faults, ElementsAre("the secret of dkim_key 1 does not open"));
    EXPECT_THROW(store::signing_keys(*connection, f_.context().keyring(), "pay.example"), store::StorageFailure);
}

INSTANTIATE_TEST_SUITE_P(Engines, OutgoingSignature, ::testing::Values(store::Engine::sqlite, store::Engine::postgres),
                         [](const auto& given) { return given.param == store::Engine::sqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace okpay::service
