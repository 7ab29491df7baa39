// SPDX-License-Identifier: Apache-2.0
#include "server/sign_on_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "temporary_database.hpp"

namespace okpay::server {
namespace {

using ::testing::HasSubstr;

class SignOnFile : public ::testing::Test {
protected:
    void SetUp() override {
        std::ofstream{secret_} << "s3cret\n";
        std::ofstream{empty_} << "\n";
    }
    std::string good(std::string_view more = "") const {
        return "issuer = \"https://login.example.com/realms/house\"\nclient_id = \"okpay\"\nclient_secret_file = \"" +
               secret_ + "\"\n" + std::string{more};
    }
    static std::string refused(const std::string& text, std::string_view url = "https://pay.example") {
        try {
            parse_sign_on(text, "s.toml", url);
        } catch (const UsageError& error) { return error.what(); }
        return "taken";
    }
    okpay::testing::TemporaryDirectory directory_;
    const std::string secret_ = (directory_.path() / "secret").string(), empty_ = (directory_.path() / "empty").string();
};

TEST_F(SignOnFile, is_read) {
    const auto settings = parse_sign_on(good("name = \"Example login\"\nonly = true\n"), "s.toml", "https://pay.example/");
    EXPECT_EQ(settings.issuer, "https://login.example.com/realms/house");
    EXPECT_EQ(settings.client_secret.reveal(), "s3cret");
    EXPECT_EQ(settings.name, "Example login");
    EXPECT_TRUE(settings.only);
    EXPECT_FALSE(settings.trust_email);
    EXPECT_NE(settings.tls, nullptr);
    EXPECT_EQ(settings.redirect_uri, "https://pay.example/api/v1/staff/sign-on/return");
    EXPECT_EQ(parse_sign_on(good(), "s.toml", "https://pay.example").name, "login.example.com");
}

TEST_F(SignOnFile, says_what_is_wrong_and_where) {
    EXPECT_THAT(refused(good(), ""), HasSubstr("--public-url"));
    EXPECT_THAT(refused("client_id = \"okpay\"\n"), HasSubstr("issuer: the https URL"));
    EXPECT_THAT(refused("issuer = \"http://login.example.com\"\n"), HasSubstr("s.toml:1: issuer: https is needed"));
    EXPECT_THAT(refused("issuer = \"https://login.example.com\"\n"), HasSubstr("client_id"));
    EXPECT_THAT(refused(good("client_secret = \"s3cret\"\n")),
                HasSubstr("s.toml:4: client_secret: no secret stands in this file"));
    EXPECT_THAT(refused("issuer = \"https://a.example\"\nclient_id = \"o\"\nclient_secret_file = \"/nowhere\"\n"),
                HasSubstr("s.toml:3: client_secret_file"));
    EXPECT_THAT(refused("issuer = \"https://a.example\"\nclient_id = \"o\"\nclient_secret_file = \"" + empty_ + "\"\n"),
                HasSubstr("holds no secret"));
    EXPECT_THAT(refused(good("onyl = true\n")), HasSubstr("s.toml:4: onyl: means nothing here"));
    EXPECT_THAT(refused(good("only = \"yes\"\n")), HasSubstr("true or false"));
    EXPECT_THAT(refused(good("name = \"" + std::string(61, 'n') + "\"\n")), HasSubstr("60 octets"));
    EXPECT_THAT(refused(good("tls_ca_file = \"/nowhere\"\n")), HasSubstr("s.toml:4: tls_ca_file"));
    EXPECT_EQ(refused("issuer = \"http://127.0.0.1:9/o\"\nclient_id = \"o\"\nclient_secret_file = \"" + secret_ + "\"\n"),
              "taken");
}

}  // namespace
}  // namespace okpay::server
