// SPDX-License-Identifier: Apache-2.0
// What we sign against the vectors of RFC 8463, appendix A, and against our own verifier; an independent verifier holds
// the real program's mails to it in the story `sending`.
#include "mail/dkim_signing.hpp"

#include <gtest/gtest.h>

#include "mail/compose.hpp"
#include "mail/key_record.hpp"
#include "mail/signed_claims.hpp"

namespace okpay::mail {
namespace {

constexpr std::string_view rfc_mail =
    "From: Joe SixPack <joe@football.example.com>\r\n"
    "To: Suzie Q <suzie@shopping.example.net>\r\n"
    "Subject: Is dinner ready?\r\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
    "\r\n"
    "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";

constexpr std::string_view rfc_rsa_key =  // the key that the RFC publishes for tests: 1024 bits, as nobody should use
    "MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi"
    "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM"
    "KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
    "AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm"
    "6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe"
    "zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy"
    "6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc"
    "uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy"
    "WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd"
    "WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a"
    "licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst"
    "o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe"
    "uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL";

DkimKey rsa_key() { return {"test", DkimAlgorithm::rsa_sha256, Secret{bytes_of_base64(rfc_rsa_key).value()}}; }
DkimKey ed25519_key() {
    return {"brisbane", DkimAlgorithm::ed25519_sha256,
            Secret{bytes_of_base64("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").value()}};
}

TEST(DkimSigning, gives_the_signatures_of_rfc_8463) {
    const auto field = [](std::string_view algorithm, std::string_view selector, std::string_view names) {
        return "DKIM-Signature: v=1; a=" + std::string{algorithm} +
               "; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n q=dns/txt; s=" +
               std::string{selector} + "; t=1528637909; h=" + std::string{names} +
               "\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=";
    };
    EXPECT_EQ(dkim_signature_value(rfc_mail,
                                   field("ed25519-sha256", "brisbane",
                                         "from : to :\r\n subject : date : message-id : from : subject : date;"),
                                   ed25519_key()),
              "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==");
    EXPECT_EQ(
        dkim_signature_value(rfc_mail,
                             field("rsa-sha256", "test",
                                   "from : to : subject :\r\n date : message-id : from : subject : date;"),
                             rsa_key()),
        "F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2"
        "JzdA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=");
}

TEST(DkimSigning, publishes_the_keys_of_rfc_8463) {
    EXPECT_EQ(dkim_record(DkimAlgorithm::ed25519_sha256, dkim_public_key(ed25519_key()).value()),
              "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    const auto rsa = dkim_public_key(rsa_key());
    ASSERT_TRUE(rsa);
    EXPECT_EQ(
        dkim_record(DkimAlgorithm::rsa_sha256, *rsa),
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J1"
        "6JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+"
        "l/K4w3QIDAQAB");
    EXPECT_EQ(dkim_key_bits(DkimAlgorithm::rsa_sha256, *rsa), 1'024);
    const std::string record = dkim_record(DkimAlgorithm::rsa_sha256, *rsa);
    EXPECT_TRUE(publishes_key(record, DkimAlgorithm::rsa_sha256, *rsa));
    EXPECT_TRUE(publishes_key("v=DKIM1;" + record.substr(record.find(" p=")), DkimAlgorithm::rsa_sha256, *rsa));
    EXPECT_FALSE(publishes_key(record, DkimAlgorithm::ed25519_sha256, *rsa));
    EXPECT_FALSE(publishes_key(record + "; t=y", DkimAlgorithm::rsa_sha256, *rsa)) << "in testing it proves nothing";
    EXPECT_FALSE(publishes_key("v=DKIM1; p=", DkimAlgorithm::rsa_sha256, *rsa)) << "revoked";
    EXPECT_FALSE(publishes_key("v=spf1 -all", DkimAlgorithm::rsa_sha256, *rsa));
    EXPECT_EQ(dkim_record_name("s1", "pay.example"), "s1._domainkey.pay.example");
    EXPECT_FALSE(dkim_public_key({"x", DkimAlgorithm::rsa_sha256, ed25519_key().private_key}));
    EXPECT_FALSE(dkim_public_key({"x", DkimAlgorithm::ed25519_sha256, rsa_key().private_key}));
}

Bytes composed(std::string text) {
    return compose({.from = {"OKPay 支付", *EmailAddress::parse("support@football.example.com")},
                    .to = {{"", *EmailAddress::parse("ana@example.org")}},
                    .reply_to = {{"", *EmailAddress::parse("support+t@football.example.com")}},
                    .subject = "关于您的请求 [OK-7F3K9Q2]",
                    .text = std::move(text),
                    .message_id = "token.1@football.example.com",
                    .in_reply_to = "first@example.org",
                    .references = {"first@example.org"},
                    .date = moment_of_ms(1'793'869'200'000),
                    .auto_submitted = AutoSubmitted::auto_replied})
        .value();
}

std::vector<std::string> verdicts(ByteView mail) {
    DnsFacts facts;
    for (const DkimKey& key : {rsa_key(), ed25519_key()}) {
        facts[{dkim_record_name(key.selector, "football.example.com"), DnsType::txt}] = {
            DnsStatus::found, {dkim_record(key.algorithm, dkim_public_key(key).value())}};
    }
    std::vector<std::string> all;
    for (const SignatureClaim& claim : signed_claims_of(mail).dkim) {
        DnsView view{facts};
        const auto verdict = judge_signature(claim, view, moment_of_ms(1'793'869'300'000));
        all.push_back(verdict ? std::string{name_of(verdict->outcome)} + " " + verdict->why : "no key");
    }
    return all;
}

TEST(DkimSigning, of_what_we_compose_is_verified_until_something_is_changed_or_added) {
    const std::array keys{rsa_key(), ed25519_key()};
    const Moment at = moment_of_ms(1'793'869'200'000);
    const std::vector<std::string> good{"pass weak_key", "pass "};
    for (const std::string& text :
         {std::string{"Hello\n"}, std::string{"退款 ￥120 已到账\n\n"}, std::string(3'000, 'x'), std::string{}}) {
        const Bytes mail = composed(text);
        const auto fields = dkim_fields(mail, "football.example.com", keys, at);
        ASSERT_TRUE(fields);
        const Bytes sent = *fields + mail;
        EXPECT_TRUE(is_dkim_signed(sent));
        EXPECT_FALSE(is_dkim_signed(mail));
        EXPECT_EQ(verdicts(sent), good);
        EXPECT_EQ(dkim_fields(mail, "football.example.com", keys, at), fields) << "a retry sends the same octets";
        EXPECT_EQ(fields->find(" l="), std::string::npos);
        EXPECT_EQ(fields->find(" x="), std::string::npos);
        for (std::size_t from = 0; from < fields->size();) {
            const auto end = fields->find("\r\n", from);
            EXPECT_LE(end - from, 78U) << fields->substr(from, end - from);
            from = end + 2;
        }
        // A field more of a kind that is signed breaks it, wherever it stands, also of a kind that is not there.
        for (const std::string_view name : dkim_signed_fields) {
            const Bytes more = std::string{name} + ": added\r\n";
            EXPECT_NE(verdicts(*fields + more + mail), good) << name << " above";
            Bytes below = mail;
            below.insert(below.find("\r\n\r\n") + 2, more);
            EXPECT_NE(verdicts(*fields + below), good) << name << " below";
        }
        EXPECT_EQ(verdicts("Received: from relay\r\n" + sent), good) << "what relays add does not matter";
        EXPECT_NE(verdicts(sent + "more\r\n"), good);
    }
}

TEST(DkimSigning, with_a_key_that_cannot_be_used_gives_nothing) {
    const std::array keys{ed25519_key(), DkimKey{"s", DkimAlgorithm::rsa_sha256, Secret{"no key"}}};
    EXPECT_FALSE(dkim_fields(composed("x"), "football.example.com", keys, Moment{}));
}

TEST(DkimSigning, selectors_are_one_label) {
    for (const std::string_view good : {"s1", "2026-11", "a"}) EXPECT_TRUE(is_dkim_selector(good)) << good;
    for (const std::string_view bad : {"", "S1", "a.b", "-a", "a-", "a b", "a;d=evil.example", "a\r\n"}) {
        EXPECT_FALSE(is_dkim_selector(bad)) << bad;
    }
    EXPECT_FALSE(is_dkim_selector(std::string(64, 'a')));
}

}  // namespace
}  // namespace okpay::mail
